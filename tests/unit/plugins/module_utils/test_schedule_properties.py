# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Properties of schedule policies: what is written over any policy is what is read."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import VERSIONS, ApiVersion
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._schedule import (
    read_policy,
    write_policy,
)
from hypothesis import assume, given
from hypothesis import strategies as st

from .schedules import DAILY_TYPES, DAY, HOURS, MINUTES, NIGHT, QUICK, Policy, body_for, shown, wanted_for

windows = st.sampled_from([[], NIGHT, DAY, ["always"], ["never"], ["Sat-Sun"], ["fri 19:00 - mon 07:00"]])
offsets = st.sampled_from([0, 60, -330])


@st.composite
def policies(draw: st.DrawFn, version: ApiVersion, complete: bool) -> Policy:
    """Options that a version supports; with C(complete), enough of them for a new policy."""
    options: Policy = {}

    def maybe(key: str, values: st.SearchStrategy[t.Any]) -> None:
        if draw(st.booleans()):
            options[key] = draw(values)

    every = st.sampled_from([*MINUTES, *HOURS[: 5 if version.number >= 8 else 4]])
    kinds = ["daily", "periodically", *(["manual_only"] if version.number >= 5 else [])]
    if complete or draw(st.booleans()):
        options["type"] = draw(st.sampled_from(kinds))
    maybe("daily_type", st.sampled_from(DAILY_TYPES))
    maybe("daily_time", st.sampled_from(["22:00", "07:05:30", "0:00"]))
    maybe("periodically_every", every)
    if complete and options["type"] == "daily":
        options.setdefault("daily_time", "22:00")
    if complete and options["type"] == "periodically":
        options.setdefault("periodically_every", "hours4")
    if version.number >= 5:
        maybe("schedule_enabled", st.booleans())
    if version.number >= 6:
        maybe("periodically_offset_minutes", st.integers(0, 59))
        maybe("periodically_window", windows)
        maybe("periodically_window_minute_offset", offsets)
        maybe("periodically_window_enabled", st.booleans())
    maybe("backup_window", windows)
    maybe("backup_window_minute_offset", offsets)
    maybe("backup_window_enabled", st.booleans())
    maybe("retry_enabled", st.booleans())
    maybe("retry_number", st.integers(1, 777))
    maybe("retry_wait_interval", st.integers(1, 999))
    return options


@pytest.mark.parametrize("off", ["omit", "manual_only"])
def test_switched_off_with_a_window_switched_on(off: str) -> None:
    """A window of starts has no effect on a schedule that is off, so the second run changes nothing."""
    api = VERSIONS["v8"]
    stored = body_for(
        {"type": "periodically", "periodically_every": "hours4", "periodically_window": ["Mon-Fri 19:00-07:00"]}, api
    )
    options = {"schedule_enabled": False, "periodically_window_enabled": True}
    stored.update(body_for(options, api, shown(stored, api, off)))
    raw = shown(stored, api, off)
    assert read_policy(raw, api)["type"] == "manual_only"
    assert wanted_for(options, api, raw)[1] == read_policy(raw, api)


@pytest.mark.parametrize("off", ["omit", "manual_only", "keep"])
@QUICK
@given(st.data())
def test_what_is_written_over_any_policy_is_what_is_read(off: str, data: st.DataObject) -> None:
    """Create A, merge B into it, write, read: the result is as wanted, and B changes nothing again."""
    api = data.draw(st.sampled_from(list(VERSIONS.values())))
    first = data.draw(policies(api, complete=True))
    second = data.draw(policies(api, complete=False))
    try:
        stored = body_for(first, api)
        raw = shown(stored, api, off)
        given_options, wanted, view = wanted_for(second, api, raw)
    except InputError:
        assume(False)
        raise
    assert read_policy(raw, api) == wanted_for(first, api)[1], "the new policy is not what was wanted"
    body = write_policy(wanted, view, raw, given_options, api)
    known = {"scheduleEnabled"} | set(body)
    if api.number < 6:
        assert not {key for key in known if key.startswith("periodically")} - {"periodicallyEvery"}
    if api.number < 7:
        assert "periodicallyWindowEnabled" not in body
    if api.number < 5:
        assert "scheduleEnabled" not in body
    stored = {**stored, **body}
    raw = shown(stored, api, off)
    after = read_policy(raw, api)
    assert after == wanted
    assert wanted_for(second, api, raw)[1] == after, "the same options want another change"


@QUICK
@given(st.data())
def test_a_view_as_input_changes_nothing(data: st.DataObject) -> None:
    """The output of the information module can be sent back unchanged, also without other data of the server."""
    api = data.draw(st.sampled_from(list(VERSIONS.values())))
    first = data.draw(policies(api, complete=True))
    try:
        raw = shown(body_for(first, api), api)
    except InputError:
        assume(False)
        raise
    view = read_policy(raw, api)
    assert wanted_for(view, api, raw)[1] == view
    assert wanted_for(view, api)[1] == view, "a copy of the job gets the same policy"
