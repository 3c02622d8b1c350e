# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The life cycle of runs: they start by schedule, as a retry, as a copy or on request, and they end.

Every event has a time on the server's clock. ``catch_up`` processes the events that are due. Code that reads or changes
the state calls it first, so that it works on a consistent state.
"""

from __future__ import annotations

from datetime import datetime

from . import outcomes
from .model import CopyJob, Job, Kind, Outcome, Retry, Session, Window
from .schedule import Rules, first_forbidden, first_permitted, next_start, permits, seconds_of, stamp_at
from .server import Server

Entry = Job | CopyJob
BACKED_UP = ("Success", "Warning")
WINDOW_ENDED = "The job was stopped at the end of the backup window"
REQUESTED = "The job was stopped by a user"


def entry_of(server: Server, key: str) -> Entry | None:
    """Return the job or copy job with an id, or None."""
    key = key.lower()
    return server.state.jobs.get(key) or server.state.copy_jobs.get(key)


def active(server: Server, entry: Entry) -> Session | None:
    """Return the run of a job that is in progress, or None."""
    return server.state.agenda.active.get(entry.id)


def catch_up(server: Server) -> None:
    """Process all events that are due by now."""
    agenda, now = server.state.agenda, server.clock.now()
    for key in sorted(agenda.unplanned):
        entry = entry_of(server, key)
        if entry is not None:
            _plan(server, entry, agenda.played)
            _bind_again(server, entry, agenda.played)
    agenda.unplanned.clear()
    while (event := agenda.take(now)) is not None:
        at, kind, key = event
        agenda.played = max(agenda.played, at)
        EVENTS[kind](server, key, at)
    agenda.played = now
    for session in agenda.active.values():
        _show(server, session, now)


# --- starts ----------------------------------------------------------------------------------------------------------


def next_of(server: Server, entry: Entry) -> float | None:
    """Return the next scheduled start of an enabled job, or None."""
    agenda = server.state.agenda
    if entry.id in agenda.unplanned:
        agenda.unplanned.discard(entry.id)
        _plan(server, entry, agenda.played)
        _bind_again(server, entry, agenda.played)
    return entry.planned


def _window(entry: Entry) -> Window | None:
    policy = entry.schedule_policy
    return policy.backup_window if policy.backup_window_enabled else None


def inside_window(server: Server, entry: Entry, at: float) -> bool:
    """Return whether a moment is inside the backup window of a job; true for a job without a window."""
    window = _window(entry)
    return window is None or permits(window, datetime.fromtimestamp(at, server.zone))


def _plan(server: Server, entry: Entry, after: float) -> None:
    """Compute and set the next scheduled start; a disabled job has neither a start nor a retry."""
    if not entry.is_enabled or not entry.schedule_policy.schedule_enabled:
        _give_up_retry(server, entry)
        entry.planned = None
        return
    if not entry.schedule_policy.retry_enabled:
        _give_up_retry(server, entry)
    switches = server.switches
    rules = Rules(switches.skipped_time, switches.repeated_time, switches.opening_start)
    at = next_start(entry.schedule_policy, after, server.zone, rules)
    window, choice = _window(entry), _outside(server, entry)
    for _attempt in range(100):
        if at is None or window is None or choice not in ("skip", "wait"):
            break
        permitted = first_permitted(window, at, server.zone)
        if permitted is None or permitted == at or choice == "wait":
            at = permitted
            break
        at = next_start(entry.schedule_policy, permitted - 1e-6, server.zone, rules)
    else:
        at = None  # for example, daily at an hour that is never permitted
    _set_plan(server, entry, at)


def _outside(server: Server, entry: Entry) -> str:
    """Return what happens to a start outside the backup window, as the switches say."""
    switches = server.switches
    return str(switches.copy_outside_window if isinstance(entry, CopyJob) else switches.start_outside_window)


def _set_plan(server: Server, entry: Entry, at: float | None) -> None:
    entry.planned = at
    if at is not None:
        server.state.agenda.add(at, "start", entry.id)


def _on_start(server: Server, key: str, at: float) -> None:
    """Process a planned start; it is skipped while the job is running."""
    entry = entry_of(server, key)
    if entry is None or entry.planned != at:
        return
    _plan(server, entry, at)
    if isinstance(entry, Job):
        entry.next_run_override = None
    if not server.switches.automatic_runs or active(server, entry) is not None:
        return
    _start_by_itself(server, entry, at, "copy" if isinstance(entry, CopyJob) else "scheduled")


def _start_by_itself(server: Server, entry: Entry, at: float, kind: Kind, retry: Retry | None = None) -> None:
    inside = inside_window(server, entry, at)
    choice = _outside(server, entry)
    if inside or choice in ("stop", "run"):
        begin(server, entry, at, kind, retry=retry, bound=inside or choice == "stop")


def begin(
    server: Server,
    entry: Entry,
    at: float,
    kind: Kind,
    *,
    full: bool = False,
    retry: Retry | None = None,
    bound: bool = True,
    length: float | None = None,
) -> Session:
    """Start a run. Its result is decided now; only a stop request or the end of the backup window changes it."""
    state, switches = server.state, server.switches
    if retry is None:
        _give_up_retry(server, entry)
    dice = outcomes.throw(server.seed, entry.id, at)
    while dice.id in state.sessions:  # the same job started twice at the same moment
        dice = outcomes.throw(server.seed, entry.id + dice.id, at)
    plan = server.outcomes.take(*names_of(server, entry))
    result: Outcome = plan.result if plan and plan.result else outcomes.decide(switches, kind, dice.chance)
    if plan and plan.seconds is not None:
        length = plan.seconds
    elif length is None:
        length = outcomes.seconds(switches, kind, dice.pace)
    session = Session(id=dice.id, job=entry.id, creation_time=stamp_at(at), status="Queued", kind=kind, full=full)
    session.created = at
    session.job_type = "Copy" if isinstance(entry, CopyJob) else "Backup"
    session.repository = entry.repository
    session.details = "" if result == "Success" else (plan.message if plan else "") or outcomes.TEXTS[result]
    session.natural_end, session.outcome, session.bound = at + switches.queued_seconds + length, result, bound
    if retry is not None:
        session.retry_count, session.main_session = retry.number, retry.main_session
    session.e_tag = state.next_tag()
    state.sessions[session.id] = session
    state.agenda.active[entry.id] = session
    state.agenda.tally[kind] += 1
    entry.last_status = "Queued"
    entry.e_tag = state.next_tag()
    _bind(server, session, entry, at)
    return session


def names_of(server: Server, entry: Entry) -> tuple[str, str]:
    """Return the names by which a plan can refer to a job or copy job: its id and its name."""
    if isinstance(entry, Job):
        return entry.id, entry.name
    source = server.state.jobs.get(entry.backup_job.lower())
    return entry.id, f"{source.name if source else 'Unknown'} - copy job"


# --- ends ------------------------------------------------------------------------------------------------------------


def _bind(server: Server, session: Session, entry: Entry, now: float) -> None:
    """Set when a run ends: at its natural end, or earlier when a forbidden hour begins."""
    end = session.natural_end if session.natural_end is not None else now
    window = _window(entry)
    if window is not None and session.bound:
        forbidden = first_forbidden(window, now, end, server.zone)
        end = end if forbidden is None else forbidden
    if session.due != end:
        session.due = end
        server.state.agenda.add(end, "end", session.id)


def _bind_again(server: Server, entry: Entry, now: float) -> None:
    """Update the end of a run in progress after the schedule of its job was changed."""
    session = active(server, entry)
    if session is not None and session.stop_requested is None:
        _bind(server, session, entry, now)


def _on_end(server: Server, key: str, at: float) -> None:
    session = server.state.sessions.get(key)
    if session is not None and session.ended is None and session.due == at:
        finish(server, session, entry_of(server, session.job), at)


def finish(server: Server, session: Session, entry: Entry | None, at: float) -> None:
    """End a run, and plan the retry or start the copy that follows from it."""
    state = server.state
    if session.stop_requested is not None or (session.natural_end is not None and at < session.natural_end):
        session.outcome = "Stopped"
        session.details = REQUESTED if session.stop_requested is not None else WINDOW_ENDED
    result: Outcome = session.outcome or "Success"
    _show(server, session, at)
    state.agenda.active.pop(session.job, None)
    state.agenda.tally[result] += 1
    session.status, session.ended, session.end_time = result, at, stamp_at(at)
    session.due = session.natural_end = session.outcome = None
    session.e_tag = state.next_tag()
    if entry is None:
        return
    if result in BACKED_UP:
        session.progress = outcomes.objects_of(entry)
        entry.last_backup = session.end_time
        _note_backup(server, entry, session.end_time)
    entry.last_status = result
    entry.last_run = session.creation_time
    entry.e_tag = state.next_tag()
    _retry_later(server, session, entry, at)
    if result in BACKED_UP:
        _copy_now(server, session, entry, at)


def _note_backup(server: Server, entry: Entry, end_time: str) -> None:
    if isinstance(entry, Job):
        organization = server.state.organizations.get(entry.organization.lower())
        if organization is not None:
            organization.first_backup_time = organization.first_backup_time or end_time
            organization.last_backup_time = end_time


def _show(server: Server, session: Session, now: float) -> None:
    """Update the visible status and progress of a run in progress."""
    running_since = session.created + server.switches.queued_seconds
    entry = entry_of(server, session.job)
    if now < running_since or entry is None or session.natural_end is None:
        return
    if session.status == "Queued":
        session.status = entry.last_status = "Running"
        session.e_tag, entry.e_tag = server.state.next_tag(), server.state.next_tag()
    share = (now - running_since) / max(session.natural_end - running_since, 1e-6)
    session.progress = int(min(share, 1) * (outcomes.objects_of(entry) - 1))


def stop(server: Server, entry: Entry) -> None:
    """Request the stop of the run of a job."""
    session = active(server, entry)
    if session is not None and session.stop_requested is None:
        now = server.clock.now()
        session.stop_requested = now
        session.due = now + server.switches.stopping_seconds
        server.state.agenda.add(session.due, "end", session.id)


def forget(server: Server, entry_id: str) -> None:
    """Discard the run in progress of a deleted job."""
    session = server.state.agenda.active.get(entry_id)
    if session is not None:
        session.stop_requested = server.clock.now()
        finish(server, session, None, session.stop_requested)


# --- what follows ----------------------------------------------------------------------------------------------------


def _retry_later(server: Server, session: Session, entry: Entry, at: float) -> None:
    """Plan a retry, unless the schedule starts the job earlier."""
    policy, switches = entry.schedule_policy, server.switches
    results = ("Failed", "Warning") if switches.retry_after == "warning" else ("Failed",)
    kinds = ("scheduled", "retry", "manual") if switches.retry_manual else ("scheduled", "retry")
    if session.status not in results or session.kind not in kinds or not policy.retry_enabled:
        return
    number = session.retry_count + 1
    due = at + policy.retry_wait_interval * 60
    upcoming = next_of(server, entry)
    wanted = entry.is_enabled and policy.schedule_enabled and switches.automatic_runs
    if not wanted or number > policy.retry_number or (upcoming is not None and upcoming <= due):
        return
    session.will_be_retried = True
    entry.retry = Retry(due, session.main_session or session.id, number, session.id)
    server.state.agenda.add(due, "retry", entry.id)


def _on_retry(server: Server, key: str, at: float) -> None:
    entry = entry_of(server, key)
    if entry is None or entry.retry is None or entry.retry.due != at:
        return
    if not server.switches.automatic_runs or active(server, entry) is not None:
        _give_up_retry(server, entry)
        return
    retry, entry.retry = entry.retry, None
    _start_by_itself(server, entry, at, "retry", retry)
    if active(server, entry) is None:  # outside the backup window
        entry.retry = retry
        _give_up_retry(server, entry)


def _give_up_retry(server: Server, entry: Entry) -> None:
    if entry.retry is not None:
        session = server.state.sessions.get(entry.retry.session)
        if session is not None:
            session.will_be_retried = False
            session.e_tag = server.state.next_tag()
        entry.retry = None


def _copy_now(server: Server, session: Session, entry: Entry, at: float) -> None:
    """Start an immediate copy job after its backup job, or again if a backup was made while the copy was running."""
    copy = server.state.copy_of(entry.id) if isinstance(entry, Job) else entry
    if copy is None or copy.schedule_policy.type != "Immediate" or not copy.is_enabled:
        return
    if not server.switches.automatic_runs:
        return
    if copy is entry:
        source = server.state.jobs.get(copy.backup_job.lower())
        if source is None or source.last_backup is None or seconds_of(source.last_backup) <= session.created:
            return
    elif active(server, copy) is not None:
        return
    window = _window(copy)
    start = at if window is None else first_permitted(window, at, server.zone)
    if start == at:
        length = max(at - session.created - server.switches.queued_seconds, 0.0)
        begin(server, copy, at, "copy", length=length)
    elif start is not None and server.switches.copy_outside_window == "wait":
        _set_plan(server, copy, start)


# --- delayed changes -------------------------------------------------------------------------------------------------


def set_enabled(server: Server, entry: Entry, value: bool) -> None:
    """Enable or disable a job immediately."""
    entry.pending_enabled = None
    if entry.is_enabled != value:
        entry.is_enabled = value
        entry.e_tag = server.state.next_tag()
        server.state.agenda.replan(entry)


def enable_later(server: Server, entry: Entry, value: bool, delay: float) -> None:
    """Enable or disable a job after *delay* seconds."""
    entry.pending_enabled = (server.clock.now() + delay, value)
    server.state.agenda.add(entry.pending_enabled[0], "enable", entry.id)


def _on_enable(server: Server, key: str, at: float) -> None:
    entry = entry_of(server, key)
    if entry is not None and entry.pending_enabled is not None and entry.pending_enabled[0] == at:
        set_enabled(server, entry, entry.pending_enabled[1])
        next_of(server, entry)


EVENTS = {"start": _on_start, "end": _on_end, "retry": _on_retry, "enable": _on_enable}
