# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Events on a server over time: starts, retries, backup windows, copies, and the clock itself."""

from __future__ import annotations

from typing import Any

import pytest
from in_process import COPY, DAILY, JOB, NIGHT, OFFICE, RETRY, VERSIONS, Local, one, utc

# --- starts by schedule (2026-02-04 is a Wednesday; Berlin is one hour ahead of UTC) ------------------------


@pytest.mark.parametrize(
    ("schedule", "days", "expected"),
    [
        (DAILY, 3, utc("4 21:00", "5 21:00", "6 21:00")),
        ({**DAILY, "daily_type": "Workdays"}, 6, utc("4 21:00", "5 21:00", "6 21:00", "9 21:00")),
        ({**DAILY, "daily_type": "Weekends"}, 7, utc("7 21:00", "8 21:00")),
        ({**DAILY, "daily_type": "Monday"}, 14, utc("9 21:00", "16 21:00")),
        ({**DAILY, "schedule_enabled": False}, 7, []),
        ({**DAILY, "type": "ManualOnly"}, 7, []),
        ({"type": "Periodically", "periodically_every": "Hours8", "periodically_offset_minutes": 20}, 1,
         utc("4 07:20", "4 15:20", "4 23:20")),
        # from midnight, and when permitted hours begin
        ({"type": "Periodically", "periodically_every": "Hours4", "periodically_window_enabled": True,
          "periodically_window": OFFICE}, 2, utc("4 08:00", "4 11:00", "4 15:00", "5 08:00", "5 11:00", "5 15:00")),
        ({"type": "Periodically", "periodically_every": "Hours4", "periodically_offset_minutes": 30,
          "periodically_window_enabled": True, "periodically_window": OFFICE}, 1,
         utc("4 08:30", "4 11:30", "4 15:30")),
    ],
)  # fmt: skip
def test_starts_of_schedules(schedule: dict[str, Any], days: int, expected: list[str]) -> None:
    local = one(schedule)
    local.advance(days=days)
    assert local.starts("scheduled") == local.starts() == expected


@pytest.mark.parametrize("off", [{"job": {"is_enabled": False}}, {"switches": {"automatic_runs": False}}])
def test_no_starts(off: dict[str, Any]) -> None:
    local = one(DAILY, **off)
    local.advance(days=3)
    assert local.starts() == []


@pytest.mark.parametrize(
    ("clock", "switches", "expected"),
    [
        # 02:30 does not exist on 29 March, and exists twice on 25 October
        ("2026-03-28T12:00:00", {}, utc("3.29 01:00", "3.30 00:30")),
        ("2026-03-28T12:00:00", {"skipped_time": "span"}, utc("3.29 01:30", "3.30 00:30")),
        ("2026-10-24T12:00:00", {}, utc("10.25 00:30", "10.26 01:30")),
        ("2026-10-24T12:00:00", {"repeated_time": "both"}, utc("10.25 00:30", "10.25 01:30", "10.26 01:30")),
    ],
)
def test_clock_changes(clock: str, switches: dict[str, Any], expected: list[str]) -> None:
    local = one({"type": "Daily", "daily_time": "02:30:00"}, clock=clock, switches=switches)
    local.advance(hours=40)
    assert local.starts() == expected


def test_opening_start_can_be_off() -> None:
    schedule = {"type": "Periodically", "periodically_every": "Hours4", "periodically_window": OFFICE}
    local = one({**schedule, "periodically_window_enabled": True}, switches={"opening_start": False})
    local.advance(days=1)
    assert local.starts() == utc("4 11:00", "4 15:00")


def test_a_job_that_still_runs_does_not_start_twice() -> None:
    local = one({"type": "Periodically", "periodically_every": "Hours1"})
    local.plan({"job": "nightly", "seconds": 2.5 * 3600})
    local.advance(hours=4.5)
    assert local.starts() == utc("4 08:00", "4 11:00")


# --- one run, from before its start to its end --------------------------------------------------------------


def test_what_is_seen_of_a_run() -> None:
    """lastRun and lastBackup are unchanged until the run has ended."""
    local = one(DAILY, switches={"queued_seconds": 5})
    local.plan({"job": "Nightly", "seconds": 3600})
    seen = []
    for moment in ("21:59:59", "22:00:01", "22:00:30", "23:30:00"):
        local.advance(to=f"2026-02-04T{moment}")
        job = local.get(f"Jobs/{JOB}")
        sessions = local.results("JobSessions")
        seen.append((job["lastStatus"], job.get("lastRun"), job.get("lastBackup"), job["nextRun"][8:16]))
        assert [session["status"] for session in sessions] == [job["lastStatus"]][: len(sessions)]
    end = "2026-02-04T22:00:05Z"
    assert seen == [
        ("Stopped", None, None, "04T21:00"),
        ("Queued", None, None, "05T21:00"),
        ("Running", None, None, "05T21:00"),
        ("Success", "2026-02-04T21:00:00Z", end, "05T21:00"),
    ]
    for version in VERSIONS:
        assert local.get(f"Jobs/{JOB}", version)["lastRun"] == "2026-02-04T21:00:00Z"
    (session,) = local.results(f"Jobs/{JOB}/JobSessions", 5)
    messages = [line["title"] for line in local.results(f"JobSessions/{session['id']}/LogItems", 5)]
    assert messages == ["[Success] Job started", "[Success] Job finished with the status Success"]
    assert (
        local.get(f"Organizations/{local.server.state.model.organizations[0].id}?extendedView=true")["lastBackuptime"]
        == end
    )


def test_time_passes_by_itself() -> None:
    """Without ``advance``, real time counts, and a later read shows the events."""
    local = one(DAILY, clock="2026-02-04T21:59:00")
    now = [0.0]
    local.server.clock._source = lambda: now[0]
    assert local.results("JobSessions") == []
    now[0] = 86400.0 * 2
    assert len(local.results("JobSessions")) == 2
    now[0] = 0.0  # setting the clock back does not affect the sandbox
    assert len(local.results("JobSessions")) == 2 and local.control("GET", "clock")["now"] == "2026-02-06T20:59:00Z"


# --- retries ------------------------------------------------------------------------------------------------


def retried(local: Local) -> list[tuple[str, str, int, bool]]:
    """Return the sessions, the oldest first: start, status, number of the retry, and whether another one follows."""
    return [
        (entry["creationTime"][11:16], entry["status"], entry["retryCount"], entry["jobWillBeRetried"])
        for entry in reversed(local.results("JobSessions"))
    ]


@pytest.mark.parametrize(
    ("plans", "policy", "switches", "expected"),
    [
        # fails twice, then works
        ([("Failed", 2)], {}, {}, [("21:00", "Failed", 0, True), ("21:10", "Failed", 1, True),
                                   ("21:20", "Success", 2, False)]),
        # retries are counted without the first run
        ([("Failed", 9)], {"retry_number": 1}, {}, [("21:00", "Failed", 0, True), ("21:10", "Failed", 1, False)]),
        ([("Warning", 1)], {"retry_wait_interval": 45}, {}, [("21:00", "Warning", 0, True),
                                                             ("21:45", "Success", 1, False)]),
        ([("Warning", 1)], {}, {"retry_after": "failed"}, [("21:00", "Warning", 0, False)]),
        ([("Stopped", 1)], {}, {}, [("21:00", "Stopped", 0, False)]),
        ([("Failed", 1)], {"retry_enabled": False}, {}, [("21:00", "Failed", 0, False)]),
        # the next scheduled start is earlier
        ([("Failed", 1)], {"type": "Periodically", "periodically_every": "Hours12", "retry_wait_interval": 720}, {},
         [("11:00", "Failed", 0, False), ("23:00", "Success", 0, False)]),
    ],
)  # fmt: skip
def test_retries(plans: list[Any], policy: dict[str, Any], switches: dict[str, Any], expected: list[Any]) -> None:
    local = one({**DAILY, **RETRY, **policy}, switches=switches)
    local.plan(*({"job": JOB, "result": result, "times": times} for result, times in plans))
    local.advance(hours=18)
    assert retried(local) == expected
    sessions = local.results("JobSessions")
    first = sessions[-1]["id"]
    assert {entry.get("mainSessionId") for entry in sessions if entry["retryCount"]} <= {first}
    assert not any("mainSessionId" in entry for entry in sessions if not entry["retryCount"])
    assert local.get(f"Jobs/{JOB}")["lastStatus"] == expected[-1][1]


def test_a_retry_that_is_given_up() -> None:
    """Disabling the job, or starting it manually, cancels a retry; the session says so."""
    for method, path, body in (("POST", "disable", None), ("POST", "start", {})):
        local = one({**DAILY, **RETRY})
        local.plan({"job": JOB, "result": "Failed"})
        local.advance(to="2026-02-04T22:05:00")
        assert retried(local) == [("21:00", "Failed", 0, True)]
        assert local.call(method, f"Jobs/{JOB}/{path}", body).status < 300
        local.advance(minutes=30)
        assert retried(local)[0][1:] == ("Failed", 0, False)
        assert local.starts("retry") == []


def test_runs_by_hand_are_retried_if_the_switch_says_so() -> None:
    for value in (False, True):
        local = one({**DAILY, **RETRY}, switches={"retry_manual": value})
        local.plan({"job": JOB, "result": "Failed"})
        local.call("POST", f"Jobs/{JOB}/start", {})
        local.advance(hours=1)
        assert bool(local.starts("retry")) is value


# --- backup windows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "switches", "expected"),
    [
        # inside, until the window ends
        ("04:30:00", {}, [("03:30", "05:00", "Stopped")]),
        # outside
        ("12:00:00", {}, []),
        ("12:00:00", {"start_outside_window": "stop"}, [("11:00", "11:00", "Stopped")]),
        ("12:00:00", {"start_outside_window": "run"}, [("11:00", "14:00", "Success")]),
    ],
)
def test_backup_window(clock: str, switches: dict[str, Any], expected: list[Any]) -> None:
    schedule = {"type": "Daily", "daily_time": clock, "backup_window_enabled": True, "backup_window": NIGHT, **RETRY}
    local = one(schedule, switches=switches, clock="2026-02-04T00:00:00")
    local.plan({"job": JOB, "seconds": 3 * 3600})
    assert ("nextRun" in local.get(f"Jobs/{JOB}")) is bool(expected)
    local.advance(days=1)
    found = [(x["creationTime"][11:16], x["endTime"][11:16], x["status"]) for x in local.results("JobSessions")]
    assert found == expected


def test_a_periodic_job_waits_for_its_window() -> None:
    schedule = {"type": "Periodically", "periodically_every": "Hours4"}
    local = one({**schedule, "backup_window_enabled": True, "backup_window": NIGHT})
    local.advance(days=1)
    assert local.starts() == utc("4 19:00", "4 23:00", "5 03:00")


def test_a_run_by_hand_outside_of_the_window_goes_on() -> None:
    local = one({**DAILY, "backup_window_enabled": True, "backup_window": NIGHT}, clock="2026-02-04T12:00:00")
    local.plan({"job": JOB, "seconds": 3600})
    local.call("POST", f"Jobs/{JOB}/start", {})
    local.advance(hours=2)
    assert local.get(f"Jobs/{JOB}")["lastStatus"] == "Success"


def test_a_window_that_changes_while_the_job_runs() -> None:
    local = one(DAILY, clock="2026-02-04T21:00:00")
    local.plan({"job": JOB, "seconds": 4 * 3600})
    local.advance(hours=2)
    booleans = [True] * 168
    booleans[3 * 24 + 23] = booleans[4 * 24] = False  # Wednesday 23:00 to Thursday 1:00
    policy = {"backupWindowEnabled": True, "backupWindowSettings": {"backupWindow": booleans, "minuteOffset": 0}}
    assert local.call("PUT", f"Jobs/{JOB}", {"schedulePolicy": policy}).status == 204
    local.advance(seconds=1)
    assert local.get(f"Jobs/{JOB}")["lastStatus"] == "Stopped"
    (session,) = local.results("JobSessions")
    assert session["endTime"] == "2026-02-04T22:00:00Z" and "backup window" in session["details"]


# --- copy jobs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        ({"type": "Immediate"}, utc("4 22:00")),
        ({"type": "Immediate", "backup_window_enabled": True, "backup_window": OFFICE}, utc("5 08:00")),
        ({"type": "DailyAtTime", "daily_time": "07:30:00"}, utc("5 06:30")),
        ({"type": "DailyAtTime", "daily_time": "07:30:00", "backup_window_enabled": True, "backup_window": OFFICE},
         utc("5 08:00")),
        ({"type": "Periodically", "periodically_every": "Hours12"}, utc("4 11:00", "4 23:00")),
    ],
)  # fmt: skip
def test_copy_jobs(copy: dict[str, Any], expected: list[str]) -> None:
    local = one(DAILY, copy)
    local.plan({"job": "Nightly", "seconds": 3600})
    local.advance(days=1, hours=1.5)
    assert local.starts("copy") == expected
    assert local.starts("scheduled") == utc("4 21:00")
    found = local.get(f"CopyJobs/{COPY}")
    assert (found["lastRun"], found["lastStatus"]) == (expected[-1], "Success")
    assert {entry["jobType"] for entry in local.results(f"JobSessions?jobId={COPY}")} == {"Copy"}


@pytest.mark.parametrize("case", ["failed", "disabled", "skip"])
def test_copies_that_do_not_start(case: str) -> None:
    window = {"backup_window_enabled": True, "backup_window": OFFICE}
    local = one(DAILY, {"type": "Immediate", **window}, switches={"copy_outside_window": "skip"})
    if case == "failed":
        local.plan({"job": JOB, "result": "Failed"})
        local.control("PATCH", "switches", {"copy_outside_window": "wait"})
    if case == "disabled":
        local.call("POST", f"CopyJobs/{COPY}/disable")
        local.control("PATCH", "switches", {"copy_outside_window": "wait"})
    local.advance(days=1)
    assert local.starts("copy") == []


def test_an_immediate_copy_runs_again_for_a_backup_made_meanwhile() -> None:
    local = one({"type": "Periodically", "periodically_every": "Hours1"}, {"type": "Immediate"})
    local.plan({"job": "Nightly - copy job", "seconds": 2.5 * 3600}, {"job": COPY, "seconds": 60})
    local.advance(hours=3.75)
    assert local.starts("copy") == utc("4 08:00", "4 10:30")
