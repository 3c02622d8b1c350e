# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The data for monitoring clients is derived from the same state, and changes with it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from in_process import VERSIONS, Local
from sandbox_client import Sandbox

CONTOSO, FABRIKAM = "8d1f2b4e-6c3a-4f57-9a0e-2b7c5d914e60", "63e92db4-8c0a-46df-ba92-15f46011c4a5"
FINANCE, EVERYTHING = "51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95", "8f5a1d3e-b276-4c09-ae41-3f7d9c0b52e8"
TENANT = "2c8b6f15-47da-4e90-93b7-d10e5a68f3c4"


@pytest.fixture
def local() -> Local:
    return Local(switches={"automatic_runs": False, "running_seconds": 60, "queued_seconds": 1})


@pytest.mark.parametrize("version", VERSIONS)
def test_licences_follow_what_is_backed_up(local: Local, version: int) -> None:
    def counts() -> tuple[int, int, int]:
        info = [local.get(f"Organizations/{owner}/LicensingInformation", version) for owner in (CONTOSO, FABRIKAM)]
        return (info[0]["licensedUsers"], info[1]["licensedUsers"], local.get("License", version)["usedNumber"])

    contoso, fabrikam, used = counts()
    # the whole organization is backed up: its users, except mailboxes that need no licence
    state = local.control("GET", "state")
    people = [user for user in state["organizations"][0]["users"] if user.get("type", "User") == "User"]
    assert (contoso, used) == (len(people), contoso + fabrikam)
    state["jobs"] = [job for job in state["jobs"] if job["name"] == "Finance mail"]
    state.update(copy_jobs=[], sessions=[])
    local.control("PUT", "state", state, status=204)
    assert counts() == (3, 0, 3), "the members of the group without the excluded one"
    state["jobs"][0].pop("last_backup")
    state["jobs"][0].pop("last_run")
    state["jobs"][0]["last_status"] = "Stopped"
    local.control("PUT", "state", state, status=204)
    assert counts() == (0, 0, 0), "nothing has been backed up yet"
    local.call("POST", f"Jobs/{FINANCE}/start", {"full": False})
    local.advance(minutes=2)
    assert counts() == (3, 0, 3)


@pytest.mark.parametrize("version", [version for version in VERSIONS if version >= 4])
def test_licensed_users_are_found_by_name_and_organization(local: Local, version: int) -> None:
    everybody = local.results("LicensedUsers", version)
    assert {row["organizationName"] for row in everybody} == {"contoso.onmicrosoft.com", "fabrikam.onmicrosoft.com"}
    (cfo,) = local.results("LicensedUsers?name=cfo", version)
    assert (cfo["name"], cfo["licenseState"], cfo["isBackedUp"]) == ("cfo@contoso.com", "Licensed", True)
    assert cfo["lastBackupDate"] == "2026-02-04T06:29:31.0010008Z", "the newest of its jobs"
    assert local.results("LicensedUsers?name=*%3Fcontoso.com", version) != []
    assert all(
        row["organizationId"] == FABRIKAM for row in local.results(f"LicensedUsers?organizationId={FABRIKAM}", version)
    )
    assert len(local.get("LicensedUsers?limit=5", version)["results"]) == 5


@pytest.mark.parametrize("version", (6, 7, 8))
def test_a_run_leaves_a_restore_point(local: Local, version: int) -> None:
    def points(query: str = "") -> list[dict[str, Any]]:
        return local.results(f"RestorePoints?jobId={FINANCE}{query}", version)

    before = points()
    assert [point["backupTime"] for point in before] == ["2026-02-03T21:17:49.9032211Z"]
    local.plan({"job": "Finance mail", "result": "Failed"})
    for _run in range(2):
        local.call("POST", f"Jobs/{FINANCE}/start", {"full": False})
        assert points() == before, "while it runs"
        local.advance(minutes=2)
        after = points()
        before = before if len(after) == 1 else after
    newest = after[0]
    assert len(after) == 2 and newest["backupTime"] == local.get(f"Jobs/{FINANCE}", 8)["lastBackup"]
    services = [newest[f"is{name}"] for name in ("Exchange", "SharePoint", "OneDrive", "Teams")]
    assert services == [True, False, True, False]
    assert points("&repositoryId=00000000-0000-0000-0000-000000000001") == []
    if version >= 7:
        assert points("&from=2026-02-04T00:00:00Z") == [newest] == points("&orderAsc=true")[1:]
        assert points("&isCopy=true") == []
        copies = local.results("RestorePoints?isCopy=true", version)
        assert copies and all("/CopyJobs/" in point["_links"]["job"]["href"] for point in copies)
    else:
        assert points(f"&backupTime={newest['backupTime']}") == [newest]


@pytest.mark.parametrize("version", (6, 7, 8))
def test_restore_sessions_are_those_of_the_state(local: Local, version: int) -> None:
    newest, older = local.results("RestoreSessions", version)
    assert (newest["type"], newest["state"], newest["result"]) == ("Vex", "Stopped", "Success")
    assert local.results("RestoreSessions?startTimeTo=2026-02-01", version) == [older]
    assert local.results("RestoreSessions?startTimeFrom=2026-02-01T00:00:00Z", version) == [newest]
    if version == 8:
        assert local.results("RestoreSessions?orderAsc=true&orderBy=EndTime", version) == [older, newest]
    assert local.get(f"RestoreSessions/{older['id']}", version) == older
    assert local.call("POST", f"RestoreSessions/{older['id']}/stop", {}, version).status == 501
    assert local.call("GET", f"RestoreSessions/{older['id']}/Organization", version=version).status == 501


def test_protected_objects_follow_the_jobs(local: Local) -> None:
    def names(kind: str, query: str = "") -> set[str]:
        return {row["displayName"] for row in local.results(f"Protected{kind}?{query}")}

    finance = local.results(f"RestorePoints?jobId={FINANCE}")[0]["id"]
    assert names("Users", f"restorePointId={finance}") == {
        "Carla Ferro",
        "Alex Rivera",
        "Amira Haddad",
        "Edgar Olsen",
    } - {"Edgar Olsen"}
    assert names("Groups", f"restorePointId={finance}") == {"Finance"}
    assert names("Teams", f"restorePointId={finance}") == names("Sites", f"restorePointId={finance}") == set()
    assert "Legal" not in names("Sites", f"organizationId={CONTOSO}"), "it is excluded"
    assert "Budget" in names("Sites") and names("Teams", f"organizationId={CONTOSO}") >= {"Finance", "Support"}
    assert names("Users", "repositoryId=b51e7d94-0c38-4a6f-92d5-e84f1a7c3062") == set()
    local.call("DELETE", f"Jobs/{TENANT}")
    assert "Budget" not in names("Sites")


@pytest.mark.parametrize("version", (6, 7, 8))
def test_operators_of_roles(local: Local, version: int) -> None:
    for role in local.results("RbacRoles", version):
        (operator,) = local.results(f"RbacRoles/{role['id']}/operators", version)
        assert local.get(f"RbacRoles/{role['id']}/operators/{operator['id']}", version) == operator
        assert operator["user"]["id"] == operator["id"]
        assert local.results(f"RbacRoles/{role['id']}/selectedItems", version) == []
        assert local.call("POST", f"RbacRoles/{role['id']}/operators", [], version).status == 501


def test_organizations_are_synchronised_again_and_again(local: Local) -> None:
    seen = set()
    running = 0
    for _step in range(60):
        rows = local.get("Organizations/SyncState")
        assert [row["organizationId"] for row in rows] == [CONTOSO, FABRIKAM]
        assert rows[0] == local.get(f"Organizations/{CONTOSO}/SyncState")
        last = rows[0]["lastSyncState"]
        assert last["endTime"] <= local.control("GET", "clock")["now"]
        old = local.get(f"Organizations/{CONTOSO}/SyncState", 7)
        assert (old["status"], old["lastSyncTime"]) == ("Success", last["endTime"])
        running += "currentSyncState" in rows[0]
        seen.add(last["startTime"])
        local.advance(seconds=720)
    assert len(seen) in (2, 3) and running <= 3


# --- events ----------------------------------------------------------------------------------------------------------


def feed(local: Local, token: str, query: str = "") -> tuple[str, list[dict[str, Any]]]:
    body = local.get(f"Events?from={token}{query}")
    return body["nextChangeToken"], body["results"]


def test_events_tell_what_changed_since_a_token(local: Local) -> None:
    token, found = feed(local, "latest")
    assert found == [] and feed(local, token) == (token, [])
    local.call("PUT", f"Jobs/{FINANCE}", {"description": "x"})
    local.call("PUT", f"Jobs/{FINANCE}", {"description": "y"})
    token, (event,) = feed(local, token)
    assert event == {"eventType": "JobUpdate", "id": FINANCE, "eTag": event["eTag"], "jobType": "Backup"}
    assert event["eTag"] == local.get(f"Jobs/{FINANCE}")["eTag"], "told once, as it is now"
    session = local.call("POST", f"Jobs/{FINANCE}/start", {"full": False}).body["id"]
    token, found = feed(local, token)
    by_type = {event["eventType"]: event for event in found}
    assert by_type["JobSessionUpdate"]["status"] == "Running" and by_type["JobSessionUpdate"]["id"] == session
    local.advance(minutes=2)
    token, found = feed(local, token)
    by_type = {event["eventType"]: event for event in found}
    assert set(by_type) == {"JobUpdate", "JobSessionUpdate", "RestorePointUpdate"}
    assert by_type["JobSessionUpdate"]["status"] == "Success" and by_type["JobSessionUpdate"]["jobId"] == FINANCE
    assert local.get(f"RestorePoints/{by_type['RestorePointUpdate']['id']}")["jobId"] == FINANCE
    items = local.results(f"Jobs/{FINANCE}/SelectedItems")
    local.call("DELETE", f"Jobs/{FINANCE}/SelectedItems?ids={items[0]['id']}")
    local.call("PUT", f"Jobs/{FINANCE}", {"excludedItems": []})
    token, found = feed(local, token)
    assert [event["eventType"] for event in found] == ["JobSelectedItemsChange", "JobExcludedItemsChange", "JobUpdate"]
    assert found[0] == {"eventType": "JobSelectedItemsChange", "jobId": FINANCE}
    local.call("DELETE", f"Jobs/{FINANCE}")
    token, found = feed(local, token)
    assert {"eventType": "JobDelete", "id": FINANCE, "jobType": "Backup"} in found
    assert feed(local, token) == (token, [])


def test_events_come_in_pages_and_none_is_lost(local: Local) -> None:
    start, _none = feed(local, "latest")
    for job in local.results("Jobs"):
        local.call("PUT", f"Jobs/{job['id']}", {"description": "new"})
    _token, whole = feed(local, start, "&limit=10000")
    assert len(whole) == len(local.results("Jobs"))
    token, parts = start, []
    for _page in range(20):
        token, part = feed(local, token, "&limit=3")
        assert len(part) <= 3
        parts += part
    assert parts == whole


def test_tokens_that_nobody_knows(local: Local) -> None:
    token, _none = feed(local, "latest")
    for bad in ("abc", "123", token + "9", f"{token}-1", "-1"):
        reply = local.call("GET", f"Events?from={bad}")
        assert (reply.status, reply.body["errorCode"]) == (400, "OutdatedChangeToken"), bad
    assert local.call("GET", "Events").status == 400
    assert local.call("GET", "Events?from=latest&timeoutSeconds=x").status == 400
    local.control("POST", "reset", {}, status=204)
    assert local.call("GET", f"Events?from={token}").body["errorCode"] == "OutdatedChangeToken", (
        "the state is another one"
    )
    assert local.call("GET", "Events?from=latest", version=7).status == 404


def test_a_request_can_wait_for_events(sandbox: Sandbox) -> None:
    """It ends with an event, or after a time without one; other requests are answered in the meantime."""
    client = sandbox.client(8)
    token = client.get("Events", **{"from": "latest"})["nextChangeToken"]
    begin = time.monotonic()
    assert client.get("Events", **{"from": token, "timeoutSeconds": 1})["results"] == []
    assert 0.9 < time.monotonic() - begin < 5
    sandbox.switch(queued_seconds=0.2, running_seconds=60)
    client.call("POST", f"Jobs/{EVERYTHING}/start", json={"full": False})
    token = client.get("Events", **{"from": "latest"})["nextChangeToken"]
    begin = time.monotonic()
    results = client.get("Events", **{"from": token, "timeoutSeconds": 9})["results"]
    assert time.monotonic() - begin < 5 and {event["eventType"] for event in results} == {
        "JobUpdate",
        "JobSessionUpdate",
    }
