# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rows and declarations return their arguments, and their defaults if nothing was given."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._core._blocks import Block, Part
from ansible_collections.backupops.vbo365.plugins.module_utils._core._fields import (
    ALWAYS,
    CREATE,
    EDIT,
    HIDDEN,
    READ,
    Choice,
    Field,
    Flag,
    Number,
    Ref,
    Request,
    Secret,
    Text,
    Texts,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._core._kind import ONLY, Kind, Use, Write
from ansible_collections.backupops.vbo365.plugins.module_utils._core._levels import walk, without_secrets
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import (
    Ambiguous,
    BulkFailed,
    InputError,
    Unsupported,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._spelling import pascal

from .kinds import BOAT, BUOY, HARBOUR, Colours, Names, Values, float_or_sink

USUAL: Values = {
    "since": 3,
    "until": 8,
    "on": ALWAYS,
    "when": (),
    "required": "",
    "clear": None,
    "default": None,
    "shown": False,
    "by": None,
    "was": None,
    "instead": "",
}
SAID: Values = {
    "since": 4,
    "until": 7,
    "on": CREATE,
    "when": ("drive", "sail"),
    "required": CREATE,
    "clear": "none",
    "default": "some",
    "shown": True,
    "by": float_or_sink,
    "was": ("old", 5),
    "instead": "use a rope",
}
COLOURS = Colours()
#: each class of rows with its arguments, and its attributes besides the common ones
ROWS: list[tuple[type[Field], tuple[t.Any, ...], Values, Values]] = [
    (Field, (), {}, {}),
    (Text, (), {}, {"exact": False}),
    (Text, (), {"exact": True}, {"exact": True}),
    (Choice, ("sail motor",), {}, {"choices": ("sail", "motor"), "wire": pascal, "new": {}}),
    (Choice, ("sail",), {"wire": str, "new": {"sail": 6}}, {"choices": ("sail",), "wire": str, "new": {"sail": 6}}),
    (Number, (2, 9), {}, {"least": 2, "most": 9}),
    (Flag, (), {}, {}),
    (Texts, (), {}, {"ordered": False}),
    (Texts, (), {"ordered": True}, {"ordered": True}),
    (Secret, (), {}, {}),
    (Block, ([BOAT.fields[0]],), {}, {"fields": (BOAT.fields[0],)}),
    (Part, (COLOURS,), {}, {"codec": COLOURS}),
]


@pytest.mark.parametrize(("row", "needs", "more", "expected"), ROWS)
def test_a_row(row: type[Field], needs: tuple[t.Any, ...], more: Values, expected: Values) -> None:
    def facts(field: Field) -> Values:
        return {name: getattr(field, name) for name in ("name", "key", *USUAL, *expected)}

    usual = row("mast_height", *needs, **more)
    assert facts(usual) == {"name": "mast_height", "key": "mastHeight", **USUAL, **expected}
    assert repr(usual) == f"{row.__name__}('mast_height')"
    assert facts(row("mast", *needs, "mastKey", **more, **SAID)) == {
        "name": "mast",
        "key": "mastKey",
        **SAID,
        **expected,
    }


@pytest.mark.parametrize(("value", "fits"), [(1, False), (2, True), (9, True), (10, False)])
def test_the_limits_of_a_number_are_valid(value: int, fits: bool) -> None:
    masts = Number("masts", 2, 9)
    if fits:
        assert masts.parse(value, "masts") == value
        return
    with pytest.raises(InputError) as caught:
        masts.parse(value, "masts")
    assert (caught.value.option, caught.value.text) == ("masts", f"must be between 2 and 9 (got {value})")


def test_a_reference() -> None:
    usual = Ref("harbour", "harbourId", HARBOUR)
    said = Ref("harbour", "harbourId", HARBOUR, link="port", **SAID)
    assert {name: getattr(usual, name) for name in USUAL} == USUAL
    assert {name: getattr(said, name) for name in SAID} == SAID
    for field, link in ((usual, ""), (said, "port")):
        assert (field.name, field.key, field.target, field.link) == ("harbour", "harbourId", HARBOUR, link)


def _facts(kind: Kind) -> Values:
    return {name: value for name, value in vars(kind).items() if not name.startswith("_")}


def test_a_kind_that_says_little() -> None:
    fields = [Text("name"), Block("radio", [Secret("password"), Text("host")]), Secret("pin")]
    kind = Kind("tall_ship", "Ships", fields)
    assert _facts(kind) == {
        "noun": "tall_ship",
        "path": "Ships",
        "fields": tuple(fields),
        "plural": "tall_ships",
        "title": "tall ship",
        "titles": "tall ships",
        "since": 6,
        "until": 8,
        "unique": False,
        "wait": 0.0,
        "rules": (),
        "advice": (),
        "used_by": (),
        "more": None,
        "identity": (fields[0],),
        "names": ("name",),
        "paths": dict(walk(fields)),
        "secrets": ("radio.password", "pin"),
        "only": False,
    }
    assert list(kind.paths) == ["name", "radio", "radio.password", "radio.host", "pin"]
    assert repr(kind) == "Kind('tall_ship')"
    assert without_secrets(fields, {"name": "x", "radio": {"password": 1, "host": 2}, "pin": 3}) == {
        "name": "x",
        "radio": {"host": 2},
    }


def test_a_kind_that_says_all() -> None:
    said: Values = {
        "plural": "fleet",
        "title": "ship",
        "titles": "fleets",
        "since": 7,
        "until": 7,
        "unique": True,
        "wait": 9.0,
        "rules": (len,),
        "advice": (repr,),
        "used_by": (Use("race", "Races", "shipId"),),
        "more": max,
    }
    code, number = Text("code", "shipCode"), Number("number", 1, 9)
    kind = Kind("tall_ship", "Ships", [number, code], identity=("code", "number", "flag"), **said)
    assert {name: _facts(kind)[name] for name in said} == said
    assert (kind.identity, kind.names, kind.only) == ((code, number), ("shipCode",), False)
    assert Kind("ship", "Ships", [number], identity=("number",)).names == ("name",)
    assert Kind("ship", "Ships", [code], identity=("code",), names=("a", "b")).names == ("a", "b")
    assert Kind("ship", "Ships", [code], identity=ONLY).only


# --- requests ----------------------------------------------------------------------------------------------------

LOCK = [
    Text("name", on=CREATE, required=CREATE),
    Text("place", "placeName", was=("place", 6), clear=""),
    Secret("pin", "pinCode", required=CREATE),
    Secret("old_pin", "oldPinCode", was=("oldPin", 6), on=EDIT),
    Text("state", "stateName", was=("state", 6), on=READ),
]
GIVEN: Values = {"name": "a", "place": "quay", "pin": "12-Cedar", "old_pin": "11-Cedar"}
AFTER: Values = {"name": "a", "place": "quay", "pin": HIDDEN}


@pytest.mark.parametrize(
    ("action", "number", "changed", "after", "expected"),
    [
        ("create", 8, set(), AFTER, ("POST", "Locks", {"name": "a", "placeName": "quay", "pinCode": "12-Cedar"})),
        ("create", 6, set(), AFTER, ("POST", "Locks", {"name": "a", "place": "quay", "pinCode": "12-Cedar"})),
        (
            "update",
            8,
            {"pin"},
            AFTER,
            ("PUT", "Locks/1", {"name": "a", "pinCode": "12-Cedar", "oldPinCode": "11-Cedar"}),
        ),
        ("update", 6, {"pin"}, AFTER, ("PUT", "Locks/1", {"name": "a", "pinCode": "12-Cedar", "oldPin": "11-Cedar"})),
        (
            "update",
            8,
            {"place"},
            {"name": "a", "place": "quay"},
            ("PUT", "Locks/1", {"name": "a", "placeName": "quay"}),
        ),
        ("delete", 8, set(), {}, ("DELETE", "Locks/1", None)),
    ],
)
def test_requests(
    action: str, number: int, changed: set[str], after: Values, expected: tuple[str, str, Values | None]
) -> None:
    """A new secret is sent with the old one, under the key of the version; other edits are not."""
    raw = None if action == "create" else {"id": "1", "name": "a"}
    kind = Kind("lock", "Locks", LOCK)
    assert kind.request(action, raw, after, GIVEN, Names(), number, changed) == Request(*expected)


@pytest.mark.parametrize(
    ("action", "secrets"),
    [
        ("create", {"pin": "12-Cedar"}),
        ("update", {"pin": "12-Cedar", "old_pin": "11-Cedar"}),
        ("delete", {"pin": "12-Cedar"}),
    ],
)
def test_what_a_request_of_its_own_gets(action: str, secrets: Values) -> None:
    got: list[Write] = []

    def maker(write: Write) -> Request:
        got.append(write)
        return Request("POST", "own")

    raw = None if action == "create" else {"id": "1"}
    kind = Kind("lock", "Locks", LOCK, **{action: maker})
    assert kind.request(action, raw, AFTER, GIVEN, Names(), 8, {"pin"}) == Request("POST", "own")
    body = {
        "create": {"name": "a", "placeName": "quay", "pinCode": "12-Cedar"},
        "update": {"name": "a", "pinCode": "12-Cedar", "oldPinCode": "11-Cedar"},
        "delete": {},
    }
    path = "Locks" if action == "create" else "Locks/1"
    assert got == [Write(path, body[action], 8, raw or {}, AFTER, GIVEN, secrets)]
    others = {"create", "update", "delete"} - {action}
    methods = {kind.request(other, {"id": "1"}, {}, {}, Names(), 8, set()).method for other in others}
    assert len(methods) == 2 and len(got) == 1


def test_settings_are_sent_without_what_is_only_read_in_the_words_of_the_version() -> None:
    kind = Kind("lock", "Lock", LOCK, identity=ONLY)
    raw = {"id": "x", "name": "a", "place": "pier", "state": "open", "stateName": "kept", "_links": {}}
    sent = kind.request("update", raw, {"place": "quay"}, {"place": "quay"}, Names(), 6, {"place"})
    assert sent == Request("PUT", "Lock", {"name": "a", "place": "quay", "stateName": "kept"})


def test_what_can_only_be_read_is_read_by_version_and_name() -> None:
    home = Ref("home", "homeId", HARBOUR, on=READ, was=("home", 6))
    kind = Kind("lock", "Locks", [*LOCK, home])
    raw = {"state": "open", "stateName": "shut", "home": "h1", "homeId": "h9"}
    assert kind.facts(raw, Names(), 6) == {"state": "open", "home": "Kiel"}
    assert kind.facts(raw, Names(), 8) == {"state": "shut", "home": "h9"}


# --- what refusals say -------------------------------------------------------------------------------------------


def test_what_is_said_of_names_that_are_not_clear() -> None:
    twins = [{"id": "1", "name": "Otter"}, {"id": "2", "name": "OTTER"}]
    with pytest.raises(Ambiguous) as several:
        BOAT.match(twins, {"name": "otter"}, Names(), 8)
    assert several.value.message == "several boats have this name: 1, 2. Use id to say which one."

    buoys = [{"id": str(number), "code": code} for number, code in enumerate(("North", "NORTH"))]
    with pytest.raises(InputError) as case:
        BUOY.match(buoys, {"code": "north"}, Names(), 8)
    assert case.value.option == "code" and "'North' exists" in case.value.message
    with pytest.raises(InputError) as alike:
        BUOY.match(buoys, {"code": "North\u00a0"}, Names(), 8)
    assert alike.value.option == "code" and "look the same" in alike.value.message
    with pytest.raises(InputError) as empty:
        Secret("pin").parse("", "radio.pin")
    assert empty.value.message == "radio.pin: must not be empty."


def test_objects_are_told_apart_by_what_they_refer_to() -> None:
    kind = Kind("berth", "Berths", [Text("name"), Ref("harbour", "harbourId", HARBOUR)], identity=("name", "harbour"))
    berths = [{"id": "1", "name": "a", "harbourId": "h1"}, {"id": "2", "name": "a", "harbourId": "h2"}]
    assert kind.match(berths, {"name": "a", "harbour": "Kiel"}, Names(), 8) == berths[0]
    assert kind.match(berths, {"name": "a", "harbour": "h2"}, Names(), 8) == berths[1]


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        (BUOY, {"code": " North"}, ("code", "code: ' North' begins with a space; remove it.")),
        (BUOY, {"shape": " can"}, None),
        (BUOY, {}, None),
    ],
)
def test_names_that_nobody_means(kind: Kind, given: Values, expected: tuple[str, str] | None) -> None:
    if expected is None:
        assert kind.overlay(None, given, Names()) == given
        return
    with pytest.raises(InputError) as caught:
        kind.overlay(None, given, Names())
    assert (caught.value.option, caught.value.message) == expected
    assert kind.overlay(given, given, Names()) == given, "one that exists may be called so"


def test_all_that_is_wrong_is_said_at_once() -> None:
    kind = Kind("lock", "Locks", [Text("name", required=CREATE), Text("place", required=CREATE)], since=7)
    with pytest.raises(BulkFailed) as caught:
        kind.overlay(None, {}, Names())
    assert [name for name, _error in caught.value.failures] == ["", ""]
    with pytest.raises(Unsupported, match="this option requires API v7 or later"):
        Kind("lock", "Locks", [Text("place", since=4)], since=7).check_version({"place": "quay"}, 3)


def test_a_stored_secret_stays_unless_it_is_to_be_sent() -> None:
    kind = Kind("lock", "Locks", LOCK)
    assert kind.overlay({"name": "a"}, {"pin": "12-Cedar"}, Names()) == {"name": "a"}
    assert kind.overlay({"name": "a"}, {"pin": "12-Cedar"}, Names(), True) == {"name": "a", "pin": HIDDEN}
    assert kind.overlay(None, {"name": "a", "pin": "12-Cedar"}, Names())["pin"] == HIDDEN


def test_answers_without_an_identity() -> None:
    assert BOAT.complaint([]) == "it is no object"
    assert BOAT.complaint({"name": "x"}) == "'id' is missing"
    assert BOAT.options()["id"] == {"type": "str"}
