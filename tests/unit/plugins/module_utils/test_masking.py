# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts masked by Ansible are found at any depth and rejected with their path; masked numbers are restored."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._input._masking import (
    is_masked,
    refuse_masked,
    with_numbers,
)

WHOLE_MASK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
#: data, and the path and the text of what is masked in it
MASKED: list[tuple[t.Any, str, str]] = [
    ("a ******** b", "", "a ******** b"),
    ({"jobs": [{"name": "Finance"}, {"name": "********"}]}, "jobs[1].name", "********"),
    ([True, [False, WHOLE_MASK]], "[1][1]", WHOLE_MASK),
    ({"items": ("x", ["********"])}, "items[1][0]", "********"),
]


@pytest.mark.parametrize(("value", "path", "text"), MASKED)
def test_masked_texts_are_refused_by_their_path(value: t.Any, path: str, text: str) -> None:
    assert is_masked(value)
    with pytest.raises(InputError) as caught:
        refuse_masked(value)
    assert caught.value.option == path
    assert caught.value.text == (
        f"'{text}' is masked: Ansible writes ******** in place of the password or token of the task; "
        "use an account whose password does not occur in names"
    )


@pytest.mark.parametrize("value", [None, 7, True, "*******", "x", [], {}, {"********": 1}, [[{"a": ["b"]}], (1, "c")]])
def test_other_data_is_returned_as_it_is(value: t.Any) -> None:
    assert not is_masked(value)
    assert refuse_masked(value) is value


@pytest.mark.parametrize(
    ("data", "masked", "expected"),
    [
        (12, "1********", 12),
        (None, "********", None),
        ("12", "1********", "1********"),
        ({"a": 12, "b": "12"}, {"a": "********", "b": "********"}, {"a": 12, "b": "********"}),
        ({"a": 12}, {"a": "********", "more": "x"}, {"a": 12, "more": "x"}),
        ([1, ["2", False]], ["********", ["********", "********"]], [1, ["********", False]]),
        ((1, 2), ["********", 2], [1, 2]),
        ([1, 2], ["********"], ["********"]),
        ({"a": 1}, "********", "********"),
    ],
)
def test_numbers_are_as_they_were(data: t.Any, masked: t.Any, expected: t.Any) -> None:
    assert with_numbers(data, masked) == expected
