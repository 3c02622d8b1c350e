# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Days and moments that people write: an override's last day, the span of a freeze, and the day that it is now."""

from __future__ import annotations

import datetime as dt
import re
import typing as t

from ...module_utils._errors import InputError, literal
from .._calendar._zones import UTC, zone_of

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([zZ]|[+-]\d{2}:\d{2})?")


def parse_day(value: t.Any, path: str) -> str:
    """Parse a day, V(YYYY-MM-DD); YAML reads one without quotes as a date.

    :raises InputError: for anything else, a date with a time among them
    """
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    text = value.strip() if isinstance(value, str) else ""
    if _DAY.fullmatch(text):
        try:
            return dt.date.fromisoformat(text).isoformat()
        except ValueError:
            pass
    raise InputError(path, f"{literal(value)} is not a date; write YYYY-MM-DD")


def parse_moment(value: t.Any, zone: dt.tzinfo, path: str, end: bool = False) -> dt.datetime:
    """An instant that is written as a day or as a date with a time; without an offset it is of the zone's wall clock.

    :arg end: a day means its end, and not its beginning
    :raises InputError: for anything else
    """
    text = value.strip() if isinstance(value, str) else ""
    if isinstance(value, dt.datetime):
        found = value
    elif isinstance(value, dt.date) or _DAY.fullmatch(text):
        day = dt.date.fromisoformat(parse_day(value, path))
        if end and day < dt.date.max:
            day += dt.timedelta(days=1)
        found = dt.datetime.combine(day, dt.time())
    elif _MOMENT.fullmatch(text):
        try:
            found = dt.datetime.fromisoformat(text[:-1] + "+00:00" if text[-1] in "zZ" else text)
        except ValueError:
            raise InputError(path, f"{literal(value)} is not a date with a time") from None
    else:
        raise InputError(
            path, f"{literal(value)} is not a date or time; write YYYY-MM-DD, or YYYY-MM-DDTHH:MM in quotes"
        )
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (OverflowError, ValueError):
        raise InputError(path, f"{literal(value)} is outside of the supported range of dates") from None


def current(now: t.Any, zone: dt.tzinfo, path: str = "now") -> dt.datetime:
    """Return the current time: the given one, or that of the clock."""
    return parse_moment(now, zone, path) if now not in (None, "") else dt.datetime.now(UTC)


def today_in(today: t.Any, time_zone: t.Any) -> str:
    """Return the current day: the given one, or that of the clock in a time zone.

    :arg time_zone: an IANA name; UTC when it is empty
    :raises InputError: for an invalid day or time zone
    """
    zone = zone_of(time_zone or "UTC", "time_zone")
    if today not in (None, ""):
        return parse_day(today, "today")
    return dt.datetime.now(UTC).astimezone(zone).date().isoformat()
