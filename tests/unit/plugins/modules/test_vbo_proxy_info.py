# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(vbo_proxy_info): proxies on every API version, pools from v8 on."""

from __future__ import annotations

import typing as t

import pytest

from ...support.tasks import Tasks

MODULE = "vbo_proxy_info"
PROXY_01 = "3b6d80f4-1c9e-4a75-8e2d-f59a07c4b611"
POOL = "d7c1e4b9-2f60-4b83-95aa-1e8c3d7f6042"
NAMES = ["proxy-01.contoso.example", "proxy-02.contoso.example"]

one_host = pytest.mark.parametrize("host", ["controller"])


def names(result: dict[str, t.Any]) -> list[str]:
    return [proxy["host_name"] for proxy in result["proxies"]]


def test_what_is_returned(tasks: Tasks) -> None:
    """Every proxy; the pools where they exist; never a change."""
    before = tasks.server.state()
    result = tasks.run(MODULE)
    assert (result["changed"], result["api_version"]) == (False, tasks.version)
    assert names(result) == NAMES
    first, second = result["proxies"]
    assert (first["id"], first["port"], first["status"]) == (PROXY_01, 9193, "online")
    assert first.get("type") == ("local" if tasks.number >= 6 else None)
    assert (second.get("operating_system"), second.get("proxy_pool_id")) == (
        ("linux", POOL) if tasks.number >= 8 else (None, None)
    )
    if tasks.number >= 8:
        assert first["maintenance_mode_state"] == "disabled"
        assert [(pool["id"], pool["name"]) for pool in result["proxy_pools"]] == [(POOL, "pool-fra")]
    else:
        assert result["proxy_pools"] == []
        assert not [entry for entry in tasks.server.log() if "ProxyPools" in entry["path"]]
    assert not [key for thing in (first, second, *result["proxy_pools"]) for key in thing if key.startswith("_")]
    assert tasks.server.state() == before and tasks.server.writes() == []


@one_host
def test_filters(tasks: Tasks) -> None:
    """By host name or id in any case; no match is an empty list."""
    for options in ({"name": NAMES[0].upper()}, {"id": PROXY_01.upper()}):
        assert names(tasks.run(MODULE, **options)) == NAMES[:1]
    assert names(tasks.run(MODULE, name="proxy-01")) == []
    assert names(tasks.run(MODULE, id=POOL)) == []


@one_host
def test_more_than_a_page(tasks: Tasks) -> None:
    """Proxies and pools in short pages."""
    state = tasks.server.state()
    numbers = range(20)
    state["proxies"] += [
        {"id": f"00000000-0000-4000-8000-{number:012d}", "host_name": f"proxy-x{number:02d}", "status": "Offline"}
        for number in numbers
    ]
    state["proxy_pools"] += [
        {"id": f"00000000-0000-4000-9000-{number:012d}", "name": f"pool-x{number:02d}"} for number in numbers
    ]
    tasks.server.replace(state)
    tasks.server.switch(page_size_max=6, v8_next_links_v7=True, set_id=True)
    result = tasks.run(MODULE)
    assert names(result) == NAMES + [f"proxy-x{number:02d}" for number in numbers]
    assert [proxy["status"] for proxy in result["proxies"]] == ["online"] * 2 + ["offline"] * 20
    if tasks.number >= 8:
        assert {pool["name"] for pool in result["proxy_pools"]} == {"pool-fra", *(f"pool-x{n:02d}" for n in numbers)}
    assert {entry["version"] for entry in tasks.server.log()} == {tasks.version}


@pytest.mark.parametrize("version", ["v4", "v6", "v8"])
@one_host
@pytest.mark.parametrize("switch", ["extra_fields", "null_instead_of_missing", "set_id", "v8_next_links_v7"])
def test_what_servers_may_do(tasks: Tasks, switch: str) -> None:
    """No variant makes a difference."""
    tasks.server.switch(**{switch: True})
    assert names(tasks.run(MODULE)) == NAMES
