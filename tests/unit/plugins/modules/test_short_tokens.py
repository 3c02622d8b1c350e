# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens that are valid for a few requests only: everything is done once, and each token is replaced once."""

from __future__ import annotations

import typing as t

import pytest

from ...support.sandbox import Server
from ...support.tasks import Tasks

CONTOSO = "contoso.onmicrosoft.com"


def jobs(count: int, **options: t.Any) -> list[dict[str, t.Any]]:
    return [
        {
            "name": f"Short {number:02}",
            "organization": CONTOSO,
            "repository": "repo-fra-01",
            "backup_type": "selected_items",
            "selected_items": [{"type": "user", "name": "cfo@contoso.com"}],
            **options,
        }
        for number in range(count)
    ]


@pytest.mark.parametrize(("requests", "threads"), [(6, 1), (6, 4), (6, 8), (2, 4), (3, 8)])
def test_many_writes_with_short_tokens(server: Server, requests: int, threads: int) -> None:
    """Creates, edits and deletes; a login happens only for a token that is used up."""
    tasks = Tasks(server, "v8", "controller")
    server.switch(token_requests=requests)
    steps: list[dict[str, t.Any]] = [{}, {"description": "edited"}, {"state": "absent"}]
    for step in steps:
        server.forget()
        result = tasks.raw("vbo_jobs", jobs=jobs(16, **step), max_parallel=threads)
        assert not result.get("failed"), result["msg"]
        log = server.log()
        logins = sum(entry["path"].endswith("/token") for entry in log)
        served = [entry for entry in log if entry["status"] != 401 and not entry["token_call"]]
        assert logins <= len(served) // requests + 1, (logins, len(served))
        writes = [entry for entry in served if entry["write"]]
        assert len(writes) == 16, "each write is carried out once"
    assert not [job for job in server.state()["jobs"] if job["name"].startswith("Short")]


@pytest.mark.parametrize("threads", [1, 8])
def test_a_server_that_refuses_every_token(server: Server, threads: int) -> None:
    """Each thread notices it, and none retries forever."""
    tasks = Tasks(server, "v8", "controller")
    server.control("PUT", "faults", [{"match": {"path": "/Jobs"}, "times": 10000, "then": {"status": 401}}])
    result = tasks.raw("vbo_jobs", jobs=jobs(16), max_parallel=threads, on_error="continue")
    server.control("DELETE", "faults")
    assert result["failed"] and "HTTP 401" in result["msg"]
    assert server.counts()["logins"] <= 2


@pytest.mark.parametrize("threads", [1, 8])
def test_a_server_that_refuses_every_write(server: Server, threads: int) -> None:
    """The token is valid for reads, so it looks like an expired one."""
    tasks = Tasks(server, "v8", "controller")
    made = tasks.raw("vbo_jobs", jobs=jobs(8))
    assert not made.get("failed"), made
    match = {"method": "POST|PUT|DELETE", "path": "/Jobs"}
    server.control("PUT", "faults", [{"match": match, "times": 10000, "then": {"status": 401}}])
    for count, step in ((16, {}), (8, {"description": "refused"}), (8, {"state": "absent"})):
        server.forget()
        before = server.state()["jobs"]
        result = tasks.raw("vbo_jobs", jobs=jobs(count, **step), max_parallel=threads, on_error="continue")
        assert result["failed"] and "401" in result["msg"] and server.state()["jobs"] == before
        assert server.counts()["logins"] <= 3 * count
    server.control("DELETE", "faults")
