# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The report as Markdown: differences of several servers first, limited to the size of a comment."""

from __future__ import annotations

import typing as t

from ...module_utils._types import Data
from ...module_utils._visible import exact, visible
from .._markdown import Page, code, plain
from .._temporary_report import add_to
from .._words import counted
from ._data import DIFFERENCES, STATES, drifts, ignored
from ._text import MEANING, job_label, server_counts, value_pair

MOST_FIELDS = 15  # of a job
LONGEST_VALUE = 160  # characters of a value
LONGEST_MESSAGE = 1000
#: bytes for the line about omitted parts
KEEP = 400


def render_markdown(report: Data) -> str:
    """The report as a page of GitHub-flavoured Markdown."""
    page = Page()
    troubled = [server for server in report["servers"] if server["state"] != "ok"]
    troubled.sort(key=lambda server: STATES.index(server["state"]))
    page.add("# Drift report", "", f"{sentence(report['summary'])} {plain(exact(report['generated']))}")
    left = {"common differences": _common(page, report["common"]), "servers": _servers(page, troubled)}
    left["jobs in short"], left["jobs"] = _jobs(page, troubled)
    left["overrides and freezes"] = add_to(page, report["servers"], KEEP)
    left["expired rules"] = _expired(page, report["expired_rules"])
    out = ", ".join(f"{number} {what}" for what, number in left.items() if number and what != "jobs in short")
    short = left["jobs in short"]
    lines = [f"Left out to fit into a comment: {out}."] if out else []
    lines += [f"Fields left out to fit into a comment: those of {counted(short, 'job')}."] if short else []
    if lines:
        page.add(" ".join([*lines, "The other formats of the report contain everything."]))
    return page.text()


def rule_text(rule: Data) -> str:
    """Describe what a rule covers."""
    return exact(", ".join(f"{key} {value}" for key, value in rule.items() if key not in ("reason", "until")))


def _common(page: Page, entries: t.Sequence[Data]) -> int:
    """Add the table of common differences to the page; return how many rows do not fit."""
    head = ["## In common", "", "| difference | servers | jobs | on the server → declared |", "|---|--:|--:|---|"]
    rows = []
    for entry in entries:
        values = [_values(value, entry) for value in entry["values"]]
        values += [f"{entry['more_values']} other pairs of values"] if entry["more_values"] else []
        values = values or [MEANING[entry["kind"]]]
        name = code(exact(entry["name"])) if entry["kind"] == "changed" else plain(exact(entry["name"]))
        rows.append(f"| {entry['kind']}: {name} | {entry['servers']} | {entry['jobs']} | {'<br>'.join(values)} |")
    return page.table(head, rows, share=0.3, keep=KEEP)


def _values(value: Data, entry: Data) -> str:
    before, after = value_pair(value["before"], value["after"], LONGEST_VALUE // 2)
    where = f" ({counted(value['servers'], 'server')})" if len(entry["values"]) > 1 else ""
    return f"{code(before)} → {code(after)}{where}"


def _servers(page: Page, troubled: t.Sequence[Data]) -> int:
    head = ["## Servers", "", "| server | state | missing | changed | unexpected |", "|---|---|--:|--:|--:|"]
    rows = []
    for server in troubled:
        counts = " | ".join(str(number) for number in server_counts(server).values())
        rows.append(f"| {plain(exact(server['name']))} | {server['state']} | {counts} |")
    return page.table(head, rows, share=0.4, keep=KEEP)


def _jobs(page: Page, troubled: t.Sequence[Data]) -> tuple[int, int]:
    """The jobs of each server; how many are there without their fields, and how many are not there."""
    short = out = 0
    for server in troubled:
        jobs = [job for job in server["jobs"] if drifts(job) or job["kind"] == "failed"]
        lines = [f"## {plain(exact(server['name']))}"]
        if server["message"]:
            lines += ["", f"Not compared: {sentence(server['message'])}"]
        allowed = sum(map(ignored, server["jobs"]))
        lines += ["", f"{counted(allowed, 'more job')} with differences that ignore rules allow."] if allowed else []
        if not page.add(*lines, keep=KEEP):
            out += len(jobs)
            continue
        for job in jobs:
            if page.add(*_job(job), keep=KEEP):
                continue
            if page.add(f"### {plain(job_label(job))}: {job['kind']}", keep=KEEP):
                short += 1
            else:
                out += 1
    return short, out


def _job(job: Data) -> list[str]:
    lines = [f"### {plain(job_label(job))}: {job['kind']}", ""]
    changes = [change for change in job["changes"] if "ignored" not in change]
    if job["kind"] == "failed":
        return [*lines, f"Not compared: {sentence(job['message'])}"]
    if job["kind"] in DIFFERENCES and not changes:
        return [*lines, f"{MEANING[job['kind']].capitalize()}."]
    lines += ["| field | on the server | declared |", "|---|---|---|"]
    for change in changes[:MOST_FIELDS]:
        before, after = value_pair(change["before"], change["after"], LONGEST_VALUE)
        lines.append(f"| {code(exact(change['field']))} | {code(before)} | {code(after)} |")
    more = len(changes) - MOST_FIELDS
    return [*lines, "", f"{counted(more, 'more field')} left out."] if more > 0 else lines


def _expired(page: Page, rules: t.Sequence[Data]) -> int:
    head = ["## Expired ignore rules", "", "| until | rule | reason |", "|---|---|---|"]
    rows = [f"| {plain(rule['until'])} | {plain(rule_text(rule))} | {plain(exact(rule['reason']))} |" for rule in rules]
    return page.table(head, rows, keep=KEEP)


def sentence(text: str) -> str:
    """Return a sentence from a server as one line, escaped for Markdown."""
    line = visible(text).strip()
    return plain(line if len(line) <= LONGEST_MESSAGE else f"{line[:LONGEST_MESSAGE]}…")
