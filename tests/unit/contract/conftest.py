# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the contract tests: the checkout, its modules, and a sandbox for real results of modules."""

from __future__ import annotations

import typing as t

import pytest

from ..support.sandbox import Sandbox, Server
from .documents import MODULES, Module

VERSIONS = ("v3", "v4", "v5", "v6", "v7", "v8")


@pytest.fixture(params=MODULES, ids=lambda module: module.name)
def module(request: pytest.FixtureRequest) -> Module:
    """Return each module in turn."""
    return request.param


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Sandbox]:
    servers = [{"name": "main", "versions": list(VERSIONS)}]
    with Sandbox(tmp_path_factory.mktemp("sandbox"), servers) as running:
        yield running


@pytest.fixture
def server(sandbox: Sandbox) -> Server:
    """A server in its initial state that speaks every version."""
    main = sandbox.servers["main"]
    main.reset(VERSIONS, queued_seconds=0.1, running_seconds=0.2)
    return main
