# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Backup repositories."""

from __future__ import annotations

from .._api._references import REPOSITORY
from .._core._info import Described

REPOSITORIES = Described(
    "repositories",
    REPOSITORY,
    enums=(
        "type",
        "region",
        "retentionType",
        "retentionPeriodType",
        "retentionFrequencyType",
        "dailyType",
        "yearlyRetentionPeriod",
        "monthlyDaynumber",
        "monthlyDayofweek",
    ),
)
