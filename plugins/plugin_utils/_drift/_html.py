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

from ._data import STATES, ignored
from ._markdown import rule_text
from ._text import MEANING, clean, fields_of, server_counts, value_text
from ._week import is_window, start_week, window_week

Entry = t.Dict[str, t.Any]

#: size of an hour and of the margins of a week, in units of the drawing
HOUR, ROW, LEFT, TOP = 20, 20, 36, 18
#: with more jobs that differ, the page leaves out all fields of the missing and the unexpected ones
MOST = 1000


def render_html(report: Entry) -> str:
    """The report as a page."""
    full = sum(job["kind"] != "same" for server in report["servers"] for job in server["jobs"]) <= MOST
    servers = [_server(server, number, full) for number, server in enumerate(report["servers"])]
    servers.sort(key=lambda server: STATES.index(server["state"]))
    return _template().render(
        report=report,
        totals=report["totals"],
        servers=servers,
        full=full,
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
    environment.filters.update(clean=clean, rule_text=rule_text)
    return environment.get_template("page.html.j2")


def _server(server: Entry, number: int, full: bool) -> Entry:
    shown = [job for job in server["jobs"] if job["kind"] != "same"]
    return {
        **{key: clean(server[key] or "") for key in ("name", "url", "api_version", "state", "message")},
        "anchor": f"server-{number}",
        "counts": server_counts(server),
        "ignored": sum(map(ignored, server["jobs"])),
        "number": len(server["jobs"]),
        "jobs": [_job(job, full) for job in sorted(shown, key=ignored)],
        "quiet": server["state"] == "ok" and not shown,
        "starts": _starts(server["jobs"]),
    }


def _job(job: Entry, full: bool) -> Entry:
    lone = {"missing": job["after"], "unexpected": job["before"]}.get(job["kind"], {})
    return {
        "name": clean(job["name"]),
        "organization": clean(job["organization"]),
        "kind": "ignored" if "ignored" in job else job["kind"],
        "meaning": MEANING[job["kind"]],
        "message": clean(job.get("message", "")),
        "ignored": job.get("ignored"),
        "changes": [_change(change) for change in job["changes"]],
        "fields": fields_of(lone) if full else [],
    }


def _change(change: Entry) -> Entry:
    week = window_week(change["before"], change["after"]) if is_window(change["field"]) else None
    if week:
        week["rows"] = [(day, _runs(hours)) for day, hours in week["rows"]]
    return {
        "field": clean(change["field"]),
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
