# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The life cycle of invented objects: created, changed, deleted, and concurrent changes."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._core import _plan
from ansible_collections.backupops.vbo365.plugins.module_utils._core._kind import Use
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import (
    Ambiguous,
    BulkFailed,
    Conflict,
    NotApplied,
    NotFound,
    VboError,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._declared import inform

from .kinds import BOAT, MOTOR, SETTINGS, SLOOP, Sea, apply, lose_answers, refused


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_plan.time, "sleep", lambda seconds: None)


# --- the life of an object ---------------------------------------------------------------------------------------


def test_a_life() -> None:
    """Created below another collection, switched by a separate request, edited in part, deleted by its own request."""
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
    del sea.things["Races"]  # a server without this collection
    assert apply(sea, name="Möwe", state="absent")["changed"]


def test_uses_reach_below() -> None:
    use = Use("race", "Races", "a.b")
    assert use.refers({"a": {"b": "X"}}, "x")
    assert not any(use.refers(thing, "x") for thing in ({}, {"a": None}, {"a": "x"}, {"a": {"b": None}}))


def test_settings_are_read_merged_and_written_whole() -> None:
    """Undeclared values stay; links and read-only values are not sent back; a stored secret is not touched."""
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


def test_a_slow_write_is_waited_for() -> None:
    sea = Sea()
    apply(sea, **SLOOP)
    assert sea.slow == [60]


def test_waits_as_long_as_the_declaration_says(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(_plan.time, "sleep", pauses.append)
    _plan.patiently(lambda: None, bool)
    usual = sum(pauses)
    pauses.clear()
    _plan.patiently(lambda: None, bool, 60)
    assert usual < 10 and 55 <= sum(pauses) <= 65


# --- what is read and written elsewhere --------------------------------------------------------------------------


def test_a_list_below_the_object_is_read_and_written_there() -> None:
    sea = Sea()
    made = apply(sea, **SLOOP, guests=["Ada", "Bob"])
    assert made["boat"]["guests"] == ["Ada", "Bob"]
    assert [(method, path) for method, path, _body in sea.writes][1:] == [("POST", "Boats/b1/Guests")] * 2
    assert not apply(sea, **SLOOP, guests=["Bob", "Ada"])["changed"]
    sea.writes.clear()
    changed = apply(sea, name="Möwe", guests=["Ada", "Cleo"])
    assert changed["changes"] == [{"field": "guests", "before": ["Ada", "Bob"], "after": ["Ada", "Cleo"]}]
    assert [(method, path) for method, path, _body in sea.writes] == [
        ("POST", "Boats/b1/Guests"),
        ("DELETE", "Boats/b1/Guests/Bob"),
    ], "nothing but the list was written"
    sea.params = {"id": None, "name": None}
    assert inform(BOAT).work(sea)["boats"][0]["guests"] == ["Ada", "Cleo"]


@pytest.mark.parametrize(("number", "key"), [(7, "anchorType"), (8, "anchorTypeName")])
def test_a_key_that_a_version_has_renamed(number: int, key: str) -> None:
    sea = Sea(number)
    apply(sea, **SLOOP, anchor="Danforth")
    assert sea.writes[0][2][key] == "Danforth"
    assert not apply(sea, **SLOOP, anchor="Danforth")["changed"]
    apply(sea, name="Möwe", anchor="Bruce")
    assert sea.writes[-1][2][key] == "Bruce" and sea.things["Boats"][0][key] == "Bruce"


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
    """Nobody can read whether it has arrived."""
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
    with pytest.raises(NotFound, match="the boat does not exist"):
        apply(sea, **MOTOR)


# --- two writers -------------------------------------------------------------------------------------------------


def test_somebody_else_edits_it_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is planned again from the new state; undeclared values stay as the other writer set them."""
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


def test_an_id_that_does_not_exist_creates_nothing() -> None:
    assert "does not exist" in refused(Sea(), NotFound, id="b9", **SLOOP).message
    assert not apply(Sea(), id="b9", state="absent")["changed"]
