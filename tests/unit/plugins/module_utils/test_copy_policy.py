# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The schedule of a copy job: options to the API and back, invalid input, preserved values."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._core._kind import Kind
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import ConnectionFailed, InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._copy_job._model import (
    COPY_JOB,
    parse_copy_job,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._copy_job._schedule import CopySchedule
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._window import parse_window
from hypothesis import assume, given, settings
from hypothesis import strategies as st

QUICK = settings(deadline=None, max_examples=80, database=None)
Policy = dict[str, t.Any]
FIELDS = tuple(field.name for field in COPY_JOB.fields)
SCHEDULE = COPY_JOB.paths["schedule_policy"]
copy_job_changes = COPY_JOB.changes


class Names:
    """Every object has its id as its name."""

    def name(self, target: t.Any, identifier: str | None) -> str | None:
        return identifier

    def identifier(self, target: t.Any, wanted: str) -> str:
        return wanted


def read_copy_job(raw: Policy, job: str | None, organization: str | None, repository: str | None) -> Policy:
    ids = {"backupJobId": job, "organizationId": organization, "repositoryId": repository}
    return COPY_JOB.view({**raw, **ids}, Names(), 8)


def overlay_copy_job(view: Policy | None, options: Policy) -> Policy:
    return COPY_JOB.overlay(view, options, Names())


def write_copy_policy(wanted: Policy) -> t.Any:
    return SCHEDULE.write(wanted, None, Names(), 8)


NIGHT = ["Mon-Fri 19:00-07:00"]
NIGHT_HOURS = parse_window(NIGHT)
IMMEDIATE = {"type": "Immediate", "backupCopyWindowEnabled": False}
DAILY = {"type": "DailyAtTime", "dailyType": "Everyday", "dailyTime": "04:00:00", "backupCopyWindowEnabled": False}
HOURLY = {"type": "Periodically", "periodicallyEvery": "Hours4", "backupCopyWindowEnabled": False}
WINDOWED = {
    **DAILY,
    "backupCopyWindowEnabled": True,
    "backupCopyWindowSettings": {"backupWindow": NIGHT_HOURS, "minuteOffset": 60},
}


def read(policy: Policy | None) -> Policy:
    raw = {"id": "c", "isEnabled": True, **({} if policy is None else {"schedulePolicy": policy})}
    return read_copy_job(raw, "Mail", "contoso", "repo")["schedule_policy"]


def wanted_for(options: Policy, policy: Policy | None = None) -> Policy:
    """Return the policy that results from these options; without C(policy), that of a new copy job."""
    view = None if policy is None else {"enabled": True, "schedule_policy": read(policy)}
    return overlay_copy_job(view, parse_copy_job({"schedule_policy": dict(options)}))["schedule_policy"]


def shown(stored: Policy) -> Policy:
    """Return what a server returns of it: only values that apply."""
    raw = dict(stored)
    hide = {
        "Immediate": {"dailyType", "dailyTime", "periodicallyEvery"},
        "DailyAtTime": {"periodicallyEvery"},
        "Periodically": {"dailyType", "dailyTime"},
    }[raw["type"]]
    if not raw["backupCopyWindowEnabled"]:
        hide = hide | {"backupCopyWindowSettings"}
    return {key: value for key, value in raw.items() if key not in hide}


ROUND_TRIPS: list[tuple[Policy, Policy]] = [
    ({"type": "immediate"}, IMMEDIATE),
    *(
        ({"type": "periodically", "periodically_every": every}, {**HOURLY, "periodicallyEvery": every.capitalize()})
        for every in (
            "minutes5",
            "minutes10",
            "minutes15",
            "minutes30",
            "hours1",
            "hours2",
            "hours4",
            "hours8",
            "hours12",
        )
    ),
    *(
        (
            {"type": "daily_at_time", "daily_type": days, "daily_time": "04:00"},
            {**DAILY, "dailyType": days.capitalize()},
        )
        for days in ("everyday", "workdays", "weekends", "monday", "sunday")
    ),
    ({"type": "daily_at_time", "daily_time": "4:00:30"}, {**DAILY, "dailyTime": "04:00:30"}),
    (
        {"type": "immediate", "backup_copy_window": NIGHT},
        {
            **IMMEDIATE,
            "backupCopyWindowEnabled": True,
            "backupCopyWindowSettings": {"backupWindow": NIGHT_HOURS, "minuteOffset": 0},
        },
    ),
    (
        {"type": "immediate", "backup_copy_window": ["never"], "backup_copy_window_minute_offset": -60},
        {
            **IMMEDIATE,
            "backupCopyWindowEnabled": True,
            "backupCopyWindowSettings": {"backupWindow": [False] * 168, "minuteOffset": -60},
        },
    ),
]


@pytest.mark.parametrize(("options", "body"), ROUND_TRIPS)
def test_every_choice_comes_back(options: Policy, body: Policy) -> None:
    wanted = wanted_for(options)
    assert write_copy_policy(wanted) == body
    assert read(body) == wanted
    assert wanted_for(wanted, body) == wanted
    assert wanted_for(wanted) == wanted


READS: list[tuple[Policy | None, Policy]] = [
    (None, {"type": "immediate", "backup_copy_window_enabled": False}),
    ({}, {"type": "immediate", "backup_copy_window_enabled": False}),
    ({**IMMEDIATE, "backupCopyWindowEnabled": True}, {"type": "immediate", "backup_copy_window_enabled": True}),
    (
        {**DAILY, "periodicallyEvery": None},
        {"type": "daily_at_time", "daily_type": "everyday", "daily_time": "04:00", "backup_copy_window_enabled": False},
    ),
    (
        {**IMMEDIATE, "dailyTime": "15:00:00", "dailyType": "Everyday", "periodicallyEvery": "Minutes5"},
        {"type": "immediate", "backup_copy_window_enabled": False},
    ),
    (
        WINDOWED,
        {
            "type": "daily_at_time",
            "daily_type": "everyday",
            "daily_time": "04:00",
            "backup_copy_window_enabled": True,
            "backup_copy_window": NIGHT,
            "backup_copy_window_minute_offset": 60,
        },
    ),
]


@pytest.mark.parametrize(("raw", "view"), READS)
def test_what_servers_return(raw: Policy | None, view: Policy) -> None:
    assert read(raw) == view


def test_what_a_server_says_wrongly_is_named_in_its_own_words() -> None:
    with pytest.raises(ConnectionFailed, match="'dailyTime' is '25:00'"):
        read({**DAILY, "dailyTime": "25:00"})


OVERLAYS: list[tuple[Policy | None, Policy, Policy]] = [
    (None, {}, {"type": "immediate", "backup_copy_window_enabled": False}),
    (WINDOWED, {}, {"backup_copy_window": NIGHT, "backup_copy_window_minute_offset": 60}),
    (WINDOWED, {"daily_time": "05:00"}, {"daily_time": "05:00", "daily_type": "everyday", "backup_copy_window": NIGHT}),
    (
        WINDOWED,
        {"backup_copy_window": []},
        {"backup_copy_window_enabled": False, "backup_copy_window": None, "backup_copy_window_minute_offset": None},
    ),
    (
        WINDOWED,
        {"backup_copy_window": ["Sat"]},
        {"backup_copy_window": ["Sat"], "backup_copy_window_minute_offset": 60},
    ),
    (WINDOWED, {"type": "immediate"}, {"type": "immediate", "daily_time": None, "backup_copy_window": NIGHT}),
    (IMMEDIATE, {"type": "daily_at_time", "daily_time": "01:00"}, {"daily_type": "everyday", "daily_time": "01:00"}),
    (
        DAILY,
        {"type": "periodically", "periodically_every": "hours1"},
        {"periodically_every": "hours1", "daily_time": None},
    ),
    (HOURLY, {"periodically_every": "hours8"}, {"type": "periodically", "periodically_every": "hours8"}),
    (DAILY, {"backup_copy_window": ["sat"]}, {"backup_copy_window_enabled": True, "backup_copy_window": ["Sat"]}),
    (
        IMMEDIATE,
        {"backup_copy_window": NIGHT, "backup_copy_window_enabled": False},
        {"backup_copy_window_enabled": False, "backup_copy_window": None},
    ),
    (IMMEDIATE, {"type": "immediate", "daily_time": "05:00"}, {"type": "immediate", "daily_time": None}),
]


@pytest.mark.parametrize(("raw", "options", "expected"), OVERLAYS)
def test_overlay(raw: Policy | None, options: Policy, expected: Policy) -> None:
    """None in the expected result: the key must be missing."""
    wanted = wanted_for(options, raw)
    assert {key: wanted.get(key) for key in expected} == expected


SETTINGS = "backupCopyWindowSettings"
#: the hours that a server still has while the window is switched off
ASLEEP = {**WINDOWED, "backupCopyWindowEnabled": False}
WOKEN: list[tuple[Policy, t.Any, t.Any]] = [
    ({"backup_copy_window_enabled": True}, NIGHT_HOURS, 60),
    ({"backup_copy_window_enabled": True, "backup_copy_window_minute_offset": -60}, NIGHT_HOURS, -60),
    ({"backup_copy_window": ["Sat"]}, parse_window(["Sat"]), 60),
]


@pytest.mark.parametrize(("options", "hours", "offset"), WOKEN)
def test_a_window_that_is_switched_on_keeps_the_settings_of_the_server(
    options: Policy, hours: t.Any, offset: int
) -> None:
    view = {"enabled": True, "schedule_policy": read(ASLEEP)}
    assert "backup_copy_window" not in view["schedule_policy"]
    given = parse_copy_job({"schedule_policy": dict(options)})
    wanted = COPY_JOB.overlay(view, given, Names(), raw={"id": "c", "schedulePolicy": ASLEEP})
    body = write_copy_policy(wanted["schedule_policy"])
    assert (body["backupCopyWindowEnabled"], body[SETTINGS]) == (True, {"backupWindow": hours, "minuteOffset": offset})


ERRORS: list[tuple[Policy | None, Policy, str, str]] = [
    (
        None,
        {"type": "daily_at_time"},
        "daily_time",
        "required for a schedule of type 'daily_at_time', for example \"22:00\"",
    ),
    (
        None,
        {"type": "periodically"},
        "periodically_every",
        "required for a schedule of type 'periodically', for example hours4",
    ),
    (
        HOURLY,
        {"type": "daily_at_time"},
        "daily_time",
        "required for a schedule of type 'daily_at_time', for example \"22:00\"",
    ),
    (
        HOURLY,
        {"daily_time": "05:00"},
        "daily_time",
        "the copy job's schedule is 'periodically'; to change that, add type: daily_at_time",
    ),
    (
        IMMEDIATE,
        {"daily_type": "monday"},
        "daily_type",
        "the copy job's schedule is 'immediate'; to change that, add type: daily_at_time",
    ),
    (
        DAILY,
        {"periodically_every": "hours1"},
        "periodically_every",
        "the copy job's schedule is 'daily_at_time'; to change that, add type: periodically",
    ),
    (
        DAILY,
        {"backup_copy_window_enabled": True},
        "backup_copy_window",
        "required, because backup_copy_window_enabled is true and the copy job has no window yet",
    ),
    (
        DAILY,
        {"backup_copy_window_enabled": True, "backup_copy_window": []},
        "backup_copy_window",
        "an empty list means no window, but backup_copy_window_enabled is true; list the hours",
    ),
    (
        DAILY,
        {"backup_copy_window": ["Mon 19:30-20:00"]},
        "backup_copy_window[0]",
        "'19:30' is not a whole hour; windows consist of whole hours, for example 19:00",
    ),
    (
        DAILY,
        {"daily_time": "25:00"},
        "daily_time",
        "'25:00' is not a time of day; write HH:MM from 00:00 to 23:59, in quotes",
    ),
]


@pytest.mark.parametrize(("raw", "options", "path", "text"), ERRORS)
def test_mistakes_are_named_by_path(raw: Policy | None, options: Policy, path: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        wanted_for(options, raw)
    assert (caught.value.option, caught.value.text) == (f"schedule_policy.{path}", text)


@pytest.mark.parametrize("kept", [None, 0, -60, 330])
@pytest.mark.parametrize("asked", [None, 0, -60, 45])
def test_the_offset_of_a_window(kept: int | None, asked: int | None) -> None:
    """If it is not given, it is sent back unchanged; if it is given, it is set, also to 0."""
    raw = {**WINDOWED, "backupCopyWindowSettings": {"backupWindow": NIGHT_HOURS, "minuteOffset": kept}}
    options = {"backup_copy_window": NIGHT, **({} if asked is None else {"backup_copy_window_minute_offset": asked})}
    wanted = wanted_for(options, raw)
    expected = (kept or 0) if asked is None else asked
    assert (wanted == read(raw)) == (expected == (kept or 0))
    body = write_copy_policy(wanted)
    assert body["backupCopyWindowSettings"]["minuteOffset"] == expected
    assert read(body) == wanted
    assert wanted_for(options, body) == read(body)


def test_the_view_of_a_copy_job() -> None:
    raw = {
        "id": "c",
        "name": "Mail - copy",
        "isEnabled": "true",
        "schedulePolicy": IMMEDIATE,
        "eTag": 5,
        "nextRun": "x",
    }
    view = read_copy_job(raw, "Mail", "contoso", None)
    assert list(view) == list(FIELDS)
    assert view == {
        "job": "Mail",
        "organization": "contoso",
        "repository": None,
        "enabled": True,
        "schedule_policy": {"type": "immediate", "backup_copy_window_enabled": False},
    }
    assert read_copy_job({}, None, None, None)["enabled"] is False


OFF = {"type": "immediate", "backup_copy_window_enabled": False}
ON = {"type": "immediate", "backup_copy_window_enabled": True, "backup_copy_window": NIGHT}
DECLARED: list[tuple[Policy, Policy]] = [
    ({}, OFF),
    ({"schedule_policy": ON}, ON),
    (
        {"schedule_policy": {**ON, "backup_copy_window_minute_offset": 60}},
        {**ON, "backup_copy_window_minute_offset": 60},
    ),
    ({"schedule_policy": {**ON, "backup_copy_window_enabled": False, "backup_copy_window_minute_offset": 60}}, OFF),
]


@pytest.mark.parametrize(("options", "policy"), DECLARED)
def test_hours_and_offset_apply_while_the_window_is_on(options: Policy, policy: Policy) -> None:
    kind = Kind("settings", "Settings", [CopySchedule("schedule_policy")], identity=())
    wanted = kind.overlay(None, kind.parse(options), Names())
    assert wanted == {"schedule_policy": policy}


def test_the_options_of_the_schedule() -> None:
    options = CopySchedule("schedule_policy").option()["options"]
    assert {name: option["type"] for name, option in options.items()} == {
        "type": "str",
        "daily_type": "str",
        "daily_time": "str",
        "periodically_every": "str",
        "backup_copy_window_enabled": "bool",
        "backup_copy_window": "raw",
        "backup_copy_window_minute_offset": "int",
    }


def test_what_is_left_out_is_not_managed() -> None:
    assert parse_copy_job({"repository": None, "enabled": None, "schedule_policy": None}) == {}
    view = read_copy_job({"isEnabled": False, "schedulePolicy": WINDOWED}, "Mail", "contoso", "repo")
    assert overlay_copy_job(view, {}) == view
    assert copy_job_changes(view, overlay_copy_job(view, {"enabled": True})) == [
        {"field": "enabled", "before": False, "after": True}
    ]
    new = overlay_copy_job(None, parse_copy_job({"repository": "repo", "enabled": False}))
    assert new == {
        "repository": "repo",
        "enabled": False,
        "schedule_policy": {"type": "immediate", "backup_copy_window_enabled": False},
    }
    assert overlay_copy_job(None, {})["enabled"] is True


windows = st.sampled_from([[], NIGHT, ["always"], ["never"], ["Sat-Sun"]])


@st.composite
def policies(draw: st.DrawFn, complete: bool) -> Policy:
    options: Policy = {}
    if complete or draw(st.booleans()):
        options["type"] = draw(st.sampled_from(["immediate", "periodically", "daily_at_time"]))
    for key, values in (
        ("daily_type", st.sampled_from(["everyday", "friday"])),
        ("daily_time", st.sampled_from(["22:00", "07:05:30"])),
        ("periodically_every", st.sampled_from(["minutes5", "hours8"])),
        ("backup_copy_window", windows),
        ("backup_copy_window_enabled", st.booleans()),
        ("backup_copy_window_minute_offset", st.sampled_from([0, 60, -330])),
    ):
        if draw(st.booleans()):
            options[key] = draw(values)
    return options


@QUICK
@given(policies(complete=True), policies(complete=False))
def test_what_is_written_over_any_policy_is_what_is_read(first: Policy, second: Policy) -> None:
    try:
        stored = write_copy_policy(wanted_for(first))
        raw = shown(stored)
        wanted = wanted_for(second, raw)
    except InputError:
        assume(False)
        raise
    assert read(raw) == wanted_for(first)
    raw = shown({**stored, **write_copy_policy(wanted)})
    assert read(raw) == wanted
    assert wanted_for(second, raw) == wanted
