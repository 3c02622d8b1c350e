# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Comparison of two weeks of a server: starts that are added, removed or moved, and changed windows."""

from __future__ import annotations

import typing as t

from ...module_utils._errors import InputError
from ...module_utils._input._masking import IN_RESULT, is_masked
from ...module_utils._resources._jobs._planned import canonical, copy_view
from ...module_utils._resources._times._window import format_window
from ...module_utils._spelling import id_key, job_key
from ...module_utils._types import Data
from .._words import counted
from ._jobs import Timed
from ._week import start_minutes

#: kinds of changes in the order of their importance, with the text about jobs
KINDS = {
    "gone": "will no longer start",
    "moved": "will start at other times",
    "new": "will start for the first time",
    "window": "will have a different window",
}


def changes_of(before: t.Sequence[Timed], after: t.Sequence[Timed]) -> Data:
    """Return the differences between the current and the planned jobs of a server.

    A job keeps its schedule if the plan does not mention it. Only starts and backup windows are compared.
    """
    known = _Known(before)
    pairs = [(known.take(job), job) for job in after]
    entries: list[Data] = []
    starts, same = [0] * 168, 0
    for old, planned in [*pairs, *((job, None) for job in known.left())]:
        new = old if old and planned and planned.state == "unknown" else planned
        sides = _side(old), _side(new)
        kind = _kind(*sides)
        for side, sign in zip(sides, (-1, 1)):
            for minute in side["minutes"] if side else ():
                starts[minute // 60] += sign
        if not kind:
            same += 1
            continue
        job = t.cast(Timed, new or old)
        about = {key: getattr(job, key) for key in ("name", "organization", "kind")}
        entries.append({**about, "change": kind, "before": sides[0], "after": sides[1]})
    totals = {kind: sum(entry["change"] == kind for entry in entries) for kind in KINDS}
    return {"totals": {**totals, "same": same}, "starts": starts, "jobs": entries}


class _Known:
    """Current jobs, each matched to one planned job by its id, or else by its names."""

    def __init__(self, jobs: t.Sequence[Timed]) -> None:
        self._jobs = dict(enumerate(jobs))
        self._places: dict[t.Any, list[int]] = {}
        for place, job in enumerate(jobs):
            for key in _keys(job):
                self._places.setdefault(key, []).append(place)

    def take(self, job: Timed) -> Timed | None:
        """The job that this one is now."""
        for key in _keys(job):
            for place in self._places.get(key, ()):
                if place in self._jobs:
                    return self._jobs.pop(place)
        return None

    def left(self) -> list[Timed]:
        """Return the jobs that were not matched."""
        return list(self._jobs.values())


def _keys(job: Timed) -> list[tuple[str, ...]]:
    """Return the keys that identify a job; servers compare names ignoring case."""
    keys: list[tuple[str, ...]] = [(job.kind, id_key(job.id))] if job.id else []
    return [*keys, (job.kind, *job_key(job.organization, job.name))]


def _side(job: Timed | None) -> Data | None:
    if job is None:
        return None
    window = format_window(list(job.schedule.window)) if job.schedule.window else []
    return {"state": job.state, "schedule": job.text, "window": window, "minutes": list(start_minutes(job.schedule))}


def _kind(before: Data | None, after: Data | None) -> str:
    """The kind of the change; empty when the job starts and may run as before."""
    old, new = before["minutes"] if before else [], after["minutes"] if after else []
    if old and new:
        if old != new:
            return "moved"
        return "window" if before and after and before["window"] != after["window"] else ""
    return "gone" if old else "new" if new else ""


def summary(totals: Data) -> str:
    """All changes in a sentence."""
    parts = [f"{counted(totals[kind], 'job')} {text}" for kind, text in KINDS.items() if totals[kind]]
    return f"{'; '.join(parts)}." if parts else "Every job starts as before."


class Group(t.NamedTuple):
    """Several jobs with the same change.

    :arg before, after: the fields that the jobs have in common; None for a job that does not exist
    :arg places: server and job
    """

    change: str
    before: Data | None
    after: Data | None
    places: list[tuple[str, Data]]


def groups_of(reports: t.Sequence[Data]) -> list[Group]:
    """All changes of some servers, each once: those of a kind together, those of the most jobs first."""
    found: dict[str, Group] = {}
    for report in reports:
        for job in (report["changes"] or {}).get("jobs", ()):
            key = canonical([job["change"], job["before"], job["after"]])
            group = found.setdefault(key, Group(job["change"], job["before"], job["after"], []))
            group.places.append((report["server"], job))
    order = list(KINDS)
    return sorted(found.values(), key=lambda group: (order.index(group.change), -len(group.places)))


def total(reports: t.Sequence[Data]) -> Data | None:
    """Count the jobs of several servers by kind of change; None if nothing was compared."""
    compared = [report["changes"]["totals"] for report in reports if report["changes"]]
    if not compared:
        return None
    return {kind: sum(totals[kind] for totals in compared) for kind in (*KINDS, "same")}


def side_text(side: Data | None) -> str:
    """Describe one side of a change in words."""
    if side is None:
        return "does not exist"
    return ", may run ".join([side["schedule"], *([", ".join(side["window"])] if side["window"] else [])])


def sides_of(result: t.Any) -> Data:
    """Return the jobs of a server before and after a plan: the result of C(vbo_jobs) in check mode with C(details).

    :raises InputError: for any other result, or if a job in it has failed
    """
    jobs = result.get("jobs") if isinstance(result, dict) else None
    if not isinstance(jobs, list) or not all(
        isinstance(job, dict) and {"before", "after"} <= job.keys() for job in jobs
    ):
        raise InputError("result", "must be the result of vbo_jobs with details: true")
    failed = next((job for job in jobs if job.get("status") == "failed"), None)
    if failed:
        raise InputError("result", f"contains a job that failed: {failed.get('msg')}")
    if is_masked([jobs, result.get("unmanaged")]):
        raise InputError("result", IN_RESULT)
    stay = [_job(job, job["before"], None) for job in result.get("unmanaged") or [] if "before" in job]
    sides: Data = {}
    for side in ("before", "after"):
        copies = [(job.get("copy_job") or {}).get(side) for job in jobs]
        sides[side] = [_job(job, job[side], copy) for job, copy in zip(jobs, copies) if job[side]] + stay
    return sides


def _job(entry: Data, view: Data, copy: Data | None) -> Data:
    """Return one side of a job as input for C(vbo_jobs), with its copy job if that was compared."""
    return {**view, "id": entry.get("id"), **({"copy_job": copy_view(copy)} if copy else {})}
