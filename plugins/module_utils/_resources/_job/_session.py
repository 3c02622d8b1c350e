# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Sessions, the runs of a job (rest-api §12)."""

from __future__ import annotations

import datetime
import re
import typing as t

from ..._core._describe import describe
from ..._errors import InputError
from ..._spelling import link_id, snake

UNDER_WAY = ("running", "queued")
_STAMP = re.compile(r"^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(\.\d+)?\s*([Zz]|[+-]\d\d:?\d\d)?$")
_TITLE = re.compile(r"^\[(\w+)\]\s*(.*)$", re.DOTALL)

Session = t.Dict[str, t.Any]


def read_session(raw: Session) -> Session:
    """A session as tasks return it; always with id, job_id, status, creation_time and end_time."""
    view = describe(raw)
    view.pop("e_tag", None)
    return {
        "id": None,
        "job_id": link_id(raw, "job"),
        "status": "",
        "creation_time": None,
        "end_time": None,
        **view,
    }


def read_log_item(raw: Session) -> Session:
    """A line of a session's log; before v8 its status stands in the title in brackets."""
    text = raw.get("message") or raw.get("title") or ""
    match = None if raw.get("type") else _TITLE.match(text)
    kind = raw.get("type") or (match[1] if match else "")
    return {
        "type": snake(kind),
        "message": match[2] if match else text,
        "creation_time": raw.get("creationTime"),
        "end_time": raw.get("endTime"),
    }


def newest_first(sessions: t.Iterable[Session]) -> list[Session]:
    """By creation time; the server promises no order."""
    return sorted(sessions, key=lambda session: instant(session.get("creation_time")), reverse=True)


def instant(text: str | None) -> datetime.datetime:
    """A timestamp of the API as a point in time; seven digits of a second and any offset are fine (rest-api §4.5).

    What is none sorts before everything else.
    """
    try:
        return parse_instant(text or "")
    except ValueError:
        return datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)


def parse_instant(text: str) -> datetime.datetime:
    """The same for a text that must be one.

    :raises ValueError: when it is none
    """
    match = _STAMP.match(text.strip())
    if not match:
        raise ValueError("it has another form")
    day, clock, fraction, zone = match.groups()
    offset = "+00:00" if zone in (None, "Z", "z") else zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
    seconds = clock if clock.count(":") == 2 else f"{clock}:00"
    return datetime.datetime.fromisoformat(f"{day}T{seconds}{(fraction or '.0')[:7].ljust(7, '0')}{offset}")


def parse_since(text: str | None, path: str) -> datetime.datetime | None:
    """A point in time that the user gave."""
    if text is None:
        return None
    whole = f"{text}T00:00:00" if re.match(r"^\d{4}-\d\d-\d\d$", text.strip()) else text
    try:
        return parse_instant(whole)
    except ValueError as error:
        raise InputError(
            path, f"'{text}' is not a point in time ({error}); write for example 2026-02-03 or 2026-02-03T22:00:00Z"
        ) from error
