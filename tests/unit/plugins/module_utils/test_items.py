# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Items of jobs: valid notations, the API's names in each version, and equality."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import VERSIONS, ApiVersion
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError, NotFound, Unsupported
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._items import (
    TYPES,
    Directory,
    check_flags,
    check_type,
    flag_keys,
    item_changes,
    item_key,
    item_text,
    match,
    nested_object,
    not_found,
    parse_items,
    read_item,
    sort_items,
    wanted_item,
    write_item,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._spelling import pascal
from hypothesis import given, settings
from hypothesis import strategies as st

QUICK = settings(deadline=None, max_examples=150, database=None)
Item = dict[str, t.Any]

OBJECTS: dict[str, Item] = {
    "user": {
        "id": "u-1",
        "displayName": "Alex Rivera",
        "name": "alex@contoso.com",
        "type": "User",
        "_links": {"x": 1},
        "note": None,
    },
    "group": {"id": "g-1", "displayName": "Finance", "name": "finance@contoso.com", "type": "Office365"},
    "site": {
        "id": "s-1",
        "url": "https://contoso.sharepoint.com/sites/a",
        "title": "A",
        "isCloud": True,
        "isPersonal": False,
    },
    "team": {"id": "t-1", "displayName": "Finance", "mail": "finance-team@contoso.com"},
}
SECURITY_GROUP = {"id": "g-2", "displayName": "All staff", "name": "staff@contoso.com", "type": "Security"}


def named(kind: str) -> Item:
    """Return an item of a type, with a name if the type has one."""
    option = {"user": "name", "group": "name", "team": "name", "site": "url"}.get(kind)
    key = {"site": "url", "team": "mail"}.get(kind, "name")
    item = {"type": kind, **({option: OBJECTS[kind][key]} if option else {})}
    return {**item, "folders": ["Documents"]} if kind == "one_drive_folders" else item


# --- input ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TYPES)
def test_each_type_takes_its_own_options(kind: str) -> None:
    flags = dict.fromkeys(TYPES[kind].flags, True)
    assert parse_items([{**named(kind), **flags}], "p") == [{**named(kind), **flags}]
    others = {flag for other in TYPES.values() for flag in other.flags} - set(flags)
    for flag in others:
        for value in (True, False):
            with pytest.raises(InputError) as caught:
                parse_items([{"type": "user", "name": "x"}, {**named(kind), flag: value}], "selected_items")
            assert caught.value.option == f"selected_items[1].{flag}"
            assert caught.value.text.startswith(f"not supported for items of type '{kind}'; supported: ")
            assert all(known in caught.value.text for known in flags)


def test_what_is_left_out_stays_out() -> None:
    assert parse_items(None, "p") is None
    assert parse_items([], "p") == []
    options = {"type": "user", "name": "a", "id": None, "url": None, "mailbox": None, "folders": None}
    assert parse_items([options], "p") == [{"type": "user", "name": "a"}]


USER_OPTIONS = "name, id, mailbox, archive_mailbox, one_drive, personal_site"
ORGANIZATION_OPTIONS = "mailbox, archive_mailbox, one_drive, sites, teams, teams_chats"
MISTAKES: list[tuple[Item, str, str]] = [
    ({"type": "user"}, "name", "name or id is required for an item of type 'user'"),
    ({"type": "user", "name": ""}, "name", "name or id is required for an item of type 'user'"),
    ({"type": "group"}, "name", "name or id is required for an item of type 'group'"),
    ({"type": "team"}, "name", "name or id is required for an item of type 'team'"),
    ({"type": "site"}, "url", "url or id is required for an item of type 'site'"),
    ({"type": "site", "name": "a"}, "name", "not supported for items of type 'site'; supported: url, id"),
    (
        {"type": "user", "url": "a"},
        "url",
        f"not supported for items of type 'user'; supported: {USER_OPTIONS}",
    ),
    (
        {"type": "personal_sites", "name": "a"},
        "name",
        "not supported for items of type 'personal_sites'; supported: none",
    ),
    ({"type": "one_drive_folders"}, "folders", "required; list the folders, relative to the root of each OneDrive"),
    (
        {"type": "one_drive_folders", "folders": []},
        "folders",
        "required; list the folders, relative to the root of each OneDrive",
    ),
    (
        {"type": "one_drive_folders", "folders": ["a", "b "]},
        "folders[1]",
        "'b<U+0020 SPACE>' ends with a space; remove it",
    ),
    (
        {"type": "partial_organization", "id": "a"},
        "id",
        f"not supported for items of type 'partial_organization'; supported: {ORGANIZATION_OPTIONS}",
    ),
    (
        {"type": "user", "name": "a", "folders": ["x"]},
        "folders",
        f"not supported for items of type 'user'; supported: {USER_OPTIONS}",
    ),
]


@pytest.mark.parametrize(("options", "path", "text"), MISTAKES)
def test_mistakes_are_named_by_path(options: Item, path: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_items([options], "excluded_items")
    assert (caught.value.option, caught.value.text) == (f"excluded_items[0].{path}", text)


def test_folders_are_a_set() -> None:
    assert parse_items([{"type": "one_drive_folders", "folders": ["b", "a", "b"]}], "p") == [
        {"type": "one_drive_folders", "folders": ["a", "b"]}
    ]


@pytest.mark.parametrize(
    ("item", "flag", "first"),
    [
        ({"type": "partial_organization", "teams": True}, "teams", 5),
        ({"type": "partial_organization", "teams_chats": True}, "teams_chats", 6),
        ({"type": "team", "name": "x", "teams_chats": True}, "teams_chats", 6),
    ],
)
def test_flags_that_a_version_lacks(item: Item, flag: str, first: int) -> None:
    for version in VERSIONS.values():
        if version.number >= first:
            check_flags([item], version, "p")
            continue
        with pytest.raises(Unsupported) as caught:
            check_flags([{"type": "personal_sites"}, item], version, "p")
        assert caught.value.message == (
            f"p[1].{flag}: items with this flag require API v{first} or later (in use: {version.name})."
        )


@pytest.mark.parametrize("kind", TYPES)
def test_types_that_a_version_lacks(kind: str) -> None:
    for version in VERSIONS.values():
        if kind != "team" or version.number >= 5:
            check_type(named(kind), version, "p[2]")
            continue
        with pytest.raises(Unsupported) as caught:
            check_type(named(kind), version, "p[2]")
        assert caught.value.message == (
            f"p[2].type: items of type 'team' require API v5 or later (in use: {version.name})."
        )


def test_a_flag_that_is_off_needs_no_version() -> None:
    check_flags([{"type": "partial_organization", "teams": False, "teams_chats": False}], VERSIONS["v3"], "p")


# --- the names of flags -----------------------------------------------------------------------------------------------

KEYS: list[tuple[str, str, dict[int, tuple[str, ...]]]] = [
    (
        "user",
        "personal_site",
        {3: ("site",), 4: ("site",), 5: ("site",), 6: ("personalSite",), 7: ("personalSite",), 8: ("personalSite",)},
    ),
    (
        "group",
        "group_site",
        {3: ("site",), 4: ("site",), 5: ("site", "groupSite"), 6: ("groupSite",), 7: ("groupSite",), 8: ("groupSite",)},
    ),
    (
        "partial_organization",
        "sites",
        {3: ("site",), 4: ("site",), 5: ("site",), 6: ("sites",), 7: ("sites",), 8: ("sites",)},
    ),
    ("partial_organization", "teams", {3: (), 4: (), 5: ("teams",), 6: ("teams",), 7: ("teams",), 8: ("teams",)}),
    (
        "partial_organization",
        "teams_chats",
        {3: (), 4: (), 5: (), 6: ("teamsChats",), 7: ("teamsChats",), 8: ("teamsChats",)},
    ),
    ("team", "teams_chats", {5: (), 6: ("chats",), 7: ("teamsChats",), 8: ("teamsChats",)}),
    ("group", "mailbox", dict.fromkeys(range(3, 9), ("mailbox",))),
    ("group", "member_onedrive", dict.fromkeys(range(3, 9), ("memberOnedrive",))),
    ("group", "member_archive_mailbox", dict.fromkeys(range(3, 9), ("memberArchiveMailbox",))),
    ("user", "one_drive", dict.fromkeys(range(3, 9), ("oneDrive",))),
    ("user", "archive_mailbox", dict.fromkeys(range(3, 9), ("archiveMailbox",))),
]


@pytest.mark.parametrize(("kind", "flag", "expected"), KEYS)
def test_the_key_of_a_flag_in_each_version(kind: str, flag: str, expected: dict[int, tuple[str, ...]]) -> None:
    for number, keys in expected.items():
        assert flag_keys(kind, flag, VERSIONS[f"v{number}"]) == keys


def test_the_mailbox_of_a_group_is_echoed_as_the_server_spells_it() -> None:
    for number in (3, 4):
        version = VERSIONS[f"v{number}"]
        assert flag_keys("group", "mailbox", version, {"mail": False}) == ("mail",)
        assert flag_keys("group", "mailbox", version, {"mail": False, "mailbox": True}) == ("mailbox",)
    for number in (5, 8):
        assert flag_keys("group", "mailbox", VERSIONS[f"v{number}"], {"mail": False}) == ("mailbox",)
    assert flag_keys("user", "mailbox", VERSIONS["v3"], {"mail": False}) == ("mailbox",)


# --- the view ---------------------------------------------------------------------------------------------------------

READS: list[tuple[str, Item, Item]] = [
    (
        "user",
        {"type": "User", "id": "x", "user": OBJECTS["user"], "mailbox": True, "oneDrive": False},
        {"type": "user", "name": "alex@contoso.com", "mailbox": True},
    ),
    (
        "user of an old version",
        {"type": "User", "user": OBJECTS["user"], "site": True},
        {"type": "user", "name": "alex@contoso.com", "personal_site": True},
    ),
    (
        "user without any flag",
        {"type": "User", "user": OBJECTS["user"]},
        {
            "type": "user",
            "name": "alex@contoso.com",
            "mailbox": False,
            "archive_mailbox": False,
            "one_drive": False,
            "personal_site": False,
        },
    ),
    (
        "user that is gone",
        {"type": "User", "user": {"id": "u-9"}, "mailbox": True},
        {"type": "user", "id": "u-9", "mailbox": True},
    ),
    (
        "user without object",
        {"type": "User", "user": None, "mailbox": True},
        {"type": "user", "id": None, "mailbox": True},
    ),
    (
        "group",
        {"type": "Group", "group": OBJECTS["group"], "Members": True, "MemberOneDrive": True, "groupSite": True},
        {"type": "group", "name": "finance@contoso.com", "members": True, "member_onedrive": True, "group_site": True},
    ),
    (
        "group with mail",
        {"type": "Group", "group": OBJECTS["group"], "mail": "true"},
        {"type": "group", "name": "finance@contoso.com", "mailbox": True},
    ),
    (
        "group with both keys of its site",
        {"type": "Group", "group": OBJECTS["group"], "site": False, "groupSite": True},
        {"type": "group", "name": "finance@contoso.com", "group_site": True},
    ),
    (
        "group without name",
        {"type": "Group", "group": {"id": "g", "displayName": "Finance"}, "members": True},
        {"type": "group", "name": "Finance", "members": True},
    ),
    (
        "site",
        {"type": "Site", "id": "x", "site": OBJECTS["site"]},
        {"type": "site", "url": "https://contoso.sharepoint.com/sites/a"},
    ),
    ("team", {"type": "Team", "team": OBJECTS["team"]}, {"type": "team", "name": "finance-team@contoso.com"}),
    (
        "team with posts, v6",
        {"type": "Team", "team": OBJECTS["team"], "chats": True},
        {"type": "team", "name": "finance-team@contoso.com", "teams_chats": True},
    ),
    (
        "team with posts, v8",
        {"type": "Team", "team": OBJECTS["team"], "teamsChats": True},
        {"type": "team", "name": "finance-team@contoso.com", "teams_chats": True},
    ),
    (
        "organization",
        {"type": "PartialOrganization", "id": "x", "mailbox": True, "site": True, "_links": {}},
        {"type": "partial_organization", "mailbox": True, "sites": True},
    ),
    ("personal sites", {"type": "PersonalSites", "id": "x"}, {"type": "personal_sites"}),
    (
        "folders",
        {"type": "OneDriveFolders", "folders": ["b", "a"]},
        {"type": "one_drive_folders", "folders": ["a", "b"]},
    ),
    ("no folders", {"type": "OneDriveFolders"}, {"type": "one_drive_folders", "folders": []}),
    (
        "a type of a newer server",
        {"type": "PublicFolders", "id": "p-1", "mailbox": True},
        {"type": "public_folders", "id": "p-1"},
    ),
    ("nothing", {}, {"type": "", "id": None}),
]


@pytest.mark.parametrize(("raw", "view"), [row[1:] for row in READS], ids=[row[0] for row in READS])
def test_what_servers_return(raw: Item, view: Item) -> None:
    assert read_item(raw) == view


MEANT: list[tuple[str, Item, Item, int, set[str]]] = [
    (
        "no flag is all of it",
        {"type": "user"},
        OBJECTS["user"],
        8,
        {"mailbox", "archive_mailbox", "one_drive", "personal_site"},
    ),
    ("one flag is that one", {"type": "user", "mailbox": True}, OBJECTS["user"], 8, {"mailbox"}),
    (
        "off alone is all but that",
        {"type": "user", "one_drive": False},
        OBJECTS["user"],
        8,
        {"mailbox", "archive_mailbox", "personal_site"},
    ),
    ("on and off", {"type": "user", "mailbox": True, "one_drive": False}, OBJECTS["user"], 8, {"mailbox"}),
    ("a Microsoft 365 group", {"type": "group"}, OBJECTS["group"], 8, set(TYPES["group"].flags)),
    ("a security group", {"type": "group"}, SECURITY_GROUP, 8, set(TYPES["group"].flags) - {"mailbox", "group_site"}),
    ("a security group, asked for", {"type": "group", "mailbox": True}, SECURITY_GROUP, 8, {"mailbox"}),
    ("a group whose type nobody says", {"type": "group"}, {"name": "g"}, 8, set(TYPES["group"].flags)),
    ("a team without posts", {"type": "team"}, OBJECTS["team"], 8, set()),
    ("a team with posts", {"type": "team", "teams_chats": True}, OBJECTS["team"], 8, {"teams_chats"}),
    ("a team without posts, said", {"type": "team", "teams_chats": False}, OBJECTS["team"], 8, set()),
    (
        "the organization, v8",
        {"type": "partial_organization"},
        {},
        8,
        {"mailbox", "archive_mailbox", "one_drive", "sites", "teams"},
    ),
    (
        "the organization, v5",
        {"type": "partial_organization"},
        {},
        5,
        {"mailbox", "archive_mailbox", "one_drive", "sites", "teams"},
    ),
    (
        "the organization, v4",
        {"type": "partial_organization"},
        {},
        4,
        {"mailbox", "archive_mailbox", "one_drive", "sites"},
    ),
]


@pytest.mark.parametrize(
    ("options", "raw_object", "number", "on"), [row[1:] for row in MEANT], ids=[row[0] for row in MEANT]
)
def test_what_flags_mean(options: Item, raw_object: Item, number: int, on: set[str]) -> None:
    view = wanted_item(options, raw_object, VERSIONS[f"v{number}"])
    assert {key for key, value in view.items() if value is True} == on


def test_an_object_without_a_name_is_shown_by_its_id() -> None:
    view = wanted_item({"type": "user", "id": "u-9", "mailbox": True}, {"id": "u-9"}, VERSIONS["v8"])
    assert view == {"type": "user", "id": "u-9", "mailbox": True}


@pytest.mark.parametrize("kind", TYPES)
def test_an_item_with_everything_off_is_read_as_it_was_wanted(kind: str) -> None:
    """Also if a version does not support all flags of the type."""
    for version in VERSIONS.values():
        if kind == "team" and version.number < 5:
            continue
        raw_object = OBJECTS.get(kind, {})
        wanted = wanted_item({**named(kind), **dict.fromkeys(TYPES[kind].flags, False)}, raw_object, version)
        assert read_item(write_item(wanted, raw_object, version)) == wanted, version.name


@st.composite
def items(draw: st.DrawFn, version: ApiVersion) -> tuple[Item, Item]:
    """An item as people write it, and its object."""
    kind = draw(st.sampled_from([kind for kind in TYPES if kind != "team" or version.number >= 5]))
    raw_object = OBJECTS.get(kind, {})
    if kind == "group" and draw(st.booleans()):
        raw_object = SECURITY_GROUP
    options = {"type": kind}
    if TYPES[kind].keys:
        by_id = draw(st.booleans())
        options.update({"id": raw_object["id"]} if by_id else {TYPES[kind].option: raw_object[TYPES[kind].keys[0]]})
    if kind == "one_drive_folders":
        options["folders"] = draw(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1))
    for flag in TYPES[kind].flags:
        value = draw(st.sampled_from([None, False, True]))
        if value and {"teams": 5, "teams_chats": 6}.get(flag, 0) > version.number:
            value = False
        if value is not None:
            options[flag] = value
    return options, raw_object


@QUICK
@given(st.data())
def test_what_is_written_is_what_is_read(data: st.DataObject) -> None:
    """In every version; as input it means the same item, and the body has no key of another version."""
    version = data.draw(st.sampled_from(list(VERSIONS.values())))
    options, raw_object = data.draw(items(version))
    parsed = parse_items([options], "p")
    assert parsed is not None
    check_flags(parsed, version, "p")
    check_type(parsed[0], version, "p[0]")
    wanted = wanted_item(parsed[0], raw_object, version)
    body = write_item(wanted, raw_object, version)
    assert read_item(body) == wanted
    assert read_item({**body, "id": "x", "_links": {}}) == wanted
    again = parse_items([wanted], "p")
    assert again is not None
    assert wanted_item(again[0], raw_object, version) == wanted
    flags = {key for flag in TYPES[options["type"]].flags for key in flag_keys(options["type"], flag, version)}
    assert set(body) - flags <= {"type", "folders", options["type"]}
    assert flags <= set(body), "all flags are sent, none is left to a default"
    assert all(isinstance(body[key], bool) for key in flags)
    assert body["type"] == pascal(options["type"])


@pytest.mark.parametrize("kind", OBJECTS)
def test_the_object_is_sent_without_links_and_nulls(kind: str) -> None:
    body = write_item(named(kind), {**OBJECTS[kind], "_links": {}, "eTag": 4, "nothing": None}, VERSIONS["v8"])
    assert {key: value for key, value in OBJECTS[kind].items() if value is not None and key != "_links"} == body[kind]


def test_keys_depend_on_version_and_on_what_the_server_says() -> None:
    team = write_item({"type": "team", "name": "x"}, OBJECTS["team"], VERSIONS["v6"])
    assert team == {"type": "Team", "team": OBJECTS["team"], "chats": False}
    mail = {"type": "group", "name": "x", "mailbox": True}
    assert write_item(mail, OBJECTS["group"], VERSIONS["v4"], {"mail": False})["mail"] is True
    assert "mail" not in write_item(mail, OBJECTS["group"], VERSIONS["v4"])


# --- identity ---------------------------------------------------------------------------------------------------------


def test_what_makes_two_items_the_same() -> None:
    assert item_key({"type": "user", "name": "Alex@Contoso.com"}) == item_key(
        {"type": "user", "name": " alex@contoso.COM"}
    )
    assert item_key({"type": "site", "url": "https://A/sites/x/"}) == item_key(
        {"type": "site", "url": "https://a/sites/X"}
    )
    assert item_key({"type": "user", "name": "a"}) != item_key({"type": "group", "name": "a"})
    # a slash at the end means nothing in an address, and something in a name
    assert item_key({"type": "group", "name": "a"}) != item_key({"type": "group", "name": "a/"})
    assert item_key({"type": "personal_sites"}) == ("personal_sites", "")
    assert item_key({"type": "user", "id": None}) == ("user", "")
    assert item_key({"type": "user", "name": "a", "mailbox": True}) == item_key({"type": "user", "name": "a"})


def test_items_have_an_order_of_their_own() -> None:
    ordered = [
        {"type": "user", "name": "a"},
        {"type": "user", "name": "B"},
        {"type": "group", "name": "a"},
        {"type": "site", "url": "u"},
        {"type": "personal_sites"},
        {"type": "brand_new", "id": "1"},
    ]
    assert sort_items(reversed(ordered)) == ordered


TEXTS: list[tuple[Item, str]] = [
    (
        {"type": "user", "name": "cfo@contoso.com", "mailbox": True, "one_drive": True},
        "user cfo@contoso.com: mailbox, one_drive",
    ),
    (
        {"type": "user", "name": "a", "one_drive": True, "mailbox": True, "archive_mailbox": False},
        "user a: mailbox, one_drive",
    ),
    ({"type": "user", "name": "a", "mailbox": False, "one_drive": False}, "user a: nothing"),
    ({"type": "user", "id": "u-9", "mailbox": True}, "user u-9: mailbox"),
    ({"type": "user", "id": None, "mailbox": True}, "user: mailbox"),
    ({"type": "team", "name": "Finance"}, "team Finance"),
    ({"type": "site", "url": "https://a"}, "site https://a"),
    ({"type": "partial_organization", "mailbox": True}, "partial_organization: mailbox"),
    ({"type": "personal_sites"}, "personal_sites"),
    ({"type": "one_drive_folders", "folders": ["a", "b"]}, "one_drive_folders: a, b"),
    ({"type": "brand_new", "id": "1"}, "brand_new 1"),
]


@pytest.mark.parametrize(("item", "text"), TEXTS)
def test_one_line_for_diffs(item: Item, text: str) -> None:
    assert item_text(item) == text


def test_changes_name_each_item() -> None:
    kept = {"type": "user", "name": "a@b.c", "mailbox": True}
    gone = {"type": "site", "url": "https://a"}
    changed = {"type": "group", "name": "G", "members": True}
    new = {"type": "personal_sites"}
    more = {**changed, "name": "g", "mailbox": True}
    assert item_changes("selected_items", [kept, gone, changed], [more, new, kept]) == [
        {"field": "selected_items[group g]", "before": changed, "after": more},
        {"field": "selected_items[personal_sites]", "before": None, "after": new},
        {"field": "selected_items[site https://a]", "before": gone, "after": None},
    ]
    assert item_changes("selected_items", [kept, gone], [gone, kept]) == []
    assert item_changes("selected_items", [], []) == []


# --- objects ----------------------------------------------------------------------------------------------------------

USERS = [
    {"id": "U-1", "name": "alex@contoso.com", "displayName": "Alex"},
    {"id": "u-2", "name": "kim@contoso.com", "displayName": "Kim"},
    {"id": "u-3", "name": "u-2", "displayName": "Trap"},
]
GROUPS = [
    {"id": "g-1", "name": "finance@contoso.com", "displayName": "Finance"},
    {"id": "g-2", "name": "Sales", "displayName": "Everyone"},
    {"id": "g-3", "name": "twin-1@contoso.com", "displayName": "Twin"},
    {"id": "g-4", "name": "twin-2@contoso.com", "displayName": "twin"},
    {"id": "g-5", "name": "everyone", "displayName": "x"},
]
MATCHED: list[tuple[Item, list[Item], str | None]] = [
    ({"type": "user", "name": "ALEX@contoso.com "}, USERS, "U-1"),
    ({"type": "user", "name": "Alex"}, USERS, None),
    ({"type": "user", "id": "u-1"}, USERS, "U-1"),
    ({"type": "user", "name": "U-2"}, USERS, "u-2"),
    ({"type": "user", "id": "nobody"}, USERS, None),
    ({"type": "user", "id": "alex@contoso.com"}, USERS, None),
    ({"type": "group", "name": "finance"}, GROUPS, "g-1"),
    ({"type": "group", "name": "Finance@Contoso.com"}, GROUPS, "g-1"),
    ({"type": "group", "name": "everyone"}, GROUPS, "g-5"),
    ({"type": "site", "url": "HTTPS://contoso.sharepoint.com/Sites/A/"}, [OBJECTS["site"]], "s-1"),
    ({"type": "team", "name": "finance"}, [OBJECTS["team"]], "t-1"),
    ({"type": "team", "name": "finance-team@contoso.com"}, [OBJECTS["team"]], "t-1"),
    ({"type": "user", "name": "x"}, [{"id": None, "name": None}], None),
    ({"type": "user", "name": "x"}, [], None),
]


@pytest.mark.parametrize(("options", "objects", "identifier"), MATCHED)
def test_objects_are_found_by_id_and_by_name(options: Item, objects: list[Item], identifier: str | None) -> None:
    found = match(options, iter(objects), "p[0]")
    assert (found or {}).get("id") == identifier


def test_a_name_of_several_objects() -> None:
    with pytest.raises(InputError) as caught:
        match({"type": "group", "name": "Twin"}, GROUPS, "selected_items[2]")
    assert caught.value.message == (
        "selected_items[2].name: 'Twin' is not unique; "
        "use the exact name or the id of one of 'twin-1@contoso.com' (id g-3), 'twin-2@contoso.com' (id g-4)."
    )


def test_a_long_list_of_objects_is_cut() -> None:
    twins = [{"id": f"g-{number}", "name": f"n-{number}", "displayName": "Twin"} for number in range(6)]
    listed = ", ".join(f"'n-{number}' (id g-{number})" for number in range(5))
    with pytest.raises(InputError) as caught:
        match({"type": "group", "name": "twin"}, twins, "p[0]")
    assert caught.value.text == f"'twin' is not unique; use the exact name or the id of one of {listed}"


SITE = "https://contoso.sharepoint.com/sites/a"
ALIKE: list[tuple[str, Item, Item, bool]] = [
    ("a letter in two characters", {"type": "user", "name": "Rene\u0301"}, {"name": "Ren\u00e9"}, True),
    ("an invisible character", {"type": "user", "name": "kim"}, {"name": "ki\u200bm"}, True),
    ("another blank", {"type": "group", "name": "All staff"}, {"displayName": "All\u00a0staff"}, True),
    ("the second of two names", {"type": "group", "name": "Staff"}, {"name": "x", "displayName": "Sta\u200bff"}, True),
    ("an address", {"type": "site", "url": f"{SITE.upper()}/"}, {"url": f"{SITE}\u200b"}, True),
    ("an address, the other way", {"type": "site", "url": f"{SITE}\u200b"}, {"url": f"{SITE.upper()}/"}, True),
    ("a name that ends like an address", {"type": "group", "name": "Staff"}, {"name": "Sta\u200bff/"}, False),
    ("another name", {"type": "user", "name": "Kim"}, {"name": "Kin"}, False),
    ("a key that is no name of users", {"type": "user", "name": "Kim"}, {"name": "x", "displayName": "Kim"}, False),
    ("an object without a name", {"type": "user", "name": "None"}, {"name": None}, False),
    ("an item by id", {"type": "user", "id": "u-9"}, {"name": "Kim"}, False),
]


@pytest.mark.parametrize(("options", "thing", "alike"), [row[1:] for row in ALIKE], ids=[row[0] for row in ALIKE])
def test_names_that_look_alike(options: Item, thing: Item, alike: bool) -> None:
    assert Directory(options["type"], [{"id": "o-1", "name": "other"}, thing]).looks_like(options) is alike


def test_all_names_of_objects_are_known() -> None:
    groups = [{"id": "g-1", "name": "a", "displayName": "A"}, {"id": "g-2", "displayName": "B"}]
    assert Directory("group", groups).names() == ["a", "A", "B"]


def test_sites_of_one_address_are_listed_by_something_that_tells_them_apart() -> None:
    sites = [{"id": "s-1", "url": "https://a/x"}, {"id": "s-2", "url": "https://a/X/"}]
    with pytest.raises(InputError) as caught:
        match({"type": "site", "url": "https://a/x"}, sites, "p[0]")
    assert "None" not in caught.value.text
    assert caught.value.option == "p[0].url"


def test_an_object_that_does_not_exist() -> None:
    by_id = not_found({"type": "site", "id": "s-9"}, "selected_items[0]", "")
    assert by_id.message == "selected_items[0]: the organization has no site 's-9'."
    error = not_found({"type": "site", "url": "https://a"}, "selected_items[1]", "Did you mean 'https://b'?")
    assert isinstance(error, NotFound)
    assert error.message == "selected_items[1]: the organization has no site 'https://a'. Did you mean 'https://b'?"


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"type": "User"},
        {"type": "User", "user": None},
        {"type": "User", "user": "u"},
        {"type": "Group", "site": True},
        {"type": "Other"},
        {"type": "Other", "other": {"id": "x"}},
    ],
)
def test_items_without_an_object(raw: Item) -> None:
    assert nested_object(raw) == {}
