# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters for the times at which jobs will run: a list of runs, a calendar file, and the week of a server."""

from __future__ import annotations

import datetime as dt
import typing as t

from ..module_utils._errors import InputError, VboError, literal, shown
from ..module_utils._types import Data
from ..plugin_utils._calendar import _changes, _next, _report, _week
from ..plugin_utils._calendar._jobs import timed
from ..plugin_utils._calendar._zones import UTC, zone_of
from ..plugin_utils._fleet._registered import Registered, registered
from ..plugin_utils._numbers import number
from ..plugin_utils._plain import MOST, checked, plain, unsafe


def next_runs(jobs: t.Any, time_zone: t.Any, begin: t.Any = "", days: t.Any = 7, max_runs: t.Any = None) -> list[Data]:
    """The runs that start within some days, in order of time."""

    def work() -> list[Data]:
        found = timed(plain(jobs, MOST))
        area = zone_of(plain(time_zone), "time_zone")
        first = moment(plain(begin), area, "begin")
        return _next.next_runs(found, area, first, number(days, "days", 1, 366), _max_runs(max_runs))

    return unsafe(checked("next_runs", work))


def runs_to_icalendar(runs: t.Any, name: t.Any = "Backup jobs", now: t.Any = "") -> str:
    """A list of runs as an iCalendar file."""

    def work() -> str:
        entries = plain(runs)
        if not isinstance(entries, list) or not all(isinstance(run, dict) and "start_utc" in run for run in entries):
            raise InputError("runs", "must be a list as next_runs returns it")
        return _next.to_icalendar(entries, str(name), moment(plain(now), UTC, "now"))

    return checked("runs_to_icalendar", work)


def job_week(jobs: t.Any, crowd_minutes: t.Any = 5, crowd_starts: t.Any = 5) -> Data:
    """Count the jobs that start, and those that may be running, in each hour of the week."""

    def work() -> Data:
        return _week.week_of(
            timed(plain(jobs, MOST)),
            number(crowd_minutes, "crowd_minutes", 1, 1440),
            number(crowd_starts, "crowd_starts", 2, 10**6),
        )

    return unsafe(checked("job_week", work))


def calendar_report(
    jobs: t.Any,
    server: t.Any,
    time_zone: t.Any,
    begin: t.Any = "",
    days: t.Any = 7,
    max_runs: t.Any = None,
    crowd_minutes: t.Any = 5,
    crowd_starts: t.Any = 5,
    now: t.Any = "",
    overrides: t.Any = None,
    freeze: t.Any = None,
    before: t.Any = None,
) -> Data:
    """The calendar of a server."""

    def work() -> Data:
        given = {
            "time_zone": plain(time_zone),
            "begin": plain(begin),
            "days": days,
            "max_runs": max_runs,
            "crowd_minutes": crowd_minutes,
            "crowd_starts": crowd_starts,
        }
        return _report.report_of(
            timed(plain(jobs, MOST)),
            None if before is None else timed(plain(before, MOST), "before"),
            str(server),
            span_of(given),
            moment(plain(now), UTC, "now"),
            plain(overrides),
            plain(freeze),
        )

    return unsafe(checked("calendar_report", work))


def span_of(options: Data, now: dt.datetime | None = None) -> _report.Span:
    """Return the settings of a calendar from the options of the role C(vbo_calendar), without their prefix.

    :arg now: the present time
    :raises InputError: for an invalid option
    """
    area = zone_of(options["time_zone"], "time_zone")
    begin = options["begin"]
    return _report.Span(
        area,
        now if now and begin in (None, "") else moment(begin, area, "begin"),
        number(options["days"], "days", 1, 366),
        _max_runs(options.get("max_runs")),
        number(options["crowd_minutes"], "crowd_minutes", 1, 1440),
        number(options["crowd_starts"], "crowd_starts", 2, 10**6),
    )


def calendar_fleet(hostvars: t.Any, servers: t.Any, formats: t.Any) -> list[_report.File]:
    """Return the files of the calendars of a play, from the results that the tasks of the role vbo_calendar registered.

    The problem of one server must not keep the others from their calendars: it is an entry after the files.
    """

    def work() -> list[_report.File]:
        now = dt.datetime.now(UTC)
        reports, problems = [], []
        for known in registered(hostvars, servers, "vbo_calendar"):
            if not known.begun.get("options") or known.result.get("failed"):
                continue
            try:
                reports.append(_calendar_of(known, now))
            except VboError as error:
                problems.append({"problem": f"{known.server}: {error.message}"})
        return _report.files_of(reports, _listed(formats, "formats"), _listed(servers, "servers"), now) + problems

    return unsafe(checked("calendar_fleet", work))


def _calendar_of(known: Registered, now: dt.datetime) -> Data:
    options = known.begun["options"]
    sides = {"before": known.begun.get("before"), "after": known.begun["jobs"]}
    if options["compare"] and sides["before"] is None:
        sides = _changes.sides_of(known.result)
    before = None if sides["before"] is None else timed(sides["before"], "before")
    return _report.report_of(timed(sides["after"]), before, known.server, span_of(options, now), now, *known.notes)


def calendar_changes(before: t.Any, after: t.Any) -> Data:
    """Return the changes in the week of a server."""
    return unsafe(
        checked(
            "calendar_changes",
            lambda: _changes.changes_of(timed(plain(before, MOST), "before"), timed(plain(after, MOST), "after")),
        )
    )


def calendar_jobs(result: t.Any) -> Data:
    """The jobs of a server now and as they would be."""
    return unsafe(checked("calendar_jobs", lambda: _changes.sides_of(plain(result, MOST))))


def calendar_files(reports: t.Any, formats: t.Any, servers: t.Any = (), now: t.Any = "") -> list[_report.File]:
    """The calendars of servers as the files to write."""

    def work() -> list[_report.File]:
        return _report.files_of(
            _listed(reports, "reports"),
            _listed(formats, "formats"),
            _listed(servers, "servers"),
            moment(plain(now), UTC, "now"),
        )

    return unsafe(checked("calendar_files", work))


def _listed(value: t.Any, path: str) -> list[t.Any]:
    """Return a list; Ansible may pass it as a generator."""
    if isinstance(value, (str, bytes, dict)) or not isinstance(value, t.Iterable):
        raise InputError(path, f"must be a list (got {literal(plain(value))})")
    return list(plain(list(value)))


def _max_runs(value: t.Any) -> int | None:
    return None if value in (None, "") else number(value, "max_runs", 1, _next.MOST)


def moment(value: t.Any, zone: dt.tzinfo, path: str) -> dt.datetime:
    """An instant that the user gave: now when it is empty; a time without an offset is one of the zone's wall clock.

    :raises InputError: for an invalid date or time
    """
    if value in (None, ""):
        return dt.datetime.now(UTC)
    text = value.strip() if isinstance(value, str) else literal(value)
    try:
        found = dt.datetime.fromisoformat(text[:-1] + "+00:00" if text[-1:] in "Zz" else text)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError(path, f"{shown(text)} is not a date and time; write for example 2026-03-28T22:00") from None


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {
            "next_runs": next_runs,
            "runs_to_icalendar": runs_to_icalendar,
            "job_week": job_week,
            "calendar_changes": calendar_changes,
            "calendar_jobs": calendar_jobs,
            "calendar_report": calendar_report,
            "calendar_fleet": calendar_fleet,
            "calendar_files": calendar_files,
        }
