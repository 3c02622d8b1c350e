# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the benchmark: ``python tools/bench`` or ``python -m tools.bench``."""

from __future__ import annotations

import sys
from pathlib import Path


def start() -> int:
    """Run the command line, however this folder was started."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from tools.bench.cli import main

    return main()


if __name__ == "__main__":
    sys.exit(start())
