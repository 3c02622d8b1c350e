# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The clock of one server: it runs in real time, can start at another time, and can be moved forward."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from ..loader import DataError
from .schedule import parse_stamp

#: longest step forward, in seconds
LONGEST_STEP = 366 * 86400.0


def moment_of(value: Any, zone: ZoneInfo, path: str) -> float:
    """Parse an ISO 8601 date and time into seconds since 1970; without an offset, in the time zone of the server."""
    try:
        if isinstance(value, datetime):
            moment = value
        elif isinstance(value, date):
            moment = datetime(value.year, value.month, value.day)
        else:
            text = str(value).strip().replace(" ", "T", 1)
            naive = datetime.fromisoformat(text.split(".", maxsplit=1)[0].rstrip("Zz")).tzinfo is None
            moment = parse_stamp(text)
            if naive and text[-1] not in "Zz":
                moment = moment.replace(tzinfo=None)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        return moment.timestamp()
    except (ValueError, OverflowError) as error:
        raise DataError(f"{path}: {value!r} is not a date and time; example: 2026-02-04T22:00:00Z") from error


class Clock:
    """The time of a server in seconds since 1970; it never runs backwards."""

    def __init__(self, start: float | None = None, source: Callable[[], float] = time.time) -> None:
        self._start, self._source = start, source
        self.restart()

    def restart(self) -> None:
        """Reset the clock to the start time of the settings."""
        real = self._source()
        self._shift = 0.0 if self._start is None else self._start - real
        self._latest = real + self._shift

    def now(self) -> float:
        """Return the current time."""
        self._latest = max(self._latest, self._source() + self._shift)
        return self._latest

    def advance(self, moment: float, path: str = "to") -> None:
        """Move the clock forward to a later time."""
        now = self.now()
        if moment < now:
            told = datetime.fromtimestamp(now, timezone.utc).isoformat(timespec="seconds")
            raise DataError(f"{path}: is before the current time of the server ({told}); the clock only moves forward")
        if moment - now > LONGEST_STEP:
            raise DataError(f"{path}: is more than 366 days ahead")
        self._shift += moment - now
        self._latest = moment
