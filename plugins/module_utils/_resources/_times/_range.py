# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Ranges of start times: the places in a day or an hour of which a job gets one. Pure."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ..._errors import InputError, literal
from ..._input._mistakes import instead
from ._clock import parse_time

DAY, HOUR = 24 * 60, 60
#: option: minutes after which its places begin again
CYCLES = {"daily_time": DAY, "periodically_offset_minutes": HOUR}
#: option: minutes between two places, if the user does not say
STEPS = {"daily_time": 10, "periodically_offset_minutes": 5}
EXAMPLES = {
    "daily_time": '{between: ["20:00", "04:00"], step: 10}',
    "periodically_offset_minutes": "{between: [0, 59], step: 5}",
}
KEYS = ("between", "step")
_NUMBER = re.compile(r"-?[0-9]{1,9}")


@dataclasses.dataclass(frozen=True)
class Places:
    """The minutes of a day or an hour that a job may get: the first one, the step, and how many there are."""

    option: str
    first: int
    step: int
    count: int

    @property
    def cycle(self) -> int:
        return CYCLES[self.option]

    def minute(self, place: int) -> int:
        return (self.first + place % self.count * self.step) % self.cycle

    def place_of(self, minute: int | None) -> int | None:
        """Return the index of the place at a minute, or None if there is no place."""
        if minute is None:
            return None
        place, rest = divmod((minute - self.first) % self.cycle, self.step)
        return place if not rest and place < self.count else None

    def value(self, minute: int) -> t.Any:
        """Return a minute in the format of the option."""
        return "{:02d}:{:02d}".format(*divmod(minute, 60)) if self.option == "daily_time" else minute

    def __str__(self) -> str:
        return f"{self.value(self.minute(0))} to {self.value(self.minute(self.count - 1))}"


def parse_places(value: t.Mapping[str, t.Any], option: str, path: str) -> Places:
    """The places of a range, which may go over midnight or over the hour.

    :raises InputError: with the path of the mistake
    """
    for key in value:
        if key not in KEYS:
            raise InputError(f"{path}.{key}", f"unsupported option{instead(str(key), KEYS)}")
    between = value.get("between")
    if not isinstance(between, (list, tuple)) or len(between) != 2:
        raise InputError(
            f"{path}.between", f"must be a list of the earliest and the latest start; write {EXAMPLES[option]}"
        )
    first, last = (_minute(entry, option, f"{path}.between[{number}]") for number, entry in enumerate(between))
    step = STEPS[option] if value.get("step") is None else parse_number(value["step"], f"{path}.step")
    cycle = CYCLES[option]
    if not 1 <= step < cycle:
        raise InputError(f"{path}.step", f"must be between 1 and {cycle - 1} minutes (got {step})")
    return Places(option, first, step, (last - first) % cycle // step + 1)


def _minute(value: t.Any, option: str, path: str) -> int:
    if option == "daily_time":
        text = parse_time(value, path)
        if len(text) > len("HH:MM"):
            raise InputError(path, f"{literal(text)} has seconds; starts in a range are whole minutes")
        return minute_of(text)
    minute = parse_number(value, path)
    if not 0 <= minute < HOUR:
        raise InputError(path, f"must be between 0 and {HOUR - 1} (got {minute})")
    return minute


def parse_number(value: t.Any, path: str) -> int:
    """A whole number, which may be written as text.

    :raises InputError: for anything else
    """
    text = str(int(value) if isinstance(value, float) and value.is_integer() else value).strip()
    if not _NUMBER.fullmatch(text):
        raise InputError(path, f"must be a whole number (got {literal(value)})")
    return int(text)


def minute_of(time: str) -> int:
    """A time of day in minutes."""
    hour, minute = time.split(":")[:2]
    return int(hour) * 60 + int(minute)
