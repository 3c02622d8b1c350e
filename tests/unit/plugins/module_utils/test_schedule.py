# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schedule policy: options to the API and back on every version, times, the minute offset, and warnings."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import VERSIONS, ApiVersion
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._schedule import (
    parse_policy,
    read_policy,
    warnings_for,
    write_policy,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._window import parse_window

from .schedules import (
    DAILY_RAW,
    DAILY_TYPES,
    DAY,
    DAY_HOURS,
    HOURLY_RAW,
    HOURS,
    MINUTES,
    NIGHT,
    NIGHT_HOURS,
    Policy,
    body_for,
    numbered,
    shown,
    wanted_for,
)


@pytest.fixture(params=list(VERSIONS.values()), ids=list(VERSIONS))
def version(request: pytest.FixtureRequest) -> ApiVersion:
    return request.param


# --- option -> API -> option ------------------------------------------------------------------------------------------


def choices(version: ApiVersion) -> t.Iterator[tuple[Policy, Policy]]:
    """Yield options and the view to which they must lead, for every choice of a version."""
    off: Policy = {"backup_window_enabled": False, "retry_enabled": False}
    awake: Policy = {"schedule_enabled": True} if version.number >= 5 else {}
    hourly: Policy = {"periodically_offset_minutes": 0, "periodically_window_enabled": False}
    if version.number < 6:
        hourly = {}
    for daily_type in DAILY_TYPES:
        daily = {"type": "daily", "daily_type": daily_type, "daily_time": "22:00"}
        yield daily, {**daily, **awake, **off}
    for every in (*MINUTES, *HOURS):
        if every == "hours12" and version.number < 8:
            continue
        periodic = {"type": "periodically", "periodically_every": every}
        yield periodic, {**periodic, **awake, **off, **(hourly if every in HOURS else {})}
    for time in ("00:00", "23:59", "07:05", "22:00:30"):
        yield (
            {"type": "daily", "daily_time": time},
            {"type": "daily", "daily_type": "everyday", "daily_time": time, **awake, **off},
        )
    daily = {"type": "daily", "daily_type": "everyday", "daily_time": "22:00"}
    for hours in (NIGHT, ["always"], ["never"], ["Sat-Sun"]):
        yield (
            {**daily, "backup_window": hours},
            {**daily, **awake, **off, "backup_window_enabled": True, "backup_window": hours},
        )
    window = {"backup_window_enabled": True, "backup_window": NIGHT, "backup_window_minute_offset": -120}
    yield {**daily, **window}, {**daily, **awake, **off, **window}
    for retry in ((1, 1), (777, 999), (3, 10)):
        numbers = {"retry_enabled": True, "retry_number": retry[0], "retry_wait_interval": retry[1]}
        yield {**daily, **numbers}, {**daily, **awake, **off, **numbers}
    yield (
        {**daily, "retry_enabled": True},
        {**daily, **awake, **off, "retry_enabled": True, "retry_number": 3, "retry_wait_interval": 10},
    )
    if version.number >= 5:
        asleep = {"type": "manual_only", "schedule_enabled": False, **off}
        yield {"type": "manual_only"}, asleep
        yield {"schedule_enabled": False}, asleep
        yield (
            {"schedule_enabled": False, "backup_window": NIGHT},
            {
                **asleep,
                "backup_window_enabled": True,
                "backup_window": NIGHT,
            },
        )
    if version.number >= 6:
        start = {
            "type": "periodically",
            "periodically_every": "hours4",
            "periodically_offset_minutes": 59,
            "periodically_window_enabled": True,
            "periodically_window": DAY,
            "periodically_window_minute_offset": 60,
        }
        yield start, {**start, **awake, **off}
        yield (
            {**start, "periodically_window": ["never"]},
            {**start, **awake, **off, "periodically_window": ["never"]},
        )


@pytest.mark.parametrize("off", ["omit", "manual_only", "keep"])
def test_every_choice_comes_back_as_it_was_given(version: ApiVersion, off: str) -> None:
    for options, view in choices(version):
        _unused, wanted, _unused = wanted_for(options, version)
        assert wanted == view, options
        raw = shown(body_for(options, version), version, off)
        assert read_policy(raw, version) == view, options
        # as input it changes nothing, also without the fields that the version does not have
        again = {key: value for key, value in view.items() if key != "schedule_enabled" or version.number >= 5}
        assert wanted_for(again, version, raw)[1] == view, options


def test_views_and_bodies_have_one_order(version: ApiVersion) -> None:
    """The order of the input does not matter, so that diffs are stable."""
    for options, view in choices(version):
        backwards = dict(reversed(list(options.items())))
        assert list(wanted_for(backwards, version)[1]) == list(wanted_for(options, version)[1])
        raw = dict(reversed(list(shown(body_for(options, version), version).items())))
        assert list(read_policy(raw, version)) == list(wanted_for(options, version)[1]), view


@pytest.mark.parametrize("off", ["omit", "manual_only", "keep"])
def test_all_hours_as_periodic_window_settle_on_every_version(off: str) -> None:
    """A version without a switch for it treats a window of all hours as none; it must not cause changes forever."""
    options = {"type": "periodically", "periodically_every": "hours4", "periodically_window": ["always"]}
    for number in (6, 7, 8):
        api = numbered(number)
        raw = shown(body_for(options, api), api, off)
        view = read_policy(raw, api)
        assert wanted_for(options, api)[1] == view, number
        assert wanted_for(options, api, raw)[1] == view, number


# --- complete policies ------------------------------------------------------------------------------------------------


def test_a_daily_policy_is_complete(version: ApiVersion) -> None:
    body = body_for({"type": "daily", "daily_type": "workdays", "daily_time": "22:00", "retry_number": 5}, version)
    expected: Policy = {
        "type": "Daily",
        "dailyType": "Workdays",
        "dailyTime": "22:00:00",
        "backupWindowEnabled": False,
        "retryEnabled": True,
        "retryNumber": 5,
        "retryWaitInterval": 10,
    }
    if version.number >= 5:
        expected["scheduleEnabled"] = True
    assert body == expected


def test_a_policy_in_minutes_is_complete(version: ApiVersion) -> None:
    body = body_for({"type": "periodically", "periodically_every": "minutes15", "backup_window": NIGHT}, version)
    expected: Policy = {
        "type": "Periodically",
        "periodicallyEvery": "Minutes15",
        "backupWindowEnabled": True,
        "backupWindowSettings": {"backupWindow": NIGHT_HOURS, "minuteOffset": 0},
        "retryEnabled": False,
    }
    if version.number >= 5:
        expected["scheduleEnabled"] = True
    assert body == expected


def test_a_policy_in_hours_is_complete(version: ApiVersion) -> None:
    body = body_for({"type": "periodically", "periodically_every": "hours8"}, version)
    expected: Policy = {
        "type": "Periodically",
        "periodicallyEvery": "Hours8",
        "backupWindowEnabled": False,
        "retryEnabled": False,
    }
    if version.number >= 5:
        expected["scheduleEnabled"] = True
    if version.number >= 6:
        expected["periodicallyOffsetMinutes"] = 0
    if version.number >= 7:
        expected["periodicallyWindowEnabled"] = False
    assert body == expected


def test_a_periodic_window_is_complete() -> None:
    options = {
        "type": "periodically",
        "periodically_every": "hours4",
        "periodically_offset_minutes": 15,
        "periodically_window": DAY,
    }
    for number in (6, 7, 8):
        body = body_for(options, numbered(number))
        assert body["periodicallyOffsetMinutes"] == 15
        assert body["periodicallyWindowSettings"] == {"backupWindow": DAY_HOURS, "minuteOffset": 0}
        # v6 has the window, but no switch for it
        assert body.get("periodicallyWindowEnabled") == (None if number == 6 else True)


def test_v6_switches_the_periodic_window_off_by_opening_all_hours() -> None:
    raw = {
        **HOURLY_RAW,
        "scheduleEnabled": True,
        "periodicallyOffsetMinutes": 0,
        "periodicallyWindowSettings": {"backupWindow": DAY_HOURS, "minuteOffset": 30},
    }
    body = body_for({"periodically_window": []}, numbered(6), raw)
    assert "periodicallyWindowEnabled" not in body
    assert body["periodicallyWindowSettings"] == {"backupWindow": [True] * 168, "minuteOffset": 30}
    assert read_policy(body, numbered(6))["periodically_window_enabled"] is False


@pytest.mark.parametrize(
    ("raw", "settings"),
    [(DAILY_RAW, {"backupWindow": [True] * 168, "minuteOffset": 0}), (HOURLY_RAW, None), (None, None)],
)
def test_v6_opens_all_hours_when_it_may_have_hours_that_it_does_not_show(
    raw: Policy | None, settings: Policy | None
) -> None:
    """A daily schedule does not show the hours of the time when it was periodic."""
    body = body_for({"type": "periodically", "periodically_every": "hours8"}, numbered(6), raw)
    assert body.get("periodicallyWindowSettings") == settings


@pytest.mark.parametrize("number", [5, 6, 7, 8])
def test_no_schedule_is_sent_with_a_valid_daily_block(number: int) -> None:
    """As the portal does; never with ManualOnly."""
    body = body_for({"type": "manual_only"}, numbered(number))
    assert body == {
        "scheduleEnabled": False,
        "type": "Daily",
        "dailyType": "Everyday",
        "dailyTime": "15:00:00",
        "backupWindowEnabled": False,
        "retryEnabled": False,
    }
    body = body_for({"schedule_enabled": False, "daily_time": "21:30", "daily_type": "monday"}, numbered(number))
    assert (body["dailyType"], body["dailyTime"], body["scheduleEnabled"]) == ("Monday", "21:30:00", False)


@pytest.mark.parametrize("number", [5, 6, 7, 8])
def test_putting_a_schedule_to_sleep_keeps_its_values(number: int) -> None:
    raw = {**DAILY_RAW, "scheduleEnabled": True, "dailyType": "Friday"}
    body = body_for({"schedule_enabled": False}, numbered(number), raw)
    assert body == {**raw, "scheduleEnabled": False}


@pytest.mark.parametrize("number", [5, 6, 7, 8])
def test_a_sleeping_schedule_that_is_hidden_is_not_replaced_by_a_guess(number: int) -> None:
    raw = {"scheduleEnabled": False, "backupWindowEnabled": False, "retryEnabled": False}
    body = body_for({"retry_number": 4, "retry_wait_interval": 5}, numbered(number), raw)
    assert body == {
        "scheduleEnabled": False,
        "backupWindowEnabled": False,
        "retryEnabled": True,
        "retryNumber": 4,
        "retryWaitInterval": 5,
    }
    visible = {**raw, **DAILY_RAW, "dailyTime": "04:00:00"}
    body = body_for({"retry_number": 4, "retry_wait_interval": 5}, numbered(number), visible)
    assert (body["type"], body["dailyTime"], body["scheduleEnabled"]) == ("Daily", "04:00:00", False)


# --- times ------------------------------------------------------------------------------------------------------------

TIMES = [
    ("22:00", "22:00", "22:00:00"),
    (" 22:00 ", "22:00", "22:00:00"),
    ("7:05", "07:05", "07:05:00"),
    ("00:00", "00:00", "00:00:00"),
    ("23:59:59", "23:59:59", "23:59:59"),
    ("22:00:00", "22:00", "22:00:00"),
    ("22:00:30", "22:00:30", "22:00:30"),
]


@pytest.mark.parametrize(("written", "shown_as", "sent"), TIMES)
def test_times(written: str, shown_as: str, sent: str, version: ApiVersion) -> None:
    _unused, wanted, _unused = wanted_for({"type": "daily", "daily_time": written}, version)
    assert wanted["daily_time"] == shown_as
    assert body_for({"type": "daily", "daily_time": written}, version)["dailyTime"] == sent


NOT_TIMES = [
    ("25:00", ""),
    ("24:00", ""),
    ("22:60", ""),
    ("22:00:60", ""),
    ("22", ""),
    ("10pm", ""),
    ("", ""),
    ("-1:00", ""),
    ("22:00 CET", ""),
    ("22:00+01:00", ""),
    # YAML 1.1 reads 22:30 as 22 * 60 + 30, and the type of the option turns that into text
    (1350, "22:30"),
    ("1350", "22:30"),
    ("480", "08:00"),
    ("0", ""),
    ("60", "01:00"),  # YAML does not convert 0:59
    ("1439", "23:59"),
    ("1440", ""),
    # and 22:00:00 as seconds
    (79200, "22:00:00"),
    ("79230", "22:00:30"),
    ("3600", "01:00:00"),
    ("86399", "23:59:59"),
    ("86400", ""),
    ("3599", ""),
]


@pytest.mark.parametrize(("written", "meant"), NOT_TIMES)
def test_what_is_not_a_time(written: t.Any, meant: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_policy({"daily_time": written})
    what = f'a time that YAML read as a number. Did you mean "{meant}" in quotes?'
    text = what if meant else "not a time of day; write HH:MM from 00:00 to 23:59, in quotes"
    assert (caught.value.option, caught.value.text) == (
        "schedule_policy.daily_time",
        f"'{str(written).strip()}' is {text}",
    )


def test_another_place_of_the_policy_is_named() -> None:
    with pytest.raises(InputError) as caught:
        parse_policy({"daily_time": "25:00"}, "jobs[3].schedule_policy")
    assert caught.value.option == "jobs[3].schedule_policy.daily_time"


@pytest.mark.parametrize(
    ("option", "between"), [("daily_time", ["20:00", "04:00"]), ("periodically_offset_minutes", [0, 59])]
)
def test_a_range_is_refused_for_a_job_alone(option: str, between: list[t.Any]) -> None:
    with pytest.raises(InputError) as caught:
        parse_policy({option: {"between": between}}, "p")
    assert (caught.value.option, caught.value.text) == (
        f"p.{option}",
        "a range requires all jobs of the server; use it in the jobs of vbo_jobs",
    )


def test_nothing_given_is_nothing() -> None:
    assert parse_policy(None) is None
    assert parse_policy({}) == {}
    assert parse_policy({"type": None, "backup_window": None, "retry_number": None}) == {}


# --- the minute offset ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", [None, 0, -60, 330])
def test_an_offset_that_the_user_does_not_give_goes_back_as_it_came(kept: int | None, version: ApiVersion) -> None:
    raw = {
        **DAILY_RAW,
        "backupWindowEnabled": True,
        "backupWindowSettings": {"backupWindow": NIGHT_HOURS, "minuteOffset": kept},
    }
    body = body_for({"daily_time": "23:30"}, version, raw)
    assert body["backupWindowSettings"] == {"backupWindow": NIGHT_HOURS, "minuteOffset": kept or 0}
    body = body_for({"backup_window": ["Sat"]}, version, raw)
    assert body["backupWindowSettings"] == {"backupWindow": parse_window("Sat"), "minuteOffset": kept or 0}


@pytest.mark.parametrize("kept", [None, 0, -60, 330])
@pytest.mark.parametrize("asked", [0, -60, 45])
def test_an_offset_that_the_user_gives_is_reached_and_kept(kept: int | None, asked: int, version: ApiVersion) -> None:
    raw = {
        **DAILY_RAW,
        "backupWindowEnabled": True,
        "backupWindowSettings": {"backupWindow": NIGHT_HOURS, "minuteOffset": kept},
    }
    options = {"backup_window_minute_offset": asked}
    given_options, wanted, view = wanted_for(options, version, raw)
    assert (wanted == view) == ((kept or 0) == asked)
    body = write_policy(wanted, view, raw, given_options, version)
    assert body["backupWindowSettings"]["minuteOffset"] == asked
    after = read_policy(body, version)
    assert after == wanted, "the write is verified against what is wanted"
    assert wanted_for(options, version, body)[1] == after


# --- warnings ---------------------------------------------------------------------------------------------------------

WARNED: list[tuple[Policy, list[str]]] = [
    ({"type": "daily", "daily_type": "everyday", "daily_time": "22:00"}, []),
    ({"type": "daily", "daily_type": "everyday", "daily_time": "22:00", "backup_window": NIGHT}, []),
    ({"type": "daily", "daily_type": "sunday", "daily_time": "23:59", "backup_window": ["Sun 23:00-24:00"]}, []),
    ({"type": "manual_only", "backup_window": ["never"]}, []),
    (
        {"type": "daily", "daily_type": "everyday", "daily_time": "22:00", "backup_window": ["never"]},
        ["p.backup_window is 'never': the job can never run."],
    ),
    (
        {"type": "periodically", "periodically_every": "hours1", "periodically_window": ["never"]},
        ["p.periodically_window is 'never': the job can never run."],
    ),
    (
        {"type": "daily", "daily_type": "weekends", "daily_time": "22:00:30", "backup_window": ["Mon-Fri 19:00-24:00"]},
        [
            "p.backup_window never contains the start time 22:00:30 (weekends): "
            "the job would be terminated when it starts."
        ],
    ),
    (
        {"type": "daily", "daily_type": "sunday", "daily_time": "07:00", "backup_window": ["Sun 08:00-09:00", "Mon"]},
        ["p.backup_window never contains the start time 07:00 (sunday): the job would be terminated when it starts."],
    ),
    (
        {
            "type": "periodically",
            "periodically_every": "hours1",
            "backup_window": ["Sat"],
            "periodically_window": ["Sun"],
        },
        ["p.backup_window and p.periodically_window have no hour in common: the job can never run."],
    ),
    (
        {
            "type": "periodically",
            "periodically_every": "hours1",
            "backup_window": ["Sat"],
            "periodically_window": ["Sat-Sun"],
        },
        [],
    ),
    (
        {
            "type": "periodically",
            "periodically_every": "hours1",
            "backup_window": ["Sat"],
            "periodically_window": ["never"],
        },
        ["p.periodically_window is 'never': the job can never run."],
    ),
    ({"type": "daily", "daily_type": "weekends", "daily_time": "22:00", "backup_window": ["Sat"]}, []),
]


@pytest.mark.parametrize(("wanted", "warnings"), WARNED)
def test_warnings(wanted: Policy, warnings: list[str]) -> None:
    assert warnings_for(wanted, "p") == warnings
    assert warnings_for(wanted) == [warning.replace("p.", "schedule_policy.") for warning in warnings]


@pytest.mark.parametrize("daily_type", DAILY_TYPES)
def test_each_kind_of_day_is_looked_up_in_the_window(daily_type: str) -> None:
    days = {"everyday": "Mon-Sun", "workdays": "Mon-Fri", "weekends": "Sat-Sun"}.get(daily_type, daily_type)
    wanted = {"type": "daily", "daily_type": daily_type, "daily_time": "10:00"}
    assert warnings_for({**wanted, "backup_window": [f"{days} 10:00-11:00"]}) == []
    assert warnings_for({**wanted, "backup_window": ["Mon-Sun 11:00-10:00"]}) != []
    if daily_type != "everyday":
        others = [day for day in ("Mon", "Wed", "Sat", "Sun") if day.lower() not in _days(daily_type)]
        assert warnings_for({**wanted, "backup_window": [f"{day} 10:00-11:00" for day in others]}) != []


def _days(daily_type: str) -> tuple[str, ...]:
    week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return {"workdays": week[:5], "weekends": week[5:]}.get(daily_type, (daily_type[:3],))
