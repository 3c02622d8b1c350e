# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ranges of start times: their places, and the mistakes that are refused."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError, literal
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._range import (
    Places,
    minute_of,
    parse_number,
    parse_places,
)

NIGHT = ["22:00", "22:30"]


@pytest.mark.parametrize(
    ("minute", "place"), [(22 * 60, 0), (22 * 60 + 20, 2), (22 * 60 + 5, None), (22 * 60 + 40, None), (None, None)]
)
def test_the_place_at_a_minute(minute: int | None, place: int | None) -> None:
    assert Places("daily_time", 22 * 60, 10, 4).place_of(minute) == place


@pytest.mark.parametrize(("time", "minute"), [("00:00", 0), ("22:15", 1335), ("22:15:30", 1335)])
def test_seconds_do_not_count(time: str, minute: int) -> None:
    assert minute_of(time) == minute


@pytest.mark.parametrize(("value", "number"), [(5, 5), ("5", 5), (" -5 ", -5), (5.0, 5)])
def test_a_number_may_be_written_as_text(value: t.Any, number: int) -> None:
    assert parse_number(value, "p") == number


@pytest.mark.parametrize("value", [True, False, None, 5.5, "5.0", "", "five", [5], float("nan"), float("inf"), 10**9])
def test_what_is_no_whole_number_is_refused(value: t.Any) -> None:
    with pytest.raises(InputError) as caught:
        parse_number(value, "p")
    assert (caught.value.option, caught.value.text) == ("p", f"must be a whole number (got {literal(value)})")


@pytest.mark.parametrize(
    ("option", "value", "path", "text"),
    [
        ("daily_time", {"between": NIGHT, "step": 0}, "p.step", "must be between 1 and 1439 minutes (got 0)"),
        ("daily_time", {"between": NIGHT, "step": 1440}, "p.step", "must be between 1 and 1439 minutes (got 1440)"),
        (
            "periodically_offset_minutes",
            {"between": [0, 60]},
            "p.between[1]",
            "must be between 0 and 59 (got 60)",
        ),
        (
            "periodically_offset_minutes",
            {"between": [0, 9], "step": 60},
            "p.step",
            "must be between 1 and 59 minutes (got 60)",
        ),
        (
            "daily_time",
            {"between": ["22:00:30", "23:00"]},
            "p.between[0]",
            "'22:00:30' has seconds; starts in a range are whole minutes",
        ),
        ("daily_time", {"between": NIGHT, "stp": 5}, "p.stp", "unsupported option. Did you mean step?"),
    ],
)
def test_mistakes_are_named_by_path(option: str, value: dict[str, t.Any], path: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_places(value, option, "p")
    assert (caught.value.option, caught.value.text) == (path, text)
