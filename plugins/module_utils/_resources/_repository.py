# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Backup repositories."""

from __future__ import annotations

from .._core._host import Host
from .._core._info import listed
from .._types import Data

#: keys whose values are enum values of the API
ENUMS = (
    "type",
    "region",
    "retentionType",
    "retentionPeriodType",
    "retentionFrequencyType",
    "dailyType",
    "yearlyRetentionPeriod",
    "monthlyDaynumber",
    "monthlyDayofweek",
)


def read_repositories(host: Host) -> Data:
    """Backup repositories."""
    with host.client() as client:
        things = list(client.list("BackupRepositories"))
        return listed(host, "repositories", things, ("name",), ENUMS, client.version.name)
