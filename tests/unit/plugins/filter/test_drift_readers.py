# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requirements of the programs that read drift reports: code scanning, test reports, comments."""

from __future__ import annotations

import gzip
import html
import json
import re
import typing as t
import unicodedata
import xml.etree.ElementTree as ET
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.filter.drift import drift_files, drift_merge
from ansible_collections.backupops.vbo365.plugins.module_utils._visible import exact
from markdown_it import MarkdownIt

from .drift_samples import (
    DOWN,
    NOW,
    REPORTS,
    TEXT,
    TIME,
    WINDOW,
    Dict,
    broken,
    everything,
    failure,
    job,
    long_report,
    report,
    result,
    same_field,
    text,
)

SOURCES = [
    "inventory/host_vars/{host}.yml",
    "host_vars/{host}/jobs.yml",
    "{host}",
    "./sites/my site/ü.yml",
    "a/{host}/{host}",
]


@pytest.fixture(scope="module", params=REPORTS)
def found(request: pytest.FixtureRequest) -> Dict:
    return REPORTS[request.param]()


# --- SARIF: what GitHub's code scanning takes ------------------------------------------------------------------------


def is_path_of_repository(uri: str) -> bool:
    """Return whether a relative reference stays below the root, however it is interpreted."""
    parts = urlsplit(uri)
    inside = [
        urljoin("https://host/root/", uri),
        urljoin("https://host/root/", "./" + unquote(uri).replace("?", "").replace("#", "")),
    ]
    return (
        bool(re.fullmatch(r"([A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+", uri))
        and not (parts.scheme or parts.netloc or parts.query or parts.fragment or uri.startswith("/"))
        and all(place.startswith("https://host/root/") for place in inside)
        and ".." not in uri.split("/")
        and not uri.endswith("/")
    )


#: a name, and whether the documentation of code scanning requires it
GITHUB: dict[str, t.Callable[[Dict], bool]] = {
    "one tool with a name": lambda run: bool(run["tool"]["driver"]["name"]),
    "at most 25,000 results, of which 5,000 count": lambda run: len(run["results"]) <= 5000,
    "each rule has an id and help": lambda run: all(
        rule["id"] and rule["help"]["text"] and rule["help"]["markdown"] for rule in run["tool"]["driver"]["rules"]
    ),
    "names of rules have at most 255 characters": lambda run: all(
        len(rule["name"]) <= 255 for rule in run["tool"]["driver"]["rules"]
    ),
    "descriptions of rules have at most 1,024 characters": lambda run: all(
        0 < len(rule[key]["text"]) <= 1024
        for rule in run["tool"]["driver"]["rules"]
        for key in ("shortDescription", "fullDescription")
    ),
    "levels": lambda run: all(one["level"] in ("error", "warning", "note", "none") for one in run["results"]),
    "each result has a rule": lambda run: all(
        run["tool"]["driver"]["rules"][one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"]
    ),
    "each result has a message of which all is shown": lambda run: all(
        0 < len(one["message"]["text"].replace("{{", "{").replace("}}", "}")) <= 1000 for one in run["results"]
    ),
    "each result has one to ten locations": lambda run: all(1 <= len(one["locations"]) <= 10 for one in run["results"]),
    "each location is a file of the repository": lambda run: all(
        is_path_of_repository(place["physicalLocation"]["artifactLocation"]["uri"])
        for one in run["results"]
        for place in one["locations"]
    ),
    "each location has a line": lambda run: all(
        place["physicalLocation"]["region"]["startLine"] == 1 for one in run["results"] for place in one["locations"]
    ),
    "each finding can be told from others and known again": lambda run: (
        len({one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]}) == len(run["results"])
    ),
}


@pytest.mark.parametrize("source", SOURCES)
def test_code_scanning_takes_every_report(found: Dict, source: str) -> None:
    page = text(found, "sarif", source)
    log = json.loads(page)
    assert log["version"] == "2.1.0" and len(log["runs"]) == 1
    assert len(gzip.compress(page.encode())) < 10_000_000
    assert [name for name, holds in GITHUB.items() if not holds(log["runs"][0])] == []


def test_the_file_of_a_host() -> None:
    found = report("vbo fra/01", result(job("Mail", "update", TIME)))
    for source, uri in (
        ((), "inventory/host_vars/vbo%20fra_01.yml"),
        (("./sites/{host}/ü.yml",), "sites/vbo%20fra_01/%C3%BC.yml"),
        (("site.yml",), "site.yml"),
    ):
        (one,) = json.loads(text(found, "sarif", *source))["runs"][0]["results"]
        assert one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri
        assert one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"].startswith("vbo fra/01/")


@pytest.mark.parametrize(
    "source",
    [
        *("", " ", ".", "/", "/etc/{host}.yml", "~/x.yml", "../{host}.yml", "a/../../b", "C:/x.yml", "file:///x.yml"),
        *(
            "https://example.com/x.yml",
            "a\\b.yml",
            "{name}.yml",
            "{{ host }}.yml",
            "{host",
            "host_vars/",
            "a\nb",
            "a\u200b",
        ),
        *(None, 7, True, ["x.yml"], {"a": "b"}),
    ],
)
def test_what_is_no_path_of_a_repository(source: t.Any) -> None:
    """It is rejected by name, whichever formats are requested."""
    with pytest.raises(AnsibleFilterError) as caught:
        drift_files(everything(), ["json"], source)
    assert str(caught.value).startswith("drift_files: source: ") and "inventory/host_vars/{host}.yml" in str(
        caught.value
    )


def test_findings_are_known_again() -> None:
    """A finding keeps its fingerprint whatever else is found; the same name elsewhere is another finding."""

    def prints(found: Dict) -> dict[str, str]:
        return {
            one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]: one["partialFingerprints"][
                "primaryLocationLineHash"
            ]
            for one in json.loads(text(found, "sarif"))["runs"][0]["results"]
        }

    few = prints(report("one", result(job("b", "update", TIME))))
    many = prints(report("one", result(job("a", "create"), job("b", "update", TEXT, WINDOW), job("c", "delete"))))
    assert few.items() <= many.items()
    assert set(few.values()).isdisjoint(prints(report("two", result(job("b", "update", TIME)))).values())


def test_thousands_of_findings_are_the_worst_ones() -> None:
    jobs = [job(f"changed {number}", "update", TIME) for number in range(5100)]
    found = drift_merge([report("one", result(*jobs, job("zz", "create"))), report("two", DOWN)], [], NOW)
    (run,) = json.loads(text(found, "sarif"))["runs"]
    assert len(run["results"]) == 5000
    assert {one["ruleId"] for one in run["results"][:2]} == {"missing", "unreachable"}
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "102 more findings" in note["message"]["text"]


# --- JUnit: what Jenkins, GitLab and Azure DevOps take ---------------------------------------------------------------

XML_1_0 = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")


def test_test_reports_take_every_report(found: Dict) -> None:
    page = text(found, "junit")
    assert XML_1_0.fullmatch(page)
    root = ET.fromstring(page.encode())
    cases = root.findall("testsuite/testcase")
    assert cases, "a report without a test fails a build"
    names = [(case.get("classname"), case.get("name")) for case in cases]
    assert len(set(names)) == len(names) and all(all(pair) for pair in names)
    assert all(float(str(element.get("time"))) == 0 for element in root.iter() if element.tag.startswith("test"))
    for element in (root, *root):
        own = element.findall(".//testcase")
        assert int(element.get("tests", 0)) == len(own) >= 1
        for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.get(key, -1)) == len([case for case in own if case.find(tag) is not None])


def test_what_passes_and_what_does_not() -> None:
    def outcomes(found: Dict) -> list[str]:
        root = ET.fromstring(text(found, "junit"))
        return [next((child.tag for child in case), "passed") for case in root.iter("testcase")]

    assert outcomes(report("one", result())) == ["passed"]
    assert outcomes(report("one", result(job("a")))) == ["passed", "passed"]
    assert outcomes(report("one", DOWN)) == ["error"]
    assert outcomes(report("one", {})) == ["error"]
    assert outcomes(drift_merge([], [], NOW)) == ["skipped"]
    assert outcomes(report("one", result(job("a", "update", TIME)))) == ["passed", "failure"]


# --- Markdown: what fits into a comment and stays text ---------------------------------------------------------------

READER = MarkdownIt("commonmark").enable("table")


def test_comments_hold_every_report(found: Dict) -> None:
    page = text(found, "markdown")
    assert len(page) <= 65_536 and len(page.encode("utf-16-le")) // 2 <= 65_536 and len(page.encode()) <= 65_536
    columns = None
    for line in page.splitlines():
        if not line.startswith("|"):
            columns = None
            continue
        bare = line.replace("\\|", "")
        columns = columns or bare.count("|")
        assert bare.count("|") == columns and line.endswith("|"), "a table that is cut"


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (lambda: long_report(20, 40), 20),
        (lambda: long_report(300, 40), 1),
        (lambda: long_report(2, 2, servers=700), 1),
        (lambda: long_report(4000, 1), 1),
        (lambda: same_field(3000, 2), 0),
    ],
)
def test_what_is_left_out_is_told(make: t.Callable[[], Dict], shown: int) -> None:
    found = make()
    page = text(found, "markdown")
    assert len(page.encode()) <= 65_536
    assert page.count("### ") >= shown
    jobs = sum(len(server["jobs"]) for server in found["servers"])
    left = re.search(r"(\d+) jobs", page.splitlines()[-1])
    fields = "more fields left out" in page
    assert fields or left, "nothing says what is missing"
    assert page.count("\n### ") + (int(left[1]) if left else 0) == jobs


def test_values_that_differ_late_are_shown_where_they_differ() -> None:
    long = "x" * 5000
    change = {"field": "description", "before": f"{long}one{long}", "after": f"{long}other{long}"}
    page = text(report("one", result(job("a", "update", change))), "markdown")
    assert "one" in page and "other" in page and "(10003 characters)" in page and len(page) < 2000


ODD = [
    *("@everyone", "@team/backup", "#1", "fixes #1", "GH-1", "owner/repo#1", "!7", "&3", "%2", "~bug", "$5", ":smile:"),
    *("<!-- hidden", "-->", "<details>", "</details>", "<img src=x>", "a|b", "`x`", "``", "[x](https://example.com)"),
    *("https://example.com", "www.example.com", "**b**", "_i_", "~~s~~", "# h", "- l", "1. l", "/close", "| a | b |"),
    *("\\|", "a\\", "&amp;", "[^1]", "$x$", "![x](y)", "* ", "===", "---", "x@example.com", "[ ] t", "cc @a, @b"),
]


@pytest.mark.parametrize("name", ODD)
def test_names_in_comments_are_only_text(name: str) -> None:
    change = {"field": f"selected_items[user {name}]", "before": name, "after": f"{name}."}
    found = drift_merge(
        [
            report(name, result(job(name, "update", change), job(f"{name} new", "create"), broken(f"{name} x", name))),
            report(f"{name} 2", failure(name, None, 500, jobs=[job(name, "update", change)])),
        ],
        [],
        NOW,
    )
    for server in found["servers"]:
        for entry in server["jobs"]:
            entry["organization"] = name
    page = text(found, "markdown")
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", page)
    assert not re.search(r"(?<!\w)@\w|#\d|GH-\d|[!&%~$]\d|(?<!\d):[\w+-]+:|(?<!\\)://|(?<!\\)www\.", outside), outside
    shown = READER.render(page)
    tags = set(re.findall(r"<(/?\w+)", shown.replace("<!-- -->", "")))
    allowed = {"h1", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "code", "br"}
    assert {tag.lstrip("/") for tag in tags} <= allowed
    plain = html.unescape(re.sub(r"<[^>]*>", "", shown.replace("<!-- -->", "")))
    assert exact(name) in plain and f"{exact(name)} / {exact(name)}: changed" in plain
    assert exact(f"selected_items[user {name}]") in plain


# --- names that look alike -------------------------------------------------------------------------------------------

ALIKE = [
    *(
        ("Mail", f"Ma{char}il")
        for char in "\u200b\u00ad\ufeff\u061c\u200e\u202d\u2060\u034f\u3164\u115f\ufe0f\U000e0041"
    ),
    *(("Finance mail", f"Finance{char}mail") for char in ("\u00a0", "\u2009", "  ", "\u3000", "\n", "\t")),
    *(("Mail", odd) for odd in ("Mail ", " Mail", "Mail\n", "\u200bMail", "Mail\ud800")),
    ("Büro", unicodedata.normalize("NFD", "Büro")),
    ("a\\u200bb", "a\u200bb"),
    ("a\\x20", "a "),
    ("👨‍👩", "👨👩"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE, ids=lambda name: ascii(name)[1:-1])
def test_no_two_names_look_alike_in_any_format(one: str, other: str) -> None:
    """Compared as people see them: without invisible characters, in one Unicode form, with blanks as in browsers."""

    def seen(name: str, kind: str) -> str:
        changes = [{"field": f"selected_items[user {name}]", "before": name, "after": [name]}]
        found = report(
            "one", result(job(name, "update", *changes), job(f"{name}.", "create"), broken(f"x{name}", name))
        )
        shown = text(found, kind)
        shown = re.sub(r'"(drift/v1|primaryLocationLineHash)": "[^"]*"', "", shown)
        shown = re.sub(
            "[\u00ad\u034f\u061c\u115f\u1160\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]",
            "",
            shown,
        )
        return " ".join(unicodedata.normalize("NFC", shown).split())

    for kind in ("markdown", "junit", "sarif", "html"):
        assert seen(one, kind) != seen(other, kind), kind


def test_names_of_every_script_are_readable_in_every_format() -> None:
    names = ["Büro", "Straße", "日本支社", "العربية", "हिन्दी", "ไทย", "한국", "Україна", "🗄 archive"]
    found = report("Zürich", result(*[job(name, "update", TIME) for name in names]))
    for kind in ("json", "markdown", "junit", "sarif", "html"):
        page = text(found, kind)
        assert [name for name in [*names, "Zürich"] if name not in page] == [], kind
