# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Connection options from forms, files, secrets and variables of pipelines, in both ways to run."""

from __future__ import annotations

import json
import os
import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api._connection import CONNECTION, EXACT, variable

from ...support.hosts import HOSTS
from ...support.sandbox import PASSWORD, USERNAME, Server
from ...support.tasks import Tasks

JOB = {"name": "Finance mail"}
OPTIONS = tuple(CONNECTION.options)
#: a valid value of each option as a text of the environment; None is the value that the server needs
RIGHT = {
    "api_version": "v7",
    "validate_certs": "true",
    "timeout": "17",
    "retries": "2",
    "read_only": "false",
    "allow_http": "false",
}
#: mistakes in each option, as a text
WRONG = {
    "url": "htps://vbo.example.com",
    "username": "EXAMPLE\tsvc",
    "token": "Harbour\nLantern",
    "api_version": "v88",
    "validate_certs": "maybe",
    "ca_path": "/nowhere/ca.pem",
    "timeout": "1m",
    "retries": "-1",
    "read_only": "maybe",
    "allow_http": "2",
}
BLANKS = ("", " ", "\n", "\t \r\n", "\ufeff")


@pytest.fixture(autouse=True)
def nothing_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("VBO365_"):
            monkeypatch.delenv(name)


@pytest.fixture(params=HOSTS)
def given(request: pytest.FixtureRequest, server: Server) -> Tasks:
    return Tasks(server, "v8", request.param)


def right(server: Server, option: str) -> str:
    """Return a valid text for an option."""
    known = {"url": server.url, "username": USERNAME, "password": PASSWORD, "ca_path": server.ca_path}
    return known.get(option) or RIGHT.get(option, "")


def test_an_empty_variable_is_not_set(given: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every option that has a variable, and every kind of empty value."""
    for blank in BLANKS:
        for option in OPTIONS:
            monkeypatch.setenv(variable(option), blank)
        result = given.raw("vbo_job_info", **JOB, api_version=None)
        assert not result.get("failed"), (repr(blank), result)
        assert result["api_version"] == "v8"


def test_an_empty_option_is_not_given(given: Tasks) -> None:
    """Except an empty address or account: another server or account could be used otherwise."""
    for blank in BLANKS:
        empty = {option: blank for option in OPTIONS if option not in EXACT and option not in ("url", "ca_path")}
        result = given.raw("vbo_job_info", **JOB, **empty, token=blank)
        assert not result.get("failed"), (repr(blank), result)
        for option in ("url", "username", "password"):
            refused = given.raw("vbo_job_info", **JOB, **{option: "" if option == "password" else blank})
            assert refused["msg"].startswith(f"{option}: "), (repr(blank), refused)
    assert given.server.counts()["writes"] == 0


def test_an_empty_option_leaves_it_to_the_variable(given: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VBO365_API_VERSION", "v6")
    assert given.raw("vbo_job_info", **JOB, api_version="")["api_version"] == "v6"
    monkeypatch.setenv("VBO365_URL", given.server.url)
    assert given.raw("vbo_job_info", **JOB, url="")["msg"].startswith("url: ")


@pytest.mark.parametrize("ends", [" {} ", "{}\n", "\ufeff{}\r\n"])
def test_blanks_around_a_value(given: Tasks, monkeypatch: pytest.MonkeyPatch, ends: str) -> None:
    """As in files and secrets; the account is never changed."""
    everything = {option: right(given.server, option) for option in OPTIONS if option not in ("token", *EXACT)}
    taken = dict.fromkeys(everything)
    for option, text in everything.items():
        monkeypatch.setenv(variable(option), ends.format(text))
    result = given.raw("vbo_job_info", **{**JOB, **taken})
    assert not result.get("failed"), result
    assert result["api_version"] == "v7" and result["invocation"]["module_args"]["timeout"] == 17
    for option in everything:
        monkeypatch.delenv(variable(option))
    result = given.raw("vbo_job_info", **JOB, **{option: ends.format(text) for option, text in everything.items()})
    assert not result.get("failed"), result
    assert result["api_version"] == "v7"


@pytest.mark.parametrize("option", WRONG)
def test_a_wrong_value_names_its_origin(given: Tasks, monkeypatch: pytest.MonkeyPatch, option: str) -> None:
    monkeypatch.setenv(variable(option), WRONG[option])
    result = given.raw("vbo_job_info", **JOB, **{option: None})
    assert result["failed"] and result["error"]["option"] == option
    assert result["msg"].startswith(f"{option} (environment variable {variable(option)}): "), result
    monkeypatch.delenv(variable(option))
    result = given.raw("vbo_job_info", **JOB, **{option: WRONG[option]})
    assert result["msg"].startswith(f"{option}: ") and "environment" not in result["msg"]
    assert given.server.counts()["total"] == 0


# --- secrets and accounts ---------------------------------------------------------------------------------------------

#: characters that a token must not contain, with the word for them; results are searched for each
BAD_TOKENS = {
    "Harbour-4471\nLantern": "a line break",
    "Harbour-4471\r\nLantern": "a line break",
    "Harbour-4471 Lantern": "a space",
    "Harbour-4471\tLantern": "a tab",
    "Harbour-4471\x00Lantern": "a control character (U+0000)",
    "Harbour-4471\x7fLantern": "a control character (U+007F)",
    "Harbour-4471\u20acLantern": "a non-ASCII character (U+20AC)",
    "Harbour-4471\xfcLantern": "a non-ASCII character (U+00FC)",
    "Bearer Harbour-4471-Lantern": "a space, which is not allowed in a token; leave out the word Bearer",
}


@pytest.mark.parametrize("token", BAD_TOKENS)
@pytest.mark.parametrize("end", ["", "\n"])
def test_a_token_that_no_header_takes(given: Tasks, token: str, end: str) -> None:
    result = given.raw("vbo_job_info", **JOB, token=token + end)
    assert result["msg"].startswith(f"token: contains {BAD_TOKENS[token]}"), result
    assert given.server.counts()["total"] == 0
    shown = json.dumps(result, ensure_ascii=False)
    assert "Harbour" not in shown and "Lantern" not in shown


@pytest.mark.parametrize("ends", ["{}\n", "{}\r\n", " {}", "\ufeff{}\n"])
def test_a_token_from_a_file(given: Tasks, monkeypatch: pytest.MonkeyPatch, ends: str) -> None:
    token = given.raw("vbo_auth_token")["token"]
    account = {"username": None, "password": None}
    assert not given.raw("vbo_job_info", **JOB, **account, token=ends.format(token)).get("failed")
    monkeypatch.setenv("VBO365_TOKEN", ends.format(token))
    assert not given.raw("vbo_job_info", **JOB, **account).get("failed")
    given.server.expire_tokens()
    refused = given.raw("vbo_job_info", **JOB, **account)
    assert refused["failed"] and token not in json.dumps(refused)


@pytest.mark.parametrize("name", ["EXAMPLE\tsvc", "EXAMPLE\nina", "CONTOSO\n", "\ufeffsvc", "svc\u200e", "a\x07"])
def test_a_user_name_that_nobody_has(given: Tasks, name: str) -> None:
    result = given.raw("vbo_job_info", **JOB, username=name)
    assert result["msg"].startswith("username: contains ") and "single quotes" in result["msg"]
    assert given.server.counts()["total"] == 0


@pytest.mark.parametrize(("end", "word"), [("\n", "line break"), ("\r\n", "line break"), (" ", "space")])
def test_a_password_with_an_end_of_a_file(given: Tasks, end: str, word: str) -> None:
    """It is sent unchanged, because it may be right, and mentioned if the server rejects it."""
    result = given.raw("vbo_job_info", **JOB, password=PASSWORD + end)
    assert f"password {'ends' if word == 'line break' else 'begins or ends'} with a {word}" in result["msg"], result
    assert PASSWORD not in json.dumps(result) and given.server.counts()["total"] == 1


@pytest.mark.parametrize("option", ["url", "username", "password", "token", "ca_path", "timeout", "api_version"])
def test_bytes_that_are_no_text(given: Tasks, monkeypatch: pytest.MonkeyPatch, option: str) -> None:
    monkeypatch.setitem(os.environb, variable(option).encode(), b"\xe4\xff")
    result = given.raw("vbo_job_info", **JOB, **{option: None})
    assert result["msg"].startswith(f"{option} (environment variable {variable(option)}): ")
    assert given.server.counts()["total"] == 0


# --- reads only -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["true", "True", "1", "yes\n", " on "])
@pytest.mark.parametrize("option", [None, False, "no", ""])
def test_no_option_lifts_what_the_environment_forbids(
    given: Tasks, monkeypatch: pytest.MonkeyPatch, value: str, option: t.Any
) -> None:
    monkeypatch.setenv("VBO365_READ_ONLY", value)
    result = given.raw("vbo_job", **JOB, description="written", read_only=option)
    assert result["failed"] and given.server.counts()["writes"] == 0


@pytest.mark.parametrize("option", [None, True, False])
def test_a_wish_that_nobody_understands(given: Tasks, monkeypatch: pytest.MonkeyPatch, option: bool | None) -> None:
    monkeypatch.setenv("VBO365_READ_ONLY", "maybe")
    result = given.raw("vbo_job", **JOB, description="written", read_only=option)
    assert result["msg"].startswith(
        "read_only (environment variable VBO365_READ_ONLY): must be true or false (got 'maybe')"
    )
    assert given.server.counts()["total"] == 0
