# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The options of the modules for jobs, their items, schedules, runs and sessions."""

from __future__ import annotations

from ..._core._levels import options_of
from ..._input._argspec import ArgSpec
from ..._input._groups import WHEN_EDITED
from ..._input._mistakes import Moment, Options
from . import _fields as fields

ROWS = options_of(fields.JOB.fields)
JOB_OPTIONS: Options = {
    "name": ROWS["name"],
    "id": {"type": "str"},
    **ROWS,
    "items_mode": {"type": "str", "choices": ["exact", "add", "remove"], "default": "exact"},
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
        "since": Moment({"type": "str"}),
        "newest": {"type": "int"},
        "log_items": {"type": "bool", "default": False},
    },
    limits={"newest": (1, 1_000_000)},
)
