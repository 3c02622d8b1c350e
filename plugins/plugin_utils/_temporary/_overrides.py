# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Overrides: options that temporarily replace those of a job, until a last day.

An override changes only options that the job itself declares. Otherwise nothing would restore the server when it ends:
options that a job does not declare stay unchanged.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing as t

from ansible.module_utils.parsing.convert_bool import boolean

from ...module_utils._errors import InputError, literal
from ...module_utils._input._masking import refuse_masked
from ...module_utils._input._mistakes import Options, not_text, not_texts, wrong_options
from ...module_utils._resources._job._schedule import DAILY, PERIODIC, RETRY, WINDOWS
from ...module_utils._types import View
from .._fleet._templates import OWN_KEYS, laid_over
from ._days import parse_day

#: keys of an override besides the options of a job
OWN = ("from", "until", "reason")
#: options that cannot be overridden: those that identify the job, and those that could not be restored
NEVER = {
    **dict.fromkeys(("name", "id", "organization"), "identifies the job"),
    **dict.fromkeys(("state", "backup_type", "items_mode"), "cannot be undone when the override ends"),
    **dict.fromkeys(("template", "vars", "override"), "not supported in an override, only in the job"),
    **dict.fromkeys(("run_now", "delete_copy_job"), "is a one-time action and cannot be temporary"),
}
#: options of how to write, which leave nothing behind on the server
PASSING = ("when_running", "when_edited")
SOON = 7  # days before its end from which on an override counts as ending
STATES = ("active", "ending", "ended", "planned")
ITEMS = ("selected_items", "excluded_items")


@dataclasses.dataclass(frozen=True)
class Override:
    """A temporary override of a job.

    :arg path: its path
    :arg first: its first day, empty when it counts from the beginning
    :arg until: its last day, which still counts
    :arg options: the options of the job that it changes
    """

    path: str
    first: str
    until: str
    reason: str
    options: View

    def counts(self, today: str) -> bool:
        """Whether the override applies on a day."""
        return self.first <= today <= self.until

    def state(self, today: str, soon: int = SOON) -> str:
        """V(planned), V(active), V(ending) when at most C(soon) days are left, or V(ended)."""
        if today < self.first:
            return "planned"
        if today > self.until:
            return "ended"
        return "ending" if self.days_left(today) <= soon else "active"

    def days_left(self, today: str) -> int:
        """Return the days until the last day of the override; negative after its end."""
        return (dt.date.fromisoformat(self.until) - dt.date.fromisoformat(today)).days


def overrides_of(job: t.Any, options: Options, path: str) -> tuple[list[Override], list[InputError]]:
    """The overrides of a job, and everything that is wrong with them, each with its path.

    :arg options: the options of a job, as an argument specification
    """
    given = job.get("override") if isinstance(job, dict) else None
    if given in (None, "", {}, []):
        return [], []
    found: list[Override] = []
    errors: list[InputError] = []
    several = isinstance(given, list)
    for number, one in enumerate(given if several else [given]):
        here = f"{path}.override[{number}]" if several else f"{path}.override"
        wrong = _problems(one, options, here)
        if wrong:
            errors += wrong
            continue
        changed = {key: value for key, value in one.items() if key not in OWN}
        first = "" if one.get("from") in (None, "") else parse_day(one["from"], here)
        found.append(Override(here, first, parse_day(one["until"], here), one["reason"].strip(), changed))
    return found, errors


def _problems(given: t.Any, options: Options, path: str) -> list[InputError]:
    if not isinstance(given, dict):
        return [
            InputError(path, f"must be a dictionary with until, reason and options of the job (got {literal(given)})")
        ]
    allowed = {key: option for key, option in options.items() if key not in NEVER}
    found = [InputError(f"{path}.{key}", f"{why}; leave it out") for key, why in NEVER.items() if key in given]
    found += wrong_options(given, allowed, path, (*OWN, *NEVER)) + not_texts(given, allowed, path)
    if isinstance(given.get("copy_job"), dict) and "state" in given["copy_job"]:
        found.append(InputError(f"{path}.copy_job.state", f"{NEVER['state']}; leave it out"))
    found += _wrong_facts(given, path)
    if not any(key in allowed for key in given):
        found.append(InputError(path, "must change at least one option of the job"))
    try:
        refuse_masked(given, path)
    except InputError as error:
        found.append(error)
    return found


def _wrong_facts(given: View, path: str) -> list[InputError]:
    """Return the mistakes in the days and the reason of an override."""
    found, days = [], {}
    for key in ("from", "until"):
        if given.get(key) in (None, ""):
            continue
        try:
            days[key] = parse_day(given[key], f"{path}.{key}")
        except InputError as error:
            found.append(error)
    if given.get("until") in (None, ""):
        found.append(InputError(f"{path}.until", "required: the last day, as YYYY-MM-DD"))
    if days.get("from", "") > days.get("until", "9999"):
        found.append(
            InputError(f"{path}.from", f"must not be after until ({days['until']}); the override would never apply")
        )
    reason = given.get("reason")
    if reason is None or not str(reason).strip():
        return [*found, InputError(f"{path}.reason", "required: the reason, or a ticket number")]
    wrong = not_text(reason, f"{path}.reason")
    if not wrong and not isinstance(reason, str):
        wrong = [InputError(f"{path}.reason", f"{literal(reason)} is not text")]
    return found + wrong


def laid(job: View, overrides: t.Iterable[Override]) -> View:
    """Merge overrides into an expanded job; later ones take precedence."""
    for override in overrides:
        job = laid_over(job, override.options)
    return job


def never_undone(job: View, override: Override) -> list[InputError]:
    """The options of an override that the job does not declare: they would stay on the server when it ends.

    :arg job: the plain job without overrides
    """
    found = []
    for path in changed_options(override.options):
        if path.split(".")[0] not in PASSING and not _declared(job, path.split(".")):
            found.append(
                InputError(
                    f"{override.path}.{path}",
                    "the job must declare this option too, because its value applies when the override ends",
                )
            )
    mode = job.get("items_mode") or "exact"
    if mode != "exact":
        found += [
            InputError(
                f"{override.path}.{key}",
                f"not supported with items_mode: {mode}, because the change cannot be undone when the override ends",
            )
            for key in ITEMS
            if key in override.options
        ]
    return found


def changed_options(options: View, above: str = "") -> list[str]:
    """The options that an override changes, as paths: V(schedule_policy.daily_time)."""
    found = []
    for key, value in options.items():
        path = f"{above}{key}"
        found += changed_options(value, f"{path}.") if key in ("schedule_policy", "copy_job") and value else [path]
    return found


def _declared(job: View, path: t.Sequence[str]) -> bool:
    """Return whether a plain job declares a value that restores an option after the override."""
    *above, key = path
    for name in above:
        job = job.get(name) or {}
    if key in job:
        return True
    if "schedule_policy" not in above:
        return False
    # Options that do not apply to the restored schedule need no value.
    kind = job.get("type")
    if key in (*DAILY, *PERIODIC) and kind in OWN_KEYS and key not in OWN_KEYS[kind]:
        return True
    window = next((window for window in (*WINDOWS, "backup_copy_window") if key.startswith(window)), None)
    if window:
        return window in job or f"{window}_enabled" in job
    if key in RETRY:
        return not boolean(job.get("retry_enabled", True), strict=False)
    implied = {"retry_enabled": RETRY, "schedule_enabled": ("type",)}
    return any(name in job for name in implied.get(key, ()))


def listed(job: View, overrides: t.Iterable[Override], today: str, soon: int = SOON) -> list[View]:
    """The overrides of a job as data, for reports."""
    return [
        {
            "organization": str(job.get("organization") or ""),
            "job": str(job.get("name") or job.get("id") or ""),
            "state": override.state(today, soon),
            "from": override.first,
            "until": override.until,
            "days_left": override.days_left(today),
            "reason": override.reason,
            "options": changed_options(override.options),
        }
        for override in overrides
    ]
