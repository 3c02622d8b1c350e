# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The report as SARIF 2.1.0, for the places that show findings of code checkers."""

from __future__ import annotations

import hashlib
import json
import typing as t

from ._data import DIFFERENCES, KINDS
from ._text import MEANING, change_text, clean

Entry = t.Dict[str, t.Any]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://github.com/backupops/vbo365"
#: id of a rule: what it finds
RULES = {
    "missing": f"Job {MEANING['missing']}",
    "changed": f"Job {MEANING['changed']}",
    "unexpected": f"Job {MEANING['unexpected']}",
    "failed": "Job or server that could not be compared",
    "unreachable": "Server that did not answer",
}
_LEVELS = {"missing": "error", "changed": "warning", "unexpected": "warning", "failed": "error", "unreachable": "error"}


def render_sarif(report: Entry) -> str:
    """The report as a SARIF log with one run."""
    driver = {
        "name": "backupops.vbo365 drift",
        "informationUri": HOME,
        "rules": [
            {"id": rule, "shortDescription": {"text": text}, "defaultConfiguration": {"level": _LEVELS[rule]}}
            for rule, text in RULES.items()
        ],
    }
    complete = not (report["totals"]["unreachable"] or report["totals"]["failed"])
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": complete, "endTimeUtc": report["generated"]}],
        "results": [result for server in report["servers"] for result in _results(server)],
        "columnKind": "unicodeCodePoints",
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"


def _results(server: Entry) -> t.Iterator[Entry]:
    if server["state"] in ("unreachable", "failed"):
        yield _result(server["state"], [server["name"]], server["message"])
    for job in server["jobs"]:
        if job["kind"] not in KINDS[:-1]:
            continue
        path = [server["name"], job["organization"], job["name"]]
        text = f"{MEANING[job['kind']].capitalize()}."
        lines = [change_text(change) for change in job["changes"] if "ignored" not in change or "ignored" in job]
        found = _result(job["kind"], path, "\n".join([text, *lines, *filter(None, [job.get("message")])]))
        if job["kind"] in DIFFERENCES and "ignored" in job:
            why = f"{job['ignored']['reason']} (until {job['ignored']['until']})"
            found["suppressions"] = [{"kind": "external", "justification": clean(why)}]
        yield found


def _result(rule: str, path: list[t.Any], text: str) -> Entry:
    names = [clean(part) for part in path]
    whole = "/".join(names)
    return {
        "ruleId": rule,
        "ruleIndex": list(RULES).index(rule),
        "level": _LEVELS[rule],
        # braces stand for arguments in a message of SARIF
        "message": {"text": clean(f"{' / '.join(names)}: {text}").replace("{", "{{").replace("}", "}}")},
        "locations": [{"logicalLocations": [{"name": names[-1], "fullyQualifiedName": whole, "kind": "resource"}]}],
        "partialFingerprints": {"drift/v1": hashlib.sha256(f"{rule}\n{whole}".encode()).hexdigest()},
    }
