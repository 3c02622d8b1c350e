# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Calendars as Markdown for a merge request: the changes, and the times at which many jobs start."""

from __future__ import annotations

import typing as t

from ...module_utils._types import Data
from ...module_utils._visible import exact
from .._markdown import Page, plain
from .._words import counted
from ._changes import Group, groups_of, side_text, summary, total
from ._page import crowds_of, summary_of, totals_of

MOST_NAMES = 20  # of jobs in one row
#: bytes for the line about omitted parts
KEEP = 400


def render_markdown(reports: t.Sequence[Data], servers: t.Sequence[str], generated: str) -> str:
    """The calendars as a page of GitHub-flavoured Markdown.

    :arg servers: all servers that there should be
    """
    page = Page()
    states = totals_of(reports)
    page.add("# Backup calendar", "", f"{summary_of(sum(states.values()), len(reports), states)} Written {generated}.")
    known = {report["server"] for report in reports}
    missing = [plain(exact(name)) for name in servers if name not in known]
    if missing and not page.add(f"Not in this calendar: {', '.join(missing)}.", keep=KEEP):
        page.add(f"Not in this calendar: {counted(len(missing), 'server')}.")
    left = {}
    totals = total(reports)
    if totals:
        page.add("## What changes", "", summary(totals))
        head = ["| change | today | planned | jobs |", "|---|---|---|---|"]
        rows = [_change(group, len(reports) > 1) for group in groups_of(reports)]
        left["changes"] = page.table(head, rows, share=0.7, keep=KEEP)
    left["moments"] = _crowds(page, reports)
    out = ", ".join(f"{number} {what}" for what, number in left.items() if number)
    if out:
        page.add(f"Left out to fit into a comment: {out}. The other formats contain everything.")
    return page.text()


def _change(group: Group, many: bool) -> str:
    names: dict[str, list[str]] = {}
    for server, job in group.places[:MOST_NAMES]:
        name = plain(exact(job["name"])) + (" (copy)" if job["kind"] == "copy" else "")
        names.setdefault(plain(exact(server)) if many else "", []).append(name)
    jobs = "; ".join(f"{server}: {', '.join(found)}" if server else ", ".join(found) for server, found in names.items())
    more = len(group.places) - MOST_NAMES
    jobs += f", and {more} more" if more > 0 else ""
    return f"| {group.change} | {plain(side_text(group.before))} | {plain(side_text(group.after))} | {jobs} |"


def _crowds(page: Page, reports: t.Sequence[Data]) -> int:
    """The moments at which many jobs start; how many do not fit."""
    head = ["## Many starts at once", "", "| when | server | starts |", "|---|---|--:|"]
    rows = [
        f"| {entry['days']} {entry['from']}-{entry['until']} | {plain(entry['server'])} | {entry['starts']} |"
        for entry in crowds_of(reports)
    ]
    return page.table(head, rows, keep=KEEP)
