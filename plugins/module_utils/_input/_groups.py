# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Groups of options that modules of several resources share."""

from __future__ import annotations

from ._argspec import ArgSpec

#: what to do when somebody else edits an object between the read and the write
WHEN_EDITED = {"type": "str", "choices": ["retry", "fail"], "default": "retry"}


STATE = ArgSpec({"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}})


UPDATE_PASSWORD = ArgSpec(
    {"update_password": {"type": "str", "choices": ["on_create", "always"], "default": "on_create", "no_log": False}}
)


WAIT = ArgSpec(
    {
        "wait_timeout": {"type": "int", "default": 3600},
        "wait_interval": {"type": "int", "default": 10},
    },
    limits={"wait_timeout": (0, 2_592_000), "wait_interval": (1, 86_400)},
)


INFO_FILTERS = ArgSpec({"name": {"type": "str"}, "id": {"type": "str"}})
