# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control API under /_sandbox/: inspect, reset, advance the clock, and set switches."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import Any, cast, get_args
from urllib.parse import parse_qs

from ..loader import DataError
from ..store import runs
from ..store.clock import moment_of
from ..store.model import CopyJob, Job, Kind, Outcome
from ..store.outcomes import Outcomes
from ..store.schedule import stamp_at
from ..store.server import Server
from ..store.settings import version_numbers
from ..store.state import State
from ..store.switches import TABLE, Switches
from .routing import route_rows
from .web import Reply

SPANS = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}


def handle(server: Server, method: str, path: str, query: str, body: bytes) -> Reply:
    """Handle a control request; it needs no token and is not logged."""
    if not server.settings.control:
        return Reply(404)
    name = path.strip("/").removeprefix("_sandbox").strip("/").lower()
    try:
        data = json.loads(body) if body.strip() else None
    except ValueError as error:
        return Reply(400, {"message": f"The body is not valid JSON: {error}"})
    actions = CONTROL.get(name)
    if actions is None:
        return Reply(404, {"message": f"Unknown control path (supported: {', '.join(sorted(CONTROL))})"})
    action = actions.get(method)
    if action is None:
        return Reply(405, None, {"Allow": ", ".join(sorted(actions))})
    try:
        runs.catch_up(server)
        return cast(Reply, action(server, data, parse_qs(query)))
    except DataError as error:
        return Reply(400, {"message": str(error)})


def _requests(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    entries = server.journal.entries
    if "since" in query:
        if not query["since"][0].isdigit():
            raise DataError("since: expected a number")
        entries = [entry for entry in entries if entry["n"] > int(query["since"][0])]
    return Reply(200, entries)


def _forget(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    server.journal.clear()
    return Reply(204)


def _counts(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    return Reply(200, server.journal.summary())


def _clock(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    return Reply(200, _time_of(server))


def _time_of(server: Server) -> dict[str, Any]:
    now = server.clock.now()
    local = datetime.fromtimestamp(now, server.zone)
    return {"now": stamp_at(now), "local": local.isoformat(timespec="seconds"), "time_zone": server.own.time_zone}


def _advance(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    """Advance the clock, and report what happened in that time."""
    if not isinstance(data, dict) or not data:
        raise DataError("body: expected a mapping with to, or with one or more of days, hours, minutes, seconds")
    for key, value in data.items():
        if key not in ("to", *SPANS):
            raise DataError(f"{key}: unknown key (supported: {', '.join(('to', *SPANS))})")
        if key in SPANS and (isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0):
            raise DataError(f"{key}: expected a number of at least 0, found {value!r}")
    if "to" in data and len(data) > 1:
        raise DataError("to: cannot be combined with a span")
    before, tally = server.clock.now(), Counter(server.state.agenda.tally)
    if "to" in data:
        server.clock.advance(moment_of(data["to"], server.zone, "to"))
    else:
        server.clock.advance(before + sum(SPANS[key] * value for key, value in data.items()), "body")
    runs.catch_up(server)
    happened = server.state.agenda.tally - tally
    return Reply(
        200,
        {
            **_time_of(server),
            "before": stamp_at(before),
            "started": {kind: happened[kind] for kind in get_args(Kind)},
            "ended": {result: happened[result] for result in get_args(Outcome)},
        },
    )


def _starts(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    """List every start in a period, whose end is exclusive."""
    bounds = {}
    for name in ("from", "to"):
        if name in query:
            bounds[name] = moment_of(query[name][0].replace(" ", "+"), server.zone, name)
    first, last = bounds.get("from", 0.0), bounds.get("to", float("inf"))
    found = [session for session in server.state.sessions.values() if first <= session.created < last]
    found.sort(key=lambda session: (session.created, session.job))
    names: dict[str, str | None] = {}
    rows = []
    for session in found:
        if session.job not in names:
            entry = runs.entry_of(server, session.job)
            names[session.job] = runs.names_of(server, entry)[1] if entry else None
        rows.append(
            {
                "at": session.creation_time,
                "kind": session.kind,
                "job": session.job,
                "name": names[session.job],
                "job_type": session.job_type,
                "session": session.id,
            }
        )
    return Reply(200, rows)


def _outcomes(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    return Reply(200, server.outcomes.dump())


def _set_outcomes(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    plans = Outcomes(data)
    known: Counter[str] = Counter()
    entries: list[Job | CopyJob] = [*server.state.jobs.values(), *server.state.copy_jobs.values()]
    for entry in entries:
        known.update({name.lower() for name in runs.names_of(server, entry)})
    for index, plan in enumerate(plans.plans):
        if known[plan.job.lower()] != 1:
            told = "does not match any job" if not known[plan.job.lower()] else "matches several jobs; use the id"
            raise DataError(f"outcomes[{index}].job: {plan.job!r} {told}")
    server.outcomes = plans
    return Reply(200, server.outcomes.dump())


def _no_outcomes(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    server.outcomes.plans.clear()
    return Reply(204)


def _state(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    return Reply(200, server.state.snapshot())


def _replace(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    server.state = State(data, server.clock.now())
    return Reply(204)


def _reset(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    options = data if data is not None else {}
    if not isinstance(options, dict):
        raise DataError("body: expected a mapping")
    for key in options:
        if key not in ("switches", "versions"):
            raise DataError(f"{key}: unknown key (supported: switches, versions)")
    numbers = version_numbers(options["versions"]) if "versions" in options else None
    Switches(options.get("switches"))
    server.reset()
    server.switches.update(options.get("switches") or {})
    if numbers:
        server.numbers = numbers
    return Reply(204)


def _switches(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    return Reply(200, server.switches.as_dict())


def _switch_table(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    def allowed(value: Any) -> Any:
        return value.__name__ if isinstance(value, type) else list(value)

    rows = [{"name": s.name, "default": s.default, "allowed": allowed(s.allowed), "doc": s.doc} for s in TABLE]
    return Reply(200, rows)


def _routes(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    return Reply(200, route_rows(server.numbers))


def _set_switches(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    server.switches.update(data)
    return Reply(200, server.switches.as_dict())


def _expire(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    return Reply(200, {"expired": server.tokens.expire_access()})


def _faults(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    return Reply(200, server.faults.dump())


def _set_faults(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    server.faults.replace(data)
    return Reply(200, server.faults.dump())


def _no_faults(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    server.faults.rules.clear()
    return Reply(204)


CONTROL: dict[str, dict[str, Any]] = {
    "requests": {"GET": _requests, "DELETE": _forget},
    "counts": {"GET": _counts},
    "state": {"GET": _state, "PUT": _replace},
    "reset": {"POST": _reset},
    "clock": {"GET": _clock},
    "advance": {"POST": _advance},
    "starts": {"GET": _starts},
    "outcomes": {"GET": _outcomes, "PUT": _set_outcomes, "DELETE": _no_outcomes},
    "switches": {"GET": _switches, "PATCH": _set_switches},
    "switches/table": {"GET": _switch_table},
    "routes": {"GET": _routes},
    "faults": {"GET": _faults, "PUT": _set_faults, "DELETE": _no_faults},
    "tokens/expire": {"POST": _expire},
}
