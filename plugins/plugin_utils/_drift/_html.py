# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The report as one page of HTML that needs nothing else: no script, no request, no file beside it."""

from __future__ import annotations

import functools
import typing as t
from itertools import groupby
from pathlib import Path

import jinja2

from ...module_utils._visible import exact, visible, visible_lines
from ._data import STATES, counted, drifts, ignored
from ._markdown import rule_text
from ._text import MEANING, change_text, fields_of, server_counts, value_text
from ._week import is_window, start_week, window_week

Entry = t.Dict[str, t.Any]

#: size of an hour and of the margins of a week, in units of the drawing
HOUR, ROW, LEFT, TOP = 20, 20, 36, 18
#: jobs that are shown in full, with all fields; the others are rows of a list
MOST = 500
#: rows of a server with the values that differ; beyond it only fields are shown
MOST_VALUES = 100
#: rows of what several servers have in common
MOST_COMMON = 50


def render_html(report: Entry) -> str:
    """The report as a page."""
    servers = sorted(report["servers"], key=lambda server: STATES.index(server["state"]))
    left = MOST
    shown = []
    for number, server in enumerate(servers):
        shown.append(_server(server, number, left))
        left -= len(shown[-1]["jobs"])
    return _template().render(
        report=report,
        totals=report["totals"],
        common=[_common(entry) for entry in report["common"][:MOST_COMMON]],
        more_common=max(0, len(report["common"]) - MOST_COMMON),
        servers=shown,
        hours=range(0, 24, 3),
        size={"hour": HOUR, "row": ROW, "left": LEFT, "top": TOP},
    )


@functools.lru_cache
def _template() -> jinja2.Template:
    """Everything that is put into the page is escaped; a name that is missing is an error."""
    environment = jinja2.Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
    )
    environment.filters.update(counted=counted, exact=exact, rule_text=rule_text, visible=visible)
    return environment.get_template("page.html.j2")


def _common(entry: Entry) -> Entry:
    values = [
        {"before": value_text(pair["before"]), "after": value_text(pair["after"]), "servers": pair["servers"]}
        for pair in entry["values"]
    ]
    return {**entry, "name": exact(entry["name"]), "meaning": MEANING[entry["kind"]], "values": values}


def _server(server: Entry, number: int, most: int) -> Entry:
    """A server with its jobs that need a look; those that may differ are rows of a list, folded away."""
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


def _row(job: Entry, values: bool = True) -> Entry:
    """A job as a row of a list, with the values that differ or only with their fields."""
    return {
        "name": exact(str(job["name"])),
        "organization": exact(str(job["organization"])),
        "kind": job["kind"],
        "lines": [change_text(change) if values else exact(change["field"]) for change in job["changes"]],
        "ignored": job.get("ignored"),
    }


def _job(job: Entry) -> Entry:
    lone = {"missing": job["after"], "unexpected": job["before"]}.get(job["kind"], {})
    return {
        **_row(job),
        "meaning": MEANING[job["kind"]],
        "message": visible_lines(job.get("message", "")),
        "changes": [_change(change) for change in job["changes"]],
        "fields": fields_of(lone),
    }


def _change(change: Entry) -> Entry:
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


def _starts(jobs: list[Entry]) -> Entry:
    """The week of start times, of each hour with any the number and a shade from 1 to 4."""
    week = start_week(jobs)
    most = week["most"]
    week["rows"] = [
        (day, [(hour, count, -(-4 * count // most)) for hour, count in enumerate(counts) if count])
        for day, counts in week["rows"]
    ]
    return week
