# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A client generated from the vendor's documents can read all answers of the sandbox."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any
from urllib.parse import unquote

import pytest
from in_process import Local
from test_crawl import crawl
from vbo_sandbox.api.routing import table

from ..support.full import ends

httpx = pytest.importorskip("httpx", reason="httpx, which veeam-365 needs, is not installed")
client_package = pytest.importorskip("veeam_365", reason="veeam-365, a client of other people, is not installed")

#: required arguments of some operations
NEEDED = {"from_": "latest", "extended_view": True}


def operations(version: int) -> Iterator[ModuleType]:
    """The modules of the client, one for each operation of a document."""
    root = importlib.import_module(f"veeam_365.v{version}.api")
    for found in pkgutil.walk_packages(root.__path__, root.__name__ + "."):
        try:
            module = importlib.import_module(found.name)
        except NameError:  # the package has modules for logins that were generated incorrectly
            continue
        if hasattr(module, "sync_detailed"):
            yield module


def required(module: ModuleType) -> list[str]:
    """The required arguments of an operation."""
    given = inspect.signature(module._get_kwargs).parameters.values()
    return [entry.name for entry in given if entry.default is inspect.Parameter.empty and entry.name != "body"]


def address(module: ModuleType) -> tuple[str, str, list[str]]:
    """Method, path with the names of its variables, and these in order."""
    names = required(module)
    values = {name: NEEDED.get(name, f"<{name}>") for name in names}
    try:
        made = module._get_kwargs(**values)
    except (TypeError, AttributeError):  # an operation with a body
        return "", "", []
    path = unquote(made["url"]).split("/", 2)[2]
    order = sorted((name for name in names if f"<{name}>" in path), key=lambda name: path.index(f"<{name}>"))
    return made["method"].upper(), path, order


@pytest.mark.parametrize("version", ends((6, 7, 8)))
def test_it_reads_every_route(version: int) -> None:
    local = Local()
    local.advance(hours=20)
    site = crawl(local, version)
    by_template: dict[str, list[str]] = {}
    for path in site.answers:
        methods, _values = table(version).find(path) or ({}, [])
        by_template.setdefault(methods["GET"].template, []).append(path)

    def answer(request: Any) -> Any:
        headers = {name.lower(): value for name, value in request.headers.items()}
        path, query = request.url.raw_path.decode().partition("?")[::2]
        reply = local.server.answer(request.method, path, query, headers, request.content)
        return httpx.Response(reply.status, json=reply.body)

    token = local._headers["authorization"].split()[1]
    made = importlib.import_module(f"veeam_365.v{version}.client").AuthenticatedClient
    client = made(base_url="https://sandbox", token=token, httpx_args={"transport": httpx.MockTransport(answer)})
    played: set[str] = set()
    for module in operations(version):
        method, path, names = address(module)
        methods, _values = table(version).find(path) or ({}, [])
        entry = methods.get("GET")
        if method != "GET" or entry is None or not entry.served:
            continue
        spots = [index for index, part in enumerate(entry.template.split("/")) if part.startswith("{")]
        if len(spots) != len(names):  # a path of a later edition, in which this part looks like an id
            continue
        needed = {name: NEEDED[name] for name in required(module) if name in NEEDED}
        for place in by_template.get(entry.template, []):
            values = [unquote(place.split("/")[index]) for index in spots]
            reply = module.sync_detailed(client=client, **dict(zip(names, values, strict=True)), **needed)
            assert reply.status_code == 200, (module.__name__, place, reply.content)
            assert reply.parsed is not None and type(reply.parsed).__name__ != "RESTExceptionInfo", module.__name__
            played.add(entry.template)
    served = {entry.template for entry in table(version) if entry.method == "GET" and entry.served}
    # no document has it, or the default state has no such object
    assert served - played <= {"Proxies/{proxy}/Repositories", "JobSessions/{session}/ProcessedObjects"}
