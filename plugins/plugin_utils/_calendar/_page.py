# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The week of some servers as one page of HTML."""

from __future__ import annotations

import datetime as dt
import typing as t
from itertools import groupby

from ...module_utils._resources._times._window import WEEK_ORDER, format_window, parse_window
from ...module_utils._types import Data
from ...module_utils._visible import exact
from .._page._render import render, shaded
from .._temporary_report import shown_of
from .._words import counted
from ._changes import KINDS, Group, groups_of, side_text, summary, total
from ._jobs import TEXTS
from ._week import DAYS

#: limits of a page: strips of jobs, drawings of groups, rows of runs, times at which many jobs start
MOST_JOBS, MOST_FIGURES, MOST_RUNS, MOST_CROWDED, MOST_CHANGES = 500, 200, 1000, 50, 200
#: names of jobs in one row
MOST_NAMES = 8
#: kinds of changes, with the kinds of the pages' style
STYLES = {"gone": "missing", "moved": "changed", "new": "unexpected", "window": "ignored"}
LABELS = {
    "gone": "do not start any more",
    "moved": "start at other times",
    "new": "start for the first time",
    "window": "other hours",
}
#: units of a strip for each hour; a start is two wide
HOUR, START = 4, 2


def render_page(reports: t.Sequence[Data], servers: t.Sequence[str], generated: str) -> str:
    """The page.

    :arg servers: all servers that there should be
    """
    states = totals_of(reports)
    jobs = sum(states.values())
    known = {report["server"] for report in reports}
    crowds = crowds_of(reports)
    left = {"jobs": MOST_JOBS, "figures": MOST_FIGURES}
    following = max(5, MOST_RUNS // max(1, len(reports)))
    totals, changes = total(reports), groups_of(reports)
    return render(
        "calendar.html.j2",
        generated=generated,
        states=states,
        jobs=jobs,
        labels=TEXTS,
        summary=summary_of(jobs, len(reports), states),
        totals=totals,
        kinds=[(LABELS[kind], totals[kind], STYLES[kind]) for kind in KINDS] if totals else [],
        what_changes=summary(totals) if totals else "",
        changes=[_change(group, len(reports) > 1) for group in changes[:MOST_CHANGES]],
        more_changes=max(0, len(changes) - MOST_CHANGES),
        missing=[exact(name) for name in servers if name not in known],
        crowded=crowds[:MOST_CROWDED],
        more_crowded=max(0, len(crowds) - MOST_CROWDED),
        servers=[_server(report, number, left, following) for number, report in enumerate(reports)],
        days=DAYS,
        temporary=shown_of(reports),
    )


def totals_of(reports: t.Sequence[Data]) -> dict[str, int]:
    """Count the jobs by state."""
    return {state: sum(report["week"]["states"].get(state, 0) for report in reports) for state in ("scheduled", *TEXTS)}


def crowds_of(reports: t.Sequence[Data]) -> list[Data]:
    """Return the times at which many jobs of a server start, the most crowded first."""
    return sorted((entry for report in reports for entry in _crowds(report)), key=lambda entry: -entry["starts"])


def summary_of(jobs: int, servers: int, states: dict[str, int]) -> str:
    """All jobs in a sentence."""
    parts = [f"{states['scheduled']} {'starts by itself' if states['scheduled'] == 1 else 'start by themselves'}"]
    parts += [f"{states[state]} {text}" for state, text in TEXTS.items() if states[state]]
    return f"{counted(jobs, 'job')} on {counted(servers, 'server')}: {', '.join(parts)}."


def _change(group: Group, many: bool) -> Data:
    """Return the data of a change for the page.

    :arg many: whether there are several servers, so that jobs need the name of theirs
    """
    shown = group.places[:MOST_NAMES]
    return {
        "change": group.change,
        "style": STYLES[group.change],
        "number": len(group.places),
        "before": side_text(group.before),
        "after": side_text(group.after),
        "jobs": [(exact(server) if many else "", exact(job["name"]), job["kind"]) for server, job in shown],
        "more": len(group.places) - len(shown),
        "paths": [
            (_window_path(side["window"], top, 8), _starts_path(side["minutes"], top + 1, 6)) if side else ("", "")
            for side, top in ((group.before, 0), (group.after, 9))
        ],
    }


def _crowds(report: Data) -> t.Iterator[Data]:
    """The moments at which many jobs start; those of several days that are alike are one."""
    alike: dict[tuple[t.Any, ...], list[int]] = {}
    for crowd in report["week"]["groups"][0]["crowded"]:
        key = (crowd["starts"], crowd["minute"] % 1440, *crowd["jobs"])
        alike.setdefault(key, []).append(crowd["minute"] // 1440)
    for (starts, minute, *jobs), days in alike.items():
        yield {
            "server": exact(report["server"]),
            "days": _days(days),
            "from": _clock(minute),
            "until": _clock(minute + report["crowd_minutes"]),
            "starts": starts,
            "jobs": [exact(name) for name in jobs[:MOST_NAMES]],
            "more": max(0, len(jobs) - MOST_NAMES),
        }


def _days(numbers: t.Sequence[int]) -> str:
    """Days of the week as text: V(Mon-Fri)."""
    if len(numbers) == 7:
        return "every day"
    return ", ".join(format_window([WEEK_ORDER.index(day) in numbers for day in range(7) for _hour in range(24)]))


def _clock(minute: int) -> str:
    return "{:02d}:{:02d}".format(*divmod(minute % 1440, 60))


def _server(report: Data, number: int, left: dict[str, int], following: int) -> Data:
    """Return the data of a server for the page.

    :arg left: how many jobs and drawings the page has room for; counted down here
    """
    whole, *groups = report["week"]["groups"]
    jobs, runs = report["jobs"], report["runs"]
    shown = jobs[: max(0, left["jobs"])]
    drawn = groups[: max(0, left["figures"])]
    left["jobs"] -= len(shown)
    left["figures"] -= len(drawn)
    return {
        "anchor": f"server-{number}",
        "name": exact(report["server"]),
        "time_zone": exact(report["time_zone"]),
        "begin": _moment(report["begin"]),
        "span": counted(report["days"], "day"),
        "spacing": report["crowd_minutes"],
        "crowds": len(whole["crowded"]),
        "number": len(jobs),
        "whole": _group(whole, True),
        "changing": _differences(report["changes"]),
        "groups": [_group(group, position < len(drawn)) for position, group in enumerate(groups)],
        "jobs": [_job(job) for job in shown],
        "more_jobs": len(jobs) - len(shown),
        "runs": [_run(run) for run in runs[:following]],
        "more_runs": report["number"] - len(runs[:following]),
    }


def _group(group: Data, drawn: bool) -> Data:
    starts, running = group["starts"], group["running"]
    return {
        "kind": group["kind"],
        "name": exact(group["name"]),
        "jobs": group["jobs"],
        "scheduled": group["scheduled"],
        "most_starts": max(starts),
        "most_running": max(running),
        "busiest": _busiest(starts),
        "fullest": _busiest(running),
        "starts": shaded(_rows(starts)) if drawn else None,
        "running": shaded(_rows(running)) if drawn else None,
    }


def _differences(changes: Data | None) -> list[tuple[str, list[tuple[int, int]]]]:
    """For each day the hours in which more or fewer jobs start than before; empty when there are none."""
    if not changes or not any(changes["starts"]):
        return []
    return [
        (day, [(hour, count) for hour, count in enumerate(hours) if count]) for day, hours in _rows(changes["starts"])
    ]


def _rows(hours: t.Sequence[int]) -> list[tuple[str, t.Sequence[int]]]:
    return [(day, hours[number * 24 :][:24]) for number, day in enumerate(DAYS)]


def _busiest(hours: t.Sequence[int]) -> str:
    """The hours with the largest number, as text."""
    busy = [count == max(hours) > 0 for count in hours]
    return ", ".join(format_window([*busy[144:], *busy[:144]])) if any(busy) else ""


def _job(job: Data) -> Data:
    return {
        **{
            key: exact(job[key]) for key in ("name", "organization", "repository", "proxy", "kind", "state", "schedule")
        },
        "window": ", ".join(job["window"]),
        "next": _moment(job["next"]) if job["next"] else "",
        "window_path": _window_path(job["window"]),
        "starts_path": _starts_path(job["minutes"]),
    }


def _window_path(window: list[str], top: int = 0, height: int = 16) -> str:
    """The hours in which a job may run, as a path of a strip; empty without a window."""
    if not window:
        return ""
    hours = parse_window(window)
    week = [hours[day * 24 + hour] for day in WEEK_ORDER for hour in range(24)]
    path, first = "", 0
    for permitted, group in groupby(week):
        length = len(list(group))
        if permitted:
            path += f"M{first * HOUR} {top}h{length * HOUR}v{height}h-{length * HOUR}z"
        first += length
    return path


def _starts_path(minutes: list[int], top: int = 2, height: int = 12) -> str:
    """The starts of a job, as a path of a strip; those that touch are one piece."""
    path, begin, end = "", -1, -1
    for place in sorted({minute * HOUR // 60 for minute in minutes}):
        if place > end:
            path += _piece(begin, end, top, height)
            begin = place
        end = place + START
    return path + _piece(begin, end, top, height)


def _piece(begin: int, end: int, top: int, height: int) -> str:
    return f"M{begin} {top}h{end - begin}v{height}h-{end - begin}z" if begin >= 0 else ""


def _run(run: Data) -> Data:
    return {
        **{key: exact(run[key]) for key in ("job", "organization", "kind")},
        **{key: _moment(run[key]) if run[key] else "" for key in ("start", "ends_by", "retries_until")},
    }


def _moment(text: str) -> str:
    """Format a point in time: V(Mon 2026-01-05 22:00 +01:00)."""
    moment = dt.datetime.fromisoformat(text)
    return f"{DAYS[moment.weekday()]} {moment:%Y-%m-%d %H:%M} {text[19:]}"
