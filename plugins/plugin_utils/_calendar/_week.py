# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""A week of a server in its local time: how many jobs start, and how many may be running, in each hour.

A week is the same for every date, apart from the hours that change with summer time. Minutes of a week count from
Monday 00:00, hours of a week likewise (0 to 167).
"""

from __future__ import annotations

import collections
import functools
import typing as t

from ...module_utils._resources._times._window import DAY_NAMES, WEEK_ORDER
from ...module_utils._spelling import folded
from ...module_utils._types import Data
from ._jobs import Timed
from ._runs import Schedule

MINUTES = 7 * 24 * 60
#: the criteria by which jobs are grouped, besides the whole server
GROUPS = ("organization", "proxy", "repository")
DAYS = [DAY_NAMES[day] for day in WEEK_ORDER]


def week_of(jobs: t.Sequence[Timed], spacing: int, crowd: int) -> Data:
    """The week of a server and of each group of its jobs.

    :arg spacing: minutes within which starts count as together
    :arg crowd: how many starts within C(spacing) are reported
    """
    states = collections.Counter(job.state for job in jobs)
    groups = [_group("server", "", jobs, spacing, crowd)]
    for kind in GROUPS:
        members: dict[str, list[Timed]] = {}
        for job in jobs:
            if getattr(job, kind):  # servers compare names without the case of letters
                members.setdefault(folded(getattr(job, kind)), []).append(job)
        groups += [
            _group(kind, getattr(entries[0], kind), entries, spacing, crowd)
            for _key, entries in sorted(members.items())
        ]
    return {"jobs": len(jobs), "states": dict(sorted(states.items())), "groups": groups}


def _group(kind: str, name: str, jobs: t.Sequence[Timed], spacing: int, crowd: int) -> Data:
    minutes: dict[int, list[str]] = {}
    running = [0] * 168
    for job in jobs:
        for minute in start_minutes(job.schedule):
            minutes.setdefault(minute, []).append(label(job))
        for hour in running_hours(job.schedule):
            running[hour] += 1
    starts = [0] * 168
    for minute, names in minutes.items():
        starts[minute // 60] += len(names)
    return {
        "kind": kind,
        "name": name,
        "jobs": len(jobs),
        "scheduled": sum(job.state == "scheduled" for job in jobs),
        "starts": starts,
        "running": running,
        "crowded": crowded(minutes, spacing, crowd),
    }


def label(job: Timed) -> str:
    """Return the name of a job in the calendar."""
    return job.name if job.kind == "backup" else f"{job.name} (copy)"


@functools.lru_cache(maxsize=1024)  # many jobs of a fleet share a schedule
def start_minutes(schedule: Schedule) -> tuple[int, ...]:
    """The minutes of the week in which a schedule starts its job, in order."""
    return tuple(
        day * 1440 + time.hour * 60 + time.minute for day, times in enumerate(schedule.times) for time in times
    )


@functools.lru_cache(maxsize=1024)
def running_hours(schedule: Schedule) -> frozenset[int]:
    """The hours of the week in which a run may be under way: from each start until its window ends it.

    Without a window the duration of a run is unknown, so only the hour of the start counts.
    """
    begun = {minute // 60 for minute in start_minutes(schedule)}
    if schedule.window is None or all(schedule.window):
        return frozenset(begun)
    permitted = [schedule.window[WEEK_ORDER[hour // 24] * 24 + hour % 24] for hour in range(168)]
    found: set[int] = set()
    for start in begun:
        hour = start
        while permitted[hour] and hour not in found:
            found.add(hour)
            hour = (hour + 1) % 168
    return frozenset(found)


def crowded(minutes: dict[int, list[str]], spacing: int, crowd: int) -> list[Data]:
    """The spans of at most C(spacing) minutes in which at least C(crowd) jobs start, the fullest first.

    Spans do not overlap: of two with a common start, the busier one is returned.
    """
    order = sorted(minutes)
    circle = [*order, *(minute + MINUTES for minute in order)]  # the week begins again after Sunday
    spans = []
    for number, first in enumerate(order):
        names = list(minutes[first])
        for later in circle[number + 1 :]:
            if later - first >= spacing:
                break
            names += minutes[later % MINUTES]
        if len(names) >= crowd:
            spans.append((len(names), first, names))
    busy: list[Data] = []
    taken: set[int] = set()
    for count, first, names in sorted(spans, key=lambda span: (-span[0], span[1])):
        within = {minute % MINUTES for minute in range(first, first + spacing)}
        if taken.isdisjoint(within):
            taken |= within
            busy.append({"at": minute_text(first), "minute": first, "starts": count, "jobs": sorted(names)})
    return busy


def minute_text(minute: int) -> str:
    """Format a minute of the week: V(Mon 22:00)."""
    day, rest = divmod(minute % MINUTES, 1440)
    return f"{DAYS[day]} {rest // 60:02d}:{rest % 60:02d}"
