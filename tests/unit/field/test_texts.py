# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts as editors write and servers store them: dashes, line breaks, surrounding blanks, empty lists."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.filter.drift import drift_report
from ansible_collections.backupops.vbo365.plugins.filter.window import FilterModule
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._items import parse_items
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._clock import parse_time
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._window import parse_window

from ..plugins.conftest import QUICK
from ..support.full import ends
from ..support.sandbox import Server
from ..support.tasks import Tasks

JOB = {"name": "Finance mail", "organization": "contoso.onmicrosoft.com"}

# --- windows and times -----------------------------------------------------------------------------------------------

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
WINDOWS = ["Mon-Fri 19:00-07:00", "Fri 19:00 - Mon 07:00", "Mon, Wed - Fri 08:00 - 12:00", "Sat-Sun"]


@pytest.mark.parametrize("dash", DASHES, ids=lambda dash: f"U+{ord(dash):04X}")
def test_dashes_of_a_word_processor(dash: str) -> None:
    for text in WINDOWS:
        assert parse_window([text.replace("-", dash)]) == parse_window([text])
        assert parse_window([text.replace(" ", "\u00a0").replace("-", dash)]) == parse_window([text])
    assert FilterModule().filters()["window_to_hours"](f"Sat{dash}Sun") == parse_window("Sat-Sun")


@pytest.mark.parametrize(
    ("text", "char"),
    [
        ("Mon-Fri 19\uff1a00-07:00", "U+FF1A FULLWIDTH COLON"),
        ("Mon\u2192Fri 19:00-07:00", "U+2192 RIGHTWARDS ARROW"),
        ("\u041con-Fri", "U+041C CYRILLIC CAPITAL LETTER EM"),
        ("Mon\u2053Fri 19:00-07:00", "U+2053 SWUNG DASH"),
        ("Mon-\u200bFri", "U+200B ZERO WIDTH SPACE"),
        ("Mon\u00ad-Fri 19:00-07:00", "U+00AD SOFT HYPHEN"),
    ],
)
def test_other_characters_are_named(text: str, char: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_window([text], "backup_window")
    assert caught.value.option == "backup_window[0]" and char in caught.value.message
    with pytest.raises(InputError) as caught:
        parse_time(text.split()[-1], "daily_time")
    assert caught.value.option == "daily_time" and ("U+" in caught.value.message) == (not text.split()[-1].isascii())


# --- descriptions ----------------------------------------------------------------------------------------------------

TEXTS = [
    "one line\n",
    "two\nlines\n",
    "two\r\nlines\r\n",
    "old\rMac",
    " \tends ",
    "\u00a0no break\u00a0",
    "\n",
    "mixed\r\nand\nso on\n\n",
    "plain",
    "",
]


@pytest.mark.parametrize("kept", ["keep", "trim", "crlf", "lf"])
def test_descriptions_settle(server: Server, v8: Tasks, kept: str) -> None:
    """Whatever the server makes of a text, it is written once; afterwards there is no change and no drift."""
    server.reset(("v8",), **QUICK, texts=kept)
    for number, text in enumerate(TEXTS):
        if text.strip():
            new = {**JOB, "name": f"New {number}", "repository": "repo-fra-01", "backup_type": "selected_items"}
            items = [{"type": "group", "name": "engineering@contoso.com"}]
            v8.twice("vbo_job", **new, description=text, selected_items=items)
        v8.run("vbo_job", **JOB, description=f"before {number}")
        v8.twice("vbo_job", **JOB, description=text)
        if kept == "keep":
            assert (server.job("Finance mail") or {}).get("description", "") == text
        for other in (text, text.strip(), text.replace("\r\n", "\n"), f"{text}\n"):
            checked = v8.raw("vbo_jobs", check=True, details=True, jobs=[{**JOB, "description": other}])
            report = drift_report(checked, "vbo-1", now="2026-11-26T12:00:00Z")
            assert report["totals"]["changed"] == 0
            check, run = (v8.raw("vbo_job", check=check, **JOB, description=other) for check in (True, False))
            assert check["job"] == run["job"] and not run["changed"], "what is shown is what is there"
        assert v8.run("vbo_job", **JOB, description=f"{text}.")["changed"]
    jobs = v8.raw("vbo_job_info", items=True)["config"]
    assert not v8.run("vbo_jobs", jobs=jobs)["changed"]


def test_folders_that_nobody_means() -> None:
    """A server that trims names would never show the requested one."""
    for folder in ("Documents ", "Documents\n", "\ufeffDocuments"):
        with pytest.raises(InputError) as caught:
            parse_items([{"type": "one_drive_folders", "folders": ["Pictures", folder]}], "excluded_items")
        assert caught.value.option == "excluded_items[0].folders[1]" and "U+" in caught.value.message


# --- empty lists -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ends(["v3", "v5", "v8"]))
@pytest.mark.parametrize("form", ["list", "array", "null", "null_results", "404"])
def test_empty_lists_of_items(server: Server, form: str, version: str) -> None:
    tasks = Tasks(server, version, "controller")
    server.reset((version,), **QUICK, empty_items=form)
    for job in [job for job in server.state()["jobs"] if job["excluded_items"]][:1]:
        tasks.twice("vbo_job", name=job["name"], excluded_items=[])
    empty = [job["name"] for job in server.state()["jobs"] if not job["excluded_items"]]
    assert empty
    for name in empty[:2]:
        assert not tasks.run("vbo_job", name=name, excluded_items=[])["changed"]
    checked = tasks.raw(
        "vbo_jobs", check=True, details=True, jobs=[{"name": name, "excluded_items": []} for name in empty]
    )
    report = drift_report(checked, "vbo-1", now="2026-11-26T12:00:00Z")
    assert (report["totals"]["same"] if "same" in report["totals"] else len(empty)) == len(empty)
    assert report["totals"]["changed"] == report["totals"]["jobs_failed"] == 0
    shown = {job["name"]: job["excluded_items"] for job in tasks.raw("vbo_job_info", items=True)["jobs"]}
    assert [shown[name] for name in empty] == [[]] * len(empty)
    gone = tasks.raw("vbo_job", id="51e0c7aa-93b4-4d26-b8f1-000000000000", excluded_items=[])
    assert gone["failed"], "a job that is not there is no empty list"


def test_a_job_that_goes_while_its_items_are_read(v8: Tasks) -> None:
    v8.server.control(
        "PUT", "faults", [{"match": {"method": "GET", "path": "/ExcludedItems"}, "then": {"meanwhile": "delete"}}]
    )
    first = v8.server.state()["jobs"][0]["name"]
    result: dict[str, t.Any] = v8.raw("vbo_job", check=True, name=first, excluded_items=[])
    v8.server.control("DELETE", "faults")
    assert result["failed"] and v8.server.job(first) is None
