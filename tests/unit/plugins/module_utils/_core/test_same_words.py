# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A new resource whose fields have the names of other resources' fields: facts about those do not apply to it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api._answers import is_object, what_is_wrong
from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import NUMBERS
from ansible_collections.backupops.vbo365.plugins.module_utils._core._blocks import Block
from ansible_collections.backupops.vbo365.plugins.module_utils._core._describe import describe
from ansible_collections.backupops.vbo365.plugins.module_utils._core._fields import CREATE, Flag, Number, Text, Texts
from ansible_collections.backupops.vbo365.plugins.module_utils._core._kind import Kind
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._declared import manage
from ansible_collections.backupops.vbo365.plugins.module_utils._input._argspec import check_values

from .kinds import Sea, Values, apply

WHARF = Kind(
    "wharf",
    "Wharves",
    [
        Text("name", required=CREATE),
        Text("proxy"),
        Flag("team"),
        Flag("status"),
        Text("type"),
        Text("region"),
        Texts("url"),
        Text("folders"),
        Number("limit", 0, 9),
        Number("newest", 0, 5_000_000),
        Number("wait_timeout", -1, 9),
        Block(
            "schedule_policy",
            [
                Text("type"),
                Text("periodically_every"),
                Flag("schedule_enabled"),
                Number("periodically_window", 0, 9),
                Number("backup_window", 0, 9),
            ],
        ),
    ],
    since=3,
    plural="wharves",
)
OPTIONS: Values = {
    "name": "Mole",
    "proxy": "Oslo",
    "team": True,
    "status": False,
    "type": "NotConfigured",
    "region": "NorthSea",
    "url": ["a", "b"],
    "folders": "none",
    "limit": 0,
    "newest": 0,
    "wait_timeout": -1,
    "schedule_policy": {
        "type": "manual_only",
        "periodically_every": "hours12",
        "schedule_enabled": False,
        "periodically_window": 3,
        "backup_window": 4,
    },
}
RAW: Values = {
    "id": "w1",
    **{key: OPTIONS[key] for key in ("name", "proxy", "team", "status", "type", "region", "url", "folders", "limit")},
    "newest": 0,
    "waitTimeout": -1,
    "schedulePolicy": {
        "type": "manual_only",
        "periodicallyEvery": "hours12",
        "scheduleEnabled": False,
        "periodicallyWindow": 3,
        "backupWindow": 4,
    },
}


def test_its_numbers_have_no_limits_of_others() -> None:
    check_values(manage(WHARF).spec, dict(OPTIONS))


def test_its_texts_are_no_words_of_others() -> None:
    """In answers that are shown unchanged, only the keys that a resource lists have enum values."""
    assert describe(RAW, ()) == {"id": "w1", **OPTIONS}
    assert describe(RAW, ("region",)) == {"id": "w1", **OPTIONS, "region": "north_sea"}


@pytest.mark.parametrize("body", [RAW, [RAW], {"results": [RAW], "limit": 30, "offset": 0}])
def test_its_answers_are_not_checked_by_the_keys_of_others(body: t.Any) -> None:
    assert what_is_wrong("Wharves", body) == ""
    assert is_object(RAW, "Wharves") and WHARF.complaint(RAW) == ""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({**RAW, "id": 5}, "'id' is a number instead of a text"),
        ([RAW, {**RAW, "_links": [1]}], "'_links' is a list instead of an object"),
        ({"results": [{**RAW, "id": ["x"]}]}, "'id' is a list instead of a text"),
        ({"results": [RAW], "limit": "x"}, "'limit' is a text instead of a number"),
        ({"results": [RAW], "_links": ["x"]}, "'_links' is a list instead of an object"),
        ([None], ""),
    ],
)
def test_pages_ids_and_links_are_checked_for_all(body: t.Any, why: str) -> None:
    assert what_is_wrong("Wharves", body) == why


def test_its_answers_are_checked_by_its_own_fields() -> None:
    assert WHARF.complaint({**RAW, "id": 5}) == "'id' is a number instead of a text"
    assert WHARF.complaint({**RAW, "team": 5}) == "'team' is a number instead of a boolean"
    assert WHARF.complaint({**RAW, "schedulePolicy": {"type": []}}) == "'type' is a list instead of a text"


@pytest.mark.parametrize("number", NUMBERS)
def test_every_version_has_its_options_and_values(number: int) -> None:
    WHARF.check_version(OPTIONS, number)
    result = apply(Sea(number, {"Wharves": [RAW]}), WHARF, **OPTIONS)
    assert (result["changed"], result["wharf"]) == (False, {"id": "w1", **OPTIONS})
