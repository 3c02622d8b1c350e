# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The options of the modules for jobs, their items, schedules, runs and sessions."""

from __future__ import annotations

from ..._input._argspec import ArgSpec
from ..._input._groups import WHEN_EDITED
from ..._input._mistakes import Options
from ._items import TYPES

DAILY_TYPES = [
    "everyday",
    "workdays",
    "weekends",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
]
SCHEDULE_TYPES = ["daily", "periodically", "manual_only"]
INTERVALS = ["minutes5", "minutes10", "minutes15", "minutes30", "hours1", "hours2", "hours4", "hours8", "hours12"]

SCHEDULE_OPTIONS: Options = {
    "type": {"type": "str", "choices": SCHEDULE_TYPES},
    "schedule_enabled": {"type": "bool"},
    "daily_type": {"type": "str", "choices": DAILY_TYPES},
    "daily_time": {"type": "raw"},
    "periodically_every": {"type": "str", "choices": INTERVALS},
    "periodically_offset_minutes": {"type": "raw"},
    "periodically_window_enabled": {"type": "bool"},
    "periodically_window": {"type": "raw"},
    "periodically_window_minute_offset": {"type": "int"},
    "backup_window_enabled": {"type": "bool"},
    "backup_window": {"type": "raw"},
    "backup_window_minute_offset": {"type": "int"},
    "retry_enabled": {"type": "bool"},
    "retry_number": {"type": "int"},
    "retry_wait_interval": {"type": "int"},
}

ITEM_OPTIONS: Options = {
    "type": {"type": "str", "required": True, "choices": list(TYPES)},
    "name": {"type": "str"},
    "id": {"type": "str"},
    "url": {"type": "str"},
    "folders": {"type": "list", "elements": "str"},
    **{flag: {"type": "bool"} for flag in dict.fromkeys(flag for kind in TYPES.values() for flag in kind.flags)},
}

JOB_OPTIONS: Options = {
    "name": {"type": "str"},
    "id": {"type": "str"},
    "organization": {"type": "str"},
    "repository": {"type": "str"},
    "proxy": {"type": "str"},
    "description": {"type": "str"},
    "enabled": {"type": "bool"},
    "backup_type": {"type": "str", "choices": ["entire_organization", "selected_items"]},
    "selected_items": {"type": "list", "elements": "dict", "options": ITEM_OPTIONS},
    "excluded_items": {"type": "list", "elements": "dict", "options": ITEM_OPTIONS},
    "items_mode": {"type": "str", "choices": ["exact", "add", "remove"], "default": "exact"},
    "schedule_policy": {"type": "dict", "options": SCHEDULE_OPTIONS},
    "run_now": {"type": "bool", "default": False},
    "when_running": {"type": "str", "choices": ["proceed", "wait", "fail"]},
    "when_edited": WHEN_EDITED,
    "delete_copy_job": {"type": "bool", "default": False},
}

JOB = ArgSpec(JOB_OPTIONS, required_one_of=(("name", "id"),))


STATUS_FILTER = {
    "type": "list",
    "elements": "str",
    "choices": ["queued", "running", "success", "warning", "failed", "stopped", "disconnected", "not_configured"],
}

IDENTITY_OPTIONS: Options = {"name": {"type": "str"}, "id": {"type": "str"}, "organization": {"type": "str"}}

JOB_IDENTITY = ArgSpec(IDENTITY_OPTIONS, required_one_of=(("name", "id"),))

JOB_FILTERS = ArgSpec(
    {
        **IDENTITY_OPTIONS,
        "repository": {"type": "str"},
        "enabled": {"type": "bool"},
        "status": STATUS_FILTER,
        "items": {"type": "bool", "default": False},
        "deleted_items": {"type": "bool", "default": False},
        "last_session": {"type": "bool", "default": False},
    }
)

JOB_RUN = ArgSpec(
    {
        "state": {"type": "str", "choices": ["started", "stopped"], "default": "started"},
        "full": {"type": "bool", "default": False},
        "wait": {"type": "bool", "default": True},
        "fail_on": {
            "type": "list",
            "elements": "str",
            "choices": ["failed", "warning", "stopped"],
            "default": ["failed"],
        },
    }
)

SESSION_FILTERS = ArgSpec(
    {
        **IDENTITY_OPTIONS,
        "status": STATUS_FILTER,
        "since": {"type": "str"},
        "newest": {"type": "int"},
        "log_items": {"type": "bool", "default": False},
    },
    limits={"newest": (1, 1_000_000)},
)
