# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words and ids: spelling of the API, spelling of the collection, patterns, links."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._core._describe import describe, snake_key
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._items import TYPES
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._options import STATUS_FILTER
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._fields import DAILY_TYPES, INTERVALS
from ansible_collections.backupops.vbo365.plugins.module_utils._spelling import (
    last_segment,
    link_id,
    matches,
    pascal,
    same_id,
    snake,
    truth,
)
from hypothesis import given, settings
from hypothesis import strategies as st

QUICK = settings(deadline=None, max_examples=100, database=None)

#: the documented enum values
DOCUMENTED = [
    *("EntireOrganization", "SelectedItems"),
    *("Daily", "Periodically", "ManualOnly", "Immediate", "DailyAtTime"),
    *("Everyday", "Workdays", "Weekends", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    *("Minutes5", "Minutes10", "Minutes15", "Minutes30", "Hours1", "Hours2", "Hours4", "Hours8", "Hours12"),
    *("Stopped", "Running", "Success", "Warning", "Failed", "Disconnected", "NotConfigured", "Queued"),
    *("User", "Group", "Site", "Team", "PartialOrganization", "PersonalSites", "OneDriveFolders"),
]


@pytest.mark.parametrize("value", DOCUMENTED)
def test_every_documented_value_goes_both_ways(value: str) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*\d*", snake(value))
    assert pascal(snake(value)) == value


def test_every_choice_is_a_documented_value() -> None:
    for choice in (
        *DAILY_TYPES,
        *INTERVALS,
        *STATUS_FILTER["choices"],
        *TYPES,
        "entire_organization",
        "selected_items",
    ):
        assert pascal(choice) in DOCUMENTED
        assert snake(pascal(choice)) == choice


@pytest.mark.parametrize(
    ("value", "option"),
    [
        ("", ""),
        ("NA", "na"),
        ("daily", "daily"),
        ("HTTPError", "httperror"),
        ("Hours24", "hours24"),
        ("BrandNew", "brand_new"),
    ],
)
def test_unknown_values_pass_through_the_same_rule(value: str, option: str) -> None:
    assert snake(value) == option


@QUICK
@given(st.lists(st.from_regex(r"[a-z]{2,6}[0-9]{0,2}", fullmatch=True), min_size=1, max_size=4))
def test_words_survive_the_way_there_and_back(words: list[str]) -> None:
    text = "_".join(words)
    assert snake(pascal(text)) == text


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        *((True, True), ("true", True), ("True", True), (" TRUE ", True)),
        *(
            (False, False),
            (None, False),
            ("false", False),
            ("", False),
            ("yes", False),
            (1, False),
            ([], False),
            ({}, False),
        ),
    ],
)
def test_booleans_of_the_api(value: t.Any, meant: bool) -> None:
    assert truth(value) is meant


MATCHES = [
    (None, "anything", True),
    ("", "anything", True),
    (None, None, True),
    ("Mail", "mail", True),
    ("Mail", "Mail 2", False),
    ("mail*", "Mail 2", True),
    ("*2", "Mail 2", True),
    ("m??l", "MAIL", True),
    ("m?l", "mail", False),
    ("*", "", True),
    ("*", None, True),
    ("a", None, False),
    ("a.c", "abc", False),
    ("a+[b]", "A+[B]", True),
    ("a*c", "a\nb\nc", True),
    ("ÄRZTE*", "ärzte nord", True),
    ("a*b*c", "axxbyyc", True),
    ("a*b*c", "axxyyc", False),
    ("a*b*b*c", "abc", False),  # each letter counts only once
    ("*b*b*", "xbbx", True),
    ("ab*ba", "aba", False),
    ("a*c", "bc", False),
    ("a*c", "ab", False),
]


@pytest.mark.parametrize(("pattern", "text", "fits"), MATCHES)
def test_patterns(pattern: str | None, text: str | None, fits: bool) -> None:
    assert matches(pattern, text) is fits


@QUICK
@given(st.text(min_size=1, max_size=12))
def test_a_name_is_its_own_pattern(name: str) -> None:
    assert matches(name, name)
    assert matches("*", name) and matches(name + "*", name) and matches("*" + name, name)
    assert matches("?" * len(name), name) and not matches("?" * (len(name) + 1), name)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("AB", "ab", True),
        ("ab", "ac", False),
        (None, None, False),
        ("", "", False),
        ("a", None, False),
        (None, "a", False),
    ],
)
def test_ids_are_the_same_in_any_case(one: str | None, other: str | None, same: bool) -> None:
    assert same_id(one, other) is same


@pytest.mark.parametrize(
    ("href", "identifier"),
    [
        (None, None),
        ("", None),
        ("https://host:4443/v5/organizations/8d1f", "8d1f"),
        ("/v6/Organizations/8d1f/", "8d1f"),
        ("8d1f", "8d1f"),
    ],
)
def test_the_last_segment_of_a_link(href: str | None, identifier: str | None) -> None:
    assert last_segment(href) == identifier
    assert link_id({"_links": {"organization": {"href": href}}}, "organization") == identifier


@pytest.mark.parametrize(
    "resource", [{}, {"_links": None}, {"_links": {}}, {"_links": {"job": None}}, {"_links": {"job": {}}}]
)
def test_links_may_be_missing(resource: dict[str, t.Any]) -> None:
    assert link_id(resource, "job") is None


@pytest.mark.parametrize(
    ("key", "option"),
    [
        ("id", "id"),
        ("hostName", "host_name"),
        ("eTag", "e_tag"),
        ("processingRateBytesPS", "processing_rate_bytes_ps"),
        ("isBackedup", "is_backedup"),
        ("useSSL", "use_ssl"),
        ("S3Compatible", "s3_compatible"),
        ("memberOnedrive", "member_onedrive"),
    ],
)
def test_keys_in_snake_case(key: str, option: str) -> None:
    assert snake_key(key) == option


def test_objects_are_described_without_links_nulls_and_secrets() -> None:
    raw = {
        "id": "1",
        "type": "Office365",
        "lastStatus": "NotConfigured",
        "note": "NotConfigured",
        "nothing": None,
        "empty": "",
        "off": False,
        "zero": 0,
        "_links": {"self": {"href": "x"}},
        "_actions": {},
        "password": "x",
        "administratorPassword": "x",
        "clientSecret": "x",
        "applicationCertificate": "x",
        "accessKey": "x",
        "certificateThumbprint": "AB",
        "nested": {"bottleneck": "NA", "_links": {}, "sharedSecret": "x"},
        "list": [{"status": "Online", "userPassword": "x"}, "plain", 5],
    }
    assert describe(raw, ("type", "lastStatus", "bottleneck", "status")) == {
        "id": "1",
        "type": "office365",
        "last_status": "not_configured",
        "note": "NotConfigured",
        "empty": "",
        "off": False,
        "zero": 0,
        "certificate_thumbprint": "AB",
        "nested": {"bottleneck": "na"},
        "list": [{"status": "online"}, "plain", 5],
    }
