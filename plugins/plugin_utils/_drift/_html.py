# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The report as a self-contained HTML page: without scripts, requests or other files."""

from __future__ import annotations

from itertools import groupby

from ...module_utils._types import Data
from ...module_utils._visible import exact, visible_lines
from .._page._render import render, shaded
from .._temporary_report import shown_of
from ._data import STATES, drifts, ignored
from ._markdown import rule_text
from ._text import MEANING, change_text, fields_of, server_counts, value_text
from ._week import is_window, start_week, window_week

#: jobs that are shown in full, with all fields; the others are rows of a list
MOST = 500
#: rows of a server with the values that differ; beyond it only fields are shown
MOST_VALUES = 100
#: rows of differences that several servers have in common
MOST_COMMON = 50


def render_html(report: Data) -> str:
    """The report as a page."""
    servers = sorted(report["servers"], key=lambda server: STATES.index(server["state"]))
    left = MOST
    shown = []
    for number, server in enumerate(servers):
        shown.append(_server(server, number, left))
        left -= len(shown[-1]["jobs"])
    return render(
        "drift.html.j2",
        report=report,
        totals=report["totals"],
        common=[_common(entry) for entry in report["common"][:MOST_COMMON]],
        more_common=max(0, len(report["common"]) - MOST_COMMON),
        servers=shown,
        rule_text=rule_text,
        temporary=shown_of(report["servers"]),
    )


def _common(entry: Data) -> Data:
    values = [
        {"before": value_text(pair["before"]), "after": value_text(pair["after"]), "servers": pair["servers"]}
        for pair in entry["values"]
    ]
    return {**entry, "name": exact(entry["name"]), "meaning": MEANING[entry["kind"]], "values": values}


def _server(server: Data, number: int, most: int) -> Data:
    """Return a server with the jobs that need attention; jobs with ignored differences are in a collapsed list."""
    jobs = [job for job in server["jobs"] if job["kind"] == "failed" or drifts(job)]
    allowed = list(filter(ignored, server["jobs"]))
    return {
        **{key: exact(str(server[key] or "")) for key in ("name", "url", "api_version", "state")},
        "message": visible_lines(server["message"]),
        "anchor": f"server-{number}",
        "counts": server_counts(server),
        "ignored": len(allowed),
        "number": len(server["jobs"]),
        "jobs": [_job(job) for job in jobs[: max(0, most)]],
        "rows": [_row(job, values=False) for job in jobs[max(0, most) :]],
        "allowed": [_row(job, values=len(allowed) <= MOST_VALUES) for job in allowed],
        "quiet": server["state"] == "ok" and not allowed,
        "starts": _starts(server["jobs"]),
    }


def _row(job: Data, values: bool = True) -> Data:
    """Return a job as a row of a list, with the values that differ or only the names of the fields."""
    return {
        "name": exact(str(job["name"])),
        "organization": exact(str(job["organization"])),
        "kind": job["kind"],
        "lines": [change_text(change) if values else exact(change["field"]) for change in job["changes"]],
        "ignored": job.get("ignored"),
    }


def _job(job: Data) -> Data:
    lone = {"missing": job["after"], "unexpected": job["before"]}.get(job["kind"], {})
    return {
        **_row(job),
        "meaning": MEANING[job["kind"]],
        "message": visible_lines(job.get("message", "")),
        "changes": [_change(change) for change in job["changes"]],
        "fields": fields_of(lone),
    }


def _change(change: Data) -> Data:
    week = window_week(change["before"], change["after"]) if is_window(change["field"]) else None
    if week:
        week["rows"] = [(day, _runs(hours)) for day, hours in week["rows"]]
    return {
        "field": exact(change["field"]),
        "before": value_text(change["before"]),
        "after": value_text(change["after"]),
        "ignored": change.get("ignored"),
        "week": week,
    }


def _runs(hours: list[str]) -> list[tuple[str, int, int]]:
    """Hours that are alike as one piece: state, first hour, number of hours; those of no window are not drawn."""
    pieces, first = [], 0
    for state, group in groupby(hours):
        length = len(list(group))
        if state != "neither":
            pieces.append((state, first, length))
        first += length
    return pieces


def _starts(jobs: list[Data]) -> Data:
    week = start_week(jobs)
    week["rows"] = shaded(week["rows"])
    return week
