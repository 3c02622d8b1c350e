# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The report as SARIF 2.1.0, within the limits of the places that show findings of code checkers.

GitHub refuses a file whole when one result names no file of the repository, and takes two results of the same rule and
file for one unless their fingerprints differ. It shows the first 5,000 results, and 1,000 characters of a message.
"""

from __future__ import annotations

import hashlib
import json
import re
import typing as t
from urllib.parse import quote

from ...module_utils._errors import shown
from ...module_utils._visible import exact, visible, visible_lines
from .._words import counted
from ._data import DIFFERENCES, KINDS
from ._text import MEANING, change_text

Entry = t.Dict[str, t.Any]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://github.com/backupops/vbo365"
HELP = f"{HOME}/blob/main/docs/docsite/rst/drift.rst"
#: where a host is declared, below the root of the repository
SOURCE = "inventory/host_vars/{host}.yml"
MOST, LONGEST = 5000, 1000
#: id of a rule: what it finds, what to do about it
RULES = {
    "missing": (
        f"Job {MEANING['missing']}",
        "Apply the declaration to create the job, or remove it from the declaration.",
    ),
    "changed": (
        f"Job {MEANING['changed']}",
        "Apply the declaration to take the change back, or declare the new values.",
    ),
    "unexpected": (
        f"Job {MEANING['unexpected']}",
        "Declare the job, delete it, or limit the scope to the jobs that are yours.",
    ),
    "failed": (
        "Job or server that could not be compared",
        "Read the message: it names what is wrong with the declaration or on the server.",
    ),
    "unreachable": (
        "Server that did not answer",
        "Look at the server and at the network in between. Nothing is known of its jobs.",
    ),
}
_LEVELS = {"missing": "error", "changed": "warning", "unexpected": "warning", "failed": "error", "unreachable": "error"}
_WORST_FIRST = ("error", "warning", "note")


def render_sarif(report: Entry, source: str = SOURCE) -> str:
    """The report as a SARIF log with one run.

    :arg source: a checked path below the root of the repository, see :func:`parse_source`
    """
    results = [result for server in report["servers"] for result in _results(server, uri_of(source, server["name"]))]
    results.sort(key=lambda result: _WORST_FIRST.index(result["level"]))
    _tell_apart(results)
    complete = not (report["totals"]["unreachable"] or report["totals"]["failed"])
    invocation: Entry = {"executionSuccessful": complete, "endTimeUtc": report["generated"]}
    if len(results) > MOST:
        text = (
            f"{counted(len(results) - MOST, 'more finding')} left out. The other formats of the report have everything."
        )
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    run = {
        "tool": {
            "driver": {"name": "backupops.vbo365 drift", "informationUri": HOME, "rules": list(map(_rule, RULES))}
        },
        "invocations": [invocation],
        "results": results[:MOST],
        "columnKind": "unicodeCodePoints",
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"


def parse_source(source: t.Any) -> str:
    """The path of the file in which a host is declared, with C({host}) for the host.

    :raises ValueError: when it is not a path below the root of a repository
    """
    path = str(source)
    for wrong, why in (
        (not isinstance(source, str), "is not text"),
        (not path.strip("/. "), "is empty"),
        (path.startswith(("/", "~")) or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", path), "is not relative"),
        (".." in path.split("/"), "leads out of the repository"),
        ("\\" in path, "has a backslash"),
        (path.endswith("/"), "is a folder"),
        (re.search(r"[{}]", path.replace("{host}", "")), "has another placeholder than {host}"),
        (exact(path) != path, "has a character that nobody sees"),
    ):
        if wrong:
            raise ValueError(f"source: {shown(source)} {why}; write a path below the repository, for example {SOURCE}.")
    return re.sub(r"^(\./)+", "", path)


def uri_of(source: str, host: str) -> str:
    """The file of a host as a relative reference, whatever its name."""
    name = re.sub(r"[/\\]|^\.+$", "_", str(host))  # no name leads into another folder, in whichever form it is read
    name = quote(name, safe="", errors="replace")
    return "/".join(quote(part).replace("%7Bhost%7D", name) for part in source.split("/"))


def _rule(rule: str) -> Entry:
    title, advice = RULES[rule]
    return {
        "id": rule,
        "name": f"Drift{rule.capitalize()}",
        "shortDescription": {"text": title},
        "fullDescription": {"text": f"{title}. {advice}"},
        "help": {"text": advice, "markdown": f"{advice} [How drift is found]({HELP})"},
        "helpUri": HELP,
        "defaultConfiguration": {"level": _LEVELS[rule]},
        "properties": {"tags": ["drift"], "problem.severity": _LEVELS[rule]},
    }


def _results(server: Entry, uri: str) -> t.Iterator[Entry]:
    if server["state"] in ("unreachable", "failed"):
        yield _result(server["state"], [server["name"]], [visible_lines(server["message"])], uri)
    for job in server["jobs"]:
        if job["kind"] not in KINDS[:-1]:
            continue
        lines = [change_text(change) for change in job["changes"] if "ignored" not in change or "ignored" in job]
        lines += [visible_lines(job["message"])] if job.get("message") else []
        path = [server["name"], job["organization"], job["name"]]
        found = _result(job["kind"], path, [f"{MEANING[job['kind']].capitalize()}.", *lines], uri)
        if job["kind"] in DIFFERENCES and "ignored" in job:
            why = f"{job['ignored']['reason']} (until {job['ignored']['until']})"
            found["suppressions"] = [{"kind": "external", "justification": visible(why)}]
            found["level"] = "note"  # GitHub does not know suppressions
        yield found


def _result(rule: str, path: list[t.Any], lines: list[str], uri: str) -> Entry:
    names = [exact(str(part)) for part in path]
    print_of = hashlib.sha256("\n".join([rule, *names]).encode()).hexdigest()
    logical = {"name": names[-1], "fullyQualifiedName": "/".join(names), "kind": "resource"}
    return {
        "ruleId": rule,
        "ruleIndex": list(RULES).index(rule),
        "level": _LEVELS[rule],
        "message": {"text": _bounded([f"{' / '.join(names)}: {lines[0]}", *lines[1:]])},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}},
                "logicalLocations": [logical],
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": print_of, "drift/v1": print_of},
    }


def _bounded(lines: list[str]) -> str:
    """Lines as a message, as many as are shown; and how many are not."""
    text = "\n".join(lines)
    if len(text) > LONGEST:
        kept = text[: LONGEST - 40]
        rest = len(lines) - kept.count("\n") - 1
        text = f"{kept}…" + (f"\n{counted(rest, 'more line')}." if rest else "")
    # braces stand for arguments in a message of SARIF
    return text.replace("{", "{{").replace("}", "}}")


def _tell_apart(results: t.Iterable[Entry]) -> None:
    """Number results with the same fingerprint, as two jobs with the same name have."""
    seen: dict[str, int] = {}
    for result in results:
        prints = result["partialFingerprints"]
        own = prints["drift/v1"]
        seen[own] = seen.get(own, 0) + 1
        prints.update(dict.fromkeys(prints, f"{own}:{seen[own]}"))
