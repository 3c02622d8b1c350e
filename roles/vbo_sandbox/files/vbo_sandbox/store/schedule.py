# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Compute the start times of a schedule.

Schedules are in the time zone of the server, including its daylight saving changes; results are in UTC. Periodic
starts are counted from midnight.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from .model import Schedule, Window

UTC = timezone.utc
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MINUTES = {"Minutes5": 5, "Minutes10": 10, "Minutes15": 15, "Minutes30": 30}
HOURS = {"Hours1": 1, "Hours2": 2, "Hours4": 4, "Hours8": 8, "Hours12": 12}
HOUR = 3600.0
WEEK = 7 * 24 * HOUR


@dataclass(frozen=True)
class Rules:
    """Choices that the vendor documentation leaves open, set by the switches of the same names."""

    #: start at a local time that does not exist: first moment ``after`` the gap, or later by the ``span`` of the gap
    skipped_time: str = "after"
    #: start at a local time that occurs twice: the ``first`` occurrence, or ``both``
    repeated_time: str = "first"
    #: whether a periodic job also starts when a permitted period begins
    opening_start: bool = True


DEFAULT = Rules()


def next_run(schedule: Schedule, after: datetime, zone: ZoneInfo, rules: Rules = DEFAULT) -> datetime | None:
    """Return the first start strictly after the aware datetime *after*, in UTC, or None."""
    found = next_start(schedule, after.timestamp(), zone, rules)
    return None if found is None else datetime.fromtimestamp(found, UTC)


def next_start(schedule: Schedule, after: float, zone: ZoneInfo, rules: Rules = DEFAULT) -> float | None:
    """Return the first start strictly after *after*, both in seconds since 1970, or None."""
    if not schedule.schedule_enabled or schedule.type in ("ManualOnly", "Immediate"):
        return None
    periodic = schedule.type == "Periodically"
    if periodic:
        hourly = schedule.periodically_every in HOURS
        offset = schedule.periodically_offset_minutes if hourly else 0
        window = schedule.periodically_window if hourly and schedule.periodically_window_enabled else None
        bits = window.bits if window else ""
        clocks = _periodic_clocks(schedule.periodically_every, offset)
    else:
        clocks, offset, bits = (_seconds(schedule.daily_time),), 0, ""
    day = datetime.fromtimestamp(after, zone).date()
    for _step in range(9):
        if periodic or day_matches(schedule.daily_type, day):
            starts = _day_starts(clocks, offset * 60, bits, day, zone, rules)
            position = bisect_right(starts, after)
            if position < len(starts):
                return starts[position]
        day += timedelta(days=1)
    return None


def last_start(schedule: Schedule, before: float, zone: ZoneInfo, rules: Rules = DEFAULT) -> float | None:
    """Return the last start before *before*, or None if there was none in the preceding week."""
    for back in (HOUR, 24 * HOUR, WEEK + 24 * HOUR):
        found, following = None, next_start(schedule, before - back, zone, rules)
        while following is not None and following < before:
            found, following = following, next_start(schedule, following, zone, rules)
        if found is not None:
            return found
    return None


def day_matches(daily_type: str, day: date) -> bool:
    """Return whether a daily schedule includes a day."""
    weekday = day.weekday()
    if daily_type == "Everyday":
        return True
    if daily_type == "Workdays":
        return weekday < 5
    if daily_type == "Weekends":
        return weekday >= 5
    return DAYS[weekday] == daily_type


def permits(window: Window | None, moment: datetime) -> bool:
    """Return whether a local time is in a permitted hour (the week starts on Sunday)."""
    return window is None or _permitted(window.bits, moment)


def first_forbidden(window: Window, start: float, end: float, zone: ZoneInfo) -> float | None:
    """Return the first moment in a forbidden hour, from *start* (inclusive) to *end* (exclusive), or None."""
    return _first(window, start, end, zone, permitted=False)


def first_permitted(window: Window, start: float, zone: ZoneInfo) -> float | None:
    """Return the first moment in a permitted hour at or after *start*, or None if no hour is permitted."""
    return _first(window, start, start + WEEK + 2 * HOUR, zone, permitted=True)


def _first(window: Window, start: float, end: float, zone: ZoneInfo, *, permitted: bool) -> float | None:
    bits, moment = window.bits, start
    while moment < end:
        local = datetime.fromtimestamp(moment, zone)
        if _permitted(bits, local) is permitted:
            return moment
        moment += HOUR - local.minute * 60 - local.second - local.microsecond / 1e6
    return None


def _permitted(bits: str, local: datetime) -> bool:
    return bits[(local.weekday() + 1) % 7 * 24 + local.hour] == "1"


@lru_cache(maxsize=1024)
def _periodic_clocks(every: str, offset: int) -> tuple[int, ...]:
    """Return the starts of a day in seconds after midnight, local time."""
    if every in MINUTES:
        return tuple(range(0, 86400, MINUTES[every] * 60))
    return tuple(hour * 3600 + offset * 60 for hour in range(0, 24, HOURS[every]))


@lru_cache(maxsize=1024)
def _seconds(text: str) -> int:
    clock = parse_time(text)
    return clock.hour * 3600 + clock.minute * 60 + clock.second


@lru_cache(maxsize=16384)
def _day_starts(
    clocks: tuple[int, ...], offset: int, bits: str, day: date, zone: ZoneInfo, rules: Rules
) -> tuple[float, ...]:
    """Return the starts of a day in seconds since 1970; *bits* are the permitted hours of a periodic schedule."""
    wanted = set(clocks)
    if bits:
        first = (day.weekday() + 1) % 7 * 24
        wanted = {clock for clock in wanted if bits[first + clock // 3600] == "1"}
        if rules.opening_start:
            opening = [
                hour for hour in range(24) if bits[first + hour] == "1" and bits[(first + hour - 1) % 168] == "0"
            ]
            wanted |= {hour * 3600 + offset for hour in opening}
    moments: set[float] = set()
    for clock in wanted:
        moments.update(instants(day, time(clock // 3600, clock // 60 % 60, clock % 60), zone, rules))
    return tuple(sorted(moments))


def instants(day: date, clock: time, zone: ZoneInfo, rules: Rules = DEFAULT) -> list[float]:
    """Return the moments of a local time: two if it occurs twice and both are wanted, else one."""
    early = datetime.combine(day, clock, tzinfo=zone)
    late = early.replace(fold=1)
    before, after = early.utcoffset(), late.utcoffset()
    if before == after or before is None or after is None:
        return [early.timestamp()]
    if before > after:
        return [early.timestamp(), late.timestamp()] if rules.repeated_time == "both" else [early.timestamp()]
    if rules.skipped_time == "span":
        return [early.timestamp()]
    low, high = int(late.timestamp()), int(early.timestamp())
    while low < high:  # find the clock change by bisection
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == before:
            low = middle + 1
        else:
            high = middle
    return [float(low)]


def parse_time(text: str) -> time:
    """Parse ``HH:MM`` or ``HH:MM:SS``."""
    hour, minute, second = [int(part) for part in f"{text.split('.')[0]}:0".split(":")][:3]
    return time(hour, minute, second)


def stamp(moment: datetime) -> str:
    """Format a datetime in UTC with up to seven fractional digits, without trailing zeros."""
    moment = moment.astimezone(UTC)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    if moment.microsecond:
        digits = f"{moment.microsecond:06d}{moment.microsecond // 10 % 10}"
        return f"{text}.{digits.rstrip('0')}Z"
    return text + "Z"


def trimmed(text: str) -> str:
    """Return a timestamp of a state file without trailing zeros in the fraction, as servers format it."""
    return re.sub(r"\.(\d*?)0*(?=[^\d]|$)", lambda found: f".{found[1]}" if found[1] else "", text, count=1)


def stamp_at(moment: float) -> str:
    """Format seconds since 1970 as :func:`stamp` does."""
    return stamp(datetime.fromtimestamp(moment, UTC))


def parse_stamp(text: str) -> datetime:
    """Parse a timestamp with any number of fractional digits and any offset; the inverse of :func:`stamp`."""
    text = text.strip()
    if text.endswith(("Z", "z")):
        text = text[:-1] + "+00:00"
    if "." in text:
        head, tail = text.split(".", 1)
        digits = ""
        while tail and tail[0].isdigit():
            digits, tail = digits + tail[0], tail[1:]
        text = f"{head}.{(digits + '000000')[:6]}{tail}"
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def seconds_of(text: str) -> float:
    """Parse a timestamp into seconds since 1970."""
    return parse_stamp(text).timestamp()
