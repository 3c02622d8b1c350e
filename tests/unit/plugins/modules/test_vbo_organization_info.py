# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(vbo_organization_info) on every API version."""

from __future__ import annotations

import json
import typing as t

import pytest

from ...support.tasks import Tasks

MODULE = "vbo_organization_info"
CONTOSO_ID = "8d1f2b4e-6c3a-4f57-9a0e-2b7c5d914e60"
CONTOSO = "contoso.onmicrosoft.com"
FABRIKAM = "fabrikam.onmicrosoft.com"

one_host = pytest.mark.parametrize("host", ["controller"])


def names(result: dict[str, t.Any]) -> list[str]:
    return [organization["name"] for organization in result["organizations"]]


def test_what_is_returned(tasks: Tasks) -> None:
    """Every organization, words in place of enum values, without links; never a change and never a secret."""
    before = tasks.server.state()
    result = tasks.run(MODULE)
    assert (result["changed"], result["api_version"]) == (False, tasks.version)
    assert names(result) == [CONTOSO, FABRIKAM]
    contoso = result["organizations"][0]
    assert (contoso["id"], contoso["office_name"], contoso["type"]) == (CONTOSO_ID, CONTOSO, "office365")
    assert (contoso["region"], contoso["is_exchange_online"]) == ("worldwide", True)
    assert contoso["exchange_online_settings"]["use_application_only_auth"] is True
    assert ("description" in contoso) is (tasks.number >= 7)
    assert ("is_teams_online" in contoso) is (tasks.number >= 5)
    assert ("msid" in contoso) is (tasks.number >= 8)
    assert not [key for key in contoso if key.startswith("_")]
    text = json.dumps(result["organizations"]).lower()
    assert "password" not in text and "secret" not in text
    assert tasks.server.state() == before


def test_secrets_stay_out(tasks: Tasks) -> None:
    """Even if a server returned them."""
    settings = {
        "applicationId": "an application",
        "applicationSecret": "Harvest-Nine-Lantern",
        "applicationCertificate": "TUlJ-Harvest",
        "applicationCertificatePassword": "Harvest",
        "applicationCertificateThumbprint": "ABCD",
        "password": "Harvest",
    }
    entry = {"id": CONTOSO_ID, "name": CONTOSO, "exchangeOnlineSettings": settings, "_links": {}}
    body = {"offset": 0, "limit": 30, "results": [entry]} if tasks.number >= 8 else [entry]
    rule = {"match": {"method": "GET", "path": "/Organizations$"}, "then": {"status": 200, "body": body}}
    tasks.server.control("PUT", "faults", [rule])
    result = tasks.raw(MODULE)
    tasks.server.control("DELETE", "faults")
    assert "Harvest" not in json.dumps(result)
    assert result["organizations"][0]["exchange_online_settings"] == {
        "application_id": "an application",
        "application_certificate_thumbprint": "ABCD",
    }


@one_host
def test_extended(tasks: Tasks) -> None:
    """Backup times on request only, where the version supports that."""
    plain, extended = (tasks.run(MODULE, extended=choice)["organizations"][0] for choice in (False, True))
    times = {"first_backuptime", "last_backuptime", "is_backedup"}
    assert times <= set(extended)
    assert extended["last_backuptime"] == "2026-02-04T06:29:31.0010008Z"
    assert bool(times & set(plain)) is (tasks.number <= 5)
    tasks.server.forget()
    tasks.raw(MODULE)
    assert "extendedView=true" not in {entry["query"] for entry in tasks.server.log()}


@one_host
def test_filters(tasks: Tasks) -> None:
    """By name, Office name or id, in any case; no match is an empty list."""
    tasks.server.switch(organization_name="display")
    for options in ({"name": CONTOSO.upper()}, {"name": "contoso"}, {"id": CONTOSO_ID.upper()}):
        assert names(tasks.run(MODULE, **options)) == ["Contoso"]
    assert names(tasks.run(MODULE, name="nobody.example")) == []
    assert names(tasks.run(MODULE, id="8d1f2b4e-6c3a-4f57-9a0e-000000000000")) == []
    assert names(tasks.run(MODULE, id=CONTOSO_ID, name=FABRIKAM)) == []


@one_host
def test_more_than_a_page(tasks: Tasks) -> None:
    """Short pages, and links that lead to another version, are read to the end."""
    state = tasks.server.state()
    added = [
        {"id": f"00000000-0000-4000-8000-{number:012d}", "name": f"tenant-{number:02d}.example"} for number in range(35)
    ]
    state["organizations"] += reversed(added)
    tasks.server.replace(state)
    expected = [CONTOSO, FABRIKAM, *(entry["name"] for entry in added)]
    assert names(tasks.run(MODULE)) == expected
    tasks.server.switch(page_size_max=10, v8_next_links_v7=True)
    assert names(tasks.run(MODULE)) == expected
    assert {entry["version"] for entry in tasks.server.log()} == {tasks.version}
    lists = [entry for entry in tasks.server.log() if entry["path"].endswith("/Organizations")]
    assert len(lists) == (5 if tasks.number >= 8 else 1)  # 37 in pages of ten that overlap by one
    assert names(tasks.run(MODULE, name="TENANT-34.example")) == ["tenant-34.example"]


@one_host
@pytest.mark.parametrize(
    "switches",
    [{"extra_fields": True}, {"null_instead_of_missing": True}, {"set_id": True, "page_size_max": 1}],
    ids=lambda switches: next(iter(switches)),
)
def test_what_servers_may_do(tasks: Tasks, switches: dict[str, t.Any]) -> None:
    """Additional fields, nulls and sets make no difference."""
    tasks.server.switch(**switches)
    assert names(tasks.run(MODULE, extended=True)) == [CONTOSO, FABRIKAM]
