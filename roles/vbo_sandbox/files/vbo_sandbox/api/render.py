# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rendering of jobs, schedules and copy jobs as the JSON of an API version."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from ..store import runs
from ..store.model import CopyJob, Job, Schedule, Window
from ..store.schedule import HOURS, stamp_at
from .links import link
from .web import Context


@lru_cache(maxsize=4096)
def _booleans(bits: str) -> list[bool]:
    return [bit == "1" for bit in bits]


def window(value: Window | None) -> dict[str, Any]:
    """Render a backup window."""
    if value is None:
        return {"backupWindow": _booleans("1" * 168), "minuteOffset": 0}
    out: dict[str, Any] = {"backupWindow": _booleans(value.bits)}
    if value.minute_offset is not None:
        out["minuteOffset"] = value.minute_offset
    return out


def job_schedule(ctx: Context, policy: Schedule) -> dict[str, Any]:
    """Render schedulePolicy of a backup job, with only the fields of its type."""
    number = ctx.version.number
    switches = ctx.server.switches
    every_key = switches.all_schedule_keys
    off = not policy.schedule_enabled or policy.type == "ManualOnly"
    out: dict[str, Any] = {}
    if number >= 5 or switches.v3_v4_schedule_enabled:
        out["scheduleEnabled"] = not off
    out["backupWindowEnabled"] = policy.backup_window_enabled
    if policy.backup_window_enabled or (every_key and policy.backup_window):
        out["backupWindowSettings"] = window(policy.backup_window)
    shown: str | None = policy.type
    if off and number >= 5:
        shown = None
        if number >= 7:
            shown = {"omit": None, "manual_only": "ManualOnly", "keep": policy.type}[switches.schedule_off_reply]
    elif shown == "ManualOnly":
        shown = "Daily"
    if shown is not None and number >= 7:
        out["periodicallyWindowEnabled"] = shown == "Periodically" and policy.periodically_window_enabled
    if shown is not None:
        out["type"] = shown
    if shown == "Daily" or every_key:
        out["dailyType"] = policy.daily_type
        out["dailyTime"] = policy.daily_time
    if shown == "Periodically" or every_key:
        if policy.periodically_every in ctx.version.every:
            out["periodicallyEvery"] = policy.periodically_every
        if number >= 6 and (policy.periodically_every in HOURS or every_key):
            out["periodicallyOffsetMinutes"] = policy.periodically_offset_minutes
            if policy.periodically_window_enabled or (every_key and number >= 7 and policy.periodically_window):
                out["periodicallyWindowSettings"] = window(policy.periodically_window)
    out["retryEnabled"] = policy.retry_enabled
    if policy.retry_enabled or every_key:
        out["retryNumber"] = policy.retry_number
        out["retryWaitInterval"] = policy.retry_wait_interval
    return out


def copy_schedule(ctx: Context, policy: Schedule) -> dict[str, Any]:
    """Render schedulePolicy of a copy job."""
    out: dict[str, Any] = {"type": policy.type}
    every_key = ctx.server.switches.all_schedule_keys
    if policy.type == "DailyAtTime" or every_key:
        out["dailyType"] = policy.daily_type
        out["dailyTime"] = policy.daily_time
    if (policy.type == "Periodically" or every_key) and policy.periodically_every in ctx.version.every:
        out["periodicallyEvery"] = policy.periodically_every
    out["backupCopyWindowEnabled"] = policy.backup_window_enabled
    if policy.backup_window_enabled or (every_key and policy.backup_window):
        out["backupCopyWindowSettings"] = window(policy.backup_window)
    return out


def planned_run(ctx: Context, job: Job | CopyJob) -> str | None:
    """Return nextRun, the next scheduled start of an enabled job."""
    override = getattr(job, "next_run_override", None)
    if override and job.is_enabled:
        return str(override)
    upcoming = runs.next_of(ctx.server, job)
    return None if upcoming is None else stamp_at(upcoming)


def status(ctx: Context, value: str) -> str:
    """Return lastStatus; v3 and v4 do not have Queued."""
    if ctx.version.number <= 4 and value in ("Queued", "NotConfigured", "Disconnected"):
        return "Running" if value == "Queued" else "Failed"
    if ctx.server.switches.extra_fields and value == "Stopped":
        return "Suspended"
    return value


def job(ctx: Context, entry: Job) -> dict[str, Any]:
    """Render a backup job."""
    number = ctx.version.number
    switches = ctx.server.switches
    out: dict[str, Any] = {"id": entry.id, "name": entry.name, "description": entry.description}
    if number >= 6 or switches.job_repository_id_in_old:
        out["repositoryId"] = entry.repository
    if number >= 8:
        out["organizationId"] = entry.organization
    if entry.last_run:
        out["lastRun"] = entry.last_run
    upcoming = planned_run(ctx, entry)
    if upcoming:
        out["nextRun"] = upcoming
    if number >= 7 and entry.last_backup:
        out["lastBackup"] = entry.last_backup
    out["isEnabled"] = entry.is_enabled
    out["backupType"] = entry.backup_type
    out["lastStatus"] = status(ctx, entry.last_status)
    if number >= 8:
        out["eTag"] = entry.e_tag
    out["schedulePolicy"] = job_schedule(ctx, entry.schedule_policy)
    base = f"Jobs/{entry.id}"
    links = {
        "self": link(ctx, base),
        "organization": link(ctx, f"Organizations/{entry.organization}"),
        "backupRepository": link(ctx, f"BackupRepositories/{entry.repository}"),
        "jobsessions": link(ctx, f"{base}/JobSessions"),
        "excludedItems": link(ctx, f"{base}/ExcludedItems"),
    }
    if entry.backup_type == "SelectedItems" or number >= 8:
        links["selectedItems"] = link(ctx, f"{base}/SelectedItems")
    if number >= 6 and ctx.server.state.copy_of(entry.id) is not None:
        links["copyJob"] = link(ctx, f"{base}/CopyJob")
    out["_links"] = links
    return finish(ctx, out, _job_nulls(number))


def copy_name(ctx: Context, entry: CopyJob) -> str:
    """Return the name of a copy job, which is derived from that of the backup job."""
    return runs.names_of(ctx.server, entry)[1]


def copy_job(ctx: Context, entry: CopyJob) -> dict[str, Any]:
    """Render a copy job."""
    number = ctx.version.number
    out: dict[str, Any] = {"id": entry.id, "backupJobId": entry.backup_job, "repositoryId": entry.repository}
    source = ctx.server.state.jobs.get(entry.backup_job.lower())
    if number >= 8 and source is not None:
        out["organizationId"] = source.organization
    out["name"] = copy_name(ctx, entry)
    out["isEnabled"] = entry.is_enabled
    if entry.last_run:
        out["lastRun"] = entry.last_run
    upcoming = planned_run(ctx, entry)
    if upcoming:
        out["nextRun"] = upcoming
    if number >= 7 and entry.last_backup:
        out["lastBackup"] = entry.last_backup
    out["lastStatus"] = status(ctx, entry.last_status)
    if number >= 8:
        out["eTag"] = entry.e_tag
    out["schedulePolicy"] = copy_schedule(ctx, entry.schedule_policy)
    base = f"CopyJobs/{entry.id}"
    out["_links"] = {
        "self": link(ctx, base),
        "backupJob": link(ctx, f"{base}/BackupJob"),
        "backupRepository": link(ctx, f"BackupRepositories/{entry.repository}"),
    }
    return finish(ctx, out, ("lastRun", "nextRun") + (("lastBackup",) if number >= 7 else ()))


def finish(ctx: Context, out: dict[str, Any], nulls: tuple[str, ...]) -> dict[str, Any]:
    """Add explicit nulls and unknown fields if the switches ask for them."""
    switches = ctx.server.switches
    if switches.null_instead_of_missing:
        for name in nulls:
            if "." in name:
                outer, inner = name.split(".")
                out[outer].setdefault(inner, None)
            else:
                out.setdefault(name, None)
    if switches.extra_fields:
        out["processedObjects"] = 17
        out["futureProperty"] = {"kind": "Unknown", "values": [1, 2]}
    return out


@cache
def _job_nulls(number: int) -> tuple[str, ...]:
    names = ["lastRun", "nextRun", "schedulePolicy.retryNumber", "schedulePolicy.retryWaitInterval"]
    names += ["schedulePolicy.type", "schedulePolicy.dailyType", "schedulePolicy.periodicallyEvery"]
    if number >= 6:
        names += ["schedulePolicy.periodicallyOffsetMinutes"]
    if number >= 7:
        names += ["lastBackup"]
    return tuple(names)
