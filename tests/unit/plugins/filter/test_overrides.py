# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Overrides: merged into a job on their days, removed afterwards, and rejected if the job could not be restored."""

from __future__ import annotations

import datetime as dt
import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.filter.jobs import expand_jobs, job_overrides
from hypothesis import given
from hypothesis import strategies as st

Job = dict[str, t.Any]
UNTIL = {"until": "2026-12-31", "reason": "CHG-4711"}
BASE: Job = {
    "name": "Mail",
    "organization": "contoso.onmicrosoft.com",
    "enabled": True,
    "schedule_policy": {"type": "daily", "daily_time": "22:00", "retry_number": 3},
    "selected_items": [{"type": "user", "name": "cfo@contoso.com"}],
    "copy_job": {"repository": "copies", "schedule_policy": {"type": "immediate"}},
}


def job(override: t.Any, **options: t.Any) -> Job:
    return {**BASE, **options, "override": override}


def on(day: str, *jobs: Job, zone: str = "UTC") -> list[Job]:
    return expand_jobs(list(jobs), {}, day, zone)


def time(jobs: list[Job]) -> t.Any:
    return jobs[0]["schedule_policy"]["daily_time"]


LATER = {"schedule_policy": {"daily_time": "03:00"}}


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-01-01", "03:00"), ("2026-12-31", "03:00"), ("2027-01-01", "22:00"), (dt.date(2026, 12, 31), "03:00")],
)
@pytest.mark.parametrize("until", ["2026-12-31", dt.date(2026, 12, 31), " 2026-12-31 "])
def test_an_override_counts_until_its_last_day(day: t.Any, expected: str, until: t.Any) -> None:
    found = on(day, job({**UNTIL, "until": until, **LATER}))
    assert time(found) == expected
    assert "override" not in found[0] and found[0]["schedule_policy"]["retry_number"] == 3


@pytest.mark.parametrize("wrong", [None, "x", {"a": 1}, 5])
def test_what_is_no_list_of_jobs(wrong: t.Any) -> None:
    for convert in (expand_jobs, job_overrides):
        with pytest.raises(AnsibleFilterError, match="the input must be a list of jobs"):
            convert(wrong)


def test_an_override_can_begin_later() -> None:
    one = job({**UNTIL, "from": "2026-12-24", **LATER})
    assert [time(on(day, one)) for day in ("2026-12-23", "2026-12-24", "2026-12-31")] == ["22:00", "03:00", "03:00"]


def test_later_overrides_are_laid_over_earlier_ones() -> None:
    one = job([{**UNTIL, **LATER, "enabled": False}, {**UNTIL, "until": "2026-06-30", "enabled": True}])
    assert [on(day, one)[0]["enabled"] for day in ("2026-06-30", "2026-07-01", "2027-01-01")] == [True, False, True]


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_no_override(nothing: t.Any) -> None:
    assert on("2026-01-01", job(nothing)) == [BASE] and job_overrides([job(nothing)]) == []


@pytest.mark.parametrize(
    "options",
    [
        {"schedule_policy": {"type": "periodically", "periodically_every": "hours4", "periodically_offset_minutes": 5}},
        {"schedule_policy": {"type": "manual_only"}},
        {"schedule_policy": {"schedule_enabled": False}},
        {"schedule_policy": {"retry_enabled": False}},
        {"selected_items": [{"type": "user", "name": "ceo@contoso.com"}]},
        {"copy_job": {"repository": "elsewhere"}},
        {"when_running": "wait", "enabled": False},
        {"enabled": None},
    ],
)
def test_what_the_job_brings_back_may_be_overridden(options: Job) -> None:
    one = job({**UNTIL, **options})
    assert on("2026-12-31", one) != [BASE] and on("2027-01-01", one) == [BASE]


#: invalid overrides, and the beginning of the path in the message
WRONG: list[tuple[t.Any, str]] = [
    ("until tomorrow", "jobs[0].override:"),
    ([{**UNTIL, **LATER}, 5], "jobs[0].override[1]:"),
    ({"reason": "x", **LATER}, "jobs[0].override.until:"),
    ({"until": "2026-12-31", **LATER}, "jobs[0].override.reason:"),
    ({**UNTIL, "reason": " \t", **LATER}, "jobs[0].override.reason:"),
    ({**UNTIL, "reason": 4711, **LATER}, "jobs[0].override.reason:"),
    ({**UNTIL, "reason": {"a": "b"}, **LATER}, "jobs[0].override.reason:"),
    ({**UNTIL, "reason": "CHG ********", **LATER}, "jobs[0].override.reason:"),
    *(
        ({**UNTIL, "until": until, **LATER}, "jobs[0].override.until:")
        for until in (
            "tomorrow",
            "2026-02-30",
            "20261231",
            "2026-W53-4",
            20261231,
            True,
            "31.12.2026",
            [],
            "2026-12-31T12",
        )
    ),
    ({**UNTIL, "until": dt.datetime(2026, 12, 31, 12), **LATER}, "jobs[0].override.until:"),
    ({**UNTIL, "from": "2027-01-01", **LATER}, "jobs[0].override.from:"),
    ({**UNTIL, "from": "soon", **LATER}, "jobs[0].override.from:"),
    *(
        ({**UNTIL, key: "x", **LATER}, f"jobs[0].override.{key}:")
        for key in ("name", "id", "organization", "state", "backup_type", "template", "vars", "override", "run_now")
    ),
    ({**UNTIL, "type": "daily"}, "jobs[0].override.type:"),
    ({**UNTIL, "unknown": "x"}, "jobs[0].override.unknown:"),
    (UNTIL, "jobs[0].override:"),
    ({**UNTIL, "schedule_policy": {"daily_tme": "03:00"}}, "jobs[0].override.schedule_policy.daily_tme:"),
    ({**UNTIL, "schedule_policy": {"daily_time": "25:00"}}, "jobs[0].override.schedule_policy.daily_time:"),
    ({**UNTIL, "schedule_policy": {"retry_number": 0}}, "jobs[0].override.schedule_policy.retry_number:"),
    ({**UNTIL, "enabled": "perhaps"}, "jobs[0].override.enabled:"),
    # nothing would restore these
    ({**UNTIL, "description": "x"}, "jobs[0].override.description:"),
    ({**UNTIL, "schedule_policy": {"daily_type": "sunday"}}, "jobs[0].override.schedule_policy.daily_type:"),
    ({**UNTIL, "schedule_policy": {"backup_window": ["Sat"]}}, "jobs[0].override.schedule_policy.backup_window:"),
    ({**UNTIL, "copy_job": {"state": "absent"}}, "jobs[0].override.copy_job.state:"),
    ({**UNTIL, "copy_job": {"enabled": False}}, "jobs[0].override.copy_job.enabled:"),
]


@pytest.mark.parametrize(("override", "path"), WRONG, ids=range(len(WRONG)))
@pytest.mark.parametrize("day", ["2026-12-31", "2027-06-01"])
def test_a_wrong_override_is_refused_by_its_path(override: t.Any, path: str, day: str) -> None:
    """Also if it does not apply today; otherwise it would fail at midnight."""
    with pytest.raises(AnsibleFilterError) as failure:
        on(day, job(override))
    assert path in str(failure.value).splitlines()[1]


def test_what_is_wrong_is_said_at_once() -> None:
    with pytest.raises(AnsibleFilterError) as failure:
        on("2026-01-01", job({**LATER, "reason": "x"}), {**BASE, "nme": 1}, job({**UNTIL, "name": "x"}, name="Other"))
    text = str(failure.value)
    assert "jobs[0].override.until" in text and "jobs[1].nme" in text and "jobs[2].override.name" in text


def test_items_that_are_only_added_cannot_be_overridden() -> None:
    one = job({**UNTIL, "selected_items": []}, items_mode="add")
    with pytest.raises(AnsibleFilterError, match=r"jobs\[0\]\.override\.selected_items"):
        on("2026-01-01", one)


def test_a_template_has_no_override() -> None:
    with pytest.raises(AnsibleFilterError, match=r"templates\.nightly\.override"):
        expand_jobs([], {"nightly": {"override": {**UNTIL, **LATER}}}, "2026-01-01")


def test_what_a_template_declares_may_be_overridden() -> None:
    templates = {"nightly": {"name": "{org}-mail", "schedule_policy": {"daily_time": "22:00"}}}
    one = {"template": "nightly", "vars": {"org": "contoso"}, "override": {**UNTIL, **LATER}}
    assert [time(expand_jobs([one], templates, day)) for day in ("2026-12-31", "2027-01-01")] == ["03:00", "22:00"]
    assert job_overrides([one], templates, "2026-01-01")[0]["job"] == "contoso-mail"


def test_the_list_of_overrides() -> None:
    ways = {
        "ended": {**UNTIL, "until": "2026-05-31"},
        "ending": {**UNTIL, "until": "2026-06-08"},
        "active": {**UNTIL, "until": "2026-06-09"},
        "planned": {**UNTIL, "from": "2026-06-02"},
    }
    jobs = [job({**facts, **LATER, "enabled": False}, name=name) for name, facts in ways.items()]
    found = job_overrides(jobs, today="2026-06-01")
    assert [(entry["job"], entry["state"]) for entry in found] == [(name, name) for name in ways]
    assert found[1] == {
        "organization": "contoso.onmicrosoft.com",
        "job": "ending",
        "state": "ending",
        "from": "",
        "until": "2026-06-08",
        "days_left": 7,
        "reason": "CHG-4711",
        "options": ["schedule_policy.daily_time", "enabled"],
    }


def test_the_day_is_that_of_the_time_zone() -> None:
    """Two time zones that are 25 hours apart never have the same day."""
    days = {
        zone: (dt.datetime.now(dt.timezone.utc) + dt.timedelta(hours=hours)).date()
        for zone, hours in (("Etc/GMT+11", -11), ("Etc/GMT-14", 14))
    }
    ahead, behind = days["Etc/GMT-14"], days["Etc/GMT+11"]
    one = job({**UNTIL, "until": behind, **LATER})
    assert (
        ahead > behind
        and time(on("", one, zone="Etc/GMT+11")) == "03:00"
        and time(on("", one, zone="Etc/GMT-14")) == "22:00"
    )
    for zone in ("Nowhere/Town", 5):
        with pytest.raises(AnsibleFilterError, match="time_zone"):
            on("", one, zone=zone)  # type: ignore[arg-type]


@given(
    until=st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
    day=st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
    first=st.one_of(st.none(), st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))),
)
def test_an_override_counts_on_its_days_and_leaves_nothing(until: dt.date, day: dt.date, first: dt.date | None) -> None:
    if first and first > until:
        return
    found = expand_jobs([job({"until": until, "from": first, "reason": "x", **LATER, "enabled": False})], {}, day)
    counts = day <= until and (first is None or first <= day)
    assert (found == [BASE]) != counts
