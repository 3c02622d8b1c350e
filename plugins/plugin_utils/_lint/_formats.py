# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The formats of a lint report: JSON, Markdown, JUnit, SARIF and HTML. Names and texts of servers stay text."""

from __future__ import annotations

import typing as t

from ...module_utils._types import Data
from ...module_utils._visible import exact, visible, visible_lines
from .._drift._markdown import KEEP, rule_text, sentence
from .._drift._text import job_label
from .._formats import Formats, render, render_json
from .._junit import Suite, document, outcome
from .._markdown import Page, plain
from .._page._render import render as render_page
from .._sarif import HOME, SOURCE, Checker, allow, uri_of
from .._sarif import Rule as SarifRule
from .._temporary_report import add_to, shown_of
from .._words import counted
from ._findings import STATES, open_findings
from ._rules import RULES, SEVERITIES

GUIDE = f"{HOME}/blob/main/docs/docsite/rst/lint.rst"
#: states of a server whose jobs could not be read, and the findings about them
TROUBLE = {
    "failed": ("Server or declaration that could not be read", "Read the message: it names what is wrong."),
    "unreachable": ("Server that did not answer", "Look at the server and at the network in between."),
}
#: jobs that the page shows in full
MOST = 1000
_NOTHING = "There were no servers to check."


def allowed_text(finding: Data) -> str:
    """Why a finding may be there, and until when."""
    return f"{finding['excepted']['reason']} (until {finding['excepted']['until']})"


# --- Markdown --------------------------------------------------------------------------------------------------------


def render_markdown(report: Data) -> str:
    """The report as a page of GitHub-flavoured Markdown that fits into a comment."""
    page = Page()
    page.add("# Lint report", "", f"{sentence(report['summary'])} {plain(exact(report['generated']))}")
    troubled = [server for server in report["servers"] if server["state"] in TROUBLE]
    head = ["## Not checked", "", "| server | state | message |", "|---|---|---|"]
    rows = [f"| {plain(exact(one['name']))} | {one['state']} | {sentence(one['message'])} |" for one in troubled]
    left = {"servers": page.table(head, rows, share=0.3, keep=KEEP)}
    left["rules"] = _rules_table(page, report)
    left["jobs"] = _jobs(page, report)
    left["overrides and freezes"] = add_to(page, report["servers"], KEEP)
    head = ["## Expired exceptions", "", "| until | exception | reason |", "|---|---|---|"]
    rows = [
        f"| {plain(rule['until'])} | {plain(rule_text(rule))} | {plain(exact(rule['reason']))} |"
        for rule in report["expired_exceptions"]
    ]
    left["expired exceptions"] = page.table(head, rows, keep=KEEP)
    out = ", ".join(f"{number} {what}" for what, number in left.items() if number)
    if out:
        page.add(f"Left out to fit into a comment: {out}. The other formats of the report contain everything.")
    return page.text()


def _rules_table(page: Page, report: Data) -> int:
    head = ["## Rules", "", "| rule | severity | findings | what to do | source |", "|---|---|--:|---|---|"]
    rows = []
    for rule in rules_of(report):
        cells = (f"`{rule['rule']}`", rule["severity"], str(rule["number"]), sentence(rule["advice"]))
        rows.append(f"| {' | '.join(cells)} | {sentence(rule['source'])} |")
    return page.table(head, rows, share=0.4, keep=KEEP)


def rules_of(report: Data) -> list[Data]:
    """The rules that found something, those with the worst and most findings first."""
    found: dict[str, Data] = {}
    for server in report["servers"]:
        for job in server["jobs"]:
            for finding in open_findings(job):
                rule = found.setdefault(finding["rule"], {**finding, "number": 0})
                rule["number"] += 1
                if SEVERITIES.index(finding["severity"]) < SEVERITIES.index(rule["severity"]):
                    rule["severity"] = finding["severity"]
    return sorted(found.values(), key=lambda rule: (SEVERITIES.index(rule["severity"]), -rule["number"], rule["rule"]))


def _jobs(page: Page, report: Data) -> int:
    """The findings of each job, server by server; how many jobs are not there."""
    out = 0
    for server in report["servers"]:
        jobs = [job for job in server["jobs"] if open_findings(job)]
        if not jobs:
            continue
        if not page.add(f"## {plain(exact(server['name']))}", keep=KEEP):
            out += len(jobs)
            continue
        for job in jobs:
            lines = [
                f"- {finding['severity']}, `{finding['rule']}`: {sentence(finding['message'])}"
                for finding in open_findings(job)
            ]
            out += not page.add(f"### {plain(job_label(job))}", "", *lines, keep=KEEP)
    return out


# --- JUnit -----------------------------------------------------------------------------------------------------------


def render_junit(report: Data) -> str:
    """The report as JUnit XML: a suite for each server, a case for reading it and for each job."""
    suites = [_suite(server) for server in report["servers"]]
    if not suites:
        suites = [Suite("lint")]
        outcome(suites[0].case("reading"), "skipped", _NOTHING)
    return document("lint", suites, report["generated"])


def _suite(server: Data) -> Suite:
    suite = Suite(server["name"])
    reading = suite.case("reading")
    if server["state"] in TROUBLE:
        text = visible_lines(server["message"])
        outcome(reading, "error", f"{TROUBLE[server['state']][0]}.", server["state"], text)
    for job in server["jobs"]:
        case, found = suite.case(job_label(job)), open_findings(job)
        if found:
            lines = [
                f"{one['rule']} ({one['severity']}): {visible(one['message'])} {visible(one['advice'])}"
                for one in found
            ]
            outcome(case, "failure", f"{counted(len(found), 'finding')}.", found[0]["severity"], "\n".join(lines))
        elif job["findings"]:
            why = "; ".join(dict.fromkeys(map(allowed_text, job["findings"])))
            outcome(case, "skipped", f"allowed: {exact(why)}")
    return suite


# --- SARIF -----------------------------------------------------------------------------------------------------------


def render_sarif(report: Data, source: str = SOURCE) -> str:
    """The report as a SARIF log with one run, whose findings name the file in which their server is declared."""
    rules = {rule.id: SarifRule(rule.title, f"{rule.advice} Source: {rule.source}.", rule.severity) for rule in RULES}
    rules.update({state: SarifRule(*words, "error") for state, words in TROUBLE.items()})
    for server in report["servers"]:
        for job in server["jobs"]:
            for finding in job["findings"]:
                words = visible(finding["advice"])[:900]
                rules.setdefault(finding["rule"], SarifRule(words[:200], words, finding["severity"]))
    checker = Checker("lint", GUIDE, "What the rules look for", rules)
    results = [
        result for server in report["servers"] for result in _results(checker, server, uri_of(source, server["name"]))
    ]
    return checker.log(results, report)


def _results(checker: Checker, server: Data, uri: str) -> t.Iterator[Data]:
    if server["state"] in TROUBLE:
        yield checker.result(server["state"], [server["name"]], [visible_lines(server["message"])], uri)
    for job in server["jobs"]:
        for finding in job["findings"]:
            lines = [visible(finding["message"]), visible(finding["advice"])]
            lines += [f"Source: {visible(finding['source'])}."] if finding["source"] else []
            path = [server["name"], job["organization"], job["name"]]
            result = checker.result(finding["rule"], path, lines, uri, finding["severity"])
            if "excepted" in finding:
                allow(result, finding["excepted"])
            yield result


# --- HTML ------------------------------------------------------------------------------------------------------------


def render_html(report: Data) -> str:
    """The report as one page that needs nothing else."""
    servers = sorted(report["servers"], key=lambda server: STATES.index(server["state"]))
    left, shown = MOST, []
    for number, server in enumerate(servers):
        jobs = [job for job in server["jobs"] if job["findings"]]
        shown.append(
            {**server, "anchor": f"server-{number}", "number": len(server["jobs"]), "jobs": jobs[: max(0, left)]}
        )
        shown[-1]["more"] = len(jobs) - len(shown[-1]["jobs"])
        left -= len(shown[-1]["jobs"])
    return render_page(
        "lint.html.j2",
        report=report,
        totals=report["totals"],
        rules=rules_of(report),
        servers=shown,
        allowed=allowed_text,
        lines=visible_lines,
        rule_text=rule_text,
        temporary=shown_of(report["servers"]),
    )


FORMATS: Formats = {
    "json": ("lint.json", lambda report, source: render_json(report)),
    "markdown": ("lint.md", lambda report, source: render_markdown(report)),
    "junit": ("lint.junit.xml", lambda report, source: render_junit(report)),
    "sarif": ("lint.sarif", render_sarif),
    "html": ("lint.html", lambda report, source: render_html(report)),
}


def files_of(report: Data, formats: t.Sequence[str], source: t.Any = SOURCE) -> list[dict[str, str]]:
    """The files of a report: name and text.

    :raises ValueError: when a format is not known, or the path is not one of a repository
    """
    return render(report, formats, source, FORMATS)
