# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A test that hangs fails, and the other tests go on."""

from __future__ import annotations

import sys
from pathlib import Path

from ..support.command import run

SETTINGS = Path(__file__).parents[3] / "pyproject.toml"
HANGS = """
import os

def test_it():
    os.read(os.pipe()[0], 1)
"""


def test_a_test_that_hangs_ends(tmp_path: Path) -> None:
    (tmp_path / "test_hangs.py").write_text(HANGS, encoding="utf-8")
    settings = ["-c", str(SETTINGS), "-p", "no:cacheprovider", "-o", "faulthandler_timeout=1"]
    done = run([sys.executable, "-m", "pytest", *settings, str(tmp_path / "test_hangs.py")], directory=tmp_path)
    assert done.returncode != 0
    assert 'test_hangs.py", line 5 in test_it' in done.stdout, "it shows where it hung"
