# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Rules that allow something temporarily: their subjects, reasons and last days.

Drift calls them ignore rules; findings about the design of jobs have exceptions of the same form.
"""

from __future__ import annotations

import datetime
import typing as t

from ...module_utils._spelling import matches
from ...module_utils._types import Data

PATTERNS = ("server", "organization", "job", "field")
NEEDED = ("reason", "until")
KINDS = ("missing", "changed", "unexpected")


def parse_rules(
    rules: t.Any, option: str = "ignore", patterns: t.Sequence[str] = PATTERNS, kinds: t.Sequence[str] = KINDS
) -> list[Data]:
    """The rules, checked, with dates as text.

    :arg option: the name of the list of rules
    :arg patterns: the keys by which a rule selects, of which it needs at least one
    :arg kinds: values of C(kind), if there are kinds
    :raises ValueError: naming the rule and the valid form
    """
    if not isinstance(rules, list):
        raise ValueError(f"{option}: must be a list of rules.")
    return [_parse(rule, f"{option}[{number}]", patterns, kinds) for number, rule in enumerate(rules)]


def _parse(rule: t.Any, where: str, patterns: t.Sequence[str], kinds: t.Sequence[str]) -> Data:
    if not isinstance(rule, dict):
        raise ValueError(f"{where}: must be a dictionary.")
    given = {key: str(value).strip() for key, value in rule.items() if value not in (None, "")}
    allowed = (*patterns, *(["kind"] if kinds else []), *NEEDED)
    for key in given:
        if key not in allowed:
            raise ValueError(f"{where}.{key}: unsupported option; available: {', '.join(allowed)}.")
    for key in NEEDED:
        if not given.get(key):
            raise ValueError(f"{where}.{key}: required.")
    if not any(key in given for key in patterns):
        raise ValueError(f"{where}: needs at least one of {', '.join(patterns)}.")
    if "kind" in given and given["kind"] not in kinds:
        raise ValueError(f"{where}.kind: must be one of {', '.join(kinds)} (got '{given['kind']}').")
    try:
        given["until"] = datetime.date.fromisoformat(given["until"][:10]).isoformat()
    except ValueError:
        raise ValueError(f"{where}.until: '{given['until']}' is not a date; write YYYY-MM-DD.") from None
    return {key: given[key] for key in allowed if key in given}


def expired(rules: t.Sequence[Data], today: str) -> list[Data]:
    """Return the expired rules; a rule still applies on its last day."""
    return [rule for rule in rules if rule["until"] < today]


def covering(rules: t.Iterable[Data], today: str, facts: t.Mapping[str, str | None]) -> Data | None:
    """Return reason and last day of the first active rule whose patterns match."""
    for rule in rules:
        if rule["until"] >= today and all(matches(rule.get(key), fact) for key, fact in facts.items()):
            return {key: rule[key] for key in NEEDED}
    return None


def rule_for(rules: t.Sequence[Data], today: str, server: str, job: Data, field: str | None) -> Data | None:
    """Return reason and last day of the first rule for a field of a job, or, without field, for the whole job."""
    facts = {"server": server, "organization": job["organization"], "job": job["name"], "field": field}
    fitting = (
        rule
        for rule in rules
        if rule.get("kind", job["kind"]) == job["kind"] and ("field" in rule) == (field is not None)
    )
    return covering(fitting, today, facts)
