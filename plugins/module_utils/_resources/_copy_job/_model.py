# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""A backup copy job: its declaration."""

from __future__ import annotations

from ..._api._references import ORGANIZATION, REPOSITORY
from ..._api._versions import ApiVersion
from ..._core._fields import CREATE, Flag, Ref, Request
from ..._core._kind import Kind, Write
from ..._core._levels import parsed
from ..._types import View
from .._job._fields import JOB, STORE
from ._schedule import CopySchedule


def switch(identifier: str, value: bool, before: bool, version: int) -> list[Request]:
    """Enabling and disabling have requests of their own."""
    return [Request("POST", f"CopyJobs/{identifier}/{'enable' if value else 'disable'}")]


def new(write: Write) -> Request:
    """Return the body of a new copy job; up to v7, it does not contain the organization."""
    unknown = () if ApiVersion(write.version).has_organization_in_copy_job else ("organizationId",)
    return Request("POST", write.path, {key: value for key, value in write.body.items() if key not in unknown})


def edit(write: Write) -> Request:
    """Only the differences; the job whose backups are copied is never sent again."""
    return Request("PUT", write.path, {key: value for key, value in write.body.items() if key != "backupJobId"})


#: fields that a copy job repeats from its job
OF_THE_JOB = (
    Ref("job", "backupJobId", JOB, on=CREATE, shown=True),
    Ref("organization", "organizationId", ORGANIZATION, on=CREATE, shown=True),
)
#: its own fields
OWN = (
    Ref("repository", "repositoryId", REPOSITORY, link=STORE.link, shown=True),
    Flag("enabled", "isEnabled", default=True, by=switch),
    CopySchedule("schedule_policy"),
)
COPY_JOB = Kind("copy_job", "CopyJobs", [*OF_THE_JOB, *OWN], identity=("job",), unique=True, create=new, update=edit)


def parse_copy_job(options: View) -> View:
    """Check and canonicalise the input; options that are not given are not added.

    :raises InputError: with the path of the option
    """
    return parsed(OWN, options)
