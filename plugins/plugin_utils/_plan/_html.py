# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The plan as a self-contained HTML page: without scripts, requests or other files."""

from __future__ import annotations

import typing as t

from ...module_utils._types import Data
from ...module_utils._visible import exact, visible_lines
from .._drift._text import fields_of, value_text
from .._page._render import render
from .._temporary_report import shown_of
from . import _data as data
from ._groups import ACTIONS, STATES, Group, groups_of, shown_changes

#: jobs that are shown in full; the others are rows of a list
MOST = 500
#: groups of jobs with the same changes
MOST_GROUPS = 50
#: names of a group
MOST_PLACES = 100


def render_html(plan: Data) -> str:
    """The plan as a page."""
    order = list(STATES)
    servers = sorted(plan["servers"], key=lambda server: order.index(server["state"]))
    left, shown = MOST, []
    for number, server in enumerate(servers):
        shown.append(_server(server, number, max(0, left)))
        left -= len(shown[-1]["jobs"])
    wide = [group for group in groups_of(plan) if len(group.places) > 1]
    return render(
        "plan.html.j2",
        plan=plan,
        totals=plan["totals"],
        groups=[_group(group) for group in wide[:MOST_GROUPS]],
        more_groups=max(0, len(wide) - MOST_GROUPS),
        servers=shown,
        temporary=shown_of(plan["servers"]),
    )


def _group(group: Group) -> Data:
    names = [f"{exact(server)}: {exact(str(job['name']))}" for server, job in group.places[:MOST_PLACES]]
    return {
        "title": group.title,
        "kind": ACTIONS[group.action],
        "changes": _changes(group.changes),
        "places": names,
        "more": max(0, len(group.places) - MOST_PLACES),
    }


def _server(server: Data, number: int, most: int) -> Data:
    jobs = data.jobs_of(server["plan"])
    touched = list(filter(data.changes, jobs))
    touched.sort(key=lambda job: list(ACTIONS).index(data.action_of(job)))
    actions = [data.action_of(job) for job in jobs]
    return {
        **{key: exact(str(server[key] or "")) for key in ("name", "url", "api_version", "state")},
        "kind": STATES[server["state"]],
        "message": visible_lines(server["message"]),
        "anchor": f"server-{number}",
        "number": len(jobs),
        "counts": {action: actions.count(action) for action in data.ACTIONS},
        "unmanaged": len(server["plan"]["unmanaged"]) if server["plan"] else 0,
        "quiet": server["state"] == "unchanged",
        "jobs": [_job(job) for job in touched[:most]],
        "rows": [_row(job) for job in touched[most:]],
    }


def _row(job: Data) -> Data:
    action = data.action_of(job)
    return {
        "name": exact(str(job["name"])),
        "organization": exact(str(job["organization"])),
        "action": action,
        "kind": ACTIONS[action],
        "fields": [exact(change["field"]) for change in shown_changes(job)],
    }


def _job(job: Data) -> Data:
    return {
        **_row(job),
        "changes": _changes(shown_changes(job)),
        "warnings": [visible_lines(text) for text in job.get("warnings") or []],
        "before": fields_of(job.get("before") or {}),
    }


def _changes(changes: t.Sequence[Data]) -> list[Data]:
    return [
        {
            "field": exact(change["field"]),
            "before": value_text(change["before"]),
            "after": value_text(change["after"]),
        }
        for change in changes
    ]
