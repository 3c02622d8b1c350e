# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Sessions on the server: list, follow, read their logs (rest-api §12)."""

from __future__ import annotations

import typing as t

from ..._api._client import Client
from ..._api._waiting import wait_until
from ._session import UNDER_WAY, Session, newest_first, read_log_item, read_session


def sessions_of(client: Client, job_id: str | None) -> list[Session]:
    """All sessions, or those of one job, the newest first."""
    path, query = client.version.sessions_path(job_id)
    return newest_first(map(read_session, client.list(path, query)))


def log_of(client: Client, session_id: str) -> list[Session]:
    """The log of a session, in the order in which it was written."""
    items = list(client.list(f"JobSessions/{session_id}/LogItems"))
    return [read_log_item(item) for item in sorted(items, key=lambda item: item.get("usn") or 0)]


def follow(client: Client, session: Session, timeout: float, interval: float) -> tuple[Session, bool]:
    """Wait for the end of a session; returns it as seen last, and whether it has ended."""
    path = f"JobSessions/{session['id']}"
    return wait_until(lambda: read_session(client.get(path)), ended, timeout, interval)


def ended(session: t.Mapping[str, t.Any]) -> bool:
    """By its status: end times of running sessions are not reliable before v7 (rest-api §12)."""
    return session["status"] not in UNDER_WAY
