# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""What C(vbo_job_run) does: start or stop a job, and follow its session (rest-api §5.2)."""

from __future__ import annotations

import typing as t

from .._client import Client
from .._errors import NotFound, Timeout, VboError
from .._models import _job as model
from .._models._session import Session, read_session
from .._resource import Raw, settle
from .._resources._catalog import Catalog
from .._resources._job import JobResource
from .._resources._running import is_running
from .._resources._session import follow, log_of, sessions_of
from .._wait import wait_until


def run_job(host: t.Any) -> dict[str, t.Any]:
    """Start or stop one job; a job that is already in that state is left alone."""
    params = host.params
    given = model.parse_job({key: params[key] for key in ("name", "organization")})
    with host.client() as client:
        resource = JobResource(client, Catalog(client), given, identifier=params["id"])
        raw = resource.find()
        verb = "start" if params["state"] == "started" else "stop"
        if params["full"]:
            client.version.require("full runs on request", 6, "full")
        try:
            if raw is None:
                raise NotFound("there is no such job", advice="Check name and organization, or give id.")
            return _run(host, client, resource, raw, verb)
        except VboError as error:
            error.during(f"{verb} {resource.label()}")
            raise


def _run(host: t.Any, client: Client, resource: JobResource, raw: Raw, verb: str) -> dict[str, t.Any]:
    params = host.params
    changed = is_running(raw) != (verb == "start")
    session: Session = {}
    if changed and not host.check_mode:
        session = _act(client, raw, verb, params["full"])
    elif not changed and verb == "start" and not host.check_mode:
        session = next(iter(sessions_of(client, raw["id"])), {})
    if params["wait"] and not host.check_mode:
        if verb == "start":
            session = _wait_for_end(client, session, params)
        elif changed:
            _wait_for_stop(client, raw, params)
    return {
        "changed": changed,
        "action": verb if changed else "none",
        "job": {"id": raw["id"], "name": raw["name"], "organization": resource.given.get("organization")},
        "session": session,
    }


def _act(client: Client, raw: Raw, verb: str, full: bool) -> Session:
    """Send the action and find the session that it began."""
    path, body = client.version.job_action(raw["id"], verb, full)
    wanted = verb == "start"
    known = {session["id"] for session in sessions_of(client, raw["id"])} if wanted else set()

    def reached() -> bool:
        return is_running(client.get(f"Jobs/{raw['id']}")) == wanted

    try:
        answer = settle(lambda: client.request("POST", path, body=body), reached)
    except VboError:
        if not reached():  # somebody else did the same in between: the state is what counts
            raise
        answer = None
    if not wanted:
        return {}
    if isinstance(answer, dict) and answer.get("id"):
        return read_session(answer)  # v8 returns it
    sessions, _found = wait_until(
        lambda: [session for session in sessions_of(client, raw["id"]) if session["id"] not in known],
        bool,
        timeout=10,
        interval=0.2,
    )
    return next(iter(sessions), {})


def _wait_for_end(client: Client, session: Session, params: dict[str, t.Any]) -> Session:
    if not session:
        return session
    seen, over = follow(client, session, params["wait_timeout"], params["wait_interval"])
    if not over:
        raise _with_session(
            Timeout(
                f"its run is still {seen['status']} after {params['wait_timeout']} s", advice="Raise wait_timeout."
            ),
            seen,
        )
    if seen["status"] in params["fail_on"]:
        lines = [
            item["message"] for item in log_of(client, seen["id"]) if item["type"] in ("error", "failed", "warning")
        ]
        reason = "; ".join(lines[:3]) or seen.get("details") or "the server gave no reason"
        raise _with_session(VboError(f"its run ended with status '{seen['status']}': {reason}"), seen)
    return seen


def _wait_for_stop(client: Client, raw: Raw, params: dict[str, t.Any]) -> None:
    look = f"Jobs/{raw['id']}"
    seen, over = wait_until(
        lambda: client.get(look), lambda job: not is_running(job), params["wait_timeout"], params["wait_interval"]
    )
    if not over:
        raise Timeout(f"it is still running ({seen.get('lastStatus')}) after {params['wait_timeout']} s")


def _with_session(error: VboError, session: Session) -> VboError:
    """The error of a run that has begun: something did change, and the session is part of the result."""
    error.extra = {"changed": True, "session": session}
    return error
