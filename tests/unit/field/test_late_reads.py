# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers that show a write late, or settings of other schedule types: nothing is lost, results are predicted."""

from __future__ import annotations

import typing as t

import pytest

from ..plugins.conftest import QUICK, VERSIONS
from ..support.full import ends
from ..support.sandbox import Server
from ..support.tasks import Tasks

JOB = {"name": "Finance mail", "organization": "contoso.onmicrosoft.com"}
#: options of one task, and the number of its writes
EDITS: list[tuple[dict[str, t.Any], int]] = [
    ({"enabled": False, "repository": "repo-fra-02"}, 2),
    ({"enabled": True, "description": "on again"}, 2),
    ({"excluded_items": [], "description": "no exclusions"}, 2),
    ({"schedule_policy": {"daily_time": "04:00"}}, 1),
    ({"excluded_items": [{"type": "user", "name": "alex.rivera@contoso.com"}], "description": "one exclusion"}, 2),
    ({"excluded_items": [], "enabled": False, "description": "off"}, 3),
]
UNTOUCHED = ("description", "schedule_policy", "selected_items", "excluded_items", "repository", "is_enabled", "name")
CHANGES = {"enabled": "is_enabled"}


def truth(server: Server) -> dict[str, t.Any]:
    """Return the job on the server; the state omits default values."""
    usual = {"description": "", "is_enabled": True, "excluded_items": []}
    return {**usual, **(server.job(JOB["name"]) or {})}


@pytest.mark.parametrize("version", ends(["v3", "v5", "v8"]))
@pytest.mark.parametrize(
    "late", [{"enable_delay": 0.5}, {"old_reads": 0.4}, {"enable_delay": 0.5, "old_reads": 0.4}], ids=str
)
def test_late_is_not_lost(server: Server, version: str, late: dict[str, float]) -> None:
    """No warning, no unnecessary write, and other settings stay unchanged."""
    server.reset((version,), **QUICK, **late)
    tasks = Tasks(server, version, "controller")
    edits = EDITS if late == {"old_reads": 0.4} else EDITS[:2]
    for options, writes in edits:
        before = truth(server)
        if options.get("enabled") is not None:
            assert before["is_enabled"] != options["enabled"]
        server.forget()
        result = tasks.raw("vbo_job", **JOB, **options)
        assert result["changed"] and not result.get("warnings"), result.get("msg", result.get("warnings"))
        assert len(server.writes()) == writes, server.writes()
        after = truth(server)
        mentioned = {CHANGES.get(option, option) for option in options}
        for field in UNTOUCHED:
            assert (after[field] == before[field]) == (field not in mentioned), field


@pytest.mark.parametrize("late", [{}, {"old_reads": 0.4}, {"old_reads": 0.4, "enable_delay": 0.5}], ids=str)
def test_what_is_lost_is_put_back(server: Server, late: dict[str, float]) -> None:
    """On a server that replaces whole jobs and shows that late."""
    server.reset(("v8",), **QUICK, **late, full_put=True)
    tasks = Tasks(server, "v8", "controller")
    before = truth(server)
    assert before["description"] and before["excluded_items"]
    for options in ({"repository": "repo-fra-02"}, {"enabled": False, "repository": "repo-fra-01"}):
        result = tasks.raw("vbo_job", **JOB, **options)
        assert not result.get("failed"), result["msg"]
        assert "have been restored" in result["warnings"][0]
        after = truth(server)
        for field in ("description", "schedule_policy", "selected_items", "excluded_items"):
            assert after[field] == before[field], field
    assert after["is_enabled"] is False


def test_new_and_deleted_jobs_are_shown_late(server: Server) -> None:
    server.reset(("v8",), **QUICK, old_reads=0.4)
    tasks = Tasks(server, "v8", "controller")
    new = {"name": "Late", "organization": "fabrikam.onmicrosoft.com", "repository": "repo-east-01"}
    for given in ({"state": "present", "backup_type": "entire_organization", "enabled": False}, {"state": "absent"}):
        result = tasks.raw("vbo_jobs", jobs=[{**new, **given}], max_parallel=4)
        assert result["changed"] and not result.get("failed"), result
        assert (server.job("Late") is not None) == (given["state"] == "present")


# --- servers that send the keys of every type of schedule -------------------------------------------------------------

#: one after another; each must be returned as predicted
POLICIES: list[dict[str, t.Any]] = [
    {
        "type": "daily",
        "daily_time": "22:00",
        "backup_window": ["Mon-Fri 19:00-07:00"],
        "backup_window_minute_offset": 15,
    },
    {"backup_window_enabled": False},
    {"backup_window": ["Sat"]},
    {"backup_window": []},
    {"backup_window_enabled": True},
    {"retry_enabled": True, "retry_number": 7, "retry_wait_interval": 44},
    {"retry_enabled": False},
    {"retry_enabled": True},
    {"type": "periodically", "periodically_every": "hours4"},
    {"periodically_every": "minutes5"},
    {"periodically_every": "hours2"},
    {"type": "daily", "daily_time": "23:00"},
    {"type": "periodically", "periodically_every": "hours1"},
]
SINCE_5 = [{"schedule_enabled": False}, {"schedule_enabled": True}]
#: settings that only a server with all keys returns; a disabled schedule has no type then
UNKNOWN = ({"backup_window_enabled": True}, {"schedule_enabled": True})
SINCE_6: list[dict[str, t.Any]] = [
    {"periodically_offset_minutes": 20, "periodically_window": ["Mon-Fri 06:00-22:00"]},
    {"periodically_window": []},
    {"periodically_window": ["Sat,Sun"], "periodically_window_minute_offset": 30},
    {"type": "daily", "daily_time": "21:00"},
    {"type": "periodically", "periodically_every": "hours8"},
    {"periodically_window": ["Mon-Fri 06:00-22:00"]},
]


@pytest.mark.parametrize("version", ends(VERSIONS))
@pytest.mark.parametrize("every_key", [False, True])
def test_the_very_job_is_predicted(server: Server, version: str, every_key: bool) -> None:
    server.reset((version,), **QUICK, all_schedule_keys=every_key)
    tasks = Tasks(server, version, "controller")
    policies = [*POLICIES, *(SINCE_6 if tasks.number >= 6 else ()), *(SINCE_5 if tasks.number >= 5 else ())]
    for policy in policies:
        predicted = tasks.raw("vbo_job", check=True, **JOB, schedule_policy=policy)
        result = tasks.raw("vbo_job", **JOB, schedule_policy=policy)
        if policy in UNKNOWN and result.get("failed"):
            assert not every_key or "backup_window_enabled" not in policy
            assert predicted.get("failed") and predicted["msg"] == result["msg"], policy
            continue
        assert not result.get("failed"), (policy, result["msg"])
        for found in (predicted, result):
            found["job"].pop("status")
        assert {key: predicted[key] for key in ("job", "changes")} == {key: result[key] for key in ("job", "changes")}
        assert not tasks.raw("vbo_job", **JOB, schedule_policy=policy)["changed"], policy


@pytest.mark.parametrize("version", ["v6", "v8"])
@pytest.mark.parametrize("every_key", [False, True])
def test_copy_jobs_too(server: Server, version: str, every_key: bool) -> None:
    server.reset((version,), **QUICK, all_schedule_keys=every_key)
    tasks = Tasks(server, version, "controller")
    (copy, *_others) = tasks.raw("vbo_copy_job_info")["copy_jobs"]
    for policy in (
        {"backup_copy_window": ["Mon-Fri 19:00-07:00"], "backup_copy_window_minute_offset": 15},
        {"backup_copy_window": []},
        {"backup_copy_window": ["Sat"]},
        {"backup_copy_window_enabled": False},
        {"type": "daily_at_time", "daily_time": "03:00"},
        {"type": "periodically", "periodically_every": "hours2"},
        {"type": "immediate"},
        *([{"backup_copy_window_enabled": True}] if every_key else []),
    ):
        given = {"job": copy["job"], "organization": copy["organization"], "schedule_policy": policy}
        predicted, result = (tasks.raw("vbo_copy_job", check=check, **given) for check in (True, False))
        assert not result.get("failed"), (policy, result["msg"])
        for found in (predicted, result):
            found["copy_job"].pop("status")
        assert (predicted["copy_job"], predicted["changes"]) == (result["copy_job"], result["changes"]), policy
