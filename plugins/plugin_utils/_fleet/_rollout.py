# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Rollouts: snapshots to undo one, and checks of its result."""

from __future__ import annotations

import datetime
import typing as t

from ...module_utils._core._changes import fields_of
from ...module_utils._resources._times._instant import instant
from ...module_utils._spelling import job_key, same_id
from ...module_utils._types import Data, View

#: the fields of a copy job that vbo_jobs accepts
COPY_FIELDS = ("repository", "enabled", "schedule_policy")
#: the fields that decide when a job runs
RUN_FIELDS = ("enabled", "schedule_policy")
#: clocks differ, and older servers leave their time zone out
SLACK = datetime.timedelta(days=1)


# --- the snapshot ----------------------------------------------------------------------------------------------------


def snapshot_of(plan: t.Sequence[Data], live: t.Sequence[View], earlier: t.Sequence[View]) -> list[View]:
    """The jobs that vbo_jobs has to be given to undo a plan.

    :arg plan: C(jobs) of vbo_jobs in check mode with details
    :arg live: complete jobs of the server, with items and copy jobs, for those that will be deleted
    :arg earlier: a snapshot of the same rollout that was interrupted; its data is older, and wins
    :raises ValueError: for a job that could not be made again, because it changed while it was read
    """
    kept = [dict(job) for job in earlier]
    whole = {_name(job): job for job in live}
    for entry in plan:
        job = _undone(entry, whole)
        if job is None:
            continue
        place = next((number for number, old in enumerate(kept) if _same(old, job)), None)
        if place is None:
            kept.append(job)
        else:
            kept[place] = _oldest(kept[place], job)
    return sorted(kept, key=_name)


def _same(old: View, job: View) -> bool:
    """Return whether two entries refer to the same job, whose name or id may have changed."""
    if old.get("id") and job.get("id"):
        return same_id(old["id"], job["id"])
    return _name(old) == _name(job)


def _oldest(old: View, job: View) -> View:
    """Merge the state that the first run saved with that of jobs which only the current run changes."""
    if "absent" in (old.get("state"), job.get("state")):
        return old  # the job was not there at first; or it was, is gone, and comes again
    if not job.get("id"):  # it will be deleted, and no new one gets the old id
        old = {field: value for field, value in old.items() if field != "id"}
    return {**job, **old}


def _undone(entry: Data, whole: dict[t.Any, View]) -> View | None:
    """The entry of a snapshot for one job of a plan; None when nothing changes."""
    action = entry["action"]
    before: View = entry.get("before") or {}
    if action == "create":
        return {
            "name": entry["name"],
            "organization": entry["organization"],
            "state": "absent",
            "delete_copy_job": True,
            "when_running": "proceed",
        }
    if action == "delete":
        return _whole({**whole.get(_name(before), before)})
    fields = fields_of(entry["changes"])
    copied = _undone_copy(entry.get("copy_job") or {})
    if not fields and copied is None:
        return None
    job = {"id": entry["id"], "name": before["name"], "organization": before["organization"]}
    job.update((field, before[field]) for field in before if field in fields)
    return {**job, "copy_job": copied} if copied is not None else job


def _whole(job: View) -> View:
    """Return a complete job that will be deleted; the API creates no job without items."""
    if job.get("backup_type") == "selected_items" and not job.get("selected_items"):
        raise ValueError(f"job '{job['name']}' was changed by somebody else while it was read; run the rollout again")
    return job


def _undone_copy(copy: Data) -> View | None:
    action = copy.get("action", "none")
    if action == "none":
        return None
    if action == "create":
        return {"state": "absent", "when_running": "proceed"}
    before = copy.get("before") or {}
    return {field: before[field] for field in COPY_FIELDS if field in before}


def _name(job: View) -> tuple[str, str]:
    return job_key(job.get("organization"), job.get("name"))


# --- verification ----------------------------------------------------------------------------------------------------


def problems_of(check: t.Sequence[Data], touched: t.Collection[t.Any], now: datetime.datetime) -> list[str]:
    """Return the problems after the writes, as sentences.

    :arg check: C(jobs) of vbo_jobs in check mode with details, after the writes
    :arg touched: organization and name of the jobs that the rollout has changed and that should have a next run
    :arg now: with a time zone
    """
    found = []
    names = {job_key(owner, name) for owner, name in touched}
    for entry in check:
        copy = entry.get("copy_job") or {"action": "none", "changes": []}
        if entry["status"] == "failed":
            found.append(f"job '{entry['name']}': {entry['msg']}")
        elif entry["action"] != "none" or copy["action"] != "none":
            fields = [change["field"] for change in entry["changes"]]
            fields += [f"copy_job.{change['field']}" for change in copy["changes"]]
            rest = entry["action"] if entry["action"] != "none" else f"copy_job: {copy['action']}"
            found.append(f"job '{entry['name']}' is not as declared after the write: {', '.join(fields) or rest}")
        elif _name(entry) in names:
            found += _run_problems(entry, now)
    return found


def should_run(entry: Data) -> bool:
    """Return whether a planned change would cause a missing next run: the job had one, or its schedule changes."""
    fields = fields_of(entry["changes"])
    return bool(entry.get("next_run")) or entry["action"] == "create" or not fields.isdisjoint(RUN_FIELDS)


def _run_problems(entry: Data, now: datetime.datetime) -> list[str]:
    job = entry.get("after") or {}
    policy = job.get("schedule_policy") or {}
    if not job.get("enabled") or policy.get("type") not in ("daily", "periodically"):
        return []
    if not entry.get("next_run"):
        return [f"job '{entry['name']}' is enabled and scheduled, but the server has planned no next run"]
    if instant(entry["next_run"]) < now - SLACK:
        return [f"job '{entry['name']}': its next run {entry['next_run']} is in the past"]
    return []
