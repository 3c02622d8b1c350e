# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The declaration of a backup job, without any requests."""

from __future__ import annotations

import typing as t

from ..._api._references import ORGANIZATION, PROXY, REPOSITORY
from ..._api._versions import ApiVersion
from ..._core._blocks import Block
from ..._core._fields import CREATE, FIRST, ONCE, Choice, Field, Flag, Number, Ref, Request, Text
from ..._core._kind import Kind
from ..._types import Data, View
from .._times._fields import DAILY_TYPES, INSTEAD_OF_INTERVAL, INTERVALS, NEW_INTERVALS, Hours, Minutes, Time
from ._items import ITEM_OPTIONS

SWITCH_OFF = "use 'enabled: false' to stop the schedule"
NO_PROXY = "leave it out: the job runs on its repository's proxy"
#: the first version that supports full runs
FULL_RUNS = 6


class Start(Time):
    """A time of day, or the range in which one is chosen."""

    option_type = "raw"


class Offset(Number):
    """A number, or the range in which one is chosen."""

    option_type = "raw"


class Items(Field):
    """A list of items; the API reads and writes them in requests of their own."""

    option_type = "list"
    answers = (list,)

    def option(self) -> Data:
        return {"type": self.option_type, "elements": "dict", "options": ITEM_OPTIONS}


def switch(identifier: str, value: bool, before: bool, version: int) -> list[Request]:
    """Enabling and disabling have requests of their own."""
    return [Request("POST", *ApiVersion(version).job_action(identifier, "enable" if value else "disable"))]


#: the options of the schedule (REST API reference of v6 to v8, schema "RESTJobSchedulePolicy"), whose conversions are
#: those of C(_schedule)
SCHEDULE: tuple[Field, ...] = (
    Choice("type", "daily periodically manual_only", new={"manual_only": 5}, instead=SWITCH_OFF),
    Flag("schedule_enabled", since=5, instead=SWITCH_OFF),
    Choice("daily_type", " ".join(DAILY_TYPES)),
    Start("daily_time"),
    Choice("periodically_every", " ".join(INTERVALS), new=NEW_INTERVALS, instead=INSTEAD_OF_INTERVAL),
    Offset("periodically_offset_minutes", 0, 59, since=6),
    Flag("periodically_window_enabled", since=6),
    Hours("periodically_window", since=6),
    Minutes("periodically_window_minute_offset", since=6),
    Flag("backup_window_enabled"),
    Hours("backup_window"),
    Minutes("backup_window_minute_offset"),
    Flag("retry_enabled"),
    Number("retry_number", 1, 777),
    Number("retry_wait_interval", 1, 999),
)
#: up to v7 a link names the organization of a job, up to v5 one names its repository
OWNER = Ref("organization", "organizationId", ORGANIZATION, link="organization", on=CREATE, required=CREATE, shown=True)
STORE = Ref("repository", "repositoryId", REPOSITORY, link="backupRepository", required=CREATE, shown=True)
#: all fields of a job, in the order of the output
JOB = Kind(
    "job",
    "Jobs",
    [
        Text("name", clear=""),
        OWNER,
        STORE,
        Ref("proxy", "proxyId", PROXY, until=5, on=ONCE, instead=NO_PROXY),
        Text("description", clear=""),
        Flag("enabled", "isEnabled", by=switch),
        Choice("backup_type", "entire_organization selected_items", clear="", required=CREATE),
        Items("selected_items"),
        Items("excluded_items"),
        Block("schedule_policy", SCHEDULE),
    ],
    since=FIRST,
    unique=True,
)
#: the fields that their rows alone read and write
PLAIN = tuple(field for field in JOB.fields if not isinstance(field, (Items, Block)) and field.on != ONCE)


def check_supported(given: View, version: ApiVersion, prefix: str = "") -> None:
    """Fail for the first option or value of a job that the version in use lacks.

    :arg given: options as the user wrote them
    :arg prefix: the path of the options in the task, for example V(jobs[3].)
    :raises Unsupported: with the option's path, the version in use and the versions that have it
    """
    JOB.check_version(given, version.number, prefix)


def supported(path: str, version: ApiVersion, value: t.Any = None) -> bool:
    """Whether the version knows the option of a job, and the value if one is given."""
    return path not in JOB.paths or JOB.paths[path].exists(version.number, value)
