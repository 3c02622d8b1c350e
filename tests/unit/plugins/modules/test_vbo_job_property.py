# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From any state to any other: the server then has the declared state, checked independently of the client."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ...support.full import ends
from ...support.sandbox import Sandbox, Server
from ...support.tasks import Tasks
from ..conftest import QUICK, VERSIONS

ORGANIZATION = "fabrikam.onmicrosoft.com"
IDENTITY = {"name": "Any", "organization": ORGANIZATION}
DAILY_TYPES = ["everyday", "workdays", "weekends", "monday", "sunday"]
MASKS = st.lists(st.integers(0, 2**24 - 1), min_size=7, max_size=7)
FLAGS = {
    "user": ("mailbox", "archive_mailbox", "one_drive", "personal_site"),
    "group": ("members", "member_mailbox", "member_onedrive", "mailbox"),
    "site": (),
}


def booleans(days: list[int]) -> list[bool]:
    """Return a window in the form of the API, from one number of 24 bits for each day."""
    return [bool(day >> hour & 1) for day in days for hour in range(24)]


@st.composite
def policies(draw: st.DrawFn, number: int) -> dict[str, t.Any]:
    """Complete schedule policies that a version can hold."""
    kinds = ["daily", "periodically"] + (["off"] if number >= 5 else [])
    kind = draw(st.sampled_from(kinds))
    policy: dict[str, t.Any] = {}
    if kind == "daily":
        time = f"{draw(st.integers(0, 23)):02d}:{draw(st.integers(0, 59)):02d}"
        policy |= {"type": "daily", "daily_type": draw(st.sampled_from(DAILY_TYPES)), "daily_time": time}
    elif kind == "periodically":
        policy |= {
            "type": "periodically",
            "periodically_every": draw(st.sampled_from(["minutes15", "hours1", "hours8"])),
        }
        if number >= 6 and policy["periodically_every"].startswith("hours"):
            policy["periodically_offset_minutes"] = draw(st.integers(0, 59))
            policy["periodically_window"] = draw(st.one_of(st.just([]), MASKS.map(booleans)))
    else:
        policy["schedule_enabled"] = False
    policy["backup_window"] = draw(st.one_of(st.just([]), MASKS.map(booleans)))
    if draw(st.booleans()):
        policy |= {"retry_number": draw(st.integers(1, 777)), "retry_wait_interval": draw(st.integers(1, 999))}
    else:
        policy["retry_enabled"] = False
    return policy


@st.composite
def items(draw: st.DrawFn, names: dict[str, list[str]], least: int) -> list[dict[str, t.Any]]:
    """Some items with some flags each, none twice."""
    everything = [(kind, name) for kind, many in names.items() for name in many]
    chosen = draw(st.lists(st.sampled_from(everything), min_size=least, max_size=5, unique=True))
    result = []
    for kind, name in chosen:
        flags = {flag: draw(st.booleans()) for flag in FLAGS[kind]}
        if flags and not any(flags.values()):
            flags[FLAGS[kind][0]] = True
        result.append({"type": kind, "url" if kind == "site" else "name": name, **flags})
    return result


def expected_policy(policy: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return what the state of the sandbox must contain, for the keys that apply to this policy."""
    truth: dict[str, t.Any] = {"retry_enabled": "retry_number" in policy}
    truth |= {key: policy[key] for key in ("retry_number", "retry_wait_interval") if key in policy}
    for window in ("backup_window", "periodically_window"):
        if window in policy:
            truth[f"{window}_enabled"] = bool(policy[window])
        if policy.get(window):
            days = [policy[window][day * 24 : day * 24 + 24] for day in range(7)]
            truth[window] = ["".join("01"[hour] for hour in day) for day in days]
    if policy.get("type") == "daily":
        truth |= {
            "type": "Daily",
            "daily_type": policy["daily_type"].capitalize(),
            "daily_time": policy["daily_time"] + ":00",
        }
    elif policy.get("type") == "periodically":
        truth |= {"type": "Periodically", "periodically_every": policy["periodically_every"].capitalize()}
        truth |= {key: policy[key] for key in ("periodically_offset_minutes",) if key in policy}
    else:
        truth["schedule_enabled"] = False
    return truth


#: default values, which the state of the sandbox omits
DEFAULTS = {
    "type": "Daily",
    "daily_type": "Everyday",
    "schedule_enabled": True,
    "retry_enabled": False,
    "retry_number": 3,
    "retry_wait_interval": 10,
    "backup_window_enabled": False,
    "periodically_window_enabled": False,
    "periodically_offset_minutes": 0,
}


def holds(actual: dict[str, t.Any], expected: dict[str, t.Any], version: int) -> None:
    """Compare a policy of the server with the expected one."""
    for key, value in expected.items():
        found = actual.get(key, DEFAULTS.get(key))
        if key in ("backup_window", "periodically_window"):
            found = (found or {}).get("hours")
        if version == 6 and key == "periodically_window_enabled" and value is False:
            hours = (actual.get("periodically_window") or {}).get("hours")
            assert not found or hours == ["1" * 24] * 7, "v6 has no switch: all hours are none"
            continue
        if key.endswith("_window") and version == 6 and value == ["1" * 24] * 7:
            continue
        assert found == value, f"{key} should be {value} and is {found}"


def named(server: Server) -> dict[str, list[str]]:
    organization = next(entry for entry in server.state()["organizations"] if entry["name"] == ORGANIZATION)
    return {
        "user": [user["name"] for user in organization["users"][:4]],
        "group": [group["name"] for group in organization["groups"][:2]],
        "site": [site["url"] for site in organization["sites"][:3]],
    }


@pytest.mark.parametrize("version", ends(VERSIONS))
def test_from_any_state_to_any_other(sandbox: Sandbox, version: str) -> None:
    server = sandbox.servers["main"]
    server.reset(VERSIONS, **QUICK)
    tasks = Tasks(server, version, "controller")
    names = named(server)

    @st.composite
    def jobs(draw: st.DrawFn) -> dict[str, t.Any]:
        job: dict[str, t.Any] = {
            "repository": "repo-east-01",
            "description": draw(st.text("abc <>&'\"{}%äß\n", max_size=12)),
            "enabled": draw(st.booleans()),
            "backup_type": draw(st.sampled_from(["entire_organization", "selected_items"])),
            "schedule_policy": draw(policies(tasks.number)),
        }
        selected = draw(items(names, 1))
        keys = {(item["type"], item.get("name") or item.get("url")) for item in selected}
        if job["backup_type"] == "selected_items":
            job["selected_items"] = selected
        excluded = draw(items(names, 0))
        job["excluded_items"] = [
            item for item in excluded if (item["type"], item.get("name") or item.get("url")) not in keys
        ]
        return job

    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
        phases=[Phase.generate],
    )
    @given(before=jobs(), after=jobs())
    def check(before: dict[str, t.Any], after: dict[str, t.Any]) -> None:
        server.reset(VERSIONS, **QUICK)
        tasks.run(warnings=True, **IDENTITY, **before)
        tasks.run(warnings=True, **IDENTITY, **after)
        truth = server.job("Any")
        assert truth is not None
        assert truth.get("description", "") == after["description"]
        assert truth.get("is_enabled", True) == after["enabled"]
        wanted = {"entire_organization": "EntireOrganization", "selected_items": "SelectedItems"}[after["backup_type"]]
        assert truth.get("backup_type", "SelectedItems") == wanted
        holds(truth["schedule_policy"], expected_policy(after["schedule_policy"]), tasks.number)
        for field in ("selected_items", "excluded_items"):
            if field in after:
                assert flags_of(truth[field]) == sorted(
                    (
                        item["type"].capitalize(),
                        sorted(key for key, value in item.items() if value is True),
                    )
                    for item in after[field]
                )
        assert not tasks.run(warnings=True, **IDENTITY, **after)["changed"]
        assert server.writes() == []

    check()


def flags_of(entries: list[dict[str, t.Any]]) -> list[tuple[str, list[str]]]:
    return sorted((entry["type"], sorted(key for key, value in entry.items() if value is True)) for entry in entries)
