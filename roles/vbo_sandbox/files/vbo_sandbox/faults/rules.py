# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults: what can go wrong between the client and the handlers.

``PUT /_sandbox/faults``, or ``faults`` of a server in the settings, sets a list of rules; the first that matches a
request acts on it::

    [{"match": {"method": "GET", "path": "/Jobs"}, "skip": 0, "times": 2, "then": {"status": 503}}]

``path`` is a regular expression that is searched in the path (without regard to case); ``method`` may be left out, or
be several, as in ``POST|PUT``. A rule lets the first ``skip`` matches pass and acts ``times`` times, or always; with
``probability`` it acts on that share of them, chosen by a random generator that starts from ``seed``. ``then`` holds
one or more of

- ``delay``: seconds to wait first
- ``delay_answer``: seconds to wait when the request was carried out, before the answer leaves
- ``forget_tokens``: first forget all tokens, as a server does that was restarted
- ``meanwhile``: first do what somebody else does in the same moment: ``create`` or ``delete`` the first job of all
- ``status``, ``headers``, ``body``: answer this instead (``body`` is a text, or JSON); headers alone are set in the
  answer of the server; ``{date+5}`` in a header is the date in five seconds, as HTTP writes it, and ``{token}`` in a
  body the token of the request
- ``spoil``, ``fields``: do what was asked, and spoil the answer: :mod:`.spoil` knows how, ``fields`` is a regular
  expression for the keys to spoil
- ``cut_text``: do what was asked, and send half of the answer as if it were the whole
- ``size``: answer with a list of that many bytes
- ``bytes_per_second``: send the answer that slowly
- ``reset_before``: cut the connection before anything is done
- ``reset_after``: do what was asked, then cut the connection without an answer
- ``truncate``: do what was asked, send half of the answer, then cut the connection
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
    """A regular expression of the settings."""
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise DataError(f"{path}: not a regular expression: {error}") from error


@dataclass
class Match:
    """Which requests a rule is for."""

    path: str = ""
    method: str = ""

    def __post_init__(self) -> None:
        self.pattern = pattern(self.path, "path")
        self.methods = [name for name in self.method.upper().split("|") if name]

    def holds(self, method: str, path: str) -> bool:
        """Whether a request is one of them."""
        return (not self.methods or method in self.methods) and bool(self.pattern.search(path))


@dataclass
class Action:
    """What a rule does."""

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
        """The body of an answer made by the rule."""
        if self.body is None:
            return None
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return text.replace("{token}", token).encode()

    def present_headers(self) -> dict[str, str]:
        """The headers of the answer, with the dates as of now."""

        def date(match: re.Match[str]) -> str:
            return formatdate(time.time() + int(match[1] or 0), usegmt=True)

        return {name: re.sub(r"\{date(?:\+(\d+))?\}", date, value) for name, value in self.headers.items()}

    def spoiled(self, body: Any) -> Any:
        """An answer as the client gets to see it; an empty one stays empty, since HTTP 204 cannot have a body."""
        for way in self.spoil if body is not None else ():
            body = WAYS[way](body, self.pattern)
        return body


@dataclass
class Rule:
    """One rule with its counters: requests that matched, and those on which it acted."""

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
            raise DataError(f"probability: {self.probability} is not between 0 and 1")
        self.random = random.Random(self.seed)

    def takes(self, method: str, path: str) -> bool:
        """Whether the rule acts on a request; counts it."""
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
    """The rules of one server."""

    def __init__(self, data: Any = None) -> None:
        self.rules: list[Rule] = []
        if data is not None:
            self.replace(data)

    def replace(self, data: Any, path: str = "body") -> None:
        """Set the rules."""
        if not isinstance(data, list):
            raise DataError(f"{path}: expected a list of rules")
        prefix = "" if path == "body" else path
        self.rules = [load(Rule, entry, f"{prefix}[{index}]") for index, entry in enumerate(data)]

    def dump(self) -> Any:
        """The rules with their counters."""
        return dump(self.rules)
