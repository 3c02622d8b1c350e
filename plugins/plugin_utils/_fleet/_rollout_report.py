# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The report of a rollout: the state of every server, and the same as Markdown that fits into a comment."""

from __future__ import annotations

import typing as t

from ...module_utils._types import Data
from ...module_utils._visible import exact, visible
from .._markdown import Page, plain
from .._temporary_report import freeze_rows

#: states of a server and their meanings, in the order of the report
STATES = {
    "restore_failed": "not restored: apply the snapshot manually",
    "incomplete": "failed after changes had begun, and not rolled back",
    "restored": "changed, and then rolled back to its state before the rollout",
    "frozen": "not changed, because changes are frozen",
    "failed": "failed before anything was changed",
    "changed": "changed and verified",
    "unchanged": "already as declared",
    "planned": "would be changed",
    "not_reached": "not touched, because the rollout stopped earlier",
}
MOST_JOBS = 20  # names in a row
LONGEST_MESSAGE = 1000
#: bytes for the line about omitted parts
KEEP = 200


def report_of(rollout: str, servers: t.Sequence[str], entries: t.Sequence[Data]) -> Data:
    """The state of every server; one without an entry was not reached."""
    known = {entry["server"]: entry for entry in entries}
    rows = [
        known.get(server, {"server": server, "wave": None, "state": "not_reached", "message": "", "jobs": []})
        for server in servers
    ]
    counts = {state: sum(row["state"] == state for row in rows) for state in STATES}
    return {
        "rollout": rollout,
        "totals": {state: number for state, number in counts.items() if number},
        "servers": rows,
    }


def markdown_of(report: Data) -> str:
    """The report for people, the worst first."""
    page = Page()
    totals = ", ".join(f"{number} {state.replace('_', ' ')}" for state, number in report["totals"].items())
    number = len(report["servers"])
    order = list(STATES)
    used = [f"- {state.replace('_', ' ')}: {STATES[state]}" for state in order if state in report["totals"]]
    legend = sum(len(line) + 1 for line in used) + 1
    page.add(f"# Rollout {plain(exact(report['rollout']))}", "", f"{number} server{'s' * (number != 1)}: {totals}.")
    servers = sorted(report["servers"], key=lambda row: (order.index(row["state"]), row["wave"] or 0, row["server"]))
    head = ["| server | wave | state | jobs | |", "| --- | --- | --- | --- | --- |"]
    left = page.table(head, list(map(_row, servers)), keep=KEEP + legend)
    if left:
        page.add(
            f"Left out to fit into a comment: {left} server{'s' * (left != 1)}. The JSON report contains everything."
        )
    page.add(*used)
    frozen = [f"| {plain(row['server'])} | {plain(row['message'])} |" for row in freeze_rows(report["servers"])]
    page.table(["## Frozen", "", "| server | |", "|---|---|"], frozen)
    return page.text()


def _row(row: Data) -> str:
    jobs = ", ".join(map(exact, row["jobs"][:MOST_JOBS]))
    more = len(row["jobs"]) - MOST_JOBS
    message = visible(row["message"]).strip()
    cells = (
        plain(exact(row["server"])),
        str(row["wave"] or ""),
        row["state"].replace("_", " "),
        plain(f"{jobs} and {more} more" if more > 0 else jobs),
        plain(message if len(message) <= LONGEST_MESSAGE else f"{message[:LONGEST_MESSAGE]}…"),
    )
    return f"| {' | '.join(cells)} |"
