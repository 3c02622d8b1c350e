# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Rows of schedules: times of day, and hours of the week."""

from __future__ import annotations

import typing as t

from ..._core._fields import Field, Names, Text
from ..._input._mistakes import Moment
from ..._types import Data
from ._clock import wire_time

DAILY_TYPES = (
    "everyday",
    "workdays",
    "weekends",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
INTERVALS = ("minutes5", "minutes10", "minutes15", "minutes30", "hours1", "hours2", "hours4", "hours8", "hours12")
#: intervals that only later versions have
NEW_INTERVALS = {"hours12": 8}
INSTEAD_OF_INTERVAL = "use hours8, or a daily schedule"


class Time(Text):
    """A time of day."""

    def option(self) -> Data:
        return Moment(super().option())

    def write(self, value: t.Any, given: t.Any, names: Names, version: int) -> t.Any:
        return wire_time(value)


class Hours(Field):
    """Ranges of hours; the API has them in an object of their own."""

    option_type = "raw"


class Minutes(Field):
    """A difference in minutes, which is in the same object."""

    option_type = "int"
