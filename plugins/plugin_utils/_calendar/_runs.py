# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Compute the starts of a schedule in any time span by the rules of the product, without a server.

The rules are those of the vendor's guides: a daily schedule starts at its time on its days; a periodic one counts its
interval from midnight, adds its offset, starts only in the hours that its window permits, and also when they open.
All times follow the server's local clock. Retries need a failed run, so only their possible period is shown.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import re
import typing as t

from ...module_utils._errors import VboError
from ...module_utils._resources._job._schedule import DEFAULTS, RETRY
from ...module_utils._resources._times._window import WEEK_ORDER, parse_window
from ...module_utils._types import View
from ._zones import UTC, instant, offset

#: the days of C(daily_type), as Python counts weekdays (Monday is 0)
DAYS = {
    "everyday": range(7),
    "workdays": range(5),
    "weekends": range(5, 7),
    **{
        name: range(number, number + 1)
        for number, name in enumerate(
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        )
    },
}
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Schedule:
    """Return the local times at which a job starts on each weekday (Monday is 0), and the limits of its runs.

    :arg times: for each weekday the times of its starts, in order
    :arg window: 168 hours, Sunday 00:00 first, outside of which a run is terminated; None for no limit
    :arg retries: how often a failed run is repeated
    :arg wait: minutes between a failed run and the next try
    """

    times: tuple[tuple[dt.time, ...], ...]
    window: tuple[bool, ...] | None = None
    retries: int = 0
    wait: int = 0

    @property
    def runs(self) -> bool:
        """Return whether the schedule ever starts its job."""
        return any(self.times)

    @functools.cached_property
    def lengths(self) -> list[int] | None:
        """For each hour of the week, Monday first, how many hours without a break a run may last; None for no limit."""
        if self.window is None or all(self.window):
            return None
        lengths = [0] * 168
        for hour in [*reversed(range(168))] * 2:  # the second pass knows how the week continues after its end
            permitted = _permits(self.window, *divmod(hour, 24))
            lengths[hour] = lengths[(hour + 1) % 168] + 1 if permitted else 0
        return lengths


def schedule_of(policy: View) -> Schedule:
    """The schedule of a policy in canonical spelling (see C(parse_policy)); one without starts if it is manual."""
    times: list[list[dt.time]] = [[] for _unused in range(7)]
    if policy.get("schedule_enabled") is False:
        pass
    elif policy.get("type", "daily") == "daily" and "daily_time" in policy:
        for day in DAYS[policy.get("daily_type", "everyday")]:
            times[day] = [dt.time.fromisoformat(policy["daily_time"])]
    elif policy.get("type", "periodically") == "periodically" and "periodically_every" in policy:
        times = _periodic(policy)
    return Schedule(
        tuple(map(tuple, times)),
        _hours(policy, "backup_window"),
        *((policy.get(key, DEFAULTS[key]) for key in RETRY) if policy.get("retry_enabled") else (0, 0)),
    )


def weekly_starts(policy: View) -> list[int]:
    """The minutes of a week, which begins on Sunday as windows do, at which a policy starts its job, in order.

    None of a policy that cannot be read: it may be one that a server shows.
    """
    try:
        # the ends of runs do not matter here
        times = schedule_of({key: policy[key] for key in policy if not key.startswith("backup_")}).times
    except (KeyError, TypeError, ValueError, VboError):
        return []
    return sorted(
        WEEK_ORDER[day] * 24 * 60 + time.hour * 60 + time.minute for day, clocks in enumerate(times) for time in clocks
    )


def schedule_text(policy: View) -> str:
    """Describe the schedule of a job or copy job that starts by itself: V(workdays 22:00)."""
    if "daily_time" in policy and policy.get("type") != "periodically":
        return f"{policy.get('daily_type', 'everyday')} {policy['daily_time']}"
    unit, number = re.fullmatch(r"(\D+)(\d+)", policy["periodically_every"]).groups()  # type: ignore[union-attr]
    text = f"every {number} {unit}"
    if policy.get("periodically_offset_minutes"):
        text += f", {policy['periodically_offset_minutes']} minutes past"
    if _hours(policy, "periodically_window"):
        text += f", {', '.join(policy['periodically_window'])}"
    return text


def copy_schedule_of(policy: View) -> Schedule:
    """The schedule of a copy job; one without starts if it follows each run of its backup job.

    That is the type C(immediate) (User Guide, "Specify Scheduling Options" of a backup copy job).
    """
    same: View = {key: policy[key] for key in ("daily_type", "daily_time", "periodically_every") if key in policy}
    kind = policy.get("type", "immediate")
    same["type"] = {"daily_at_time": "daily", "immediate": "manual_only"}.get(kind, kind)
    window = {
        key.replace("backup_copy_", "backup_"): value for key, value in policy.items() if key.startswith("backup_copy_")
    }
    return schedule_of({**same, **window})


def _periodic(policy: View) -> list[list[dt.time]]:
    """The starts of each day; intervals in minutes know neither offset nor hours."""
    every = policy["periodically_every"]
    if every.startswith("minutes"):
        return [[dt.time(*divmod(minute, 60)) for minute in range(0, 24 * 60, int(every[len("minutes") :]))]] * 7
    step, window = int(every[len("hours") :]), _hours(policy, "periodically_window") or (True,) * 168
    offset = policy.get("periodically_offset_minutes", 0)
    return [
        [
            dt.time(hour, offset)
            for hour, (earlier, permitted) in enumerate(zip(_before(window, day), _day(window, day)))
            if permitted and (hour % step == 0 or not earlier)
        ]
        for day in range(7)
    ]


def _day(window: t.Sequence[bool], weekday: int) -> t.Sequence[bool]:
    """The hours of a day of a week that begins on Sunday."""
    return window[WEEK_ORDER[weekday] * 24 :][:24]


def _before(window: t.Sequence[bool], weekday: int) -> list[bool]:
    """For each hour of a day the hour before it, whatever the day."""
    return [window[WEEK_ORDER[weekday] * 24 - 1], *_day(window, weekday)[:-1]]


def _hours(policy: View, window: str) -> tuple[bool, ...] | None:
    if not policy.get(f"{window}_enabled", window in policy) or not policy.get(window):
        return None
    return tuple(parse_window(policy[window]))


def _permits(window: t.Sequence[bool], weekday: int, hour: int) -> bool:
    return _day(window, weekday)[hour]


def starts(schedule: Schedule, zone: dt.tzinfo, begin: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    """The instants, in UTC and in order, at which the job starts from C(begin) until before C(end)."""
    found: set[dt.datetime] = set()
    day, last = (begin.astimezone(zone) - DAY).date(), (end.astimezone(zone) + DAY).date()
    while day <= last:
        times, shift = schedule.times[day.weekday()], offset(day, zone) if schedule.times[day.weekday()] else None
        if shift is None:
            found.update(instant(day, time, zone) for time in times)
        else:
            found.update(dt.datetime.combine(day, time, UTC) - shift for time in times)
        day += DAY
    return sorted(moment for moment in found if begin <= moment < end)


@functools.lru_cache(maxsize=1024)  # many jobs of a fleet share a schedule
def next_start(schedule: Schedule, zone: dt.tzinfo, after: dt.datetime) -> dt.datetime | None:
    """The first start later than C(after); None for a job that does not start by itself."""
    if not schedule.runs:
        return None
    return min(starts(schedule, zone, after + dt.timedelta(microseconds=1), after + 9 * DAY), default=None)


def ends_by(schedule: Schedule, zone: dt.tzinfo, start: dt.datetime) -> dt.datetime | None:
    """Return when the backup window ends a run that began at C(start) at the latest; None for never."""
    if schedule.window is None or schedule.lengths is None:
        return None
    clock = start.astimezone(zone)
    length = schedule.lengths[clock.weekday() * 24 + clock.hour]
    if not length:
        return start
    full = dt.datetime(clock.year, clock.month, clock.day, clock.hour, tzinfo=UTC) + length * HOUR
    shift = clock.utcoffset()
    if all(
        offset(clock.date() + number * DAY, zone) == shift for number in range((full.date() - clock.date()).days + 1)
    ):
        return full - t.cast(dt.timedelta, shift)
    moment = start
    for _unused in range(8 * 24):
        clock = moment.astimezone(zone)
        if not _permits(schedule.window, clock.weekday(), clock.hour):
            return max(moment, start)
        # the next full hour of the wall clock; zones differ by quarters of an hour
        moment += dt.timedelta(minutes=60 - clock.minute, seconds=-clock.second, microseconds=-clock.microsecond)
    return None


def retries_until(schedule: Schedule, start: dt.datetime) -> dt.datetime | None:
    """Return the start of the last retry if every attempt fails immediately; None without retries."""
    if not schedule.retries:
        return None
    return start + dt.timedelta(minutes=schedule.retries * schedule.wait)
