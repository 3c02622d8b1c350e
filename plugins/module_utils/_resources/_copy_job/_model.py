# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""A backup copy job: options, view and the API's object (rest-api §8)."""

from __future__ import annotations

from ..._core._changes import changes_between
from ..._errors import InputError
from ..._spelling import pascal, snake, truth
from ..._types import Change, Raw, View
from .._times._clock import (
    copy_key,
    parse_time,
    parse_window_options,
    read_window,
    wake_window,
    window_settings,
    wire_time,
)

FIELDS = ("job", "organization", "repository", "enabled", "schedule_policy")
WINDOW = "backup_copy_window"
DAILY = ("daily_type", "daily_time")
#: what a type of schedule cannot be without, and how it is written
NEEDED = {"daily_at_time": ("daily_time", '"22:00"'), "periodically": ("periodically_every", "hours4")}
ORDER = (
    "type",
    *DAILY,
    "periodically_every",
    f"{WINDOW}_enabled",
    WINDOW,
    f"{WINDOW}_minute_offset",
)


def parse_copy_job(options: View) -> View:
    """Check and canonicalise what the user wrote; options left out stay out.

    :raises InputError: with the path of the option
    """
    given = {key: options[key] for key in ("repository", "enabled") if options.get(key) is not None}
    policy = options.get("schedule_policy")
    if policy is not None:
        given["schedule_policy"] = _parse_policy(policy, "schedule_policy")
    return given


def _parse_policy(options: View, path: str) -> View:
    given = {key: value for key, value in options.items() if value is not None}
    if "daily_time" in given:
        given["daily_time"] = parse_time(given["daily_time"], f"{path}.daily_time")
    parse_window_options(given, WINDOW, path)
    return given


def read_copy_job(raw: Raw, job: str | None, organization: str | None, repository: str | None) -> View:
    """The managed view of the API's copy job; its name is derived from the job's and cannot be set."""
    return {
        "job": job,
        "organization": organization,
        "repository": repository,
        "enabled": truth(raw.get("isEnabled")),
        "schedule_policy": _read_policy(raw.get("schedulePolicy") or {}),
    }


def _read_policy(raw: Raw) -> View:
    view: View = {"type": snake(raw.get("type") or "Immediate")}
    copy_key(view, raw, "daily_type", "dailyType", snake)
    copy_key(view, raw, "daily_time", "dailyTime", parse_time)
    copy_key(view, raw, "periodically_every", "periodicallyEvery", snake)
    read_window(view, raw, WINDOW, "backupCopyWindow", truth(raw.get("backupCopyWindowEnabled")))
    return _relevant(view)


def overlay_copy_job(view: View | None, given: View, raw: Raw | None = None, path: str = "schedule_policy") -> View:
    """The copy job that is wanted: what is in force, with what the user gave laid over it.

    :arg raw: the API's object behind C(view)
    """
    wanted = {**(view or {"enabled": True}), **given}
    if view is None or "schedule_policy" in given:
        base = (view or {}).get("schedule_policy") or {"type": "immediate", f"{WINDOW}_enabled": False}
        policy = {**base, **given.get("schedule_policy", {})}
        wake_window(policy, base, (raw or {}).get("schedulePolicy") or {}, WINDOW, "backupCopyWindow")
        _check(policy, given.get("schedule_policy", {}), path)
        wanted["schedule_policy"] = _relevant(policy)
    return {key: wanted[key] for key in FIELDS if key in wanted}


def _check(policy: View, given: View, path: str) -> None:
    kind = policy["type"]
    for option, other in (
        ("daily_time", "daily_at_time"),
        ("daily_type", "daily_at_time"),
        ("periodically_every", "periodically"),
    ):
        if option in given and "type" not in given and kind != other:
            raise InputError(
                f"{path}.{option}", f"the copy job's schedule is '{kind}'; to change that, add type: {other}"
            )
    if kind in NEEDED and NEEDED[kind][0] not in policy:
        needed, example = NEEDED[kind]
        raise InputError(f"{path}.{needed}", f"a schedule of type '{kind}' needs it, for example {example}")
    if kind == "daily_at_time":
        policy.setdefault("daily_type", "everyday")
    if policy[f"{WINDOW}_enabled"] and WINDOW not in policy:
        raise InputError(
            f"{path}.{WINDOW}", f"{WINDOW}_enabled is true and the copy job has no hours yet; list them here"
        )


def _relevant(view: View) -> View:
    """Only what has a meaning for this schedule, in one order."""
    drop: set[str] = set()
    if view["type"] != "daily_at_time":
        drop.update(DAILY)
    if view["type"] != "periodically":
        drop.add("periodically_every")
    if not view.get(f"{WINDOW}_enabled"):
        drop.update((WINDOW, f"{WINDOW}_minute_offset"))
    if not view.get(f"{WINDOW}_minute_offset"):
        drop.add(f"{WINDOW}_minute_offset")
    return {key: view[key] for key in ORDER if key in view and key not in drop}


def write_copy_policy(wanted: View, raw: Raw | None, given: View) -> View:
    """The complete C(schedulePolicy) of a copy job."""
    body: View = {"type": pascal(wanted["type"])}
    for option, key, convert in (
        ("daily_type", "dailyType", pascal),
        ("daily_time", "dailyTime", wire_time),
        ("periodically_every", "periodicallyEvery", pascal),
    ):
        if option in wanted:
            body[key] = convert(wanted[option])
    body["backupCopyWindowEnabled"] = wanted[f"{WINDOW}_enabled"]
    if wanted[f"{WINDOW}_enabled"]:
        body["backupCopyWindowSettings"] = window_settings(wanted, raw or {}, given, WINDOW, "backupCopyWindow")
    return body


def copy_job_changes(before: View, after: View) -> list[Change]:
    """The fields that differ."""
    return changes_between(before, after)
