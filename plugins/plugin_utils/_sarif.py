# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Findings as SARIF 2.1.0, within the limits of the places that show findings of code checkers.

GitHub rejects a whole file if one result names no file of the repository, and merges two results of the same rule and
file unless their fingerprints differ. It shows the first 5,000 results, and 1,000 characters of a message.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import typing as t
from urllib.parse import quote

from ..module_utils._errors import shown
from ..module_utils._types import Data
from ..module_utils._visible import exact, visible
from ._words import counted

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://github.com/backupops/vbo365"
#: where a host is declared, below the root of the repository
SOURCE = "inventory/host_vars/{host}.yml"
MOST, LONGEST = 5000, 1000
_WORST_FIRST = ("error", "warning", "note")


class Rule(t.NamedTuple):
    """The description of a rule: its finding, remedy and severity."""

    title: str
    advice: str
    level: str


@dataclasses.dataclass(frozen=True)
class Checker:
    """The tool that produced the findings.

    :arg name: one word, for fingerprints and tags
    :arg guide: the page that explains it
    :arg how: the words of the link to that page
    :arg rules: by id, in the order in which they are listed
    """

    name: str
    guide: str
    how: str
    rules: t.Mapping[str, Rule]

    def log(self, results: list[Data], report: Data) -> str:
        """A SARIF log with one run."""
        results.sort(key=lambda result: _WORST_FIRST.index(result["level"]))
        _tell_apart(results, self.name)
        complete = not (report["totals"]["unreachable"] or report["totals"]["failed"])
        invocation: Data = {"executionSuccessful": complete, "endTimeUtc": report["generated"]}
        if len(results) > MOST:
            more = counted(len(results) - MOST, "more finding")
            text = f"{more} left out. The other formats of the report contain everything."
            invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
        driver = {
            "name": f"backupops.vbo365 {self.name}",
            "informationUri": HOME,
            "rules": [self._rule(name, rule) for name, rule in self.rules.items()],
        }
        run = {
            "tool": {"driver": driver},
            "invocations": [invocation],
            "results": results[:MOST],
            "columnKind": "unicodeCodePoints",
        }
        return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"

    def result(self, rule: str, path: list[t.Any], lines: list[str], uri: str, level: str = "") -> Data:
        """A finding.

        :arg path: names of its subject, the widest first
        :arg lines: visible text
        :arg uri: the file of the repository
        :arg level: a level other than that of the rule
        """
        names = [exact(str(part)) for part in path]
        print_of = hashlib.sha256("\n".join([rule, *names]).encode()).hexdigest()
        logical = {"name": names[-1], "fullyQualifiedName": "/".join(names), "kind": "resource"}
        return {
            "ruleId": rule,
            "ruleIndex": list(self.rules).index(rule),
            "level": level or self.rules[rule].level,
            "message": {"text": _bounded([f"{' / '.join(names)}: {lines[0]}", *lines[1:]])},
            "locations": [
                {
                    "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}},
                    "logicalLocations": [logical],
                }
            ],
            "partialFingerprints": {"primaryLocationLineHash": print_of, f"{self.name}/v1": print_of},
        }

    def _rule(self, name: str, rule: Rule) -> Data:
        return {
            "id": name,
            "name": self.name.capitalize() + "".join(map(str.capitalize, name.split("_"))),
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": f"{rule.title}. {rule.advice}"},
            "help": {"text": rule.advice, "markdown": f"{rule.advice} [{self.how}]({self.guide})"},
            "helpUri": self.guide,
            "defaultConfiguration": {"level": rule.level},
            "properties": {"tags": [self.name], "problem.severity": rule.level},
        }


def allow(result: Data, rule: Data) -> None:
    """Mark a finding as one that may be there, for a reason and until a day."""
    why = f"{rule['reason']} (until {rule['until']})"
    result["suppressions"] = [{"kind": "external", "justification": visible(why)}]
    result["level"] = "note"  # GitHub does not know suppressions


def parse_source(source: t.Any) -> str:
    """The path of the file in which a host is declared, with C({host}) for the host.

    :raises ValueError: when it is not a path below the root of a repository
    """
    path = str(source)
    for wrong, why in (
        (not isinstance(source, str), "is not text"),
        (not path.strip("/. "), "is empty"),
        (path.startswith(("/", "~")) or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", path), "is not relative"),
        (".." in path.split("/"), "points outside of the repository"),
        ("\\" in path, "contains a backslash"),
        (path.endswith("/"), "is a folder"),
        (re.search(r"[{}]", path.replace("{host}", "")), "contains a placeholder other than {host}"),
        (exact(path) != path, "contains an invisible character"),
    ):
        if wrong:
            raise ValueError(
                f"source: {shown(source)} {why}; write a path inside the repository, for example {SOURCE}."
            )
    return re.sub(r"^(\./)+", "", path)


def uri_of(source: str, host: str) -> str:
    """Return the file of a host as a relative URI reference."""
    name = re.sub(r"[/\\]|^\.+$", "_", str(host))  # no name leads into another folder, however it is read
    name = quote(name, safe="", errors="replace")
    return "/".join(quote(part).replace("%7Bhost%7D", name) for part in source.split("/"))


def _bounded(lines: list[str]) -> str:
    """Lines as a message, as many as are shown; and how many are not."""
    text = "\n".join(lines)
    if len(text) > LONGEST:
        kept = text[: LONGEST - 40]
        rest = len(lines) - kept.count("\n") - 1
        text = f"{kept}…" + (f"\n{counted(rest, 'more line')}." if rest else "")
    # braces mark arguments in a message of SARIF
    return text.replace("{", "{{").replace("}", "}}")


def _tell_apart(results: t.Iterable[Data], name: str) -> None:
    """Number results with the same fingerprint, as two jobs with the same name have."""
    seen: dict[str, int] = {}
    for result in results:
        prints = result["partialFingerprints"]
        own = prints[f"{name}/v1"]
        seen[own] = seen.get(own, 0) + 1
        prints.update(dict.fromkeys(prints, f"{own}:{seen[own]}"))
