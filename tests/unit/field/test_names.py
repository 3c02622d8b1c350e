# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names are compared without case and otherwise exactly; names that only look the same are reported."""

# ruff: noqa: RUF001
from __future__ import annotations

import sys
import unicodedata

import pytest
from ansible_collections.backupops.vbo365.plugins.filter.export import FilterModule as Export
from ansible_collections.backupops.vbo365.plugins.filter.jobs import FilterModule as Jobs
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._items import (
    Directory,
    item_key,
    sort_items,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._spelling import (
    alike,
    folded,
    looks,
    matches,
    same_name,
    site_key,
    spelled,
    told_apart,
    unfit,
)

CONTOSO = "contoso.onmicrosoft.com"

SAME = [
    ("Mail", "mAIL"),
    ("ÄRZTE", "ärzte"),
    ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
    ("ПОЧТА", "почта"),
    ("ǅ", "ǆ"),
    ("ᾳ", "ᾼ"),
    ("𐐀", "𐐨"),
]
#: characters that other comparisons consider equal
OTHER = [
    ("Straße", "Strasse"),
    ("STRASSE", "straße"),
    ("GROẞ", "groß"),
    ("ﬁnance", "finance"),
    ("ı", "i"),
    ("İ", "i"),
    ("ſ", "s"),
    ("ŉ", "ʼn"),
    ("Area m²", "Area m2"),
    ("Mail", "Маil"),  # with Cyrillic letters
]
#: characters that are indistinguishable on a screen
ALIKE = [
    ("Büro", "Bu\u0308ro"),
    ("BÜRO", "bu\u0308ro"),
    ("Mail", "Mail "),
    ("Mail", " Mail"),
    ("Mail", "mail\n"),
    ("Mail", "Mail\r\n"),
    ("Mail", "Ma\u200bil"),
    ("Mail", "Ma\u00adil"),
    ("Mail", "\ufeffMail"),
    ("Mail", "Mail\u061c"),
    ("Mail", "Mail\u200f"),
    ("Mail", "Mail\ufe0f"),
    ("Mail", "Mail\U000e0041"),
    ("A B", "A\u00a0B"),
    ("A B", "A\tB"),
    ("A B", "A  B"),
    ("한글", unicodedata.normalize("NFD", "한글")),
    ("\u212b", "\u00c5"),
    ("\u212a", "K"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_case_of_letters_does_not_matter(one: str, other: str) -> None:
    assert same_name(one, other) and looks(one) == looks(other) and not alike(one, [other])
    assert matches(one, other) and matches(one[:1] + "*", other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_nothing_else_is_folded(one: str, other: str) -> None:
    assert not same_name(one, other) and not alike(one, [other]) and not matches(one, other)


@pytest.mark.parametrize(("one", "other"), [*ALIKE, *((other, one) for one, other in ALIKE)])
def test_names_that_look_the_same(one: str, other: str) -> None:
    assert not same_name(one, other) and alike(one, ["x", other]) == [other]
    shown = told_apart(one, other)
    assert shown.isprintable() and ("U+" in shown), "the character is named"
    assert not alike(spelled(one), [spelled(other)]), "spelled out they do not look the same"


def test_every_character_is_one_character() -> None:
    for number in range(sys.maxunicode + 1):
        char = chr(number)
        key = folded(char)
        assert len(key) == 1 and folded(key) == key
        if len(char.upper()) == 1 and char not in "\u0131\u017f":
            assert key == folded(char.upper()), f"U+{number:04X}"
    assert folded(None) == "" and folded(7) == "7"


@pytest.mark.parametrize("name", ["a", "Straße", "a b", "日本", "👩‍💻 team", "a\tb", "", "ａ", "e\u0301"])
def test_names_that_can_be_meant(name: str) -> None:
    assert unfit(name) == ""


@pytest.mark.parametrize("name", [" a", "a ", "a\n", "\ta", "a\u00a0", "\ufeffa", "a\u200b", "a\u3164", "a\u2800"])
def test_names_that_nobody_means(name: str) -> None:
    assert unfit(name) and spelled(name).isprintable()


# --- addresses of sites ----------------------------------------------------------------------------------------------

HOST = "https://contoso.sharepoint.com"
ADDRESSES = [
    {
        f"{HOST}/sites/R&D",
        f"{HOST}/sites/R%26D",
        f"{HOST}/sites/r%26d/",
        f"{HOST}:443/sites/R&D",
        f" {HOST}/sites/R&D\n",
    },
    {f"{HOST}/sites/A B", f"{HOST}/sites/A%20B", "HTTPS://Contoso.SharePoint.com/sites/a%20b"},
    {f"{HOST}/sites/Büro", f"{HOST}/sites/B%C3%BCro", f"{HOST}/sites/b%c3%bcro"},
    {f"{HOST}/sites/50%", f"{HOST}/sites/50%25"},
    {HOST, f"{HOST}/"},
    {"https://bücher.example/x", "https://xn--bcher-kva.example/x"},
    {f"{HOST}/sites/a/b"},
    {f"{HOST}/sites/a%2Fb", f"{HOST}/sites/a%2fb"},
    {f"{HOST}/sites/a?b", f"{HOST}/sites/a?b"},
    {f"{HOST}/sites/a%3Fb", f"{HOST}/sites/a%3fb"},
    {f"{HOST}:8443/sites/a"},
    {f"{HOST}/sites/straße"},
    {f"{HOST}/sites/strasse"},
    {"https://strasse.example"},
    {"https://straße.example"},
    {"http://contoso.sharepoint.com"},
    {"no address"},
    {"https://[broken"},
    {"https://con\tto\nso", "https://contoso"},
    {f"{HOST}/sites/\udc80"},
]


def test_addresses_of_one_site() -> None:
    keys = [{site_key(address) for address in group} for group in ADDRESSES]
    assert all(len(group) == 1 for group in keys), keys
    assert len(set.union(*keys)) == len(ADDRESSES)


def test_items_are_the_same_by_these_keys() -> None:
    sites = [{"id": "1", "url": f"{HOST}/sites/R&D"}, {"id": "2", "url": f"{HOST}/sites/Büro"}]
    directory = Directory("site", sites)
    for given, identifier in ((f"{HOST}/sites/R%26D", "1"), (f"{HOST}/sites/B%C3%BCro/", "2")):
        assert (directory.find({"type": "site", "url": given}, "p") or {}).get("id") == identifier
    twin = {"type": "site", "url": f"{HOST}/sites/Bu%CC%88ro"}
    assert directory.find(twin, "p") is None and directory.looks_like(twin)
    items = [{"type": "group", "name": name} for name in ("Straße", "Strasse")]
    assert len({item_key(item) for item in sort_items(items)}) == 2


# --- filters ---------------------------------------------------------------------------------------------------------


def test_lists_templates_and_exports_keep_both() -> None:
    names = [name for pair in OTHER for name in pair]
    distinct = [{"name": name, "organization": CONTOSO} for name in {folded(name): name for name in names}.values()]
    assert Jobs().filters()["expand_jobs"](distinct, {}) == distinct
    exported = Export().filters()["export_jobs"](distinct, [])
    assert len(exported) == len(distinct)
    files = Export().filters()["to_job_files"](exported, "x")
    assert len({entry["name"] for entry in files}) == len(distinct) + 1
