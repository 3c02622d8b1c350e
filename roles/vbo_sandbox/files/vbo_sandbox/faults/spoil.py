# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Functions that corrupt the JSON value of a response, as a broken, newer or unusual server would send it."""

from __future__ import annotations

import copy
import re
import uuid
from collections.abc import Callable
from typing import Any

#: keys whose values are enum values
ENUMS = re.compile(r"type$|status$|every$|^region$|location$|period$", re.IGNORECASE)
STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d")
#: unusual timestamps, used in turn
DATES = (
    "2026-02-03T22:00:05.1234567Z",
    "2026-02-03T22:00:05.1234567+05:45",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59.9999999Z",
    "2026-02-03T24:00:00Z",
    "2026-02-30T10:00:00-12:00",
    "03.02.2026 22:00",
)

Change = Callable[[str, Any], Any]


def walk(value: Any, change: Change, key: str = "") -> Any:
    """Return a copy with *change* applied to every value of an object; list entries get the key of their list."""
    if isinstance(value, dict):
        return {name: walk(change(name, entry), change, name) for name, entry in value.items()}
    if isinstance(value, list):
        return [walk(entry, change, key) for entry in value]
    return value


def _nulls(value: Any, fields: re.Pattern[str]) -> Any:
    return walk(value, lambda key, entry: None if fields.search(key) and key != "results" else entry)


def _unknown(value: Any, fields: re.Pattern[str]) -> Any:
    if isinstance(value, dict):
        added = {"comingSoon": {"level": 3, "parts": [None, "x"]}, "x-note": "unknown field"}
        return {**{key: _unknown(entry, fields) for key, entry in value.items()}, **added}
    return [_unknown(entry, fields) for entry in value] if isinstance(value, list) else value


def _enums(value: Any, fields: re.Pattern[str]) -> Any:
    def change(key: str, entry: Any) -> Any:
        return "Tomorrow" if isinstance(entry, str) and ENUMS.search(key) and fields.search(key) else entry

    return walk(value, change)


def _shape(value: Any, fields: re.Pattern[str]) -> Any:
    """Change JSON types, of the whole body or of some keys: object to array, array to object, string to number."""
    if not fields.pattern:
        return _other_shape(value)
    return walk(value, lambda key, entry: _other_shape(entry) if fields.search(key) else entry)


def _other_shape(value: Any) -> Any:
    if isinstance(value, dict):
        return [value]
    if isinstance(value, list):
        return {"entries": value}
    return 7 if isinstance(value, str) else [value]


def _dates(value: Any, fields: re.Pattern[str]) -> Any:
    count = 0

    def change(key: str, entry: Any) -> Any:
        nonlocal count
        if not (isinstance(entry, str) and STAMP.match(entry) and fields.search(key)):
            return entry
        count += 1
        return DATES[count % len(DATES)]

    return walk(value, change)


def _duplicates(value: Any, fields: re.Pattern[str]) -> Any:
    """Repeat each entry of a list with another id."""
    if isinstance(value, dict) and isinstance(value.get("results"), list):
        return {**value, "results": _duplicates(value["results"], fields)}
    if not isinstance(value, list):
        return value
    twins = [{**copy.deepcopy(entry), "id": str(uuid.uuid4())} for entry in value if isinstance(entry, dict)]
    return value + twins


#: name: function that corrupts a body; its second argument selects the keys
WAYS: dict[str, Callable[[Any, re.Pattern[str]], Any]] = {
    "nulls": _nulls,
    "unknown": _unknown,
    "enums": _enums,
    "shape": _shape,
    "dates": _dates,
    "duplicates": _duplicates,
}
