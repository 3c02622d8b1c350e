# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The options of a list of jobs."""

from __future__ import annotations

from ..._input._argspec import ArgSpec
from ..._input._groups import STATE
from ..._input._mistakes import Options
from .._copy_job._options import COPY_OPTIONS
from .._job._options import JOB_OPTIONS

#: one entry of a list of jobs: a job, its state, and its copy job
BULK_JOB_OPTIONS: Options = {
    **JOB_OPTIONS,
    **STATE.options,
    "copy_job": {"type": "dict", "options": {**STATE.options, **COPY_OPTIONS}},
}

JOBS = ArgSpec(
    {
        "jobs": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": BULK_JOB_OPTIONS,
            "required_one_of": [("name", "id")],
        },
        "max_parallel": {"type": "int", "default": 4},
        "on_error": {"type": "str", "choices": ["stop", "continue"], "default": "stop"},
        "details": {"type": "bool", "default": False},
        "fingerprints": {"type": "bool", "default": False},
        "plan": {"type": "dict"},
        "scope": {
            "type": "dict",
            "options": {
                "organizations": {"type": "list", "elements": "str"},
                "name": {"type": "str"},
                "description": {"type": "str"},
            },
        },
        "prune": {"type": "bool", "default": False},
        "max_deletions": {"type": "int", "default": 5},
        "protected": {"type": "list", "elements": "str", "default": []},
    },
    limits={"max_deletions": (0, 1_000_000)},
)
