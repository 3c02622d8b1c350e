# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Lengths of time as people write them: 12h, 90m, 7d."""

from __future__ import annotations

import re
import typing as t

from ..module_utils._errors import InputError, shown

DAY = 24 * 60
_DURATION = re.compile(r"(\d{1,5}) ?(m|min|h|d)")
_MINUTES = {"m": 1, "min": 1, "h": 60, "d": DAY}


def minutes(value: t.Any, path: str) -> int:
    """A length of time in minutes.

    :raises InputError: for an invalid duration, or zero
    """
    match = _DURATION.fullmatch(str(value).strip())
    if not match or not int(match[1]):
        raise InputError(path, f"{shown(value)} is not a duration; write for example 12h, 90m or 7d")
    return int(match[1]) * _MINUTES[match[2]]
