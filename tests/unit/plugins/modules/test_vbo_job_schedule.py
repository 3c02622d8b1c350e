# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schedules and windows of C(vbo_job): every type, every change from one type to another, on every version."""

from __future__ import annotations

import typing as t

import pytest

from ...support.tasks import Tasks

CONTOSO = "contoso.onmicrosoft.com"
JOB = {"name": "Finance mail", "organization": CONTOSO}


def policy(tasks: Tasks) -> dict[str, t.Any]:
    """Return the policy on the server."""
    job = tasks.server.job("Finance mail")
    assert job is not None
    return job["schedule_policy"]


def fields(result: dict[str, t.Any]) -> dict[str, tuple[t.Any, t.Any]]:
    return {change["field"]: (change["before"], change["after"]) for change in result["changes"]}


def test_from_daily_to_periodic_and_back(tasks: Tasks) -> None:
    result = tasks.twice(**JOB, schedule_policy={"type": "periodically", "periodically_every": "minutes30"})
    assert fields(result)["schedule_policy.type"] == ("daily", "periodically")
    assert (policy(tasks)["type"], policy(tasks)["periodically_every"]) == ("Periodically", "Minutes30")
    assert len(result["writes"]) == 1

    back = tasks.twice(**JOB, schedule_policy={"type": "daily", "daily_type": "workdays", "daily_time": "21:15"})
    assert back["job"]["schedule_policy"]["type"] == "daily"
    truth = policy(tasks)
    assert truth.get("type", "Daily") == "Daily"
    assert (truth["daily_type"], truth["daily_time"]) == ("Workdays", "21:15:00")
    assert back["job"]["schedule_policy"]["retry_wait_interval"] == 20, "the retries were not mentioned"


def test_periodic_with_offset_and_start_window(tasks: Tasks) -> None:
    given: dict[str, t.Any] = {"type": "periodically", "periodically_every": "hours4"}
    if tasks.number >= 6:
        given |= {"periodically_offset_minutes": 15, "periodically_window": ["Mon-Fri 06:00-22:00"]}
    result = tasks.twice(**JOB, schedule_policy=given)
    shown = result["job"]["schedule_policy"]
    assert (shown["type"], shown["periodically_every"]) == ("periodically", "hours4")
    if tasks.number < 6:
        assert "periodically_window" not in shown
        return
    assert shown["periodically_window"] == ["Mon-Fri 06:00-22:00"]
    assert policy(tasks)["periodically_offset_minutes"] == 15
    assert policy(tasks)["periodically_window"]["hours"][1] == "0" * 6 + "1" * 16 + "0" * 2

    off = tasks.twice(**JOB, schedule_policy={"periodically_window": []})
    assert fields(off)["schedule_policy.periodically_window"] == (["Mon-Fri 06:00-22:00"], None)
    assert off["job"]["schedule_policy"]["periodically_offset_minutes"] == 15


@pytest.mark.parametrize("words", [{"type": "manual_only"}, {"schedule_enabled": False}])
def test_without_schedule(tasks: Tasks, words: dict[str, t.Any]) -> None:
    if tasks.number < 5:
        assert "requires API v5 or later" in tasks.fails(**JOB, schedule_policy=words)["msg"]
        return
    result = tasks.twice(**JOB, schedule_policy=words)
    assert fields(result)["schedule_policy.type"] == ("daily", "manual_only")
    assert policy(tasks)["schedule_enabled"] is False
    assert policy(tasks)["daily_time"] == "22:00:00", "the sleeping schedule is kept"
    assert "type" in tasks.fails(**JOB, schedule_policy={"daily_time": "23:00"})["msg"]

    retries = tasks.twice(**JOB, schedule_policy={"retry_wait_interval": 45})
    assert fields(retries) == {"schedule_policy.retry_wait_interval": (20, 45)}
    assert policy(tasks)["daily_time"] == "22:00:00", "a sleeping schedule that nobody shows is not replaced by a guess"

    awake = tasks.twice(**JOB, schedule_policy={"type": "daily", "daily_time": "22:30"})
    assert awake["job"]["schedule_policy"]["schedule_enabled"] is True
    assert policy(tasks).get("schedule_enabled", True) is True
    assert policy(tasks)["daily_time"] == "22:30:00"


def test_created_without_schedule(tasks: Tasks) -> None:
    job = {
        "name": "On demand 2",
        "organization": "fabrikam.onmicrosoft.com",
        "repository": "repo-east-01",
        "backup_type": "entire_organization",
    }
    if tasks.number >= 5:
        job["schedule_policy"] = {"schedule_enabled": False}
    result = tasks.twice(**job, enabled=False)
    assert result["job"]["enabled"] is False
    assert len(result["writes"]) == (1 if tasks.number >= 6 else 2), "older versions create and disable"
    truth = tasks.server.job("On demand 2")
    assert truth is not None and truth["is_enabled"] is False


def test_switches_follow_from_values(tasks: Tasks) -> None:
    tasks.twice(**JOB, schedule_policy={"backup_window": ["Mon-Fri 19:00-07:00"], "retry_number": 5})
    assert policy(tasks)["backup_window_enabled"] is True
    off = tasks.twice(**JOB, schedule_policy={"backup_window_enabled": False, "retry_enabled": False})
    assert fields(off)["schedule_policy.backup_window"] == (["Mon-Fri 19:00-07:00"], None)
    assert fields(off)["schedule_policy.retry_number"] == (5, None)
    assert "backup_window" not in off["job"]["schedule_policy"]
    tasks.twice(**JOB, schedule_policy={"backup_window": ["Sat"]})
    assert tasks.run(**JOB, schedule_policy={"backup_window": []})["changed"]


def test_any_spelling_of_a_window_is_the_same(tasks: Tasks) -> None:
    tasks.run(**JOB, schedule_policy={"backup_window": ["Mon-Fri 19:00-07:00", "Sat-Sun"]})
    hours = [
        (day in (0, 6)) or (hour >= 19 and 1 <= day <= 5) or (hour < 7 and 2 <= day <= 6)
        for day in range(7)
        for hour in range(24)
    ]
    for same in (
        ["sat , SUNDAY", "monday - friday 19:00-7:00"],
        ["Mon-Thu 19:00-07:00", "Fri 19:00 - Sun 24:00"],
        ["Mon,Tue,Wed,Thu 19:00-07:00", "Fri 19:00 - Mon 00:00"],
        hours,
    ):
        assert not tasks.run(**JOB, schedule_policy={"backup_window": same})["changed"], same


def test_what_is_left_out_stays(tasks: Tasks) -> None:
    before = tasks.server.job("Finance mail")
    assert before is not None
    tasks.twice(**JOB, description="Only this")
    after = tasks.server.job("Finance mail")
    assert after is not None
    before["description"] = "Only this"
    for job in (before, after):
        job.pop("e_tag", None)
    assert after == before


def test_the_minute_offset_is_kept(tasks: Tasks) -> None:
    """Its meaning is unknown, so it is sent back unchanged, and applies only if it is given."""
    state = tasks.server.state()
    job = next(job for job in state["jobs"] if job["name"] == "Finance mail")
    job["schedule_policy"] |= {
        "backup_window_enabled": True,
        "backup_window": {"hours": ["1" * 24] * 7, "minute_offset": 120},
    }
    tasks.server.replace(state)
    tasks.twice(**JOB, schedule_policy={"daily_time": "23:00"})
    assert policy(tasks)["backup_window"]["minute_offset"] == 120
    tasks.twice(**JOB, schedule_policy={"backup_window": ["Sat"]})
    assert policy(tasks)["backup_window"]["minute_offset"] == 120
    result = tasks.twice(**JOB, schedule_policy={"backup_window_minute_offset": 0})
    assert fields(result) == {"schedule_policy.backup_window_minute_offset": (120, None)}
    assert policy(tasks)["backup_window"].get("minute_offset", 0) == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"backup_window": ["never"]}, "schedule_policy.backup_window is 'never': the job can never run."),
        ({"backup_window": ["Sat"], "daily_type": "workdays"}, "never contains the start time 22:00 (workdays)"),
        ({"backup_window": ["Mon-Fri 23:00-07:00"]}, "never contains the start time 22:00 (everyday)"),
        (
            {
                "type": "periodically",
                "periodically_every": "hours2",
                "periodically_window": ["Sat"],
                "backup_window": ["Sun"],
            },
            "have no hour in common",
        ),
    ],
)
def test_warnings(v8: Tasks, given: dict[str, t.Any], said: str) -> None:
    result = v8.run(warnings=True, **JOB, schedule_policy=given)
    assert len(result["warnings"]) == 1 and said in result["warnings"][0]


def test_the_documented_job(tasks: Tasks) -> None:
    """The vendor's example of v3: its window as ranges; only the time changes if only the time is given."""
    shown = tasks.run("vbo_job_info", name="test_job")
    (config,) = shown["config"]
    assert config["schedule_policy"]["backup_window"] == [
        "Mon 09:00-19:00",
        "Mon 20:00-06:00",
        "Tue 09:00-14:00",
        "Tue 20:00 - Thu 03:00",
        "Thu 05:00-18:00",
        "Thu 20:00-05:00",
        "Fri 18:00 - Mon 06:00",
    ]
    assert not tasks.run(**config)["changed"]
    before = tasks.server.job("test_job")
    tasks.twice(
        name="test_job", organization=config["organization"], warnings=True, schedule_policy={"daily_time": "20:00"}
    )
    after = tasks.server.job("test_job")
    assert before is not None and after is not None
    assert after["schedule_policy"]["backup_window"] == before["schedule_policy"]["backup_window"]
    before["schedule_policy"]["daily_time"] = "20:00:00"
    for job in (before, after):
        for volatile in ("e_tag", "next_run_override"):
            job.pop(volatile, None)
    assert after == before
