# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Rules that users write: a Jinja test over a field of each job."""

from __future__ import annotations

import re
import typing as t

from ...module_utils._errors import InputError, brief, literal, shown
from ...module_utils._types import Data
from ...module_utils._visible import exact
from ._checks import Check, Found, Jobs, Parameters
from ._jobs import Job
from ._rules import IDS, Rule, severity, switch


class Tester(t.Protocol):
    """The tests of Jinja."""

    def knows(self, name: str) -> bool:
        """Return whether a test of this name exists."""

    def holds(self, name: str, value: t.Any, arguments: t.Sequence[t.Any]) -> bool:
        """Whether a value passes a test."""


_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_OPTIONS = ("id", "message", "require", "when", "severity", "source")
_CONDITION = ("field", "test", "value", "negate")
#: tests that a field which is not known can pass
_OF_ABSENT = {"defined": False, "undefined": True}


def own_rules(rules: t.Any, test: Tester, path: str = "custom") -> list[Rule]:
    """The rules of a user.

    :raises InputError: with the path of the mistake
    """
    if not isinstance(rules, list):
        raise InputError(path, "must be a list of rules")
    found: list[Rule] = []
    for number, options in enumerate(rules):
        rule = _rule(options, test, f"{path}[{number}]")
        if rule.id in IDS or any(rule.id == other.id for other in found):
            raise InputError(f"{path}[{number}].id", f"another rule has the id {shown(rule.id)}")
        found.append(rule)
    return found


def _rule(options: t.Any, test: Tester, path: str) -> Rule:
    if not isinstance(options, dict):
        raise InputError(path, f"must be a dictionary with the options of a rule (got {literal(options)})")
    for key in options:
        if key not in _OPTIONS:
            raise InputError(f"{path}.{key}", f"unsupported option; available: {', '.join(_OPTIONS)}")
    for key in _OPTIONS[:3]:
        if not options.get(key):
            raise InputError(f"{path}.{key}", "required")
    if not _ID.fullmatch(str(options["id"])):
        raise InputError(f"{path}.id", f"must consist of lowercase letters, digits and _ (got {shown(options['id'])})")
    require, when = (_conditions(options.get(key) or [], test, f"{path}.{key}") for key in ("require", "when"))
    message = str(options["message"])
    return Rule(
        str(options["id"]),
        severity(options.get("severity", "warning"), f"{path}.severity"),
        (),
        _check(require, when, test),
        message,
        message,
        str(options.get("source") or ""),
    )


def _conditions(conditions: t.Any, test: Tester, path: str) -> list[tuple[str, Data]]:
    if isinstance(conditions, dict):
        return [(path, _condition(conditions, test, path))]
    if not isinstance(conditions, list):
        raise InputError(path, f"must be a condition with field and test (got {literal(conditions)})")
    return [(f"{path}[{number}]", _condition(one, test, f"{path}[{number}]")) for number, one in enumerate(conditions)]


def _condition(condition: t.Any, test: Tester, path: str) -> Data:
    if not isinstance(condition, dict):
        raise InputError(path, f"must be a condition with field and test (got {literal(condition)})")
    for key in condition:
        if key not in _CONDITION:
            raise InputError(f"{path}.{key}", f"unsupported option; available: {', '.join(_CONDITION)}")
    for key in _CONDITION[:2]:
        if not isinstance(condition.get(key), str) or not condition[key].strip():
            raise InputError(f"{path}.{key}", "required, as text")
    if condition["test"] not in _OF_ABSENT and not test.knows(condition["test"]):
        raise InputError(f"{path}.test", f"Jinja has no test {shown(condition['test'])}")
    return {**condition, "negate": switch(condition.get("negate", False), f"{path}.negate")}


def _check(require: list[tuple[str, Data]], when: list[tuple[str, Data]], test: Tester) -> Check:
    def found(jobs: Jobs, parameters: Parameters) -> t.Iterator[Found]:
        for job in jobs:
            if all(_holds(one, job, path, test) for path, one in when):
                broken = [one for path, one in require if not _holds(one, job, path, test)]
                if broken:
                    yield job, "; ".join(map(_said, broken)) + ".", ""

    return found


def _holds(condition: Data, job: Job, path: str, test: Tester) -> bool:
    name, value = condition["test"], job.value(condition["field"])
    if name in _OF_ABSENT:
        held = (value is None) is _OF_ABSENT[name]
    else:
        arguments = [condition["value"]] if "value" in condition else []
        try:
            held = value is not None and test.holds(name, value, arguments)
        except InputError:
            raise
        except Exception as error:  # noqa: BLE001 - a test of a user may raise anything
            where = f"test {shown(name)} of {shown(condition['field'])} cannot be applied to job {shown(job.name)}"
            raise InputError(path, f"{where}: {brief(str(error))}") from None
    return held is not condition["negate"]


def _said(condition: Data) -> str:
    value = f" {exact(str(condition['value']))}" if "value" in condition else ""
    return f"{exact(condition['field'])} is {'' if condition['negate'] else 'not '}{condition['test']}{value}"
