# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of rows as they are read and written, and what a level passes to the rows below it."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._core._blocks import Block, Part
from ansible_collections.backupops.vbo365.plugins.module_utils._core._fields import (
    CREATE,
    READ,
    Choice,
    Field,
    Flag,
    Number,
    Ref,
    Secret,
    Text,
    Texts,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._core._kind import Kind
from ansible_collections.backupops.vbo365.plugins.module_utils._core._levels import (
    body_of,
    check_versions,
    laid,
    leaves,
    mistakes,
    parsed,
    view_of,
    walk,
    without_secrets,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError, Unsupported, VboError

from .kinds import HARBOUR, Names, Values

NAMES = Names()
NIL = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    ("field", "raw", "expected"),
    [
        (Number("n", 0, 9, clear=7), None, 7),
        (Number("n", 0, 9), "-4", -4),
        (Number("n", 0, 9), " 5 ", 5),
        (Number("n", 0, 9), "4-", "4-"),
        (Number("n", 0, 9), "X4", "X4"),
        (Number("n", 0, 9), "four", "four"),
        (Flag("f"), None, False),
        (Flag("f", clear=True), None, True),
        (Flag("f", clear=True), False, False),
        (Flag("f", clear=False), True, True),
        (Texts("t"), ["b", "a", "b"], ["a", "b"]),
        (Texts("t", ordered=True), ["b", "a", "b"], ["b", "a", "b"]),
        (Ref("r", "id", HARBOUR), "h1", "Kiel"),
        (Ref("r", "id", HARBOUR, clear="none"), None, "none"),
        (Ref("r", "id", HARBOUR, clear="none"), "", "none"),
        (Ref("r", "id", HARBOUR, clear="none"), NIL, "none"),
        (Ref("r", "id", HARBOUR, clear="none"), "X0-X", "X0-X"),
    ],
)
def test_what_is_read(field: Field, raw: t.Any, expected: t.Any) -> None:
    read = field.read(raw, NAMES, 8)
    assert (read, type(read)) == (expected, type(expected))


@pytest.mark.parametrize("number", [6, 7])
def test_a_reference_that_old_servers_have_as_a_link(number: int) -> None:
    raw = {"_links": {"port": {"href": "/Harbours/h1"}, "": {"href": "/Harbours/h9"}}}
    linked, plain = (Ref("home", "homeId", HARBOUR, link=link, was=("home", 6)) for link in ("port", ""))
    assert linked.value_in(raw, number) == "h1" and plain.value_in(raw, number) is None
    assert linked.value_in({**raw, "home": "h6", "homeId": "h7"}, number) == f"h{number}"


@pytest.mark.parametrize("value", [None, ""])
def test_no_reference_is_nothing_to_look_up(value: t.Any) -> None:
    class Nothing(Names):
        def name(self, target: t.Any, identifier: str | None) -> str | None:
            raise AssertionError(identifier)

        def identifier(self, target: t.Any, wanted: str) -> str:
            raise AssertionError(wanted)

    field = Ref("home", "homeId", HARBOUR)
    assert field.settled(value, Nothing()) == value and field.write(value, value, Nothing(), 8) == value


def test_numbers_beyond_their_limits() -> None:
    with pytest.raises(InputError) as caught:
        Number("n", 1, 9).parse(12, "jobs[3].n")
    assert (caught.value.option, caught.value.message) == ("jobs[3].n", "jobs[3].n: must be between 1 and 9 (got 12).")


# --- versions ----------------------------------------------------------------------------------------------------

OLD = Text("old", since=4, until=6, instead="use new")
FIELDS = [
    OLD,
    Text("new", since=7),
    Choice("drive", "sail fusion", since=5, new={"fusion": 8}),
    Choice("fuel", "oil", since=7),
    Block("radio", [Text("host", since=7)]),
]


@pytest.mark.parametrize(
    ("given", "number", "expected"),
    [
        ({"old": "x"}, 7, "p.old: this option requires API v5 to v6 (in use: v7); use new."),
        ({"new": "x"}, 6, "p.new: this option requires API v7 or later (in use: v6)."),
        ({"old": "x"}, 3, "p.old: this option requires API v5 to v6 (in use: v3); use new."),
        ({"drive": "sail"}, 4, "p.drive: this option requires API v5 or later (in use: v4)."),
        (
            {"drive": "fusion"},
            7,
            "p.drive: the value 'fusion' (Fusion) requires API v8 or later (in use: v7).",
        ),
        ({"fuel": "oil"}, 6, "p.fuel: this option requires API v7 or later (in use: v6)."),
        ({"drive": "sail", "new": "x"}, 6, "p.new: this option requires API v7 or later (in use: v6)."),
        ({"radio": {"host": "x"}}, 6, "p.radio.host: this option requires API v7 or later (in use: v6)."),
    ],
)
def test_what_a_version_lacks(given: Values, number: int, expected: str) -> None:
    with pytest.raises(Unsupported) as caught:
        check_versions(FIELDS, given, number, "p.", 5)
    assert caught.value.message == expected
    with pytest.raises(Unsupported) as bare:
        check_versions(FIELDS, given, number)
    assert f"p.{bare.value.option}" == caught.value.option


def test_every_option_that_is_given() -> None:
    given = {"old": None, "nobody": 1, "radio": {"host": "x", "more": 1}, "new": ""}
    assert [(path, value) for path, _field, value in leaves(FIELDS, given)] == [
        ("radio", given["radio"]),
        ("radio.host", "x"),
        ("new", ""),
    ]
    assert [path for path, _field in walk(FIELDS)] == ["old", "new", "drive", "fuel", "radio", "radio.host"]


# --- what is passed on -------------------------------------------------------------------------------------------


class Witness:
    """A part that records the arguments with which it is read and written."""

    def options(self) -> Values:
        return {}

    def parse(self, value: t.Any, path: str) -> t.Any:
        return (value, path)

    def read(self, value: t.Any, names: t.Any, version: int) -> t.Any:
        return (value, names, version)

    def write(self, value: t.Any, names: t.Any, version: int) -> t.Any:
        return (value, names, version)


class Seen(Field):
    """A field that records the value it is merged into, and the arguments of its check."""

    def laid(self, old: t.Any, given: t.Any, names: t.Any, secrets: bool, raw: t.Any) -> t.Any:
        return (old, given, names, secrets, raw)

    def mistakes(self, old: t.Any, given: t.Any, wanted: t.Any, title: str, path: str) -> t.Iterator[VboError]:
        yield InputError(path, f"{old} {given} {wanted} {title}")


BELOW = [
    Part("part", Witness(), "partKey"),
    Seen("seen", "seenKey"),
    Ref("home", "homeId", HARBOUR, was=("home", 6)),
    Secret("pin"),
]
LEVEL = [Text("name"), Block("below", BELOW, "belowKey")]


def test_a_block_is_asked_like_the_level_above() -> None:
    assert parsed(LEVEL, {"below": {"part": 1}}, "p.") == {"below": {"part": (1, "p.below.part")}}
    assert LEVEL[1].option()["type"] == "dict" and list(LEVEL[1].option()["options"]) == [row.name for row in BELOW]
    for number, key in ((6, "home"), (8, "homeId")):
        assert view_of(LEVEL, {"belowKey": {"partKey": 1, key: "h1"}}, NAMES, number) == {
            "below": {"part": (1, NAMES, number), "home": "Kiel"}
        }
        body = body_of(LEVEL, {"below": {"part": 1, "home": "Kiel"}}, {}, NAMES, number)
        assert body == {"belowKey": {"partKey": (1, NAMES, number), key: "h1"}}
    assert without_secrets(LEVEL, {"name": "x", "below": {"seen": 1, "pin": 2}}) == {"name": "x", "below": {"seen": 1}}


@pytest.mark.parametrize("secrets", [True, False])
def test_what_is_given_is_laid_over_what_is_there(secrets: bool) -> None:
    raw = {"belowKey": {"seenKey": "r", "homeId": "h9"}}
    view = {"name": "a", "below": {"seen": "o"}}
    found = laid(LEVEL, view, {"below": {"seen": "g", "home": "h1"}}, NAMES, secrets, raw)
    assert found == {"name": "a", "below": {"seen": ("o", "g", NAMES, secrets, "r"), "home": "Kiel"}}


def test_a_default_is_for_new_objects_that_say_nothing_else() -> None:
    fields = [Text("rope", default="long"), Text("flag")]
    assert laid(fields, None, {}, NAMES, False) == {"rope": "long"}
    assert laid(fields, None, {"rope": "short"}, NAMES, False) == {"rope": "short"}
    assert laid(fields, None, {"rope": None}, NAMES, False) == {"rope": None}
    assert laid(fields, {"flag": "red"}, {}, NAMES, False) == {"flag": "red"}


def test_what_mistakes_are_asked_about() -> None:
    fields = [Block("below", [Seen("seen"), Text("code", on=CREATE)])]
    found = mistakes(
        fields,
        {"below": {"seen": "o", "code": "x"}},
        {"below": {"seen": "g", "code": "y"}},
        {"below": {"seen": "w", "code": "y"}},
        "boat",
        "p.",
    )
    assert [error.message for error in found] == [
        "p.below.seen: o g w boat.",
        "p.below.code: cannot be changed after creation (it is 'x').",
    ]


@pytest.mark.parametrize(
    ("field", "title", "view", "given", "expected"),
    [
        (Text("a", required=CREATE), "boat", None, {}, ["a: required to create a boat."]),
        (Text("a", required=CREATE), "ark", None, {}, ["a: required to create an ark."]),
        (Text("a", required=CREATE), "old boat", None, {}, ["a: required to create an old boat."]),
        (Text("a", required=CREATE), "boat", {}, {}, []),
        (Text("a", required=CREATE, when=("b", 1)), "boat", {}, {}, ["a: required when b is 1."]),
        (Secret("a", required=CREATE, when=("b", 1)), "boat", {}, {}, []),
        (Text("a", when=("b", 2)), "boat", {}, {"a": 1}, ["a: applies only when b is 2 (it is 1)."]),
    ],
)
def test_what_is_missing(field: Field, title: str, view: Values | None, given: Values, expected: list[str]) -> None:
    found = mistakes([field, Number("b", 0, 9)], view, given, {"b": 1}, title)
    assert [error.message for error in found] == expected


def test_a_kind_asks_its_rows_with_all_it_has() -> None:
    kind = Kind("boat", "Boats", [Part("state", Witness(), "stateName", on=READ), Seen("seen", "seenKey")])
    assert kind.facts({"stateName": 1}, NAMES, 7) == {"state": (1, NAMES, 7)}
    with pytest.raises(InputError) as caught:
        kind.overlay({"seen": "o"}, {"seen": "g"}, NAMES, False, {"seenKey": "r"})
    assert caught.value.text == f"o g {('o', 'g', NAMES, False, 'r')} boat"
