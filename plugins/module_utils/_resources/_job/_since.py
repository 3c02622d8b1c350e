# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Which API versions have which options of a job (rest-api §5.1, §6.1); every version has all others. Pure."""

from __future__ import annotations

import typing as t

from ..._api._versions import ApiVersion
from ..._core._blocks import Block
from ..._core._fields import Choice, Field, Flag, Text
from ..._core._levels import check_versions, walk
from ..._types import View
from ._options import INTERVALS, SCHEDULE_TYPES

SWITCH_OFF = "use 'enabled: false' to stop the schedule"
#: intervals that only later versions have, also in the schedules of copy jobs
NEW_INTERVALS = {"hours12": 8}
INSTEAD_OF_INTERVAL = "use hours8, or a daily schedule"
#: the first version that can be asked for a full run
FULL_RUNS = 6

FIELDS: tuple[Field, ...] = (
    Text("proxy", until=5, instead="leave it out: the job runs on its repository's proxy"),
    Block(
        "schedule_policy",
        (
            Choice("type", " ".join(SCHEDULE_TYPES), new={"manual_only": 5}, instead=SWITCH_OFF),
            Flag("schedule_enabled", since=5, instead=SWITCH_OFF),
            Choice("periodically_every", " ".join(INTERVALS), new=NEW_INTERVALS, instead=INSTEAD_OF_INTERVAL),
            Field("periodically_offset_minutes", since=6),
            Field("periodically_window", since=6),
            Flag("periodically_window_enabled", since=6),
            Field("periodically_window_minute_offset", since=6),
        ),
    ),
)
PATHS = dict(walk(FIELDS))


def check_supported(given: View, version: ApiVersion, prefix: str = "") -> None:
    """Fail for the first option or value of a job that the version in use lacks.

    :arg given: options as the user wrote them
    :arg prefix: where the options stand in the task, for example V(jobs[3].)
    :raises Unsupported: with the option's path, the version in use and the versions that have it
    """
    check_versions(FIELDS, given, version.number, prefix)


def supported(path: str, version: ApiVersion, value: t.Any = None) -> bool:
    """Whether the version knows the option of a job, and the value if one is given."""
    return path not in PATHS or PATHS[path].exists(version.number, value)
