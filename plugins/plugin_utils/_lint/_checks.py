# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The checks of the built-in rules: functions of the jobs of a server or organization, and of parameters.

Each yields the job of a finding, and a sentence about it without the name of the job.
"""

from __future__ import annotations

import itertools
import typing as t

from ...module_utils._spelling import folded, matches
from ...module_utils._visible import exact
from ._jobs import DAY, WEEK, Job, Part, length, minutes, moment

Jobs = t.Sequence[Job]
Parameters = t.Mapping[str, t.Any]
#: the job, the sentence, and a severity other than that of the rule, or nothing
Found = t.Tuple[Job, str, str]
Check = t.Callable[[Jobs, Parameters], t.Iterator[Found]]

MOST_NAMES = 3  # in a sentence


def by_organization(jobs: Jobs) -> list[list[Job]]:
    """The jobs of each organization; jobs are sorted by it."""
    groups = itertools.groupby(jobs, key=lambda job: folded(job.organization))
    return [list(group) for _name, group in groups]


def per_organization(check: Check) -> Check:
    """Run a check separately for each organization."""

    def found(jobs: Jobs, parameters: Parameters) -> t.Iterator[Found]:
        for group in by_organization(jobs):
            yield from check(group, parameters)

    return found


def per_job(judge: t.Callable[[Job, Parameters], str | tuple[str, str]]) -> Check:
    """Run a function for each scheduled job; it returns a message, alone or with a severity, or nothing."""

    def found(jobs: Jobs, parameters: Parameters) -> t.Iterator[Found]:
        for job in jobs:
            said = "" if job.is_off else judge(job, parameters)
            text, severity = (said, "") if isinstance(said, str) else said
            if text:
                yield job, text, severity

    return found


def _named(names: t.Iterable[str]) -> str:
    listed = list(dict.fromkeys(names))
    shown = ", ".join(map(exact, listed[:MOST_NAMES]))
    return shown + (f" and {len(listed) - MOST_NAMES} more" if len(listed) > MOST_NAMES else "")


# --- what is protected, and by whom ----------------------------------------------------------------------------------


@per_organization
def object_in_two_jobs(jobs: Jobs, parameters: Parameters) -> t.Iterator[Found]:
    active = [job for job in jobs if not job.is_disabled]
    wide = _wide(active)
    first: dict[Part, Job] = {}
    for job in active:
        shared: dict[str, list[str]] = {}
        for part, label in job.parts.items():
            other = first.setdefault(part, job)
            if other is job and part[1]:
                other = next((one for one in wide if one is not job and one.covers(part)), job)
            if other is not job:
                shared.setdefault(other.name, []).append(label)
        if shared:
            said = (f"{_named(labels)} (also in {exact(name)})" for name, labels in shared.items())
            yield job, f"selects objects that another job also selects: {'; '.join(said)}.", ""


def _wide(jobs: Jobs) -> list[Job]:
    """The jobs that select all objects of a kind."""
    return [job for job in jobs if any(not name for _kind, name, _service in job.parts)]


@per_organization
def second_entire_organization(jobs: Jobs, parameters: Parameters) -> t.Iterator[Found]:
    entire = [job for job in jobs if job.is_entire]
    for job in entire[1:]:
        yield job, f"backs up the entire organization, as does {exact(entire[0].name)}.", ""


@per_organization
def only_in_disabled_job(jobs: Jobs, parameters: Parameters) -> t.Iterator[Found]:
    active = [job for job in jobs if not job.is_disabled]
    entire = any(job.is_entire for job in active)
    wide = _wide(active)
    named = {part for job in active for part in job.parts}
    for job in jobs:
        if not job.is_disabled:
            continue
        left = [part for part in job.parts if part not in named and not any(one.covers(part) for one in wide)]
        lost = [job.parts[part] for part in left]
        lost += ["everything that no other job selects"] if job.is_entire and not entire else []
        if lost:
            out = "; the job for the entire organization excludes it too" if entire else ""
            yield job, f"is disabled, and nothing else protects {_named(lost)}{out}.", ""


@per_organization
def entire_organization_first(jobs: Jobs, parameters: Parameters) -> t.Iterator[Found]:
    begin = minutes(parameters["day_starts"])

    def place(job: Job) -> int:
        return (job.starts[0] - begin) % DAY

    daily = [job for job in jobs if job.is_daily and not job.is_off and job.starts]
    for job in (job for job in daily if job.is_entire):
        days = {start // DAY for start in job.starts}
        later = [
            other
            for other in daily
            if not other.is_entire and place(other) > place(job) and days <= {start // DAY for start in other.starts}
        ]
        if later:
            last = max(later, key=place)
            yield job, f"starts at {_time(job)}, before {exact(last.name)} at {_time(last)}.", ""


def _time(job: Job) -> str:
    return moment(job.starts[0]).split()[1]


@per_job
def too_many_users(job: Job, parameters: Parameters) -> str | tuple[str, str]:
    return _size(len(job.items("user")), "users", parameters)


@per_job
def too_many_sites(job: Job, parameters: Parameters) -> str | tuple[str, str]:
    weight = parameters["team_weight"]
    number = len(job.items("site")) + weight * len(job.items("team"))
    return _size(number, f"sites and teams, a team counted {weight} times", parameters)


def _size(number: int, what: str, parameters: Parameters) -> str | tuple[str, str]:
    if number > parameters["most"]:
        return f"has {number:,} {what}; the maximum is {parameters['most']:,}.", "error"
    return (
        f"has {number:,} {what}; {parameters['advised']:,} are recommended." if number > parameters["advised"] else ""
    )


@per_job
def users_instead_of_groups(job: Job, parameters: Parameters) -> str:
    number = len(job.items("user"))
    return f"lists {number:,} users individually." if number > parameters["most"] else ""


# --- when it runs ----------------------------------------------------------------------------------------------------


@per_job
def window_cuts_runs(job: Job, parameters: Parameters) -> str:
    window = job.window()
    if not job.is_daily or window is None or not job.starts or all(window):
        return ""
    left = {start: _left(window, start) for start in job.starts}
    worst = min(left, key=lambda start: left[start])
    if not left[worst]:
        return f"starts {moment(worst)}, outside of its backup window."
    if left[worst] < parameters["hours"] * 60:
        return f"starts {moment(worst)}, and its backup window ends {length(left[worst])} later."
    return ""


def _left(window: list[bool], start: int) -> int:
    """Minutes from a start to the end of the window; none when it is outside."""
    hour = start // 60
    whole = next(step for step in range(169) if step == 168 or not window[(hour + step) % 168])
    return max(0, whole * 60 - start % 60)


@per_job
def office_hours(job: Job, parameters: Parameters) -> str:
    busy = [start for start in job.starts if job.is_daily and parameters["window"][start // 60]]
    return f"starts {moment(busy[0])}, in office hours." if busy else ""


def rpo(jobs: Jobs, parameters: Parameters) -> t.Iterator[Found]:
    for job in jobs:
        target = next(
            (
                one["rpo"]
                for one in parameters["targets"]
                if matches(one.get("organization"), job.organization) and matches(one.get("job"), job.name)
            ),
            None,
        )
        if target is None or job.is_disabled:
            continue
        window = job.window()
        starts = [start for start in job.starts if window is None or window[start // 60]]
        if not starts:
            if job.starts or job.policy.get("type") == "manual_only":
                yield job, f"never runs on schedule; the target is {length(target)} between two runs.", ""
            continue
        following = [*starts[1:], starts[0] + WEEK]
        gap, since = max((after - before, -before) for before, after in zip(starts, following))
        if gap > target:
            yield job, f"does not start for {length(gap)} after {moment(-since)}; the target is {length(target)}.", ""


@per_organization
def starts_too_close(jobs: Jobs, parameters: Parameters) -> t.Iterator[Found]:
    awake = [job for job in jobs if not job.is_off]
    daily = [job for job in awake if job.is_daily]
    periodic = [job for job in awake if str(job.policy.get("periodically_every")).startswith("hours")]
    for same, spacing in ((daily, parameters["minutes"]), (periodic, parameters["periodic_minutes"])):
        reported: set[int] = set()
        for job, start, other, gap in _neighbours(same):
            if gap < spacing and id(job) not in reported:
                reported.add(id(job))
                when = f"{length(gap)} after" if gap else "at the same minute as"
                yield job, f"starts {moment(start)}, {when} {exact(other.name)}.", ""


def _neighbours(jobs: Jobs) -> t.Iterator[tuple[Job, int, Job, int]]:
    """Return each start with the previous start of another job, and the minutes between them."""
    starts = sorted((start, place) for place, job in enumerate(jobs) for start in job.starts)
    ends = [(start - WEEK, place) for start, place in starts if start >= WEEK - DAY]  # Saturday is before Sunday
    last: tuple[int, int] | None = None
    other: tuple[int, int] | None = None
    for start, place in [*ends, *starts]:
        if last and last[1] != place:
            other = last
        if other and other[1] != place and start >= 0:
            yield jobs[place], start, jobs[other[1]], start - other[0]
        last = (start, place)


def starts_together(jobs: Jobs, parameters: Parameters) -> t.Iterator[Found]:
    awake = [job for job in jobs if not job.is_off]
    starts = sorted((start, place) for place, job in enumerate(awake) for start in job.starts)
    reported: set[int] = set()
    first = 0
    for last, (start, place) in enumerate(starts):
        while starts[first][0] <= start - parameters["minutes"]:
            first += 1
        if last - first + 1 > parameters["most"] and place not in reported:
            reported.add(place)
            crowd = f"{last - first} other starts of this server in the {length(parameters['minutes'])} before"
            yield awake[place], f"starts {moment(start)}, with {crowd}.", ""


# --- when a run fails ------------------------------------------------------------------------------------------------


@per_job
def retries_off(job: Job, parameters: Parameters) -> str:
    return "" if job.policy["retry_enabled"] else "is not retried when a run fails."


@per_job
def too_few_retries(job: Job, parameters: Parameters) -> str:
    number = job.policy["retry_number"]
    few = job.policy.get("retry_enabled", True) and number < parameters["number"]
    return f"is retried only {number} time{'s' * (number != 1)}." if few else ""


@per_job
def short_retry_wait(job: Job, parameters: Parameters) -> str:
    wait = job.policy["retry_wait_interval"]
    short = job.policy.get("retry_enabled", True) and wait < parameters["minutes"]
    return f"is retried after {wait} min; {parameters['minutes']} min are recommended." if short else ""
