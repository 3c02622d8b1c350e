# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The comparison of two views: order, missing keys, nested ones, lists."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._core._changes import changes_between
from hypothesis import given, settings
from hypothesis import strategies as st

QUICK = settings(deadline=None, max_examples=150, database=None)
View = dict[str, t.Any]

ROWS: list[tuple[str, View, View, list[tuple[str, t.Any, t.Any]]]] = [
    ("nothing", {}, {}, []),
    ("the same", {"a": 1, "b": [1, 2]}, {"b": [1, 2], "a": 1}, []),
    ("changed", {"a": 1}, {"a": 2}, [("a", 1, 2)]),
    ("new", {}, {"a": 1}, [("a", None, 1)]),
    ("gone", {"a": 1}, {}, [("a", 1, None)]),
    ("missing is None", {"a": None}, {"b": None}, []),
    ("false is not missing", {}, {"a": False}, [("a", None, False)]),
    ("zero is not missing", {"a": 0}, {}, [("a", 0, None)]),
    ("empty text is not missing", {}, {"a": ""}, [("a", None, "")]),
    ("nested", {"p": {"x": 1, "y": 2}}, {"p": {"x": 1, "y": 3}}, [("p.y", 2, 3)]),
    ("nested deeper", {"p": {"q": {"r": 1}}}, {"p": {"q": {"r": 2}}}, [("p.q.r", 1, 2)]),
    ("nested, new", {}, {"p": {"x": 1}}, [("p.x", None, 1)]),
    ("nested, gone", {"p": {"x": 1}}, {"p": None}, [("p.x", 1, None)]),
    ("nested and empty", {"p": {}}, {}, []),
    ("lists are compared whole", {"a": [1, 2]}, {"a": [2, 1]}, [("a", [1, 2], [2, 1])]),
    ("an empty list is not missing", {}, {"a": []}, [("a", None, [])]),
    (
        "in the order of the wanted view, the rest after it",
        {"z": 1, "y": 1},
        {"b": 1, "a": 1},
        [("b", None, 1), ("a", None, 1), ("z", 1, None), ("y", 1, None)],
    ),
]


@pytest.mark.parametrize(("before", "after", "changes"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_changes(before: View, after: View, changes: list[tuple[str, t.Any, t.Any]]) -> None:
    expected = [{"field": field, "before": old, "after": new} for field, old, new in changes]
    assert changes_between(before, after) == expected


leaves = (
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "x"]) | st.lists(st.integers(0, 2), max_size=2)
)
flat = st.dictionaries(st.sampled_from("abc"), leaves, max_size=3)
views = st.fixed_dictionaries({}, optional={"p": flat, "q": flat, "r": leaves, "s": leaves})


def without_none(view: View) -> View:
    return {
        key: without_none(value) if isinstance(value, dict) else value
        for key, value in view.items()
        if value is not None and not (isinstance(value, dict) and not without_none(value))
    }


@QUICK
@given(views, views)
def test_no_changes_means_equal_and_the_reverse(before: View, after: View) -> None:
    assert (changes_between(before, after) == []) == (without_none(before) == without_none(after))


@QUICK
@given(views, views)
def test_the_changes_lead_from_one_to_the_other(before: View, after: View) -> None:
    reached: View = copy.deepcopy(before)
    kept = copy.deepcopy((before, after))
    for change in changes_between(before, after):
        *parents, last = change["field"].split(".")
        place = reached
        for parent in parents:
            place[parent] = place = dict(place.get(parent) or {})
        assert place.get(last) == change["before"]
        place[last] = change["after"]
    assert without_none(reached) == without_none(after)
    assert (before, after) == kept, "the views are not touched"


@QUICK
@given(views, views)
def test_there_and_back(before: View, after: View) -> None:
    there = {(row["field"], repr(row["before"]), repr(row["after"])) for row in changes_between(before, after)}
    back = {(row["field"], repr(row["after"]), repr(row["before"])) for row in changes_between(after, before)}
    assert there == back
