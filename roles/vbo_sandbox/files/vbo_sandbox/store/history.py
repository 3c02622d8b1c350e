# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Complete the run history of a state file when it is loaded, so that jobs and sessions are consistent.

A state file may give only the last run of a job, only its last result, or only its sessions. The other values are
derived from those that are given.
"""

from __future__ import annotations

from typing import Any, Protocol

from . import outcomes
from .agenda import Agenda
from .model import CopyJob, Job, Organization, Outcome, Session
from .schedule import seconds_of, stamp_at, trimmed

FINAL: dict[str, Outcome] = {"Success": "Success", "Warning": "Warning", "Failed": "Failed", "Stopped": "Stopped"}
RUNNING = ("Running", "Queued")
MOMENTS = ("last_run", "last_backup", "first_backup_time", "last_backup_time", "creation_time", "end_time")
#: duration in seconds of a past run whose end is not given
USUAL = 900.0


class Loaded(Protocol):
    """The part of a state that this module uses."""

    organizations: dict[str, Organization]
    jobs: dict[str, Job]
    copy_jobs: dict[str, CopyJob]
    sessions: dict[str, Session]
    agenda: Agenda

    def next_tag(self) -> int:
        """Return the next change number."""


def complete(state: Loaded, now: float) -> None:
    """Make jobs and sessions consistent, and resume the runs in progress."""
    _trim(state)
    by_job: dict[str, list[Session]] = {}
    for session in state.sessions.values():
        session.created = seconds_of(session.creation_time)
        session.ended = seconds_of(session.end_time) if session.end_time else None
        if session.ended is None and session.status not in RUNNING:
            session.ended, session.end_time = session.created, session.creation_time
        by_job.setdefault(session.job.lower(), []).append(session)
    entries: list[Job | CopyJob] = [*state.jobs.values(), *state.copy_jobs.values()]
    for entry in entries:
        sessions = sorted(by_job.get(entry.id.lower(), []), key=lambda session: session.created)
        _complete_last(state, entry, sessions, now)
        _take_up(state, entry, sessions, now)
        state.agenda.unplanned.add(entry.id)
        if entry.retry is not None:
            state.agenda.add(entry.retry.due, "retry", entry.id)
    for organization in state.organizations.values():
        backups = [job.last_backup for job in state.jobs.values() if job.organization == organization.id]
        known = [organization.first_backup_time, organization.last_backup_time, *backups]
        moments = sorted((text for text in known if text), key=seconds_of)
        if moments:
            organization.first_backup_time, organization.last_backup_time = moments[0], moments[-1]


def _trim(state: Loaded) -> None:
    """Normalize the timestamps of a state file to the format of the servers."""
    things: list[Any] = [*state.jobs.values(), *state.copy_jobs.values(), *state.organizations.values()]
    for session in state.sessions.values():
        things += [session, *session.log]
    for thing in things:
        for name in MOMENTS:
            text = getattr(thing, name, None)
            if text:
                setattr(thing, name, trimmed(text))


def _add(state: Loaded, entry: Job | CopyJob, sessions: list[Session], start: float, created: str) -> Session:
    dice = outcomes.throw(0, entry.id, start)
    session = Session(id=dice.id, job=entry.id, creation_time=created)
    session.job_type = "Copy" if isinstance(entry, CopyJob) else "Backup"
    session.kind = "copy" if isinstance(entry, CopyJob) else "scheduled"
    session.repository = entry.repository
    session.created = start
    session.e_tag = state.next_tag()
    state.sessions[session.id] = session
    sessions.append(session)
    sessions.sort(key=lambda found: found.created)
    return session


def _complete_last(state: Loaded, entry: Job | CopyJob, sessions: list[Session], now: float) -> None:
    """Make the last completed run and the last-run fields of the job consistent; add its session if it is missing."""
    ended = [session for session in sessions if session.ended is not None]
    result = FINAL.get(entry.last_status)
    if entry.last_run is None and not ended and result not in (None, "Stopped"):
        entry.last_run = stamp_at(now - 86400)
    if entry.last_run is not None:
        start = seconds_of(entry.last_run)
        if not ended or ended[-1].created < start:
            session = _add(state, entry, sessions, start, entry.last_run)
            session.status = result or "Success"
            session.ended, session.end_time = _end_of(entry, session, now)
            ended.append(session)
    if not ended:
        return
    last = ended[-1]
    entry.last_run = last.creation_time
    if entry.last_status not in RUNNING:
        entry.last_status = last.status
    backups = [session.end_time for session in ended if session.status in ("Success", "Warning")]
    if backups and (entry.last_backup is None or last.status in ("Success", "Warning")):
        entry.last_backup = backups[-1]
    for session in ended:
        if session.status in ("Success", "Warning"):
            session.progress = session.progress or outcomes.objects_of(entry)
        if session.status in outcomes.TEXTS and not session.log:
            session.details = session.details or outcomes.TEXTS[session.status]


def _end_of(entry: Job | CopyJob, session: Session, now: float) -> tuple[float, str]:
    if entry.last_backup is not None and session.status in ("Success", "Warning"):
        end = seconds_of(entry.last_backup)
        if end >= session.created:
            return end, entry.last_backup
    end = max(session.created, min(session.created + USUAL, now))
    return end, stamp_at(end)


def _take_up(state: Loaded, entry: Job | CopyJob, sessions: list[Session], now: float) -> None:
    """Resume the run in progress from the state file."""
    running = [session for session in sessions if session.ended is None]
    if not running and entry.last_status in RUNNING:
        running = [_add(state, entry, sessions, now, stamp_at(now))]
        running[0].status = entry.last_status
    for session in running[:-1]:  # only one run can be in progress
        session.status, session.ended, session.end_time = "Stopped", session.created, session.creation_time
    if not running:
        return
    session = running[-1]
    session.outcome = session.outcome or "Success"
    session.natural_end = session.natural_end or max(now, session.created) + USUAL
    session.due = session.due or session.natural_end
    entry.last_status = session.status
    state.agenda.active[entry.id] = session
    state.agenda.add(session.due, "end", session.id)
