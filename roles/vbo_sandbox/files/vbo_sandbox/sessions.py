# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs of jobs: life cycle, job sessions and their log items."""

from __future__ import annotations

import time
import uuid
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from . import rules
from .links import link, listing
from .model import CopyJob, Job, LogItem, Session
from .schedule import parse_stamp, stamp
from .web import Broken, Context, Invalid, NotFound, Reply, route

if TYPE_CHECKING:
    from .app import Server

Entry = Job | CopyJob


def _now() -> str:
    return stamp(datetime.now(timezone.utc))


def entry_of(server: Server, session: Session) -> Entry | None:
    """The job or copy job of a session."""
    key = session.job.lower()
    return server.state.jobs.get(key) or server.state.copy_jobs.get(key)


def log(session: Session, kind: Any, message: str) -> None:
    """Add a line to the log of a session."""
    now = _now()
    session.log.append(LogItem(str(uuid.uuid4()), kind, message, now, now))


def start(server: Server, entry: Entry, full: bool) -> Session:
    """Begin a run."""
    state = server.state
    session = Session(id=str(uuid.uuid4()), job=entry.id, creation_time=_now(), status="Queued", full=full)
    session.job_type = "Copy" if isinstance(entry, CopyJob) else "Backup"
    session.repository = entry.repository
    session.due = time.monotonic() + server.switches.queued_seconds
    session.e_tag = state.next_tag()
    log(session, "Success", "Job started")
    state.sessions[session.id] = session
    state.active[session.id] = session
    entry.last_status = "Queued"
    entry.last_run = session.creation_time
    entry.e_tag = state.next_tag()
    return session


def stop(server: Server, entry: Entry) -> None:
    """Ask the run of a job to end."""
    for session in list(server.state.active.values()):
        if session.job == entry.id and not session.stopping:
            session.stopping = True
            session.due = time.monotonic() + server.switches.stopping_seconds
            log(session, "Warning", "Stop requested")


def forget(server: Server, entry_id: str) -> None:
    """A deleted job has no active run any more."""
    for session in list(server.state.active.values()):
        if session.job == entry_id:
            _finish(server, session, None, "Stopped")


def tick(server: Server) -> None:
    """Bring runs and delayed changes up to the present moment."""
    state = server.state
    if not state.active and not state.delayed:
        return
    now = time.monotonic()
    for session in list(state.active.values()):
        _advance(server, session, now)
    for key, entry in list(state.delayed.items()):
        if entry.pending_enabled is None:
            del state.delayed[key]
        elif entry.pending_enabled[0] <= now:
            _set_enabled(server, entry, entry.pending_enabled[1])
            entry.pending_enabled = None
            del state.delayed[key]


def _advance(server: Server, session: Session, now: float) -> None:
    entry = entry_of(server, session)
    if session.stopping:
        if session.due <= now:
            _finish(server, session, entry, "Stopped")
        return
    if session.status == "Queued" and session.due <= now:
        session.status = "Running"
        session.due += server.switches.running_seconds
        session.e_tag = server.state.next_tag()
        if entry is not None:
            entry.last_status = "Running"
            entry.e_tag = server.state.next_tag()
    if session.status == "Running":
        if session.due <= now:
            _finish(server, session, entry, server.switches.session_result)
        else:
            session.progress = min(127, session.progress + 1)


def _finish(server: Server, session: Session, entry: Entry | None, result: Any) -> None:
    server.state.active.pop(session.id, None)
    session.status = result
    session.end_time = _now()
    session.progress = 128 if result != "Stopped" else session.progress
    session.e_tag = server.state.next_tag()
    kinds = {"Success": "Success", "Warning": "Warning", "Failed": "Error", "Stopped": "Stop"}
    log(session, kinds[result], f"Job finished with the status {result}")
    if entry is not None:
        entry.last_status = result
        if result in ("Success", "Warning"):
            entry.last_backup = session.end_time
        entry.e_tag = server.state.next_tag()


def _set_enabled(server: Server, entry: Entry, value: bool) -> None:
    if entry.is_enabled != value:
        entry.is_enabled = value
        entry.e_tag = server.state.next_tag()
        entry.planned = None


def switch(ctx: Context, entry: Entry, value: bool) -> Reply:
    """Enable or disable."""
    delay = ctx.server.switches.enable_delay
    if delay:
        entry.pending_enabled = (time.monotonic() + delay, value)
        ctx.server.state.delayed[entry.id] = entry
    else:
        _set_enabled(ctx.server, entry, value)
    return Reply(ctx.version.action)


def start_action(ctx: Context, entry: Entry, full: bool) -> Reply:
    """Start a job; v8 answers with the session."""
    if entry.last_status in rules.RUNNING and ctx.server.switches.start_running == "reject":
        raise Broken("The job is already running.", conflict=True)
    running = [session for session in ctx.server.state.active.values() if session.job == entry.id]
    session = running[-1] if running else start(ctx.server, entry, full)
    if ctx.version.number >= 8:
        return Reply(200, render(ctx, session))
    return Reply(ctx.version.action)


def stop_action(ctx: Context, entry: Entry) -> Reply:
    """Stop a job."""
    if entry.last_status not in rules.RUNNING and ctx.server.switches.stop_idle == "reject":
        raise Broken("The job is not running.", conflict=True)
    stop(ctx.server, entry)
    return Reply(ctx.version.action)


def render(ctx: Context, session: Session) -> dict[str, Any]:
    """A job session."""
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
        out["retryCount"] = 0
    if number >= 7:
        out["jobWillBeRetried"] = False
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


def _moment(ctx: Context, name: str) -> datetime | None:
    text = ctx.query.get(name.lower())
    if not text:
        return None
    try:
        return parse_stamp(text.replace(" ", "+"))
    except ValueError:
        raise Invalid(f"The value '{text}' is not valid for {name}.") from None


def _listed(ctx: Context, entries: list[Session], path: str) -> Reply:
    entries.sort(key=lambda session: session.creation_time, reverse=True)
    return listing(ctx, "sessions", entries, render, path)


@route("GET", "JobSessions")
def list_sessions(ctx: Context) -> Reply:
    """All sessions, newest first, with the filters of the version."""
    number = ctx.version.number
    query = ctx.query
    entries = list(ctx.server.state.sessions.values())
    if number < 6:
        entries = [session for session in entries if session.job_type == "Backup"]
    if number >= 7 and query.get("jobid"):
        wanted = rules.guid(query["jobid"])
        entries = [session for session in entries if session.job.lower() == wanted]
    if number >= 6 and query.get("jobtype"):
        if query["jobtype"] not in ("Backup", "Copy"):
            raise Invalid(f"The value '{query['jobtype']}' is not valid for jobType.")
        entries = [session for session in entries if session.job_type == query["jobtype"]]
    lower = _moment(ctx, "endTimeLowerBound") if number >= 6 else None
    upper = _moment(ctx, "endTimeUpperBound") if number >= 7 else None
    if lower:
        entries = [session for session in entries if session.end_time and parse_stamp(session.end_time) >= lower]
    if upper:
        entries = [session for session in entries if session.end_time and parse_stamp(session.end_time) <= upper]
    if number >= 8 and query.get("status"):
        wanted = query["status"]
        if wanted not in ("Stopped", "Running", "Succeeded", "Failed", "Warning"):
            raise Invalid(f"The value '{wanted}' is not valid for status.")
        wanted = "Success" if wanted == "Succeeded" else wanted
        entries = [session for session in entries if session.status == wanted]
    return _listed(ctx, entries, "JobSessions")


@route("GET", "Jobs/{job}/JobSessions", until=6)
def list_sessions_of(ctx: Context) -> Reply:
    """The sessions of a job; gone in v7."""
    key = rules.guid(ctx.params["job"])
    if key not in ctx.server.state.jobs:
        raise NotFound(f"Backup job with the ID '{ctx.params['job']}' was not found.")
    entries = [session for session in ctx.server.state.sessions.values() if session.job.lower() == key]
    return _listed(ctx, entries, f"Jobs/{ctx.params['job']}/JobSessions")


def find(ctx: Context) -> Session:
    """The session of the path."""
    session = ctx.server.state.sessions.get(rules.guid(ctx.params["session"]))
    if session is None:
        raise NotFound(f"Job session with the ID '{ctx.params['session']}' was not found.")
    return session


@route("GET", "JobSessions/{session}")
def read_session(ctx: Context) -> Reply:
    """One session."""
    return Reply(200, render(ctx, find(ctx)))


@route("GET", "JobSessions/{session}/ProcessedObjects", since=7)
def processed_objects(ctx: Context) -> Reply:
    """What a session processed: the sandbox keeps no list."""
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


@route("GET", "JobSessions/{session}/LogItems")
def list_log(ctx: Context) -> Reply:
    """The log of a session."""
    session = find(ctx)
    entries = list(enumerate(session.log, 1))
    if ctx.version.number >= 8:
        if ctx.query.get("type"):
            entries = [(usn, line) for usn, line in entries if line.type == ctx.query["type"]]
        if not ctx.flag("orderAsc", True):
            entries.reverse()
    path = f"JobSessions/{session.id}/LogItems"
    return listing(ctx, "log_items", entries, lambda ctx, entry: _render_log(ctx, entry[0], session, entry[1]), path)


@route("GET", "JobSessions/{session}/LogItems/{line}")
def read_log_item(ctx: Context) -> Reply:
    """One line of the log."""
    session = find(ctx)
    for usn, line in enumerate(session.log, 1):
        if line.id.lower() == ctx.params["line"].lower():
            return Reply(200, _render_log(ctx, usn, session, line))
    raise NotFound(f"Log item with the ID '{ctx.params['line']}' was not found.")
