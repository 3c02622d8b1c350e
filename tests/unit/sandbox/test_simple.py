# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Simple collections: status codes, secrets that are never returned, objects in use, and their switches."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

import pytest
from in_process import Local, generated
from support import openapi

ACCOUNT = {"accountType": "amazonS3Account", "userName": "AKIANEW", "password": "Walnut-Thicket-5520"}
KEY = {"description": "New", "password": "Walnut-Thicket-5520"}
NEW = {"Accounts": ACCOUNT, "EncryptionKeys": KEY}
STATE = {"Accounts": "cloud_accounts", "EncryptionKeys": "encryption_keys"}
#: status codes of a creation and of an edit
STATUSES = {
    ("Accounts", 6): (201, 200),
    ("Accounts", 7): (201, 200),
    ("Accounts", 8): (201, 204),
    ("EncryptionKeys", 6): (200, 200),
    ("EncryptionKeys", 7): (200, 200),
    ("EncryptionKeys", 8): (201, 405),
}


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def state(local: Local, path: str, identifier: str) -> Any:
    found = [entry for entry in local.control("GET", "state")[STATE[path]] if entry["id"] == identifier]
    return found[0] if found else None


@pytest.fixture
def local() -> Local:
    return Local(switches={"leniency": "strict", "log_responses": True})


@pytest.mark.parametrize(("path", "version"), STATUSES)
def test_life(local: Local, path: str, version: int) -> None:
    """Created, read, edited and deleted as documented; a secret is stored as a hash only."""
    created, edited = STATUSES[path, version]
    reply = local.call("POST", path, NEW[path], version)
    assert reply.status == created
    made = reply.body
    assert local.get(f"{path}/{made['id']}", version) == made
    assert made in local.get(path, version)
    assert isinstance(local.get(path, version), list), "an array in every version"
    assert state(local, path, made["id"])["secret"] == digest("Walnut-Thicket-5520")

    change = {"description": "Other"}
    if path == "EncryptionKeys":
        change.update(oldPassword="Walnut-Thicket-5520", newPassword="Hazel-Ford-1187")
    else:
        change.update(password="Hazel-Ford-1187")
    assert local.call("PUT", f"{path}/{made['id']}", change, version).status == edited
    if edited < 400:
        now = state(local, path, made["id"])
        assert (now["description"], now["secret"]) == ("Other", digest("Hazel-Ford-1187"))

    assert local.call("DELETE", f"{path}/{made['id']}", version=version).status == 204
    assert state(local, path, made["id"]) is None
    assert local.call("GET", f"{path}/{made['id']}", version=version).status == 404
    everything = json.dumps(local.control("GET", "requests")) + json.dumps(local.control("GET", "state"))
    assert "Walnut" not in everything and "Hazel" not in everything, "a secret in the log or the state"
    for entry in local.control("GET", "requests") if os.environ.get(openapi.VARIABLE) else ():
        if entry["method"] in ("POST", "GET") and entry["status"] < 300 and not entry["token_call"]:
            openapi.check_response(version, entry["method"], entry["path"], entry["status"], entry["response"])


@pytest.mark.parametrize("path", NEW)
def test_what_is_needed_and_what_nobody_knows(local: Local, path: str) -> None:
    for key in NEW[path]:
        left = {name: value for name, value in NEW[path].items() if name != key}
        expected = 201 if (path, key) == ("EncryptionKeys", "description") else 400
        assert local.call("POST", path, left).status == expected, key
    assert local.call("POST", path, {**NEW[path], "unknown": 1}).status == 400
    assert local.call("POST", path, {**NEW[path], "password": 1}).status == 400
    nowhere = {**NEW[path], "organizationId": "11111111-1111-4111-8111-111111111111"}
    assert local.call("POST", path, nowhere).status == 400
    assert local.call("POST", path, nowhere, version=7).status == 400, "organizationId is new in v8"
    if path == "Accounts":
        assert local.call("POST", path, {**ACCOUNT, "accountType": "AmazonS3Account"}).status == 400, "camel case"


@pytest.mark.parametrize("version", [6, 8])
def test_what_is_in_use_stays(local: Local, version: int) -> None:
    for path, used, free in (
        ("Accounts", "AKIAEXAMPLEFRANKFURT", "contosobackup"),
        ("EncryptionKeys", "Frankfurt", "Not in"),
    ):
        key = "userName" if path == "Accounts" else "description"
        entries = {entry[key]: entry["id"] for entry in local.get(path, version)}
        mine = {name: identifier for name, identifier in entries.items() if name.startswith((used, free))}
        statuses = {
            name[:5]: local.call("DELETE", f"{path}/{identifier}", version=version).status
            for name, identifier in mine.items()
        }
        assert statuses == {used[:5]: 409 if version >= 8 else 500, free[:5]: 204}


def test_filters(local: Local) -> None:
    assert [row["userName"] for row in local.get("Accounts?name=akia*")] == ["AKIAEXAMPLEFRANKFURT"]
    assert [row["userName"] for row in local.get("Accounts?accountType=azureBlobAccount")] == ["contosobackup"]
    assert [row["description"] for row in local.get("EncryptionKeys?description=not*")] == ["Not in use"]
    organization = local.results("Organizations")[0]["id"]
    assert local.get(f"Accounts?organizationId={organization}") == []
    made = local.call("POST", "Accounts", {**ACCOUNT, "organizationId": organization}).body
    assert [row["id"] for row in local.get(f"Accounts?organizationId={organization}")] == [made["id"]]
    assert "organizationId" not in local.get(f"Accounts/{made['id']}", 7)


def test_object_storage_up_to_v7(local: Local) -> None:
    account = next(row["id"] for row in local.get("Accounts") if row["userName"].startswith("AKIA"))
    storages = local.get("ObjectStorageRepositories", 7)
    assert {row["name"] for row in storages if row.get("accountId") == account} == {
        "repo-s3-01 storage",
        "repo-s3-copy storage",
    }
    assert {row["id"] for row in storages} == {
        row["objectStorageId"] for row in local.get("BackupRepositories", 7) if "objectStorageId" in row
    }
    assert local.get(f"ObjectStorageRepositories/{storages[0]['id']}", 7) == storages[0]
    assert len(local.get("ObjectStorageRepositories?longTerm=true", 7)) == 1


def test_switches(local: Local) -> None:
    def switch(**values: Any) -> None:
        local.control("PATCH", "switches", values)

    switch(same_identity="reject")
    assert local.call("POST", "Accounts", ACCOUNT).status == 201
    assert local.call("POST", "Accounts", ACCOUNT).status == 409
    switch(same_identity="accept")
    made = local.call("POST", "Accounts", ACCOUNT).body

    one = f"Accounts/{made['id']}"
    assert local.call("PUT", one, {"userName": "OTHER"}).status == 400
    switch(immutable_change="ignore")
    assert local.call("PUT", one, {"userName": "OTHER"}).status == 204
    assert local.get(one)["userName"] == "AKIANEW"

    switch(account_secret="old_and_new")
    assert local.call("PUT", one, {"password": "x"}, 7).status == 400
    assert local.call("PUT", one, {"oldPassword": "wrong", "newPassword": "x"}, 7).status == 500
    both = {"oldPassword": ACCOUNT["password"], "newPassword": "Hazel-Ford-1187"}
    assert local.call("PUT", one, both, 7).status == 200
    assert state(local, "Accounts", made["id"])["secret"] == digest("Hazel-Ford-1187")
    assert local.call("PUT", one, {"password": "y"}).status == 204, "v8 has one key for it"

    key = local.call("POST", "EncryptionKeys", KEY, 7).body["id"]
    switch(legacy_on_8="404")
    assert local.call("GET", "ObjectStorageRepositories", version=7).status == 404
    assert local.call("PUT", f"EncryptionKeys/{key}", {"description": "x"}, 7).status == 404


def test_generated_servers_have_an_account_and_a_key() -> None:
    local = generated()
    assert len(local.get("Accounts")) == len(local.get("EncryptionKeys")) == 1
    used = [row for row in local.results("BackupRepositories") if row.get("encryptionKeyId")]
    assert len(used) == 2
