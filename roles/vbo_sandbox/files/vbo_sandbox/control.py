# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The control API under /_sandbox/: look inside, reset, and turn switches."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs

from .loader import DataError
from .settings import version_numbers
from .state import State
from .switches import TABLE, Switches
from .web import Reply

if TYPE_CHECKING:
    from .app import Server


def handle(server: Server, method: str, path: str, query: str, body: bytes) -> Reply:
    """Answer a control request; it needs no token and is not logged."""
    if not server.settings.control:
        return Reply(404)
    name = path.strip("/").removeprefix("_sandbox").strip("/").lower()
    try:
        data = json.loads(body) if body.strip() else None
    except ValueError as error:
        return Reply(400, {"message": f"The body is not valid JSON: {error}"})
    actions = CONTROL.get(name)
    if actions is None:
        return Reply(404, {"message": f"Unknown control path; known: {', '.join(sorted(CONTROL))}"})
    action = actions.get(method)
    if action is None:
        return Reply(405, None, {"Allow": ", ".join(sorted(actions))})
    try:
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


def _state(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    return Reply(200, server.state.snapshot())


def _replace(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    server.state = State(data)
    return Reply(204)


def _reset(server: Server, data: Any, query: dict[str, list[str]]) -> Reply:
    options = data if data is not None else {}
    if not isinstance(options, dict):
        raise DataError("body: expected a mapping")
    for key in options:
        if key not in ("switches", "versions"):
            raise DataError(f"{key}: unknown key (known here: switches, versions)")
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
    "switches": {"GET": _switches, "PATCH": _set_switches},
    "switches/table": {"GET": _switch_table},
    "faults": {"GET": _faults, "PUT": _set_faults, "DELETE": _no_faults},
    "tokens/expire": {"POST": _expire},
}
