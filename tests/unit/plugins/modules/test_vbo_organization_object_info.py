# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(vbo_organization_object_info): users, groups, sites and teams on every API version."""

from __future__ import annotations

import typing as t

import pytest

from ...support.tasks import Tasks

MODULE = "vbo_organization_object_info"
CONTOSO = "contoso.onmicrosoft.com"
CONTOSO_ID = "8d1f2b4e-6c3a-4f57-9a0e-2b7c5d914e60"
KINDS = {"user": ("users", "name"), "group": ("groups", "name"), "site": ("sites", "url"), "team": ("teams", "mail")}

one_host = pytest.mark.parametrize("host", ["controller"])


def kinds(tasks: Tasks) -> list[str]:
    return [kind for kind in KINDS if kind != "team" or tasks.number >= 5]


def truth(tasks: Tasks, kind: str, personal: bool = False) -> set[str]:
    """Return the objects of the tenant, by the name that people know."""
    collection, key = KINDS[kind]
    contoso = next(entry for entry in tasks.server.state()["organizations"] if entry["name"] == CONTOSO)
    return {thing[key] for thing in contoso[collection] if personal or not thing.get("is_personal")}


def found(tasks: Tasks, kind: str, **options: t.Any) -> list[str]:
    """Return the results of the module, by the same name."""
    result = tasks.run(MODULE, organization=CONTOSO, type=kind, **options)
    assert (result["changed"], result["api_version"]) == (False, tasks.version)
    return [thing[KINDS[kind][1]] for thing in result["objects"]]


def test_every_type(tasks: Tasks) -> None:
    """All objects of each type, ordered by name, whatever the terms of the version are."""
    for kind in kinds(tasks):
        there = found(tasks, kind)
        assert len(there) == len(set(there))
        assert set(there) == truth(tasks, kind)
        if kind in ("user", "group"):
            assert there == sorted(there, key=str.casefold)
        assert tasks.server.writes() == []
    (cfo,) = tasks.run(MODULE, organization=CONTOSO_ID, type="user", name="cfo@contoso.com")["objects"]
    assert (cfo["display_name"], cfo["type"]) == ("Carla Ferro", "user")
    assert cfo["id"] and not [key for key in cfo if key.startswith("_")]
    (group,) = tasks.run(MODULE, organization=CONTOSO_ID, type="group", name="everyone@*")["objects"]
    assert group["type"] == "dynamic_distribution"


@pytest.mark.parametrize("version", ["v3", "v4"])
def test_teams_of_old_versions(tasks: Tasks) -> None:
    """Teams exist from v5 on; the error names the option, and no team is requested."""
    result = tasks.fails(MODULE, organization=CONTOSO, type="team")
    assert result["msg"].startswith("type: ") and "v5" in result["msg"] and tasks.version in result["msg"]
    assert (result["error"]["code"], result["error"]["option"]) == ("Unsupported", "type")
    assert tasks.server.log() == [], "it can be known before any request"


@one_host
def test_personal_sites(tasks: Tasks) -> None:
    """Only on request."""
    assert not [url for url in found(tasks, "site") if "/personal/" in url]
    assert set(found(tasks, "site", personal_sites=True)) == truth(tasks, "site", personal=True)
    assert any("/personal/cfo" in url for url in found(tasks, "site", personal_sites=True, name="*/personal/*"))


@pytest.mark.parametrize("version", ["v3", "v8"])
@one_host
def test_patterns(tasks: Tasks) -> None:
    """Name, display name, mail, title or address; any case; only V(*) and V(?) are special."""
    assert found(tasks, "user", name="CARLA*") == ["cfo@contoso.com"]
    assert found(tasks, "user", name="c?o@contoso.com") == ["ceo@contoso.com", "cfo@contoso.com"]
    assert found(tasks, "user", name="cfo") == [], "a pattern fits whole names"
    assert found(tasks, "user", name="c[ef]o@contoso.com") == []
    assert found(tasks, "group", name="Finance") == ["finance@contoso.com"]
    assert found(tasks, "site", name="apollo") == ["https://contoso.sharepoint.com/sites/projects/apollo"]
    assert sorted(found(tasks, "site", name="*/sites/FINANCE*")) == [
        "https://contoso.sharepoint.com/sites/finance",
        "https://contoso.sharepoint.com/sites/finance/budget",
    ]
    if tasks.number >= 5:
        assert found(tasks, "team", name="project*") == ["project-apollo@contoso.com"]


@one_host
@pytest.mark.parametrize("set_id", [True, False])
def test_more_than_a_page(tasks: Tasks, set_id: bool) -> None:
    """Forty users in pages of seven; if the answer has a set, the next request names it."""
    tasks.server.switch(page_size_max=7, set_id=set_id, v8_next_links_v7=True)
    assert set(found(tasks, "user")) == truth(tasks, "user")
    pages = [entry["query"] for entry in tasks.server.log() if entry["path"].endswith("/Users")]
    # without a set, each page begins with the last entry of the previous one
    assert len(pages) == (6 if set_id else 7) and len(truth(tasks, "user")) == 41
    assert [("setId=" in query) for query in pages] == [False, *[set_id] * (len(pages) - 1)]
    assert {entry["version"] for entry in tasks.server.log()} == {tasks.version}


@pytest.mark.parametrize("version", ["v3", "v6", "v8"])
@one_host
def test_thousands(tasks: Tasks) -> None:
    """Three thousand users are read with a handful of requests."""
    state = tasks.server.state()
    contoso = next(entry for entry in state["organizations"] if entry["name"] == CONTOSO)
    contoso["users"] = [f"User {number:05d}" for number in range(3000)]
    state["jobs"], state["copy_jobs"], state["sessions"] = [], [], []
    tasks.server.replace(state)
    tasks.server.forget()
    result = tasks.raw(MODULE, organization=CONTOSO, type="user")
    assert len({user["id"] for user in result["objects"]}) == 3000
    assert len([entry for entry in tasks.server.log() if entry["path"].endswith("/Users")]) <= 4


@pytest.mark.parametrize("version", ["v4", "v6", "v8"])
@one_host
@pytest.mark.parametrize(
    "switches",
    [{"extra_fields": True}, {"null_instead_of_missing": True}, {"set_id": True}],
    ids=lambda switches: next(iter(switches)),
)
def test_what_servers_may_do(tasks: Tasks, switches: dict[str, t.Any]) -> None:
    """No variant makes a difference."""
    tasks.server.switch(**switches)
    for kind in kinds(tasks):
        assert set(found(tasks, kind)) == truth(tasks, kind)


def test_unknown_organization(tasks: Tasks) -> None:
    """Similar names are listed; if there are none, all names are."""
    near = tasks.fails(MODULE, organization="contosso.onmicrosoft.com", type="user")
    assert "organization 'contosso.onmicrosoft.com' does not exist" in near["msg"]
    assert f"Did you mean '{CONTOSO}'" in near["msg"]
    assert near["error"]["message"]
    far = tasks.fails(MODULE, organization="zzz", type="user")
    assert f"Available: '{CONTOSO}'" in far["msg"]


def test_the_office_name_will_do(v8: Tasks) -> None:
    """Any name of the organization is accepted."""
    v8.server.switch(organization_name="display")
    for name in ("Contoso", "CONTOSO.onmicrosoft.com", CONTOSO_ID.upper()):
        assert len(v8.run(MODULE, organization=name, type="team")["objects"]) == 6
