# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Start the sandbox as a process of its own, and wait until it listens or has ended."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

INTERVAL = 0.1  # seconds between looks
TOLD = 2000  # characters of the log


class NotStarted(Exception):
    """The process ended, or did not listen in time; holds what it said last."""


def start(arguments: list[str], log: Path, directory: Path, timeout: float) -> int:
    """Start ``python -m vbo_sandbox`` in a session of its own and return its process id.

    :param directory: where the process writes its number, and its addresses when all servers listen
    :param timeout: seconds
    :raises NotStarted: with the reason that the process gave
    """
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "vbo_sandbox", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    end = time.monotonic() + timeout
    while not listens(directory, process.pid):
        if process.poll() is not None:
            said = log.read_text(encoding="utf-8", errors="replace").strip()[-TOLD:]
            raise NotStarted(said or f"the process ended with status {process.returncode} and gave no reason")
        if time.monotonic() > end:
            process.terminate()
            raise NotStarted(f"it does not listen after {timeout:g} s, see {log}")
        time.sleep(INTERVAL)
    return process.pid


def listens(directory: Path, pid: int) -> bool:
    """Whether the files of a directory are those of this process, and say that it listens."""
    try:
        return int((directory / "pid").read_text(encoding="utf-8")) == pid and (directory / "servers.json").exists()
    except (OSError, ValueError):
        return False
