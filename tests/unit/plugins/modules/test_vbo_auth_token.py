# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(vbo_auth_token): one login for many tasks, revoked where the version supports it, hidden everywhere."""

from __future__ import annotations

import json
import typing as t

import pytest
import requests

from ...support.sandbox import PASSWORD, Server
from ...support.tasks import Tasks

MODULE = "vbo_auth_token"
CONTOSO = "contoso.onmicrosoft.com"
#: with a token nothing else is needed
WITHOUT_LOGIN: dict[str, t.Any] = {"username": None, "password": None}

one_host = pytest.mark.parametrize("host", ["controller"])


def accepted(server: Server, token: str) -> bool:
    """Return whether the server still accepts the token, asked independently."""
    headers = {"Authorization": f"Bearer {token}"}
    reply = requests.get(f"{server.url}/v8/Jobs", headers=headers, verify=server.ca_path, timeout=10)
    assert reply.status_code in (200, 401)
    return reply.status_code == 200


def logins(server: Server) -> int:
    return len([entry for entry in server.log() if entry["path"].lower().endswith("/token")])


def log_in(tasks: Tasks, **options: t.Any) -> dict[str, t.Any]:
    result = tasks.raw(MODULE, **options)
    assert not result.get("failed"), result.get("msg")
    return result


@pytest.mark.parametrize("check", [False, True])
def test_log_in(tasks: Tasks, check: bool) -> None:
    """The token works, also in check mode, because later tasks need one."""
    tasks.server.forget()
    result = tasks.raw(MODULE, check=check)
    assert (result["changed"], result["api_version"], result["expires_in"]) == (False, tasks.version, 3600)
    assert accepted(tasks.server, result["token"])
    assert (logins(tasks.server), tasks.server.counts()["writes"]) == (1, 0)
    assert PASSWORD not in json.dumps(result)
    assert not [entry for entry in tasks.server.log() if "logout" in entry["path"]], "the token was given back"


def test_other_modules_use_it(tasks: Tasks) -> None:
    """They log neither in nor out, and their results do not contain the token."""
    token = log_in(tasks)["token"]
    tasks.server.forget()
    job = {"name": "Finance mail", "organization": CONTOSO}
    for module, options in (
        ("vbo_job_info", {}),
        ("vbo_job", {**job, "description": "With a token"}),
        ("vbo_job_session_info", {"name": "Finance mail"}),
        ("vbo_organization_info", {}),
        ("vbo_server_info", {}),
    ):
        result = tasks.raw(module, token=token, **WITHOUT_LOGIN, **options)
        assert not result.get("failed"), result.get("msg")
        assert token not in json.dumps(result)
    paths = {entry["path"] for entry in tasks.server.log() if entry["token_call"]}
    assert paths == set()
    assert tasks.server.job("Finance mail")["description"] == "With a token"
    assert accepted(tasks.server, token)


@pytest.mark.parametrize("check", [False, True])
def test_log_out(tasks: Tasks, check: bool) -> None:
    """From v7 on, the server rejects the token afterwards; before, there is nothing to do and no error."""
    token = log_in(tasks)["token"]
    tasks.server.forget()
    result = tasks.raw(MODULE, check=check, state="absent", token=token, **WITHOUT_LOGIN)
    assert not result.get("failed"), result.get("msg")
    assert (result["changed"], result["revoked"], result["api_version"]) == (False, tasks.number >= 7, tasks.version)
    assert accepted(tasks.server, token) is (tasks.number < 7)
    assert token not in json.dumps(result) and "token" not in result
    assert logins(tasks.server) == 0
    again = tasks.raw(MODULE, state="absent", token=token, **WITHOUT_LOGIN)
    assert (again.get("failed", False), again["changed"], again["revoked"]) == (False, False, False)


def test_log_out_leaves_others_alone(v8: Tasks) -> None:
    """Only the given token is revoked, although name and password are set as defaults too."""
    first, second = log_in(v8)["token"], log_in(v8)["token"]
    assert first != second
    assert v8.raw(MODULE, state="absent", token=first)["revoked"]
    assert (accepted(v8.server, first), accepted(v8.server, second)) == (False, True)


def test_a_whole_play_on_any_version(v8: Tasks) -> None:
    """V(auto) is probed once: the returned version saves other tasks the search."""
    v8.server.reset(["v6", "v7"])
    login = log_in(v8, api_version="auto")
    assert login["api_version"] == "v7"
    v8.server.forget()
    session = {"token": login["token"], "api_version": login["api_version"], **WITHOUT_LOGIN}
    assert len(v8.raw("vbo_job_info", **session)["jobs"]) == 8
    assert {entry["version"] for entry in v8.server.log()} == {"v7"}
    assert v8.raw(MODULE, state="absent", **session)["revoked"]
    assert v8.raw("vbo_job_info", **session)["failed"]


def test_wrong_password(tasks: Tasks) -> None:
    """The message of the server and advice, without the password."""
    wrong = "Lantern-Harvest-Nine-not-this"
    result = tasks.raw(MODULE, password=wrong)
    assert result["failed"]
    assert "'EXAMPLE\\svc-ansible'" in result["msg"] and "Check username" in result["msg"]
    assert "The user name or password is incorrect" in result["msg"]
    assert f"HTTP 400, POST /{tasks.version}/token" in result["msg"]
    assert (result["error"]["status"], result["error"]["path"]) == (400, f"/{tasks.version}/token")
    assert wrong not in json.dumps(result) and "token" not in result


@pytest.mark.parametrize("ending", ["expired", "revoked", "invented"])
def test_a_token_that_is_over(tasks: Tasks, ending: str) -> None:
    """Other modules report it, with the request and advice; the body of such an answer can be empty."""
    token = log_in(tasks)["token"]
    if ending == "expired":
        tasks.server.expire_tokens()
    elif ending == "revoked":
        requests.post(
            f"{tasks.server.url}/v8/token/logout",
            headers={"Authorization": f"Bearer {token}"},
            verify=tasks.server.ca_path,
            timeout=10,
        )
    else:
        token = "Meadow-Signal-Copper-of-nobody"
    tasks.server.forget()
    job = {"name": "Finance mail", "organization": CONTOSO, "description": "Never written"}
    for module, options in (("vbo_job_info", {}), ("vbo_job", job)):
        result = tasks.raw(module, token=token, **WITHOUT_LOGIN, **options)
        assert result["failed"]
        path = result["error"]["path"]
        assert path.startswith(f"/{tasks.version}/")
        assert (result["error"]["status"], result["error"]["method"]) == (401, "GET")
        assert f"HTTP 401, GET {path})." in result["msg"]
        assert result["msg"].endswith("The token may have expired; get a new one.")
        assert token not in json.dumps(result)
    assert logins(tasks.server) == 0 and tasks.server.writes() == []


def test_a_lifetime_of_the_server(v8: Tasks) -> None:
    """The lifetime is that of the server."""
    v8.server.switch(token_lifetime=120)
    assert log_in(v8)["expires_in"] == 120


@one_host
def test_what_is_needed(tasks: Tasks) -> None:
    """The option is named before any request."""
    tasks.server.forget()
    missing = tasks.raw(MODULE, **WITHOUT_LOGIN)
    assert missing["failed"] and missing["msg"].startswith("username: ")
    absent = tasks.raw(MODULE, state="absent")
    assert absent["failed"] and absent["msg"].startswith("token: ")
    half = tasks.raw(MODULE, password=None)
    assert half["failed"] and "password" in half["msg"]
    assert tasks.server.log() == []


def test_a_version_that_is_not_there(v8: Tasks) -> None:
    """It is reported as such, and not as a wrong password."""
    v8.server.reset(["v6"])
    result = v8.raw(MODULE)
    assert result["failed"]
    assert "does not serve API v8" in result["msg"] and "api_version: auto" in result["msg"]


@pytest.mark.parametrize("present", [True, False])
def test_both_token_and_password(v8: Tasks, present: bool) -> None:
    """Both are set with module defaults: tasks use the token, the login uses the password."""
    token = log_in(v8)["token"]
    v8.server.forget()
    if present:
        fresh = log_in(v8, token=token)["token"]
        assert fresh != token and accepted(v8.server, fresh)
    else:
        assert not v8.raw("vbo_job_info", token=token).get("failed")
        assert logins(v8.server) == 0
