# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""When its clock is moved forward, the sandbox starts jobs as the calendar of the collection predicts."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from ansible_collections.backupops.vbo365.plugins.filter.calendar import next_runs
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._window import parse_window
from hypothesis import given, settings
from hypothesis import strategies as st
from in_process import one

DAYS = 4
#: time zones and days before their clocks change: by an hour, by half an hour, at midnight; and zones without a change
CHANGES = (
    ("Europe/Berlin", "2026-03-28"),
    ("Europe/Berlin", "2026-10-24"),
    ("America/New_York", "2026-03-07"),
    ("America/New_York", "2026-10-31"),
    ("Australia/Lord_Howe", "2026-04-04"),
    ("Australia/Lord_Howe", "2026-10-03"),
    ("America/Santiago", "2026-04-04"),
    ("America/Santiago", "2026-09-05"),
    ("Asia/Kathmandu", "2026-02-28"),
    ("UTC", "2026-12-30"),
)
WINDOWS = st.lists(st.sampled_from(["Mon-Fri 19:00-07:00", "Sat", "Sun 01:00-03:00", "Wed 02:00-14:00"]), min_size=1)


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    """Schedules as users write them; one start in four is in the hours in which clocks change."""
    if draw(st.booleans()):
        hour = draw(st.one_of(st.integers(0, 3), st.integers(0, 23)))
        days = draw(st.sampled_from(["everyday", "workdays", "weekends", "sunday"]))
        return {"type": "daily", "daily_type": days, "daily_time": f"{hour:02}:{draw(st.integers(0, 59)):02}"}
    every = draw(st.sampled_from(["minutes30", "hours1", "hours2", "hours4", "hours8", "hours12"]))
    policy: dict[str, Any] = {"type": "periodically", "periodically_every": every}
    if every.startswith("hours"):
        policy["periodically_offset_minutes"] = draw(st.integers(0, 59))
        if draw(st.booleans()):
            policy["periodically_window"] = draw(WINDOWS)
    return policy


def in_the_words_of_the_sandbox(policy: dict[str, Any]) -> dict[str, Any]:
    words = {key: value.capitalize() if isinstance(value, str) else value for key, value in policy.items()}
    if "periodically_window" in policy:
        hours = parse_window(policy["periodically_window"])
        days = ["".join(str(int(hour)) for hour in hours[day * 24 :][:24]) for day in range(7)]
        words |= {"periodically_window_enabled": True, "periodically_window": {"hours": days}}
    return words


@settings(max_examples=60, deadline=None)
@given(policies(), st.sampled_from(CHANGES), st.times())
def test_the_calendar_foretells_what_is_played(policy: dict[str, Any], change: tuple[str, str], clock: time) -> None:
    zone, begin = change[0], f"{change[1]}T{clock:%H:%M:%S}"
    job = {"name": "Nightly", "organization": "tenant.onmicrosoft.com", "schedule_policy": policy}
    local = one(in_the_words_of_the_sandbox(policy), clock=begin, time_zone=zone)
    now = local.control("GET", "clock")["now"]
    foretold = [run["start_utc"] for run in next_runs([job], zone, now, DAYS + 1)]
    end = (datetime.fromisoformat(now) + timedelta(days=DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    local.advance(days=DAYS)
    played = local.starts("scheduled")
    assert [at for at in played if now < at <= end] == [at for at in foretold if now < at <= end]
    assert played == local.starts()
