# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every reply of v6, v7 and v8 matches the vendor's OpenAPI document."""

from __future__ import annotations

from typing import Any

import pytest
from sandbox_client import CONTOSO, Client, Sandbox
from support import openapi

VERSIONS = [6, 7, 8]


class Checked:
    """A client that checks every reply."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.seen = 0

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        reply = self.client.call(method, path, json=body)
        data = reply.json() if reply.content else None
        full = f"/v{self.client.version}/{path}"
        if reply.status_code < 400 and method != "GET":
            openapi.check_request(self.client.version, method, full, body)
        openapi.check_response(self.client.version, method, full, reply.status_code, data)
        self.seen += 1
        return data

    def entries(self, path: str) -> list[Any]:
        data = self("GET", path)
        return data if isinstance(data, list) else list(data["results"])


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("nulls", [False, True])
def test_all_reads(sandbox: Sandbox, version: int, nulls: bool) -> None:
    openapi.document(version)
    sandbox.switch(null_instead_of_missing=nulls, set_id=True)
    check = Checked(sandbox.client(version))
    for path in ("ServiceInstance", "License", "RestorePortalSettings"):
        check("GET", path)
    for role in check.entries("RbacRoles"):
        assert check("GET", f"RbacRoles/{role['id']}") == role
        assert check("GET", f"Organizations/{role['organizationId']}/RbacRoles") == [role]
    if version >= 8:
        check("GET", "Health")
        for pool in check.entries("ProxyPools"):
            check("GET", f"ProxyPools/{pool['id']}")
            check("GET", f"ProxyPools/{pool['id']}/proxies")
    for kind in ("BackupRepositories", "Proxies", "JobSessions", "CopyJobs", "Jobs"):
        for entry in check.entries(kind):
            check("GET", f"{kind}/{entry['id']}")
            if kind == "JobSessions":
                for line in check.entries(f"{kind}/{entry['id']}/LogItems"):
                    check("GET", f"{kind}/{entry['id']}/LogItems/{line['id']}")
                if version >= 7:
                    check("GET", f"{kind}/{entry['id']}/ProcessedObjects")
            if kind == "CopyJobs":
                check("GET", f"{kind}/{entry['id']}/BackupJob")
            if kind == "Jobs":
                check("GET", f"{kind}/{entry['id']}/CopyJob")
                for items in ("SelectedItems", "ExcludedItems"):
                    for item in check.entries(f"{kind}/{entry['id']}/{items}"):
                        if entry["backupType"] == "SelectedItems":
                            check("GET", f"{kind}/{entry['id']}/{items}/{item['id']}")
                if version == 6:
                    check("GET", f"{kind}/{entry['id']}/JobSessions")
    for extended in ("false", "true"):
        organizations = check.entries(f"Organizations?extendedView={extended}")
    for organization in organizations:
        base = f"Organizations/{organization['id']}"
        check("GET", base)
        check("GET", f"{base}/usedRepositories")
        if version <= 7:
            check("GET", f"{base}/Jobs")
        for kind in ("Users", "Groups", "Sites", "Teams"):
            for entry in check.entries(f"{base}/{kind}?limit=1000"):
                check("GET", f"{base}/{kind}/{entry['id']}")
                if kind == "Groups":
                    check("GET", f"{base}/{kind}/{entry['id']}/Members")
                if kind == "Users":
                    check("GET", f"{base}/{kind}/{entry['id']}/OneDrives")
    assert check.seen > 150


@pytest.mark.parametrize("version", VERSIONS)
def test_writes(sandbox: Sandbox, version: int) -> None:
    openapi.document(version)
    check = Checked(sandbox.client(version))
    repository = next(entry for entry in check.entries("BackupRepositories") if entry["name"] == "repo-s3-01")
    target = next(entry for entry in check.entries("BackupRepositories") if entry["name"] == "repo-s3-copy")
    user, other = check.entries(f"Organizations/{CONTOSO}/Users?limit=2")
    body: dict[str, Any] = {
        "name": "Checked",
        "backupType": "SelectedItems",
        "repositoryId": repository["id"],
        "selectedItems": [{"type": "User", "user": user, "mailbox": True}],
        "schedulePolicy": {
            "type": "Periodically",
            "periodicallyEvery": "Hours2",
            "scheduleEnabled": True,
            "periodicallyWindowSettings": {"backupWindow": [True] * 168, "minuteOffset": 0},
        },
    }
    if version >= 8:
        body["organizationId"] = CONTOSO
    job = check("POST", "Jobs" if version >= 8 else f"Organizations/{CONTOSO}/Jobs", body)
    path = f"Jobs/{job['id']}"
    check("PUT", path, {"name": "Checked", "description": "new", "isEnabled": False})
    check("POST", f"{path}/SelectedItems", [{"type": "User", "user": other, "mailbox": True}])
    first, second = check.entries(f"{path}/SelectedItems")
    check("PUT", f"{path}/SelectedItems/{first['id']}", {"type": "User", "user": user, "oneDrive": True})
    check("DELETE", f"{path}/SelectedItems?ids={second['id']}")
    check("POST", f"{path}/enable")
    check("POST", f"{path}/disable")
    check("POST", f"{path}/start", {"full": True})
    check.entries("JobSessions")
    check("POST", f"{path}/stop")
    copy_body: dict[str, Any] = {"backupJobId": job["id"], "repositoryId": target["id"]}
    if version >= 8:
        copy_body["organizationId"] = CONTOSO
    copy = check("POST", "CopyJobs", copy_body)
    copy_path = f"CopyJobs/{copy['id']}"
    check("GET", f"{path}/CopyJob")
    check("PUT", copy_path, {"schedulePolicy": {"type": "DailyAtTime", "dailyType": "Sunday", "dailyTime": "10:00:00"}})
    check("POST", f"{copy_path}/disable")
    check("POST", f"{copy_path}/start", {"full": False} if version == 6 else None)
    check("POST", f"{copy_path}/stop")
    sandbox.switch(delete_running="accept")
    check("DELETE", copy_path)
    check("DELETE", path)
    check("DELETE", path)
    check("PUT", f"Jobs/{CONTOSO}", {"name": "x"})


def test_checker_finds_mistakes() -> None:
    openapi.document(8)
    good = {"id": CONTOSO, "name": "x", "schedulePolicy": {"type": "Daily"}}
    openapi.check_response(8, "GET", f"/v8/Jobs/{CONTOSO}", 200, good)
    mistakes: list[dict[str, Any]] = [
        {**good, "unknown": 1},
        {**good, "id": "no guid"},
        {**good, "schedulePolicy": {"type": "daily"}},
        {**good, "lastRun": "yesterday"},
        {**good, "isEnabled": "true"},
        {**good, "name": None},
    ]
    for mistake in mistakes:
        with pytest.raises(openapi.Mismatch):
            openapi.check_response(8, "GET", f"/v8/Jobs/{CONTOSO}", 200, mistake)
    for method, url, body in (
        ("GET", "/v8/Jobs?name=x", None),
        ("GET", f"/v8/Organizations/{CONTOSO}/Jobs", None),
        ("POST", "/v8/Jobs", {"name": "x"}),
        ("POST", f"/v8/Jobs/{CONTOSO}/start", None),
    ):
        with pytest.raises(openapi.Mismatch):
            openapi.check_request(8, method, url, body)
