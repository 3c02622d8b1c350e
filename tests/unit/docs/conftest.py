# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox with one server for each page, so that pages do not affect each other."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import pytest

from ..execution.playbooks import prepare
from ..support.sandbox import Sandbox
from .pages import PAGES

# ansible-test runs each test in a separate process, and each would start a sandbox; only pytest runs these
if "ansible_forked" in os.environ.get("PYTEST_PLUGINS", ""):
    collect_ignore_glob = ["test_*.py"]

VERSIONS = ["v3", "v4", "v5", "v6", "v7", "v8"]


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Sandbox]:
    quick = {"queued_seconds": 0, "running_seconds": 0, "stopping_seconds": 0}
    servers: list[dict[str, t.Any]] = [{"name": page.name, "versions": VERSIONS, "switches": quick} for page in PAGES]
    # the page about runs at night starts in the evening
    (own,) = (server for server in servers if server["name"] == "sandbox")
    own.update(clock="2026-02-04 18:00:00", switches={**quick, "automatic_runs": True})
    with Sandbox(tmp_path_factory.mktemp("sandbox"), servers) as running:
        yield running


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create a folder in which Ansible finds the collection and no settings of this machine."""
    return prepare(tmp_path_factory.mktemp("guides"))
