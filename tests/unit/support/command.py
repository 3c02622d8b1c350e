# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a command for tests."""

from __future__ import annotations

import subprocess
import typing as t
from pathlib import Path

Done = subprocess.CompletedProcess[str]


def run(
    command: t.Sequence[str],
    environment: dict[str, str] | None = None,
    directory: Path | None = None,
    timeout: float = 120,
    **more: t.Any,
) -> Done:
    """Run a command without input; its standard output and standard error come back as one text.

    :arg more: other arguments of :func:`subprocess.run`
    """
    return subprocess.run(
        command,
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=timeout,
        check=False,
        **more,
    )
