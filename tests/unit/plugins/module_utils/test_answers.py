# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which answers of a server are usable, and how others are described."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api._answers import (
    REQUIRED,
    TYPES,
    is_object,
    what_is_wrong,
    wrong_type,
)

JOB = {"id": "1", "name": "Mail"}
ROWS: list[tuple[str, str, t.Any, str]] = [
    ("a list", "Jobs", [JOB], ""),
    ("a page", "Jobs", {"results": [JOB], "offset": 0}, ""),
    ("an empty list", "Jobs", [], ""),
    ("entries that are no objects are somebody else's matter", "Jobs", [None, 3], ""),
    ("a list of what has no rules", "Jobs/1/Whatever", [{"x": 1}], ""),
    ("an object", "Jobs/1", JOB, ""),
    ("null and unknown keys", "Jobs/1", {**JOB, "status": None, "new": [1]}, ""),
    ("the second entry of a list lacks something", "Jobs", [JOB, {"id": "2"}], "'name' is missing"),
    ("an entry of a page lacks something", "Jobs", {"results": [{"name": "x"}]}, "'id' is missing"),
    ("an entry has a wrong type", "Jobs", [{**JOB, "status": 3}], "'status' is a number instead of a text"),
    ("an item", "Jobs/1/SelectedItems", [{"id": "1"}], "'type' is missing"),
    ("an object lacks something", "Jobs/1", {"id": "1", "name": ""}, "'name' is missing"),
    ("a list in place of an object", "Jobs/1", [JOB], "it is a list instead of an object"),
    ("a text in place of an object", "ServiceInstance", "ok", "it is a text instead of an object"),
    ("null in place of an object", "License", None, "it is null instead of an object"),
    ("what JSON does not have", "License", b"", "it is bytes instead of an object"),
    ("a wrong type in the server's own object", "Health", {"status": True}, "'status' is a boolean instead of a text"),
    ("neither list nor page", "Jobs", {"results": {}, "id": 1.5}, "'id' is a number instead of a text"),
    ("no list at all", "Jobs", 3, ""),
    (
        "deep inside",
        "Jobs/1",
        {**JOB, "_links": {}, "schedulePolicy": {"dailyTime": "1", "backupWindowSettings": {"backupWindow": {}}}},
        "'backupWindow' is an object instead of a list",
    ),
]


@pytest.mark.parametrize(("resource", "body", "wrong"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_is_wrong(resource: str, body: t.Any, wrong: str) -> None:
    assert what_is_wrong(resource, body) == wrong


@pytest.mark.parametrize("resource", REQUIRED)
def test_every_collection_has_what_it_needs(resource: str) -> None:
    whole = dict.fromkeys(REQUIRED[resource], "x")
    assert what_is_wrong(resource, [whole]) == what_is_wrong(f"{resource}/1", whole) == ""
    for key in whole:
        assert what_is_wrong(resource, [{**whole, key: None}]) == f"'{key}' is missing"


def test_what_is_no_object_has_no_types() -> None:
    assert wrong_type([{"id": 1}], TYPES) == ""


@pytest.mark.parametrize(
    ("body", "usable"),
    [
        ({"id": "1"}, True),
        ({"id": "1", "name": None, "new": 3}, True),
        ({"id": "1", "_links": []}, False),
        ({"id": 1}, False),
        ({"id": ""}, False),
        ({"name": "Mail"}, False),
        (["1"], False),
        (None, False),
    ],
)
def test_answers_to_writes(body: t.Any, usable: bool) -> None:
    assert is_object(body, "Jobs") is usable
