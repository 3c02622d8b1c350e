# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""When a job runs next: the schedule in the server's own time zone, the answer in UTC."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from .model import Schedule, Window

UTC = timezone.utc
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MINUTES = {"Minutes5": 5, "Minutes10": 10, "Minutes15": 15, "Minutes30": 30}
HOURS = {"Hours1": 1, "Hours2": 2, "Hours4": 4, "Hours8": 8, "Hours12": 12}


def next_run(schedule: Schedule, after: datetime, zone: ZoneInfo) -> datetime | None:
    """The first start strictly later than *after* (aware), in UTC, or None."""
    if not schedule.schedule_enabled or schedule.type in ("ManualOnly", "Immediate"):
        return None
    if schedule.type in ("Daily", "DailyAtTime"):
        return _next_daily(schedule, after, zone)
    return _next_periodic(schedule, after, zone)


def day_matches(daily_type: str, day: date) -> bool:
    """Whether a day is among those of a daily schedule."""
    weekday = day.weekday()
    if daily_type == "Everyday":
        return True
    if daily_type == "Workdays":
        return weekday < 5
    if daily_type == "Weekends":
        return weekday >= 5
    return DAYS[weekday] == daily_type


def permits(window: Window | None, moment: datetime) -> bool:
    """Whether a wall-clock moment lies in a permitted hour (the week starts on Sunday)."""
    if window is None:
        return True
    day = (moment.weekday() + 1) % 7
    return window.hours[day][moment.hour] == "1"


def to_utc(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A wall-clock time as UTC.

    A time that the clocks skip in spring moves on by the skipped span; a time that exists twice in
    autumn is the first of the two.
    """
    return datetime.combine(day, clock, tzinfo=zone).replace(fold=0).astimezone(UTC)


def _next_daily(schedule: Schedule, after: datetime, zone: ZoneInfo) -> datetime | None:
    clock = parse_time(schedule.daily_time)
    day = after.astimezone(zone).date()
    for _step in range(9):
        if day_matches(schedule.daily_type, day):
            moment = to_utc(day, clock, zone)
            if moment > after:
                return moment
        day += timedelta(days=1)
    return None


def _next_periodic(schedule: Schedule, after: datetime, zone: ZoneInfo) -> datetime | None:
    window = schedule.periodically_window if schedule.periodically_window_enabled else None
    hours = HOURS.get(schedule.periodically_every)
    if hours is None:
        step = MINUTES[schedule.periodically_every]
        starts = [(minute // 60, minute % 60) for minute in range(0, 1440, step)]
        window = None
    else:
        starts = [(hour, schedule.periodically_offset_minutes) for hour in range(0, 24, hours)]
    local = after.astimezone(zone)
    day = local.date()
    for ahead in range(9):
        for hour, minute in starts:
            if ahead == 0 and hour < local.hour - 1:
                continue
            clock = time(hour, minute)
            if permits(window, datetime.combine(day, clock)):
                moment = to_utc(day, clock, zone)
                if moment > after:
                    return moment
        day += timedelta(days=1)
    return None


def parse_time(text: str) -> time:
    """``HH:MM`` or ``HH:MM:SS`` as a time."""
    hour, minute, second = [int(part) for part in f"{text.split('.')[0]}:0".split(":")][:3]
    return time(hour, minute, second)


def stamp(moment: datetime) -> str:
    """UTC with seven fractional digits; without fraction when on the second."""
    moment = moment.astimezone(UTC)
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    if moment.microsecond:
        return f"{text}.{moment.microsecond:06d}1Z"
    return text + "Z"


def parse_stamp(text: str) -> datetime:
    """The opposite of :func:`stamp`, for any number of fractional digits and any offset."""
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
