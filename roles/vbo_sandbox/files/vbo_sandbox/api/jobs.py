# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Handlers for backup jobs: list, read, create, edit, delete, and actions."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from ..store.model import Job, Organization, Schedule, Window
from . import accept, items, render, rules, sessions
from .links import listing
from .web import ApiError, Broken, Context, Invalid, Reply, Route

FIELDS = {
    "scheduleEnabled": "schedule_enabled",
    "type": "type",
    "dailyType": "daily_type",
    "dailyTime": "daily_time",
    "periodicallyEvery": "periodically_every",
    "periodicallyOffsetMinutes": "periodically_offset_minutes",
    "periodicallyWindowEnabled": "periodically_window_enabled",
    "backupWindowEnabled": "backup_window_enabled",
    "retryEnabled": "retry_enabled",
    "retryNumber": "retry_number",
    "retryWaitInterval": "retry_wait_interval",
}
WINDOWS = {"periodicallyWindowSettings": "periodically_window", "backupWindowSettings": "backup_window"}


def window_from(data: dict[str, Any]) -> Window:
    """Parse a backup window of a request."""
    bits = "".join("1" if hour else "0" for hour in data["backupWindow"])
    return Window(bits, data.get("minuteOffset"))


def text_from(ctx: Context, text: Any) -> Any:
    """Return a description as the server stores it."""
    kept = ctx.server.switches.texts
    if not isinstance(text, str) or kept == "keep":
        return text
    if kept == "trim":
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return lines.replace("\n", "\r\n") if kept == "crlf" else lines


def normal_time(text: str) -> str:
    """Return a time of day in full: ``9:30`` becomes ``09:30:00``."""
    parts = text.split(".")[0].split(":")
    return ":".join(part.zfill(2) for part in ([*parts, "00"])[:3])


def schedule_from(ctx: Context, data: dict[str, Any], old: Schedule | None) -> Schedule:
    """Return the schedule that results from a request; an edit is merged into *old*."""
    switches = ctx.server.switches
    if old is not None and switches.schedule_needs_type and "type" not in data:
        for name in ("dailyType", "dailyTime", "periodicallyEvery"):
            if name in data:
                raise Invalid(f"body.schedulePolicy must contain ['type'] to change {name}")
    policy = Schedule(**vars(old)) if old is not None and switches.schedule_merge else Schedule()
    for name, field in FIELDS.items():
        if name in data:
            value = data[name]
            setattr(policy, field, normal_time(value) if name == "dailyTime" else value)
    for name, field in WINDOWS.items():
        if name in data:
            setattr(policy, field, window_from(data[name]))
    if ctx.version.number == 6 and "periodicallyWindowSettings" in data:
        policy.periodically_window_enabled = True
    if "type" in data and data["type"] != "ManualOnly" and policy.type != "ManualOnly" and old is not None:
        known = ctx.version.number >= 5 or switches.v3_v4_schedule_enabled
        if not known and not old.schedule_enabled:
            policy.schedule_enabled = True
    if policy.type == "ManualOnly":
        policy.schedule_enabled = False
    if policy.backup_window_enabled and policy.backup_window is None:
        raise Broken("The backup window is enabled but not set.")
    if policy.periodically_window_enabled and policy.periodically_window is None:
        raise Broken("The window of the periodic schedule is enabled but not set.")
    return policy


def default_schedule(ctx: Context) -> Schedule:
    """Return the schedule of a job that is created without one."""
    return Schedule(schedule_enabled=ctx.server.switches.default_schedule == "powershell")


def _listed(ctx: Context, entries: list[Job], path: str) -> Reply:
    return listing(ctx, "jobs", entries, render.job, path)


def list_jobs(ctx: Context) -> Reply:
    """List all jobs; v8 can filter by organization and repository."""
    entries = list(ctx.server.state.jobs.values())
    if ctx.version.number >= 8:
        for name, field in (("organizationid", "organization"), ("repositoryid", "repository")):
            if ctx.query.get(name):
                wanted = rules.guid(ctx.query[name])
                entries = [job for job in entries if getattr(job, field).lower() == wanted]
    return _listed(ctx, entries, "Jobs")


def list_jobs_of(ctx: Context) -> Reply:
    """List the jobs of an organization."""
    owner = rules.organization(ctx, ctx.params["organization"], in_path=True)
    entries = [job for job in ctx.server.state.jobs.values() if job.organization == owner.id]
    return _listed(ctx, entries, f"Organizations/{owner.id}/Jobs")


def read_job(ctx: Context) -> Reply:
    """Read one job."""
    return Reply(200, render.job(ctx, rules.job_of_path(ctx)))


def create_job_of(ctx: Context) -> Reply:
    """Create a job (v3 to v7)."""
    owner = rules.organization(ctx, ctx.params["organization"], in_path=True)
    return _create(ctx, accept.job_body(ctx, ctx.json(), create=True), owner)


def create_job(ctx: Context) -> Reply:
    """Create a job (v8)."""
    body = accept.job_body(ctx, ctx.json(), create=True)
    return _create(ctx, body, rules.organization(ctx, body["organizationId"], in_path=False))


def _create(ctx: Context, body: dict[str, Any], owner: Organization) -> Reply:
    state = ctx.server.state
    name = str(body.get("name") or "").strip()
    if not name:
        raise Invalid("body.name must not be empty")
    for key in ("backupType", "repositoryId"):
        if key not in body:
            raise Invalid(f"body must contain ['{key}'] properties")
    repository = rules.backup_repository(ctx, body["repositoryId"])
    rules.proxy_of_repository(ctx, body.get("proxyId"), repository)
    rules.storage_for(ctx, owner, repository)
    rules.unique_name(ctx, name, owner.id, None)
    job = Job(id=str(uuid.uuid4()), name=name, organization=owner.id, repository=repository.id)
    job.backup_type = body["backupType"]
    job.description = text_from(ctx, body.get("description") or "")
    if "description" not in body and ctx.server.switches.default_description:
        now = datetime.fromtimestamp(ctx.server.clock.now(), ctx.server.zone)
        job.description = f"Created by {ctx.user} at {now:%Y-%m-%d %H:%M}"
    job.is_enabled = body.get("isEnabled", True)
    if "schedulePolicy" in body:
        job.schedule_policy = schedule_from(ctx, body["schedulePolicy"], None)
    else:
        job.schedule_policy = default_schedule(ctx)
    _set_items(ctx, job, owner, body, create=True)
    job.e_tag = state.next_tag()
    state.jobs[job.id] = job
    state.agenda.replan(job)
    if body.get("runNow"):
        sessions.start(ctx.server, job, full=False)
    return Reply(ctx.version.created, render.job(ctx, job))


def _set_items(ctx: Context, job: Job, owner: Organization, body: dict[str, Any], *, create: bool) -> None:
    """Apply backupType and items of a request to a job that is not part of the state (a new job or a copy)."""
    known = None if create else job
    selected, excluded = job.selected_items, job.excluded_items
    ignore = not create and ctx.server.switches.empty_items_on_put == "ignore"
    if job.backup_type == "EntireOrganization":
        if body.get("selectedItems"):
            raise Broken("A job for the entire organization cannot have selected items.")
        rules.only_entire(ctx, owner.id, known)
        selected = []
    elif "selectedItems" in body and (body["selectedItems"] or not ignore):
        selected = items.parse_list(ctx, body["selectedItems"], owner, known, "body.selectedItems")
    if "excludedItems" in body and (body["excludedItems"] or not ignore):
        excluded = items.parse_list(ctx, body["excludedItems"], owner, known, "body.excludedItems")
    if job.backup_type == "SelectedItems" and not selected:
        raise Broken("A job of the type SelectedItems needs at least one selected item.")
    items.check_both(selected, excluded)
    job.selected_items, job.excluded_items = selected, excluded


def edit_job(ctx: Context) -> Reply:
    """Edit a job; only the fields in the body change."""
    job = rules.job_of_path(ctx)
    switches = ctx.server.switches
    body = accept.job_body(ctx, ctx.json(), create=False)
    if job.last_status in rules.RUNNING and switches.edit_running == "reject":
        raise Broken(f"The job '{job.name}' is running and cannot be changed.", conflict=True)
    owner = items.organization_of(ctx, job)
    new = Job(**{name: getattr(job, name) for name, field in Job.__dataclass_fields__.items() if field.init})
    if switches.full_put:
        new.description = ""
        new.is_enabled = True
        new.schedule_policy = default_schedule(ctx)
        new.excluded_items = []
    if "name" in body:
        name = body["name"].strip()
        if not name:
            raise Invalid("body.name must not be empty")
        rules.unique_name(ctx, name, owner.id, job)
        new.name = name
    if "description" in body:
        new.description = text_from(ctx, body["description"])
    new.is_enabled = body.get("isEnabled", new.is_enabled)
    if "repositoryId" in body:
        repository = rules.backup_repository(ctx, body["repositoryId"])
        rules.storage_for(ctx, owner, repository)
        _keep_copy_valid(ctx, job, new, repository.id)
    else:
        repository = ctx.server.state.repositories[job.repository.lower()]
    rules.proxy_of_repository(ctx, body.get("proxyId"), repository)
    if "schedulePolicy" in body:
        new.schedule_policy = schedule_from(ctx, body["schedulePolicy"], job.schedule_policy)
    if (
        body.get("backupType") == "SelectedItems"
        and "selectedItems" not in body
        and switches.items_needed_with_backup_type
    ):
        raise Broken("The selected items must be given together with the backup type SelectedItems.")
    new.backup_type = body.get("backupType", new.backup_type)
    if {"backupType", "selectedItems", "excludedItems"} & set(body):
        _set_edited_items(ctx, job, new, owner, body)
    changed = [name for name in items.CHANGES if getattr(job, name) != getattr(new, name)]
    for name, field in Job.__dataclass_fields__.items():
        if field.init:
            setattr(job, name, getattr(new, name))
    if "isEnabled" in body:
        job.pending_enabled = None
    items.touch(ctx, job, *changed)
    if body.get("runNow") and switches.put_run_now_starts and job.last_status not in rules.RUNNING:
        sessions.start(ctx.server, job, full=False)
    return Reply(ctx.version.job_edited)


def _set_edited_items(ctx: Context, job: Job, new: Job, owner: Organization, body: dict[str, Any]) -> None:
    if new.backup_type == "EntireOrganization":
        rules.only_entire(ctx, owner.id, job)
    probe = Job(**{name: getattr(new, name) for name, field in Job.__dataclass_fields__.items() if field.init})
    if new.backup_type == "EntireOrganization":
        if body.get("selectedItems"):
            raise Broken("A job for the entire organization cannot have selected items.")
        new.selected_items = []
        if "excludedItems" in body:
            new.excluded_items = items.parse_list(ctx, body["excludedItems"], owner, job, "body.excludedItems")
        return
    _set_items(ctx, probe, owner, body, create=False)
    new.selected_items, new.excluded_items = probe.selected_items, probe.excluded_items


def _keep_copy_valid(ctx: Context, job: Job, new: Job, repository: str) -> None:
    new.repository = repository
    copy = ctx.server.state.copy_of(job.id)
    if copy is not None and repository != job.repository:
        rules.copy_target(ctx, new, ctx.server.state.repositories[copy.repository.lower()])


def delete_job(ctx: Context) -> Reply:
    """Delete a job; its backups are kept."""
    job = rules.job_of_path(ctx)
    rules.deletable(ctx, job)
    ctx.server.state.jobs.pop(job.id.lower(), None)
    sessions.forget(ctx.server, job.id)
    ctx.server.state.note("JobDelete", id=job.id, jobType="Backup")
    return Reply(ctx.version.job_deleted)


def _enable(ctx: Context) -> Reply:
    return sessions.switch(ctx, rules.job_of_path(ctx), True)


def _disable(ctx: Context) -> Reply:
    return sessions.switch(ctx, rules.job_of_path(ctx), False)


def _start(ctx: Context) -> Reply:
    job = rules.job_of_path(ctx)
    body = accept.small_body(ctx, ctx.json(), "start")
    return sessions.start_action(ctx, job, bool(body.get("full", False)))


def _stop(ctx: Context) -> Reply:
    return sessions.stop_action(ctx, rules.job_of_path(ctx))


def action(ctx: Context) -> Reply:
    """Run an action (v3 to v5); the only key of the body names it."""
    if ctx.version.number == 6 and not ctx.server.switches.action_url_in_v6:
        raise ApiError(404)
    job = rules.job_of_path(ctx)
    data = ctx.json()
    if not isinstance(data, dict) or len(data) != 1:
        raise Invalid("body must contain exactly one action")
    name, value = next(iter(data.items()))
    name = name.lower()
    if name not in ("enable", "disable", "start", "stop") or value not in (None, "", {}):
        raise Invalid(f"body: the action '{name}' is not supported")
    if name in ("enable", "disable"):
        sessions.switch(ctx, job, name == "enable")
    elif name == "start":
        sessions.start_action(ctx, job, False)
    else:
        sessions.stop_action(ctx, job)
    return Reply(200)


#: the routes of this module
ROUTES = (
    Route("GET", "Jobs", list_jobs),
    Route("GET", "Organizations/{organization}/Jobs", list_jobs_of, until=7),
    Route("GET", "Jobs/{job}", read_job),
    Route("POST", "Organizations/{organization}/Jobs", create_job_of, until=7),
    Route("POST", "Jobs", create_job, since=8),
    Route("PUT", "Jobs/{job}", edit_job),
    Route("DELETE", "Jobs/{job}", delete_job),
    Route("POST", "Jobs/{job}/enable", _enable, since=6),
    Route("POST", "Jobs/{job}/disable", _disable, since=6),
    Route("POST", "Jobs/{job}/start", _start, since=6),
    Route("POST", "Jobs/{job}/stop", _stop, since=6),
    Route("POST", "Jobs/{job}/Action", action, until=6),
)
