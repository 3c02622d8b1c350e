# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Items of jobs, and copy jobs."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from sandbox_client import CONTOSO, Client, Sandbox, create, user

ALL = [3, 4, 5, 6, 7, 8]
FINANCE = "51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95"
TENANT = "2c8b6f15-47da-4e90-93b7-d10e5a68f3c4"
EVERYTHING = "8f5a1d3e-b276-4c09-ae41-3f7d9c0b52e8"
STALE = "6d41f8a3-c95e-4b07-a2f6-08b3d7e15c9a"
COPY = "a9d3f6b2-7e15-48c0-9b64-0c1f8e5d2a37"
STORAGE = "f04b9a6c-35d2-4e8b-a1c7-90de2f6b7718"
COPY_TARGET = "7e3c5b20-9a64-4f1d-b8e7-06c2d5f9a143"
ARCHIVE = "b51e7d94-0c38-4a6f-92d5-e84f1a7c3062"
POOL_STORAGE = "0d9a62f7-84c1-4e5b-a37d-5b1c8e2f6094"
DISK = "c2a7e5d1-0b94-4c1e-8f36-7d5a1e90b243"


def items(client: Client, job: str = FINANCE, kind: str = "SelectedItems") -> list[dict[str, Any]]:
    return client.results(f"Jobs/{job}/{kind}")


def of_type(entries: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    return next(entry for entry in entries if entry["type"] == kind)


@pytest.mark.parametrize("version", ALL)
def test_flags_per_version(sandbox: Sandbox, version: int) -> None:
    entries = items(sandbox.client(version), EVERYTHING)
    kinds = {entry["type"] for entry in entries}
    assert len(kinds) == (7 if version >= 5 else 6), "older versions know no teams"
    person, group = of_type(entries, "User"), of_type(entries, "Group")
    assert person.get("personalSite" if version >= 6 else "site") is True
    group_site = "groupSite" if version >= 5 else "site"
    assert group.get(group_site) is True and group["memberOnedrive"] is True
    everyone = of_type(entries, "PartialOrganization")
    assert ("sites" in everyone) == (version >= 6) and ("site" in everyone) == (version < 6)
    assert ("teams" in everyone) == (version >= 5) and ("teamsChats" in everyone) == (version >= 6)
    if version >= 5:
        team = of_type(entries, "Team")
        assert ("chats" in team) == (version == 6) and ("teamsChats" in team) == (version >= 7)
    assert everyone["id"] == "c37da450-6c4b-48c4-87e2-cc557ef5d897" + CONTOSO
    assert person["id"] == "2b38d840-8098-4614-b369-ebce33f9b2c7" + person["user"]["id"]
    assert of_type(entries, "OneDriveFolders")["folders"] == ["Reports", "Archive/2025"]


def test_v5_on_product_5_says_site(sandbox: Sandbox) -> None:
    group = of_type(items(sandbox.client(5, "five"), EVERYTHING), "Group")
    assert group["site"] is True and "groupSite" not in group


@pytest.mark.parametrize("version", ALL)
def test_add_edit_remove(sandbox: Sandbox, version: int) -> None:
    client = sandbox.client(version)
    path = f"Jobs/{FINANCE}/SelectedItems"
    body = {"type": "User", "user": user(client), "mailbox": True}
    assert client.call("POST", path, json=body).status_code == 400
    assert client.call("POST", path, json=[body]).status_code == (204 if version >= 6 else 200)
    assert len(items(client)) == 3
    item = next(entry for entry in items(client) if entry.get("user", {}).get("name") == "yara.osman@contoso.com")
    one = f"{path}/{quote(item['id'], safe='')}"
    assert client.get(one) == item
    reply = client.call("PUT", one, json={**body, "mailbox": False, "oneDrive": True})
    assert reply.status_code == (204 if version >= 6 else 200)
    assert client.get(one)["oneDrive"] is True and client.get(one)["mailbox"] is False
    many = f"{path}?ids={quote(item['id'], safe='')}"
    right, wrong = (one, many) if version == 3 else (many, one)
    assert client.call("DELETE", wrong).status_code == 405
    assert client.call("DELETE", right).status_code == (204 if version >= 5 else 200)
    assert len(items(client)) == 2


def test_delete_items_form(sandbox: Sandbox) -> None:
    for form, by_ids, by_path in (("ids", True, False), ("path", False, True), ("both", True, True)):
        for use_ids, expected in ((True, by_ids), (False, by_path)):
            sandbox.reset()
            sandbox.switch(delete_items_form=form)
            client = sandbox.client(4)
            text = quote(items(client)[0]["id"], safe="")
            path = f"Jobs/{FINANCE}/SelectedItems" + (f"?ids={text}" if use_ids else f"/{text}")
            assert client.call("DELETE", path).ok is expected, (form, use_ids)


def test_body_form_of_v8(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    ids = [items(client)[0]["id"]]
    assert client.call("DELETE", f"Jobs/{FINANCE}/SelectedItems", json=ids).status_code == 204
    excluded = [items(client, FINANCE, "ExcludedItems")[0]["id"]]
    assert client.call("DELETE", f"Jobs/{FINANCE}/ExcludedItems", json=excluded).status_code == 400
    assert client.call("DELETE", f"Jobs/{FINANCE}/ExcludedItems?ids={quote(excluded[0])}").status_code == 204
    assert sandbox.client(7).call("DELETE", f"Jobs/{EVERYTHING}/SelectedItems", json=ids).status_code == 400


def test_last_item(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    ids = ",".join(quote(item["id"]) for item in items(client))
    assert client.call("DELETE", f"Jobs/{FINANCE}/SelectedItems?ids={ids}").status_code == 400
    sandbox.switch(remove_last_item="accept")
    assert client.call("DELETE", f"Jobs/{FINANCE}/SelectedItems?ids={ids}").status_code == 204


def test_duplicates_and_overlap(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    cfo = {"type": "User", "user": user(client, "cfo@contoso.com"), "oneDrive": True}
    path = f"Jobs/{FINANCE}/SelectedItems"
    assert client.call("POST", path, json=[cfo]).status_code == 409
    assert client.call("POST", f"Jobs/{FINANCE}/ExcludedItems", json=[cfo]).status_code == 400
    sandbox.switch(duplicate_item="replace")
    assert client.call("POST", path, json=[cfo]).status_code == 204
    assert of_type(items(client), "User")["mailbox"] is False


def test_reference_to_an_object(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    path = f"Jobs/{FINANCE}/SelectedItems"
    body = [{"type": "User", "user": {"id": user(client)["id"]}, "mailbox": True}]
    assert client.call("POST", path, json=body).status_code == 400
    sandbox.switch(item_object="id")
    assert client.call("POST", path, json=body).status_code == 204
    old_form = user(sandbox.client(6), "ceo@contoso.com")
    assert client.call("POST", path, json=[{"type": "User", "user": {"id": old_form["id"]}}]).status_code == 400


def test_stale_item(sandbox: Sandbox) -> None:
    for version in ALL:
        client = sandbox.client(version)
        entries = items(client, STALE)
        stale = next(entry for entry in entries if entry["user"]["name"] == "former.employee@contoso.com")
        assert client.call("GET", f"Organizations/{CONTOSO}/Users/{stale['user']['id']}").status_code == 404
        query = "?skipItemUpdate=true" if version >= 8 else ""
        reply = client.call("PUT", f"Jobs/{STALE}{query}", json={"selectedItems": entries})
        assert reply.ok, reply.text
        assert len(items(client, STALE)) == 2
        if version >= 8:
            assert client.call("PUT", f"Jobs/{STALE}", json={"selectedItems": entries}).status_code == 400


def test_group_mailbox_key(sandbox: Sandbox) -> None:
    for key in ("mailbox", "mail"):
        sandbox.switch(group_mailbox_key=key)
        assert of_type(items(sandbox.client(3)), "Group")[key] is True
        assert of_type(items(sandbox.client(5)), "Group")["mailbox"] is True


def test_entire_organization(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    (row,) = items(client, TENANT)
    assert row["type"] == "PartialOrganization"
    sandbox.switch(entire_organization_row=False)
    assert items(client, TENANT) == []
    assert items(sandbox.client(7), TENANT) == []
    body = [{"type": "User", "user": user(client), "mailbox": True}]
    assert client.call("POST", f"Jobs/{TENANT}/SelectedItems", json=body).status_code == 400
    assert client.call("POST", f"Jobs/{TENANT}/ExcludedItems", json=body).status_code == 204


def copy_body(version: int, job: str, repository: str) -> dict[str, Any]:
    body = {"backupJobId": job, "repositoryId": repository}
    return {**body, "organizationId": CONTOSO} if version >= 8 else body


@pytest.mark.parametrize("version", [6, 7, 8])
def test_copy_jobs(sandbox: Sandbox, version: int) -> None:
    client = sandbox.client(version)
    refused = 409 if version >= 8 else 500
    wrong = 400 if version >= 8 else 500

    def add(job: str, repository: str) -> Any:
        return client.call("POST", "CopyJobs", json=copy_body(version, job, repository))

    assert client.call("DELETE", f"Jobs/{EVERYTHING}").status_code == refused
    assert add(EVERYTHING, COPY_TARGET).status_code == refused
    assert add(FINANCE, COPY_TARGET).status_code == wrong
    job = create(client, repositoryId=STORAGE).json()
    for target in (STORAGE, DISK, POOL_STORAGE, CONTOSO):
        assert add(job["id"], target).status_code == wrong
    reply = add(job["id"], ARCHIVE)
    assert reply.status_code == (201 if version >= 8 else 200)
    copy = reply.json()
    assert copy["name"].startswith("Fresh") and copy["schedulePolicy"]["type"] == "Immediate"
    assert client.get(f"Jobs/{job['id']}/CopyJob")["id"] == copy["id"]
    client.call("PUT", f"Jobs/{job['id']}", json={"name": "Other"})
    path = f"CopyJobs/{copy['id']}"
    assert client.get(path)["name"].startswith("Other")
    bad = {"schedulePolicy": {"type": "Daily", "dailyTime": "10:00:00"}}
    good = {"schedulePolicy": {"type": "DailyAtTime", "dailyTime": "10:00:00"}}
    assert client.call("PUT", path, json=bad).status_code == 400
    assert client.call("PUT", path, json=good).status_code == 204
    assert "nextRun" in client.get(path)
    assert client.call("PUT", path, json={"schedulePolicy": {"dailyTime": "11:00:00"}}).status_code == 400
    assert client.call("PUT", path, json={"backupJobId": FINANCE}).status_code == wrong
    start = client.call("POST", f"{path}/start", json={"full": False} if version == 6 else None)
    assert start.status_code == (200 if version >= 8 else 204)
    sandbox.switch(delete_running="accept")
    assert client.call("DELETE", path).status_code == 204
    assert client.call("DELETE", f"Jobs/{job['id']}").status_code == 204


def test_no_copy_job(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    assert client.call("GET", f"Jobs/{FINANCE}/CopyJob").status_code == 404
    sandbox.switch(unknown_copy_job="204")
    assert client.call("GET", f"Jobs/{FINANCE}/CopyJob").status_code == 204
    assert client.get(f"CopyJobs/{COPY}/BackupJob")["id"] == EVERYTHING
