# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Sessions, the runs of a job, as the API and tasks have them."""

from __future__ import annotations

import re
import typing as t

from ..._core._describe import describe
from ..._spelling import link_id, snake
from ..._types import Raw, View
from .._times._instant import instant

#: keys whose values are enum values of the API
ENUMS = ("status", "jobType", "jobSessionConfigType", "bottleneck")
UNDER_WAY = ("running", "queued")
_TITLE = re.compile(r"^\[(\w+)\]\s*(.*)$", re.DOTALL)


def read_session(raw: Raw) -> View:
    """A session as tasks return it; always with id, job_id, status, creation_time and end_time."""
    view = describe(raw, ENUMS)
    view.pop("e_tag", None)
    return {
        "id": None,
        "job_id": link_id(raw, "job"),
        "status": "",
        "creation_time": None,
        "end_time": None,
        **view,
    }


def read_log_item(raw: Raw) -> View:
    """Return a line of a session's log; before v8 its status is part of the title, in brackets."""
    text = raw.get("message") or raw.get("title") or ""
    match = None if raw.get("type") else _TITLE.match(text)
    kind = raw.get("type") or (match[1] if match else "")
    return {
        "type": snake(kind),
        "message": match[2] if match else text,
        "creation_time": raw.get("creationTime"),
        "end_time": raw.get("endTime"),
    }


def newest_first(sessions: t.Iterable[View]) -> list[View]:
    """By creation time; the server promises no order."""
    return sorted(sessions, key=lambda session: instant(session.get("creation_time")), reverse=True)


def ended(session: t.Mapping[str, t.Any]) -> bool:
    """By its status: before v7 it is not documented what the end time of a running session is."""
    return session["status"] not in UNDER_WAY
