# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults: what can go wrong between the client and the handlers.

``PUT /_sandbox/faults`` sets a list of rules; the first that matches a request acts on it::

    [{"match": {"method": "GET", "path": "/Jobs"}, "skip": 0, "times": 2, "then": {"status": 503}}]

``path`` is a regular expression that is searched in the path (without regard to case); ``method`` may be left out. A
rule lets the first ``skip`` matches pass and acts ``times`` times, or always. ``then`` holds one or more of

- ``delay``: seconds to wait first
- ``status``, ``headers``, ``body``: answer this instead (``body`` is a text, or JSON)
- ``reset_before``: cut the connection before anything is done
- ``reset_after``: do what was asked, then cut the connection without an answer
- ``truncate``: do what was asked, send half of the answer, then cut the connection
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.types import Receive

from .loader import DataError, dump, load

if TYPE_CHECKING:
    from .app import Server


@dataclass
class Match:
    """Which requests a rule is for."""

    path: str = ""
    method: str = ""

    def __post_init__(self) -> None:
        try:
            self.pattern = re.compile(self.path, re.IGNORECASE)
        except re.error as error:
            raise DataError(f"path: not a regular expression: {error}") from error


@dataclass
class Action:
    """What a rule does."""

    delay: float = 0.0
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    reset_before: bool = False
    reset_after: bool = False
    truncate: bool = False

    def content(self) -> bytes:
        """The body of an answer made by the rule."""
        if self.body is None:
            return b""
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass
class Rule:
    """One rule with its counters."""

    then: Action
    match: Match = field(default_factory=Match)
    times: int | None = None
    skip: int = 0
    hits: int = 0

    def takes(self, method: str, path: str) -> bool:
        """Whether the rule acts on a request; counts it."""
        if self.match.method and self.match.method.upper() != method:
            return False
        if not self.match.pattern.search(path):
            return False
        self.hits += 1
        return self.hits > self.skip and (self.times is None or self.hits <= self.skip + self.times)


class Faults:
    """The rules of one server."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def replace(self, data: Any) -> None:
        """Set the rules."""
        if not isinstance(data, list):
            raise DataError("body: expected a list of rules")
        self.rules = [load(Rule, entry, f"[{index}]") for index, entry in enumerate(data)]

    def dump(self) -> Any:
        """The rules with their counters."""
        return dump(self.rules)


async def before(server: Server, method: str, path: str) -> Action | None:
    """Called before a request is handled: latency and rules."""
    latency = server.switches.latency_ms
    if latency:
        await asyncio.sleep(latency / 1000)
    for rule in server.faults.rules:
        if rule.takes(method, path):
            if rule.then.delay:
                await asyncio.sleep(rule.then.delay)
            return rule.then
    return None


def cut(receive: Receive) -> None:
    """Abort the connection of a request: the client sees a reset."""
    cycle: Any = getattr(receive, "__self__", None)
    transport = getattr(cycle, "transport", None)
    if transport is None:  # pragma: no cover - another server than uvicorn
        raise RuntimeError("this HTTP server does not let connections be cut")
    transport.abort()
