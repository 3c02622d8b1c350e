# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Changes of a job since it was planned, without a server."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._jobs import _planned as saved
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._jobs._planned import Moved, Seen

Values = dict[str, t.Any]
CFO = {"type": "user", "name": "cfo@contoso.com", "mailbox": True}
CEO = {"type": "user", "name": "ceo@contoso.com", "mailbox": True}
VIEW: Values = {
    "name": "Mail",
    "enabled": True,
    "description": None,
    "selected_items": [CFO],
    "excluded_items": [],
    "schedule_policy": {"type": "daily", "daily_time": "22:00", "retry_number": 3},
}
POLICY = {"type": "Daily"}


def change(field: str, before: t.Any, after: t.Any) -> Values:
    return {"field": field, "before": before, "after": after}


ON = change("enabled", True, False)
TIME = change("schedule_policy.daily_time", "22:00", "23:00")
ADDED = change("selected_items[user ceo@contoso.com]", None, CEO)
GONE = change("selected_items[user cfo@contoso.com]", CFO, None)


def planned(*changes: Values, action: str = "update", job_id: str | None = "j1", **other: t.Any) -> Values:
    return saved.kept(Seen(job_id, other.get("view", VIEW), POLICY, action, changes))


def now(*changes: Values, **fields: t.Any) -> Seen:
    policy = fields.pop("policy", POLICY)
    return Seen("J1", {**VIEW, **fields}, policy, "update", changes)


def schedule(**fields: t.Any) -> Values:
    return {**VIEW["schedule_policy"], **fields}


@pytest.mark.parametrize(
    ("before", "seen", "moved"),
    [
        # none, all or half of the changes were made
        (planned(ON), now(ON), []),
        (planned(ON), now(enabled=False), []),
        (planned(ON, TIME), now(TIME, enabled=False), []),
        (planned(TIME), now(schedule_policy=schedule(daily_time="23:00"), policy={"type": "Daily", "new": 1}), []),
        (planned(ADDED, GONE), now(ADDED, GONE), []),
        (planned(ADDED, GONE), now(selected_items=[CEO]), []),
        (planned(ADDED, GONE), now(GONE, selected_items=[CFO, CEO]), []),
        # a plan may contain any data about an item
        *((planned(change("selected_items[x]", None, odd)), now(), []) for odd in (None, {"name": "x"}, "prototype")),
        # somebody else has edited it
        (planned(ON), now(ON, name="Post"), [Moved("name", "edited", "Post")]),
        (planned(ON), now(ON, description="new"), [Moved("description", "edited", "new")]),
        (planned(), now(enabled=None), [Moved("enabled", "edited", None)]),
        (planned(ON), now(ON, TIME), [Moved("schedule_policy.daily_time", "edited", "22:00")]),
        (planned(TIME), now({**TIME, "after": "21:00"}), [Moved("schedule_policy.daily_time", "edited", "22:00")]),
        (planned(), now(policy={"type": "Daily", "hidden": 1}), [Moved("schedule_policy", "edited")]),
        (
            planned(),
            now(policy={"retry": 9}, schedule_policy=schedule(retry_number=9)),
            [Moved("schedule_policy.retry_number", "edited", 9)],
        ),
        (planned(), now(selected_items=[CFO, CEO]), [Moved("selected_items", "edited", [CFO, CEO])]),
        (
            planned(),
            now(change("selected_items[group [all]]", CEO, None), selected_items=[CFO, CEO]),
            [Moved("selected_items[group [all]]", "edited", CEO)],
        ),
        (planned(ADDED), now(selected_items=[CEO]), [Moved("selected_items", "edited")]),
        # it was replaced or deleted
        (planned(ON), Seen("j2", VIEW, POLICY, "update", [ON]), [Moved("id", "edited", "j2")]),
        (planned(ON), Seen(None, None, None, "create", []), [Moved("", "deleted")]),
        (planned(action="delete"), Seen(None, None, None, "none", []), []),
    ],
)
def test_a_job_that_was_there(before: Values, seen: Seen, moved: list[Moved]) -> None:
    assert saved.moved_object(before, seen) == moved


@pytest.mark.parametrize(
    ("action", "seen", "moved"),
    [
        ("create", Seen(None, None, None, "create", [ON]), []),
        ("create", Seen(None, None, None, "create", [TIME]), [Moved(TIME["field"], "edited", "22:00")]),
        ("create", Seen("j1", VIEW, POLICY, "none", []), []),
        ("create", Seen("j1", VIEW, POLICY, "update", [ON]), []),
        ("create", Seen("j1", VIEW, POLICY, "update", [ON, TIME]), [Moved(TIME["field"], "created", "22:00")]),
        ("create", Seen("j1", VIEW, POLICY, "delete", []), [Moved("", "created")]),
        ("none", Seen("j1", VIEW, POLICY, "none", []), [Moved("", "created")]),
    ],
)
def test_a_job_that_was_not_there(action: str, seen: Seen, moved: list[Moved]) -> None:
    before = planned(ON, action=action, view=None, job_id=None)
    assert before["fingerprint"] == {}
    assert saved.moved_object(before, seen, ("enabled",)) == moved


def test_what_is_kept() -> None:
    hashes = saved.fingerprint(VIEW, POLICY)
    assert list(hashes) == [
        "name",
        "enabled",
        "selected_items",
        "schedule_policy.type",
        "schedule_policy.daily_time",
        "schedule_policy.retry_number",
        "schedule_policy",
    ]
    assert saved.hashed({"b": 1, "a": "ä"}) == saved.hashed({"a": "ä", "b": 1}) and len(hashes["name"]) == 12
    assert saved.canonical({"b": [1, None], "a": "ä"}) == '{"a":"\\u00e4","b":[1,null]}'
    between = dataclasses.make_dataclass("Between", ["first", "last"])("22:00", "23:00")
    assert saved.canonical([between]) == '[{"first":"22:00","last":"23:00"}]'
    assert planned(ON) == {"id": "j1", "action": "update", "changes": [ON], "fingerprint": hashes}
    assert saved.not_done({"changes": [ON, TIME]}, {**VIEW, "enabled": False}) == [TIME]
    assert saved.copy_view(None) is None
    assert saved.copy_view({**VIEW, "repository": "r"}) == {
        "repository": "r",
        "enabled": True,
        "schedule_policy": VIEW["schedule_policy"],
    }


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"scope": None, "prune": False, "max_deletions": 1, "protected": []}, {"scope": {}, "prune": False}),
        (
            {"scope": {"a": ["x"], "b": []}, "prune": True, "max_deletions": 1, "protected": ["p"]},
            {"scope": {"a": ["x"]}, "prune": True, "max_deletions": 1, "protected": ["p"]},
        ),
    ],
)
def test_settings(params: Values, expected: Values) -> None:
    assert saved.settings_of(params) == expected


def test_declared_jobs() -> None:
    named = {"id": "J1", "organization": "Contoso", "name": "Mail", "state": "absent"}
    assert saved.declared_as(named) == {"id": "J1", "organization": "Contoso", "name": "Mail"}
    assert saved.declared_as({"id": None, "name": "Mail"}) == {"name": "Mail"}
    assert saved.entry_key(named) == ("j1",)
    assert saved.entry_key({"organization": "Contoso", "name": "Mail"}) == ("contoso", "mail")

    job = {**named, "run_now": False, "when_edited": "stop", "copy_job": {"state": "present", "proxy": "p"}}
    hashes = saved.declared_hashes(job, {"enabled": True, "selected_items": []}, {"repository": "r"})
    expected = {
        "id": "J1",
        "state": "absent",
        "when_edited": "stop",
        "enabled": True,
        "selected_items": [],
        "copy_job": ["proxy", "repository"],
        "copy_job.proxy": "p",
        "copy_job.repository": "r",
    }
    assert hashes == {name: saved.hashed(value) for name, value in expected.items()}


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        ({"a": "1"}, {"a": "1"}, []),
        ({"a": "1", "b": "1"}, {"a": "2", "c": "1"}, ["a", "b", "c"]),
        ({"copy_job": "1", "copy_job.a": "1"}, {"copy_job": "2", "copy_job.a": "2"}, ["copy_job.a"]),
        ({"copy_job": "1", "copy_job.a": "1"}, {}, ["copy_job"]),
        ({}, {"copy_job": "1", "copy_job.a": "1"}, ["copy_job"]),
    ],
)
def test_declared_in_another_way(before: Values, after: Values, fields: list[str]) -> None:
    assert saved.moved_declaration(before, after) == [Moved(field, "declared") for field in fields]


JOB = {"id": None, "action": "create", "changes": [{"field": "a"}], "fingerprint": {}, "copy_job": None}
PART: Values = {
    "api_version": "v8",
    "settings": {},
    "jobs": [{**JOB, "declared_as": {}, "declared": {}}],
    "pruned": [{**JOB, "id": "j1"}],
    "unmanaged": [{"id": "j2"}],
}


@pytest.mark.parametrize(
    "part",
    [
        {},
        [],
        *({key: value for key, value in PART.items() if key != missing} for missing in PART),
        {**PART, "jobs": {}},
        {**PART, "jobs": [JOB]},
        {**PART, "pruned": [JOB]},
        {**PART, "pruned": [{**JOB, "id": "j1", "changes": [{}]}]},
        {**PART, "pruned": [{**JOB, "id": "j1", "copy_job": {}}]},
        {**PART, "unmanaged": [{"id": "j2"}, {"id": None}]},
    ],
)
def test_what_is_no_part_of_a_plan(part: t.Any) -> None:
    saved.check_part(PART)
    with pytest.raises(InputError) as caught:
        saved.check_part(part)
    assert caught.value.option == "plan" and caught.value.text.startswith("must be the plan of one server")
