# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arbitrary values as windows: hours, or a readable error that names the option."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.filter.window import hours_to_window, window_to_hours
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times import _window
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._window import (
    canonical_window,
    parse_window,
)
from hypothesis import example, given
from hypothesis import strategies as st

from .search import is_readable, search
from .values import ANYTHING, DIGITS, ODD_TEXTS, long, made, nested, phrases

PATH = "jobs[3].schedule_policy.backup_window"
WORDS = [
    *("Mon", "Tue", "Sunday", "wed", "FRIDAY", "Mon-Fri", "Sat,Sun", "always", "never", "00:00", "7:00", "24:00"),
    *("19:30", "25:00", "99:99", "-", ",", ":", "19:00-07:00"),
]
TEXTS = st.one_of(phrases(WORDS, ["", " ", "-", ",", " - "]), ODD_TEXTS)
ENTRIES = st.one_of(TEXTS, TEXTS, long(TEXTS), ANYTHING)
MASKS = st.builds(
    lambda bits, hours: [bool(bits >> hour & 1) for hour in range(hours)],
    st.integers(0, 2**168 - 1),
    st.sampled_from([168, 168, 167, 169]),
)
SPOILT_MASKS = st.builds(
    lambda mask, place, entry: [*mask[:place], entry, *mask[place + 1 :]], MASKS, st.integers(0, 166), ENTRIES
)
WINDOWS = st.one_of(ENTRIES, st.lists(ENTRIES, max_size=5), st.lists(TEXTS, max_size=3), MASKS, SPOILT_MASKS)


def is_right(error: InputError) -> bool:
    return (error.option == PATH or error.option.startswith(f"{PATH}[")) and is_readable(error.message)


@search(150)
@given(WINDOWS)
@example(DIGITS)
@example([DIGITS])
@example(nested("Mon", 5000))
@example([{"Mon": ["x" * 100_000]}])
@example("\x1b[2J")
@example(["x" * 100_000])
@example("mon-tue-" * 10_000)
@example("Mon " * 50_000)
def test_a_window_is_hours_or_an_error_with_its_path(window: t.Any) -> None:
    _window._canonical.cache_clear()
    window = made(window)
    try:
        hours = parse_window(window, PATH)
    except InputError as error:
        assert is_right(error), error.message[:500]
        with pytest.raises(InputError) as again:
            canonical_window(window, PATH)
        assert again.value.message == error.message
    else:
        assert len(hours) == 168 and all(isinstance(hour, bool) for hour in hours)
        assert parse_window(canonical_window(window, PATH)) == hours


@search(40)
@given(WINDOWS)
def test_the_filters_say_the_same(window: t.Any) -> None:
    window = made(window)
    try:
        hours = window_to_hours(window)
    except AnsibleFilterError as error:
        assert is_readable(str(error))
    else:
        assert window_to_hours(hours_to_window(hours)) == hours
    try:
        assert all(isinstance(entry, str) for entry in hours_to_window(window))
    except AnsibleFilterError as error:
        assert is_readable(str(error))
