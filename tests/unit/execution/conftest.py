# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One sandbox process for all tests of a worker, and playbooks that run against it."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ..support.sandbox import Sandbox, Server
from .playbooks import CONTROLLER, MODULE, Playbooks, binaries, prepare

VERSIONS = ("v3", "v4", "v5", "v6", "v7", "v8")


def pytest_report_header() -> str:
    return f"ansible of the playbooks: {binaries()}"


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox"), [{"name": "main", "versions": list(VERSIONS)}]) as running:
        yield running


@pytest.fixture
def server(sandbox: Sandbox) -> Server:
    """A server in its initial state that speaks every version."""
    main = sandbox.servers["main"]
    main.reset(VERSIONS)
    return main


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return prepare(tmp_path_factory.mktemp("playbooks"))


@pytest.fixture
def playbooks(folder: Path, tmp_path: Path, server: Server) -> Playbooks:
    """Return a runner of playbooks on the server."""
    return Playbooks(folder, server)


@pytest.fixture(params=(CONTROLLER, MODULE))
def way(request: pytest.FixtureRequest) -> str:
    """Both ways to run a module, as values of ``vbo365_execution``."""
    return request.param
