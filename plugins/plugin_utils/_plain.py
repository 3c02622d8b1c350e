# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Conversions that every filter applies to its input."""

from __future__ import annotations

import datetime
import itertools
import re
import sys
import typing as t

from ansible.errors import AnsibleFilterError
from ansible.utils.unsafe_proxy import wrap_var

from ..module_utils._errors import VboError

Made = t.TypeVar("Made")

DEEPEST = 50  # levels; a job has six
LARGEST = 10_000  # bits of a number
#: values in a list of jobs: ten thousand jobs with two windows of booleans have three and a half million
MOST = 5_000_000


#: whether a text has to say that it is no template (ansible-core before 2.19); later only a tag makes it one
_MARKED = wrap_var("text").__class__ is not str
_LEFT_OUT = object()  # in place of omitted values
#: the value of C(default(omit)) before ansible-core 2.19, until the arguments of a task are complete
_PLACEHOLDER = re.compile(r"__omit_place_holder__[0-9a-f]+")


def plain(value: t.Any, most: int = sys.maxsize, dates: bool = False) -> t.Any:
    """Convert data of Ansible to plain data: values of templates may be lazy or tagged, and YAML has dates.

    What was left out with C(omit) is not there, at any depth.

    :arg most: the most values in all, for input of users: a few anchors of YAML can stand for billions
    :arg dates: keep dates of YAML instead of converting them to texts
    :raises AnsibleFilterError: for data that no work could be done with in reasonable time
    """
    found = _plain(value, DEEPEST, itertools.count(1), most, dates)
    return None if found is _LEFT_OUT else found


def unsafe(made: Made) -> Made:
    """Mark the result of a filter so that Ansible does not evaluate any text in it as a template.

    :arg made: data from the result of :func:`plain`
    """
    return t.cast(Made, wrap_var(made)) if _MARKED else made


def checked(name: str, work: t.Callable[[], Made]) -> Made:
    """Return the result of a filter; errors in its input begin with the name of the filter.

    :raises AnsibleFilterError: for errors of the work
    """
    try:
        return work()
    except VboError as error:
        raise AnsibleFilterError(f"{name}: {error.message}") from None  # Ansible would print the cause again
    except ValueError as error:
        raise AnsibleFilterError(f"{name}: {error}") from None


def is_left_out(value: t.Any) -> bool:
    """Return whether a value is the placeholder of C(default(omit))."""
    if isinstance(value, str):
        return value.startswith("__omit") and _PLACEHOLDER.fullmatch(value) is not None
    return type(value).__name__ == "_OmitType"


def _plain(value: t.Any, levels: int, counter: t.Iterator[int], most: int, dates: bool) -> t.Any:
    if next(counter) > most:
        raise AnsibleFilterError(f"The input has more than {most:,} values; check for a repeated anchor in YAML.")
    if isinstance(value, str):
        return _LEFT_OUT if value.startswith("__omit") and is_left_out(value) else str(value)
    if isinstance(value, int) and value.bit_length() > LARGEST:
        raise AnsibleFilterError("The input contains a number with more than three thousand digits.")
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if not isinstance(value, (dict, list, tuple, set)):
        if is_left_out(value):
            return _LEFT_OUT
        return _untagged(value) if dates and isinstance(value, datetime.date) else str(value)
    if not levels:
        raise AnsibleFilterError(
            f"The input has more than {DEEPEST} levels; check for a YAML anchor that contains itself."
        )
    if isinstance(value, dict):
        entries = [(str(key), _plain(entry, levels - 1, counter, most, dates)) for key, entry in value.items()]
        return {key: entry for key, entry in entries if entry is not _LEFT_OUT}
    plain_entries = [_plain(entry, levels - 1, counter, most, dates) for entry in value]
    return [entry for entry in plain_entries if entry is not _LEFT_OUT]


def _untagged(value: datetime.date) -> datetime.date:
    kind = datetime.datetime if isinstance(value, datetime.datetime) else datetime.date
    return kind.fromisoformat(value.isoformat())
