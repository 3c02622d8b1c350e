# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Words that all formats of a report share. Whatever comes from a server is text, never markup."""

from __future__ import annotations

import json
import re
import typing as t

from ._data import DIFFERENCES, drifts

Entry = t.Dict[str, t.Any]

MEANING = {
    "missing": "declared, and not on the server",
    "changed": "on the server, with other values than declared",
    "unexpected": "on the server, and not declared",
    "failed": "could not be compared",
    "same": "as declared",
}
#: what XML 1.0 cannot carry, and what changes the direction of the text around it
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def clean(value: t.Any) -> str:
    """A text without characters that are not seen, or that no file of XML may hold."""
    return _UNSEEN.sub("\ufffd", str(value))


def value_text(value: t.Any) -> str:
    """A value of a field as people read it."""
    if value is None or value == []:
        return "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return clean(", ".join(value))
    if isinstance(value, (dict, list)):
        return clean(json.dumps(value, ensure_ascii=False))
    return clean(value) or '""'


def fields_of(view: Entry, prefix: str = "") -> list[tuple[str, str]]:
    """A view as fields and values, without what the heading of the job says anyway."""
    found: list[tuple[str, str]] = []
    for key, value in view.items():
        if isinstance(value, dict):
            found += fields_of(value, f"{prefix}{key}.")
        elif prefix or key not in ("name", "organization"):
            found.append((prefix + key, value_text(value)))
    return found


def job_label(job: Entry) -> str:
    return clean(f"{job['organization']} / {job['name']}")


def change_text(change: Entry) -> str:
    return f"{clean(change['field'])}: {value_text(change['before'])} -> {value_text(change['after'])}"


def server_counts(server: Entry) -> Entry:
    """How many jobs of a server drift, by kind."""
    return {kind: sum(job["kind"] == kind and drifts(job) for job in server["jobs"]) for kind in DIFFERENCES}
