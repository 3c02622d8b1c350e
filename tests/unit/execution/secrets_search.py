# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Searches for secrets: in files, in file names, and in the list of processes during a run."""

from __future__ import annotations

import base64
import os
import re
import threading
import typing as t
from pathlib import Path

#: shorter words could occur by chance
WORD = re.compile(r"[A-Za-z0-9]{8,}")
PAUSE = 0.004  # seconds; the shortest process of a playbook lives ten times as long


def needles(secret: str) -> set[bytes]:
    """Return the parts of a secret that are the same in every encoding.

    Quotes, backslashes, blanks and signs are written in many ways. Words of letters and digits look the same in all
    of them, but for the codes of whole bytes.
    """
    words = WORD.findall(secret)
    assert words, "a secret of a test has a word of letters and digits, or nobody can find it"
    found: set[bytes] = set()
    for word in words:
        data = word.encode()
        found |= {data, data.hex().encode(), data.hex().upper().encode(), *_base64(data)}
    return found


def _base64(data: bytes) -> t.Iterator[bytes]:
    """Return the middle of the Base64 code, which does not depend on its surroundings; there are three alignments."""
    for before in range(3):
        first, last = -(-4 * before // 3), 4 * (before + len(data)) // 3
        yield base64.b64encode(b"\0" * before + data)[first:last]


def search(place: Path, secrets: t.Iterable[str], allowed: t.Collection[Path] = ()) -> list[str]:
    """Return where secrets are, with their surroundings: in a file, or in all files below a folder.

    :arg allowed: files whose contents are not looked at, by their exact paths
    """
    wanted = sorted(set().union(*map(needles, secrets)))
    assert wanted
    found: list[str] = []
    for path in _paths(place):
        texts = [os.fsencode(path)]
        if path.is_file() and not path.is_symlink() and path not in allowed:
            texts.append(path.read_bytes())
        for text in texts:
            # lines may be folded, and wide characters contain zeros
            views = (text, re.sub(rb"\\?[\s\0]+", b"", text))
            hits = [(view, needle) for needle in wanted for view in views if needle in view]
            found += [f"{path}: {_around(*hit)!r}" for hit in hits[:1]]
    return found


def _paths(place: Path) -> t.Iterator[Path]:
    yield place
    for folder, folders, files in os.walk(place):
        yield from (Path(folder, name) for name in [*folders, *files])


def _around(text: bytes, needle: bytes) -> bytes:
    at = text.index(needle)
    return text[max(0, at - 150) : at + 150]


class ProcessList:
    """Records the command lines of all processes that start during its block, as ``ps -ef`` shows them.

    Their environments are not looked at: those are a documented way to hand secrets on.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: set[bytes] = set()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> ProcessList:
        self._old = set(os.listdir("/proc")) - {str(os.getpid())}
        self._thread.start()
        return self

    def _look(self) -> None:
        while not self._done.wait(PAUSE):
            for number in set(os.listdir("/proc")) - self._old:
                try:
                    self._seen.add(Path("/proc", number, "cmdline").read_bytes())
                except OSError:  # not a process, or one that has ended
                    continue

    def __exit__(self, *exc: object) -> None:
        self._done.set()
        self._thread.join()
        self.path.write_bytes(b"\n".join(sorted(self._seen)).replace(b"\0", b" "))
