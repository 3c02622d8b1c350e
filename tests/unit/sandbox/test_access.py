# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Versions, tokens, and what happens without them."""

from __future__ import annotations

from typing import Any

import pytest
from sandbox_client import PASSWORD, USERNAME, Sandbox

ALL = [3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("version", ALL)
def test_probe_of_a_known_version(sandbox: Sandbox, version: int) -> None:
    path = "ServiceInstance" if version >= 6 else "Jobs"
    reply = sandbox.client(version, login=False).call("GET", path)
    assert reply.status_code == 401
    if version >= 6:
        assert reply.content == b""
    else:
        assert set(reply.json()) == {"message"}
    assert sandbox.control("GET", "counts").json()["probes"] == 1


@pytest.mark.parametrize("version", [2, 9, 12])
def test_unknown_version(sandbox: Sandbox, version: int) -> None:
    assert sandbox.client(version, login=False).call("GET", "Jobs").status_code == 404


def test_version_that_the_server_does_not_have(sandbox: Sandbox) -> None:
    assert sandbox.client(6, "five", login=False).call("GET", "ServiceInstance").status_code == 404
    assert sandbox.client(5, "five", login=False).call("GET", "Jobs").status_code == 401


def test_anonymous_resources(sandbox: Sandbox) -> None:
    for version in (6, 7, 8):
        assert sandbox.client(version, login=False).call("GET", "RestorePortalSettings").status_code == 200
    assert sandbox.client(8, login=False).call("GET", "Health").json()["status"] == "Healthy"
    assert sandbox.client(7, login=False).call("GET", "Health").status_code == 404
    assert sandbox.client(5, login=False).call("GET", "RestorePortalSettings").status_code == 404


@pytest.mark.parametrize("version", ALL)
def test_bad_credentials(sandbox: Sandbox, version: int) -> None:
    reply = sandbox.client(version, login=False).login(password="wrong")
    assert reply.status_code == 400
    assert set(reply.json()) - {"errorCode"} == ({"message"} if version >= 6 else {"error", "error_description"})


@pytest.mark.parametrize("version", ALL)
def test_token_as_json(sandbox: Sandbox, version: int) -> None:
    client = sandbox.client(version, login=False)
    body = {"grant_type": "password", "username": USERNAME, "password": PASSWORD, "disable_antiforgery_token": True}
    reply = client.call("POST", "token", json=body)
    assert reply.status_code == (200 if version >= 6 else 400)


def test_token_is_shared_by_versions(sandbox: Sandbox) -> None:
    client = sandbox.client(7)
    client.version = 8
    assert client.get("Jobs")["results"]


def test_refresh_rotates(sandbox: Sandbox) -> None:
    client = sandbox.client(8, login=False)
    first = client.login().json()
    fields = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = client.login(**fields)
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert client.login(**fields).status_code == 400
    counts = sandbox.control("GET", "counts").json()
    assert (counts["logins"], counts["refreshes"]) == (1, 2)


@pytest.mark.parametrize(("version", "status"), [(7, 200), (8, 204)])
def test_logout(sandbox: Sandbox, version: int, status: int) -> None:
    client = sandbox.client(version)
    assert client.call("POST", "token/logout").status_code == status
    assert client.call("GET", "Jobs").status_code == 401
    assert sandbox.client(6).call("POST", "token/logout").status_code == 404


def test_expiry(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    assert sandbox.control("POST", "tokens/expire").json() == {"expired": 1}
    assert client.call("GET", "Jobs").status_code == 401
    sandbox.switch(token_lifetime=0)
    assert client.login().json()["expires_in"] == 0
    assert client.call("GET", "Jobs").status_code == 401


def test_a_token_for_some_requests(sandbox: Sandbox) -> None:
    """Requests are counted for each token; 0 means no limit."""
    sandbox.switch(token_requests=2)
    client = sandbox.client(8)
    for _unused in range(2):
        assert [client.call("GET", "Jobs").status_code for _unused in range(3)] == [200, 200, 401]
        client.login()
    sandbox.switch(token_requests=0)
    assert [client.call("GET", "Jobs").status_code for _unused in range(3)] == [200] * 3


@pytest.mark.parametrize("version", ALL)
@pytest.mark.parametrize("field", [None, "false", "true"])
def test_a_log_in_as_other_clients_do_it(sandbox: Sandbox, version: int, field: str | None) -> None:
    """The token is enough, except for writes of v8 after a login that did not disable the antiforgery token."""
    client = sandbox.client(version, login=False)
    fields = {"grant_type": "password", "username": USERNAME, "password": PASSWORD}
    reply = client.call("POST", "token", data={**fields, "disable_antiforgery_token": field} if field else fields)
    wanted = version == 8 and field != "true"
    assert ("XSRF-TOKEN" in reply.cookies) is wanted
    client.session.cookies.clear()
    client.session.headers["Authorization"] = f"Bearer {reply.json()['access_token']}"
    assert client.get("Jobs")
    path = f"Jobs/{client.job('Tenant')['id']}"
    status = 400 if wanted else 204 if version >= 6 else 200
    assert client.call("PUT", path, json={"description": "x"}).status_code == status
    if not wanted:
        return
    value = reply.cookies["XSRF-TOKEN"]
    pair: dict[str, Any] = {"cookies": {"XSRF-TOKEN": value}, "headers": {"X-XSRF-TOKEN": value}}
    other: dict[str, Any] = {"cookies": {"XSRF-TOKEN": "other"}, "headers": {"X-XSRF-TOKEN": "other"}}
    refresh = {"grant_type": "refresh_token", "refresh_token": reply.json()["refresh_token"]}
    for half in ({"cookies": pair["cookies"]}, {"headers": pair["headers"]}, other):
        assert client.call("PUT", path, json={"description": "x"}, **half).status_code == 400
        client.session.cookies.clear()
    assert client.call("POST", "token", data=refresh).status_code == 400
    assert client.call("PUT", path, json={"description": "y"}, **pair).status_code == 204
    assert client.get(path)["description"] == "y"
    again = client.call("POST", "token", data=refresh, **pair)
    assert again.status_code == 200 and again.cookies["XSRF-TOKEN"] != value
    sandbox.switch(antiforgery_required=False)
    client.session.cookies.clear()
    client.session.headers["Authorization"] = f"Bearer {again.json()['access_token']}"
    assert client.call("PUT", path, json={"description": "z"}).status_code == 204


def test_case_and_slash(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    assert client.call("GET", "jobs/").status_code == 200
    assert client.session.get(client.url + "/V8/JOBS", timeout=10).status_code == 200
    assert client.call("PATCH", "Jobs").status_code == 405
    assert client.call("GET", "Nothing").status_code == 404


def test_no_secret_in_log_and_answers(sandbox: Sandbox) -> None:
    sandbox.switch(log_responses=True)
    client = sandbox.client(8, login=False)
    tokens = client.login().json()
    client.call("POST", "token/AuthCode")
    client.get("Jobs")
    client.login(password="wrong-but-secret")
    texts = [sandbox.control("GET", name).text for name in ("requests", "counts", "state", "switches")]
    texts += [(sandbox.directory / name).read_text() for name in ("sandbox.log", "servers.json")]
    for text in texts:
        for secret in (PASSWORD, "wrong-but-secret", tokens["access_token"], tokens["refresh_token"]):
            assert secret not in text
    entries = sandbox.control("GET", "requests").json()
    assert all("body" not in entry and "response" not in entry for entry in entries if entry["token_call"])


def test_reset_revokes_tokens(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    sandbox.reset()
    assert client.call("GET", "Jobs").status_code == 401
