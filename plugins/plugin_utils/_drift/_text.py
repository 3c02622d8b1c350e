# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Words that all formats of a report share. Whatever comes from a server is text, never markup."""

from __future__ import annotations

import json
import typing as t

from ...module_utils._types import Data
from ...module_utils._visible import exact
from ._data import DIFFERENCES, drifts

MEANING = {
    "missing": "declared, and not on the server",
    "changed": "on the server, with other values than declared",
    "unexpected": "on the server, and not declared",
    "failed": "could not be compared",
    "unreachable": "did not answer",
    "same": "as declared",
}


def value_text(value: t.Any) -> str:
    """Format the value of a field for people."""
    if value is None or value == []:
        return "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return ", ".join(map(exact, value))
    if isinstance(value, (dict, list)):
        return exact(json.dumps(value, ensure_ascii=False))
    return exact(str(value)) or '""'


def value_pair(before: t.Any, after: t.Any, longest: int) -> tuple[str, str]:
    """Two values as people read them; of long ones the part where they begin to differ."""
    texts = value_text(before), value_text(after)
    same = next((place for place, (one, other) in enumerate(zip(*texts)) if one != other), min(map(len, texts)))
    start = max(0, same - longest // 4) if max(map(len, texts)) > longest else 0
    return _part(texts[0], start, longest), _part(texts[1], start, longest)


def _part(text: str, start: int, longest: int) -> str:
    part = ("…" if start else "") + text[start : start + longest]
    return f"{part}… ({len(text)} characters)" if len(text) > start + longest else part


def fields_of(view: Data, prefix: str = "") -> list[tuple[str, str]]:
    """Return the fields and values of a view, without those in the heading of the job."""
    found: list[tuple[str, str]] = []
    for key, value in view.items():
        if isinstance(value, dict):
            found += fields_of(value, f"{prefix}{key}.")
        elif prefix or key not in ("name", "organization"):
            found.append((prefix + key, value_text(value)))
    return found


def job_label(job: Data) -> str:
    return f"{exact(str(job['organization']))} / {exact(str(job['name']))}"


def change_text(change: Data) -> str:
    return f"{exact(change['field'])}: {value_text(change['before'])} -> {value_text(change['after'])}"


def server_counts(server: Data) -> Data:
    """Count the drifted jobs of a server by kind."""
    return {kind: sum(job["kind"] == kind and drifts(job) for job in server["jobs"]) for kind in DIFFERENCES}
