# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Handlers for job sessions and their log items, and for the actions that start and stop runs."""

from __future__ import annotations

import uuid
from typing import Any

from ..store import runs
from ..store.model import LogItem, Session
from ..store.runs import Entry
from ..store.schedule import parse_stamp, stamp_at
from ..store.server import Server
from . import rules
from .links import link, listing
from .web import Broken, Context, NotFound, Reply, Route

KINDS: dict[str, Any] = {"Success": "Success", "Warning": "Warning", "Failed": "Error", "Stopped": "Stop"}


def log_of(session: Session) -> list[LogItem]:
    """Return the log of a session: the stored log, or one generated from the fields of the session."""
    if session.log:
        return session.log
    started = f"Retry {session.retry_count} started" if session.kind == "retry" else "Job started"
    lines: list[tuple[Any, str, str]] = [("Success", started, session.creation_time)]
    if session.stop_requested is not None:
        lines.append(("Warning", "Stop requested", stamp_at(session.stop_requested)))
    if session.end_time is not None:
        kind = KINDS.get(session.status, "Error")
        if session.details and session.status != "Success":
            lines.append((kind, session.details, session.end_time))
        lines.append((kind, f"Job finished with the status {session.status}", session.end_time))
        if session.will_be_retried:
            lines.append(("Warning", "The job will be retried", session.end_time))
    base = uuid.UUID(session.id)
    return [
        LogItem(str(uuid.uuid5(base, str(number))), kind, message, moment, moment)
        for number, (kind, message, moment) in enumerate(lines, 1)
    ]


def start(server: Server, entry: Entry, full: bool) -> Session:
    """Start a run on request; it may start outside the backup window."""
    now = server.clock.now()
    return runs.begin(server, entry, now, "manual", full=full, bound=runs.inside_window(server, entry, now))


def forget(server: Server, entry_id: str) -> None:
    """Discard the run in progress of a deleted job."""
    runs.forget(server, entry_id)


def tick(server: Server) -> None:
    """Process all runs and delayed changes that are due by now."""
    runs.catch_up(server)


def switch(ctx: Context, entry: Entry, value: bool) -> Reply:
    """Enable or disable a job."""
    delay = ctx.server.switches.enable_delay
    if delay:
        runs.enable_later(ctx.server, entry, value, delay)
    else:
        runs.set_enabled(ctx.server, entry, value)
    return Reply(ctx.version.action)


def start_action(ctx: Context, entry: Entry, full: bool) -> Reply:
    """Start a job; v8 responds with the session."""
    if entry.last_status in rules.RUNNING and ctx.server.switches.start_running == "reject":
        raise Broken("The job is already running.", conflict=True)
    session = runs.active(ctx.server, entry) or start(ctx.server, entry, full)
    if ctx.version.number >= 8:
        return Reply(200, render(ctx, session))
    return Reply(ctx.version.action)


def stop_action(ctx: Context, entry: Entry) -> Reply:
    """Stop a job."""
    if entry.last_status not in rules.RUNNING and ctx.server.switches.stop_idle == "reject":
        raise Broken("The job is not running.", conflict=True)
    runs.stop(ctx.server, entry)
    return Reply(ctx.version.action)


def render(ctx: Context, session: Session) -> dict[str, Any]:
    """Render a job session."""
    number = ctx.version.number
    running = session.end_time is None
    status = "Running" if session.status == "Queued" and number <= 4 else session.status
    out: dict[str, Any] = {"id": session.id, "details": session.details, "creationTime": session.creation_time}
    if number >= 8:
        out["jobId"] = session.job
    if number >= 7 and session.repository:
        out["repositoryId"] = session.repository
    if session.end_time:
        out["endTime"] = session.end_time
    if number >= 6:
        out["retryCount"] = session.retry_count
    if number >= 7:
        if session.main_session:
            out["mainSessionId"] = session.main_session
        out["jobWillBeRetried"] = session.will_be_retried
        out["jobType"] = session.job_type
    out["progress"] = session.progress
    out["status"] = status
    out["statistics"] = {
        "processingRateBytesPS": 1843200 if session.progress else 0,
        "processingRateItemsPS": 12 if session.progress else 0,
        "readRateBytesPS": 2097152 if session.progress else 0,
        "writeRateBytesPS": 1048576 if session.progress else 0,
        "transferredDataBytes": session.progress * 5734400,
        "processedObjects": session.progress,
        "bottleneck": "Detecting" if running else "Source",
    }
    if number >= 8:
        out["jobSessionConfigType"] = "Full" if session.full else "Incremental"
        out["eTag"] = session.e_tag
        repository = ctx.server.state.repositories.get(session.repository.lower())
        if repository is not None and repository.proxy:
            out["proxyId"] = repository.proxy
        if repository is not None and repository.proxy_pool:
            out["proxyPoolId"] = repository.proxy_pool
    kind = "CopyJobs" if session.job_type == "Copy" else "Jobs"
    out["_links"] = {
        "self": link(ctx, f"JobSessions/{session.id}"),
        "log": link(ctx, f"JobSessions/{session.id}/{'LogItems' if number >= 6 else 'log'}"),
        "job": link(ctx, f"{kind}/{session.job}"),
    }
    return out


def _moment(ctx: Context, name: str) -> float | None:
    text = ctx.query.get(name.lower())
    return parse_stamp(text.replace(" ", "+")).timestamp() if text else None


def _listed(ctx: Context, entries: list[Session], path: str) -> Reply:
    entries.sort(key=lambda session: session.created, reverse=True)
    return listing(ctx, "sessions", entries, render, path)


def list_sessions(ctx: Context) -> Reply:
    """List all sessions, newest first, with the filters of the version."""
    number = ctx.version.number
    query = ctx.query
    entries = list(ctx.server.state.sessions.values())
    if number < 6:
        entries = [session for session in entries if session.job_type == "Backup"]
    if number >= 7 and query.get("jobid"):
        wanted = rules.guid(query["jobid"])
        entries = [session for session in entries if session.job.lower() == wanted]
    if number >= 6 and query.get("jobtype"):
        entries = [session for session in entries if session.job_type == query["jobtype"]]
    lower = _moment(ctx, "endTimeLowerBound") if number >= 6 else None
    upper = _moment(ctx, "endTimeUpperBound") if number >= 7 else None
    created = ctx.server.switches.end_time_bounds == "created"
    if lower:
        entries = [found for found in entries if (found.created if created else found.ended or 0.0) >= lower]
    if upper:
        entries = [found for found in entries if (found.created if created else found.ended or upper + 1) <= upper]
    if number >= 8 and query.get("status"):
        wanted = "Success" if query["status"] == "Succeeded" else query["status"]
        entries = [session for session in entries if session.status == wanted]
    return _listed(ctx, entries, "JobSessions")


def list_sessions_of(ctx: Context) -> Reply:
    """List the sessions of a job (up to v6)."""
    key = rules.job_of_path(ctx).id.lower()
    entries = [session for session in ctx.server.state.sessions.values() if session.job.lower() == key]
    return _listed(ctx, entries, f"Jobs/{ctx.params['job']}/JobSessions")


def find(ctx: Context) -> Session:
    """Return the session in the path."""
    return rules.with_id(ctx.server.state.sessions, ctx.params["session"], "Job session")


def read_session(ctx: Context) -> Reply:
    """Read one session."""
    return Reply(200, render(ctx, find(ctx)))


def processed_objects(ctx: Context) -> Reply:
    """Return an empty list; the sandbox does not record the processed objects of a session."""
    session = find(ctx)
    return listing(ctx, "processed_objects", [], lambda ctx, entry: entry, f"JobSessions/{session.id}/ProcessedObjects")


def _render_log(ctx: Context, usn: int, session: Session, line: LogItem) -> dict[str, Any]:
    out: dict[str, Any] = {"id": line.id, "usn": usn}
    if ctx.version.number >= 8:
        out.update(type=line.type, message=line.message)
    else:
        out["title"] = f"[{line.type}] {line.message}"
    out.update(creationTime=line.creation_time, endTime=line.end_time)
    out["_links"] = {"self": link(ctx, f"JobSessions/{session.id}/LogItems/{line.id}")}
    return out


def list_log(ctx: Context) -> Reply:
    """List the log items of a session."""
    session = find(ctx)
    entries = list(enumerate(log_of(session), 1))
    if ctx.version.number >= 8:
        if ctx.query.get("type"):
            entries = [(usn, line) for usn, line in entries if line.type == ctx.query["type"]]
        if not ctx.flag("orderAsc", True):
            entries.reverse()
    path = f"JobSessions/{session.id}/LogItems"
    return listing(ctx, "log_items", entries, lambda ctx, entry: _render_log(ctx, entry[0], session, entry[1]), path)


def read_log_item(ctx: Context) -> Reply:
    """Read one log item."""
    session = find(ctx)
    for usn, line in enumerate(log_of(session), 1):
        if line.id.lower() == ctx.params["line"].lower():
            return Reply(200, _render_log(ctx, usn, session, line))
    raise NotFound(f"Log item with the ID '{ctx.params['line']}' was not found.")


#: the routes of this module
ROUTES = (
    Route("GET", "JobSessions", list_sessions),
    Route("GET", "Jobs/{job}/JobSessions", list_sessions_of, until=6),
    Route("GET", "JobSessions/{session}", read_session),
    Route("GET", "JobSessions/{session}/ProcessedObjects", processed_objects, since=7),
    Route("GET", "JobSessions/{session}/LogItems", list_log),
    Route("GET", "JobSessions/{session}/LogItems/{line}", read_log_item),
)
