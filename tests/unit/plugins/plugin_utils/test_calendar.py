# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start times of jobs: tables, and a comparison with the sandbox, whose rules are separate code."""

from __future__ import annotations

import datetime as dt
import typing as t
import zoneinfo

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._schedule import parse_policy
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._window import format_window
from ansible_collections.backupops.vbo365.plugins.plugin_utils._calendar import _runs as runs
from ansible_collections.backupops.vbo365.plugins.plugin_utils._calendar._zones import UTC, zone_of
from hypothesis import given, settings
from hypothesis import strategies as st
from vbo_sandbox.store.model import Schedule as SandboxSchedule
from vbo_sandbox.store.model import Window
from vbo_sandbox.store.schedule import first_forbidden, next_run

Policy = dict[str, t.Any]


def schedule(**policy: t.Any) -> runs.Schedule:
    return runs.schedule_of(t.cast(Policy, parse_policy(policy)))


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("policy", "zone", "begin", "expected"),
    [
        # a daily time follows the local clock: UTC+1 in winter, UTC+2 in summer
        ({"daily_time": "22:00"}, "Europe/Berlin", "2026-03-28", ["2026-03-28T21:00Z", "2026-03-29T20:00Z"]),
        # skipped in spring: when the clock goes forward; twice in autumn: the first
        ({"daily_time": "02:30"}, "Europe/Berlin", "2026-03-28T12:00", ["2026-03-29T01:00Z", "2026-03-30T00:30Z"]),
        ({"daily_time": "02:30"}, "Europe/Berlin", "2026-10-24T12:00", ["2026-10-25T00:30Z", "2026-10-26T01:30Z"]),
        # days
        ({"daily_time": "22:00", "daily_type": "workdays"}, "UTC", "2026-01-02T23:00", ["2026-01-05T22:00Z"]),
        ({"daily_time": "22:00", "daily_type": "sunday"}, "UTC", "2026-01-01", ["2026-01-04T22:00Z"]),
        # hours from midnight, with an offset, in permitted hours only, and at their beginning
        (
            {
                "type": "periodically",
                "periodically_every": "hours8",
                "periodically_offset_minutes": 15,
                "periodically_window": ["Mon-Fri 06:00-18:00"],
            },
            "UTC",
            "2026-01-02T09:00",
            ["2026-01-02T16:15Z", "2026-01-05T06:15Z", "2026-01-05T08:15Z"],
        ),
        ({"type": "manual_only"}, "UTC", "2026-01-01", []),
        ({"daily_time": "22:00", "schedule_enabled": False}, "UTC", "2026-01-01", []),
        # unknown times
        ({"retry_enabled": True}, "UTC", "2026-01-01", []),
    ],
)
def test_starts(policy: Policy, zone: str, begin: str, expected: list[str]) -> None:
    first = at(begin).replace(tzinfo=UTC)
    found = runs.starts(schedule(**policy), zone_of(zone, "zone"), first, first + dt.timedelta(days=4))
    assert [f"{moment:%Y-%m-%dT%H:%MZ}" for moment in found][: len(expected) or None] == expected


@pytest.mark.parametrize(
    ("window", "zone", "start", "expected"),
    [
        (["Mon-Fri 19:00-07:00"], "UTC", "2026-01-05T22:30+00:00", "2026-01-06T07:00+00:00"),
        # the night with a missing hour ends an hour earlier
        (["Mon-Sun 19:00-07:00"], "Europe/Berlin", "2026-03-28T22:00+00:00", "2026-03-29T05:00+00:00"),
        # a zone with an offset of three quarters of an hour
        (["Mon-Sun 19:00-07:00"], "Asia/Kathmandu", "2026-01-05T18:00+00:00", "2026-01-06T01:15+00:00"),
        # a start outside the window ends immediately
        (["Mon"], "UTC", "2026-01-06T12:20+00:00", "2026-01-06T12:20+00:00"),
        (["always"], "UTC", "2026-01-06T12:20+00:00", None),
        ([], "UTC", "2026-01-06T12:20+00:00", None),
    ],
)
def test_a_window_ends_runs(window: list[str], zone: str, start: str, expected: str | None) -> None:
    found = runs.ends_by(schedule(daily_time="22:00", backup_window=window), zone_of(zone, "zone"), at(start))
    assert found == (at(expected) if expected else None)


def test_retries() -> None:
    start = at("2026-01-05T22:00+00:00")
    retried = schedule(daily_time="22:00", retry_number=3, retry_wait_interval=20)
    assert runs.retries_until(retried, start) == at("2026-01-05T23:00+00:00")
    assert runs.retries_until(schedule(daily_time="22:00"), start) is None


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Europe/Berlim", "Did you mean Europe/Berlin"),
        ("europe/berlin", "Did you mean Europe/Berlin"),
        ("W. Europe Standard Time", "Windows name"),
        ("Berlin", "IANA name"),
        ("", "IANA name"),
        ("../../etc/passwd", "IANA name"),
        ("Europe", "IANA name"),
        (1, "IANA name"),
        (None, "IANA name"),
    ],
)
def test_zones_that_do_not_exist(name: t.Any, words: str) -> None:
    with pytest.raises(InputError) as caught:
        zone_of(name, "vbo_time_zone")
    assert caught.value.option == "vbo_time_zone"
    assert words in caught.value.message


def windows() -> st.SearchStrategy[list[str]]:
    return st.integers(1, (1 << 168) - 1).map(
        lambda bits: format_window([bool(bits >> hour & 1) for hour in range(168)])
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    if draw(st.booleans()):
        return {
            "type": "daily",
            "daily_type": draw(st.sampled_from(sorted(runs.DAYS))),
            "daily_time": draw(st.times()).strftime("%H:%M:%S"),
        }
    every = draw(st.sampled_from([*(f"minutes{n}" for n in (5, 10, 15, 30)), *(f"hours{n}" for n in (1, 2, 4, 8, 12))]))
    policy: Policy = {"type": "periodically", "periodically_every": every}
    if every.startswith("hours"):
        policy["periodically_offset_minutes"] = draw(st.integers(0, 59))
        if draw(st.booleans()):
            policy["periodically_window"] = draw(windows())
    return policy


def as_the_sandbox_has_it(policy: Policy) -> SandboxSchedule:
    """Return the same schedule in the terms of the sandbox."""
    fields: Policy = {"type": policy["type"].capitalize()}
    for key in ("daily_time", "periodically_offset_minutes"):
        if key in policy:
            fields[key] = policy[key]
    for key in ("daily_type", "periodically_every"):
        if key in policy:
            fields[key] = policy[key].capitalize()
    if "periodically_window" in policy:
        window = sandbox_window(policy["periodically_window"])
        fields |= {"periodically_window_enabled": True, "periodically_window": window}
    return SandboxSchedule(**fields)


def sandbox_window(ranges: list[str]) -> Window:
    hours = runs.parse_window(ranges)
    return Window(["".join("1" if hour else "0" for hour in hours[day * 24 : day * 24 + 24]) for day in range(7)])


#: zones whose clocks change by an hour, by half an hour, at midnight, and never
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu", "UTC")


@settings(max_examples=150, deadline=None)
@given(policies(), st.sampled_from(ZONES), st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31)))
def test_the_sandbox_starts_jobs_at_the_same_instants(policy: Policy, zone: str, moment: dt.datetime) -> None:
    moment = moment.replace(tzinfo=UTC)
    here, there = schedule(**policy), as_the_sandbox_has_it(policy)
    for _unused in range(5):
        expected = next_run(there, moment, zoneinfo.ZoneInfo(zone))
        assert runs.next_start(here, zone_of(zone, "zone"), moment) == expected
        if expected is None:
            return
        moment = expected


@settings(max_examples=100, deadline=None)
@given(windows(), st.sampled_from(ZONES), st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31)))
def test_the_sandbox_ends_runs_at_the_same_instants(window: list[str], zone: str, moment: dt.datetime) -> None:
    start = moment.replace(microsecond=0, tzinfo=UTC)
    found = runs.ends_by(schedule(daily_time="22:00", backup_window=window), zone_of(zone, "zone"), start)
    begin = start.timestamp()
    ended = first_forbidden(sandbox_window(window), begin, begin + 8 * 86400, zoneinfo.ZoneInfo(zone))
    assert found == (None if ended is None else dt.datetime.fromtimestamp(ended, UTC))


def hour_by_hour(window: list[str], zone: dt.tzinfo, moment: dt.datetime) -> dt.datetime | None:
    """Find when a window ends a run by checking every quarter of an hour."""
    hours = runs.parse_window(window)
    for _unused in range(8 * 96):
        clock = moment.astimezone(zone)
        if not hours[clock.isoweekday() % 7 * 24 + clock.hour]:
            return moment
        moment += dt.timedelta(minutes=15 - moment.minute % 15)
    return None


#: around the days of clock changes, each with a night, a day and whole days
WINDOWS = (
    ["Mon-Sun 18:00-06:00"],
    ["Mon-Fri 03:00-20:00"],
    ["Fri 20:00-24:00", "Sat-Sun", "Mon 00:00-04:00"],
    ["Mon-Sun"],
)


@pytest.mark.parametrize("zone_name", [*ZONES, "Africa/Casablanca", "Pacific/Chatham", "Asia/Gaza"])
def test_days_on_which_the_clock_does_not_change_are_like_all_others(zone_name: str) -> None:
    """Most days are computed without checking each start; the result is the same."""
    zone = zone_of(zone_name, "zone")
    often, daily = schedule(type="periodically", periodically_every="minutes30"), schedule(daily_time="02:15")
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=number) for number in range(366)]
    begin = dt.datetime(2026, 1, 3, tzinfo=UTC)
    end = begin + dt.timedelta(days=360)
    for one in (often, daily):
        each = {runs.instant(day, time, zone) for day in days for time in one.times[day.weekday()]}
        expected = sorted(moment for moment in each if begin <= moment < end)
        assert list(runs.starts(one, zone, begin, end)) == expected
    changes = [
        moment
        for moment in (begin + dt.timedelta(hours=hour) for hour in range(360 * 24))
        if moment.astimezone(zone).utcoffset() != (moment + dt.timedelta(hours=1)).astimezone(zone).utcoffset()
    ]
    assert bool(changes) == (zone_name not in ("UTC", "Asia/Kathmandu"))
    for window in WINDOWS:
        one = schedule(daily_time="22:00", backup_window=window)
        for change in changes or [begin]:
            for hours in range(-60, 12, 5):
                start = change + dt.timedelta(hours=hours, minutes=7)
                assert runs.ends_by(one, zone, start) == hour_by_hour(window, zone, start), (window, start)
