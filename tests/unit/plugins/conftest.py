# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One sandbox process for all tests of a worker, with one server that speaks every API version."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ..support.full import FULL
from ..support.sandbox import Sandbox, Server
from ..support.tasks import Tasks

VERSIONS = ("v3", "v4", "v5", "v6", "v7", "v8")
#: short run times, so that a test can wait for them
QUICK = {"queued_seconds": 0.1, "running_seconds": 0.2}


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Sandbox]:
    directory: Path = tmp_path_factory.mktemp("sandbox")
    servers = [{"name": "main", "versions": list(VERSIONS)}, {"name": "other", "versions": ["v8"]}]
    with Sandbox(directory, servers) as running:
        yield running


@pytest.fixture
def server(sandbox: Sandbox) -> Server:
    """A server in its initial state that speaks every version."""
    main = sandbox.servers["main"]
    main.reset(VERSIONS, **QUICK)
    return main


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    """Return each API version in turn."""
    return request.param


@pytest.fixture(params=("module", "controller"))
def host(request: pytest.FixtureRequest) -> str:
    """Return each way to run a module."""
    return request.param


@pytest.fixture
def tasks(server: Server, version: str, host: str) -> Tasks:
    """Run tasks against the server on every version and in both hosts."""
    return Tasks(server, version, host)


@pytest.fixture
def v8(server: Server) -> Tasks:
    """Run tasks on the newest version in the controller, for tests that do not depend on version or host."""
    return Tasks(server, "v8", "controller")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Play tests that are the same on every version, and those in module processes, on the oldest and newest one only.

    All are played with VBO365_TEST_FULL, and whatever a command line names.
    """
    if FULL or any("::" in argument for argument in config.args):
        return
    versions: dict[tuple[str, str], set[str]] = {}
    for item in items:
        if {"host", "version"} <= params(item).keys():
            versions.setdefault(function(item), set()).add(params(item)["version"])
    left_out = [item for item in items if is_between(item, versions.get(function(item), set()))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]


def is_between(item: pytest.Item, versions: set[str]) -> bool:
    """Whether the same test is played on an older and on a newer version."""
    given = params(item)
    if not versions or (given["host"] != "module" and versions != set(VERSIONS)):
        return False
    return given["version"] not in (min(versions), max(versions))


def params(item: pytest.Item) -> dict[str, t.Any]:
    """The parameters of a test."""
    return item.callspec.params if hasattr(item, "callspec") else {}


def function(item: pytest.Item) -> tuple[str, str]:
    """Return the file and the function of a test."""
    return str(item.path), getattr(item, "originalname", item.name)
