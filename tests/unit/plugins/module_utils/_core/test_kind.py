# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What follows from a declaration: options, views, bodies, versions, and the life of invented objects."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._core import _plan
from ansible_collections.backupops.vbo365.plugins.module_utils._core._kind import Kind, Use
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import (
    Ambiguous,
    BulkFailed,
    Conflict,
    ConnectionFailed,
    InputError,
    NotApplied,
    NotFound,
    Unsupported,
    VboError,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._declared import inform, manage
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from .kinds import BOAT, BUOY, SETTINGS, Sea, Values, lose_answers

SLOOP: Values = {"name": "Möwe", "harbour": "kiel", "drive": "sail", "sails": 2}
MOTOR: Values = {"name": "Otter", "harbour": "h2", "drive": "motor", "power": 90}


class Names:
    """Names of harbours."""

    known: t.ClassVar[Values] = {"h1": "Kiel"}

    def name(self, target: t.Any, identifier: str | None) -> str | None:
        return self.known.get(str(identifier), identifier)

    def identifier(self, target: t.Any, wanted: str) -> str:
        return {name: key for key, name in self.known.items()}.get(wanted, wanted)


def apply(sea: Sea, kind: Kind = BOAT, check: bool = False, **options: t.Any) -> Values:
    """One task."""
    sea.check_mode = check
    sea.cache.clear()
    known = manage(kind).spec.options
    sea.params = {name: options.get(name, option.get("default")) for name, option in known.items()}
    assert set(options) <= set(known)
    return manage(kind).work(sea)


def refused(sea: Sea, error: type[VboError] = InputError, kind: Kind = BOAT, **options: t.Any) -> VboError:
    """A task that fails, in check mode too, without a write."""
    writes = list(sea.writes)
    messages = []
    for check in (True, False):
        with pytest.raises(error) as caught:
            apply(sea, kind, check, **options)
        messages.append(caught.value.message)
    assert sea.writes == writes and messages[0] == messages[1]
    return caught.value


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_plan.time, "sleep", lambda seconds: None)


# --- options -----------------------------------------------------------------------------------------------------


def test_options_are_those_of_the_table() -> None:
    options = BOAT.options()
    assert list(options) == ["id", *[field.name for field in BOAT.fields if field.name != "leaking"]]
    assert options["drive"] == {"type": "str", "choices": ["sail", "motor", "electric"]}
    assert options["crew"] == {"type": "list", "elements": "str"}
    assert options["radio"]["options"]["password"] == {"type": "str", "no_log": True}
    assert BOAT.filters() == {"id": {"type": "str"}, "name": {"type": "str"}}
    assert BOAT.one_of == (("name", "id"),)


def test_settings_without_an_id_have_no_state_and_no_filters() -> None:
    assert set(SETTINGS.options()) == {"notify", "server", "weeks", "mail_password"}
    assert SETTINGS.filters() == {} and SETTINGS.one_of == ()
    assert "state" not in manage(SETTINGS).spec.options and "state" in manage(BOAT).spec.options
    assert "update_password" in manage(SETTINGS).spec.options


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"sails": 0}, "sails"),
        ({"sails": 10}, "sails"),
        ({"colour": "grey"}, "colour"),
        ({"radio": {"port": 0}}, "radio.port"),
        ({"radio": {"password": ""}}, "radio.password"),
    ],
)
def test_values_that_cannot_be_meant(options: Values, path: str) -> None:
    with pytest.raises(InputError) as caught:
        BOAT.parse(options)
    assert caught.value.option == path


@pytest.mark.parametrize(
    ("options", "number", "path"),
    [
        ({"radio": {"host": "x"}}, 7, "radio"),
        ({"rope": "long"}, 8, "rope"),
        ({"drive": "electric"}, 7, "drive"),
        ({"drive": "electric"}, 8, None),
        ({"radio": {"host": "x"}}, 8, None),
        ({"rope": "long"}, 6, None),
    ],
)
def test_versions(options: Values, number: int, path: str | None) -> None:
    if path is None:
        BOAT.check_version(options, number)
        return
    with pytest.raises(Unsupported) as caught:
        BOAT.check_version(options, number)
    assert caught.value.option == path and f"v{number}" in caught.value.message


# --- the life of an object ---------------------------------------------------------------------------------------


def test_a_life() -> None:
    """Created below another collection, switched by itself, edited in part, deleted by a call of its own."""
    sea = Sea()
    predicted = apply(sea, check=True, **SLOOP, afloat=True, crew=["Bo", "Al"], colour="blue")
    made = apply(sea, **SLOOP, afloat=True, crew=["Bo", "Al"], colour="blue")
    assert predicted["changes"] == made["changes"] and predicted["diff"] == made["diff"]
    fields = [change["field"] for change in made["changes"]]
    assert fields == ["name", "harbour", "drive", "sails", "crew", "afloat", "colour"]
    body = {"name": "Möwe", "harbourId": "h1", "drive": "Sail", "sails": 2, "crew": ["Al", "Bo"], "colour": 2}
    assert sea.writes == [("POST", "Harbours/h1/Boats", {**body, "isAfloat": True}), ("POST", "Boats/b1/float", None)]
    assert made["boat"]["leaking"] is True and made["boat"]["harbour"] == "Kiel"

    sea.writes.clear()
    assert not apply(sea, **SLOOP, afloat=True, crew=["Al", "Bo"])["changed"]
    changed = apply(sea, name="möwe", drive="motor", power=12, afloat=False)
    assert [(change["field"], change["before"], change["after"]) for change in changed["changes"]] == [
        ("drive", "sail", "motor"),
        ("power", None, 12),
        ("afloat", True, False),
        ("sails", 2, None),
    ]
    assert sea.writes == [
        ("POST", "Boats/b1/sink", None),  # off first
        ("PUT", "Boats/b1", {"name": "Möwe", "harbourId": "h1", "drive": "Motor", "powerKW": 12}),
    ]

    sea.writes.clear()
    renamed = apply(sea, id="b1", name="Robbe")
    assert [change["field"] for change in renamed["changes"]] == ["name"]
    assert apply(sea, name="Robbe", state="absent")["action"] == "delete"
    assert sea.writes[-1] == ("POST", "Boats/b1/Remove", {"force": False})
    assert sea.things["Boats"] == [] and not apply(sea, name="Robbe", state="absent")["changed"]


def test_a_block_is_sent_whole_and_its_secret_by_policy_only() -> None:
    sea = Sea()
    radio = {"host": "r1", "port": 80, "password": "Cedar-Lock-1212"}
    made = apply(sea, **SLOOP, radio=radio)
    assert sea.writes[0][2]["radio"] == {"hostName": "r1", "port": 80, "userPassword": "Cedar-Lock-1212"}
    assert "radio.password" in [change["field"] for change in made["changes"]]
    assert made["boat"]["radio"] == {"host": "r1", "port": 80}

    sea.writes.clear()
    again = apply(sea, **SLOOP, radio=radio)
    assert not again["changed"] and again["secret_not_compared"]
    apply(sea, name="Möwe", radio={"port": 81, "password": "Cedar-Lock-1212"})
    assert sea.writes[-1][2]["radio"] == {"hostName": "r1", "port": 81}
    sent = apply(sea, name="Möwe", radio={"password": "Cedar-Lock-1212"}, update_password="always")
    assert [(change["field"], change["after"]) for change in sent["changes"]] == [("radio.password", "(secret)")]
    assert sea.writes[-1][2]["radio"] == {"hostName": "r1", "port": 81, "userPassword": "Cedar-Lock-1212"}


def test_what_is_missing_meaningless_or_fixed() -> None:
    sea = Sea()
    error = refused(sea, BulkFailed, name="Möwe")
    assert "harbour: required to create a boat" in error.message and "drive: required" in error.message
    assert refused(sea, name="Möwe", harbour="Kiel", drive="sail").option == "sails"  # type: ignore[attr-defined]
    wrong = refused(sea, **{**SLOOP, "power": 3})
    assert wrong.message == "power: applies only when drive is 'motor' or 'electric' (it is 'sail')."
    assert refused(sea, **SLOOP, radio={"port": 1}).option == "radio.host"  # type: ignore[attr-defined]
    assert refused(sea, **SLOOP, colour="green").option == "colour"  # type: ignore[attr-defined]
    assert refused(sea, **{**SLOOP, "name": " Möwe"}).option == "name"  # type: ignore[attr-defined]

    apply(sea, **SLOOP)
    assert "cannot be changed after creation (it is 'Kiel')" in refused(sea, name="Möwe", harbour="h2").message
    apply(sea, name="Möwe", drive="motor")
    assert "required when drive is 'sail'" in refused(sea, name="Möwe", drive="sail").message


def test_references_by_name_or_id() -> None:
    sea = Sea()
    refused(sea, Ambiguous, **{**MOTOR, "harbour": "Bremen"})
    refused(sea, NotFound, **{**MOTOR, "harbour": "Kiew"})
    assert apply(sea, **MOTOR)["boat"]["harbour"] == "h2", "a name that two share is no name"
    assert not apply(sea, **MOTOR)["changed"]


def test_what_is_in_use_is_not_deleted() -> None:
    sea = Sea()
    apply(sea, **SLOOP)
    sea.things["Races"] = [{"id": "r1", "title": "Kieler Woche", "winner": {"boatId": "B1"}}, {"id": "r2"}]
    assert "race 'Kieler Woche'" in refused(sea, Conflict, name="Möwe", state="absent").message
    sea.things["Races"] = [{"id": str(number), "winner": {"boatId": "b1"}} for number in range(13)]
    assert "and 3 more" in refused(sea, Conflict, name="Möwe", state="absent").message
    del sea.things["Races"]  # a server without that collection
    assert apply(sea, name="Möwe", state="absent")["changed"]


def test_uses_reach_below() -> None:
    use = Use("race", "Races", "a.b")
    assert use.refers({"a": {"b": "X"}}, "x")
    assert not any(use.refers(thing, "x") for thing in ({}, {"a": None}, {"a": "x"}, {"a": {"b": None}}))


def test_settings_are_read_merged_and_written_whole() -> None:
    """What nobody declared stays, links and what is only read are not sent back, a stored secret is not touched."""
    before = {"enableNotification": True, "smtpServer": None, "port": 25, "isAuthenticated": "yes", "_links": {}}
    sea = Sea(things={"TideSettings": before})
    assert not apply(sea, SETTINGS, notify=True, server="")["changed"]
    result = apply(sea, SETTINGS, weeks=3, mail_password="Cedar-Lock-1212")
    assert sea.writes == [
        ("PUT", "TideSettings", {"enableNotification": True, "smtpServer": None, "port": 25, "keeponlyLast": 3})
    ]
    assert result["tide_settings"] == {"notify": True, "server": "", "weeks": 3, "signed_in": "yes"}
    assert result["action"] == "update" and result["secret_not_compared"]
    apply(sea, SETTINGS, mail_password="Cedar-Lock-1212", update_password="always")
    assert sea.writes[-1][2]["userPassword"] == "Cedar-Lock-1212"
    sea.params = {}
    assert inform(SETTINGS).work(sea)["config"] == {"notify": True, "server": "", "weeks": 3}


def test_info_lists_in_order_and_filters() -> None:
    sea = Sea()
    for name in ("b", "A", "c"):
        apply(sea, **{**SLOOP, "name": name})
    sea.params = {"id": None, "name": None}
    found = inform(BOAT).work(sea)
    assert [boat["name"] for boat in found["boats"]] == ["A", "b", "c"] and not found["changed"]
    for config in found["config"]:
        assert not apply(sea, **config)["changed"]
    sea.params = {"id": None, "name": "B"}
    assert [boat["name"] for boat in inform(BOAT).work(sea)["boats"]] == ["b"]
    sea.params = {"id": "b2", "name": None}
    assert [boat["name"] for boat in inform(BOAT).work(sea)["boats"]] == ["A"]
    sea.params = {"id": "nothing", "name": None}
    assert inform(BOAT).work(sea)["boats"] == []


def test_a_write_that_does_not_show_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    sea = Sea()
    apply(sea, **SLOOP)
    monkeypatch.setattr(sea, "request", lambda *args, **more: None)
    with pytest.raises(NotApplied, match="sails"):
        apply(sea, name="Möwe", sails=3)


def test_waits_as_long_as_the_declaration_says(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(_plan.time, "sleep", pauses.append)
    _plan.patiently(lambda: None, bool)
    usual = sum(pauses)
    pauses.clear()
    _plan.patiently(lambda: None, bool, 60)
    assert usual < 10 and 55 <= sum(pauses) <= 65


@pytest.mark.parametrize(
    ("thing", "why"),
    [
        ({"name": "x"}, "'id'"),
        ({"id": "1", "name": 3}, "'name'"),
        ({"id": "1", "sails": []}, "'sails'"),
        ({"id": "1", "sails": True}, "'sails'"),
        ({"id": "1", "radio": {"hostName": 1}}, "'hostName'"),
        ({"id": "1", "crew": "x"}, "'crew'"),
    ],
)
def test_answers_of_a_wrong_type(thing: Values, why: str) -> None:
    assert why in BOAT.complaint(thing)
    sea = Sea(things={"Boats": [thing]})
    assert why in refused(sea, ConnectionFailed, **SLOOP).message


def test_answers_of_old_and_odd_servers() -> None:
    """Numbers and booleans as texts, null for what is missing, words that nobody knows."""
    raw = {"id": "1", "name": "x", "drive": "SteamEngine", "isAfloat": "True", "description": None, "sails": "4"}
    assert BOAT.complaint(raw) == ""
    assert BOAT.view(raw, Names(), 7) == {
        "name": "x",
        "description": "",
        "drive": "steam_engine",
        "crew": [],
        "afloat": True,
    }
    assert BOAT.view({**raw, "drive": "Sail"}, Names(), 7)["sails"] == 4


# --- identity ----------------------------------------------------------------------------------------------------

BUOYS = [
    {"id": "1", "code": "North", "shape": "Cone"},
    {"id": "2", "code": "North", "shape": "Can"},
    {"id": "3", "code": "West", "shape": "Can"},
    {"id": "4", "code": "West", "shape": "Can"},
    {"id": "5", "code": None, "shape": None},
]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"code": "North", "shape": "cone"}, "1"),
        ({"code": "North", "shape": "can"}, "2"),
        ({"code": "South", "shape": "can"}, None),
        ({"code": "South"}, None),
        ({"code": "north", "shape": "spar"}, None),  # nothing of this shape comes near
        ({"code": "North"}, Ambiguous),
        ({"code": "West", "shape": "can"}, Ambiguous),
        ({"code": "north", "shape": "cone"}, InputError),
        ({"code": "north"}, InputError),
        ({"code": "North\u00a0", "shape": "cone"}, InputError),
    ],
)
def test_matching_where_the_case_of_letters_counts(wanted: Values, found: t.Any) -> None:
    if isinstance(found, type):
        with pytest.raises(found):
            BUOY.match(BUOYS, wanted, Names(), 8)
    else:
        match = BUOY.match(BUOYS, wanted, Names(), 8)
        assert (match or {}).get("id") == found


def test_matching_where_it_does_not() -> None:
    boats = [{"id": "1", "name": "Otter"}, {"id": "2", "name": "OTTER"}, {"id": "3", "name": "Robbe"}]
    assert BOAT.match(boats, {"name": "OTTER"}, Names(), 8) == boats[1], "the same letters win"
    assert BOAT.match(boats, {"name": "robbe"}, Names(), 8) == boats[2]
    with pytest.raises(Ambiguous):
        BOAT.match(boats, {"name": "otter"}, Names(), 8)
    with pytest.raises(InputError):
        BOAT.match(boats, {"name": "Robbe\u200b"}, Names(), 8)


def test_an_id_that_does_not_exist_creates_nothing() -> None:
    assert "does not exist" in refused(Sea(), NotFound, id="b9", **SLOOP).message
    assert not apply(Sea(), id="b9", state="absent")["changed"]


# --- answers that get lost ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_lost_answer_is_looked_up_before_the_write_is_sent_again(
    monkeypatch: pytest.MonkeyPatch, carried_out: bool
) -> None:
    times = 1 if carried_out else 2
    sea = Sea()
    with monkeypatch.context() as patch:
        lose_answers(sea, patch, "POST", carried_out)
        assert apply(sea, **SLOOP)["action"] == "create"
    assert len(sea.things["Boats"]) == 1 and len(sea.writes) == times
    sea.writes.clear()
    with monkeypatch.context() as patch:
        lose_answers(sea, patch, "PUT", carried_out)
        assert apply(sea, name="Möwe", sails=3)["boat"]["sails"] == 3
    assert len(sea.writes) == times
    sea.writes.clear()
    with monkeypatch.context() as patch:
        lose_answers(sea, patch, "POST", carried_out)
        assert apply(sea, name="Möwe", afloat=True)["boat"]["afloat"] is True
    assert [path for _method, path, _body in sea.writes] == ["Boats/" + sea.things["Boats"][0]["id"] + "/float"] * times
    sea.writes.clear()
    with monkeypatch.context() as patch:
        lose_answers(sea, patch, "POST", carried_out)
        assert apply(sea, name="Möwe", state="absent")["action"] == "delete"
    assert sea.things["Boats"] == [] and len(sea.writes) == times


def test_a_secret_whose_answer_is_lost_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can look whether it has arrived."""
    sea = Sea()
    radio = {"host": "r1", "password": "Cedar-Lock-1212"}
    apply(sea, **SLOOP, radio=radio)
    sea.writes.clear()
    lose_answers(sea, monkeypatch, "PUT")
    apply(sea, name="Möwe", radio=radio, update_password="always")
    assert len(sea.writes) == 2 and sea.writes[0] == sea.writes[1]


def test_an_answer_without_the_new_object(monkeypatch: pytest.MonkeyPatch) -> None:
    sea = Sea()
    request = sea.request
    monkeypatch.setattr(sea, "request", lambda *args, **more: request(*args, **more) and None)
    assert apply(sea, **SLOOP)["boat"]["id"] == "b1"
    monkeypatch.setattr(sea, "request", lambda *args, **more: None)
    with pytest.raises(NotFound, match="no such boat"):
        apply(sea, **MOTOR)


# --- two writers -------------------------------------------------------------------------------------------------


def test_somebody_else_edits_it_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planned again from what it is then; what nobody declared stays as the other one set it."""
    sea = Sea()
    apply(sea, **SLOOP, description="ours")
    sea.writes.clear()
    read, others = sea.find, [{"sails": 7}, {"description": "theirs"}]

    def edited(path: str) -> t.Any:
        if others and path.startswith("Boats/"):
            sea.things["Boats"][0].update(others.pop())
        return read(path)

    monkeypatch.setattr(sea, "find", edited)
    result = apply(sea, name="Möwe", sails=3)
    assert (result["boat"]["sails"], result["boat"]["description"]) == (3, "theirs")
    assert [body for _method, _path, body in sea.writes] == [
        {"name": "Möwe", "harbourId": "h1", "drive": "Sail", "sails": 3}
    ]
    assert result["changes"] == [{"field": "sails", "before": 7, "after": 3}]


def test_somebody_else_deletes_it_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    sea = Sea()
    apply(sea, **SLOOP)
    read = sea.find

    def gone(path: str) -> t.Any:
        sea.things["Boats"].clear()
        return read(path)

    monkeypatch.setattr(sea, "find", gone)
    with pytest.raises(VboError):
        apply(sea, name="Möwe", sails=3)
    assert sea.things["Boats"] == []


# --- properties --------------------------------------------------------------------------------------------------

BOATS = st.fixed_dictionaries(
    {"name": st.text(min_size=1), "harbour": st.sampled_from(["Kiel", "h9"])},
    optional={
        "description": st.text(),
        "crew": st.lists(st.text(min_size=1)),
        "afloat": st.booleans(),
        "colour": st.sampled_from(["red", "green", "blue"]),
        "radio": st.fixed_dictionaries({"host": st.text(min_size=1)}, optional={"port": st.integers(1, 65535)}),
    },
).flatmap(
    lambda boat: st.one_of(
        st.integers(1, 9).map(lambda sails: {**boat, "drive": "sail", "sails": sails}),
        st.integers(1, 5000).map(lambda power: {**boat, "drive": "motor", "power": power}),
    )
)


@settings(deadline=None, max_examples=25, database=None)
@drawn(BOATS)
def test_what_is_written_is_what_is_read(boat: Values) -> None:
    """Options, body, view: the identity; and the view as input changes nothing."""
    from ansible_collections.backupops.vbo365.plugins.module_utils._core._levels import body_of, parsed

    given = parsed(BOAT.fields, boat)
    raw = {"id": "1", **body_of(BOAT.fields, given, given, Names())}
    assert BOAT.complaint(raw) == ""
    view = BOAT.view(raw, Names(), 8)
    assert BOAT.changes(view, {**view, **given}) == []
    assert BOAT.changes(view, BOAT.overlay(view, parsed(BOAT.fields, view), Names(), False)) == []
