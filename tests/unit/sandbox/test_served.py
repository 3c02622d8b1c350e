# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Served, not simulated and unknown paths are distinguished."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from in_process import JOB, ORGANIZATION, VERSIONS, Local, one
from support import openapi
from vbo_sandbox.api import documented, routing
from vbo_sandbox.api.routing import served, table

METHODS = ("get", "put", "post", "delete", "patch")
DOCUMENTED = (6, 7, 8)
SECOND = str(uuid.UUID(int=2))


@pytest.fixture(scope="module")
def local() -> Local:
    return one()


def operations(version: int) -> set[tuple[str, str]]:
    """Method and path of every operation of a document; variables have no names."""
    paths = openapi.document(version)["paths"]
    return {
        (method.upper(), re.sub(r"\{[^}]*\}", "{}", path).split("/", 2)[2].lower())
        for path, operations in paths.items()
        for method in METHODS
        if method in operations
    }


def test_every_list_of_routes_is_in_the_table() -> None:
    folder = Path(routing.__file__).parent
    lists = {path.stem for path in folder.glob("*.py") if "\nROUTES = (" in path.read_text(encoding="utf-8")}
    assert lists == {module.__name__.rpartition(".")[2] for module in routing.HANDLERS}


@pytest.mark.parametrize("version", VERSIONS)
def test_no_route_hides_another(version: int) -> None:
    templates = Counter(
        (entry.method, re.sub(r"\{[^}]*\}", "{}", entry.template).lower())
        for entry in served()
        if entry.since <= version <= entry.until
    )
    assert [key for key, times in templates.items() if times > 1] == []


@pytest.mark.parametrize("version", DOCUMENTED)
def test_whatever_is_documented_is_served_or_says_that_it_is_not(version: int) -> None:
    for method, path in operations(version):
        methods, _values = table(version).find(path.replace("{}", SECOND)) or ({}, [])
        entry = methods.get(method) or documented.in_area(version, method, path)
        assert entry is not None, (method, path)


@pytest.mark.parametrize("version", DOCUMENTED)
def test_what_says_that_it_is_not_simulated_is_documented(version: int) -> None:
    known = operations(version)
    # the document lacks an operation that the vendor's web pages have
    known.add(("PUT", "encryptionkeys/{}") if version <= 7 else ("", ""))
    rows = [row for row in documented.routes() if row.since <= version <= row.until]
    assert rows
    for row in rows:
        assert (row.method, re.sub(r"\{[^}]*\}", "{}", row.template).lower()) in known, row


def test_rows_of_what_is_served_meanwhile_are_dropped() -> None:
    for row in documented.routes():
        for version in range(row.since, row.until + 1):
            methods, _values = table(version).find(row.template) or ({}, [])
            assert not methods[row.method].served, (version, row.method, row.template)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_three_kinds_of_no(local: Local, version: int) -> None:
    """Not simulated: 501 and a reason. Unknown id: 404 and a reason. Unknown path: 404, or 405, without a body."""

    def answer(method: str, path: str) -> tuple[int, Any]:
        reply = local.call(method, path, {} if method in ("POST", "PUT") else None, version)
        return reply.status, reply.body

    for method, path in (
        ("POST", "Organizations"),
        ("DELETE", f"Organizations/{ORGANIZATION}"),
        ("PUT", f"organizations/{ORGANIZATION}"),
        ("GET", "HistorySettings"),
        ("GET", f"RestoreSessions/{SECOND}/Organization/Mailboxes"),
        ("POST", f"RestoreSessions/{SECOND}/Action"),
    ):
        assert answer(method, path) == (501, {"message": f"not simulated: {method} /v{version}/{path}"})
    status, body = answer("GET", f"Jobs/{SECOND}")
    assert status == 404 and SECOND in body["message"]
    assert answer("GET", "Nonsense") == answer("GET", f"Jobs/{JOB}/Nonsense") == (404, None)
    assert answer("PATCH", f"Jobs/{JOB}") == answer("DELETE", "Jobs") == (405, None)


def test_a_fixed_path_goes_before_an_id(local: Local) -> None:
    assert local.call("GET", "Proxies/Rescan").status == 405
    assert local.call("POST", "Proxies/Rescan").status == 501
    assert local.call("POST", f"Proxies/{SECOND}/Rescan").status == 501


def test_a_bad_token_comes_before(local: Local) -> None:
    reply = local.server.answer("GET", "/v8/HistorySettings", "", {"authorization": "Bearer no"}, b"")
    assert reply.status == 401


def test_the_list_of_a_server_is_that_of_its_versions(local: Local) -> None:
    rows = local.control("GET", "routes")
    assert {tuple(sorted(row)) for row in rows} == {("method", "path", "served", "versions")}
    (jobs,) = [row for row in rows if (row["method"], row["path"]) == ("POST", "Organizations/{organization}/Jobs")]
    assert jobs == {**jobs, "served": True, "versions": ["v3", "v4", "v5", "v6", "v7"]}
    for row in rows:
        if row["method"] == "GET" and row["served"] and "{" not in row["path"]:
            for version in row["versions"]:
                query = "?from=latest" if row["path"] == "Events" else ""
                assert local.call("GET", row["path"] + query, version=int(version[1:])).status == 200
    local.server.numbers = [8]
    assert {tuple(row["versions"]) for row in local.control("GET", "routes")} == {("v8",)}
    local.server.numbers = list(VERSIONS)
