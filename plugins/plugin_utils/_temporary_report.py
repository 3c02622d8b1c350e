# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Overrides and freezes in reports of all kinds."""

from __future__ import annotations

import typing as t

from ..module_utils._types import Data
from ..module_utils._visible import exact, visible
from ._markdown import Page, plain

#: states of an override and their meanings, in the order of reports
STATES = {
    "ended": "has ended; remove it",
    "ending": "ends soon",
    "active": "active",
    "planned": "not active yet",
}
MOST_OPTIONS = 5  # names of options in a row
MOST_ROWS = 200  # of a page


def notes_of(overrides: t.Any, freeze: t.Any) -> Data:
    """Return the overrides and the active freeze for the report of a server.

    :arg overrides: as the filter C(job_overrides) returns them
    :arg freeze: as the filter C(active_freeze) returns it
    """
    return {"overrides": list(overrides or []), "freeze": dict(freeze or {})}


def override_rows(servers: t.Iterable[Data]) -> list[Data]:
    """The overrides of some servers, those that have ended first; reports of earlier releases have none."""
    order = list(STATES)
    rows = [
        {
            "server": exact(str(server.get("name") or server.get("server") or "")),
            "job": exact(str(one["job"])),
            "organization": exact(str(one["organization"])),
            "state": one["state"],
            "meaning": STATES.get(one["state"], ""),
            "from": exact(str(one["from"])),
            "until": exact(str(one["until"])),
            "reason": exact(str(one["reason"])),
            "options": _options(one["options"]),
        }
        for server in servers
        for one in server.get("overrides") or []
    ]
    return sorted(rows, key=lambda row: (order.index(row["state"]), row["until"]))


def _options(names: t.Sequence[str]) -> str:
    more = len(names) - MOST_OPTIONS
    return exact(", ".join(names[:MOST_OPTIONS])) + (f" and {more} more" if more > 0 else "")


def freeze_rows(servers: t.Iterable[Data]) -> list[Data]:
    """The servers on which changes are frozen."""
    return [
        {
            "server": exact(str(server.get("name") or server.get("server") or "")),
            "message": visible(str(server["freeze"]["message"])).strip(),
        }
        for server in servers
        if server.get("freeze")
    ]


def add_to(page: Page, servers: t.Sequence[Data], keep: int) -> int:
    """Add both to a page of Markdown; how many rows do not fit."""
    head = ["## Frozen", "", "| server | |", "|---|---|"]
    rows = [f"| {plain(row['server'])} | {plain(row['message'])} |" for row in freeze_rows(servers)]
    left = page.table(head, rows, share=0.2, keep=keep)
    head = ["## Overrides", "", "| until | job | server | state | changes | reason |", "|---|---|---|---|---|---|"]
    rows = [
        f"| {row['until']} | {plain(row['job'])} ({plain(row['organization'])}) | {plain(row['server'])} "
        f"| {row['meaning']} | {plain(row['options'])} | {plain(row['reason'])} |"
        for row in override_rows(servers)
    ]
    return left + page.table(head, rows, share=0.3, keep=keep)


def shown_of(servers: t.Sequence[Data]) -> Data:
    """Both for a page of HTML."""
    return {"freezes": freeze_rows(servers), "overrides": override_rows(servers), "most": MOST_ROWS}
