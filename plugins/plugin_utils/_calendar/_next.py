# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The next runs of jobs as a list of instants, and as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import itertools
import typing as t

from ...module_utils._errors import InputError
from ...module_utils._types import Data
from ._jobs import Timed
from ._runs import Schedule, ends_by, retries_until, starts
from ._zones import UTC, local

Span = t.Tuple[str, str, t.Optional[str], t.Optional[str]]

MOST = 100_000  # runs in one list: a fleet of jobs every five minutes would fill the memory


def next_runs(
    jobs: t.Sequence[Timed], zone: dt.tzinfo, begin: dt.datetime, days: int, most: int | None = None
) -> list[Data]:
    """The runs that start within some days, in order of time; each as texts, in local time and in UTC.

    :arg most: runs of each job, at most
    :raises InputError: when there are more than anybody reads
    """
    end = begin + dt.timedelta(days=days)
    known: dict[Schedule, list[dt.datetime]] = {}
    lists: list[list[tuple[dt.datetime, int]]] = []
    count = 0
    for number, job in enumerate(jobs):
        if job.schedule not in known:
            known[job.schedule] = starts(job.schedule, zone, begin, end)[:most]
        found = known[job.schedule]
        count += len(found)
        if count > MOST:
            raise InputError(
                "days", f"results in more than {MOST:,} runs; ask for fewer days, or limit the runs of each job"
            )
        lists.append([(moment, number) for moment in found])
    spans = {
        schedule: {moment: _span(schedule, moment, zone) for moment in moments} for schedule, moments in known.items()
    }
    of_jobs = [spans[job.schedule] for job in jobs]
    return [_run(jobs[number], of_jobs[number][moment]) for moment, number in sorted(itertools.chain(*lists))]


def _span(schedule: Schedule, start: dt.datetime, zone: dt.tzinfo) -> Span:
    """Return a start in local time and in UTC, the end of the run by the window, and the time of the last retry."""
    end, last = ends_by(schedule, zone, start), retries_until(schedule, start)
    return local(start, zone), stamp(start), local(end, zone) if end else None, local(last, zone) if last else None


def _run(job: Timed, span: Span) -> Data:
    start, start_utc, end, last = span
    return {
        "start": start,
        "start_utc": start_utc,
        "job": job.name,
        "kind": job.kind,
        "organization": job.organization,
        "repository": job.repository,
        "ends_by": end,
        "retries_until": last,
    }


@functools.lru_cache(maxsize=8192)
def stamp(moment: dt.datetime) -> str:
    """An instant as V(2026-01-05T22:00:00Z)."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")[: -len("+00:00")] + "Z"


#: the description of an event
FACTS = {
    "organization": "Organization",
    "repository": "Repository",
    "ends_by": "Ended by the backup window",
    "retries_until": "Retries until",
}


def to_icalendar(runs: t.Sequence[Data], name: str, now: dt.datetime) -> str:
    """Convert a list of runs to an iCalendar file with one event for each run, in UTC."""
    written = _content("DTSTAMP", _basic(stamp(now)))
    begun, facts = functools.lru_cache(None)(_begun), functools.lru_cache(None)(_facts)  # most runs share them
    texts = [
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//backupops//vbo365//EN\r\nCALSCALE:GREGORIAN\r\n",
        _content("X-WR-CALNAME", _escaped(name)),
    ]
    for run in runs:
        identity, title = begun(name, str(run["organization"]), str(run["job"]), str(run["kind"]))
        identifier = identity.copy()
        identifier.update(str(run["start_utc"]).encode("utf-8", "replace"))
        texts.append(
            f"BEGIN:VEVENT\r\nUID:{identifier.hexdigest()[:32]}@backupops.vbo365\r\n{written}"
            f"DTSTART:{_basic(run['start_utc'])}\r\n{title}"
            f"{facts(*(str(run.get(key) or '') for key in FACTS))}TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n"
        )
    return "".join([*texts, "END:VCALENDAR\r\n"])


def _begun(name: str, organization: str, job: str, kind: str) -> tuple[t.Any, str]:
    """The identity of a job's events, to which the start is added, and their title."""
    identity = hashlib.sha256("\0".join([name, organization, job, kind, ""]).encode("utf-8", "replace"))
    return identity, _content("SUMMARY", _escaped(job if kind == "backup" else f"{job} (copy)"))


def _facts(*values: str) -> str:
    """The description of an event; nothing when there is nothing to say."""
    said = [f"{label}: {value}" for label, value in zip(FACTS.values(), values) if value]
    return _content("DESCRIPTION", _escaped("\n".join(said))) if said else ""


def _content(name: str, value: str) -> str:
    """Return a folded content line."""
    return "".join(f"{piece}\r\n" for piece in _folded(f"{name}:{value}"))


def _basic(text: str) -> str:
    return text.replace("-", "").replace(":", "")


#: characters that a value of type TEXT escapes (RFC 5545 §3.3.11), and control characters, which it cannot contain
_ESCAPES: dict[int, str | None] = {
    **dict.fromkeys((*(code for code in range(32) if code != ord("\t")), 127)),
    ord("\\"): "\\\\",
    ord(";"): "\\;",
    ord(","): "\\,",
    ord("\n"): "\\n",
}


def _escaped(text: str) -> str:
    """Escape a value of type TEXT."""
    return text.translate(_ESCAPES)


def _folded(line: str) -> t.Iterator[str]:
    """Fold a content line into pieces of at most 75 octets without splitting a character (RFC 5545 §3.1)."""
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
