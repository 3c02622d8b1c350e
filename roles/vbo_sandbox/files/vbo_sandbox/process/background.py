# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Start the sandbox in the background, and wait until it listens or exits."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

INTERVAL = 0.1  # seconds between checks
TOLD = 2000  # characters of the log in the error message


class NotStarted(Exception):
    """The process exited or did not listen in time; the message holds its last output."""


def start(arguments: list[str], log: Path, directory: Path, timeout: float) -> int:
    """Start ``python -m vbo_sandbox`` in a new session and return its process id.

    :param directory: where the process writes its id and, when all servers listen, their addresses
    :param timeout: seconds to wait
    :raises NotStarted: with the output of the process
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
            raise NotStarted(said or f"the sandbox exited with status {process.returncode} without an error message")
        if time.monotonic() > end:
            process.terminate()
            raise NotStarted(f"the sandbox does not listen after {timeout:g} s; see {log}")
        time.sleep(INTERVAL)
    return process.pid


def listens(directory: Path, pid: int) -> bool:
    """Return whether the files in the directory show that this process listens."""
    try:
        return int((directory / "pid").read_text(encoding="utf-8")) == pid and (directory / "servers.json").exists()
    except (OSError, ValueError):
        return False
