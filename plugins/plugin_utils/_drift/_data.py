# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The data of a drift report, of one server or merged from several.

A report of one server and a report of many have the same form, so that hosts of a play and slices of a fleet are
merged by the same function.
"""

from __future__ import annotations

import json
import typing as t

from ...module_utils._input._masking import IN_RESULT, is_masked
from ...module_utils._spelling import folded, job_key
from ...module_utils._types import Data
from ...module_utils._visible import exact
from .._temporary_report import notes_of
from .._words import counted
from ._rules import expired, rule_for

FORMAT = 1
#: the kinds of difference, in the order in which reports show them
DIFFERENCES = ("missing", "changed", "unexpected")
KINDS = (*DIFFERENCES, "failed", "same")
#: server states, the worst first
STATES = ("unreachable", "failed", "drift", "ok")
_KIND_OF_ACTION = {"create": "missing", "delete": "unexpected"}
#: answers of a proxy in front of a server that is down
_GATEWAY = (502, 503, 504)
#: limits: common differences in the summary, and pairs of values for each in the report
SAID, MOST_VALUES = 3, 5
LONGEST_REASON = 200  # characters
NO_RESULT = "There is no result: the host failed or was unreachable before the comparison."


# --- one server ------------------------------------------------------------------------------------------------------


def drift_of(
    host: str,
    result: Data,
    rules: t.Sequence[Data],
    today: str,
    url: str = "",
    overrides: t.Any = (),
    freeze: t.Any = None,
) -> Data:
    """Convert the result of C(vbo_jobs) in check mode, with details, to the report of one server.

    :arg result: the result, also that of a failed task; empty if there is none
    :arg rules: checked rules, see :func:`._rules.parse_rules`
    :arg overrides, freeze: see :func:`.._temporary_report.notes_of`
    """
    server: Data = {
        "name": host,
        "url": without_account(url),
        "api_version": result.get("api_version"),
        "state": "ok",
        "message": "",
        "jobs": [],
        **notes_of(overrides, freeze),
    }
    if is_masked([result.get("jobs"), result.get("unmanaged")]):
        return {**server, "state": "failed", "message": IN_RESULT}
    found = [_declared(job) for job in result.get("jobs") or []]
    found += [_unexpected(job) for job in result.get("unmanaged") or []]
    for job in found:
        _ignore(job, host, rules, today)
    server["jobs"] = sorted(found, key=_order)
    trouble = trouble_of(result)
    if trouble:
        server["state"] = trouble
        server["message"] = str(result.get("msg") or NO_RESULT)
    elif any(drifts(job) for job in found):
        server["state"] = "drift"
    return server


def drifts(job: Data) -> bool:
    """Return whether a job differs and no rule ignores the difference."""
    return job["kind"] in DIFFERENCES and "ignored" not in job


def ignored(job: Data) -> bool:
    """Return whether a job differs and a rule ignores the difference."""
    return job["kind"] in DIFFERENCES and "ignored" in job


def without_account(url: str) -> str:
    """An address that may be shown: without a user name and password in it."""
    scheme, slashes, rest = url.partition("//")
    return scheme + slashes + rest.rpartition("@")[2]


def trouble_of(result: Data) -> str:
    """Why a server could not be compared, or could not wholly: V(unreachable), V(failed), or nothing.

    Ignores C(failed), which C(failed_when: false) removes.
    """
    error = result.get("error") or {}
    silent = error.get("method") and (error.get("status") is None or error.get("status") in _GATEWAY)
    if not result or result.get("unreachable") or silent:
        return "unreachable"
    return "failed" if error or "jobs" not in result else ""


def _declared(job: Data) -> Data:
    changes = [{key: change.get(key) for key in ("field", "before", "after")} for change in job.get("changes") or []]
    changes += _copy_changes(job.get("copy_job") or {})
    kind = _KIND_OF_ACTION.get(job.get("action", ""), "changed" if changes else "same")
    if job.get("status") == "failed":
        kind = "failed"
    entry = _entry(job, kind, changes if kind == "changed" else [])
    if kind == "failed":
        entry["message"] = str(job.get("msg") or "")
    return entry


def _copy_changes(copy: Data) -> list[Data]:
    """The differences of a copy job, as differences of its job."""
    action = copy.get("action", "none")
    if action in _KIND_OF_ACTION:
        there = action == "delete"
        return [{"field": "copy_job", "before": _presence(there), "after": _presence(not there)}]
    return [{**change, "field": f"copy_job.{change.get('field')}"} for change in copy.get("changes") or []]


def _presence(there: bool) -> str:
    return "present" if there else "absent"


def _unexpected(job: Data) -> Data:
    return _entry(job, "unexpected", [])


def _entry(job: Data, kind: str, changes: list[Data]) -> Data:
    before, after = job.get("before") or {}, job.get("after") or {}
    if kind == "same":  # the charts need its schedule; the declaration has the other fields
        before = after = {key: before[key] for key in ("enabled", "schedule_policy") if key in before}
    return {
        "name": job.get("name"),
        "organization": job.get("organization"),
        "id": job.get("id"),
        "kind": kind,
        "changes": changes,
        "before": before,
        "after": after,
    }


def _ignore(job: Data, host: str, rules: t.Sequence[Data], today: str) -> None:
    """Add to a job and its changes the ignore rule that covers them."""
    if job["kind"] not in DIFFERENCES:
        return
    whole = rule_for(rules, today, host, job, None)
    for change in job["changes"]:
        rule = whole or rule_for(rules, today, host, job, change["field"])
        if rule:
            change["ignored"] = rule
    reasons = [change.get("ignored") for change in job["changes"]] or [whole]
    if all(reasons):
        job["ignored"] = reasons[0]


def _order(job: Data) -> tuple[int, str, str]:
    return KINDS.index(job["kind"]), *job_key(job["organization"], job["name"])


# --- many servers ----------------------------------------------------------------------------------------------------


def report_of(servers: t.Sequence[Data], rules: t.Sequence[Data], today: str, generated: str) -> Data:
    """A report of these servers.

    :arg rules: those that applied; the ones that are expired are listed in the report
    :arg generated: the time in UTC
    """
    return _report(list(servers), [dict(rule) for rule in expired(rules, today)], generated)


def merge(reports: t.Sequence[Data], expected: t.Sequence[str] = (), generated: str = "") -> Data:
    """Merge reports; if a server is in several, the newest one is used.

    :arg expected: names of servers that ought to be there; one that is not counts as unreachable
    :arg generated: the time in UTC; without it that of the newest report
    :raises ValueError: when something is not a report
    """
    servers, rules, newest = newest_of(reports, "drift", "expired_rules")
    for name in expected:
        servers.setdefault(name, drift_of(name, {}, (), ""))
    return _report(list(servers.values()), rules, generated or newest)


def newest_of(reports: t.Sequence[Data], what: str, expired: str) -> tuple[dict[str, Data], list[Data], str]:
    """Merge reports: the newest entry of each server, all expired rules, and the newest time.

    :arg what: the kind of report
    :arg expired: its key for the rules that are expired
    :raises ValueError: when something is not such a report
    """
    servers: dict[str, Data] = {}
    rules: list[Data] = []
    for number, report in enumerate(reports):
        _check(report, number, what, expired)
    for report in sorted(reports, key=lambda report: str(report["generated"])):
        servers.update((server["name"], server) for server in report["servers"])
        rules += [rule for rule in report[expired] if rule not in rules]
    return servers, rules, max((str(report["generated"]) for report in reports), default="")


def totals_of(servers: t.Sequence[Data]) -> Data:
    """Count servers and jobs of each kind; each job that differs counts once."""
    jobs = [job for server in servers for job in server["jobs"]]
    return {
        "servers": len(servers),
        **{state: sum(server["state"] == state for server in servers) for state in reversed(STATES)},
        "jobs": len(jobs),
        **{kind: sum(job["kind"] == kind and drifts(job) for job in jobs) for kind in DIFFERENCES},
        "ignored": sum(map(ignored, jobs)),
        "jobs_failed": sum(job["kind"] == "failed" for job in jobs),
    }


def summary(totals: Data, common: t.Sequence[Data] = ()) -> str:
    """Summarize the report in a sentence, and the most widespread differences in another."""
    parts = [f"{totals[kind]} {kind}" for kind in (*DIFFERENCES, "ignored") if totals[kind]]
    parts += [f"{totals['jobs_failed']} not comparable"] if totals["jobs_failed"] else []
    trouble = [f"{totals[state]} {state}" for state in ("unreachable", "failed") if totals[state]]
    found = ", ".join(parts) or "no drift"
    jobs, servers = counted(totals["jobs"], "job"), counted(totals["servers"], "server")
    whole = f"{jobs} on {servers} compared: {found}" + (f"; servers: {', '.join(trouble)}." if trouble else ".")
    wide = [common_text(entry) for entry in common if entry["servers"] > 1 and entry["kind"] in DIFFERENCES][:SAID]
    return " ".join([whole, f"In common: {'; '.join(wide)}."] if wide else [whole])


class _Place(t.NamedTuple):
    """The place of a difference: the server, whether it concerns one of its jobs, and the values of the field."""

    server: str
    is_job: bool = True
    before: t.Any = None
    after: t.Any = None


def common_of(servers: t.Sequence[Data]) -> list[Data]:
    """List differences that several servers, or three jobs of one server, have in common; the most frequent first.

    The pairs of values that a field has on both sides are with it, those of the most servers first.
    """
    found: dict[tuple[str, str], list[_Place]] = {}
    for server in servers:
        for kind, name, place in _places(server):
            found.setdefault((kind, name), []).append(place)
    entries = [_common(kind, name, places) for (kind, name), places in found.items()]
    wide = [entry for entry in entries if entry["servers"] > 1 or entry["jobs"] > 2]
    return sorted(wide, key=lambda entry: (-entry["servers"], -entry["jobs"], entry["name"]))


def _places(server: Data) -> t.Iterator[tuple[str, str, _Place]]:
    """Yield the differences of a server: kind, field or name or reason, and place."""
    if server["state"] in ("unreachable", "failed") and not server["jobs"]:
        yield server["state"], _reason(server["message"], server), _Place(server["name"], is_job=False)
    for job in server["jobs"]:
        changes = [change for change in job["changes"] if "ignored" not in change]
        if job["kind"] == "failed":
            yield "failed", _reason(job["message"], server), _Place(server["name"])
        elif drifts(job) and not changes:
            yield job["kind"], str(job["name"]), _Place(server["name"])
        elif drifts(job):
            for change in changes:
                yield job["kind"], change["field"], _Place(server["name"], True, change["before"], change["after"])


def _reason(message: str, server: Data) -> str:
    """Return the first line of a message without the address of its server, so that equal reasons are grouped."""
    return (message.replace(server["url"], "the server") if server["url"] else message).split("\n")[0][:LONGEST_REASON]


def _common(kind: str, name: str, places: list[_Place]) -> Data:
    values: dict[str, list[_Place]] = {}
    for place in places if kind == "changed" else []:
        values.setdefault(json.dumps([place.before, place.after], sort_keys=True), []).append(place)
    pairs = [{"before": same[0].before, "after": same[0].after, **_counts(same)} for same in values.values()]
    pairs.sort(key=lambda pair: (-pair["servers"], -pair["jobs"]))
    return {
        "kind": kind,
        "name": name,
        **_counts(places),
        "values": pairs[:MOST_VALUES],
        "more_values": max(0, len(pairs) - MOST_VALUES),
    }


def _counts(places: list[_Place]) -> Data:
    return {"servers": len({place.server for place in places}), "jobs": sum(place.is_job for place in places)}


def common_text(entry: Data) -> str:
    """Describe a common difference in words."""
    servers, name = counted(entry["servers"], "server"), exact(entry["name"])
    return f"{name} differs on {servers}" if entry["kind"] == "changed" else f"'{name}' is {entry['kind']} on {servers}"


def _report(servers: list[Data], rules: list[Data], generated: str) -> Data:
    servers.sort(key=lambda server: folded(server["name"]))
    totals, common = totals_of(servers), common_of(servers)
    return {
        "format": FORMAT,
        "generated": generated,
        "summary": summary(totals, common),
        "totals": totals,
        "common": common,
        "expired_rules": rules,
        "servers": servers,
    }


def _check(report: t.Any, number: int, what: str, expired: str) -> None:
    if not isinstance(report, dict) or "servers" not in report:
        raise ValueError(f"reports[{number}] is not a {what} report.")
    if report.get("format") != FORMAT:
        raise ValueError(f"reports[{number}] has format {report.get('format')!r}; this release reads format {FORMAT}.")
    if expired not in report:  # a report of another type
        raise ValueError(f"reports[{number}] is not a {what} report.")
