# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The report as JUnit XML: a suite for each server, a case for each job."""

from __future__ import annotations

import typing as t
import xml.etree.ElementTree as ET

from ._data import drifts
from ._text import MEANING, change_text, clean, job_label

Entry = t.Dict[str, t.Any]

#: states of a server of which there is a case of its own
_TROUBLE = {"unreachable": "The server could not be compared.", "failed": "The server could not be compared wholly."}


def render_junit(report: Entry) -> str:
    """The report as JUnit XML, in the form that Jenkins, GitLab and others read."""
    root = ET.Element("testsuites", name="drift")
    suites = [_suite(server, report["generated"]) for server in report["servers"]]
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    root.extend(suites)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(server: Entry, generated: str) -> ET.Element:
    suite = ET.Element("testsuite", name=clean(server["name"]))
    if server["state"] in _TROUBLE:
        case = _case(suite, server["name"], "comparison")
        error = ET.SubElement(case, "error", type=server["state"], message=_TROUBLE[server["state"]])
        error.text = clean(server["message"])
    for job in server["jobs"]:
        _job(_case(suite, server["name"], job_label(job)), job)
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    suite.set("tests", str(len(suite)))
    suite.set("timestamp", clean(generated).rstrip("Z"))
    return suite


def _case(suite: ET.Element, server: str, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=clean(server), name=clean(name))


def _job(case: ET.Element, job: Entry) -> None:
    lines = [change_text(change) for change in job["changes"] if "ignored" not in change]
    if job["kind"] == "failed":
        ET.SubElement(case, "error", type="failed", message=MEANING["failed"]).text = clean(job["message"])
    elif "ignored" in job:
        why = clean(f"{job['ignored']['reason']} (until {job['ignored']['until']})")
        ET.SubElement(case, "skipped", message=f"{job['kind']}, ignored: {why}")
    elif drifts(job):
        failure = ET.SubElement(case, "failure", type=job["kind"], message=MEANING[job["kind"]])
        failure.text = "\n".join(lines)
