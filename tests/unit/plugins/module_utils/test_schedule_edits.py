# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of a schedule policy: what a request holds, and the mistakes that are refused."""

from __future__ import annotations

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import VERSIONS
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._schedule import (
    overlay_policy,
    parse_policy,
    read_policy,
)

from .schedules import (
    DAILY_RAW,
    DAILY_VIEW,
    DAY,
    DAY_HOURS,
    HOURLY_RAW,
    NIGHT,
    NIGHT_HOURS,
    OFF_VIEW,
    PATH,
    RETRY,
    Policy,
    body_for,
    numbered,
    wanted_for,
)

AWAKE_DAILY = {**DAILY_RAW, "scheduleEnabled": True}
AWAKE_HOURLY = {**HOURLY_RAW, "scheduleEnabled": True, "periodicallyOffsetMinutes": 10}
WINDOWED = {
    **AWAKE_DAILY,
    "backupWindowEnabled": True,
    "backupWindowSettings": {"backupWindow": NIGHT_HOURS, "minuteOffset": 60},
}
HIDDEN = {"scheduleEnabled": False, "backupWindowEnabled": False, "retryEnabled": False}
SLEEPING = {**DAILY_RAW, "scheduleEnabled": False, "dailyTime": "04:00:00"}


OVERLAYS: list[tuple[str, Policy | None, Policy, Policy]] = [
    ("nothing given", AWAKE_DAILY, {}, {**DAILY_VIEW, "schedule_enabled": True, **OFF_VIEW}),
    (
        "time only",
        WINDOWED,
        {"daily_time": "23:30"},
        {"daily_time": "23:30", "backup_window": NIGHT, "backup_window_minute_offset": 60},
    ),
    ("days only", AWAKE_DAILY, {"daily_type": "sunday"}, {"daily_type": "sunday", "daily_time": "22:00"}),
    (
        "daily to periodically",
        AWAKE_DAILY,
        {"type": "periodically", "periodically_every": "hours2"},
        {"type": "periodically", "periodically_every": "hours2", "daily_time": None, "daily_type": None},
    ),
    (
        "periodically to daily",
        AWAKE_HOURLY,
        {"type": "daily", "daily_time": "01:00"},
        {
            "type": "daily",
            "daily_type": "everyday",
            "daily_time": "01:00",
            "periodically_every": None,
            "periodically_offset_minutes": None,
        },
    ),
    (
        "hours to minutes drops the offset",
        AWAKE_HOURLY,
        {"periodically_every": "minutes5"},
        {"periodically_every": "minutes5", "periodically_offset_minutes": None, "periodically_window_enabled": None},
    ),
    ("hours keep the offset", AWAKE_HOURLY, {"periodically_every": "hours8"}, {"periodically_offset_minutes": 10}),
    (
        "manual_only",
        AWAKE_DAILY,
        {"type": "manual_only"},
        {"type": "manual_only", "schedule_enabled": False, "daily_time": None},
    ),
    (
        "schedule_enabled: false",
        AWAKE_DAILY,
        {"schedule_enabled": False},
        {"type": "manual_only", "schedule_enabled": False, "daily_time": None},
    ),
    (
        "off wins over a type",
        AWAKE_DAILY,
        {"type": "daily", "schedule_enabled": False, "daily_time": "05:00"},
        {"type": "manual_only", "schedule_enabled": False, "daily_time": None},
    ),
    (
        "waking a hidden schedule by its type",
        HIDDEN,
        {"type": "daily", "daily_time": "05:00"},
        {"type": "daily", "schedule_enabled": True, "daily_time": "05:00", "daily_type": "everyday"},
    ),
    (
        "waking a visible schedule",
        SLEEPING,
        {"schedule_enabled": True},
        {"type": "daily", "schedule_enabled": True, "daily_time": "04:00"},
    ),
    (
        "waking a visible schedule by its type",
        SLEEPING,
        {"type": "daily"},
        {"type": "daily", "schedule_enabled": True, "daily_time": "04:00"},
    ),
    (
        "changing something else while it sleeps",
        HIDDEN,
        {"backup_window": NIGHT},
        {"type": "manual_only", "backup_window_enabled": True, "backup_window": NIGHT},
    ),
    (
        "hours switch the window on",
        AWAKE_DAILY,
        {"backup_window": ["sat"]},
        {"backup_window_enabled": True, "backup_window": ["Sat"]},
    ),
    (
        "no hours switch the window off",
        WINDOWED,
        {"backup_window": []},
        {"backup_window_enabled": False, "backup_window": None, "backup_window_minute_offset": None},
    ),
    (
        "the switch alone, off",
        WINDOWED,
        {"backup_window_enabled": False},
        {"backup_window_enabled": False, "backup_window": None},
    ),
    (
        "the switch alone, on again",
        WINDOWED,
        {"backup_window_enabled": True},
        {"backup_window_enabled": True, "backup_window": NIGHT},
    ),
    (
        "the switch alone, on, of hours that the server shows",
        {**AWAKE_DAILY, "backupWindowSettings": {"backupWindow": NIGHT_HOURS, "minuteOffset": 60}},
        {"backup_window_enabled": True},
        {"backup_window_enabled": True, "backup_window": NIGHT, "backup_window_minute_offset": 60},
    ),
    (
        "the switch of the periodic window alone, on, of hours that the server shows",
        {**AWAKE_HOURLY, "periodicallyWindowSettings": {"backupWindow": DAY_HOURS, "minuteOffset": 30}},
        {"periodically_window_enabled": True},
        {"periodically_window_enabled": True, "periodically_window": DAY, "periodically_window_minute_offset": 30},
    ),
    (
        "hours with the switch off",
        AWAKE_DAILY,
        {"backup_window": NIGHT, "backup_window_enabled": False},
        {"backup_window_enabled": False, "backup_window": None},
    ),
    (
        "retries switch retrying on",
        AWAKE_DAILY,
        {"retry_number": 9},
        {"retry_enabled": True, "retry_number": 9, "retry_wait_interval": 10},
    ),
    (
        "a wait switches retrying on",
        AWAKE_DAILY,
        {"retry_wait_interval": 9},
        {"retry_enabled": True, "retry_number": 3, "retry_wait_interval": 9},
    ),
    (
        "retries with the switch off",
        AWAKE_DAILY,
        {"retry_enabled": False, "retry_number": 9},
        {"retry_enabled": False, "retry_number": None},
    ),
    (
        "retries off",
        {**AWAKE_DAILY, **RETRY},
        {"retry_enabled": False},
        {"retry_enabled": False, "retry_number": None, "retry_wait_interval": None},
    ),
    (
        "retries keep the rest",
        {**AWAKE_DAILY, **RETRY},
        {"retry_number": 6},
        {"retry_number": 6, "retry_wait_interval": 7},
    ),
    (
        "options of the other type, with a type",
        AWAKE_DAILY,
        {"type": "daily", "periodically_every": "hours4", "periodically_offset_minutes": 3},
        {**DAILY_VIEW, "periodically_every": None, "periodically_offset_minutes": None},
    ),
    (
        "an offset is kept with other hours",
        WINDOWED,
        {"backup_window": ["Sat"]},
        {"backup_window": ["Sat"], "backup_window_minute_offset": 60},
    ),
    (
        "another offset",
        WINDOWED,
        {"backup_window_minute_offset": 90},
        {"backup_window": NIGHT, "backup_window_minute_offset": 90},
    ),
    (
        "an offset of 0 where there is none",
        AWAKE_DAILY,
        {"backup_window": NIGHT, "backup_window_minute_offset": 0},
        {"backup_window_minute_offset": None},
    ),
    (
        "a new policy, type implied",
        None,
        {"daily_time": "07:00"},
        {"type": "daily", "schedule_enabled": True, "daily_type": "everyday"},
    ),
    (
        "a new policy, other type implied",
        None,
        {"periodically_every": "minutes5"},
        {"type": "periodically", "schedule_enabled": True},
    ),
    (
        "a new policy, off",
        None,
        {"schedule_enabled": False, "daily_time": "05:00"},
        {"type": "manual_only", "daily_time": None},
    ),
]


@pytest.mark.parametrize(
    ("raw", "options", "expected"), [row[1:] for row in OVERLAYS], ids=[row[0] for row in OVERLAYS]
)
@pytest.mark.parametrize("number", [6, 7, 8])
def test_overlay(number: int, raw: Policy | None, options: Policy, expected: Policy) -> None:
    """None in the expected result: the key must be missing."""
    _unused, wanted, _unused = wanted_for(options, numbered(number), raw)
    assert {key: wanted.get(key) for key in expected} == expected
    assert all(wanted[key] is not None for key in wanted)


def test_old_versions_have_no_switch_in_view_or_body() -> None:
    for number in (3, 4):
        _unused, wanted, _unused = wanted_for({"type": "daily", "daily_time": "01:00"}, numbered(number), DAILY_RAW)
        assert "schedule_enabled" not in wanted
        assert "scheduleEnabled" not in body_for({"daily_time": "01:00"}, numbered(number), DAILY_RAW)
        # a server of these versions that returns it gets it back
        raw = {**DAILY_RAW, "scheduleEnabled": True}
        assert body_for({"daily_time": "01:00"}, numbered(number), raw)["scheduleEnabled"] is True


ERRORS: list[tuple[str, Policy | None, Policy, str, str]] = [
    (
        "no time for a new daily schedule",
        None,
        {"type": "daily"},
        "daily_time",
        "required for a schedule of type 'daily', for example \"22:00\"",
    ),
    (
        "days alone for a new schedule",
        None,
        {"daily_type": "monday"},
        "daily_time",
        "required for a schedule of type 'daily', for example \"22:00\"",
    ),
    (
        "no time after a switch of types",
        AWAKE_HOURLY,
        {"type": "daily"},
        "daily_time",
        "required for a schedule of type 'daily', for example \"22:00\"",
    ),
    (
        "no interval after a switch of types",
        AWAKE_DAILY,
        {"type": "periodically"},
        "periodically_every",
        "required for a schedule of type 'periodically', for example hours4",
    ),
    (
        "no interval",
        None,
        {"type": "periodically", "daily_time": "22:00"},
        "periodically_every",
        "required for a schedule of type 'periodically', for example hours4",
    ),
    (
        "waking a hidden schedule",
        HIDDEN,
        {"type": "daily"},
        "daily_time",
        "required for a schedule of type 'daily', for example \"22:00\"",
    ),
    (
        "waking a hidden schedule without type",
        HIDDEN,
        {"schedule_enabled": True},
        "type",
        "set daily or periodically: the schedule is off, or the given options allow both",
    ),
    (
        "a time for a sleeping schedule",
        HIDDEN,
        {"daily_time": "22:00"},
        "type",
        "set daily or periodically: the schedule is off, or the given options allow both",
    ),
    (
        "options of both types",
        None,
        {"daily_time": "22:00", "periodically_every": "hours1"},
        "type",
        "set daily or periodically: the schedule is off, or the given options allow both",
    ),
    (
        "a new policy of nothing",
        None,
        {},
        "type",
        "set daily or periodically: the schedule is off, or the given options allow both",
    ),
    (
        "a new policy of retries",
        None,
        {"retry_number": 3},
        "type",
        "set daily or periodically: the schedule is off, or the given options allow both",
    ),
    (
        "an interval for a daily schedule",
        AWAKE_DAILY,
        {"periodically_every": "hours4"},
        "periodically_every",
        "the job's schedule is 'daily'; to change that, add type: periodically",
    ),
    (
        "an offset for a daily schedule",
        AWAKE_DAILY,
        {"periodically_offset_minutes": 0},
        "periodically_offset_minutes",
        "the job's schedule is 'daily'; to change that, add type: periodically",
    ),
    (
        "a time for a periodic schedule",
        AWAKE_HOURLY,
        {"daily_time": "22:00"},
        "daily_time",
        "the job's schedule is 'periodically'; to change that, add type: daily",
    ),
    (
        "manual_only with the switch on",
        AWAKE_DAILY,
        {"type": "manual_only", "schedule_enabled": True},
        "type",
        "'manual_only' contradicts schedule_enabled: true; leave one of them out",
    ),
    (
        "a window without hours",
        AWAKE_DAILY,
        {"backup_window_enabled": True},
        "backup_window",
        "required, because backup_window_enabled is true and the job has no window yet",
    ),
    (
        "a periodic window without hours",
        AWAKE_HOURLY,
        {"periodically_window_enabled": True},
        "periodically_window",
        "required, because periodically_window_enabled is true and the job has no window yet",
    ),
    (
        "no hours and the switch on",
        AWAKE_DAILY,
        {"backup_window_enabled": True, "backup_window": []},
        "backup_window",
        "an empty list means no window, but backup_window_enabled is true; list the hours",
    ),
    (
        "half an hour",
        AWAKE_DAILY,
        {"backup_window": ["Sat", "Mon 19:30-07:00"]},
        "backup_window[1]",
        "'19:30' is not a whole hour; windows consist of whole hours, for example 19:00",
    ),
    (
        "a window of 167 booleans",
        AWAKE_DAILY,
        {"periodically_window": [True] * 167},
        "periodically_window",
        "a window as booleans must have exactly 168 entries, Sunday 00:00 first (got 167)",
    ),
    (
        "an offset with minutes",
        None,
        {"type": "periodically", "periodically_every": "minutes5", "periodically_offset_minutes": 5},
        "periodically_offset_minutes",
        "requires an interval in hours (got minutes5)",
    ),
    (
        "a window with minutes",
        None,
        {"type": "periodically", "periodically_every": "minutes30", "periodically_window": DAY},
        "periodically_window",
        "requires an interval in hours (got minutes30)",
    ),
    (
        "offset too large",
        AWAKE_HOURLY,
        {"periodically_offset_minutes": 60},
        "periodically_offset_minutes",
        "must be between 0 and 59 (got 60)",
    ),
    (
        "offset too small",
        AWAKE_HOURLY,
        {"periodically_offset_minutes": -1},
        "periodically_offset_minutes",
        "must be between 0 and 59 (got -1)",
    ),
    (
        "no retries",
        AWAKE_DAILY,
        {"retry_number": 0},
        "retry_number",
        "must be between 1 and 777 (got 0); for no retries set retry_enabled: false",
    ),
    ("too many retries", AWAKE_DAILY, {"retry_number": 778}, "retry_number", "must be between 1 and 777 (got 778)"),
    ("no wait", AWAKE_DAILY, {"retry_wait_interval": 0}, "retry_wait_interval", "must be between 1 and 999 (got 0)"),
    (
        "too long a wait",
        AWAKE_DAILY,
        {"retry_wait_interval": 1000},
        "retry_wait_interval",
        "must be between 1 and 999 (got 1000)",
    ),
]


@pytest.mark.parametrize(
    ("raw", "options", "path", "text"), [row[1:] for row in ERRORS], ids=[row[0] for row in ERRORS]
)
@pytest.mark.parametrize("number", [6, 7, 8])
def test_mistakes_are_named_by_path(number: int, raw: Policy | None, options: Policy, path: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        wanted_for(options, numbered(number), raw)
    assert (caught.value.option, caught.value.text) == (f"{PATH}.{path}", text)


def test_suboptions_without_a_meaning_for_minutes_are_refused_without_a_type_too() -> None:
    """The interval alone determines the type, so the answer must not depend on whether the type is given."""
    options = {"periodically_every": "minutes5", "periodically_offset_minutes": 5}
    with pytest.raises(InputError) as caught:
        wanted_for(options, numbered(8))
    assert caught.value.option == f"{PATH}.periodically_offset_minutes"


@pytest.mark.parametrize("kind", [None, "periodically"])
@pytest.mark.parametrize("option", ["periodically_offset_minutes", "periodically_window"])
def test_options_of_intervals_in_hours_are_refused_before_the_server_is_asked(kind: str | None, option: str) -> None:
    wrong = {"type": kind, "periodically_every": "minutes30", option: {"periodically_window": DAY}.get(option, 5)}
    with pytest.raises(InputError) as caught:
        parse_policy(wrong, "p")
    assert (caught.value.option, caught.value.text) == (
        f"p.{option}",
        "requires an interval in hours (got minutes30)",
    )


def test_an_offset_for_an_interval_in_minutes_that_the_job_has_already() -> None:
    view = read_policy({"type": "Periodically", "periodicallyEvery": "Minutes30"}, VERSIONS["v8"])
    with pytest.raises(InputError) as caught:
        overlay_policy(view, {"periodically_offset_minutes": 5}, None, VERSIONS["v8"], "p")
    assert (caught.value.option, caught.value.text) == (
        "p.periodically_offset_minutes",
        "requires an interval in hours (got minutes30)",
    )
