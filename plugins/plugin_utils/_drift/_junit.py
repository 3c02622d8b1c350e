# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The report as JUnit XML: a suite for each server, a case for the comparison itself and for each job."""

from __future__ import annotations

import itertools
import typing as t
import xml.etree.ElementTree as ET

from ...module_utils._visible import exact, visible_lines
from ._data import drifts
from ._text import MEANING, change_text, job_label

Entry = t.Dict[str, t.Any]

#: states of a server that was not compared, or not wholly
_TROUBLE = {"unreachable": "The server could not be compared.", "failed": "The server could not be compared wholly."}
#: what is counted, and the element that it counts
_COUNTS = {"failures": "failure", "errors": "error", "skipped": "skipped"}
NO_SERVER = "There was no server to compare."


def render_junit(report: Entry) -> str:
    """The report as JUnit XML, in the form that Jenkins, GitLab and others read."""
    root = ET.Element("testsuites", name="drift")
    suites = [_suite(server) for server in report["servers"]] or [_nothing()]
    root.extend(suites)
    for suite in suites:
        _count(suite)
        suite.set("timestamp", exact(report["generated"]).rstrip("Z"))
    for name in ("tests", *_COUNTS):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    root.set("time", "0")
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(server: Entry) -> ET.Element:
    """The cases of a server; there is always one, because readers take a suite without any for a broken build."""
    suite = ET.Element("testsuite", name=exact(server["name"]))
    comparison = _case(suite, "comparison")
    if server["state"] in _TROUBLE:
        error = ET.SubElement(comparison, "error", type=server["state"], message=_TROUBLE[server["state"]])
        error.text = visible_lines(server["message"])
    taken: set[str] = set()
    for job in server["jobs"]:
        name = _free(job_label(job), taken)
        taken.add(name)
        _job(_case(suite, name), job)
    return suite


def _free(name: str, taken: t.Collection[str]) -> str:
    """The name, with a number if another case has it: readers merge cases of the same name."""
    names = (f"{name} ({number})" if number > 1 else name for number in itertools.count(1))
    return next(free for free in names if free not in taken)


def _nothing() -> ET.Element:
    suite = ET.Element("testsuite", name="drift")
    ET.SubElement(_case(suite, "comparison"), "skipped", message=NO_SERVER)
    return suite


def _count(suite: ET.Element) -> None:
    suite.set("tests", str(len(suite)))
    for name, tag in _COUNTS.items():
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("time", "0")


def _case(suite: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=suite.get("name", ""), name=name, time="0")


def _job(case: ET.Element, job: Entry) -> None:
    lines = [change_text(change) for change in job["changes"] if "ignored" not in change]
    if job["kind"] == "failed":
        ET.SubElement(case, "error", type="failed", message=MEANING["failed"]).text = visible_lines(job["message"])
    elif "ignored" in job:
        why = exact(f"{job['ignored']['reason']} (until {job['ignored']['until']})")
        ET.SubElement(case, "skipped", message=f"{job['kind']}, ignored: {why}")
    elif drifts(job):
        failure = ET.SubElement(case, "failure", type=job["kind"], message=MEANING[job["kind"]])
        failure.text = "\n".join(lines) or f"{MEANING[job['kind']].capitalize()}."
