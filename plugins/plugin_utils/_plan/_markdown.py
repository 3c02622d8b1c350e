# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The plan as Markdown for a merge request: common changes once, limited to the size of a comment."""

from __future__ import annotations

import typing as t

from ...module_utils._types import Data
from ...module_utils._visible import exact
from .._drift._markdown import sentence
from .._drift._text import job_label, value_pair
from .._markdown import Page, code, plain
from .._temporary_report import add_to
from .._words import counted
from ._data import ACTIONS, NOT_PLANNED, action_of, jobs_of
from ._groups import Group, groups_of, warnings_of

MOST_FIELDS = 20  # of a group
MOST_PLACES = 30  # servers of a group
MOST_JOBS = 10  # of a server in a group
LONGEST_VALUE = 160  # characters
#: bytes for the line about omitted parts
KEEP = 400


def render_markdown(plan: Data) -> str:
    """The plan as a page of GitHub-flavoured Markdown."""
    page = Page()
    made = f"Made {plain(exact(plan['generated']))}, {code(exact(plan['checksum'])[:19])}."
    page.add("# Backup plan", "", f"{sentence(plan['summary'])} {made}")
    left = {"servers": _trouble(page, plan)}
    left["groups in short"], left["jobs"] = _groups(page, groups_of(plan))
    left["warnings"] = _warnings(page, plan)
    left["overrides and freezes"] = add_to(page, plan["servers"], KEEP)
    left["rows of servers"] = _servers(page, plan)
    out = ", ".join(f"{number} {what}" for what, number in left.items() if number)
    if out:
        page.add(f"Left out to fit into a comment: {out}. The other formats of the plan contain everything.")
    return page.text()


def _trouble(page: Page, plan: Data) -> int:
    """Servers that could not be planned; how many do not fit."""
    head = ["## Not planned", "", "| server | state | reason |", "|---|---|---|"]
    rows = [
        f"| {plain(exact(server['name']))} | {server['state']} | {sentence(server['message'])} |"
        for server in plan["servers"]
        if server["state"] in NOT_PLANNED
    ]
    return page.table(head, rows, share=0.3, keep=KEEP)


def _groups(page: Page, groups: t.Sequence[Group]) -> tuple[int, int]:
    """All changes; how many groups are there without their fields, and how many jobs are not there at all."""
    short = out = 0
    for group in groups:
        if page.add(*_group(group), keep=KEEP):
            continue
        if page.add(f"## {group.title}", keep=KEEP):
            short += 1
        else:
            out += len(group.places)
    return short, out


def _group(group: Group) -> list[str]:
    lines = [f"## {group.title}", ""]
    if group.changes:
        lines += ["| field | now | planned |", "|---|---|---|"]
        for change in group.changes[:MOST_FIELDS]:
            before, after = value_pair(change["before"], change["after"], LONGEST_VALUE)
            lines.append(f"| {code(exact(change['field']))} | {code(before)} | {code(after)} |")
        lines.append("")
        more = len(group.changes) - MOST_FIELDS
        lines += [f"{counted(more, 'more field')} left out.", ""] if more > 0 else []
    servers: dict[str, list[str]] = {}
    for server, job in group.places:
        servers.setdefault(server, []).append(plain(job_label(job)))
    for server, jobs in list(servers.items())[:MOST_PLACES]:
        more = len(jobs) - MOST_JOBS
        rest = f", and {more} more" if more > 0 else ""
        lines.append(f"- {plain(exact(server))}: {', '.join(jobs[:MOST_JOBS])}{rest}")
    more = len(servers) - MOST_PLACES
    return [*lines, f"- and {counted(more, 'more server')}"] if more > 0 else lines


def _warnings(page: Page, plan: Data) -> int:
    head = ["## Warnings", "", "| server | job | warning |", "|---|---|---|"]
    rows = [
        f"| {plain(exact(server))} | {plain(job_label(job))} | {sentence(text)} |"
        for server, job, text in warnings_of(plan)
    ]
    return page.table(head, rows, share=0.5, keep=KEEP)


def _servers(page: Page, plan: Data) -> int:
    head = ["## Servers", "", "| server | state | create | update | delete | API |", "|---|---|--:|--:|--:|---|"]
    rows = []
    for server in plan["servers"]:
        actions = [action_of(job) for job in jobs_of(server["plan"])]
        counts = " | ".join(str(actions.count(action)) for action in ACTIONS)
        version = plain(exact(str(server["api_version"] or "")))
        rows.append(f"| {plain(exact(server['name']))} | {server['state']} | {counts} | {version} |")
    return page.table(head, rows, keep=KEEP)
