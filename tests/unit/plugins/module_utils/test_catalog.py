# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking up names: one match, none, several, similar ones."""

from __future__ import annotations

import threading
import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api._references import Catalog, near, pick
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import Ambiguous, NotFound
from ansible_collections.backupops.vbo365.plugins.module_utils._spelling import spelled
from hypothesis import given, settings
from hypothesis import strategies as st

QUICK = settings(deadline=None, max_examples=100, database=None)
Thing = dict[str, t.Any]

CONTOSO = {"id": "AAAA-1", "name": "contoso.onmicrosoft.com", "officeName": "contoso.com"}
FABRIKAM = {"id": "aaaa-2", "name": "Fabrikam", "officeName": None}
TWIN_1 = {"id": "aaaa-3", "name": "Twin"}
TWIN_2 = {"id": "aaaa-4", "name": "Twin"}
CASE_1 = {"id": "aaaa-5", "name": "case"}
CASE_2 = {"id": "aaaa-6", "name": "CASE"}
TRAP = {"id": "aaaa-7", "name": "aaaa-2"}
THINGS = [CONTOSO, FABRIKAM, TWIN_1, TWIN_2, CASE_1, CASE_2, TRAP]
KEYS = ("name", "officeName")

FOUND = [
    ("contoso.onmicrosoft.com", CONTOSO),
    ("CONTOSO.onMicrosoft.com", CONTOSO),
    ("contoso.com", CONTOSO),
    ("aaaa-1", CONTOSO),
    ("fabrikam", FABRIKAM),
    ("AAAA-2", FABRIKAM),
    ("aaaa-4", TWIN_2),
    ("case", CASE_1),
    ("CASE", CASE_2),
]


@pytest.mark.parametrize(("wanted", "thing"), FOUND)
def test_by_id_by_name_and_in_any_case(wanted: str, thing: Thing) -> None:
    """An id wins over a name, an exact name over one in another case."""
    for things in (THINGS, THINGS[::-1]):
        assert pick("organization", wanted, things, KEYS) is thing


@pytest.mark.parametrize(
    ("wanted", "listed"),
    [
        ("Twin", "'Twin' (id aaaa-3), 'Twin' (id aaaa-4)"),
        ("twin", "'Twin' (id aaaa-3), 'Twin' (id aaaa-4)"),
        ("Case", "'case' (id aaaa-5), 'CASE' (id aaaa-6)"),
    ],
)
def test_several_are_listed_with_their_ids(wanted: str, listed: str) -> None:
    with pytest.raises(Ambiguous) as caught:
        pick("organization", wanted, THINGS, KEYS)
    assert caught.value.message == f"organization '{wanted}' is not unique: {listed}. Use the id instead of the name."


def test_one_thing_with_the_name_twice_is_one_thing() -> None:
    thing = {"id": "1", "name": "a.com", "officeName": "A.com"}
    assert pick("organization", "a.COM", [thing], KEYS) is thing


def test_an_unknown_name_with_near_ones() -> None:
    things = [{"id": "1", "name": "repo-fra-01"}, {"id": "2", "name": "repo-fra-02"}, {"id": "3", "name": "vault"}]
    with pytest.raises(NotFound) as caught:
        pick("repository", "repo-fra-O1", things, ("name",))
    assert (
        caught.value.message == "repository 'repo-fra-O1' does not exist. Did you mean 'repo-fra-01' or 'repo-fra-02'?"
    )


def test_no_name_is_no_ones_name() -> None:
    """An empty name does not match an object without a second name."""
    with pytest.raises(NotFound):
        pick("proxy", "", [{"id": "1", "hostName": "proxy-01"}], ("hostName", "fqdn"))


NEAR = [
    ("x", [], "This account can see no objects of this type."),
    ("x", ["", None], "This account can see no objects of this type."),
    ("vault", ["Vault"], "Did you mean 'Vault'?"),
    ("zzz", ["b", "a"], "Available: 'a', 'b'."),
    ("zzz", list("gfedcba"), "Available: 'a', 'b', 'c', 'd', 'e' and 2 more."),
]


@pytest.mark.parametrize(("wanted", "names", "sentence"), NEAR)
def test_near(wanted: str, names: list[str], sentence: str) -> None:
    assert near(wanted, names) == sentence


def test_at_most_five_are_named() -> None:
    sentence = near("repo-01", [f"repo-0{number}" for number in range(2, 10)])
    assert sentence.count("'") == 10


@QUICK
@given(st.text(max_size=8), st.lists(st.text(max_size=8), max_size=12))
def test_what_is_proposed_exists(wanted: str, names: list[str]) -> None:
    sentence = near(wanted, names)
    assert sentence.endswith((".", "?"))
    if not any(names):
        assert sentence == "This account can see no objects of this type."
    else:
        assert any(shown in sentence for name in names for shown in (repr(name), spelled(name)))


@QUICK
@given(
    st.lists(st.sampled_from(["a", "A", "b", "B", "ß", "ss"]), max_size=5),
    st.sampled_from(["a", "A", "b", "SS", "c", "id-0"]),
)
def test_one_thing_or_an_error(names: list[str], wanted: str) -> None:
    """Never the wrong object, and never simply the first of several."""
    things = [{"id": f"id-{number}", "name": name} for number, name in enumerate(names)]
    same = [thing for thing in things if thing["name"].lower() == wanted.lower()]
    exact = [thing for thing in same if thing["name"] == wanted]
    by_id = [thing for thing in things if thing["id"] == wanted]
    try:
        found = pick("job", wanted, things, ("name",))
    except Ambiguous:
        assert not by_id and (len(exact) > 1 or (not exact and len(same) > 1))
    except NotFound:
        assert not by_id and not same
    else:
        assert found in (by_id or exact or same) and len(by_id or exact or same) == 1


class Versioned:
    def __init__(self, number: int) -> None:
        self.has_extended_view = number >= 6


class FakeClient:
    """Counts requests."""

    def __init__(self, number: int, **collections: list[Thing]) -> None:
        self.version = Versioned(number)
        self.cache: dict[str, t.Any] = {}
        self.lock = threading.RLock()
        self.collections = collections
        self.asked: list[tuple[str, t.Any]] = []

    def list(self, resource: str, query: t.Any = None) -> t.Iterator[Thing]:
        self.asked.append((resource, query))
        yield from self.collections.get(resource, [])


@pytest.mark.parametrize("number", [3, 5, 6, 7, 8])
def test_each_collection_is_read_once(number: int) -> None:
    client = FakeClient(
        number,
        Organizations=[CONTOSO, FABRIKAM],
        BackupRepositories=[{"id": "r1", "name": "repo"}],
        Proxies=[{"id": "p1", "hostName": "proxy", "fqdn": "proxy.example.com"}],
    )
    for catalog in (Catalog(t.cast(t.Any, client)), Catalog(t.cast(t.Any, client))):
        for _unused in range(2):
            assert catalog.organization("contoso.com") is CONTOSO
            assert catalog.repository("REPO")["id"] == "r1"
            assert catalog.proxy("proxy.example.com")["id"] == "p1"
            assert catalog.organization_name("aaaa-1") == "contoso.onmicrosoft.com"
            assert catalog.repository_name("R1") == "repo"
    query = {"extendedView": "false"} if number >= 6 else None
    assert client.asked == [("Organizations", query), ("BackupRepositories", None), ("Proxies", None)]


def test_names_behind_ids() -> None:
    """An id stays an id if its name is unknown or would not lead back to it."""
    client = FakeClient(8, Organizations=[CONTOSO, TWIN_1, TWIN_2], BackupRepositories=[])
    catalog = Catalog(t.cast(t.Any, client))
    assert catalog.organization_name("aaaa-3") == "aaaa-3"
    assert catalog.organization_name("gone") == "gone"
    assert catalog.organization_name(None) is None
    assert catalog.repository_name("r1") == "r1"


def test_a_name_that_is_shown_leads_back() -> None:
    """This includes names that differ only in case, and a name that is the second name of another object."""
    hybrid = {"id": "aaaa-8", "name": "hybrid", "officeName": "fabrikam"}
    office = {"id": "aaaa-9", "name": "office", "officeName": "Contoso.onmicrosoft.com"}
    things = [CASE_1, CASE_2, FABRIKAM, CONTOSO, TWIN_1, TWIN_2, hybrid, office]
    catalog = Catalog(t.cast(t.Any, FakeClient(8, Organizations=things)))
    for thing in things:
        shown = catalog.organization_name(thing["id"])
        assert shown is not None
        assert catalog.organization(shown) is thing


def test_a_name_that_is_shared_with_a_second_name_leads_back() -> None:
    hybrid = {"id": "aaaa-8", "name": "hybrid", "officeName": "contoso.onmicrosoft.com"}
    catalog = Catalog(t.cast(t.Any, FakeClient(8, Organizations=[CONTOSO, hybrid])))
    shown = catalog.organization_name(CONTOSO["id"])
    assert shown is not None
    assert catalog.organization(shown) is CONTOSO


def test_the_proxy_of_a_repository() -> None:
    catalog = Catalog(t.cast(t.Any, FakeClient(5)))
    assert catalog.proxy_of({"proxyId": "p"}) == "p"
    assert catalog.proxy_of({"_links": {"proxy": {"href": "https://h/v5/proxies/p2"}}}) == "p2"
    assert catalog.proxy_of({}) is None
