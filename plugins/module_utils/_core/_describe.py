# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Objects that are only read: the API's keys in snake case, enum values as words, links left out."""

from __future__ import annotations

import re
import typing as t

from .._spelling import snake

_SECRET = re.compile(r"password|secret|certificate$|accesskey", re.IGNORECASE)


def describe(raw: dict[str, t.Any], enums: t.Collection[str]) -> dict[str, t.Any]:
    """Convert an object to the collection's spelling; unknown fields of newer servers are kept.

    :arg enums: the keys of this resource, on any level, whose values are enum values of the API

    Nothing that could be a secret is copied, although servers do not return any.
    """
    return {
        snake_key(key): _value(key, value, enums)
        for key, value in raw.items()
        if not key.startswith("_") and value is not None and not _SECRET.search(key)
    }


def snake_key(key: str) -> str:
    """C(processingRateBytesPS) becomes C(processing_rate_bytes_ps), C(eTag) C(e_tag)."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", key).lower()


def _value(key: str, value: t.Any, enums: t.Collection[str]) -> t.Any:
    if isinstance(value, dict):
        return describe(value, enums)
    if isinstance(value, list):
        return [describe(entry, enums) if isinstance(entry, dict) else entry for entry in value]
    return snake(value) if key in enums and isinstance(value, str) else value
