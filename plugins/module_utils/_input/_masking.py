# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Detects texts in which Ansible has replaced a secret with its mask.

Ansible masks the passwords of a task wherever they occur in its result: with the password C(contoso), a job
C(contoso-exchange) becomes C(********-exchange). Such a text must reach neither a file nor a server.
"""

from __future__ import annotations

import typing as t

from .._errors import InputError, shown

#: the text that Ansible puts in place of a part of a text, and of a whole one
MASKS = ("********", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER")
IN_RESULT = (
    "The password or token of this task occurs in names or other texts of its result, where Ansible writes ******** "
    "instead. Do not write these texts to files or servers; use an account whose password does not occur in them."
)


def is_masked(value: t.Any) -> bool:
    """Return whether data contains a masked text at any depth."""
    left = [value]
    while left:
        one = left.pop()
        if isinstance(one, str):
            if MASKS[0] in one or MASKS[1] in one:
                return True
        elif isinstance(one, dict):
            left.extend(one.values())
        elif isinstance(one, (list, tuple)):
            left.extend(entry for entry in one if entry.__class__ is not bool)  # a window has 168
    return False


def with_numbers(data: t.Any, masked: t.Any) -> t.Any:
    """Masked data in which numbers, booleans and null are as they were: a short secret occurs in many a number."""
    if data is None or isinstance(data, (bool, int, float)):
        return data
    if isinstance(data, dict) and isinstance(masked, dict):
        return {key: with_numbers(data[key], value) if key in data else value for key, value in masked.items()}
    if isinstance(data, (list, tuple)) and isinstance(masked, list) and len(data) == len(masked):
        return [with_numbers(*pair) for pair in zip(data, masked)]
    return masked


def refuse_masked(value: t.Any, path: str = "") -> t.Any:
    """Return the data, or fail if it contains a masked text.

    :raises InputError: with the path of the first one
    """
    if not is_masked(value):
        return value
    if isinstance(value, str):
        raise InputError(
            path,
            f"{shown(value)} is masked: Ansible writes {MASKS[0]} in place of the password or token of the task; "
            "use an account whose password does not occur in names",
        )
    if isinstance(value, dict):
        for key, entry in value.items():
            refuse_masked(entry, f"{path}.{key}" if path else str(key))
    else:
        for number, entry in enumerate(value):
            refuse_masked(entry, f"{path}[{number}]")
    return value
