# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The report as SARIF 2.1.0."""

from __future__ import annotations

import typing as t

from ...module_utils._types import Data
from ...module_utils._visible import visible_lines
from .._sarif import HOME, SOURCE, Checker, Rule, allow, uri_of
from ._data import DIFFERENCES, KINDS
from ._text import MEANING, change_text

DRIFT = Checker(
    "drift",
    f"{HOME}/blob/main/docs/docsite/rst/drift.rst",
    "How drift is found",
    {
        "missing": Rule(
            f"Job {MEANING['missing']}",
            "Apply the declaration to create the job, or remove it from the declaration.",
            "error",
        ),
        "changed": Rule(
            f"Job {MEANING['changed']}",
            "Apply the declaration to take the change back, or declare the new values.",
            "warning",
        ),
        "unexpected": Rule(
            f"Job {MEANING['unexpected']}",
            "Declare the job, delete it, or limit the scope to the jobs that are yours.",
            "warning",
        ),
        "failed": Rule(
            "Job or server that could not be compared",
            "Read the message: it names what is wrong with the declaration or on the server.",
            "error",
        ),
        "unreachable": Rule(
            "Server that did not answer",
            "Look at the server and at the network in between. Nothing is known of its jobs.",
            "error",
        ),
    },
)


def render_sarif(report: Data, source: str = SOURCE) -> str:
    """The report as a SARIF log with one run.

    :arg source: a checked path below the root of the repository, see :func:`.._sarif.parse_source`
    """
    results = [result for server in report["servers"] for result in _results(server, uri_of(source, server["name"]))]
    return DRIFT.log(results, report)


def _results(server: Data, uri: str) -> t.Iterator[Data]:
    if server["state"] in ("unreachable", "failed"):
        yield DRIFT.result(server["state"], [server["name"]], [visible_lines(server["message"])], uri)
    for job in server["jobs"]:
        if job["kind"] not in KINDS[:-1]:
            continue
        lines = [change_text(change) for change in job["changes"] if "ignored" not in change or "ignored" in job]
        lines += [visible_lines(job["message"])] if job.get("message") else []
        path = [server["name"], job["organization"], job["name"]]
        found = DRIFT.result(job["kind"], path, [f"{MEANING[job['kind']].capitalize()}.", *lines], uri)
        if job["kind"] in DIFFERENCES and "ignored" in job:
            allow(found, job["ignored"])
        yield found
