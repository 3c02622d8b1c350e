# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mistakes of users: each ends before the first write, with a message that names the correct form."""

from __future__ import annotations

import copy
import socket
import typing as t

import pytest

from ...support.hosts import HOSTS
from ...support.sandbox import Sandbox, Server
from ...support.tasks import Tasks

CONTOSO = "contoso.onmicrosoft.com"
JOB = {"name": "Finance mail", "organization": CONTOSO}


def schedule(**options: t.Any) -> dict[str, t.Any]:
    return {**JOB, "schedule_policy": options}


#: options of the task, and texts in the message
MISTAKES: dict[str, tuple[dict[str, t.Any], list[str]]] = {
    "time": (schedule(daily_time="25:00"), ["schedule_policy.daily_time: '25:00' is not a time of day", "HH:MM"]),
    "time without quotes": (
        schedule(daily_time=1320),
        ["schedule_policy.daily_time", 'Did you mean "22:00" in quotes?'],
    ),
    "half hour": (
        schedule(backup_window=["Sat", "Mon-Fri 19:30-07:00"]),
        ["schedule_policy.backup_window[1]: '19:30' is not a whole hour", "windows consist of whole hours"],
    ),
    "167 booleans": (
        schedule(backup_window=[True] * 167),
        ["schedule_policy.backup_window: a window as booleans must have exactly 168 entries", "got 167"],
    ),
    "day": (schedule(backup_window=["Mo-Fr 19:00-07:00"]), ["schedule_policy.backup_window[0]: 'mo' is not a day"]),
    "retries": (schedule(retry_number=0), ["schedule_policy.retry_number: must be between 1 and 777 (got 0)"]),
    "wait": (
        schedule(retry_wait_interval=1000),
        ["schedule_policy.retry_wait_interval: must be between 1 and 999 (got 1000)"],
    ),
    "offset": (
        schedule(type="periodically", periodically_every="hours4", periodically_offset_minutes=60),
        ["schedule_policy.periodically_offset_minutes: must be between 0 and 59 (got 60)"],
    ),
    "offset with minutes": (
        schedule(type="periodically", periodically_every="minutes30", periodically_offset_minutes=5),
        ["schedule_policy.periodically_offset_minutes: requires an interval in hours (got minutes30)"],
    ),
    "contradiction": (
        schedule(type="manual_only", schedule_enabled=True),
        ["schedule_policy.type: 'manual_only' contradicts schedule_enabled: true"],
    ),
    "no interval": (
        schedule(type="periodically"),
        ["schedule_policy.periodically_every: required for a schedule of type 'periodically'"],
    ),
    "other type": (
        schedule(periodically_every="hours4"),
        ["schedule_policy.periodically_every: the job's schedule is 'daily'", "add type: periodically"],
    ),
    "window without hours": (
        schedule(backup_window_enabled=True),
        ["schedule_policy.backup_window: required, because backup_window_enabled is true"],
    ),
    "repository": (
        {**JOB, "repository": "repo-fra-O1"},
        ["repository 'repo-fra-O1' does not exist", "Did you mean 'repo-fra-01'"],
    ),
    "organization": (
        {**JOB, "organization": "contoso.onmicrosft.com"},
        ["organization 'contoso.onmicrosft.com' does not exist", "Did you mean 'contoso.onmicrosoft.com'"],
    ),
    "no organization": (
        {"name": "New", "repository": "repo-fra-01", "backup_type": "entire_organization"},
        ["organization: required to create job 'New'"],
    ),
    "no repository": (
        {**JOB, "name": "New", "backup_type": "entire_organization"},
        ["repository: required to create job 'New'"],
    ),
    "no backup type": (
        {**JOB, "name": "New", "repository": "repo-fra-01"},
        ["backup_type: required to create job 'New'"],
    ),
    "no items": (
        {**JOB, "name": "New", "repository": "repo-fra-01", "backup_type": "selected_items"},
        ["selected_items: required with backup_type: selected_items"],
    ),
    "empty items": ({**JOB, "selected_items": []}, ["selected_items: must not be empty", "at least one"]),
    "unknown user": (
        {**JOB, "selected_items": [{"type": "user", "name": "nobody@contoso.com"}]},
        ["selected_items[0]: the organization has no user 'nobody@contoso.com'"],
    ),
    "flag of another type": (
        {**JOB, "selected_items": [{"type": "site", "url": "https://contoso.sharepoint.com/sites/x", "mailbox": True}]},
        ["selected_items[0].mailbox: not supported for items of type 'site'"],
    ),
    "item without name": (
        {**JOB, "selected_items": [{"type": "user"}]},
        ["selected_items[0].name: name or id is required for an item of type 'user'"],
    ),
    "unknown id": ({"id": "00000000-0000-0000-0000-000000000000", "name": "X"}, ["job 00000000", "does not exist"]),
    "other organization": (
        {"id": "51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95", "organization": "fabrikam.onmicrosoft.com"},
        ["organization: job 51e0c7aa", "belongs to 'contoso.onmicrosoft.com'", "cannot be moved"],
    ),
    "empty name": ({"name": " ", "organization": CONTOSO}, ["name: must not be empty"]),
    "neither name nor id": ({"organization": CONTOSO}, ["name: name or id is required"]),
    "unknown option": ({**JOB, "nme": "x"}, ["nme: unsupported option. Did you mean name?"]),
    "unknown suboption": (
        schedule(dailytime="22:00"),
        ["schedule_policy.dailytime: unsupported option. Did you mean daily_time?"],
    ),
    "unknown choice": (
        schedule(type="weekly"),
        ["schedule_policy.type: must be one of daily, periodically, manual_only (got 'weekly')"],
    ),
    "version": ({**JOB, "api_version": "v2"}, ["api_version: must be one of auto, v3, v4, v5, v6, v7, v8 (got 'v2')"]),
    "url with version": ({**JOB, "url": "https://127.0.0.1:4443/v8"}, ["url: ends with 'v8'", "api_version: v8"]),
    "plain http": ({**JOB, "url": "http://127.0.0.1:4443"}, ["url: plain HTTP", "allow_http"]),
    "no url": ({**JOB, "url": "server"}, ["No connection to https://server:4443"]),
    "bad url": ({**JOB, "url": "ftp://server"}, ["url: 'ftp://server' is not a valid URL"]),
    "bad port": ({**JOB, "url": "https://server:port"}, ["url: 'https://server:port' is not a valid URL"]),
    "credentials in url": (
        {**JOB, "url": "https://me:pw@server"},
        ["url: must contain only scheme, host, port and path"],
    ),
    "no credentials": (
        {**JOB, "username": None, "password": None},
        ["username: give username and password, or a token"],
    ),
    "no password": ({**JOB, "password": None}, ["password: give username and password, or a token"]),
    "ca file": ({**JOB, "ca_path": "/does/not/exist.pem"}, ["ca_path: '/does/not/exist.pem' does not exist"]),
    "timeout": ({**JOB, "timeout": 0}, ["timeout: must be at least 1 (got 0)"]),
}


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes(server: Server, host: str, mistake: str) -> None:
    options, said = MISTAKES[mistake]
    result = Tasks(server, "v8", host).fails(**{"retries": 0, **options})
    for text in said:
        assert text in result["msg"], result["msg"]
    assert "Traceback" not in result["msg"]


LACKING = [
    (
        "v7",
        {"type": "periodically", "periodically_every": "hours12"},
        "schedule_policy.periodically_every: the value 'hours12' (Hours12) requires API v8 or later "
        "(in use: v7); use hours8",
    ),
    (
        "v5",
        {"periodically_offset_minutes": 5},
        "schedule_policy.periodically_offset_minutes: this option requires API v6 or later (in use: v5)",
    ),
    (
        "v5",
        {"periodically_window": ["Sat"]},
        "schedule_policy.periodically_window: this option requires API v6 or later",
    ),
    ("v4", {"schedule_enabled": False}, "schedule_policy.schedule_enabled: this option requires API v5 or later"),
    (
        "v3",
        {"type": "manual_only"},
        "schedule_policy.type: the value 'manual_only' (ManualOnly) requires API v5 or later "
        "(in use: v3); use 'enabled: false'",
    ),
]


@pytest.mark.parametrize(("version", "options", "said"), LACKING)
def test_what_a_version_lacks_is_said_before_any_request(
    server: Server, version: str, options: dict[str, t.Any], said: str
) -> None:
    server.forget()
    result = Tasks(server, version, "controller").fails(**schedule(**options))
    assert said in result["msg"]
    assert result["error"]["code"] == "Unsupported"
    assert result["error"]["option"] in said
    assert server.counts()["total"] == 0


def test_items_that_a_version_lacks(server: Server) -> None:
    team = {**JOB, "selected_items": [{"type": "team", "name": "Finance"}]}
    result = Tasks(server, "v4", "controller").fails(**team)
    assert "selected_items[0].type: items of type 'team' require API v5 or later (in use: v4)" in result["msg"]


def test_proxy_belongs_to_old_versions(server: Server) -> None:
    result = Tasks(server, "v6", "controller").fails(**JOB, proxy="proxy-01")
    assert "proxy: this option requires API v3 to v5 (in use: v6)" in result["msg"]


def test_two_organizations_of_one_name(tasks: Tasks) -> None:
    state = tasks.server.state()
    state["organizations"][1]["name"] = CONTOSO
    state["organizations"][1]["office_name"] = CONTOSO
    tasks.server.replace(state)
    result = tasks.fails(**JOB, description="x")
    assert f"organization '{CONTOSO}' is not unique" in result["msg"]
    for organization in state["organizations"]:
        assert organization["id"] in result["msg"]
    by_id = tasks.run(name="Finance mail", organization=state["organizations"][0]["id"], description="x")
    assert by_id["changed"]


def test_two_jobs_of_one_name(v8: Tasks) -> None:
    state = v8.server.state()
    twin = copy.deepcopy(next(job for job in state["jobs"] if job["name"] == "Finance mail"))
    twin["id"] = "51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d96"
    state["jobs"].append(twin)
    v8.server.replace(state)
    result = v8.fails(**JOB, description="x")
    assert "job 'Finance mail' is not unique" in result["msg"] and twin["id"] in result["msg"]
    assert v8.run(id=twin["id"], enabled=False)["changed"]


def test_wrong_password(tasks: Tasks) -> None:
    result = tasks.fails(**JOB, password="wrong-Harbour-2281")
    assert "The server refused the login of 'EXAMPLE\\svc-ansible'" in result["msg"]
    assert "Check username" in result["msg"]
    assert "wrong-Harbour-2281" not in str(result)
    assert result["error"]["status"] == 400


def test_version_that_the_server_does_not_serve(sandbox: Sandbox) -> None:
    result = Tasks(sandbox.servers["other"], "v5", "controller").fails(**JOB)
    assert "The server does not serve API v5" in result["msg"] and "api_version: auto" in result["msg"]


@pytest.mark.parametrize("host", HOSTS)
def test_server_not_there(server: Server, host: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]  # no other process gets it in the meantime
        result = Tasks(server, "auto", host).fails(**JOB, url=f"https://127.0.0.1:{port}", retries=0)
    assert f"No connection to https://127.0.0.1:{port}: Connection refused" in result["msg"]


@pytest.mark.parametrize("host", HOSTS)
def test_unknown_certificate(server: Server, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    result = Tasks(server, "v8", host).fails(**JOB, ca_path=None)
    assert f"The certificate of {server.url} is not trusted" in result["msg"]
    assert "Set ca_path to the certificate file of its certificate authority" in result["msg"]
    assert server.counts()["total"] == 0


def test_a_refusal_of_the_server_reaches_the_user(tasks: Tasks) -> None:
    """The message of the server, the request, and the action."""
    options = {
        "name": "Second tenant job",
        "organization": CONTOSO,
        "repository": "repo-fra-01",
        "backup_type": "entire_organization",
        "schedule_policy": {"type": "daily", "daily_time": "22:00"},
    }
    result = tasks.raw("vbo_job", **options)
    assert result["failed"]
    start = f"Cannot create job 'Second tenant job' in organization '{CONTOSO}': "
    assert result["msg"].startswith(start)
    assert result["error"]["message"].rstrip(".") in result["msg"]
    assert result["error"]["method"] == "POST"
    assert f"HTTP {result['error']['status']}, POST /{tasks.version}/" in result["msg"]
    assert tasks.server.job("Second tenant job") is None


def test_read_only_fails_before_a_write(tasks: Tasks) -> None:
    tasks.server.forget()
    result = tasks.raw("vbo_job", **JOB, description="x", read_only=True)
    assert result["failed"] and "only reads are allowed here" in result["msg"]
    assert tasks.server.counts()["writes"] == 0
    assert not tasks.raw("vbo_job", **JOB, read_only=True)["changed"]
