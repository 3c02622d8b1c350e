# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Weeks to be drawn: two windows side by side, and the hours in which the jobs of a server start.

A week has seven rows of 24 hours, Monday first, as people read it; masks of windows have Sunday first.
"""

from __future__ import annotations

import typing as t

from ...module_utils._errors import InputError
from ...module_utils._resources._times._window import DAY_NAMES, WEEK_ORDER, format_window, parse_window
from ...module_utils._types import Data
from .._calendar._runs import weekly_starts


def is_window(field: str) -> bool:
    """Return whether a field of a job contains a window."""
    return field.rsplit(".", 1)[-1].endswith("_window")


def window_week(before: t.Any, after: t.Any) -> Data | None:
    """Two windows as one week: for each hour V(both), V(neither), V(before) or V(after); and the same as text.

    A window that is not there restricts nothing. None when a value is not a window.
    """
    try:
        old, new = (parse_window("always" if value in (None, []) else value) for value in (before, after))
    except InputError:
        return None
    names = {(True, True): "both", (False, False): "neither", (True, False): "before", (False, True): "after"}
    hours = [names[pair] for pair in zip(old, new)]
    return {
        "rows": [(DAY_NAMES[day], hours[day * 24 : day * 24 + 24]) for day in WEEK_ORDER],
        "only_before": _ranges(hours, "before"),
        "only_after": _ranges(hours, "after"),
        "both": _ranges(hours, "both"),
    }


def _ranges(hours: list[str], wanted: str) -> str:
    return ", ".join(format_window([hour == wanted for hour in hours])) if wanted in hours else ""


def start_week(jobs: t.Iterable[Data]) -> Data:
    """In which hours of the week the jobs start by themselves, as the server has them; missing jobs as declared."""
    counts = [0] * 168
    number = 0
    for job in jobs:
        view = job["before"] or job["after"]
        if view.get("enabled") is False:
            continue
        hours = {start // 60 for start in weekly_starts(view.get("schedule_policy") or {})}
        number += bool(hours)
        for hour in hours:
            counts[hour] += 1
    most = max(counts)
    busy = [count == most for count in counts] if most else []
    return {
        "jobs": number,
        "most": most,
        "busiest": ", ".join(format_window(busy)) if busy else "",
        "rows": [(DAY_NAMES[day], counts[day * 24 : day * 24 + 24]) for day in WEEK_ORDER],
    }
