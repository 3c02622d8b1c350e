# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every Python with this folder in its path records when others can read a file, even for a moment.

The environment variable ``VBO365_TEST_WATCH`` names the file to write to, and the folders to watch.
"""

from __future__ import annotations

import os
import stat
import sys
import typing as t

REPORT, *FOLDERS = os.environ["VBO365_TEST_WATCH"].split(os.pathsep)
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def look(event: str, args: tuple[t.Any, ...]) -> None:
    """Called before permissions or names change: record the current and the new state."""
    if event not in ("os.chmod", "os.rename"):
        return
    source = args[0]
    target = args[1] if event == "os.rename" else source
    try:
        now, folder = os.stat(source), os.stat(os.path.dirname(os.fsdecode(target)))
    except (OSError, TypeError):
        return
    if not os.fsdecode(target).startswith(tuple(FOLDERS)) or not folder.st_mode & OTHERS:
        return
    modes = [now.st_mode, args[1]] if event == "os.chmod" else [now.st_mode]
    if stat.S_ISREG(now.st_mode) and now.st_size and any(mode & OTHERS for mode in modes):
        with open(REPORT, "a", encoding="utf-8") as stream:
            stream.write(f"{event} {os.fsdecode(target)} {[oct(mode) for mode in modes]}\n")


sys.addaudithook(look)
