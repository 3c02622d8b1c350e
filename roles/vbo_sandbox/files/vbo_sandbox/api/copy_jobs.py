# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Handlers for backup copy jobs (v6 and later)."""

from __future__ import annotations

import uuid
from typing import Any

from ..store.model import CopyJob, Schedule
from . import accept, render, rules, sessions
from .jobs import normal_time, window_from
from .links import listing
from .web import ApiError, Broken, Context, Invalid, NotFound, Reply, Route

FIELDS = {
    "type": "type",
    "dailyType": "daily_type",
    "dailyTime": "daily_time",
    "periodicallyEvery": "periodically_every",
    "backupCopyWindowEnabled": "backup_window_enabled",
}


def find(ctx: Context) -> CopyJob:
    """Return the copy job in the path."""
    return rules.with_id(ctx.server.state.copy_jobs, ctx.params["copy"], "Backup copy job")


def schedule_from(data: dict[str, Any], old: Schedule | None) -> Schedule:
    """Return the schedule that results from a request."""
    if old is not None and "type" not in data:
        for name in ("dailyType", "dailyTime", "periodicallyEvery"):
            if name in data:
                raise Invalid(f"body.schedulePolicy must contain ['type'] to change {name}")
    policy = Schedule(**vars(old)) if old is not None else Schedule(type="Immediate")
    for name, field in FIELDS.items():
        if name in data:
            setattr(policy, field, normal_time(data[name]) if name == "dailyTime" else data[name])
    if "backupCopyWindowSettings" in data:
        policy.backup_window = window_from(data["backupCopyWindowSettings"])
    if policy.backup_window_enabled and policy.backup_window is None:
        raise Broken("The window is enabled but not set.")
    return policy


def list_copy_jobs(ctx: Context) -> Reply:
    """List all copy jobs, with filters."""
    state = ctx.server.state
    entries = list(state.copy_jobs.values())
    if ctx.query.get("repositoryid"):
        wanted = rules.guid(ctx.query["repositoryid"])
        entries = [copy for copy in entries if copy.repository.lower() == wanted]
    if ctx.version.number >= 8 and ctx.query.get("organizationid"):
        wanted = rules.guid(ctx.query["organizationid"])
        entries = [copy for copy in entries if state.jobs[copy.backup_job.lower()].organization.lower() == wanted]
    return listing(ctx, "copy_jobs", entries, render.copy_job, "CopyJobs")


def create_copy_job(ctx: Context) -> Reply:
    """Create the copy job of a job that has none."""
    body = accept.copy_body(ctx, ctx.json(), create=True)
    for key in ("backupJobId", "repositoryId"):
        if key not in body:
            raise Invalid(f"body must contain ['{key}'] properties")
    state = ctx.server.state
    job = rules.with_id(state.jobs, body["backupJobId"], "Backup job", in_path=False)
    if "organizationId" in body and rules.guid(body["organizationId"]) != job.organization.lower():
        raise Broken(f"The job '{job.name}' belongs to another organization.")
    if state.copy_of(job.id) is not None:
        raise Broken(f"The job '{job.name}' already has a backup copy job.", conflict=True)
    repository = rules.any_repository(ctx, body["repositoryId"])
    rules.copy_target(ctx, job, repository)
    copy = CopyJob(id=str(uuid.uuid4()), backup_job=job.id, repository=repository.id)
    copy.is_enabled = body.get("isEnabled", True)
    if "schedulePolicy" in body:
        copy.schedule_policy = schedule_from(body["schedulePolicy"], None)
    copy.e_tag = state.next_tag()
    state.copy_jobs[copy.id] = copy
    state.agenda.replan(copy)
    state.copy_by_job[job.id.lower()] = copy
    return Reply(ctx.version.created, render.copy_job(ctx, copy))


def read_copy_job(ctx: Context) -> Reply:
    """Read one copy job."""
    return Reply(200, render.copy_job(ctx, find(ctx)))


def edit_copy_job(ctx: Context) -> Reply:
    """Edit a copy job; its backup job cannot be changed."""
    copy = find(ctx)
    state = ctx.server.state
    body = accept.copy_body(ctx, ctx.json(), create=False)
    job = state.jobs[copy.backup_job.lower()]
    if "backupJobId" in body and rules.guid(body["backupJobId"]) != copy.backup_job.lower():
        raise Broken("The backup job of a copy job cannot be changed.")
    if "organizationId" in body and rules.guid(body["organizationId"]) != job.organization.lower():
        raise Broken("The organization of a copy job cannot be changed.")
    if body.get("name", render.copy_name(ctx, copy)) != render.copy_name(ctx, copy):
        raise Broken("The name of a copy job cannot be changed.")
    target = copy.repository
    if "repositoryId" in body:
        repository = rules.any_repository(ctx, body["repositoryId"])
        if repository.id != copy.repository:
            rules.copy_target(ctx, job, repository)
        target = repository.id
    if "schedulePolicy" in body:
        copy.schedule_policy = schedule_from(body["schedulePolicy"], copy.schedule_policy)
    copy.repository = target
    copy.is_enabled = body.get("isEnabled", copy.is_enabled)
    state.agenda.replan(copy)
    copy.e_tag = state.next_tag()
    return Reply(204)


def delete_copy_job(ctx: Context) -> Reply:
    """Delete a copy job."""
    copy = find(ctx)
    if copy.last_status in rules.RUNNING and ctx.server.switches.delete_running == "reject":
        raise Broken("The backup copy job is running and cannot be removed.", conflict=True)
    state = ctx.server.state
    state.copy_jobs.pop(copy.id.lower(), None)
    state.copy_by_job.pop(copy.backup_job.lower(), None)
    sessions.forget(ctx.server, copy.id)
    state.note("JobDelete", id=copy.id, jobType="Copy")
    return Reply(204)


def backup_job_of(ctx: Context) -> Reply:
    """Read the backup job of a copy job."""
    return Reply(200, render.job(ctx, ctx.server.state.jobs[find(ctx).backup_job.lower()]))


def copy_job_of(ctx: Context) -> Reply:
    """Read the copy job of a backup job."""
    job = rules.job_of_path(ctx)
    copy = ctx.server.state.copy_of(job.id)
    if copy is None:
        if ctx.server.switches.unknown_copy_job == "204":
            return Reply(204)
        raise NotFound(f"The job '{job.name}' has no backup copy job.")
    return Reply(200, render.copy_job(ctx, copy))


def _enable(ctx: Context) -> Reply:
    return sessions.switch(ctx, find(ctx), True)


def _disable(ctx: Context) -> Reply:
    return sessions.switch(ctx, find(ctx), False)


def _start(ctx: Context) -> Reply:
    copy = find(ctx)
    full = False
    if ctx.version.number == 6:
        full = bool(accept.small_body(ctx, ctx.json(), "start").get("full", False))
    elif ctx.raw_body.strip() not in (b"", b"{}"):
        raise ApiError(400, "The request must not have a body.", "ParameterValidationFailure")
    return sessions.start_action(ctx, copy, full)


def _stop(ctx: Context) -> Reply:
    return sessions.stop_action(ctx, find(ctx))


#: the routes of this module
ROUTES = (
    Route("GET", "CopyJobs", list_copy_jobs, since=6),
    Route("POST", "CopyJobs", create_copy_job, since=6),
    Route("GET", "CopyJobs/{copy}", read_copy_job, since=6),
    Route("PUT", "CopyJobs/{copy}", edit_copy_job, since=6),
    Route("DELETE", "CopyJobs/{copy}", delete_copy_job, since=6),
    Route("GET", "CopyJobs/{copy}/BackupJob", backup_job_of, since=6),
    Route("GET", "Jobs/{job}/CopyJob", copy_job_of, since=6),
    Route("POST", "CopyJobs/{copy}/enable", _enable, since=6),
    Route("POST", "CopyJobs/{copy}/disable", _disable, since=6),
    Route("POST", "CopyJobs/{copy}/start", _start, since=6),
    Route("POST", "CopyJobs/{copy}/stop", _stop, since=6),
)
