# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""A job as input for rules: its options, the data that it protects, and its starts in a week.

A declared job may omit options. Those keep their values on the server, so they are not known here, and
no rule guesses them.
"""

from __future__ import annotations

import dataclasses
import functools
import re
import typing as t

from ansible.module_utils.parsing.convert_bool import boolean

from ...module_utils._errors import InputError, literal
from ...module_utils._resources._job._items import NEVER_IMPLIED, TYPES, item_key, item_label
from ...module_utils._resources._job._schedule import DAILY, PERIODIC, RETRY
from ...module_utils._resources._times._clock import parse_time, parse_window_options
from ...module_utils._resources._times._window import DAY_NAMES, parse_window
from ...module_utils._spelling import folded
from ...module_utils._types import Data
from .._calendar._runs import weekly_starts
from .._spreading import spread

WEEK, DAY = 7 * 24 * 60, 24 * 60  # minutes
ITEMS = ("selected_items", "excluded_items")
ENTIRE = "entire_organization"
_FLAGS = ("enabled",)
_POLICY_FLAGS = ("schedule_enabled", "retry_enabled", "backup_window_enabled", "periodically_window_enabled")
_POLICY_NUMBERS = (*RETRY, "periodically_offset_minutes")

#: the service of each flag of an item; two items overlap if they have one in common
_SERVICES = {
    "user": {"mailbox": "mailbox", "archive_mailbox": "archive", "one_drive": "onedrive", "personal_site": "personal"},
    "group": {
        "member_mailbox": "mailbox",
        "member_archive_mailbox": "archive",
        "member_onedrive": "onedrive",
        "member_site": "personal",
        "mailbox": "group mailbox",
        "group_site": "sites",
    },
    "partial_organization": {
        "mailbox": "mailbox",
        "archive_mailbox": "archive",
        "one_drive": "onedrive",
        "sites": "sites",
        "teams": "teams",
        "teams_chats": "posts",
    },
    "team": {"teams_chats": "posts"},
}
#: the service of items without such flags
_ALONE = {"site": "sites", "team": "teams", "personal_sites": "personal", "one_drive_folders": "folders"}
#: services of single objects that are included in one of a whole organization
_WIDER = {"group mailbox": "mailbox"}
#: items that include all objects of the organization
_WIDE = ("partial_organization", "personal_sites")

truth = functools.partial(boolean, strict=False)

Part = t.Tuple[str, str, str]  # type and name of an item, and a service


@dataclasses.dataclass(frozen=True)
class Job:
    """A job with normalized values.

    :arg data: its known options
    :arg parts: the selected parts, each with the label of its item
    :arg excluded: the excluded parts
    :arg starts: minutes of the week, Sunday 00:00 being 0, at which it starts by itself
    """

    data: Data
    parts: dict[Part, str]
    excluded: frozenset[Part]
    starts: tuple[int, ...]

    @property
    def name(self) -> str:
        return str(self.data.get("name") or self.data.get("id") or "")

    @property
    def organization(self) -> str:
        return str(self.data.get("organization") or "")

    @property
    def policy(self) -> Data:
        return self.data.get("schedule_policy") or {}

    @property
    def is_entire(self) -> bool:
        return self.data.get("backup_type") == ENTIRE

    @property
    def is_off(self) -> bool:
        """Return whether the job certainly never starts by itself."""
        return self.is_disabled or self.policy.get("type") == "manual_only"

    @property
    def is_disabled(self) -> bool:
        return self.data.get("enabled") is False

    @property
    def is_daily(self) -> bool:
        return self.policy.get("type") == "daily"

    def items(self, *types: str) -> list[Data]:
        """The selected items of some types."""
        return [item for item in self.data.get("selected_items") or [] if item["type"] in types]

    def value(self, path: str) -> t.Any:
        """Return the value at a path such as V(schedule_policy.daily_time), or None if it is unknown."""
        found: t.Any = self.data
        for key in path.split("."):
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def window(self) -> list[bool] | None:
        """The backup window that is in force, or None."""
        policy = self.policy
        if policy.get("backup_window_enabled") is False or not policy.get("backup_window"):
            return None
        return parse_window(policy["backup_window"])

    def covers(self, part: Part) -> bool:
        """Return whether the job protects a part that another job selects."""
        kind, _name, service = part
        wide = any((other, "", _WIDER.get(service, service)) in self.parts for other in _WIDE)
        return part in self.parts or (wide and kind not in _WIDE and part not in self.excluded)


def read_jobs(jobs: t.Any, path: str = "jobs") -> list[Job]:
    """Plain jobs, declared ones or those of a server, in the order of organization and name.

    Jobs that are declared as absent are left out.

    :raises InputError: with the path of invalid data
    """
    if not isinstance(jobs, list):
        raise InputError(path, "must be a list of jobs")
    found = []
    for number, options in enumerate(jobs):
        if not isinstance(options, dict):
            raise InputError(
                f"{path}[{number}]", f"must be a dictionary with the options of a job (got {literal(options)})"
            )
    for number, options in enumerate(spread(jobs, path=path)[0]):
        if options.get("state") != "absent":
            found.append(_read(options, f"{path}[{number}]"))
    return sorted(found, key=lambda job: (folded(job.organization), folded(job.name), job.name))


def _read(options: Data, path: str) -> Job:
    data = {key: value for key, value in options.items() if value is not None}
    for flag in _FLAGS:
        if flag in data:
            data[flag] = truth(data[flag])
    if "schedule_policy" in data:
        data["schedule_policy"] = _policy(data["schedule_policy"], f"{path}.schedule_policy")
    parts = []
    for field in ITEMS:
        items = data.get(field) or []
        if not isinstance(items, list) or not all(isinstance(item, dict) and item.get("type") for item in items):
            raise InputError(f"{path}.{field}", "must be a list of items, each with a type")
        parts.append({part: item_label(item) for item in items for part in _parts(item)})
    return Job(data, parts[0], frozenset(parts[1]), tuple(weekly_starts(data.get("schedule_policy") or {})))


def _policy(options: t.Any, path: str) -> Data:
    if not isinstance(options, dict):
        raise InputError(path, f"must be a dictionary with the options of a schedule (got {literal(options)})")
    given = {key: value for key, value in options.items() if value is not None}
    for flag in _POLICY_FLAGS:
        if flag in given:
            given[flag] = truth(given[flag])
    for key in _POLICY_NUMBERS:
        if key in given:
            given[key] = whole(given[key], f"{path}.{key}")
    if "daily_time" in given:
        given["daily_time"] = parse_time(given["daily_time"], f"{path}.daily_time")
    for window in ("backup_window", "periodically_window"):
        parse_window_options(given, window, path)
    if any(key in given for key in RETRY):
        given.setdefault("retry_enabled", True)
    if given.get("schedule_enabled") is False:
        given["type"] = "manual_only"
    for kind, keys in (("daily", DAILY), ("periodically", PERIODIC)):
        if any(key in given for key in keys):
            given.setdefault("type", kind)
    return given


def whole(value: t.Any, path: str, least: int = 0) -> int:
    """A whole number, which may be written as text.

    :raises InputError: for anything else, or a number less than C(least)
    """
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,9}", text) or int(text) < least:
        raise InputError(path, f"must be a whole number of at least {least} (got {literal(value)})")
    return int(text)


# --- items -----------------------------------------------------------------------------------------------------------


def _parts(item: Data) -> t.Iterator[Part]:
    """Return what an item selects: the object, and each selected service."""
    kind = item["type"]
    flags = TYPES[kind].flags if kind in TYPES else ()
    rest = not any(truth(item.get(flag)) for flag in flags)
    on = {flag for flag in flags if truth(item.get(flag, rest and flag not in NEVER_IMPLIED))}
    services = _SERVICES.get(kind, {})
    if "members" in on and not any(flag.startswith("member_") for flag in on):
        on.update(flag for flag in services if flag.startswith("member_"))
    if kind in _ALONE or not services:
        yield (*item_key(item), _ALONE.get(kind, str(kind)))
    for flag in services:
        if flag in on:
            yield (*item_key(item), services[flag])


# --- times -----------------------------------------------------------------------------------------------------------


def minutes(time: str) -> int:
    """A time of day in minutes."""
    hour, minute = time.split(":")[:2]
    return int(hour) * 60 + int(minute)


def moment(start: int) -> str:
    """Format a minute of the week."""
    return f"{DAY_NAMES[start // DAY]} {start % DAY // 60:02d}:{start % 60:02d}"


def length(duration: int) -> str:
    """Format a number of minutes."""
    hours, rest = divmod(duration, 60)
    return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))
