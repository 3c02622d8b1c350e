# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Invalid requests are rejected and change nothing; the log of the process has no tracebacks."""

from __future__ import annotations

import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

import pytest
from sandbox_client import CONTOSO, Sandbox, create, user

FINANCE = "51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95"
COPY = "a9d3f6b2-7e15-48c0-9b64-0c1f8e5d2a37"
NONSENSE: list[Any] = [None, [], [None], [[]], "text", 5, True, {"name": 5}, {"name": None}, {"a": {"b": [1]}}]
NONSENSE += [{"schedulePolicy": "x"}, {"schedulePolicy": []}, {"selectedItems": {}}, {"selectedItems": [None]}]
NONSENSE += [{"selectedItems": [{"type": None}]}, {"selectedItems": [{"type": "User", "user": 5}]}]
NONSENSE += [{"schedulePolicy": {"backupWindowSettings": {"backupWindow": None}}}, {"repositoryId": 7}]
NONSENSE += [{"schedulePolicy": {"backupWindowEnabled": True}}, {"schedulePolicy": {"retryNumber": 1.5}}]


def paths(version: int) -> list[tuple[str, str]]:
    found = [("POST", "Jobs" if version >= 8 else f"Organizations/{CONTOSO}/Jobs"), ("PUT", f"Jobs/{FINANCE}")]
    for kind in ("SelectedItems", "ExcludedItems"):
        found += [("POST", f"Jobs/{FINANCE}/{kind}"), ("PUT", f"Jobs/{FINANCE}/{kind}/x")]
        found += [("DELETE", f"Jobs/{FINANCE}/{kind}"), ("DELETE", f"Jobs/{FINANCE}/{kind}?ids=,x,")]
    if version >= 6:
        found += [("POST", f"Jobs/{FINANCE}/start"), ("POST", "CopyJobs"), ("PUT", f"CopyJobs/{COPY}")]
        found += [("POST", f"CopyJobs/{COPY}/start")]
    else:
        found += [("POST", f"Jobs/{FINANCE}/Action")]
    return found


@pytest.mark.parametrize("version", [3, 5, 6, 7, 8])
def test_nonsense_bodies(sandbox: Sandbox, version: int) -> None:
    client = sandbox.client(version)
    before = sandbox.control("GET", "state").json()["jobs"]
    accepted = []
    for method, path in paths(version):
        for body in NONSENSE:
            reply = client.call(method, path, json=body)
            assert reply.status_code in (200, 204, 400, 404, 405, 409, 500), (method, path, body, reply.status_code)
            if not reply.ok and reply.status_code != 405:
                assert reply.json()["message"], (method, path, body)
            if reply.ok:
                accepted.append((method, path.rsplit("/", maxsplit=1)[-1], body))
        assert client.call(method, path, data=b"{not json").status_code in (400, 404, 405)
        assert client.call(method, path, data=b"\xff\xfe").status_code in (400, 404, 405)
    after = sandbox.control("GET", "state").json()["jobs"]
    empty = ([], {"name": None}, None)
    odd = [entry for entry in accepted if entry[2] not in empty and entry[1] != "start"]
    assert odd == []
    names = [(job["name"], job.get("selected_items")) for job in before]
    assert [(job["name"], job.get("selected_items")) for job in after] == names


@pytest.mark.parametrize("query", ["limit=x", "offset=-1", "limit=1e9"])
def test_nonsense_queries(sandbox: Sandbox, query: str) -> None:
    assert sandbox.client(8).call("GET", f"Jobs?{query}").status_code == 400
    assert sandbox.client(8).call("GET", f"Jobs/{FINANCE}/SelectedItems?{query}").status_code == 400


def test_odd_queries(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    for path, status in (
        ("Jobs?limit=0", 200),
        ("Jobs?offset=1000", 200),
        ("Jobs?organizationId=nonsense", 400),
        ("Jobs?organizationId=", 200),
        ("Jobs?jobType=Other", 200),
        ("JobSessions?endTimeLowerBound=yesterday", 400),
        ("JobSessions?jobType=Other", 400),
        (f"Organizations/{CONTOSO}/Sites?includePersonalSites=maybe", 400),
        (f"Organizations/{CONTOSO}/Users?dataSource=Magic", 400),
        (f"Organizations/{CONTOSO}/Users/%2F%00", 404),
        ("Organizations/nonsense", 404),
        ("Jobs/%zz", 404),
    ):
        assert client.call("GET", path).status_code == status, path
    assert sandbox.control("GET", "requests?since=x").status_code == 400


def test_text_of_any_language(sandbox: Sandbox) -> None:
    for version in (3, 5, 6, 8):
        client = sandbox.client(version)
        name = f"Bücher & 書籍 <b> 'x' \"y\" 🚀 {version}"
        job = create(client, name=name, description="Zeile 1\nZeile 2\t\\").json()
        assert client.get(f"Jobs/{job['id']}")["name"] == name
        assert user(client)["name"] == "yara.osman@contoso.com"


def test_a_client_that_is_gone_before_its_body_has_come(sandbox: Sandbox) -> None:
    """Nothing is done, and the log has no error of the sandbox."""
    log = sandbox.directory / "sandbox.log"
    known = log.stat().st_size
    entry = sandbox.servers["main"]
    address = urlsplit(entry["url"])
    context = ssl.create_default_context(cafile=entry["ca_path"])
    for _number in range(20):
        with (
            socket.create_connection((address.hostname, address.port)) as plain,
            context.wrap_socket(plain, server_hostname=address.hostname) as line,
        ):
            line.sendall(b"POST /v8/Jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
    assert sandbox.client(8).get("Jobs")["results"]
    assert log.read_text(encoding="utf-8")[known:] == ""
