# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Freezes: when they apply, when they end, and which freezes and reasons are invalid."""

from __future__ import annotations

import datetime as dt
import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.filter.freeze import active_freeze

BERLIN = "Europe/Berlin"
CLOSE = {"from": "2026-12-19", "until": "2027-01-06", "reason": "Year-end close"}
WEEKEND = "Fri 18:00 - Mon 06:00"


@pytest.mark.parametrize(
    ("freeze", "now", "until"),
    [
        (CLOSE, "2026-12-18T23:59", None),
        (CLOSE, "2026-12-19T00:00", "2027-01-07T00:00:00+01:00"),
        (CLOSE, "2027-01-06T23:59", "2027-01-07T00:00:00+01:00"),
        (CLOSE, "2027-01-07T00:00", None),
        (CLOSE, "2026-12-18T23:30Z", "2027-01-07T00:00:00+01:00"),
        ({**CLOSE, "from": dt.date(2026, 12, 19)}, "2026-12-19", "2027-01-07T00:00:00+01:00"),
        ({**CLOSE, "from": None}, "2026-01-01", "2027-01-07T00:00:00+01:00"),
        ({**CLOSE, "until": "2026-12-24 12:00"}, "2026-12-24T11:59", "2026-12-24T12:00:00+01:00"),
        ({**CLOSE, "until": dt.datetime(2026, 12, 24, 12)}, "2026-12-24T12:00", None),
        (WEEKEND, "2026-11-27T17:59", None),  # a Friday
        (WEEKEND, "2026-11-27T18:00", "2026-11-30T06:00:00+01:00"),
        (WEEKEND, "2026-11-30T05:59", "2026-11-30T06:00:00+01:00"),
        (WEEKEND, "2026-11-30T06:00", None),
        (WEEKEND, "2026-10-24T12:00", "2026-10-26T06:00:00+01:00"),  # the clock changes in between
        ({"window": ["Fri 18:00-24:00", "Sat"], "reason": "x"}, "2026-11-28T12:00", "2026-11-29T00:00:00+01:00"),
        ({**CLOSE, "window": "08:00-18:00"}, "2026-12-20T07:00", ValueError),
        ({**CLOSE, "window": "Mon-Sun 08:00-18:00"}, "2026-12-20T07:00", None),
        ({**CLOSE, "window": "Mon-Sun 08:00-18:00"}, "2026-12-20T09:00", "2026-12-20T18:00:00+01:00"),
        ({**CLOSE, "window": "Mon-Sun 08:00-18:00"}, "2026-12-10T09:00", None),
        ("always", "2026-12-20", ""),
        ("never", "2026-12-20", None),
    ],
)
def test_when_a_freeze_counts(freeze: t.Any, now: str, until: t.Any) -> None:
    if until is ValueError:
        with pytest.raises(AnsibleFilterError, match=r"vbo_freeze\[0\]\.window"):
            active_freeze([freeze], BERLIN, "", now)
        return
    found = active_freeze([freeze], BERLIN, "", now)
    assert found.get("until") == until
    assert not found or (
        found["refused"] and found["freeze"] == "vbo_freeze[0]" and found["reason"] in found["message"]
    )


@pytest.mark.parametrize("nothing", [None, "", " ", [], {}])
def test_no_freeze(nothing: t.Any) -> None:
    assert active_freeze(nothing) == {}


@pytest.mark.parametrize(
    "given", [WEEKEND, [WEEKEND], f'["{WEEKEND}"]', f"- {WEEKEND}\n", {"window": WEEKEND, "reason": "x"}]
)
def test_ways_to_write_it(given: t.Any) -> None:
    assert active_freeze(given, BERLIN, "", "2026-11-28")["until"] == "2026-11-30T06:00:00+01:00"


def test_of_several_the_last_to_end_counts() -> None:
    found = active_freeze([WEEKEND, CLOSE, {**CLOSE, "until": "2026-12-24"}], BERLIN, "", "2026-12-20")
    assert found["freeze"] == "vbo_freeze[1]" and found["reason"] == "Year-end close"


@pytest.mark.parametrize(
    ("freeze", "path"),
    [
        ("Fri 18:30 - Mon 06:00", "vbo_freeze[0]"),
        (5, "vbo_freeze[0]"),
        ({"from": "2026-12-19", "reason": "x"}, "vbo_freeze[0].until"),
        ({"until": "2026-12-19"}, "vbo_freeze[0].reason"),
        ({"until": "2026-12-19", "reason": "  "}, "vbo_freeze[0].reason"),
        ({"until": "2026-12-19", "reason": True}, "vbo_freeze[0].reason"),
        ({"until": "2026-12-19", "reason": "******** close"}, "vbo_freeze[0].reason"),
        ({"until": "soon", "reason": "x"}, "vbo_freeze[0].until"),
        ({"until": "2026-13-01", "reason": "x"}, "vbo_freeze[0].until"),
        ({"until": 20261219, "reason": "x"}, "vbo_freeze[0].until"),
        ({"from": "2026-12-20", "until": "2026-12-19", "reason": "x"}, "vbo_freeze[0].until"),
        ({"from": "2026-12-20", "to": "2026-12-29", "reason": "x"}, "vbo_freeze[0].to"),
        ({"window": "Mon", "reason": None}, "vbo_freeze[0].reason"),
    ],
)
def test_what_is_no_freeze_is_refused_by_its_path(freeze: t.Any, path: str) -> None:
    with pytest.raises(AnsibleFilterError) as failure:
        active_freeze([freeze], BERLIN, "", "2026-12-20")
    assert str(failure.value).startswith(f"active_freeze: {path}")
    with pytest.raises(AnsibleFilterError):
        active_freeze("[1, ", BERLIN)


@pytest.mark.parametrize(
    ("reason", "refused"), [("", True), ("  ", True), (None, True), ("CHG-4711", False), ("4711", False), (4711, False)]
)
def test_a_reason_lets_it_be_written(reason: t.Any, refused: bool) -> None:
    found = active_freeze([CLOSE], BERLIN, reason, "2026-12-20")
    assert found["refused"] is refused and found["override"] == str(reason or "").strip()


@pytest.mark.parametrize("reason", [True, "true", "Yes", "1", 1, 0, 1.5, ["a"], {"a": 1}, "CHG ********"])
def test_what_is_no_reason(reason: t.Any) -> None:
    with pytest.raises(AnsibleFilterError, match="vbo_freeze_override"):
        active_freeze([], BERLIN, reason)


def test_zones() -> None:
    one = [{"until": "2026-12-24", "reason": "x"}]
    assert active_freeze(one, "Pacific/Auckland", "", "2026-12-24T12:00Z") == {}
    assert active_freeze(one, "", "", "2026-12-24T12:00Z")["until"].startswith("2026-12-25T00:00:00+00:00")
    with pytest.raises(AnsibleFilterError, match="time_zone"):
        active_freeze(one, "Europe/Berln")
