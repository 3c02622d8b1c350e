# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox with one server for each fault that affects a whole server."""

from __future__ import annotations

import os
import typing as t

import pytest

from ..support.clock import hurry
from ..support.sandbox import Sandbox

# ansible-test runs each test in a separate process, and each would start a sandbox; only pytest runs these
if "ansible_forked" in os.environ.get("PYTEST_PLUGINS", ""):
    collect_ignore_glob = ["test_*.py"]

SERVERS: list[dict[str, t.Any]] = [
    {"name": "main", "versions": ["v3", "v6", "v7", "v8"]},
    {"name": "other"},
    {"name": "silent", "listens": False},
    *({"name": kind, "tls": kind} for kind in ("expired", "other_host", "self_signed")),
]


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox"), SERVERS) as running:
        yield running


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)
