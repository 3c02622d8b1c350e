# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The report as JUnit XML: a suite for each server, a case for the comparison itself and for each job."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from ...module_utils._types import Data
from ...module_utils._visible import exact, visible_lines
from .._junit import Suite, document, outcome
from ._data import drifts
from ._text import MEANING, change_text, job_label

#: states of a server that was not compared, or not wholly
_TROUBLE = {
    "unreachable": "The server could not be compared.",
    "failed": "The server could not be compared completely.",
}
NO_SERVER = "There were no servers to compare."


def render_junit(report: Data) -> str:
    """The report as JUnit XML."""
    suites = [_suite(server) for server in report["servers"]] or [_nothing()]
    return document("drift", suites, report["generated"])


def _suite(server: Data) -> Suite:
    """The cases of a server; there is always one, because readers take a suite without any for a broken build."""
    suite = Suite(server["name"])
    comparison = suite.case("comparison")
    if server["state"] in _TROUBLE:
        text = visible_lines(server["message"])
        outcome(comparison, "error", _TROUBLE[server["state"]], server["state"], text)
    for job in server["jobs"]:
        _job(suite.case(job_label(job)), job)
    return suite


def _nothing() -> Suite:
    suite = Suite("drift")
    outcome(suite.case("comparison"), "skipped", NO_SERVER)
    return suite


def _job(case: ET.Element, job: Data) -> None:
    lines = [change_text(change) for change in job["changes"] if "ignored" not in change]
    if job["kind"] == "failed":
        outcome(case, "error", MEANING["failed"], "failed", visible_lines(job["message"]))
    elif "ignored" in job:
        why = exact(f"{job['ignored']['reason']} (until {job['ignored']['until']})")
        outcome(case, "skipped", f"{job['kind']}, ignored: {why}")
    elif drifts(job):
        text = "\n".join(lines) or f"{MEANING[job['kind']].capitalize()}."
        outcome(case, "failure", MEANING[job["kind"]], job["kind"], text)
