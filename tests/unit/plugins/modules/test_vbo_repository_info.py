# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(vbo_repository_info) on every API version."""

from __future__ import annotations

import typing as t

import pytest

from ...support.tasks import Tasks

MODULE = "vbo_repository_info"
FRA_01 = "c2a7e5d1-0b94-4c1e-8f36-7d5a1e90b243"
PROXY_01 = "3b6d80f4-1c9e-4a75-8e2d-f59a07c4b611"
POOL = "d7c1e4b9-2f60-4b83-95aa-1e8c3d7f6042"
NAMES = ["repo-east-01", "repo-fra-01", "repo-fra-02", "repo-glacier", "repo-pool-01", "repo-s3-01", "repo-s3-copy"]

one_host = pytest.mark.parametrize("host", ["controller"])


def names(result: dict[str, t.Any]) -> list[str]:
    return [repository["name"] for repository in result["repositories"]]


def test_what_is_returned(tasks: Tasks) -> None:
    """Every repository with its retention, without links; never a change."""
    before = tasks.server.state()
    result = tasks.run(MODULE)
    assert (result["changed"], result["api_version"]) == (False, tasks.version)
    assert names(result) == NAMES
    by_name = {repository["name"]: repository for repository in result["repositories"]}
    disk = by_name["repo-fra-01"]
    assert {key: disk[key] for key in ("id", "retention_type", "retention_period_type", "yearly_retention_period")} == {
        "id": FRA_01,
        "retention_type": "item_level",
        "retention_period_type": "yearly",
        "yearly_retention_period": "years3",
    }
    assert (disk["capacity_bytes"], disk["proxy_id"]) == (1099511627776, PROXY_01)
    assert by_name["repo-fra-02"]["retention_type"] == "snapshot_based"
    assert by_name["repo-fra-02"]["daily_retention_period"] == 90
    assert "path" not in by_name["repo-s3-01"]
    assert ("is_long_term" in disk) is (tasks.number >= 6)
    assert by_name["repo-pool-01"].get("proxy_pool_id") == (POOL if tasks.number >= 8 else None)
    if tasks.number >= 8:
        assert by_name["repo-s3-copy"]["object_storage"]["enable_immutability"] is True
    assert not [key for repository in result["repositories"] for key in repository if key.startswith("_")]
    assert tasks.server.state() == before and tasks.server.writes() == []


@one_host
def test_filters(tasks: Tasks) -> None:
    """By name or id in any case; no match is an empty list."""
    for options in ({"name": "REPO-fra-01"}, {"id": FRA_01.upper()}, {"name": "repo-fra-01", "id": FRA_01}):
        assert names(tasks.run(MODULE, **options)) == ["repo-fra-01"]
    assert names(tasks.run(MODULE, name="repo-fra")) == []
    assert names(tasks.run(MODULE, id=POOL)) == []
    assert names(tasks.run(MODULE, name="repo-s3-01", id=FRA_01)) == []


@one_host
def test_more_than_a_page(tasks: Tasks) -> None:
    """Short pages are read to the end and their links are not followed to another version."""
    state = tasks.server.state()
    state["repositories"] += [
        {"id": f"00000000-0000-4000-8000-{number:012d}", "name": f"repo-x-{number:02d}", "proxy": PROXY_01}
        for number in reversed(range(40))
    ]
    tasks.server.replace(state)
    tasks.server.switch(page_size_max=15, v8_next_links_v7=True, set_id=True)
    assert names(tasks.run(MODULE)) == NAMES + [f"repo-x-{number:02d}" for number in range(40)]
    assert {entry["version"] for entry in tasks.server.log()} == {tasks.version}
    lists = [entry for entry in tasks.server.log() if entry["path"].endswith("/BackupRepositories")]
    assert len(lists) == (4 if tasks.number >= 8 else 1)


@pytest.mark.parametrize("version", ["v4", "v6", "v8"])
@one_host
@pytest.mark.parametrize("switch", ["extra_fields", "null_instead_of_missing", "set_id", "v8_next_links_v7"])
def test_what_servers_may_do(tasks: Tasks, switch: str) -> None:
    """No variant makes a difference."""
    expected = tasks.run(MODULE)["repositories"]
    tasks.server.switch(**{switch: True})
    found = tasks.run(MODULE)["repositories"]
    assert [{key: entry[key] for key in known} for entry, known in zip(found, expected, strict=True)] == expected
