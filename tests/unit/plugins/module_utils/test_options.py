# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options compared with their specification: mistakes, their paths, and suggestions."""

from __future__ import annotations

import copy
import datetime
import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._input import _mistakes as model


def mapping(value: t.Any) -> dict[str, t.Any]:
    """Accept a mapping written as text, as Ansible does."""
    if isinstance(value, str) and "=" in value:
        key, text = value.split("=")
        return {key: text}
    if not isinstance(value, dict):
        raise TypeError(value)
    return value


def listed(value: t.Any) -> list[t.Any]:
    if isinstance(value, str):
        return value.split(",")
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def truth(value: t.Any) -> bool:
    return {"yes": True, True: True, "no": False, False: False}[value] if value in ("yes", "no", True, False) else 1 / 0


NO_MAPPING = "must be a dictionary, for example "
CONVERT: model.Converters = {"int": int, "bool": truth, "list": listed, "dict": mapping}
OPTIONS: model.Options = {
    "name": {"type": "str", "required": True},
    "kind": {"type": "str", "choices": ["daily", "weekly"], "required": True},
    "url": {"type": "str", "required": True, "fallback": (None, ["VBO365_URL"])},
    "number": {"type": "int"},
    "level": {"type": "int", "choices": [1, 2]},
    "enabled": {"type": "bool"},
    "sure": {"type": "bool", "default": False},
    "days": {"type": "list", "elements": "str", "choices": ["mon", "tue"]},
    "policy": {"type": "dict", "options": {"time": {"type": "str"}, "retries": {"type": "int"}}},
    "items": {
        "type": "list",
        "elements": "dict",
        "options": {"name": {"type": "str"}, "id": {"type": "str"}},
        "required_one_of": [["name", "id"]],
    },
}
WHOLE = {"name": "Mail", "kind": "daily", "url": "x"}
Said = list[tuple[str, str]]

#: options of a task besides WHOLE, and the mistakes in them
TASKS: dict[str, tuple[t.Any, Said]] = {
    "nothing": ({}, []),
    "everything": (
        {
            "number": "3",
            "level": "2",
            "enabled": "yes",
            "days": "mon,tue",
            "policy": {"time": "x", "retries": "1"},
            "items": [{"name": "a"}, "id=b"],
        },
        [],
    ),
    "nulls": (dict.fromkeys(("number", "enabled", "policy", "items")), []),
    "null in the place of a choice": (
        {"level": None, "days": None},
        [
            ("level", "must be a whole number (got null)"),
            ("days", "must be a list with one entry per line, each after a dash (got null)"),
        ],
    ),
    "null in the place of a default": ({"sure": None}, [("sure", "must be true or false (got null)")]),
    "an unknown option": ({"numbr": 1}, [("numbr", "unsupported option. Did you mean number?")]),
    "a key that is no text": (
        {7: 1},
        [
            (
                "7",
                "unsupported option; available: name, kind, url, number, level, enabled, sure, days, policy, items",
            )
        ],
    ),
    "an unknown option inside": (
        {"policy": {"tme": 1}},
        [("policy.tme", "unsupported option. Did you mean time?")],
    ),
    "nothing that comes near": ({"policy": {"x": 1}}, [("policy.x", "unsupported option; available: time, retries")]),
    "no number": ({"number": "many"}, [("number", "must be a whole number (got 'many')")]),
    "no boolean": ({"enabled": "perhaps"}, [("enabled", "must be true or false (got 'perhaps')")]),
    "no list": ({"days": 3}, [("days", "must be a list with one entry per line, each after a dash (got '3')")]),
    "no mapping": ({"policy": 3}, [("policy", f"{NO_MAPPING}\"time: …\" (got '3')")]),
    "no mapping in a list": ({"items": [{"name": "a"}, 3]}, [("items[1]", f"{NO_MAPPING}\"name: …\" (got '3')")]),
    "no choice": ({"kind": "dayly"}, [("kind", "must be one of daily, weekly (got 'dayly'). Did you mean daily?")]),
    "no choice that comes near": ({"kind": "x"}, [("kind", "must be one of daily, weekly (got 'x')")]),
    "no choice among numbers": ({"level": 3}, [("level", "must be one of 1, 2 (got '3')")]),
    "a list in the place of a choice": (
        {"kind": ["daily"]},
        [("kind", "must be one of daily, weekly (got a list). Did you mean daily?")],
    ),
    "no choice in a list": (
        {"days": ["mon", "tues", "x"]},
        [
            ("days[1]", "must be one of mon, tue (got 'tues'). Did you mean tue?"),
            ("days[2]", "must be one of mon, tue (got 'x')"),
        ],
    ),
    "placeholders are for templates": ({"kind": "{x}"}, [("kind", "must be one of daily, weekly (got '{x}')")]),
    "a choice of another type": ({"kind": True}, [("kind", "must be one of daily, weekly (got 'true')")]),
    "something needed": (
        {"name": None, "kind": None, "url": None},
        [
            ("name", "required"),
            ("kind", "required; must be one of daily, weekly"),
            (
                "url",
                "required; set it in the task, in module_defaults, or in the environment variable VBO365_URL",
            ),
        ],
    ),
    "one of several": (
        {"items": [{"name": "a"}, {}, {"nme": 1}]},
        [
            ("items[1].name", "name or id is required"),
            ("items[2].nme", "unsupported option. Did you mean name?"),
            ("items[2].name", "name or id is required"),
        ],
    ),
    "all at once": (
        {"number": "x", "wrong": 1, "policy": {"retries": "y"}},
        [
            ("number", "must be a whole number (got 'x')"),
            (
                "wrong",
                "unsupported option; available: name, kind, url, number, level, enabled, sure, days, policy, items",
            ),
            ("policy.retries", "must be a whole number (got 'y')"),
        ],
    ),
}


def said(errors: t.Sequence[InputError]) -> Said:
    return [(str(error.option), error.text) for error in errors]


@pytest.mark.parametrize("what", TASKS)
def test_a_task(what: str) -> None:
    more, expected = TASKS[what]
    given = {**WHOLE, **more}
    assert said(model.wrong_options(given, OPTIONS, "", (), CONVERT)) == expected
    below = [(f"jobs[3].{path}", text) for path, text in expected]
    assert said(model.wrong_options(given, OPTIONS, "jobs[3]", (), CONVERT)) == below


#: templates may be incomplete and have placeholders, and their values are not converted
TEMPLATES: dict[str, tuple[t.Any, Said]] = {
    "nothing": ({}, []),
    "no mapping": ("x", [("t", f"{NO_MAPPING}\"name: …\" (got 'x')")]),
    "a key beside the options": ({"extends": "x", "vars": {"nme": 1}}, []),
    "an unknown key": ({"extend": "x"}, [("t.extend", "unsupported option. Did you mean extends?")]),
    "values of any type": ({"number": "many", "enabled": "perhaps", "name": 3}, []),
    "a placeholder": ({"kind": "{kind}", "days": ["{day}"], "policy": {"time": "{time}"}}, []),
    "no choice": ({"kind": "dayly"}, [("t.kind", "must be one of daily, weekly (got 'dayly'). Did you mean daily?")]),
    "a choice of another type": ({"kind": 3}, []),
    "a list in the place of a choice": ({"kind": ["daily"]}, []),
    "no choice in a list": ({"days": ["mon", "x"]}, [("t.days[1]", "must be one of mon, tue (got 'x')")]),
    "one entry in the place of a list": ({"days": "x"}, [("t.days[0]", "must be one of mon, tue (got 'x')")]),
    "a mapping in the place of a list": (
        {"items": {"name": "a"}},
        [("t.items", "must be a list with one entry per line, each after a dash (got a dictionary)")],
    ),
    "an unknown key of an entry": (
        {"items": [{"nam": 1}]},
        [("t.items[0].nam", "unsupported option. Did you mean name?")],
    ),
    "no mapping inside": ({"policy": "x"}, [("t.policy", f"{NO_MAPPING}\"time: …\" (got 'x')")]),
    "keys beside the options are for the top": (
        {"policy": {"extends": 1}},
        [("t.policy.extends", "unsupported option; available: time, retries")],
    ),
    "nothing is needed": ({"items": [{}]}, []),
    "tuples are lists": (
        {"days": ("mon", "x"), "items": ({"name": "a"},)},
        [("t.days[1]", "must be one of mon, tue (got 'x')")],
    ),
}


@pytest.mark.parametrize("what", TEMPLATES)
def test_a_template(what: str) -> None:
    given, expected = TEMPLATES[what]
    assert said(model.wrong_options(given, OPTIONS, "t", ("extends", "vars"))) == expected


@pytest.mark.parametrize(
    ("given", "path", "expected"),
    [
        ({}, "", [("name", "name or id or url is required"), ("a", "a or b is required")]),
        ({"id": 1}, "x", [("x.a", "a or b is required")]),
        ({"id": None, "b": 0}, "x", [("x.name", "name or id or url is required")]),
        ({"id": 1, "b": ""}, "", [("a", "a or b is required")]),
        ("no mapping", "x", []),
    ],
)
def test_groups_of_which_one_is_needed(given: t.Any, path: str, expected: Said) -> None:
    assert said(model.lacking(given, [("name", "id", "url"), ("a", "b")], path)) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 80, f"'{'x' * 80}'"),
        ("x" * 81, f"'{'x' * 80}…' (81 characters)"),
        (10**5000, "such a value"),
        (None, "null"),
    ],
    ids=["short", "long", "huge", "null"],
)
def test_values_in_messages_are_short(value: t.Any, text: str) -> None:
    assert model.shown(value) == text


def test_what_was_meant_is_looked_for_in_the_beginning_only() -> None:
    assert model.meant("x" * 80 + "y" * 400, ["x" * 80]) == f". Did you mean {'x' * 80}?"
    assert model.meant("daily", [1, "weekly", "dail"]) == ". Did you mean dail?"
    assert model.meant("daily", ["x"]) == ""


@pytest.mark.parametrize(("count", "end"), [(20, "; available: "), (21, "")])
def test_a_long_list_of_names_is_left_out(count: int, end: str) -> None:
    names = [f"n{number}" for number in range(count)]
    assert model.instead("zz", names) == (end + ", ".join(names) if end else "")


@pytest.mark.parametrize(
    ("word", "known", "end"),
    [
        ("Deleted", ["present", "absent"], "absent"),
        ("weekday", ["everyday", "wednesday", "workdays"], "workdays"),
        ("dailyTime", ["daily_type", "daily_time"], "daily_time"),
        ("hours3", ["hours8", "hourly"], None),  # another number is another interval, and no other suggestion is close
        ("hours3h", ["hours8"], "hours8"),
        ("h2o3urs", ["h1o1urs"], None),
        ("hours16", ["hours8"], None),
        ("weekly", ["week_of"], None),  # not similar enough
    ],
)
def test_what_was_meant(word: str, known: list[str], end: str | None) -> None:
    assert model.meant(word, known) == (f". Did you mean {end}?" if end else "")


HOMES: model.Options = {
    "kinds": {"type": "dict", "options": {"kind": {"choices": ["daily", "weekly"]}, "daily_time": {}}},
    "users": {"type": "list", "options": {"daily_time": {}, "name": {}}},
    "plain": {"type": "str"},
}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"kind": 1}, ("kind", "not supported at this level; move it into kinds")),
        ({"dailyTime": 1}, ("dailyTime", "not supported at this level; move it into kinds or users as daily_time")),
        ({"plane": 1}, ("plane", "unsupported option. Did you mean plain?")),
        ({"kinds": 1}, ("kinds", f"{NO_MAPPING}\"kind: daily\" (got '1')")),
    ],
)
def test_where_an_option_belongs(given: t.Any, expected: tuple[str, str]) -> None:
    assert said(model.wrong_options(given, HOMES, "", (), CONVERT)) == [expected]


def test_what_only_declared_jobs_say() -> None:
    """Templates and overrides belong to roles: modules of jobs refer to the roles, other modules do not know them."""
    here = "not supported here; use the role vbo_jobs, or apply the filter expand_jobs before this task"
    for name in model.EXPANDED:
        assert said(model.wrong_options({name: "x"}, {"items_mode": {}}, "", (), CONVERT)) == [(name, here)]
    assert said(model.wrong_options({"template": "x"}, {"plain": {}}, "", (), CONVERT)) == [
        ("template", "unsupported option; available: plain")
    ]


def test_a_mapping_of_anything_is_written_as_names_and_values() -> None:
    assert said(model.wrong_options({"vars": 3}, {"vars": {"type": "dict"}}, "", (), CONVERT)) == [
        ("vars", f"{NO_MAPPING}\"name: value\" (got '3')")
    ]


LISTS: model.Options = {
    "days": {"type": "list", "elements": "str"},
    "files": {"type": "list", "elements": "path"},
    "numbers": {"type": "list", "elements": "int"},
    "title": {"type": "str"},
    "policy": {"type": "dict", "options": {"days": {"type": "list", "elements": "str"}}},
    "items": {"type": "list", "elements": "dict", "options": {"days": {"type": "list", "elements": "str"}}},
}


@pytest.mark.parametrize(
    ("given", "trimmed"),
    [
        ({"days": ["mon", " tue "], "files": [" a"]}, {"days": ["mon", "tue"], "files": ["a"]}),
        ({"days": [" mon", 7, None]}, {"days": ["mon", 7, None]}),
        ({"title": " kept ", "days": [" mon"]}, {"title": " kept ", "days": ["mon"]}),
        ({"unknown": [" kept "], "days": [" mon"]}, {"unknown": [" kept "], "days": ["mon"]}),
        ({"numbers": [" 1"]}, {"numbers": [" 1"]}),
        ({"days": {" kept ": 1}}, {"days": {" kept ": 1}}),
        ({"policy": {"days": [" mon"]}}, {"policy": {"days": ["mon"]}}),
        ({"items": [{"days": [" mon"]}, "id=b"]}, {"items": [{"days": ["mon"]}, "id=b"]}),
        # other code reports values that are not mappings
        (None, None),
        ([" kept "], [" kept "]),
    ],
)
def test_entries_of_lists_lose_the_blanks_that_a_comma_leaves(given: t.Any, trimmed: t.Any) -> None:
    changed = copy.deepcopy(given)
    model.trim_entries(changed, LISTS)
    assert changed == trimmed


SOME_DAY = datetime.date(2026, 11, 3)
#: values as YAML reads them without quotes, and how a message says so
READ_AS: list[tuple[t.Any, str]] = [
    (False, "false is a boolean"),
    (0o755, "493 is a number"),
    (1.5, "1.5 is a number"),
    (SOME_DAY, "2026-11-03 is a date"),
    (datetime.datetime(2026, 11, 3, 22, 0), "2026-11-03 22:00:00 is a time"),
]
QUOTE = ", not text; write it in quotes"


@pytest.mark.parametrize(("value", "text"), READ_AS)
def test_a_value_that_yaml_read_as_another_type_is_no_text(value: t.Any, text: str) -> None:
    assert said(model.not_text(value, "jobs[0].name")) == [("jobs[0].name", text + QUOTE)]
    assert said(model.not_text(value, "x", secret=True)) == [
        ("x", f"this value{text[text.index(' is ') :]}{QUOTE}"),
    ]


@pytest.mark.parametrize("value", ["off", "", None, ["x"], {"a": 1}])
def test_texts_and_values_that_are_reported_elsewhere(value: t.Any) -> None:
    assert model.not_text(value, "x") == []


def test_other_types_that_are_as_good_as_a_text() -> None:
    assert model.not_text(SOME_DAY, "x", allowed=(datetime.date,)) == []
    assert len(model.not_text(False, "x", allowed=(datetime.date,))) == 1


TYPED: model.Options = {
    "name": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "number": {"type": "int"},
    "state": {"type": "str", "choices": ["on", "off"]},
    "since": model.Moment({"type": "str"}),
    "days": {"type": "list", "elements": "str"},
    "numbers": {"type": "list", "elements": "int"},
    "policy": {"type": "dict", "options": {"time": {"type": "str"}}},
    "items": {"type": "list", "elements": "dict", "options": {"name": {"type": "str"}}},
}
FALSE = f"false is a boolean{QUOTE}"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"name": False}, [("name", FALSE)]),
        ({"name": "off", "password": "off", "days": ["off"], "policy": {"time": "off"}}, []),
        (dict.fromkeys(TYPED), []),
        ({"password": False}, [("password", f"this value is a boolean{QUOTE}")]),
        # options that are not text, have choices, or parse what YAML has read
        ({"number": 3, "numbers": [3], "state": False, "since": SOME_DAY}, []),
        ({"days": ["off", False]}, [("days[1]", FALSE)]),
        ({"days": (False,)}, [("days[0]", FALSE)]),
        ({"days": False}, [("days", FALSE)]),
        ({"policy": {"time": False}}, [("policy.time", FALSE)]),
        ({"items": [{"name": "off"}, {"name": False}]}, [("items[1].name", FALSE)]),
        ({"items": {"name": False}}, [("items.name", FALSE)]),
        # other code reports unknown options and values that are not mappings
        ({"unknown": False, "name": False}, [("name", FALSE)]),
        ({"policy": False, "items": [False]}, []),
        ("no mapping", []),
        # all of them together
        (
            {"name": False, "items": [{"name": False}], "days": [False, False]},
            [("name", FALSE), ("items[0].name", FALSE), ("days[0]", FALSE), ("days[1]", FALSE)],
        ),
    ],
)
def test_texts_that_yaml_read_as_another_type_at_every_depth(given: t.Any, expected: Said) -> None:
    assert said(model.not_texts(given, TYPED)) == expected
    assert said(model.not_texts(given, TYPED, "jobs[3]")) == [(f"jobs[3].{path}", text) for path, text in expected]


NEEDS: model.Options = {
    "name": {"required": True},
    "policy": {"type": "dict", "options": {"time": {"required": True}}, "required_one_of": [["a", "b"]]},
    "items": {"type": "list", "options": {"id": {}, "url": {}}, "required_one_of": [["id", "url"]]},
    "days": {"type": "list", "elements": "str"},
    "files": {"type": "list", "elements": "path"},
    "numbers": {"type": "list", "elements": "int"},
}
EMPTY = "is empty; write a value, or [] for an empty list"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"name": "x", "policy": None, "items": []}, []),
        ({"name": "x", "policy": {"time": 1, "b": 0}, "items": [{"id": 1}, {"url": 2}]}, []),
        ({"policy": {"a": 1}}, [("name", "required"), ("policy.time", "required")]),
        ({"name": "x", "policy": {"time": 1}}, [("policy.a", "a or b is required")]),
        ({"name": "x", "items": [{"id": 1}, {}]}, [("items[1].id", "id or url is required")]),
        (
            {"name": "x", "items": [{"id": ""}, {"url": ""}]},
            [(f"items[{n}].id", "id or url is required") for n in (0, 1)],
        ),
        ({"name": "x", "days": ["mon"], "files": [], "numbers": [""]}, []),
        ({"name": "x", "days": "", "files": None}, []),
        ({"name": "x", "days": ["mon", ""], "files": [" "]}, [("days[1]", EMPTY), ("files[0]", EMPTY)]),
        ({"days": [7, ""]}, [("name", "required"), ("days[1]", EMPTY)]),
    ],
)
@pytest.mark.parametrize("path", ["", "jobs[3]"])
def test_what_is_missing_on_every_level(given: t.Any, expected: Said, path: str) -> None:
    start = f"{path}." if path else ""
    assert said(model.missing(given, NEEDS, path)) == [(start + option, text) for option, text in expected]


def test_what_is_missing_of_groups_of_the_task_itself() -> None:
    assert said(model.missing({"name": "x"}, NEEDS, "", [("token", "user")])) == [
        ("token", "token or user is required")
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (2, None),
        (9, None),
        (1, "must be at least 2 (got 1)"),
        (10, "must be at most 9 (got 10)"),
    ],
)
def test_numbers_have_limits(value: int | None, text: str | None) -> None:
    given = {"other": -1} if value is None else {"size": value}
    assert said(model.beyond(given, {"size": (2, 9)})) == ([("size", text)] if text else [])
    both = said(model.beyond({"a": 0, "b": 0}, {"a": (1, 2), "b": (1, 2)}))
    assert [option for option, _text in both] == ["a", "b"]
