# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The next runs of jobs as a list of instants, and as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import hashlib
import heapq
import typing as t

from ...module_utils._errors import InputError
from ...module_utils._types import Data
from ._jobs import Timed
from ._runs import ends_by, retries_until, starts
from ._zones import UTC, local

MOST = 100_000  # runs in one list: a fleet of jobs every five minutes would fill the memory


def next_runs(
    jobs: t.Sequence[Timed], zone: dt.tzinfo, begin: dt.datetime, days: int, most: int | None = None
) -> list[Data]:
    """The runs that start within some days, in order of time; each as texts, in local time and in UTC.

    :arg most: runs of each job, at most
    :raises InputError: when there are more than anybody reads
    """
    end = begin + dt.timedelta(days=days)
    lists: list[list[tuple[dt.datetime, int]]] = []
    count = 0
    for number, job in enumerate(jobs):
        found = starts(job.schedule, zone, begin, end)[:most]
        count += len(found)
        if count > MOST:
            raise InputError(
                "days", f"results in more than {MOST:,} runs; ask for fewer days, or limit the runs of each job"
            )
        lists.append([(moment, number) for moment in found])
    return [_run(jobs[number], moment, zone) for moment, number in heapq.merge(*lists)]


def _run(job: Timed, start: dt.datetime, zone: dt.tzinfo) -> Data:
    end, last = ends_by(job.schedule, zone, start), retries_until(job.schedule, start)
    return {
        "start": local(start, zone),
        "start_utc": stamp(start),
        "job": job.name,
        "kind": job.kind,
        "organization": job.organization,
        "repository": job.repository,
        "ends_by": local(end, zone) if end else None,
        "retries_until": local(last, zone) if last else None,
    }


def stamp(moment: dt.datetime) -> str:
    """An instant as V(2026-01-05T22:00:00Z)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_icalendar(runs: t.Sequence[Data], name: str, now: dt.datetime) -> str:
    """A list of runs as a calendar that every calendar program reads: one event for each run, at its instant."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//backupops//vbo365//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for run in runs:
        start = _basic(run["start_utc"])
        who = (str(run[key]) for key in ("organization", "job", "kind", "start_utc"))
        identifier = hashlib.sha256("\0".join([name, *who]).encode("utf-8", "replace")).hexdigest()[:32]
        title = run["job"] if run["kind"] == "backup" else f"{run['job']} (copy)"
        facts = [
            f"{label}: {run[key]}"
            for label, key in (
                ("Organization", "organization"),
                ("Repository", "repository"),
                ("Ended by the backup window", "ends_by"),
                ("Retries until", "retries_until"),
            )
            if run.get(key)
        ]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{identifier}@backupops.vbo365",
            f"DTSTAMP:{_basic(stamp(now))}",
            f"DTSTART:{start}",
            f"SUMMARY:{_escaped(title)}",
            *([f"DESCRIPTION:{_escaped(chr(10).join(facts))}"] if facts else []),
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{line}\r\n" for text in [*lines, "END:VCALENDAR"] for line in _folded(text))


def _basic(text: str) -> str:
    return text.replace("-", "").replace(":", "")


#: what a value of type TEXT escapes (RFC 5545 §3.3.11), and the control characters that none may hold
_ESCAPES: dict[int, str | None] = {
    **dict.fromkeys((*(code for code in range(32) if code != ord("\t")), 127)),
    ord("\\"): "\\\\",
    ord(";"): "\\;",
    ord(","): "\\,",
    ord("\n"): "\\n",
}


def _escaped(text: str) -> str:
    """A value of type TEXT."""
    return text.translate(_ESCAPES)


def _folded(line: str) -> t.Iterator[str]:
    """A content line in pieces of at most 75 octets, without cutting a character (RFC 5545 §3.1)."""
    piece, size, most = "", 0, 75
    if len(line) * 4 <= most or (line.isascii() and len(line) <= most):
        yield line
        return
    if line.isascii():
        yield line[:most]
        yield from (" " + line[place : place + most - 1] for place in range(most, len(line), most - 1))
        return
    for char in line:
        octets = len(char.encode("utf-8", "replace"))
        if size + octets > most:
            yield piece
            piece, size = " ", 1
        piece += char
        size += octets
    yield piece
