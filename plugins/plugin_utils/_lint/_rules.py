# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The built-in rules, and the changes of users to them."""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ansible.module_utils.parsing.convert_bool import boolean

from ...module_utils._errors import InputError, literal
from ...module_utils._resources._times._clock import parse_time
from ...module_utils._resources._times._window import parse_window
from ...module_utils._types import Data
from .._duration import minutes
from . import _checks as checks
from ._jobs import whole

SEVERITIES = ("error", "warning", "note")

JOB_DESIGN = "Veeam, best practice guide, job design: bp.veeam.com/vb365/guide/design/jobdesign"
USER_GUIDE = "Veeam, user guide, selecting objects to back up"
RETENTION = "Veeam, user guide, retention policy"
JOB_MANAGER = "VB365-JobManager, its defaults"
FIELD = "Advice of the vendor's support, as users tell it: bassjamm.github.io"
OURS = "the number is chosen by this collection"


@dataclasses.dataclass(frozen=True)
class Rule:
    """One rule.

    :arg needs: paths of the options that the rule requires in a job
    :arg title: the problem that it finds
    :arg advice: the solution
    :arg source: the origin of the rule
    :arg parameters: their defaults
    """

    id: str
    severity: str
    needs: tuple[str, ...]
    check: checks.Check
    title: str
    advice: str
    source: str
    parameters: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)


RETRY = "schedule_policy.retry"
RULES = (
    Rule(
        "object_in_two_jobs",
        "warning",
        ("selected_items",),
        checks.object_in_two_jobs,
        "An object is selected by two jobs",
        "Select it in one job only: remove it from the other one, or exclude it there. The job that starts first "
        "backs it up.",
        "Veeam, PowerShell reference, Add-VBOJob",
    ),
    Rule(
        "second_entire_organization",
        "error",
        ("backup_type",),
        checks.second_entire_organization,
        "A second job backs up the entire organization",
        "Keep one; an organization can have only one such job.",
        USER_GUIDE,
    ),
    Rule(
        "only_in_disabled_job",
        "error",
        ("enabled",),
        checks.only_in_disabled_job,
        "An object is only in a disabled job",
        "Enable the job, move the object to another one, or delete the job. Until then its backups expire, and a job "
        "for the entire organization skips it.",
        f"{USER_GUIDE}; {RETENTION}",
    ),
    Rule(
        "entire_organization_first",
        "warning",
        ("backup_type", "schedule_policy"),
        checks.entire_organization_first,
        "The job for the entire organization starts before others",
        "Start it after the last of the other jobs, so that these back up their objects first.",
        "this collection",
        {"day_starts": "12:00"},
    ),
    Rule(
        "window_cuts_runs",
        "warning",
        ("schedule_policy.backup_window",),
        checks.window_cuts_runs,
        "The backup window interrupts runs",
        "Make the window longer, or start earlier. A run is terminated when the window ends.",
        f"{FIELD}; {OURS}",
        {"hours": 4},
    ),
    Rule(
        "retries_off",
        "warning",
        (f"{RETRY}_enabled",),
        checks.retries_off,
        "Failed runs are not retried",
        "Set retry_number and retry_wait_interval.",
        FIELD,
    ),
    Rule(
        "too_few_retries",
        "note",
        (f"{RETRY}_number",),
        checks.too_few_retries,
        "Failed runs are retried too few times",
        "Raise retry_number.",
        FIELD,
        {"number": 2},
    ),
    Rule(
        "short_retry_wait",
        "warning",
        (f"{RETRY}_wait_interval",),
        checks.short_retry_wait,
        "Failed runs are retried too soon",
        "Raise retry_wait_interval. Throttling by Microsoft 365 usually lasts longer.",
        JOB_DESIGN,
        {"minutes": 20},
    ),
    Rule(
        "office_hours",
        "warning",
        ("schedule_policy.daily_time",),
        checks.office_hours,
        "A daily job starts in office hours",
        "Start it in the evening or at night. Users and backups share the limits of Microsoft 365.",
        JOB_DESIGN,
        {"window": ["Mon-Fri 08:00-18:00"]},
    ),
    Rule(
        "rpo",
        "error",
        ("schedule_policy",),
        checks.rpo,
        "The time between two runs exceeds the RPO",
        "Start the job more often, or relax the target.",
        "your own target",
        {"targets": []},
    ),
    Rule(
        "starts_too_close",
        "warning",
        ("schedule_policy",),
        checks.starts_too_close,
        "Two jobs of an organization start at nearly the same time",
        "Move one of them: Microsoft throttles all jobs of an organization together. Give periodic jobs different "
        "offsets.",
        f"{JOB_MANAGER}; for periodic jobs {OURS}",
        {"minutes": 30, "periodic_minutes": 5},
    ),
    Rule(
        "starts_together",
        "note",
        ("schedule_policy",),
        checks.starts_together,
        "Many jobs of a server start at nearly the same time",
        "Spread their start times over the night.",
        "this collection",
        {"minutes": 5, "most": 10},
    ),
    Rule(
        "too_many_users",
        "warning",
        ("selected_items",),
        checks.too_many_users,
        "A job has many users",
        "Split it. A job near the maximum has no room for new users.",
        f"Veeam Data Cloud for Microsoft 365, user guide, considerations (most); {JOB_DESIGN} (advised: 50 to 75 % of "
        "it)",
        {"advised": 1200, "most": 2000},
    ),
    Rule(
        "too_many_sites",
        "warning",
        ("selected_items",),
        checks.too_many_sites,
        "A job has many sites and teams",
        "Split it. A job near the maximum has no room for new sites and teams.",
        f"{JOB_MANAGER} (most, weight); {JOB_DESIGN} (advised: 50 to 75 % of it)",
        {"advised": 350, "most": 500, "team_weight": 3},
    ),
    Rule(
        "users_instead_of_groups",
        "note",
        ("selected_items",),
        checks.users_instead_of_groups,
        "A job lists many users individually",
        "Select groups, whose members change automatically.",
        "Veeam, best practice guide, job configuration: bp.veeam.com/vb365/guide/operate/jobconfig",
        {"most": 500},
    ),
)
IDS = {rule.id: rule for rule in RULES}


def chosen(settings: t.Any, path: str = "rules") -> list[Rule]:
    """Return the built-in rules with the user's changes: disabled rules, other thresholds or severities.

    :arg settings: by id false, or a mapping with C(severity), C(enabled) and the rule's parameters
    :raises InputError: with the path of the mistake
    """
    if not isinstance(settings, dict):
        raise InputError(path, "must be a dictionary of rules and their changes, for example {office_hours: false}")
    for name in settings:
        if name not in IDS:
            raise InputError(f"{path}.{name}", f"unknown rule; the rules are {', '.join(IDS)}")
    changed = (_changed(rule, settings.get(rule.id, {}), f"{path}.{rule.id}") for rule in RULES)
    return [rule for rule in changed if rule is not None]


def _changed(rule: Rule, wanted: t.Any, path: str) -> Rule | None:
    if not isinstance(wanted, dict):
        wanted = {"enabled": wanted}
    if not switch(wanted.get("enabled", True), f"{path}.enabled" if len(wanted) > 1 else path):
        return None
    values = dict(rule.parameters)
    for key, value in wanted.items():
        if key not in ("enabled", "severity", *values):
            known = ", ".join(["enabled", "severity", *values])
            raise InputError(f"{path}.{key}", f"unsupported option of this rule; available: {known}")
        if key in values:
            values[key] = value
    read = {key: _READERS.get(key, _count)(value, f"{path}.{key}") for key, value in values.items()}
    if read.get("advised", 0) > read.get("most", 0):
        raise InputError(
            f"{path}.advised", f"must not be greater than most, which is {read['most']} (got {read['advised']})"
        )
    return dataclasses.replace(
        rule, severity=severity(wanted.get("severity", rule.severity), f"{path}.severity"), parameters=read
    )


def severity(value: t.Any, path: str) -> str:
    """Check and return a severity.

    :raises InputError: for an invalid value
    """
    if value not in SEVERITIES:
        raise InputError(path, f"must be one of {', '.join(SEVERITIES)} (got {literal(value)})")
    return str(value)


def switch(value: t.Any, path: str) -> bool:
    """True or false, also as text.

    :raises InputError: for an invalid value
    """
    try:
        return bool(boolean(value))
    except TypeError:
        raise InputError(path, f"must be true or false (got {literal(value)})") from None


def _targets(value: t.Any, path: str) -> list[Data]:
    """Return the targets and their jobs; the first match applies. A single duration is for all jobs."""
    if not isinstance(value, list):
        return [{"rpo": minutes(value, path)}]
    found = []
    for number, target in enumerate(value):
        here = f"{path}[{number}]"
        if not isinstance(target, dict) or "rpo" not in target:
            raise InputError(here, "rpo is required, for example {job: '*-vip', rpo: 12h}")
        for key in target:
            if key not in ("organization", "job", "rpo"):
                raise InputError(f"{here}.{key}", "unsupported option; available: organization, job, rpo")
        patterns = {key: str(target[key]) for key in ("organization", "job") if target.get(key)}
        found.append({**patterns, "rpo": minutes(target["rpo"], f"{here}.rpo")})
    return found


_count = functools.partial(whole, least=1)
_READERS: dict[str, t.Callable[[t.Any, str], t.Any]] = {
    "day_starts": parse_time,
    "targets": _targets,
    "window": parse_window,
}
