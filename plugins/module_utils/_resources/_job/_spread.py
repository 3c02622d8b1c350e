# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Choice of start times: a job with a range gets a start in it and keeps it.

A job whose time on the server is a place of its range keeps it, so adding and removing jobs moves no other one. A new
job gets the place that a hash of its identity points to, or the next one that is free. A place is free when no other
job of the organization starts within a step of it: Microsoft throttles an organization as a whole. As long as it can, a
new job also avoids places in which twice the fair share of the jobs of its repository start.
"""

from __future__ import annotations

import collections
import dataclasses
import hashlib
import typing as t

from ..._errors import literal
from ..._spelling import folded, job_key
from ..._types import View
from .._times._range import CYCLES, Places, minute_of
from .._times._window import days_of

CROWDED = 2  # fair shares of a repository's jobs from which on a place counts as crowded
MOST_ROUNDS = 20  # each finds a free place for a job that shares one
MOST_NAMES = 3  # of jobs that share a place, in a warning


@dataclasses.dataclass(frozen=True)
class Choice:
    """The start that was chosen for a job.

    :arg reason: V(kept), V(preferred), V(next_free), or V(shared) if no place was free
    :arg shared_with: names of the jobs of the organization that start within a step of it
    """

    value: t.Any
    reason: str
    places: Places
    shared_with: tuple[str, ...] = ()

    def warning(self) -> str:
        """Return a warning if the start is shared; empty otherwise."""
        if not self.shared_with:
            return ""
        names = ", ".join(f"'{name}'" for name in self.shared_with[:MOST_NAMES])
        more = len(self.shared_with) - MOST_NAMES
        names += f" and {more} more" if more > 0 else ""
        return (
            f"schedule_policy.{self.places.option}: none of the {self.places.count} start times from {self.places} is "
            f"free; {literal(self.value)} is within {self.places.step} minutes of {names}. Widen the range, or reduce "
            "the step."
        )


@dataclasses.dataclass(frozen=True)
class Asking:
    """The input of spreading for one job.

    :arg policy: the declared schedule, with C(Places) for a range
    :arg live: the schedule that it has on the server, in canonical spelling; empty for a new job
    """

    organization: t.Any
    name: t.Any
    repository: t.Any = None
    policy: View = dataclasses.field(default_factory=dict)
    live: View = dataclasses.field(default_factory=dict)

    def whole(self) -> View:
        """Return the policy that will apply."""
        base = self.live if self.policy.get("type") in (None, self.live.get("type")) else {}
        return {**base, **self.policy}

    def asks(self, option: str) -> Places | None:
        value = self.policy.get(option)
        return value if isinstance(value, Places) else None

    def minute(self, option: str, policy: View) -> int | None:
        """The full minute that a schedule has without asking; None when it has none of this kind."""
        value = policy.get(option)
        if option == "daily_time":
            if policy.get("type", "daily") != "daily" or not isinstance(value, str):
                return None
            return minute_of(value) if len(value) == len("HH:MM") else None
        if policy.get("type", "periodically") != "periodically":
            return None
        if not str(policy.get("periodically_every", "")).startswith("hours"):
            return None
        return value if isinstance(value, int) else 0 if value is None else None

    def days(self, option: str) -> frozenset[int]:
        kind = self.whole().get("daily_type") or "everyday"
        return frozenset(days_of(kind) if option == "daily_time" else range(7))


class _Starts:
    """The starts of an organization: how many there are near a minute."""

    def __init__(self, cycle: int) -> None:
        self._cycle = cycle
        self._at: dict[int, list[tuple[int, frozenset[int], str]]] = {}

    def add(self, minute: int, step: int, days: frozenset[int], name: str) -> None:
        self._at.setdefault(minute, []).append((step, days, name))

    def near(self, minute: int, step: int, days: frozenset[int]) -> list[str]:
        """The jobs that start within the smaller one of two steps, on a day in common."""
        found = []
        if 2 * step <= len(self._at):
            around: t.Iterable[int] = ((minute + away) % self._cycle for away in range(1 - step, step))
        else:
            around = self._at
        for other in around:
            entries = self._at.get(other)
            if not entries:
                continue
            away = min((other - minute) % self._cycle, (minute - other) % self._cycle)
            found += [name for reach, on, name in entries if away < min(step, reach) and on & days]
        return found


def choose(jobs: t.Sequence[Asking], option: str) -> list[Choice | None]:
    """The places that jobs get, in the order of the jobs; None for those that do not ask.

    The jobs are all of a server: also those that only have a time, which is avoided.
    """
    asking = {number: places for number, places in enumerate(job.asks(option) for job in jobs) if places}
    live = {number: jobs[number].minute(option, jobs[number].live) for number in asking}
    now: t.Mapping[int, int | None] = live
    found: dict[int, tuple[int, list[str]]] = {}
    for _unused in range(MOST_ROUNDS):
        found = _round(jobs, option, asking, now)
        if not any(near for _minute, near in found.values()):
            break  # everybody has a place of his own
        if all(found[number][0] == now[number] for number in asking):
            break
        # A job that had to share a place never displaces one that has no other place.
        now = {number: minute for number, (minute, _near) in found.items()}
    return [
        _choice(jobs[number], asking[number], live[number], *found[number]) if number in asking else None
        for number in range(len(jobs))
    ]


def _choice(job: Asking, places: Places, live: int | None, minute: int, near: t.Sequence[str]) -> Choice:
    if near:
        reason = "shared"
    elif minute == live:
        reason = "kept"
    else:
        first = places.minute(preferred(job.organization, job.name, places))
        reason = "preferred" if minute == first else "next_free"
    return Choice(places.value(minute), reason, places, tuple(near))


def _round(
    jobs: t.Sequence[Asking], option: str, asking: t.Mapping[int, Places], live: t.Mapping[int, int | None]
) -> dict[int, tuple[int, list[str]]]:
    """The minute of each job that asks, and the jobs of its organization that start within a step of it.

    Jobs that keep their place come first, then those whose place another job keeps, and then new ones.
    """
    found: dict[int, tuple[int, list[str]]] = {}
    days = {number: job.days(option) for number, job in enumerate(jobs)}
    owner = [folded(job.organization) for job in jobs]
    pool = [folded(job.repository) for job in jobs]
    spread: dict[str, _Starts] = collections.defaultdict(lambda: _Starts(CYCLES[option]))
    fixed: dict[str, _Starts] = collections.defaultdict(lambda: _Starts(CYCLES[option]))
    crowd: collections.Counter[tuple[str, int]] = collections.Counter()
    share = collections.Counter(pool[number] for number in asking)
    for number, job in enumerate(jobs):
        minute = None if number in asking else job.minute(option, job.whole())
        if minute is not None:
            fixed[owner[number]].add(minute, CYCLES[option], days[number], str(job.name))

    def put(number: int, minute: int, near: list[str]) -> None:
        spread[owner[number]].add(minute, asking[number].step, days[number], str(jobs[number].name))
        crowd[pool[number], minute] += 1
        found[number] = (minute, near)

    left: tuple[list[int], list[int]] = ([], [])
    for number in sorted(asking, key=lambda number: (job_key(jobs[number].organization, jobs[number].name), number)):
        places, minute = asking[number], live[number]
        if minute is None or places.place_of(minute) is None:
            left[1].append(number)
        elif spread[owner[number]].near(minute, places.step, days[number]):
            left[0].append(number)
        else:
            put(number, minute, [])
    for number in (*left[0], *left[1]):
        job, places = jobs[number], asking[number]
        own = places.place_of(live[number])
        start = preferred(job.organization, job.name, places) if own is None else own
        limit = CROWDED * -(-share[pool[number]] // places.count)
        near: dict[int, list[str]] = {}
        for minute in map(places.minute, range(start, start + places.count)):
            near[minute] = [
                name
                for starts in (spread[owner[number]], fixed[owner[number]])
                for name in starts.near(minute, places.step, days[number])
            ]
            if not near[minute] and crowd[pool[number], minute] < limit:
                best = minute
                break
        else:  # free places come first, then the current place, then the one with the fewest others
            best = min(near, key=lambda minute: len(near[minute]) if own is None else bool(near[minute]))
        put(number, best, near[best])
    return found


def preferred(organization: t.Any, name: t.Any, places: Places) -> int:
    """The place that a hash of a job's identity points to, the same on every machine and in every release."""
    identity = "\0".join((places.option, *job_key(organization, name)))
    digest = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % places.count


def choose_all(jobs: t.Sequence[Asking]) -> list[dict[str, Choice]]:
    """The choices of each job, by option."""
    found: list[dict[str, Choice]] = [{} for _job in jobs]
    for option in CYCLES:
        for choices, choice in zip(found, choose(jobs, option)):
            if choice:
                choices[option] = choice
    return found


def result_of(choices: t.Mapping[str, Choice]) -> dict[str, t.Any]:
    """Return the choice for the result of the task."""
    return {
        option: {"value": choice.value, "reason": choice.reason, "shared_with": list(choice.shared_with)}
        for option, choice in choices.items()
    }
