# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schedule policies that servers return, complete or not."""

from __future__ import annotations

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import VERSIONS
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import ConnectionFailed
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._schedule import (
    read_policy,
    write_policy,
)
from hypothesis import given
from hypothesis import strategies as st

from .schedules import (
    DAILY_RAW,
    DAILY_VIEW,
    DAY,
    DAY_HOURS,
    HOURLY_RAW,
    NIGHT,
    NIGHT_HOURS,
    OFF_VIEW,
    QUICK,
    RETRY,
    Policy,
    numbered,
)

RETRY_VIEW = {"retry_enabled": True, "retry_number": 5, "retry_wait_interval": 7}
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


def test_a_schedule_that_the_server_hides_is_not_replaced() -> None:
    raw = {"type": "ManualOnly", "scheduleEnabled": False}
    view = read_policy(raw, VERSIONS["v8"])
    body = write_policy(view, view, raw, {}, VERSIONS["v8"])
    assert body == {"scheduleEnabled": False, "backupWindowEnabled": False, "retryEnabled": False}


def test_a_time_that_a_server_says_wrongly_is_named_in_its_own_words() -> None:
    with pytest.raises(ConnectionFailed, match="'dailyTime' is '25:00'"):
        read_policy({"type": "Daily", "dailyTime": "25:00"}, VERSIONS["v8"])


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
