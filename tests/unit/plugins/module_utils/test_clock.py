# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Times of day that are none, and windows that are switched on again."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._clock import parse_time, wake_window

from .schedules import NIGHT, NIGHT_HOURS, Policy


@pytest.mark.parametrize(
    ("value", "what"), [(["22:00"], "a list"), (("22:00",), "a list"), ({"hour": 22}, "a dictionary")]
)
def test_the_description_of_a_value_is_not_quoted_like_a_text(value: t.Any, what: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_time(value, "p")
    assert caught.value.text == f"{what} is not a time of day; write HH:MM from 00:00 to 23:59, in quotes"


ON, OFF = {"backup_window_enabled": True}, {"backup_window_enabled": False}
HOURS, OFFSET = {"backup_window": NIGHT}, {"backup_window_minute_offset": 60}
RAW = {"backupWindowSettings": {"backupWindow": NIGHT_HOURS, "minuteOffset": 60}}
SWITCHED: list[tuple[str, Policy, Policy, Policy]] = [
    ("on again", ON, OFF, {**ON, **HOURS, **OFFSET}),
    ("on with other hours", {**ON, "backup_window": ["Sat"]}, OFF, {**ON, "backup_window": ["Sat"], **OFFSET}),
    (
        "on with another offset",
        {**ON, "backup_window_minute_offset": 0},
        OFF,
        {**ON, **HOURS, "backup_window_minute_offset": 0},
    ),
    ("still on", ON, ON, ON),
    ("still off", OFF, OFF, OFF),
    ("off", OFF, ON, OFF),
]


@pytest.mark.parametrize(
    ("wanted", "view", "expected"), [row[1:] for row in SWITCHED], ids=[row[0] for row in SWITCHED]
)
def test_a_window_that_is_switched_on_again_keeps_its_settings(wanted: Policy, view: Policy, expected: Policy) -> None:
    wanted = dict(wanted)
    wake_window(wanted, view, RAW, "backup_window", "backupWindow")
    assert wanted == expected
