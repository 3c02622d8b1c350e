# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Creating, changing, deleting and running jobs."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sandbox_client import CONTOSO, Client, Sandbox, create, user

ALL = [3, 4, 5, 6, 7, 8]
FINANCE = "51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95"
TENANT = "2c8b6f15-47da-4e90-93b7-d10e5a68f3c4"
ARCHIVE = "b51e7d94-0c38-4a6f-92d5-e84f1a7c3062"
PROXY = "3b6d80f4-1c9e-4a75-8e2d-f59a07c4b611"
OTHER_PROXY = "9c2f4a17-6e0b-4d38-b5a1-72e8c0d94f36"


def put(client: Client, job: str, **fields: Any) -> Any:
    return client.call("PUT", f"Jobs/{job}", json=fields)


def status_of(client: Client, job: str) -> str:
    return str(client.get(f"Jobs/{job}")["lastStatus"])


def wait_for(client: Client, job: str, wanted: str) -> None:
    deadline = time.monotonic() + 30
    while status_of(client, job) != wanted:
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("version", ALL)
def test_life_of_a_job(sandbox: Sandbox, version: int) -> None:
    sandbox.switch(queued_seconds=0.05, running_seconds=0.1)
    client = sandbox.client(version)
    reply = create(client, description="text")
    assert reply.status_code == (201 if version >= 8 else 200)
    job = reply.json()
    assert job["lastStatus"] == "Stopped" and job["isEnabled"] is True and "selectedItems" not in job
    assert "lastRun" not in job and "nextRun" in job
    path = f"Jobs/{job['id']}"
    reply = put(client, job["id"], name="Renamed")
    assert (reply.status_code, reply.content) == (204 if version >= 6 else 200, b"")
    assert client.get(path)["name"] == "Renamed" and client.get(path)["description"] == "text"

    def act(name: str, body: Any = None) -> Any:
        if version <= 5:
            return client.call("POST", f"{path}/Action", json={name: None})
        return client.call("POST", f"{path}/{name}", json=body)

    assert act("disable").status_code == (204 if version >= 6 else 200)
    assert client.get(path)["isEnabled"] is False and "nextRun" not in client.get(path)
    reply = act("start", {"full": True})
    assert reply.status_code == (200 if version in (3, 4, 5, 8) else 204)
    assert bool(reply.content) == (version >= 8)
    wait_for(client, job["id"], "Success")
    assert act("enable").status_code == (204 if version >= 6 else 200)
    sessions = "JobSessions?jobId=" + job["id"] if version >= 7 else f"{path}/JobSessions"
    (session,) = client.results(sessions)
    assert session["status"] == "Success" and session["endTime"] > session["creationTime"]
    lines = client.get(f"JobSessions/{session['id']}/LogItems")["results"]
    assert ("message" in lines[0]) == (version >= 8) and ("title" in lines[0]) == (version < 8)
    assert client.call("DELETE", path).status_code == (204 if version >= 5 else 200)
    assert client.call("GET", path).status_code == 404


@pytest.mark.parametrize("version", ALL)
def test_wrong_action_form(sandbox: Sandbox, version: int) -> None:
    client = sandbox.client(version)
    if version <= 5:
        assert client.call("POST", f"Jobs/{FINANCE}/start", json={}).status_code == 404
        two = {"start": None, "stop": None}
        assert client.call("POST", f"Jobs/{FINANCE}/Action", json=two).status_code == 400
        assert client.call("POST", f"Jobs/{FINANCE}/action", json={"Disable": ""}).status_code == 200
    else:
        assert client.call("POST", f"Jobs/{FINANCE}/Action", json={"disable": None}).status_code == 404
        assert client.call("POST", f"Jobs/{FINANCE}/start").status_code == 400


def test_action_url_in_v6(sandbox: Sandbox) -> None:
    sandbox.switch(action_url_in_v6=True)
    assert sandbox.client(6).call("POST", f"Jobs/{FINANCE}/Action", json={"disable": None}).status_code == 200
    assert sandbox.client(7).call("POST", f"Jobs/{FINANCE}/Action", json={"disable": None}).status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"name": None},
        {"name": " "},
        {"backupType": "Everything"},
        {"repositoryId": None},
        {"repositoryId": "nonsense"},
        {"bogus": 1},
        {"isEnabled": "yes"},
        {"schedulePolicy": {"type": "Weekly"}},
        {"schedulePolicy": {"type": "Daily", "dailyTime": "25:00:00"}},
        {"schedulePolicy": {"type": "Daily", "retryNumber": 0}},
        {"schedulePolicy": {"type": "Daily", "retryNumber": 778}},
        {"schedulePolicy": {"type": "Daily", "retryWaitInterval": 1000}},
        {"schedulePolicy": {"type": "Daily", "backupWindowSettings": {"backupWindow": [True] * 167}}},
        {"schedulePolicy": {"type": "Daily", "backupWindowSettings": {"backupWindow": [1] * 168}}},
        {"selectedItems": [{"type": "Mailbox"}]},
        {"selectedItems": [{"type": "User", "mailbox": True}]},
        {"selectedItems": [{"type": "Site", "site": {"id": "x"}}]},
        {"selectedItems": [{"type": "OneDriveFolders"}]},
    ],
)
@pytest.mark.parametrize("version", [3, 5, 6, 8])
def test_refused_bodies(sandbox: Sandbox, version: int, fields: dict[str, Any]) -> None:
    client = sandbox.client(version)
    before = len(client.results("Jobs", limit=1000))
    reply = create(client, **fields)
    assert reply.status_code == 400, reply.text
    assert reply.json()["message"]
    assert reply.json().get("errorCode") == ("ParameterValidationFailure" if version >= 8 else None)
    assert len(client.results("Jobs", limit=1000)) == before


@pytest.mark.parametrize("version", [5, 6, 7, 8])
@pytest.mark.parametrize(
    ("fields", "conflict"),
    [
        ({"name": "finance MAIL"}, True),
        ({"backupType": "EntireOrganization"}, True),
        ({"repositoryId": ARCHIVE}, False),
        ({"repositoryId": CONTOSO}, False),
        ({"selectedItems": []}, False),
    ],
)
def test_broken_rules(sandbox: Sandbox, version: int, fields: dict[str, Any], conflict: bool) -> None:
    client = sandbox.client(version)
    reply = create(client, **fields)
    expected = 500 if version <= 7 else 409 if conflict else 400
    assert reply.status_code == expected
    for status in (400, 409, 422, 500):
        sandbox.switch(domain_error_status=str(status))
        assert create(client, **fields).status_code == status


def test_fields_that_versions_lack(sandbox: Sandbox) -> None:
    def policy(**fields: Any) -> dict[str, Any]:
        return {"type": "Periodically", "periodicallyEvery": "Hours1", **fields}

    window = {"backupWindow": [True] * 168}
    cases: list[tuple[dict[str, Any], int]] = [
        ({"schedulePolicy": policy(scheduleEnabled=True)}, 5),
        ({"schedulePolicy": policy(periodicallyOffsetMinutes=5)}, 6),
        ({"schedulePolicy": policy(periodicallyWindowSettings=window)}, 6),
        ({"schedulePolicy": policy(periodicallyWindowEnabled=False)}, 7),
        ({"schedulePolicy": policy(periodicallyEvery="Hours12")}, 8),
        ({"schedulePolicy": {"type": "ManualOnly"}}, 6),
        ({"isEnabled": False}, 5),
    ]
    for fields, since in cases:
        for version in ALL:
            sandbox.reset()
            reply = create(sandbox.client(version), **fields)
            assert reply.ok == (version >= since), (version, fields, reply.text)


def test_proxy_of_old_versions(sandbox: Sandbox) -> None:
    for version in (3, 5):
        sandbox.reset()
        client = sandbox.client(version)
        assert create(client, proxyId=OTHER_PROXY).status_code == 500
        assert create(client, proxyId=PROXY).status_code == 200
    for version in (6, 8):
        assert create(sandbox.client(version), proxyId=PROXY).status_code == 400


def test_casing(sandbox: Sandbox) -> None:
    loose = {"Type": "daily", "DAILYTYPE": "workdays", "dailyTime": "9:30", "RetryEnabled": "true", "retryNumber": 2}
    old = sandbox.client(5)
    reply = old.call("PUT", f"Jobs/{FINANCE}", json={"SchedulePolicy": loose, "DESCRIPTION": "x"})
    assert reply.status_code == 200, reply.text
    schedule = old.get(f"Jobs/{FINANCE}")["schedulePolicy"]
    assert (schedule["dailyType"], schedule["dailyTime"], schedule["retryNumber"]) == ("Workdays", "09:30:00", 2)
    new = sandbox.client(8)
    for policy in ({"Type": "Daily"}, {"type": "daily"}, {"type": "Daily", "retryEnabled": "true"}):
        assert put(new, FINANCE, schedulePolicy=policy).status_code == 400
    sandbox.switch(strict_casing=False)
    assert put(new, FINANCE, SchedulePolicy=loose).status_code == 204
    sandbox.switch(string_booleans=False)
    assert old.call("PUT", f"Jobs/{FINANCE}", json={"schedulePolicy": loose}).status_code == 400


def test_read_only_fields_of_a_reply_may_come_back(sandbox: Sandbox) -> None:
    for version, status in ((6, 204), (7, 204), (8, 400)):
        client = sandbox.client(version)
        job = client.get(f"Jobs/{FINANCE}")
        del job["backupType"]  # this one would require items too
        assert client.call("PUT", f"Jobs/{FINANCE}", json=job).status_code == status


def test_partial_put(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    before = client.get(f"Jobs/{FINANCE}")
    items = client.results(f"Jobs/{FINANCE}/SelectedItems")
    assert put(client, FINANCE, name="Finance mail").status_code == 204
    after = client.get(f"Jobs/{FINANCE}")
    assert after.pop("eTag") > before.pop("eTag")
    assert after == before and client.results(f"Jobs/{FINANCE}/SelectedItems") == items
    sandbox.switch(full_put=True)
    assert put(client, FINANCE, name="Finance mail").status_code == 204
    reset = client.get(f"Jobs/{FINANCE}")
    assert reset["description"] == "" and reset["schedulePolicy"]["scheduleEnabled"] is False
    assert client.results(f"Jobs/{FINANCE}/ExcludedItems") == []


def test_schedule_merge(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    change = {"type": "Daily", "dailyTime": "23:00:00"}
    assert put(client, FINANCE, schedulePolicy=change).status_code == 204
    schedule = client.get(f"Jobs/{FINANCE}")["schedulePolicy"]
    assert schedule["retryNumber"] == 3 and schedule["dailyTime"] == "23:00:00"
    sandbox.switch(schedule_merge=False)
    assert put(client, FINANCE, schedulePolicy=change).status_code == 204
    assert client.get(f"Jobs/{FINANCE}")["schedulePolicy"]["retryEnabled"] is False
    assert put(client, FINANCE, schedulePolicy={"dailyTime": "23:00:00"}).status_code == 400
    sandbox.switch(schedule_needs_type=False)
    assert put(client, FINANCE, schedulePolicy={"dailyTime": "23:00:00"}).status_code == 204


def test_window_of_v6_has_no_flag(sandbox: Sandbox) -> None:
    client = sandbox.client(6)
    window = {"backupWindow": [False] * 24 + [True] * 144, "minuteOffset": 0}
    policy = {"type": "Periodically", "periodicallyEvery": "Hours2", "periodicallyWindowSettings": window}
    assert put(client, FINANCE, schedulePolicy=policy).status_code == 204
    schedule = client.get(f"Jobs/{FINANCE}")["schedulePolicy"]
    assert schedule["periodicallyWindowSettings"] == window and "periodicallyWindowEnabled" not in schedule
    assert sandbox.client(8).get(f"Jobs/{FINANCE}")["schedulePolicy"]["periodicallyWindowEnabled"] is True


def test_manual_only(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    assert put(client, FINANCE, schedulePolicy={"type": "ManualOnly"}).status_code == 204
    assert "nextRun" not in client.get(f"Jobs/{FINANCE}")
    sandbox.switch(accept_manual_only=False)
    assert put(client, FINANCE, schedulePolicy={"type": "ManualOnly"}).status_code == 400


def test_backup_type_needs_items(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    assert put(client, FINANCE, backupType="SelectedItems").status_code == 400
    sandbox.switch(items_needed_with_backup_type=False)
    assert put(client, FINANCE, backupType="SelectedItems").status_code == 204
    assert put(client, FINANCE, backupType="EntireOrganization").status_code == 409
    assert client.call("DELETE", f"Jobs/{TENANT}").status_code == 204
    assert put(client, FINANCE, backupType="EntireOrganization").status_code == 204


def test_empty_items_on_put(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    sandbox.switch(empty_items_on_put="ignore")
    assert put(client, FINANCE, excludedItems=[], selectedItems=[]).status_code == 204
    assert len(client.results(f"Jobs/{FINANCE}/ExcludedItems")) == 1
    sandbox.switch(empty_items_on_put="clear")
    assert put(client, FINANCE, excludedItems=[]).status_code == 204
    assert client.results(f"Jobs/{FINANCE}/ExcludedItems") == []
    assert put(client, FINANCE, selectedItems=[]).status_code == 400


def test_defaults_of_a_new_job(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    job = create(client, schedulePolicy=None).json()
    assert job["schedulePolicy"]["scheduleEnabled"] is False and job["description"]
    sandbox.switch(default_schedule="powershell", default_description=False)
    job = create(client, name="Fresh 2", schedulePolicy=None).json()
    assert job["schedulePolicy"]["dailyTime"] == "15:00:00" and job["description"] == ""


def test_names(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    assert put(client, FINANCE, name="TENANT").status_code == 409
    assert create(client, name="workshop").status_code == 201
    sandbox.reset()
    sandbox.switch(name_scope="server")
    client.login()
    assert create(client, name="workshop").status_code == 409
    sandbox.switch(name_case_sensitive=True)
    assert create(client, name="workshop").status_code == 201


def test_running_job(sandbox: Sandbox) -> None:
    sandbox.switch(queued_seconds=0, running_seconds=60, stopping_seconds=0.1)
    client = sandbox.client(8)
    path = f"Jobs/{FINANCE}"
    assert client.call("POST", f"{path}/stop").status_code == 409
    sandbox.switch(stop_idle="accept")
    assert client.call("POST", f"{path}/stop").status_code == 204
    session = client.call("POST", f"{path}/start", json={}).json()
    wait_for(client, FINANCE, "Running")
    assert client.call("POST", f"{path}/start", json={}).status_code == 409
    sandbox.switch(start_running="accept")
    assert client.call("POST", f"{path}/start", json={}).json()["id"] == session["id"]
    assert put(client, FINANCE, description="while running").status_code == 204
    sandbox.switch(edit_running="reject")
    assert put(client, FINANCE, description="no").status_code == 409
    assert client.call("DELETE", path).status_code == 409
    assert client.call("POST", f"{path}/stop").status_code == 204
    assert status_of(client, FINANCE) == "Running"
    wait_for(client, FINANCE, "Stopped")
    assert client.get(f"JobSessions/{session['id']}")["status"] == "Stopped"
    sandbox.switch(delete_running="accept")
    client.call("POST", f"{path}/start", json={})
    assert client.call("DELETE", path).status_code == 204


def test_results_of_sessions(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    for result in ("Success", "Warning", "Failed"):
        sandbox.switch(queued_seconds=0, running_seconds=0, session_result=result)
        client.call("POST", f"Jobs/{FINANCE}/start", json={})
        wait_for(client, FINANCE, result)
    found = client.results("JobSessions", jobId=FINANCE, status="Succeeded")
    assert {session["status"] for session in found} == {"Success"}
    assert client.call("GET", "JobSessions?status=Success").status_code == 400


def test_enable_delay(sandbox: Sandbox) -> None:
    sandbox.switch(enable_delay=1)
    client = sandbox.client(8)
    assert client.call("POST", f"Jobs/{FINANCE}/disable").status_code == 204
    assert client.get(f"Jobs/{FINANCE}")["isEnabled"] is True
    deadline = time.monotonic() + 30
    while client.get(f"Jobs/{FINANCE}")["isEnabled"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_run_now(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    assert create(client, runNow=True).json()["lastStatus"] == "Queued"
    assert put(client, FINANCE, runNow=True).status_code == 204
    assert status_of(client, FINANCE) in ("Queued", "Running")
    sandbox.reset()
    client.login()
    sandbox.switch(put_run_now_starts=False)
    assert put(client, FINANCE, runNow=True).status_code == 204
    assert status_of(client, FINANCE) == "Success"


def test_counts_and_log(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    sandbox.control("DELETE", "requests")
    client.get("Jobs")
    put(client, FINANCE, description="logged")
    counts = sandbox.control("GET", "counts").json()
    assert (counts["reads"], counts["writes"], counts["total"]) == (1, 1, 2)
    assert counts["by_route"] == {"GET /Jobs": 1, "PUT /Jobs/{job}": 1}
    read, write = sandbox.control("GET", "requests").json()
    assert write["body"] == {"description": "logged"} and write["write"] and not read["write"]
    assert "response" not in read
    sandbox.switch(log_responses=True)
    client.get(f"Jobs/{FINANCE}")
    assert sandbox.control("GET", "requests").json()[-1]["response"]["id"] == FINANCE


def test_user_helper(sandbox: Sandbox) -> None:
    assert user(sandbox.client(8))["displayName"] == "Yara Osman"
