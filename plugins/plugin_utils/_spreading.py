# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Plain jobs with the times that vbo_jobs would choose, without a server."""

from __future__ import annotations

import typing as t

from ..module_utils._errors import BulkFailed, InputError, VboError
from ..module_utils._resources._job._schedule import STARTS, parse_policy
from ..module_utils._resources._job._spread import Asking, Choice, choose_all
from ..module_utils._spelling import id_key, job_key
from ..module_utils._types import View

#: the options that decide which starts count
KINDS = ("type", "daily_type", "periodically_every")


def asks(job: t.Any) -> bool:
    """Return whether a plain job has a range in place of a start time."""
    policy = job.get("schedule_policy") if isinstance(job, dict) else None
    return isinstance(policy, dict) and any(isinstance(policy.get(option), dict) for option in STARTS)


def spread(jobs: t.Any, live: t.Any = (), path: str = "jobs") -> tuple[list[View], list[dict[str, Choice]]]:
    """Return the jobs with a start in place of each range, and the choices for each job.

    :arg live: the jobs of the server, as C(vbo_job_info) returns them in C(config)
    :raises BulkFailed: with every invalid range and its path
    """
    if not isinstance(jobs, list) or not any(map(asks, jobs)):
        return jobs, [{} for _job in jobs] if isinstance(jobs, list) else []
    present = {number: job for number, job in enumerate(jobs) if isinstance(job, dict) and job.get("state") != "absent"}
    by_id = {id_key(job["id"]): job for job in live if job.get("id")}
    by_name = {job_key(job.get("organization"), job.get("name")): job for job in live}
    errors: list[InputError] = []
    asking: list[Asking] = []
    known: set[int] = set()
    for number, job in present.items():
        there = (
            by_id.get(id_key(job["id"]))
            if job.get("id")
            else by_name.get(job_key(job.get("organization"), job.get("name")))
        )
        known.add(id(there))
        there = there or {}
        try:
            policy = _policy(job, f"{path}[{number}].schedule_policy", asks(job))
        except InputError as error:
            errors.append(error)
            continue
        about = {key: job.get(key) or there.get(key) for key in ("organization", "name", "repository")}
        asking.append(Asking(**about, policy=policy, live=_policy(there, "live.schedule_policy", False)))
    if errors:
        raise BulkFailed([("", error) for error in errors])
    others = [
        Asking(job.get("organization"), job.get("name"), live=_policy(job, "live.schedule_policy", False))
        for job in live
        if id(job) not in known
    ]
    found = dict(zip(present, choose_all([*asking, *others])))
    return [_settled(job, found.get(number, {})) for number, job in enumerate(jobs)], [
        found.get(number, {}) for number in range(len(jobs))
    ]


def _policy(job: View, path: str, strict: bool) -> View:
    """Return the normalized start of a job; invalid values are left out, because the user of the job reports them."""
    policy = job.get("schedule_policy")
    if not isinstance(policy, dict):
        return {}
    try:
        known = {key: policy[key] for key in (*KINDS, *STARTS) if policy.get(key) is not None}
        return parse_policy(known, path, spreads=strict) or {}
    except VboError:
        if strict:
            raise
        return {}


def _settled(job: View, choices: dict[str, Choice]) -> View:
    if not asks(job):
        return job
    policy = {
        key: value for key, value in job["schedule_policy"].items() if key not in STARTS or not isinstance(value, dict)
    }
    return {**job, "schedule_policy": {**policy, **{option: choice.value for option, choice in choices.items()}}}
