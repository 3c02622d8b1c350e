# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a declaration determines without a server: options, views, bodies, versions, matching."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import (
    Ambiguous,
    ConnectionFailed,
    InputError,
    Unsupported,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._declared import manage
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from .kinds import BOAT, BUOY, SETTINGS, SLOOP, Names, Sea, Values, refused

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


# --- answers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("thing", "why"),
    [
        ([], "it is no object"),
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
    """Numbers and booleans as texts, null for missing values, unknown words."""
    raw = {"id": "1", "name": "x", "drive": "SteamEngine", "isAfloat": "True", "description": None, "sails": "4"}
    assert BOAT.complaint(raw) == ""
    assert BOAT.view(raw, Names(), 7) == {
        "name": "x",
        "description": "",
        "drive": "steam_engine",
        "crew": [],
        "afloat": True,
        "guests": [],
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
        ({"code": "north", "shape": "spar"}, None),  # no object has this shape
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
    assert BOAT.match(boats[:0], {}, Names(), 8) is None
    assert BOAT.match(boats, {"name": "OTTER"}, Names(), 8) == boats[1], "the same letters win"
    assert BOAT.match(boats, {"name": "robbe"}, Names(), 8) == boats[2]
    with pytest.raises(Ambiguous):
        BOAT.match(boats, {"name": "otter"}, Names(), 8)
    with pytest.raises(InputError):
        BOAT.match(boats, {"name": "Robbe\u200b"}, Names(), 8)


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
    """Options, body and view are equivalent, and the view as input changes nothing."""
    from ansible_collections.backupops.vbo365.plugins.module_utils._core._levels import body_of, parsed

    given = parsed(BOAT.fields, boat)
    raw = {"id": "1", **body_of(BOAT.fields, given, given, Names(), 8)}
    assert BOAT.complaint(raw) == ""
    view = BOAT.view(raw, Names(), 8)
    assert BOAT.changes(view, {**view, **given}) == []
    assert BOAT.changes(view, BOAT.overlay(view, parsed(BOAT.fields, view), Names(), False)) == []
