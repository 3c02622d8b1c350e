# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schedule policy: options to the API and back on every version, omissions of servers, and requests of edits."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import VERSIONS, ApiVersion
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import ConnectionFailed, InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._fields import check_supported
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._schedule import (
    overlay_policy,
    parse_policy,
    read_policy,
    warnings_for,
    write_policy,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._window import parse_window
from hypothesis import assume, given, settings
from hypothesis import strategies as st

QUICK = settings(deadline=None, max_examples=80, database=None)
PATH = "schedule_policy"
Policy = dict[str, t.Any]

DAILY_TYPES = (
    *("everyday", "workdays", "weekends"),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)
MINUTES = ("minutes5", "minutes10", "minutes15", "minutes30")
HOURS = ("hours1", "hours2", "hours4", "hours8", "hours12")
NIGHT = ["Mon-Fri 19:00-07:00"]
DAY = ["Mon-Fri 06:00-22:00"]
NIGHT_HOURS, DAY_HOURS = parse_window(NIGHT), parse_window(DAY)
#: the fields of a plain daily schedule that servers of any version return
DAILY_RAW: Policy = {
    "type": "Daily",
    "dailyType": "Everyday",
    "dailyTime": "22:00:00",
    "backupWindowEnabled": False,
    "retryEnabled": False,
}
HOURLY_RAW: Policy = {
    "type": "Periodically",
    "periodicallyEvery": "Hours4",
    "backupWindowEnabled": False,
    "retryEnabled": False,
}


@pytest.fixture(params=list(VERSIONS.values()), ids=list(VERSIONS))
def version(request: pytest.FixtureRequest) -> ApiVersion:
    return request.param


def numbered(number: int) -> ApiVersion:
    return VERSIONS[f"v{number}"]


def wanted_for(options: Policy, version: ApiVersion, raw: Policy | None = None) -> tuple[Policy, Policy, Policy | None]:
    """Return the input, the resulting policy, and the view of the current policy."""
    check_supported({PATH: options}, version)
    given_options = t.cast(Policy, parse_policy(dict(options)))
    view = read_policy(raw, version) if raw is not None else None
    return given_options, overlay_policy(view, given_options, raw, version, PATH), view


def body_for(options: Policy, version: ApiVersion, raw: Policy | None = None) -> Policy:
    """Return the request body for these options."""
    given_options, wanted, view = wanted_for(options, version, raw)
    return write_policy(wanted, view, raw, given_options, version)


def shown(stored: Policy, version: ApiVersion, off: str = "omit") -> Policy:
    """Return what a server returns of the policy that it stores."""
    raw = dict(stored)
    kind, every = raw.get("type"), str(raw.get("periodicallyEvery"))
    hide: set[str] = set()
    if kind != "Daily":
        hide.update(("dailyType", "dailyTime"))
    if kind != "Periodically":
        hide.add("periodicallyEvery")
    if kind != "Periodically" or not every.startswith("Hours"):
        hide.update(("periodicallyOffsetMinutes", "periodicallyWindowSettings"))
    if raw.get("scheduleEnabled") is False and off != "keep":
        hide.update(key for key in raw if key.startswith(("daily", "periodically")))
        hide.add("type")
    if not raw.get("retryEnabled"):
        hide.update(("retryNumber", "retryWaitInterval"))
    if not raw.get("backupWindowEnabled"):
        hide.add("backupWindowSettings")
    if version.number >= 7 and not raw.get("periodicallyWindowEnabled"):
        hide.add("periodicallyWindowSettings")
    visible = {key: value for key, value in raw.items() if key not in hide}
    if "type" in hide and off == "manual_only":
        visible["type"] = "ManualOnly"
    return visible


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


# --- what servers return ----------------------------------------------------------------------------------------------

RETRY = {"retryEnabled": True, "retryNumber": 5, "retryWaitInterval": 7}
RETRY_VIEW = {"retry_enabled": True, "retry_number": 5, "retry_wait_interval": 7}
DAILY_VIEW: Policy = {"type": "daily", "daily_type": "everyday", "daily_time": "22:00"}
OFF_VIEW: Policy = {"backup_window_enabled": False, "retry_enabled": False}
NULLS = dict.fromkeys(
    (
        *("dailyType", "dailyTime", "periodicallyEvery", "periodicallyOffsetMinutes", "periodicallyWindowEnabled"),
        *("periodicallyWindowSettings", "backupWindowSettings", "retryNumber", "retryWaitInterval"),
    )
)
RETURNED: list[tuple[str, int, Policy | None, Policy]] = [
    ("daily, retry on", 3, {**DAILY_RAW, **RETRY}, {**DAILY_VIEW, "backup_window_enabled": False, **RETRY_VIEW}),
    (
        "daily, retry on, v8",
        8,
        {**DAILY_RAW, **RETRY, "scheduleEnabled": True, "periodicallyWindowEnabled": False},
        {**DAILY_VIEW, "schedule_enabled": True, "backup_window_enabled": False, **RETRY_VIEW},
    ),
    ("daily, retry off", 4, DAILY_RAW, {**DAILY_VIEW, **OFF_VIEW}),
    (
        "daily, retry off, v5",
        5,
        {**DAILY_RAW, "scheduleEnabled": True},
        {**DAILY_VIEW, "schedule_enabled": True, **OFF_VIEW},
    ),
    ("daily on a v5 that leaves the switch out", 5, DAILY_RAW, {**DAILY_VIEW, "schedule_enabled": True, **OFF_VIEW}),
    (
        "a v4 that has the switch",
        4,
        {**DAILY_RAW, "scheduleEnabled": True},
        {**DAILY_VIEW, "schedule_enabled": True, **OFF_VIEW},
    ),
    (
        "a v3 that has the switch, off",
        3,
        {**DAILY_RAW, "scheduleEnabled": False},
        {"type": "manual_only", "schedule_enabled": False, **OFF_VIEW},
    ),
    (
        "off, v6",
        6,
        {"scheduleEnabled": False, "backupWindowEnabled": False, **RETRY},
        {"type": "manual_only", "schedule_enabled": False, "backup_window_enabled": False, **RETRY_VIEW},
    ),
    (
        "off as ManualOnly",
        7,
        {"scheduleEnabled": False, "type": "ManualOnly", "backupWindowEnabled": False, "retryEnabled": False},
        {"type": "manual_only", "schedule_enabled": False, **OFF_VIEW},
    ),
    (
        "ManualOnly with the switch on",
        8,
        {"scheduleEnabled": True, "type": "ManualOnly"},
        {"type": "manual_only", "schedule_enabled": False, **OFF_VIEW},
    ),
    (
        "off with the schedule that sleeps",
        8,
        {**DAILY_RAW, "scheduleEnabled": False},
        {"type": "manual_only", "schedule_enabled": False, **OFF_VIEW},
    ),
    (
        "minutes",
        8,
        {**HOURLY_RAW, "periodicallyEvery": "Minutes30", "scheduleEnabled": True},
        {"type": "periodically", "schedule_enabled": True, "periodically_every": "minutes30", **OFF_VIEW},
    ),
    (
        "hours, v8",
        8,
        {
            **HOURLY_RAW,
            "scheduleEnabled": True,
            "periodicallyOffsetMinutes": 5,
            "periodicallyWindowEnabled": True,
            "periodicallyWindowSettings": {"backupWindow": DAY_HOURS, "minuteOffset": 0},
        },
        {
            "type": "periodically",
            "schedule_enabled": True,
            "periodically_every": "hours4",
            "periodically_offset_minutes": 5,
            "periodically_window_enabled": True,
            "periodically_window": DAY,
            **OFF_VIEW,
        },
    ),
    (
        "hours with a window, v6",
        6,
        {**HOURLY_RAW, "scheduleEnabled": True, "periodicallyWindowSettings": {"backupWindow": DAY_HOURS}},
        {
            "type": "periodically",
            "schedule_enabled": True,
            "periodically_every": "hours4",
            "periodically_offset_minutes": 0,
            "periodically_window_enabled": True,
            "periodically_window": DAY,
            **OFF_VIEW,
        },
    ),
    (
        "hours with all hours open, v6",
        6,
        {**HOURLY_RAW, "scheduleEnabled": True, "periodicallyWindowSettings": {"backupWindow": [True] * 168}},
        {
            "type": "periodically",
            "schedule_enabled": True,
            "periodically_every": "hours4",
            "periodically_offset_minutes": 0,
            "periodically_window_enabled": False,
            **OFF_VIEW,
        },
    ),
    ("hours, v3", 3, HOURLY_RAW, {"type": "periodically", "periodically_every": "hours4", **OFF_VIEW}),
    (
        "window on",
        3,
        {
            **DAILY_RAW,
            "backupWindowEnabled": True,
            "backupWindowSettings": {"backupWindow": NIGHT_HOURS, "minuteOffset": 0},
        },
        {**DAILY_VIEW, "backup_window_enabled": True, "backup_window": NIGHT, "retry_enabled": False},
    ),
    (
        "window on with an offset",
        8,
        {
            **DAILY_RAW,
            "scheduleEnabled": True,
            "backupWindowEnabled": True,
            "backupWindowSettings": {"backupWindow": NIGHT_HOURS, "minuteOffset": -60},
        },
        {
            **DAILY_VIEW,
            "schedule_enabled": True,
            "backup_window_enabled": True,
            "backup_window": NIGHT,
            "backup_window_minute_offset": -60,
            "retry_enabled": False,
        },
    ),
    (
        "everything, whatever the type, as v1 did",
        3,
        {
            **DAILY_RAW,
            "periodicallyEvery": "Hours4",
            "backupWindowSettings": {"backupWindow": NIGHT_HOURS, "minuteOffset": 60},
            "retryNumber": 3,
            "retryWaitInterval": 10,
        },
        {**DAILY_VIEW, **OFF_VIEW},
    ),
    ("nulls", 8, {**NULLS, **DAILY_RAW}, {**DAILY_VIEW, "schedule_enabled": True, **OFF_VIEW}),
    (
        "an offset that is null",
        3,
        {
            **DAILY_RAW,
            "backupWindowEnabled": True,
            "backupWindowSettings": {"backupWindow": NIGHT_HOURS, "minuteOffset": None},
        },
        {**DAILY_VIEW, "backup_window_enabled": True, "backup_window": NIGHT, "retry_enabled": False},
    ),
    (
        "switches as texts",
        5,
        {**DAILY_RAW, "scheduleEnabled": "true", "retryEnabled": "False", "backupWindowEnabled": "false"},
        {**DAILY_VIEW, "schedule_enabled": True, **OFF_VIEW},
    ),
    (
        "time without seconds",
        5,
        {**DAILY_RAW, "dailyTime": "22:00"},
        {**DAILY_VIEW, "schedule_enabled": True, **OFF_VIEW},
    ),
    (
        "time with fractions",
        5,
        {**DAILY_RAW, "dailyTime": "22:00:00.0000000"},
        {**DAILY_VIEW, "schedule_enabled": True, **OFF_VIEW},
    ),
    (
        "unknown values of newer servers",
        8,
        {**DAILY_RAW, "dailyType": "EveryOtherDay"},
        {**DAILY_VIEW, "daily_type": "every_other_day", "schedule_enabled": True, **OFF_VIEW},
    ),
    ("nothing, v8", 8, {}, {"type": "manual_only", "schedule_enabled": False, **OFF_VIEW}),
    ("nothing at all, v3", 3, None, {"type": "manual_only", **OFF_VIEW}),
]


@pytest.mark.parametrize(("number", "raw", "view"), [row[1:] for row in RETURNED], ids=[row[0] for row in RETURNED])
def test_what_servers_return(number: int, raw: Policy | None, view: Policy) -> None:
    assert read_policy(raw, numbered(number)) == view


# --- overlay ----------------------------------------------------------------------------------------------------------

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


def test_a_schedule_that_the_server_hides_is_not_replaced() -> None:
    raw = {"type": "ManualOnly", "scheduleEnabled": False}
    view = read_policy(raw, VERSIONS["v8"])
    body = write_policy(view, view, raw, {}, VERSIONS["v8"])
    assert body == {"scheduleEnabled": False, "backupWindowEnabled": False, "retryEnabled": False}


def test_a_time_that_a_server_says_wrongly_is_named_in_its_own_words() -> None:
    with pytest.raises(ConnectionFailed, match="'dailyTime' is '25:00'"):
        read_policy({"type": "Daily", "dailyTime": "25:00"}, VERSIONS["v8"])


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


# --- properties -------------------------------------------------------------------------------------------------------

windows = st.sampled_from([[], NIGHT, DAY, ["always"], ["never"], ["Sat-Sun"], ["fri 19:00 - mon 07:00"]])
offsets = st.sampled_from([0, 60, -330])


@st.composite
def policies(draw: st.DrawFn, version: ApiVersion, complete: bool) -> Policy:
    """Options that a version supports; with C(complete), enough of them for a new policy."""
    options: Policy = {}

    def maybe(key: str, values: st.SearchStrategy[t.Any]) -> None:
        if draw(st.booleans()):
            options[key] = draw(values)

    every = st.sampled_from([*MINUTES, *HOURS[: 5 if version.number >= 8 else 4]])
    kinds = ["daily", "periodically", *(["manual_only"] if version.number >= 5 else [])]
    if complete or draw(st.booleans()):
        options["type"] = draw(st.sampled_from(kinds))
    maybe("daily_type", st.sampled_from(DAILY_TYPES))
    maybe("daily_time", st.sampled_from(["22:00", "07:05:30", "0:00"]))
    maybe("periodically_every", every)
    if complete and options["type"] == "daily":
        options.setdefault("daily_time", "22:00")
    if complete and options["type"] == "periodically":
        options.setdefault("periodically_every", "hours4")
    if version.number >= 5:
        maybe("schedule_enabled", st.booleans())
    if version.number >= 6:
        maybe("periodically_offset_minutes", st.integers(0, 59))
        maybe("periodically_window", windows)
        maybe("periodically_window_minute_offset", offsets)
        maybe("periodically_window_enabled", st.booleans())
    maybe("backup_window", windows)
    maybe("backup_window_minute_offset", offsets)
    maybe("backup_window_enabled", st.booleans())
    maybe("retry_enabled", st.booleans())
    maybe("retry_number", st.integers(1, 777))
    maybe("retry_wait_interval", st.integers(1, 999))
    return options


@pytest.mark.parametrize("off", ["omit", "manual_only"])
def test_switched_off_with_a_window_switched_on(off: str) -> None:
    """A window of starts has no effect on a schedule that is off, so the second run changes nothing."""
    api = VERSIONS["v8"]
    stored = body_for(
        {"type": "periodically", "periodically_every": "hours4", "periodically_window": ["Mon-Fri 19:00-07:00"]}, api
    )
    options = {"schedule_enabled": False, "periodically_window_enabled": True}
    stored.update(body_for(options, api, shown(stored, api, off)))
    raw = shown(stored, api, off)
    assert read_policy(raw, api)["type"] == "manual_only"
    assert wanted_for(options, api, raw)[1] == read_policy(raw, api)


@pytest.mark.parametrize("off", ["omit", "manual_only", "keep"])
@QUICK
@given(st.data())
def test_what_is_written_over_any_policy_is_what_is_read(off: str, data: st.DataObject) -> None:
    """Create A, merge B into it, write, read: the result is as wanted, and B changes nothing again."""
    api = data.draw(st.sampled_from(list(VERSIONS.values())))
    first = data.draw(policies(api, complete=True))
    second = data.draw(policies(api, complete=False))
    try:
        stored = body_for(first, api)
        raw = shown(stored, api, off)
        given_options, wanted, view = wanted_for(second, api, raw)
    except InputError:
        assume(False)
        raise
    assert read_policy(raw, api) == wanted_for(first, api)[1], "the new policy is not what was wanted"
    body = write_policy(wanted, view, raw, given_options, api)
    known = {"scheduleEnabled"} | set(body)
    if api.number < 6:
        assert not {key for key in known if key.startswith("periodically")} - {"periodicallyEvery"}
    if api.number < 7:
        assert "periodicallyWindowEnabled" not in body
    if api.number < 5:
        assert "scheduleEnabled" not in body
    stored = {**stored, **body}
    raw = shown(stored, api, off)
    after = read_policy(raw, api)
    assert after == wanted
    assert wanted_for(second, api, raw)[1] == after, "the same options want another change"


@QUICK
@given(st.data())
def test_a_view_as_input_changes_nothing(data: st.DataObject) -> None:
    """The output of the information module can be sent back unchanged, also without other data of the server."""
    api = data.draw(st.sampled_from(list(VERSIONS.values())))
    first = data.draw(policies(api, complete=True))
    try:
        raw = shown(body_for(first, api), api)
    except InputError:
        assume(False)
        raise
    view = read_policy(raw, api)
    assert wanted_for(view, api, raw)[1] == view
    assert wanted_for(view, api)[1] == view, "a copy of the job gets the same policy"


@QUICK
@given(st.dictionaries(st.sampled_from(sorted({*DAILY_RAW, *NULLS, "scheduleEnabled"})), st.none() | st.booleans()))
def test_reading_needs_nothing(raw: Policy) -> None:
    """Whatever is missing or null, the view has the type and the state of the switches."""
    raw = {key: value for key, value in raw.items() if value is None or key.endswith("Enabled")}
    for api in VERSIONS.values():
        view = read_policy(raw, api)
        assert view["type"] == "manual_only"
        assert view["retry_enabled"] is (raw.get("retryEnabled") is True)
        assert view["backup_window_enabled"] is (raw.get("backupWindowEnabled") is True)


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
