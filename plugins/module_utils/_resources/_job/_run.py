# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Runs of jobs: what C(vbo_job_run) and C(vbo_job_session_info) do."""

from __future__ import annotations

import typing as t

from ..._api._answers import is_object
from ..._api._client import Client
from ..._api._references import Catalog
from ..._api._waiting import wait_until
from ..._core._host import Host
from ..._core._plan import settle
from ..._errors import InputError, NotFound, Timeout, VboError
from ..._types import Data, Raw, View
from .._times._instant import instant, parse_since
from . import _model as model
from ._fields import FULL_RUNS
from ._object import JobResource
from ._running import is_running
from ._session import ended, newest_first, read_log_item, read_session


def run_job(host: Host) -> Data:
    """Start or stop one job; a job that is already in that state is left alone."""
    params = host.params
    given = model.parse_job({key: params[key] for key in ("name", "organization")})
    verb = "start" if params["state"] == "started" else "stop"
    if params["full"] and verb == "stop":
        raise InputError("full", "requires state: started")
    with host.client() as client:
        if params["full"]:
            client.version.require("full backups on request", FULL_RUNS, "full")
        resource = JobResource(client, Catalog(client), given, identifier=params["id"])
        raw = resource.find()
        changed, session = False, t.cast(View, {})
        try:
            if raw is None:
                raise NotFound("it does not exist", advice="Check name and organization, or give id.")
            if host.check_mode:
                changed = is_running(raw) != (verb == "start")
            elif verb == "start":
                changed, session = _start(client, raw, params)
            else:
                changed = _stop(client, raw, params)
        except VboError as error:
            error.during(f"{verb} {resource.label()}")
            raise
        return {
            "changed": changed,
            "action": verb if changed else "none",
            "job": {"id": raw["id"], "name": raw["name"], "organization": resource.named.get("organization")},
            "session": session,
        }


def _start(client: Client, raw: Raw, params: dict[str, t.Any]) -> tuple[bool, View]:
    """Start the job unless it runs, and follow the run; whether it was this task that started it, and the session."""
    known = sessions_of(client, raw["id"])
    under_way = next((session for session in known if not ended(session)), None)
    if under_way or is_running(raw):
        changed, session = False, under_way or next(iter(known), {})
    else:
        changed, session = _send_start(client, raw, params["full"], {session["id"] for session in known})
    if params["wait"] and session:
        session = _wait_for_end(client, session, params, changed)
    return changed, session


def _send_start(client: Client, raw: Raw, full: bool, known: t.Collection[str]) -> tuple[bool, View]:
    path, body = client.version.job_action(raw["id"], "start", full)

    def begun() -> list[View]:
        return [session for session in sessions_of(client, raw["id"]) if session["id"] not in known]

    try:
        answer = settle(lambda: client.request("POST", path, body=body), begun)
    except VboError:
        others = begun()  # somebody else may have started it in between: the state counts
        if not others:
            raise
        return False, others[0]
    if is_object(answer, "JobSessions"):
        return True, read_session(answer)  # v8 returns it
    sessions, _found = wait_until(begun, bool, timeout=10, interval=0.2)
    return True, next(iter(sessions), {})


def _stop(client: Client, raw: Raw, params: dict[str, t.Any]) -> bool:
    """Stop the job if it runs, and wait for it; whether it was this task that stopped it."""
    if not is_running(raw):
        return False
    path, body = client.version.job_action(raw["id"], "stop")
    look = f"Jobs/{raw['id']}"
    try:
        settle(lambda: client.request("POST", path, body=body), lambda: not is_running(client.get(look)))
    except VboError:
        if is_running(client.get(look)):
            raise
        return False  # its run had ended by itself
    if params["wait"]:
        seen, over = wait_until(
            lambda: client.get(look), lambda job: not is_running(job), params["wait_timeout"], params["wait_interval"]
        )
        if not over:
            error = Timeout(f"it is still running ({seen.get('lastStatus')}) after {params['wait_timeout']} s")
            error.extra = {"changed": True}
            raise error
    return True


def _wait_for_end(client: Client, session: View, params: dict[str, t.Any], changed: bool) -> View:
    seen, over = follow(client, session, params["wait_timeout"], params["wait_interval"])
    error: VboError | None = None
    if not over:
        error = Timeout(
            f"its run is still {seen['status']} after {params['wait_timeout']} s", advice="Raise wait_timeout."
        )
    elif seen["status"] in params["fail_on"]:
        log = log_of(client, seen["id"])
        lines = [item["message"] for item in log if item["type"] in ("error", "failed", "warning")]
        reason = "; ".join(lines[:3]) or seen.get("details") or "the server gave no reason"
        error = VboError(f"its run ended with status '{seen['status']}': {reason}")
    if error:
        error.extra = {"changed": changed, "session": seen}
        raise error
    return seen


def sessions_of(client: Client, job_id: str | None) -> list[View]:
    """All sessions, or those of one job, the newest first."""
    path, query = client.version.sessions_path(job_id)
    return newest_first(map(read_session, client.list(path, query)))


def log_of(client: Client, session_id: str) -> list[View]:
    """The log of a session, in the order in which it was written."""
    items = list(client.list(f"JobSessions/{session_id}/LogItems"))
    return [read_log_item(item) for item in sorted(items, key=lambda item: item.get("usn") or 0)]


def follow(client: Client, session: View, timeout: float, interval: float) -> tuple[View, bool]:
    """Wait for the end of a session; returns it as seen last, and whether it has ended."""
    path = f"JobSessions/{session['id']}"
    return wait_until(lambda: read_session(client.get(path)), ended, timeout, interval)


def read_sessions(host: Host) -> Data:
    """Sessions of one job or of all, the newest first."""
    params = host.params
    since = parse_since(params["since"], "since")
    if params["organization"] and not (params["id"] or params["name"]):
        raise InputError("organization", "requires name")
    with host.client() as client:
        job_id = None
        if params["id"] or params["name"]:
            given = model.parse_job({key: params[key] for key in ("name", "organization")})
            resource = JobResource(client, Catalog(client), given, identifier=params["id"])
            raw = resource.find()
            if raw is None:
                raise NotFound(f"{resource.label()} does not exist", advice="Check name and organization, or give id.")
            job_id = raw["id"]
        found = [
            session
            for session in sessions_of(client, job_id)
            if (not params["status"] or session["status"] in params["status"])
            and (since is None or instant(session["creation_time"]) >= since)
        ][: params["newest"]]
        if params["log_items"]:
            for session in found:
                session["log_items"] = log_of(client, session["id"])
        return {"changed": False, "sessions": found, "api_version": client.version.name}
