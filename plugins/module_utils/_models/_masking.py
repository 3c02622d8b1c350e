# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Texts in which Ansible has put a mask where a secret was.

Ansible masks the passwords of a task wherever they occur in its result: with the password C(contoso), a job
C(contoso-exchange) becomes C(********-exchange). Such a text must reach neither a file nor a server.
"""

from __future__ import annotations

import typing as t

from .._errors import InputError, shown

#: what stands for a part of a text, and for the whole of it
MASKS = ("********", "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER")
IN_RESULT = (
    "The password or token of this task occurs in names or other texts of its result, and Ansible shows ******** "
    "there. Do not write these texts to files or servers; use an account whose password does not occur in them."
)


def masked(value: t.Any, path: str = "") -> t.Iterator[tuple[str, str]]:
    """The masked texts in data, each as its path and text."""
    if isinstance(value, str):
        if MASKS[0] in value or MASKS[1] in value:
            yield path, value
    elif isinstance(value, dict):
        for key, entry in value.items():
            yield from masked(entry, f"{path}.{key}" if path else str(key))
    elif isinstance(value, (list, tuple)):
        for number, entry in enumerate(value):
            if entry.__class__ is not bool:  # a window has 168
                yield from masked(entry, f"{path}[{number}]")


def refuse_masked(value: t.Any, path: str = "") -> t.Any:
    """The same data, if there is no masked text in it.

    :raises InputError: with the path of the first one
    """
    for place, text in masked(value, path):
        raise InputError(
            place,
            f"{shown(text)} is masked: Ansible shows {MASKS[0]} where a text contains the password or token of the "
            "task; use an account whose password does not occur in names",
        )
    return value
