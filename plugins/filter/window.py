# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters for windows, the hours of a week in which a job may run."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._window import (
    format_window,
    parse_window,
)

Made = t.TypeVar("Made")


def window_to_hours(window: t.Any) -> list[bool]:
    """Ranges as people write them to 168 booleans, Sunday 00:00 first."""
    return _checked(parse_window, window)


def hours_to_window(hours: t.Any) -> list[str]:
    """168 booleans, Sunday 00:00 first, to the fewest readable ranges."""
    if not isinstance(hours, (list, tuple)) or not all(isinstance(hour, bool) for hour in hours):
        raise AnsibleFilterError("hours_to_window: the input must be a list of 168 booleans, Sunday 00:00 first.")
    return _checked(format_window, hours)


def _checked(convert: t.Callable[[t.Any], Made], value: t.Any) -> Made:
    try:
        return convert(value)
    except InputError as error:
        raise AnsibleFilterError(error.message) from None  # Ansible would print the cause again


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, t.Callable[[t.Any], t.Any]]:
        return {"window_to_hours": window_to_hours, "hours_to_window": hours_to_window}
