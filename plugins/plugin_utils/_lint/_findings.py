# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Findings of rules in the jobs of one server, and reports of one or several servers."""

from __future__ import annotations

import typing as t

from ...module_utils._errors import InputError
from ...module_utils._input._masking import IN_RESULT, is_masked
from ...module_utils._spelling import folded
from ...module_utils._types import Data
from .._drift._data import FORMAT, newest_of, trouble_of, without_account
from .._drift._rules import covering, expired, parse_rules
from .._temporary_report import notes_of
from .._words import counted
from ._jobs import read_jobs
from ._rules import SEVERITIES, Rule

#: the keys by which an exception selects
PATTERNS = ("server", "organization", "job", "rule")
#: server states, the worst first
STATES = ("unreachable", "failed", "findings", "ok")
NO_RESULT = "There is no result: the host failed or was unreachable before its jobs were read."


def findings_of(jobs: t.Any, rules: t.Iterable[Rule]) -> list[Data]:
    """Return the findings in the jobs of one server, sorted by organization, job and severity.

    :raises InputError: with the path of invalid data
    """
    return [finding for job in judged(jobs, rules) for finding in _with_job(job)]


def _with_job(job: Data) -> t.Iterator[Data]:
    for finding in job["findings"]:
        yield {"organization": job["organization"], "job": job["name"], **finding}


def judged(jobs: t.Any, rules: t.Iterable[Rule]) -> list[Data]:
    """Return the jobs of one server with the findings of the rules, the worst first.

    A rule sees only the jobs of which it knows all that it needs.
    """
    read = read_jobs(jobs)
    found: dict[int, list[Data]] = {id(job): [] for job in read}
    for rule in rules:
        known = [job for job in read if all(job.value(path) is not None for path in rule.needs)]
        for job, said, severity in rule.check(known, rule.parameters):
            found[id(job)].append(
                {
                    "rule": rule.id,
                    "severity": severity or rule.severity,
                    "message": f"{said[0].upper()}{said[1:]}",
                    "advice": rule.advice,
                    "source": rule.source,
                }
            )
    return [
        {
            "name": job.name,
            "organization": job.organization,
            "findings": sorted(found[id(job)], key=lambda finding: SEVERITIES.index(finding["severity"])),
        }
        for job in read
    ]


def parse_exceptions(exceptions: t.Any) -> list[Data]:
    """The exceptions, checked.

    :raises ValueError: naming the exception and the valid form
    """
    return parse_rules(exceptions, "exceptions", PATTERNS, ())


def server_of(host: str, result: Data, rules: t.Sequence[Rule], exceptions: t.Sequence[Data], today: str) -> Data:
    """Return the report of one server.

    :arg result: the result of C(vbo_job_info), or C(jobs) alone; also one of a task that failed, or an empty one
    :arg exceptions: checked ones, see :func:`parse_exceptions`
    """
    server: Data = {"name": host, "state": "ok", "message": "", "jobs": []}
    if is_masked(result.get("jobs")):
        return {**server, "state": "failed", "message": IN_RESULT}
    trouble = trouble_of(result)
    if trouble:
        return {**server, "state": trouble, "message": str(result.get("msg") or NO_RESULT)}
    try:
        server["jobs"] = judged(result["jobs"], rules)
    except InputError as error:
        return {**server, "state": "failed", "message": error.message}
    for job in server["jobs"]:
        for finding in job["findings"]:
            facts = {"server": host, "organization": job["organization"], "job": job["name"], "rule": finding["rule"]}
            exception = covering(exceptions, today, facts)
            if exception:
                finding["excepted"] = exception
    if any(open_findings(job) for job in server["jobs"]):
        server["state"] = "findings"
    return server


def open_findings(job: Data) -> list[Data]:
    """The findings of a job for which there is no exception."""
    return [finding for finding in job["findings"] if "excepted" not in finding]


def report_of(
    servers: t.Iterable[Data],
    exceptions: t.Sequence[Data],
    today: str,
    generated: str,
    url: str = "",
    overrides: t.Any = (),
    freeze: t.Any = None,
) -> Data:
    """A report of these servers.

    :arg generated: the time in UTC
    :arg overrides, freeze: see :func:`.._temporary_report.notes_of`
    """
    known = [{**server, "url": without_account(url), **notes_of(overrides, freeze)} for server in servers]
    return _report(known, [dict(rule) for rule in expired(exceptions, today)], generated)


def merge(reports: t.Sequence[Data], expected: t.Sequence[str] = (), generated: str = "") -> Data:
    """Merge reports; if a server is in several, the newest one is used.

    :arg expected: names of servers that ought to be there; one that is not counts as unreachable
    :arg generated: the time in UTC; without it that of the newest report
    :raises ValueError: when something is not a report
    """
    servers, exceptions, newest = newest_of(reports, "lint", "expired_exceptions")
    for name in expected:
        servers.setdefault(name, {**server_of(name, {}, (), (), ""), "url": "", **notes_of((), None)})
    return _report(list(servers.values()), exceptions, generated or newest)


def _report(servers: list[Data], exceptions: list[Data], generated: str) -> Data:
    servers.sort(key=lambda server: folded(server["name"]))
    totals = totals_of(servers)
    return {
        "format": FORMAT,
        "generated": generated,
        "summary": summary(totals),
        "totals": totals,
        "expired_exceptions": exceptions,
        "servers": servers,
    }


def totals_of(servers: t.Sequence[Data]) -> Data:
    """Count the servers by state, and the findings without an exception by severity."""
    jobs = [job for server in servers for job in server["jobs"]]
    findings = [finding for job in jobs for finding in job["findings"]]
    counted_ones = [finding["severity"] for finding in findings if "excepted" not in finding]
    return {
        "servers": len(servers),
        **{state: sum(server["state"] == state for server in servers) for state in reversed(STATES)},
        "jobs": len(jobs),
        **{severity: counted_ones.count(severity) for severity in SEVERITIES},
        "excepted": len(findings) - len(counted_ones),
    }


def summary(totals: Data) -> str:
    """Summarize the report in a sentence."""
    found = [counted(totals[severity], severity) for severity in SEVERITIES if totals[severity]]
    found += [counted(totals["excepted"], "exception")] if totals["excepted"] else []
    trouble = [f"{totals[state]} {state}" for state in ("unreachable", "failed") if totals[state]]
    whole = f"{counted(totals['jobs'], 'job')} on {counted(totals['servers'], 'server')} checked: "
    whole += ", ".join(found) or "no finding"
    return whole + (f"; servers: {', '.join(trouble)}." if trouble else ".")
