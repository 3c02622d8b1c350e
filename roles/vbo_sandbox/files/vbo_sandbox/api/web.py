# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Types for handlers: the request context, replies, errors and routes."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from ..store.server import Server
from .versions import Version


@dataclass
class Reply:
    """A response: status and JSON body (None: empty)."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class ApiError(Exception):
    """An error response."""

    def __init__(self, status: int, message: str | None = None, code: str | None = None) -> None:
        super().__init__(message or str(status))
        self.status = status
        self.message = message
        self.code = code


class Invalid(ApiError):
    """The request is malformed."""

    def __init__(self, message: str) -> None:
        super().__init__(400, message, "ParameterValidationFailure")


class NotFound(ApiError):
    """No object has this id."""

    def __init__(self, message: str) -> None:
        super().__init__(404, message, "ResourceNotFound")


class NotSimulated(ApiError):
    """The product supports this request, the sandbox does not."""

    def __init__(self, message: str) -> None:
        super().__init__(501, message)


class Broken(ApiError):
    """A rule of the product is violated; the status depends on version and switches."""

    def __init__(self, message: str, *, conflict: bool = False) -> None:
        super().__init__(0, message, "OperationConflict" if conflict else "ParameterValidationFailure")
        self.conflict = conflict


@dataclass
class Context:
    """One request."""

    server: Server
    version: Version
    method: str
    path: str
    query_string: str
    headers: dict[str, str]
    raw_body: bytes
    params: dict[str, str] = field(default_factory=dict)
    user: str = ""
    #: values that handlers cache for the duration of the request
    memo: dict[str, Any] = field(default_factory=dict)
    _query: dict[str, str] | None = None

    @property
    def query(self) -> dict[str, str]:
        """The query parameters under lower-case names; the last value wins."""
        if self._query is None:
            pairs = parse_qsl(self.query_string, keep_blank_values=True)
            self._query = {name.lower(): value for name, value in pairs}
        return self._query

    def json(self) -> Any:
        """Return the body, parsed as JSON."""
        if not self.raw_body.strip():
            raise Invalid("A non-empty request body is required.")
        try:
            return json.loads(self.raw_body)
        except (ValueError, UnicodeDecodeError) as error:
            raise Invalid(f"The request body is not valid JSON: {error}") from error

    def flag(self, name: str, default: bool = False) -> bool:
        """Return a query parameter as a boolean."""
        text = self.query.get(name.lower())
        if text is None:
            return default
        if text.lower() not in ("true", "false"):
            raise Invalid(f"The value '{text}' is not valid for {name}.")
        return text.lower() == "true"

    def extended(self) -> bool:
        """Return whether to send the extended view: always up to v5, by default in v6, on request from v7 on."""
        return self.version.number <= 5 or self.flag("extendedView", self.version.number == 6)

    def number(self, name: str, default: int) -> int:
        """Return a query parameter as a number of at least 0."""
        text = self.query.get(name.lower())
        if text is None or text == "":
            return default
        try:
            value = int(text)
        except ValueError:
            raise Invalid(f"The value '{text}' is not valid for {name}.") from None
        if value < 0:
            raise Invalid(f"The value '{text}' is not valid for {name}.")
        return value


Handler = Callable[[Context], Reply]


@dataclass(frozen=True)
class Route:
    """A handler with its method, path and versions."""

    method: str
    template: str
    handler: Handler
    since: int = 3
    until: int = 8
    anonymous: bool = False
    served: bool = True
