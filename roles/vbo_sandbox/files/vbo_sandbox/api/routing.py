# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lookup of the handler for a path in an API version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote

from . import (
    auth,
    copy_jobs,
    documented,
    events,
    infrastructure,
    items,
    jobs,
    monitoring,
    organizations,
    rbac,
    sessions,
    simple,
)
from .web import Route

#: modules with handlers; each has a list ROUTES
HANDLERS = (auth, copy_jobs, events, infrastructure, items, jobs, monitoring, organizations, rbac, sessions, simple)


def served() -> Iterator[Route]:
    """Yield all served routes of all versions."""
    for module in HANDLERS:
        yield from module.ROUTES


class Table:
    """Route lookup by path, ignoring case and a trailing slash."""

    def __init__(self, version: int, others: Iterable[Route] = ()) -> None:
        self.exact: dict[str, dict[str, Route]] = {}
        self.patterns: dict[int, list[tuple[list[str], dict[str, Route]]]] = {}
        for entry in (*served(), *others):
            if entry.since <= version <= entry.until:
                self._methods(entry.template.lower()).setdefault(entry.method, entry)
        for group in self.patterns.values():  # fixed segments take precedence over variables
            group.sort(key=lambda known: [part.startswith("{") for part in known[0]])

    def _methods(self, key: str) -> dict[str, Route]:
        """Return the routes of a template by method."""
        if "{" not in key:
            return self.exact.setdefault(key, {})
        parts = key.split("/")
        group = self.patterns.setdefault(len(parts), [])
        for known, methods in group:
            if _same(known, parts):
                return methods
        group.append((parts, {}))
        return group[-1][1]

    def __iter__(self) -> Iterator[Route]:
        """Yield all routes."""
        for methods in self.exact.values():
            yield from methods.values()
        for group in self.patterns.values():
            for _parts, methods in group:
                yield from methods.values()

    def find(self, raw_path: str) -> tuple[dict[str, Route], list[str]] | None:
        """Return the routes of a path (without version) by method, and the values of its variables, or None."""
        path = raw_path.strip("/")
        found = self.exact.get(path.lower())
        if found is not None:
            return found, []
        parts = path.split("/")
        for pattern, methods in self.patterns.get(len(parts), ()):
            values = []
            for expected, part in zip(pattern, parts, strict=False):
                if expected.startswith("{"):
                    values.append(unquote(part))
                elif expected != unquote(part).lower():
                    break
            else:
                return methods, values
        return None


def _same(left: list[str], right: list[str]) -> bool:
    return all(a == b or (a.startswith("{") and b.startswith("{")) for a, b in zip(left, right, strict=False))


def variables(template: str) -> list[str]:
    """Return the names of the variables of a template."""
    return [part[1:-1] for part in template.split("/") if part.startswith("{")]


@cache
def table(version: int) -> Table:
    """Return the route table of a version."""
    return Table(version, documented.routes())


def route_rows(versions: Iterable[int]) -> list[dict[str, Any]]:
    """Return one row for each path and method of these versions, with whether it is served."""
    rows: dict[tuple[str, str, bool], dict[str, Any]] = {}
    for number in versions:
        for entry in table(number):
            key = (entry.template.lower(), entry.method, entry.served)
            row = {"path": entry.template, "method": entry.method, "served": entry.served, "versions": []}
            rows.setdefault(key, row)["versions"].append(f"v{number}")
    return [rows[key] for key in sorted(rows)]
