# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The exceptions of the collection.

A host turns them into a failed task: C(msg) is the sentence for people, C(error) the same for programs.
"""

from __future__ import annotations

import contextlib
import typing as t

from ._visible import visible

LONGEST = 80  # characters of a value in a message
LONGEST_TEXT = 1000  # characters of a sentence, whoever wrote it


def shown(value: t.Any) -> str:
    """Format a value for a message: quoted, and shortened if it is long."""
    return _cut(value, "'")


def shown_path(path: t.Any) -> str:
    """Format a path for a message, without shortening, because the end of a path distinguishes files."""
    return _cut(path, "'", LONGEST_TEXT)


def literal(value: t.Any) -> str:
    """Format a value for a message with quotes only around texts, to show its type."""
    return _cut(value, "'" if isinstance(value, str) else "")


def _cut(value: t.Any, quote: str, longest: int = LONGEST) -> str:
    if value is None:
        return "null"
    if isinstance(value, (dict, list, tuple)):
        return "a dictionary" if isinstance(value, dict) else "a list"
    try:
        text = str(value).lower() if isinstance(value, bool) else str(value)
    except (ValueError, RecursionError):  # Python refuses to print thousands of digits, or of levels
        return "such a value"
    more = f" ({len(text)} characters)" if len(text) > longest else ""
    return f"{quote}{visible(text[:longest])}{'…' if more else ''}{quote}{more}"


def brief(text: str) -> str:
    """Shorten a text that is part of a message."""
    line = visible(text[: LONGEST_TEXT + 1])
    return line if len(line) <= LONGEST_TEXT else f"{line[:LONGEST_TEXT]}…"


class VboError(Exception):
    """Base class: a message, and the request that caused it.

    :arg text: the problem, without the request
    :arg advice: one sentence on how to solve it
    :arg method, path, status, code: the request and the server's answer, as far as there was one
    """

    def __init__(
        self,
        text: str,
        *,
        advice: str = "",
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(text)
        self.text = brief(text)
        self.advice = advice
        self.method = method
        self.path = path
        self.status = status
        self.code = code
        self.doing = ""
        self.extra: dict[str, t.Any] = {}  # other results of the failed task, for example the session

    def during(self, doing: str) -> None:
        """Add the action that failed, for example C(update job 'Mail' in organization 'contoso'), unless it is set."""
        self.doing = self.doing or doing

    @property
    def message(self) -> str:
        """The complete message: C(Cannot <verb> <resource> …: <text> (<request>). <advice>)."""
        text = self.text.rstrip().rstrip(".")
        request = f"{self.method} {self.path}" if self.method else ""
        facts = [self.code, f"HTTP {self.status}" if self.status else None, request or None]
        known = brief(", ".join(fact for fact in facts if fact))
        sentence = f"{text} ({known})." if known else f"{text}."
        if self.doing:
            sentence = f"Cannot {brief(self.doing)}: {sentence}"
        return f"{sentence} {brief(self.advice)}".rstrip()

    def result(self) -> dict[str, t.Any]:
        """The C(error) of a failed task's result."""
        return {
            "status": self.status,
            "code": self.code,
            "message": self.text,
            "method": self.method,
            "path": self.path,
        }


class InputError(VboError):
    """Invalid input; the message begins with the path of the option. Raised before any write.

    C(origin) is the environment variable that the value came from, empty when the task gave it.
    """

    def __init__(self, option: str, text: str) -> None:
        super().__init__(text)
        self.option = option
        self.origin = ""

    @property
    def message(self) -> str:
        text = self.text.rstrip(".")
        origin = f" (environment variable {self.origin})" if self.origin else ""
        return f"{brief(self.option)}{origin}: {text}" + ("" if text.endswith(("?", "…")) else ".")

    def result(self) -> dict[str, t.Any]:
        return {**super().result(), "code": "InvalidInput", "option": self.option}


class Unsupported(InputError):
    """The option or value is not in the API version that is in use."""

    def result(self) -> dict[str, t.Any]:
        return {**super().result(), "code": "Unsupported"}


class NotFound(VboError):
    """A name or id that does not exist on the server, or an answer 404."""


class Ambiguous(VboError):
    """A name that several objects share."""


class ConnectionFailed(VboError):
    """No usable answer: no connection, an untrusted certificate, an answer that is not the API's."""


class Timeout(ConnectionFailed):
    """The server took longer than C(timeout)."""


class LostAnswer(ConnectionFailed):
    """A write was sent but no answer arrived, so it is unknown whether it was carried out.

    C(alone) is to be held while the server is looked at and the write sent again; other threads wait meanwhile.
    """

    alone: t.ContextManager[t.Any] = contextlib.nullcontext()


class AuthFailed(VboError):
    """The server refused the credentials or the token."""


class Conflict(VboError):
    """409: the object is busy or was changed by somebody else."""


class Edited(Conflict):
    """Somebody else changed the object between our read and our write; nothing was written."""


class Rejected(VboError):
    """Any other 4xx: the server rejected the request."""


class ServerError(VboError):
    """HTTP 5xx; older servers also return it for invalid requests (observed; not documented)."""


class ReadOnly(VboError):
    """A write was attempted although only reads are allowed."""


class NotApplied(VboError):
    """The server accepted a write, but returned different values afterwards."""


class BulkFailed(VboError):
    """Some objects of a task failed; the first failure determines the error of the result.

    :arg failures: subjects and errors; an error that names an option by its path needs no subject
    :arg total: how many objects there were
    :arg note: the result for the others, at the end of the first sentence
    :arg result: other results of the failed task
    """

    SHOWN = 10

    def __init__(
        self,
        failures: list[tuple[str, VboError]],
        total: int | None = None,
        note: str = "",
        result: dict[str, t.Any] | None = None,
    ) -> None:
        super().__init__(failures[0][1].text)
        self.failures = failures
        self.total = total
        self.note = note
        self.extra = result or {}

    @property
    def message(self) -> str:
        lines = [
            error.message if isinstance(error, InputError) else f"{brief(subject)}: {error.message}"
            for subject, error in self.failures[: self.SHOWN]
        ]
        more = len(self.failures) - len(lines)
        if more:
            lines.append(f"and {more} more")
        if self.total is None:
            return "\n".join(lines)
        return "\n".join([f"{len(self.failures)} of {self.total} jobs failed{self.note}.", *lines])

    def result(self) -> dict[str, t.Any]:
        return self.failures[0][1].result()


class PlanRefused(VboError):
    """The plan is out of date for the server or the declaration; nothing was written.

    :arg moved: each difference, with C(name) and C(organization) of the job, C(field), C(now) and C(text)
    """

    SHOWN = 10

    def __init__(self, moved: list[dict[str, t.Any]], api_version: str) -> None:
        super().__init__("the plan is out of date", code="PlanRefused")
        self.moved = moved
        self.extra = {"changed": False, "api_version": api_version, "moved": moved}

    @property
    def message(self) -> str:
        lines = ["The plan is out of date, and nothing was written. Make a new plan and review it."]
        lines += map(self._line, self.moved[: self.SHOWN])
        more = len(self.moved) - self.SHOWN
        return "\n".join([*lines, f"and {more} more"] if more > 0 else lines)

    @staticmethod
    def _line(moved: dict[str, t.Any]) -> str:
        now = moved["now"]
        value = f" (now {literal(now)})" if now is not None and not isinstance(now, (dict, list)) else ""
        if not moved["name"]:
            return brief(f"{moved['text']}{value}.")
        owner = f" in organization '{moved['organization']}'" if moved["organization"] else ""
        return brief(f"job '{moved['name']}'{owner}: {moved['text']}{value}.")


def malformed(wrong: str, **facts: t.Any) -> ConnectionFailed:
    """Return the error for an answer without the documented form.

    :arg wrong: the mistake, as the end of a sentence
    """
    return ConnectionFailed(
        f"The answer does not have the documented form: {wrong}",
        advice="Check the server and any proxies in between.",
        **facts,
    )


_TYPES = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", int: "a number", float: "a number"}


def type_of(value: t.Any) -> str:
    """Name the type of a value in an answer."""
    return "null" if value is None else _TYPES.get(type(value), type(value).__name__)


def another_type(key: str, value: t.Any, expected: type) -> str:
    """Describe a value of the wrong type, as the end of a sentence."""
    return f"'{key}' is {type_of(value)} instead of {_TYPES[expected]}"
