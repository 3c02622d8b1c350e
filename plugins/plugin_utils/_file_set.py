# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Sets of text files on the controller: compared and checked together, then written atomically.

Paths are texts, never patterns. A relative folder is below the one in which Ansible was started.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import stat
import tempfile
import time
import typing as t

from ..module_utils._errors import InputError, VboError, shown, shown_path

FOLDER_MODE = 0o700
#: names of files that are being written; one that is older than this many seconds was left by a run that was cut off
TEMPORARY, LEFT_AFTER = ".vbo365-", 3600
#: names that a file cannot have
_NO_NAMES = ("", ".", "..")


def absolute(path: t.Any, option: str) -> str:
    """Return an absolute path: relative to the folder in which Ansible was started, with C(~) and variables expanded.

    The environment variable C(PWD) is ignored: it may be missing or belong to another process.

    :raises InputError: for an invalid path
    """
    if not isinstance(path, str) or not path.strip() or "\0" in path:
        raise InputError(option, "must be the path of a file or folder")
    expanded = os.path.expanduser(os.path.expandvars(path))
    try:
        return os.path.normpath(os.path.join(os.getcwd(), expanded))
    except OSError:
        raise InputError(
            option, f"{shown_path(path)} is relative, and the folder in which Ansible was started no longer exists"
        ) from None


@dataclasses.dataclass(frozen=True)
class Change:
    """The change of one file.

    :arg after: the new text; None to remove the file
    :arg before: the old text; None when there is no file
    """

    name: str
    before: str | None
    after: str | None


@dataclasses.dataclass(frozen=True)
class FileSet:
    """The files that are wanted in a folder.

    :arg directory: an absolute path; made when it does not exist
    :arg files: names, with C(/) for a folder below, and texts
    :arg mode: permissions of the files, from their first moment on
    :arg mark: how the text of each own file begins; without it every file of these names is an own one
    :arg managed: names of files, and of folders with C(/) at the end, where own files that are not wanted are removed
    """

    directory: str
    files: dict[str, str]
    mode: int
    mark: str = ""
    managed: tuple[str, ...] = ()

    def plan(self) -> list[Change]:
        """Return the necessary changes, without writing anything.

        :raises VboError: if a file of somebody else, or something that is not a file, has the name
        """
        self._check_folders()
        changes = []
        for name, after in self.files.items():
            before = self._read(name)
            if before and not before.startswith(self.mark):
                raise VboError(
                    f"{self._path(name)} exists and was not written by this role",
                    advice="Move it away, or choose another folder.",
                )
            if before != after or self._mode(name) != self.mode:
                changes.append(Change(name, before, after))
        changes += [Change(name, self._read(name), None) for name in self._stale()]
        return changes

    def carry_out(self, changes: t.Sequence[Change]) -> None:
        """Write and remove files; each is the old or the new one at every moment.

        :raises VboError: with the path, when the system refuses
        """
        for change in changes:
            path = self._path(change.name)
            try:
                if change.after is None:
                    os.unlink(path)
                else:
                    _make_folders(os.path.dirname(path))
                    _write(path, change.after, self.mode)
            except (OSError, UnicodeError) as error:
                raise VboError(f"cannot write {path}: {_reason(error)}") from None
        for folder in {os.path.dirname(self._path(change.name)) for change in changes}:
            _sweep(folder)

    def _path(self, name: str) -> str:
        return os.path.join(self.directory, name)

    def _check_folders(self) -> None:
        """Each folder is one, or can be made; a link below the chosen one could lead anywhere."""
        folders = {os.path.dirname(self._path(name)) for name in self.files} | {self.directory}
        for folder in sorted(folders):
            if folder != self.directory and os.path.islink(folder):
                raise VboError(f"{folder} is a symbolic link", advice="Replace it by a folder.")
            here = folder
            while not os.path.lexists(here):
                here = os.path.dirname(here)
            if not os.path.isdir(here):
                raise VboError(f"{here} is not a folder", advice="Move it away, or choose another folder.")
            if not os.access(here, os.W_OK | os.X_OK):
                raise VboError(f"cannot write to {here}: permission denied")

    def _read(self, name: str) -> str | None:
        path = self._path(name)
        try:
            if not stat.S_ISREG(os.lstat(path).st_mode):
                raise VboError(f"{path} is not a regular file", advice="Move it away, or choose another folder.")
            with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
                return file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise VboError(f"cannot read {path}: {_reason(error)}") from None

    def _mode(self, name: str) -> int | None:
        return stat.S_IMODE(os.lstat(self._path(name)).st_mode) if os.path.lexists(self._path(name)) else None

    def _stale(self) -> list[str]:
        """Own files that are not wanted, also empty ones, which a run that was cut off may have left."""
        found = []
        for entry in self.managed:
            names = [entry]
            if entry.endswith("/"):
                with contextlib.suppress(OSError):
                    names = [entry + name for name in sorted(os.listdir(self._path(entry)))]
            found += [name for name in names if name not in self.files and self._is_own(name)]
        return found

    def _is_own(self, name: str) -> bool:
        path = self._path(name)
        if os.path.islink(os.path.dirname(path)) or not os.path.isfile(path) or os.path.islink(path):
            return False
        if os.path.basename(path).startswith("."):
            return False
        text = self._read(name)
        return text == "" or bool(text and text.startswith(self.mark))


def checked_name(name: t.Any, option: str) -> str:
    """The name of a file of a set, which stays below its folder.

    :raises InputError: when it does not
    """
    parts = name.split("/") if isinstance(name, str) else [""]
    if any(part in _NO_NAMES or "\0" in part for part in parts):
        raise InputError(option, f"{shown(name)} cannot be the name of a file")
    long = next((part for part in parts if len(part.encode("utf-8", "replace")) > 255), None)
    if long:
        raise InputError(option, f"{shown(long)} is too long for the name of a file")
    return str(name)


def _make_folders(path: str) -> None:
    """Create a folder and its missing parents; only their owner can read them, whatever the umask."""
    if os.path.isdir(path):
        return
    _make_folders(os.path.dirname(path))
    with contextlib.suppress(FileExistsError):  # another host of the same play was faster
        os.mkdir(path, FOLDER_MODE)
        os.chmod(path, FOLDER_MODE)


def _write(path: str, text: str, mode: int) -> None:
    """Write a temporary file, then replace the old file by it."""
    content = text.encode("utf-8")
    handle, temporary = tempfile.mkstemp(prefix=TEMPORARY, dir=os.path.dirname(path))  # with permissions 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _sweep(folder: str) -> None:
    """Remove temporary files of interrupted runs, but not those of an active run."""
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            if entry.name.startswith(TEMPORARY) and entry.stat().st_mtime < time.time() - LEFT_AFTER:
                os.unlink(entry.path)


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None)
    return str(text).lower() if text else "its text cannot be written as UTF-8"
