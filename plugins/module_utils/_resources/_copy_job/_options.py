# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The options of the modules for copy jobs."""

from __future__ import annotations

from ..._input._argspec import ArgSpec
from ..._input._groups import WHEN_EDITED
from ..._input._mistakes import Options
from .._job._options import DAILY_TYPES, INTERVALS

#: what a copy job has beside the job that it copies
COPY_OPTIONS: Options = {
    "repository": {"type": "str"},
    "enabled": {"type": "bool"},
    "schedule_policy": {
        "type": "dict",
        "options": {
            "type": {"type": "str", "choices": ["immediate", "periodically", "daily_at_time"]},
            "periodically_every": {"type": "str", "choices": INTERVALS},
            "daily_type": {"type": "str", "choices": DAILY_TYPES},
            "daily_time": {"type": "str"},
            "backup_copy_window_enabled": {"type": "bool"},
            "backup_copy_window": {"type": "raw"},
            "backup_copy_window_minute_offset": {"type": "int"},
        },
    },
    "when_running": {"type": "str", "choices": ["proceed", "wait", "fail"]},
    "when_edited": WHEN_EDITED,
}

COPY_JOB = ArgSpec(
    {
        "job": {"type": "str"},
        "job_id": {"type": "str"},
        "organization": {"type": "str"},
        **COPY_OPTIONS,
    },
    required_one_of=(("job", "job_id"),),
)


COPY_JOB_FILTERS = ArgSpec({"job": {"type": "str"}, "id": {"type": "str"}, "organization": {"type": "str"}})
