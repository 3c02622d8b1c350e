# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The event feed of v8: the changes since a change token, each with only the type and id of the object.

A token is the number of the latest change. An object that changed more than once is reported once, in its current
state. Deletions and changes of item lists are recorded when they happen.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any
from urllib.parse import parse_qs

from ..store import protection, runs
from ..store.model import CopyJob, Job
from ..store.server import Server
from ..store.state import State
from .web import ApiError, Context, Invalid, Reply, Route

PATH = re.compile(r"^/+v8/events/?$", re.IGNORECASE)
#: longest wait of one request, in seconds
LONGEST_WAIT = 600


def kind_of(entry: Job | CopyJob) -> str:
    """Return the name of a kind of job in events."""
    return "Copy" if isinstance(entry, CopyJob) else "Backup"


def token_of(state: State, tag: int) -> str:
    """Return the change token of a number; it is valid for this state only."""
    return f"{state.mark}-{tag}"


def _position(state: State, text: str) -> int:
    if text.lower() == "latest":
        return state.tag
    mark, _dash, number = text.rpartition("-")
    if mark != state.mark or not number.isdigit() or int(number[:18]) > state.tag:
        raise ApiError(400, f"The change token '{text[:64]}' is outdated.", "OutdatedChangeToken")
    return int(number)


def since(state: State, position: int) -> list[tuple[int, dict[str, Any]]]:
    """Return the changes after a position in order, each with its number."""
    found = [(tag, event) for tag, event in state.changes if tag > position]
    entries: list[Job | CopyJob] = [*state.jobs.values(), *state.copy_jobs.values()]
    for entry in entries:
        if entry.e_tag > position:
            event = {"eventType": "JobUpdate", "id": entry.id, "eTag": entry.e_tag, "jobType": kind_of(entry)}
            found.append((entry.e_tag, event))
    for session in state.sessions.values():
        if session.e_tag > position:
            event = {"eventType": "JobSessionUpdate", "id": session.id, "eTag": session.e_tag, "jobId": session.job}
            event["status"] = "Running" if session.status == "Queued" else session.status
            event["jobType"] = session.job_type
            found.append((session.e_tag, event))
    for point in protection.points(state):
        if point.session.e_tag > position:
            event = {"eventType": "RestorePointUpdate", "id": point.id, "eTag": point.session.e_tag}
            found.append((point.session.e_tag, event))
    found.sort(key=lambda row: row[0])
    return found


async def wait(server: Server, method: str, path: str, query: str) -> None:
    """Wait for a change, up to the timeout of the request, without blocking other requests."""
    if method != "GET" or 8 not in server.numbers or not PATH.match(path):
        return
    given = {name.lower(): values[-1] for name, values in parse_qs(query).items()}
    seconds = given.get("timeoutseconds", "")
    if not seconds.isdigit() or "from" not in given:
        return
    end = time.monotonic() + min(int(seconds[:6]), LONGEST_WAIT)
    try:
        state = server.state
        position = _position(state, given["from"])
        while time.monotonic() < end and server.state is state and not since(state, position):
            await asyncio.sleep(0.05)
            runs.catch_up(server)
    except ApiError:
        return


def events(ctx: Context) -> Reply:
    """List the changes since a token, up to one page."""
    state = ctx.server.state
    if not ctx.query.get("from"):
        raise Invalid("The query parameter 'from' is required.")
    position = _position(state, ctx.query["from"])
    limit = max(1, min(ctx.number("limit", 30) or 30, ctx.server.switches.page_size_max or 30))
    found = since(state, position)
    page = found[:limit]
    while len(page) < len(found) and found[len(page)][0] == page[-1][0]:
        page.append(found[len(page)])  # a token cannot separate changes with the same number
    last = page[-1][0] if len(page) < len(found) else state.tag
    return Reply(200, {"nextChangeToken": token_of(state, last), "limit": limit, "results": [row[1] for row in page]})


#: the routes of this module
ROUTES = (Route("GET", "Events", events, since=8),)
