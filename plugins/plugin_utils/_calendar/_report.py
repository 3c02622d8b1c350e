# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The calendar of a server as data, and the calendars of many servers as files."""

from __future__ import annotations

import datetime as dt
import json
import typing as t

from ...module_utils._errors import InputError, literal
from ...module_utils._resources._times._window import format_window
from ...module_utils._types import Data
from .._temporary_report import notes_of
from ._changes import changes_of
from ._jobs import Timed
from ._markdown import render_markdown
from ._next import next_runs, stamp, to_icalendar
from ._page import render_page
from ._runs import next_start
from ._week import start_minutes, week_of
from ._zones import local

File = t.Dict[str, str]

FORMATS = ("html", "icalendar", "json", "markdown")
#: runs that are in the report itself, the next ones
MOST_RUNS = 50


class Span(t.NamedTuple):
    """The settings of a calendar; the arguments of C(next_runs) and C(week_of)."""

    zone: dt.tzinfo
    begin: dt.datetime
    days: int
    most: int | None
    spacing: int
    crowd: int


def report_of(
    jobs: t.Sequence[Timed],
    before: t.Sequence[Timed] | None,
    server: str,
    span: Span,
    now: dt.datetime,
    overrides: t.Any = (),
    freeze: t.Any = None,
) -> Data:
    """The calendar of a server.

    :arg before: the jobs with which these are compared
    The runs are converted to a calendar file here: as data, those of a fleet would occupy Ansible for minutes.
    """
    zone, begin, days, most, spacing, crowd = span
    runs = next_runs(jobs, zone, begin, days, most)
    return {
        "format": 1,
        "server": server,
        "time_zone": str(zone),
        "begin": local(begin, zone),
        "days": days,
        "crowd_minutes": spacing,
        "crowd_starts": crowd,
        "week": week_of(jobs, spacing, crowd),
        "changes": changes_of(before, jobs) if before is not None else None,
        "jobs": [_job(job, zone, begin) for job in jobs],
        "number": len(runs),
        "runs": runs[:MOST_RUNS],
        **notes_of(overrides, freeze),
        "icalendar": to_icalendar(runs, f"Backup jobs of {server}", now),
    }


def _job(job: Timed, zone: dt.tzinfo, begin: dt.datetime) -> Data:
    following = next_start(job.schedule, zone, begin - dt.timedelta(microseconds=1))
    return {
        **{key: getattr(job, key) for key in ("name", "kind", "organization", "repository", "proxy", "state")},
        "schedule": job.text,
        "window": format_window(list(job.schedule.window)) if job.schedule.window else [],
        "minutes": list(start_minutes(job.schedule)),
        "next": local(following, zone) if following else None,
    }


def files_of(
    reports: t.Sequence[Data], formats: t.Sequence[str], servers: t.Sequence[str], now: dt.datetime
) -> list[File]:
    """The files of the calendars of some servers.

    :arg servers: all expected servers; the page lists the missing ones
    :raises InputError: for invalid reports, and for an unknown format
    """
    for number, report in enumerate(reports):
        if not isinstance(report, dict) or report.get("format") != 1 or not {"icalendar", "changes"} <= report.keys():
            raise InputError(f"reports[{number}]", "must be a report as calendar_report returns it")
    files: list[File] = []
    for number, name in enumerate(formats):
        if name == "html":
            files.append(_file("calendar.html", render_page(reports, servers, stamp(now))))
        elif name == "icalendar":
            files += [_file(f"{report['server'].replace('/', '_')}.ics", report["icalendar"]) for report in reports]
        elif name == "json":
            files.append(_file("calendar.json", _json(reports)))
        elif name == "markdown":
            files.append(_file("calendar.md", render_markdown(reports, servers, stamp(now))))
        else:
            raise InputError(f"formats[{number}]", f"must be one of {', '.join(FORMATS)} (got {literal(name)})")
    return files


def _json(reports: t.Sequence[Data]) -> str:
    """Return the reports as JSON, one line for each; calendar files are separate files."""
    entries = ({key: value for key, value in report.items() if key != "icalendar"} for report in reports)
    return "[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries) + "\n]\n"


def _file(name: str, text: str) -> File:
    """Half a surrogate pair fits in no file."""
    return {"name": name, "content": text.encode("utf-8", "replace").decode("utf-8")}
