# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Jobs as a calendar sees them: whose they are, and when they start. Taken from declared jobs or from live ones."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ...module_utils._errors import BulkFailed, InputError
from ...module_utils._input._argspec import complaints
from ...module_utils._resources._copy_job._model import parse_copy_job
from ...module_utils._resources._job._schedule import parse_policy
from ...module_utils._resources._jobs._options import BULK_JOB_OPTIONS
from ...module_utils._types import View
from .._spreading import spread
from ._runs import Schedule, copy_schedule_of, schedule_of, schedule_text

#: the fields of a job that a calendar needs
OPTIONS = {
    key: BULK_JOB_OPTIONS[key]
    for key in ("name", "id", "organization", "repository", "proxy", "enabled", "state", "schedule_policy", "copy_job")
}
#: why a job has no starts of its own, as people say it
TEXTS = {
    "manual": "by hand only",
    "disabled": "disabled",
    "after_backup": "after each backup",
    "unknown": "not declared",
}
IDLE = Schedule(times=((),) * 7)


@dataclasses.dataclass(frozen=True)
class Timed:
    """A job with its schedule.

    :arg kind: V(backup) or V(copy)
    :arg text: the schedule as people say it
    :arg id: that of the job, also for its copy job; empty when it is not known
    :arg state: V(scheduled), V(manual), V(disabled), V(after_backup) for a copy that follows each run of its job,
        or V(unknown) if the declaration has no schedule
    """

    name: str
    organization: str
    repository: str
    proxy: str
    kind: str
    state: str
    text: str
    schedule: Schedule
    id: str = ""


def timed(jobs: t.Any, path: str = "jobs") -> list[Timed]:
    """Plain jobs, as C(vbo_jobs) takes them and C(vbo_job_info) returns them in C(config), with their copy jobs.

    :raises BulkFailed: with every mistake by its path
    """
    if not isinstance(jobs, list):
        raise InputError(path, "must be a list of jobs")
    jobs = spread(jobs, path=path)[0]
    errors: list[InputError] = []
    found: list[Timed] = []
    for number, job in enumerate(jobs):
        here = f"{path}[{number}]"
        if not isinstance(job, dict):
            errors.append(InputError(here, "must be a dictionary of options of a job"))
            continue
        given = {key: job[key] for key in OPTIONS if job.get(key) is not None}
        checked = ArgumentSpecValidator(OPTIONS).validate(given)
        if checked.error_messages:
            errors += complaints(OPTIONS, given, here) or [InputError(here, checked.errors.msg)]
            continue
        try:
            found += _with_copy(checked.validated_parameters)
        except InputError as error:
            errors.append(InputError(f"{here}.{error.option}", error.text))
    if errors:
        raise BulkFailed([("", error) for error in errors])
    return found


def _with_copy(job: View) -> list[Timed]:
    if job.get("state") == "absent":
        return []
    about = {key: str(job.get(key) or "") for key in ("organization", "repository", "proxy", "id")}
    about["name"] = str(job.get("name") or job.get("id") or "")
    entries = [_entry(about, "backup", job.get("enabled"), parse_policy(job.get("schedule_policy")))]
    copy = job.get("copy_job")
    if copy and copy.get("state") != "absent":
        about = {**about, "repository": str(copy.get("repository") or "")}
        entries.append(_entry(about, "copy", copy.get("enabled"), _copy_policy(copy)))
    return entries


def _copy_policy(copy: View) -> View | None:
    try:
        return parse_copy_job(copy).get("schedule_policy")
    except InputError as error:
        raise InputError(f"copy_job.{error.option}", error.text) from None


def _entry(about: dict[str, str], kind: str, enabled: t.Any, policy: View | None) -> Timed:
    schedule = IDLE if policy is None else schedule_of(policy) if kind == "backup" else copy_schedule_of(policy)
    if enabled is False:
        state = "disabled"
    elif policy is None:
        state = "unknown"
    elif schedule.runs:
        state = "scheduled"
    else:
        state = "manual" if kind == "backup" else "after_backup"
    text = TEXTS.get(state) or schedule_text(policy or {})
    return Timed(**about, kind=kind, state=state, text=text, schedule=schedule if state == "scheduled" else IDLE)
