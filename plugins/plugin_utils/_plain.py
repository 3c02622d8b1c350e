# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""What every filter does first."""

from __future__ import annotations

import itertools
import sys
import typing as t

from ansible.errors import AnsibleFilterError

DEEPEST = 50  # levels; a job has six
LARGEST = 10_000  # bits of a number


def plain(value: t.Any, most: int = sys.maxsize) -> t.Any:
    """Ansible's data as plain data: what templates hand over may be lazy or tagged, and YAML knows dates.

    :arg most: values in all, where people write them: a few anchors of YAML can stand for billions
    :raises AnsibleFilterError: for data that no work could be done with in reasonable time
    """
    return _plain(value, DEEPEST, itertools.count(1), most)


def _plain(value: t.Any, levels: int, counter: t.Iterator[int], most: int) -> t.Any:
    if next(counter) > most:
        raise AnsibleFilterError(f"The input has more than {most:,} values; look for a repeated anchor in YAML.")
    if isinstance(value, int) and value.bit_length() > LARGEST:
        raise AnsibleFilterError("The input has a number of more than three thousand digits.")
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if not isinstance(value, (dict, list, tuple, set)):
        return str(value)
    if not levels:
        raise AnsibleFilterError(f"The input has more than {DEEPEST} levels; look for an anchor in YAML within itself.")
    if isinstance(value, dict):
        return {str(key): _plain(entry, levels - 1, counter, most) for key, entry in value.items()}
    return [_plain(entry, levels - 1, counter, most) for entry in value]
