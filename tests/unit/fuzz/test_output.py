# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arbitrary texts of a server in files: variables are read back unchanged, and reports show them as text."""

from __future__ import annotations

import html.parser
import math
import typing as t

from ansible.parsing.dataloader import DataLoader
from ansible_collections.backupops.vbo365.plugins.filter.drift import drift_files, drift_report
from ansible_collections.backupops.vbo365.plugins.filter.export import FilterModule
from ansible_collections.backupops.vbo365.plugins.module_utils._core._yaml import yaml_text
from ansible_collections.backupops.vbo365.plugins.plugin_utils._drift._formats import FORMATS
from hypothesis import example, given
from hypothesis import strategies as st

from .search import search
from .values import ODD_TEXTS, phrases, values

FILTERS = FilterModule().filters()
MARKUP = phrases(
    [
        *("{{ 7 * 7 }}", "{% raw %}", "{#", "#jinja2:", "!unsafe ", "<script>", "</title>", "'\">", "&amp;", "]]>"),
        *("- x: y", "|", "`"),
    ],
    ["", " ", "\n"],
)
#: without surrogates, which the client removes from every answer
TEXTS = st.one_of(MARKUP, ODD_TEXTS).map(lambda text: text.encode("utf-8", "replace").decode())
LEAVES = st.one_of(TEXTS, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False))


@search(100)
@given(values(LEAVES, TEXTS))
@example([1e300, -1e-300, 1e16, math.inf, -math.inf])
@example({"{{ x }}": "{{ x }}"})
def test_a_variable_is_read_back(value: t.Any) -> None:
    text = yaml_text({"value": value})
    assert DataLoader().load(text)["value"] == value
    assert yaml_text({"value": value}) == text


@search(40)
@given(st.lists(st.fixed_dictionaries({"name": TEXTS, "organization": TEXTS, "description": TEXTS}), max_size=3))
def test_exported_jobs_are_read_back(jobs: list[dict[str, t.Any]]) -> None:
    assert DataLoader().load(FILTERS["to_job_yaml"](jobs, "Exported"))["vbo_jobs_list"] == jobs


class Page(html.parser.HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[t.Any] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add((tag, tuple(sorted(key for key, _unused in attrs))))


def report(text: str) -> dict[str, str]:
    """Return the files of a report in which every text of the server is this one."""
    change = {"field": "description", "before": text, "after": [text]}
    job = {
        "name": text,
        "organization": text,
        "id": text,
        "action": "update",
        "status": "ok",
        "changes": [change],
        "before": {"description": text},
        "after": {"description": text},
    }
    result = {"jobs": [job], "unmanaged": [{"name": text, "organization": text, "id": text}], "api_version": text}
    found = drift_report(result, text, "https://vbo.example.com", [], "2026-11-24T02:00:12Z")
    return {file["name"]: file["content"] for file in drift_files(found, list(FORMATS))}


@search(40)
@given(TEXTS.filter(bool))
@example("<script>alert(1)</script>")
@example("'\"><img src=x onerror=alert(1)>")
def test_a_report_shows_text_as_text(text: str) -> None:
    """The page has the same tags and attributes as with a harmless name."""
    assert Page(report(text)["drift.html"]).tags <= Page(report("harmless")["drift.html"]).tags
