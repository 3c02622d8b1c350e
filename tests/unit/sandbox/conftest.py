# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One sandbox process for all tests of this folder."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

for _library in ("requests", "uvicorn", "starlette", "trustme", "yaml", "fastjsonschema"):
    pytest.importorskip(_library)

UNIT = Path(__file__).resolve().parents[1]
for _path in (UNIT, Path(__file__).parent, UNIT.parents[1] / "roles" / "vbo_sandbox" / "files"):
    if str(_path) not in sys.path:
        sys.path.insert(0, str(_path))

import sandbox_client as support  # noqa: E402


@pytest.fixture(scope="session")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[support.Sandbox]:
    """The sandbox process of this test session."""
    directory = tmp_path_factory.mktemp("sandbox") / "run"
    running = support.start(directory, support.SETTINGS)
    yield support.Sandbox(directory)
    assert support.stop(running) == 0
    assert "Traceback" not in (directory / "sandbox.log").read_text(encoding="utf-8")


@pytest.fixture
def sandbox(process: support.Sandbox) -> Any:
    """The sandbox in its initial state."""
    process.reset()
    return process
