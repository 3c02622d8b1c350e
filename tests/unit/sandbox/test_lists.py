# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Formats of lists, pages, links, and single objects, per version."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sandbox_client import CONTOSO, Sandbox

ALL = [3, 4, 5, 6, 7, 8]
EXAMPLE = "3c407448-4d05-432f-a651-144827bed5ce"
EVERYTHING = "8f5a1d3e-b276-4c09-ae41-3f7d9c0b52e8"
ORGANIZATION = f"Organizations/{CONTOSO}"
PAGED_SINCE = {
    "Jobs": 8,
    f"Jobs/{EVERYTHING}/SelectedItems": 8,
    f"Jobs/{EVERYTHING}/ExcludedItems": 8,
    "Organizations": 8,
    "BackupRepositories": 8,
    "Proxies": 8,
    "JobSessions": 5,
    f"{ORGANIZATION}/Users": 3,
    f"{ORGANIZATION}/Groups": 3,
    f"{ORGANIZATION}/Sites": 3,
}


@pytest.mark.parametrize("version", ALL)
@pytest.mark.parametrize("path", PAGED_SINCE)
def test_shape(sandbox: Sandbox, version: int, path: str) -> None:
    data = sandbox.client(version).get(path)
    if version < PAGED_SINCE[path]:
        assert isinstance(data, list)
    else:
        assert isinstance(data["results"], list)
        assert ("totalCount" in data) == (5 <= version <= 7)


def test_what_came_and_went(sandbox: Sandbox) -> None:
    def status(version: int, path: str) -> int:
        return int(sandbox.client(version).call("GET", path).status_code)

    assert [status(version, f"{ORGANIZATION}/Jobs") for version in ALL] == [200] * 5 + [404]
    assert [status(version, f"Jobs/{EVERYTHING}/JobSessions") for version in ALL] == [200] * 4 + [404] * 2
    assert [status(version, f"{ORGANIZATION}/Teams") for version in ALL] == [404] * 2 + [200] * 4
    assert [status(version, "CopyJobs") for version in ALL] == [404] * 3 + [200] * 3
    assert [status(version, "ProxyPools") for version in ALL] == [404] * 5 + [200]
    assert [status(version, "ServiceInstance") for version in ALL] == [404] * 3 + [200] * 3
    assert [status(version, "License") for version in ALL] == [200] * 6


def test_pages_of_jobs(sandbox: Sandbox) -> None:
    sandbox.reset("many")
    client = sandbox.client(8, "many")
    first = client.get("Jobs")
    assert (first["limit"], first["offset"], len(first["results"])) == (30, 0, 30)
    assert first["_links"]["next"]["href"] == "/v8/Jobs?offset=30&limit=30"
    seen: list[str] = []
    while True:
        page = client.get("Jobs", offset=len(seen), limit=50)["results"]
        seen += [job["id"] for job in page]
        if len(page) < 50:
            break
    assert len(seen) == len(set(seen)) == 120
    client.version = 7
    assert len(client.get("Jobs", limit=5)) == 120


def test_page_switches(sandbox: Sandbox) -> None:
    sandbox.switch(page_size_max=3, v8_next_links_v7=True, set_id=True)
    client = sandbox.client(8)
    page = client.get("Jobs", limit=10000)
    assert len(page["results"]) == 3
    assert page["_links"]["next"]["href"].startswith("/v7/Jobs?")
    users = client.get(f"{ORGANIZATION}/Users")
    again = client.get(f"{ORGANIZATION}/Users", setId=users["setId"], offset=3)
    assert again["setId"] == users["setId"]
    sandbox.switch(page_size_max=10000, v8_next_links_v7=False, set_id=False)
    page = client.get("Jobs", limit=5)
    assert page["_links"]["next"]["href"].startswith("/v8/Jobs?")
    assert "setId" not in client.get(f"{ORGANIZATION}/Users")


def test_filters_of_jobs(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    fabrikam = client.results("Jobs", organizationId="63E92DB4-8C0A-46DF-BA92-15F46011C4A5")
    assert {job["name"] for job in fabrikam} == {"test_job", "Workshop"}
    repository = client.job("Finance mail")["repositoryId"]
    assert all(job["repositoryId"] == repository for job in client.results("Jobs", repositoryId=repository))


def test_documented_job_of_v3(sandbox: Sandbox) -> None:
    sandbox.switch(job_repository_id_in_old=False)
    client = sandbox.client(3)
    days = ["1" * 24, "111111000111111111101111", "111111000111110000001111", "1" * 24]
    days += ["111001111111111111001111", "111110000000000000111111", "1" * 24]
    root = client.url + "/v3"
    expected = {
        "id": EXAMPLE,
        "name": "test_job",
        "description": "",
        "lastRun": "2017-05-30T12:19:14.7927466Z",
        "nextRun": "2017-06-02T02:00:00Z",
        "isEnabled": True,
        "backupType": "SelectedItems",
        "lastStatus": "Success",
        "schedulePolicy": {
            "backupWindowEnabled": True,
            "backupWindowSettings": {"backupWindow": [bit == "1" for bit in "".join(days)], "minuteOffset": 0},
            "type": "Daily",
            "dailyType": "Friday",
            "dailyTime": "19:00:00",
            "retryEnabled": False,
        },
        "_links": {
            "self": {"href": f"{root}/jobs/{EXAMPLE}"},
            "organization": {"href": f"{root}/organizations/63e92db4-8c0a-46df-ba92-15f46011c4a5"},
            "backupRepository": {"href": f"{root}/backuprepositories/ce19de31-329d-4f0f-b85e-4424cc2e6821"},
            "jobsessions": {"href": f"{root}/jobs/{EXAMPLE}/jobsessions"},
            "excludedItems": {"href": f"{root}/jobs/{EXAMPLE}/excludedItems"},
            "selectedItems": {"href": f"{root}/jobs/{EXAMPLE}/selectedItems"},
        },
    }
    assert client.get(f"Jobs/{EXAMPLE}") == expected
    assert client.call("PUT", f"Jobs/{EXAMPLE}", json={"description": "edited"}).status_code == 200
    assert client.get(f"Jobs/{EXAMPLE}")["nextRun"] > "2026"


@pytest.mark.parametrize("version", ALL)
def test_fields_of_a_job(sandbox: Sandbox, version: int) -> None:
    job = sandbox.client(version).get(f"Jobs/{EVERYTHING}")
    assert "repositoryId" in job
    assert ("organizationId" in job) == ("eTag" in job) == (version >= 8)
    assert ("lastBackup" in job) == (version >= 7)
    assert ("copyJob" in job["_links"]) == (version >= 6)
    schedule = job["schedulePolicy"]
    assert ("scheduleEnabled" in schedule) == (version >= 5)
    assert ("periodicallyOffsetMinutes" in schedule) == (version >= 6)
    assert ("periodicallyWindowSettings" in schedule) == (version >= 6)
    assert ("periodicallyWindowEnabled" in schedule) == (version >= 7)
    href = job["_links"]["jobsessions"]["href"]
    if version <= 5:
        assert re.fullmatch(rf"https://127\.0\.0\.1:\d+/v{version}/jobs/{EVERYTHING}/jobsessions", href)
    else:
        assert href == f"/v{version}/Jobs/{EVERYTHING}/JobSessions"


@pytest.mark.parametrize(
    ("version", "choice", "kind"),
    [(6, "keep", None), (7, "omit", None), (8, "omit", None), (8, "manual_only", "ManualOnly"), (8, "keep", "Daily")],
)
def test_schedule_off(sandbox: Sandbox, version: int, choice: str, kind: str | None) -> None:
    sandbox.switch(schedule_off_reply=choice)
    job = sandbox.client(version).job("On demand")
    assert job["schedulePolicy"]["scheduleEnabled"] is False
    assert job["schedulePolicy"].get("type") == kind
    assert "nextRun" not in job


def test_reply_switches(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    plain = client.job("On demand")
    assert "lastRun" not in plain and "futureProperty" not in plain
    sandbox.switch(null_instead_of_missing=True, extra_fields=True)
    strange = client.job("On demand")
    assert strange["lastRun"] is None and strange["futureProperty"] and strange["lastStatus"] == "Suspended"
    old = sandbox.client(5)
    assert old.get(f"Jobs/{EXAMPLE}")["repositoryId"]
    sandbox.switch(job_repository_id_in_old=False)
    assert "repositoryId" not in old.get(f"Jobs/{EXAMPLE}")
    three = sandbox.client(3)
    assert "scheduleEnabled" not in three.get(f"Jobs/{EXAMPLE}")["schedulePolicy"]
    sandbox.switch(v3_v4_schedule_enabled=True)
    assert three.get(f"Jobs/{EXAMPLE}")["schedulePolicy"]["scheduleEnabled"] is True


@pytest.mark.parametrize("version", ALL)
def test_ids_of_users(sandbox: Sandbox, version: int) -> None:
    client = sandbox.client(version)
    (user,) = client.results(f"{ORGANIZATION}/Users", userName="cfo@contoso.com")
    assert (":" in user["id"]) == (version >= 7)
    assert len(user["id"]) == 72 or version >= 7
    assert client.get(f"{ORGANIZATION}/Users/{user['id']}")["name"] == "cfo@contoso.com"
    assert ("isBackedUp" in user) == (version <= 4)


def test_filters_of_objects(sandbox: Sandbox) -> None:
    client = sandbox.client(8)

    def names(path: str, **params: Any) -> list[str]:
        return [entry["displayName"] for entry in client.results(f"{ORGANIZATION}/{path}", **params)]

    assert names("Users", displayName="al*ivera") == ["Alex Rivera"]
    assert names("Groups", displayName="finance") == ["Finance"]
    assert names("Teams", displayName="apollo") == ["Project Apollo"]
    sites = client.results(f"{ORGANIZATION}/Sites")
    assert not any(site["isPersonal"] for site in sites)
    more = client.results(f"{ORGANIZATION}/Sites", includePersonalSites="true")
    assert len(more) == len(sites) + 3
    roots = client.results(f"{ORGANIZATION}/Sites", parentId="root")
    assert len(roots) == len(sites) - 2
    finance = next(site for site in sites if site["title"] == "Finance")
    below = client.results(f"{ORGANIZATION}/Sites", parentId=finance["id"])
    assert [site["title"] for site in below] == ["Budget"]
    group = client.results(f"{ORGANIZATION}/Groups", groupName="finance")[0]
    members = client.results(f"{ORGANIZATION}/Groups/{group['id']}/Members")
    assert len(members) == 4


def test_extended_view(sandbox: Sandbox) -> None:
    client = sandbox.client(7)
    assert "isBackedup" not in client.get(ORGANIZATION)
    assert client.get(ORGANIZATION, extendedView="true")["isBackedup"] is True
    assert sandbox.client(8).get(ORGANIZATION)["_links"]["jobs"]["href"].startswith("/v7/")


def test_many_servers_in_one_process(sandbox: Sandbox) -> None:
    assert len({entry["url"] for entry in sandbox.servers.values()}) == 4
    one, two = sandbox.client(8), sandbox.client(8, "newest")
    job = one.job("Workshop")["id"]
    assert one.call("DELETE", f"Jobs/{job}").status_code == 204
    assert two.call("GET", f"Jobs/{job}").status_code == 200
    two.session.headers["Authorization"] = one.session.headers["Authorization"]
    assert two.call("GET", "Jobs").status_code == 401
