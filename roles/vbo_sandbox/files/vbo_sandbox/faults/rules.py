# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fault injection rules: failures between the client and the request handlers.

``PUT /_sandbox/faults``, or ``faults`` of a server in the settings, sets a list of rules. The first rule that matches
a request is applied to it::

    [{"match": {"method": "GET", "path": "/Jobs"}, "skip": 0, "times": 2, "then": {"status": 503}}]

``path`` is a case-insensitive regular expression that is searched for in the path. ``method`` is optional and may name
several methods, as in ``POST|PUT``. A rule ignores the first ``skip`` matches, then applies ``times`` times (without
``times``: always). With ``probability`` it applies to that share of the matches, chosen by a random generator seeded
with ``seed``. ``then`` holds one or more of

- ``delay``: seconds to wait before the request is handled
- ``delay_answer``: seconds to wait after the request was handled, before the response is sent
- ``forget_tokens``: first revoke all tokens, as a restarted server does
- ``meanwhile``: first simulate another client: ``create`` or ``delete`` the job that comes first in every list
- ``status``, ``headers``, ``body``: send this response instead (``body`` is a string or JSON); ``headers`` alone are
  added to the server's own response. ``{date+5}`` in a header becomes the HTTP date five seconds from now, and
  ``{token}`` in a body the token of the request
- ``spoil``, ``fields``: handle the request and corrupt the response in the ways listed in :mod:`.spoil`; ``fields`` is
  a regular expression that selects the keys
- ``cut_text``: handle the request and send half of the response as if it were complete
- ``size``: respond with a list of that many bytes
- ``bytes_per_second``: send the response at that rate
- ``reset_before``: reset the connection before the request is handled
- ``reset_after``: handle the request, then reset the connection without a response
- ``truncate``: handle the request, send half of the response, then reset the connection
"""

from __future__ import annotations

import json
import random
import re
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, Literal

from ..loader import DataError, dump, load
from .spoil import WAYS


def pattern(text: str, path: str) -> re.Pattern[str]:
    """Compile a regular expression from the settings; an invalid one raises :class:`DataError`."""
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise DataError(f"{path}: not a regular expression: {error}") from error


@dataclass
class Match:
    """The requests that a rule matches, by method and path."""

    path: str = ""
    method: str = ""

    def __post_init__(self) -> None:
        self.pattern = pattern(self.path, "path")
        self.methods = [name for name in self.method.upper().split("|") if name]

    def holds(self, method: str, path: str) -> bool:
        """Return whether a request matches."""
        return (not self.methods or method in self.methods) and bool(self.pattern.search(path))


@dataclass
class Action:
    """The effects of a rule, as listed at the top of this module."""

    delay: float = 0.0
    delay_answer: float = 0.0
    forget_tokens: bool = False
    meanwhile: Literal["", "create", "delete"] = ""
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    spoil: list[str] = field(default_factory=list)
    fields: str = ""
    cut_text: bool = False
    size: int | None = None
    bytes_per_second: int | None = None
    reset_before: bool = False
    reset_after: bool = False
    truncate: bool = False

    def __post_init__(self) -> None:
        self.pattern = pattern(self.fields, "fields")
        for way in self.spoil:
            if way not in WAYS:
                raise DataError(f"spoil: {way!r} is not one of {', '.join(sorted(WAYS))}")
        if self.bytes_per_second is not None and self.bytes_per_second < 1:
            raise DataError("bytes_per_second: must be at least 1")

    def content(self, token: str) -> bytes | None:
        """Return the response body that the rule sets, or None."""
        if self.body is None:
            return None
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return text.replace("{token}", token).encode()

    def present_headers(self) -> dict[str, str]:
        """Return the headers that the rule sets, with ``{date}`` replaced by the current date."""

        def date(match: re.Match[str]) -> str:
            return formatdate(time.time() + int(match[1] or 0), usegmt=True)

        return {name: re.sub(r"\{date(?:\+(\d+))?\}", date, value) for name, value in self.headers.items()}

    def spoiled(self, body: Any) -> Any:
        """Return the corrupted response body; an empty body stays empty, because HTTP 204 must not have one."""
        for way in self.spoil if body is not None else ():
            body = WAYS[way](body, self.pattern)
        return body


@dataclass
class Rule:
    """One rule, with counters of the requests that matched and of those to which it was applied."""

    then: Action
    match: Match = field(default_factory=Match)
    times: int | None = None
    skip: int = 0
    probability: float = 1.0
    seed: int = 1
    hits: int = 0
    acted: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.probability <= 1:
            raise DataError(f"probability: must be between 0 and 1 (got {self.probability})")
        self.random = random.Random(self.seed)

    def takes(self, method: str, path: str) -> bool:
        """Return whether the rule applies to a request, and update its counters."""
        if not self.match.holds(method, path):
            return False
        self.hits += 1
        if self.hits <= self.skip or (self.times is not None and self.acted >= self.times):
            return False
        if self.probability < 1 and self.random.random() >= self.probability:
            return False
        self.acted += 1
        return True


class Faults:
    """The fault rules of one server."""

    def __init__(self, data: Any = None) -> None:
        self.rules: list[Rule] = []
        if data is not None:
            self.replace(data)

    def replace(self, data: Any, path: str = "body") -> None:
        """Replace all rules."""
        if not isinstance(data, list):
            raise DataError(f"{path}: expected a list of rules")
        prefix = "" if path == "body" else path
        self.rules = [load(Rule, entry, f"{prefix}[{index}]") for index, entry in enumerate(data)]

    def dump(self) -> Any:
        """Return the rules with their counters as plain data."""
        return dump(self.rules)
