# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes a set of files in the controller, in one task; for the roles of this collection."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError, VboError, literal
from ansible_collections.backupops.vbo365.plugins.module_utils._types import Data
from ansible_collections.backupops.vbo365.plugins.plugin_utils._file_set import (
    Change,
    FileSet,
    absolute,
    checked_name,
)
from ansible_collections.backupops.vbo365.plugins.plugin_utils._plain import plain

#: permissions that a file may have, as texts, because YAML reads 0644 without quotes as another number
MODES = ("0600", "0640", "0644", "0660", "0664")


class ActionModule(ActionBase):
    """Never touches the host of the task, so connection, become and delegation make no difference."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: Data | None = None) -> Data:
        del tmp
        result: Data = super().run(None, task_vars)
        try:
            wanted, problems = file_set(plain(self._task.args))
            changes = wanted.plan()
            if not self._task.check_mode:
                wanted.carry_out(changes)
        except VboError as error:
            raise AnsibleActionFail(error.message) from None
        result.update(
            changed=bool(changes),
            directory=wanted.directory,
            written=[change.name for change in changes if change.after is not None],
            removed=[change.name for change in changes if change.after is None],
        )
        if problems:  # the other files were written
            result.update(failed=True, msg="\n".join(problems))
        if self._task.diff:
            result["diff"] = [difference(wanted.directory, change) for change in changes]
        return result


def file_set(args: Data) -> tuple[FileSet, list[str]]:
    """The arguments of the task as a set of files, and the problems given in place of files.

    :raises InputError: with the option's path
    """
    known = ("directory", "files", "mode", "mark", "managed")
    unknown = [name for name in args if name not in known]
    if unknown:
        raise InputError(unknown[0], f"unsupported option; the options are {', '.join(known)}")
    files: dict[str, str] = {}
    problems: list[str] = []
    for number, entry in enumerate(_listed(args, "files")):
        path = f"files[{number}]"
        if isinstance(entry, dict) and "problem" in entry:
            problems.append(str(entry["problem"]))
            continue
        if not isinstance(entry, dict) or not isinstance(entry.get("content"), str):
            raise InputError(path, "must be a dictionary with name and content, both texts")
        name = checked_name(entry.get("name"), f"{path}.name")
        if name in files:
            raise InputError(f"{path}.name", f"{literal(name)} is listed twice")
        files[name] = entry["content"]
    mode = args.get("mode", MODES[0])
    if mode not in MODES:
        raise InputError("mode", f"must be one of {', '.join(MODES)}, in quotes (got {literal(mode)})")
    managed = [str(entry) for entry in _listed(args, "managed")]
    for number, name in enumerate(managed):
        checked_name(name[:-1] if name.endswith("/") else name, f"managed[{number}]")
    directory = absolute(args.get("directory"), "directory")
    return FileSet(directory, files, int(mode, 8), str(args.get("mark", "")), tuple(managed)), problems


def _listed(args: Data, name: str) -> list[t.Any]:
    value = args.get(name) or []
    if not isinstance(value, list):
        raise InputError(name, "must be a list")
    return value


def difference(directory: str, change: Change) -> Data:
    """Return a change in the form that C(--diff) shows."""
    path = f"{directory}/{change.name}"
    return {
        "before_header": path,
        "after_header": path,
        "before": change.before or "",
        "after": change.after or "",
    }
