# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Schedule policies of tests: what servers return, and the functions of the product one after the other."""

from __future__ import annotations

import typing as t

from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import VERSIONS, ApiVersion
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._fields import check_supported
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._schedule import (
    overlay_policy,
    parse_policy,
    read_policy,
    write_policy,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._window import parse_window
from hypothesis import settings

QUICK = settings(deadline=None, max_examples=80, database=None)
PATH = "schedule_policy"
Policy = dict[str, t.Any]

DAILY_TYPES = (
    *("everyday", "workdays", "weekends"),
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
)
MINUTES = ("minutes5", "minutes10", "minutes15", "minutes30")
HOURS = ("hours1", "hours2", "hours4", "hours8", "hours12")
NIGHT = ["Mon-Fri 19:00-07:00"]
DAY = ["Mon-Fri 06:00-22:00"]
NIGHT_HOURS, DAY_HOURS = parse_window(NIGHT), parse_window(DAY)
#: the fields of a plain daily schedule that servers of any version return
DAILY_RAW: Policy = {
    "type": "Daily",
    "dailyType": "Everyday",
    "dailyTime": "22:00:00",
    "backupWindowEnabled": False,
    "retryEnabled": False,
}
HOURLY_RAW: Policy = {
    "type": "Periodically",
    "periodicallyEvery": "Hours4",
    "backupWindowEnabled": False,
    "retryEnabled": False,
}
RETRY = {"retryEnabled": True, "retryNumber": 5, "retryWaitInterval": 7}
DAILY_VIEW: Policy = {"type": "daily", "daily_type": "everyday", "daily_time": "22:00"}
OFF_VIEW: Policy = {"backup_window_enabled": False, "retry_enabled": False}


def numbered(number: int) -> ApiVersion:
    return VERSIONS[f"v{number}"]


def wanted_for(options: Policy, version: ApiVersion, raw: Policy | None = None) -> tuple[Policy, Policy, Policy | None]:
    """Return the input, the resulting policy, and the view of the current policy."""
    check_supported({PATH: options}, version)
    given_options = t.cast(Policy, parse_policy(dict(options)))
    view = read_policy(raw, version) if raw is not None else None
    return given_options, overlay_policy(view, given_options, raw, version, PATH), view


def body_for(options: Policy, version: ApiVersion, raw: Policy | None = None) -> Policy:
    """Return the request body for these options."""
    given_options, wanted, view = wanted_for(options, version, raw)
    return write_policy(wanted, view, raw, given_options, version)


def shown(stored: Policy, version: ApiVersion, off: str = "omit") -> Policy:
    """Return what a server returns of the policy that it stores."""
    raw = dict(stored)
    kind, every = raw.get("type"), str(raw.get("periodicallyEvery"))
    hide: set[str] = set()
    if kind != "Daily":
        hide.update(("dailyType", "dailyTime"))
    if kind != "Periodically":
        hide.add("periodicallyEvery")
    if kind != "Periodically" or not every.startswith("Hours"):
        hide.update(("periodicallyOffsetMinutes", "periodicallyWindowSettings"))
    if raw.get("scheduleEnabled") is False and off != "keep":
        hide.update(key for key in raw if key.startswith(("daily", "periodically")))
        hide.add("type")
    if not raw.get("retryEnabled"):
        hide.update(("retryNumber", "retryWaitInterval"))
    if not raw.get("backupWindowEnabled"):
        hide.add("backupWindowSettings")
    if version.number >= 7 and not raw.get("periodicallyWindowEnabled"):
        hide.add("periodicallyWindowSettings")
    visible = {key: value for key, value in raw.items() if key not in hide}
    if "type" in hide and off == "manual_only":
        visible["type"] = "ManualOnly"
    return visible
