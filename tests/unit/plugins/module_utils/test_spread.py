# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chosen starts: evenly spaced, stable when jobs are added or removed, the same on every machine."""

from __future__ import annotations

import collections
import dataclasses
import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._schedule import parse_policy
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._spread import (
    Asking,
    Choice,
    choose_all,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._range import Places, parse_places
from hypothesis import given
from hypothesis import strategies as st

TIME, OFFSET = "daily_time", "periodically_offset_minutes"
NIGHT = {"between": ["20:00", "04:00"], "step": 10}


def night(**more: t.Any) -> Places:
    return parse_places({**NIGHT, **more}, TIME, "daily_time")


def minutes(places: Places) -> list[t.Any]:
    return [places.value(places.minute(place)) for place in range(places.count)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"between": ["22:00", "22:30"], "step": 10}, ["22:00", "22:10", "22:20", "22:30"]),
        ({"between": ["23:50", "00:10"]}, ["23:50", "00:00", "00:10"]),
        ({"between": ["22:00", "22:29"], "step": 10}, ["22:00", "22:10", "22:20"]),
        ({"between": ["22:00", "22:00"]}, ["22:00"]),
        ({"between": ["22:00", "23:00"], "step": 90}, ["22:00"]),
        ({"between": ["9:00", "10:00"], "step": "30"}, ["09:00", "09:30", "10:00"]),
    ],
)
def test_places_of_a_day(value: t.Any, expected: list[str]) -> None:
    assert minutes(parse_places(value, TIME, "daily_time")) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"between": [0, 59]}, list(range(0, 60, 5))),
        ({"between": [50, 10], "step": 10}, [50, 0, 10]),
        ({"between": ["7", 8.0], "step": 1}, [7, 8]),
    ],
)
def test_places_of_an_hour(value: t.Any, expected: list[int]) -> None:
    assert minutes(parse_places(value, OFFSET, "x")) == expected


@pytest.mark.parametrize(
    ("option", "value", "path"),
    [
        (TIME, {}, "between"),
        (TIME, {"between": "20:00-04:00"}, "between"),
        (TIME, {"between": ["20:00"]}, "between"),
        (TIME, {"between": ["20:00", "22:00", "23:00"]}, "between"),
        (TIME, {"between": ["20:00", "24:00"]}, "between[1]"),
        (TIME, {"between": [1200, "04:00"]}, "between[0]"),
        (TIME, {"between": ["20:00:30", "04:00"]}, "between[0]"),
        (TIME, {"between": [None, "04:00"]}, "between[0]"),
        (TIME, {**NIGHT, "step": 0}, "step"),
        (TIME, {**NIGHT, "step": -5}, "step"),
        (TIME, {**NIGHT, "step": 1440}, "step"),
        (TIME, {**NIGHT, "step": True}, "step"),
        (TIME, {**NIGHT, "step": "ten"}, "step"),
        (TIME, {**NIGHT, "step": 7.5}, "step"),
        (TIME, {**NIGHT, "steps": 10}, "steps"),
        (OFFSET, {"between": [0, 60]}, "between[1]"),
        (OFFSET, {"between": [-1, 5]}, "between[0]"),
        (OFFSET, {"between": ["00:00", 5]}, "between[0]"),
        (OFFSET, {"between": [0, 59], "step": 60}, "step"),
    ],
)
def test_what_is_no_range_is_refused_by_its_path(option: str, value: t.Any, path: str) -> None:
    policy = {option: value, **({"periodically_every": "hours4"} if option == OFFSET else {})}
    with pytest.raises(InputError) as failure:
        parse_policy(policy, spreads=True)
    assert failure.value.option == f"schedule_policy.{option}.{path}"


@pytest.mark.parametrize("option", [TIME, OFFSET])
def test_a_range_needs_all_jobs(option: str) -> None:
    with pytest.raises(InputError) as failure:
        parse_policy({option: NIGHT})
    assert failure.value.option == f"schedule_policy.{option}" and "vbo_jobs" in failure.value.text


def test_a_range_of_offsets_needs_hours() -> None:
    with pytest.raises(InputError) as failure:
        parse_policy({"periodically_every": "minutes30", OFFSET: {"between": [0, 10]}}, spreads=True)
    assert failure.value.option == f"schedule_policy.{OFFSET}"


# --- choosing --------------------------------------------------------------------------------------------------------

Key = tuple[str, str]


@dataclasses.dataclass
class Fleet:
    """A server that stores the chosen starts, as the real one does."""

    places: Places
    live: dict[Key, t.Any] = dataclasses.field(default_factory=dict)
    fixed: dict[Key, str] = dataclasses.field(default_factory=dict)

    def apply(self, keys: t.Iterable[Key]) -> dict[Key, Choice]:
        keys = list(dict.fromkeys(keys))
        option = self.places.option
        kind = {"type": "daily"} if option == TIME else {"type": "periodically", "periodically_every": "hours4"}
        asking = [
            Asking(
                *key,
                "repo",
                {**kind, option: self.places},
                {**kind, option: self.live[key]} if key in self.live else {},
            )
            for key in keys
        ]
        others = [Asking(*key, live={**kind, option: value}) for key, value in self.fixed.items()]
        found = {key: choices[option] for key, choices in zip(keys, choose_all([*asking, *others]), strict=False)}
        self.live = {key: choice.value for key, choice in found.items()}
        return found


def per_organization(live: dict[Key, t.Any]) -> dict[str, collections.Counter[t.Any]]:
    found: dict[str, collections.Counter[t.Any]] = collections.defaultdict(collections.Counter)
    for (organization, _name), value in live.items():
        found[organization.lower()][value] += 1
    return found


KEYS = st.tuples(st.sampled_from(["contoso", "fabrikam", "Contoso"]), st.text("abcdeé", min_size=1, max_size=3))
RANGES = st.one_of(
    st.just(night()),
    st.just(night(between=["22:00", "23:00"])),
    st.just(night(between=["22:00", "22:15"])),
    st.just(parse_places({"between": [0, 59], "step": 7}, OFFSET, "x")),
)


def differing(keys: t.Iterable[Key]) -> list[Key]:
    """Keys of different jobs, as the server compares them."""
    return list({(organization.lower(), name.lower()): (organization, name) for organization, name in keys}.values())


@given(st.lists(KEYS, max_size=25), st.lists(KEYS, max_size=15), st.data(), RANGES)
def test_jobs_that_come_and_go_move_no_other_one(
    first: t.Any, more: t.Any, data: st.DataObject, places: Places
) -> None:
    fleet = Fleet(places)
    keys = differing(first)
    before = {key: choice.value for key, choice in fleet.apply(keys).items()}
    assert {key: choice.value for key, choice in fleet.apply(keys).items()} == before, "a second run changes nothing"
    gone = data.draw(st.sets(st.sampled_from(keys))) if keys else set()
    kept = [key for key in keys if key not in gone]
    now = differing([*more, *kept])  # a key that both have keeps its spelling
    choices = fleet.apply(now)
    counts = per_organization(before)
    for key in kept:
        full = counts[key[0].lower()].total() > places.count - 1  # or next to one at the other end
        assert choices[key].value == before[key] or full, key
    after = fleet.live
    assert {key: choice.value for key, choice in fleet.apply(now).items()} == after


@given(st.lists(KEYS, max_size=40), RANGES)
def test_jobs_of_an_organization_are_a_step_apart(keys: t.Any, places: Places) -> None:
    choices = Fleet(places).apply(differing(keys))
    for key, choice in choices.items():
        assert places.place_of(_minute(choice.value)) is not None
        close = {
            other[1]
            for other, one in choices.items()
            if other != key and other[0].lower() == key[0].lower() and _away(choice, one) < places.step
        }
        assert set(choice.shared_with) <= close and (not close or any(choices[other].shared_with for other in choices))
        assert bool(choice.shared_with) == (choice.reason == "shared") == bool(choice.warning())


def _minute(value: t.Any) -> int:
    return value if isinstance(value, int) else int(value[:2]) * 60 + int(value[3:])


def _away(one: Choice, other: Choice) -> int:
    gap = (_minute(one.value) - _minute(other.value)) % one.places.cycle
    return min(gap, one.places.cycle - gap)


@given(st.lists(KEYS, min_size=1, max_size=20), st.randoms())
def test_the_order_of_the_list_does_not_matter(keys: t.Any, random: t.Any) -> None:
    shuffled = differing(keys)
    first = Fleet(night()).apply(shuffled)
    random.shuffle(shuffled)
    second = Fleet(night()).apply(shuffled)
    assert {key: one.value for key, one in first.items()} == {key: one.value for key, one in second.items()}


def test_a_thousand_jobs_of_a_night() -> None:
    """20 jobs for each of 50 organizations: spread evenly enough; 50 added and 50 removed jobs move no other."""
    fleet = Fleet(night())
    keys = [(f"tenant-{number % 50}", f"job-{number}") for number in range(1000)]
    fleet.apply(keys)
    before = dict(fleet.live)
    assert max(collections.Counter(before.values()).values()) <= 2 * -(-1000 // 49)
    assert all(max(counter.values()) == 1 for counter in per_organization(before).values())
    fleet.apply([*keys[50:], *((f"tenant-{number % 50}", f"new-{number}") for number in range(50))])
    assert [key for key in keys[50:] if fleet.live[key] != before[key]] == []
    assert all(max(counter.values()) == 1 for counter in per_organization(fleet.live).values())


def test_a_hash_is_for_ever() -> None:
    """A new release must not change anybody's preview."""
    assert [choice.value for choice in Fleet(night()).apply([("Contoso", "Mail"), ("fabrikam", "Ünits")]).values()] == [
        choice.value for choice in Fleet(night()).apply([("CONTOSO", "mail"), ("Fabrikam", "üNITS")]).values()
    ]
    assert Fleet(night()).apply([("contoso.onmicrosoft.com", "Mail")]).popitem()[1].value == "00:20"


def test_many_at_one_time_are_spread_once() -> None:
    """As most fleets begin: the first one by name stays, the others are moved."""
    fleet = Fleet(night(), {("contoso", name): "22:00" for name in "abc"})
    found = fleet.apply([("contoso", name) for name in "cab"])
    assert found["contoso", "a"].reason == "kept" and fleet.live["contoso", "a"] == "22:00"
    assert len(set(fleet.live.values())) == 3


@pytest.mark.parametrize("live", ["19:50", "22:05", "22:00:30", None])
def test_a_time_that_is_no_place_is_left(live: t.Any) -> None:
    fleet = Fleet(night(), {("contoso", "a"): live})
    assert fleet.apply([("contoso", "a")])["contoso", "a"].reason in ("preferred", "next_free")


def test_more_jobs_than_places() -> None:
    fleet = Fleet(night(between=["22:00", "22:20"]))
    keys = [("contoso", name) for name in "abcdefg"]
    found = fleet.apply(keys)
    assert sorted(collections.Counter(fleet.live.values()).values()) == [2, 2, 3]
    assert sum(choice.reason == "shared" for choice in found.values()) == 4
    warning = next(choice for choice in found.values() if choice.shared_with).warning()
    assert (
        "3 start times" in warning
        and "22:00 to 22:20" in warning
        and "'a'" in "".join(c.warning() for c in found.values())
    )
    before = dict(fleet.live)
    fleet.apply(keys)
    assert fleet.live == before


def test_times_of_others_are_avoided_by_new_jobs_only() -> None:
    taken = {("contoso", f"fixed-{number}"): f"22:{number}0" for number in range(5)}
    fleet = Fleet(night(between=["22:00", "22:50"]), fixed=taken)
    assert fleet.apply([("Contoso", "new")])["Contoso", "new"].value == "22:50"
    fleet.fixed["contoso", "late"] = "22:50"
    assert fleet.apply([("Contoso", "new")])["Contoso", "new"].value == "22:50"


def test_days_without_a_common_one_do_not_meet() -> None:
    places = night(between=["22:00", "22:00"])
    jobs = [
        Asking("contoso", day, policy={"type": "daily", "daily_type": day, TIME: places})
        for day in ("saturday", "sunday", "workdays")
    ]
    assert [choices[TIME].shared_with for choices in choose_all(jobs)] == [(), (), ()]
    jobs.append(Asking("contoso", "x", policy={"type": "daily", TIME: places}))
    assert len(choose_all(jobs)[3][TIME].shared_with) == 3
