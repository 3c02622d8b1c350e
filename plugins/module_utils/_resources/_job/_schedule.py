# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The schedule policy of a job: options, the API's object, and their comparison.

Three forms of one thing:

* I(given): the input, checked and in canonical spelling (:func:`parse_policy`);
* I(view): the current settings in the same spelling, without those that do not apply to the schedule's type
  (:func:`read_policy` from the server, :func:`overlay_policy` for the state that is wanted);
* the API's C(schedulePolicy) (:func:`write_policy`), always complete for its type.
"""

from __future__ import annotations

import typing as t

from ..._api._versions import ApiVersion
from ..._core._fields import Number
from ..._errors import InputError, literal
from ..._spelling import pascal, snake, truth
from ..._types import View
from .._times._clock import (
    copy_key,
    parse_time,
    parse_window_options,
    read_window,
    wake_window,
    window_settings,
    wire_time,
)
from .._times._range import Places, parse_number, parse_places
from .._times._window import covers, days_of, parse_window
from ._fields import SCHEDULE

DAILY = ("daily_type", "daily_time")
PERIODIC_HOURS = (
    "periodically_offset_minutes",
    "periodically_window_enabled",
    "periodically_window",
    "periodically_window_minute_offset",
)
PERIODIC = ("periodically_every", *PERIODIC_HOURS)
RETRY = ("retry_number", "retry_wait_interval")
#: option: beginning of the API's keys
WINDOWS = {"backup_window": "backupWindow", "periodically_window": "periodicallyWindow"}
ORDER = tuple(row.name for row in SCHEDULE)
#: option: (least, most), inclusive; limits of the product (PowerShell reference, "New-VBOJobSchedulePolicy")
RANGES = {row.name: (row.least, row.most) for row in SCHEDULE if isinstance(row, Number)}
#: advice for users who want none
INSTEAD_OF_ZERO = {"retry_number": "; for no retries set retry_enabled: false"}
#: the required options of each type of schedule, and examples
NEEDED = {"daily": ("daily_time", '"22:00"'), "periodically": ("periodically_every", "hours4")}
#: defaults of the product for a new policy (PowerShell reference, "New-VBOJobSchedulePolicy"); start time and interval
#: must be given
DEFAULTS = {"daily_type": "everyday", "retry_number": 3, "retry_wait_interval": 10}
#: the daily block that accompanies a schedule that is created switched off (observed; not documented)
OFF_BLOCK = {"type": "daily", "daily_type": "everyday", "daily_time": "15:00"}

#: when a job starts, which may be a range
STARTS: dict[str, t.Callable[[t.Any, str], t.Any]] = {
    "daily_time": parse_time,
    "periodically_offset_minutes": parse_number,
}

ALWAYS = ["always"]


def parse_policy(options: View | None, path: str = "schedule_policy", spreads: bool = False) -> View | None:
    """Check the input and convert it to canonical spelling; options that are not given are not added.

    :arg spreads: whether a start may be a range, in which the caller chooses a time
    :raises InputError: with the path of the option and the valid form
    """
    if options is None:
        return None
    given = {key: value for key, value in options.items() if value is not None}
    for key, convert in STARTS.items():
        if not isinstance(given.get(key), dict):
            given.update({key: convert(given[key], f"{path}.{key}")} if key in given else {})
        elif spreads:
            given[key] = parse_places(given[key], key, f"{path}.{key}")
        else:
            raise InputError(f"{path}.{key}", "a range requires all jobs of the server; use it in the jobs of vbo_jobs")
    for key, (least, most) in RANGES.items():
        if key in given and not isinstance(given[key], Places) and not least <= given[key] <= most:
            zero = INSTEAD_OF_ZERO.get(key, "") if given[key] == 0 else ""
            raise InputError(f"{path}.{key}", f"must be between {least} and {most} (got {literal(given[key])}){zero}")
    for window in WINDOWS:
        parse_window_options(given, window, path)
    if any(key in given for key in RETRY):
        given.setdefault("retry_enabled", True)
    _parse_type(given, path)
    return given


def read_policy(raw: View | None, version: ApiVersion) -> View:
    """The view of the API's C(schedulePolicy): the current settings of the server.

    Accepts missing and additional fields; servers return different ones for each type of schedule (observed; not
    documented).
    """
    raw = raw or {}
    view: View = {}
    kind = snake(raw["type"]) if raw.get("type") else None
    switch = raw.get("scheduleEnabled")
    asleep = (switch is not None and not truth(switch)) or kind in (None, "manual_only")
    view["type"] = "manual_only" if asleep else kind
    if version.has_schedule_enabled or switch is not None:
        view["schedule_enabled"] = not asleep
    copy_key(view, raw, "daily_type", "dailyType", snake)
    copy_key(view, raw, "daily_time", "dailyTime", parse_time)
    copy_key(view, raw, "periodically_every", "periodicallyEvery", snake)
    copy_key(view, raw, "periodically_offset_minutes", "periodicallyOffsetMinutes", int)
    read_window(view, raw, "backup_window", "backupWindow", truth(raw.get("backupWindowEnabled")))
    if version.has_periodically_window:
        read_window(view, raw, "periodically_window", "periodicallyWindow", _periodic_window_on(raw, version))
        view.setdefault("periodically_offset_minutes", 0)
    view["retry_enabled"] = truth(raw.get("retryEnabled"))
    copy_key(view, raw, "retry_number", "retryNumber", int)
    copy_key(view, raw, "retry_wait_interval", "retryWaitInterval", int)
    return _relevant(view)


def overlay_policy(view: View | None, given: View, raw: View | None, version: ApiVersion, path: str) -> View:
    """Return the desired policy: the current policy merged with the user's options.

    :arg view: the current settings, None for a job to be created
    :arg raw: the API's object behind C(view)
    :raises InputError: when an option given cannot apply to the schedule's type, or the type needs one not given
    """
    base = dict(view or {})
    if base.get("schedule_enabled") is False and given.get("schedule_enabled") and (raw or {}).get("type"):
        # Some servers show the sleeping schedule: waking it needs no repetition of it.
        base = read_policy({**(raw or {}), "scheduleEnabled": True}, version)
    wanted = {**base, **given}
    if given.get("schedule_enabled") is False:
        wanted["type"] = "manual_only"
    elif "type" not in given:
        wanted["type"] = _implied_type(given, wanted, path)
    if not version.has_schedule_enabled and "schedule_enabled" not in base:
        wanted.pop("schedule_enabled", None)
    if wanted["type"] in ("daily", "periodically"):
        _fill_and_check(wanted, path)
    if wanted["type"] == "periodically":
        _check_interval(wanted["periodically_every"], given, path)
    if version.has_periodically_window:
        wanted.setdefault("periodically_offset_minutes", 0)
        if wanted.get("periodically_window") == ALWAYS and not version.has_periodically_window_flag:
            wanted["periodically_window_enabled"] = False  # v6 has no switch: all hours are none
        wanted.setdefault("periodically_window_enabled", False)
    if wanted.get("retry_enabled"):
        for key in RETRY:
            wanted.setdefault(key, DEFAULTS[key])
    wanted.setdefault("retry_enabled", False)
    wanted.setdefault("backup_window_enabled", False)
    for option, key in WINDOWS.items():
        wake_window(wanted, base, raw or {}, option, key)
    wanted = _relevant(wanted)  # hours that do not apply now are not required
    for window in WINDOWS:
        if wanted.get(f"{window}_enabled") and window not in wanted:
            raise InputError(
                f"{path}.{window}", f"required, because {window}_enabled is true and the job has no window yet"
            )
    return wanted


def write_policy(wanted: View, view: View | None, raw: View | None, given: View, version: ApiVersion) -> View:
    """The complete C(schedulePolicy) to send for a wanted view.

    :arg view, raw: the current settings and the API's object; None for a job to be created
    :arg given: the input, for the values of a schedule that is created switched off
    """
    raw = raw or {}
    body: View = {}
    if "schedule_enabled" in wanted:
        body["scheduleEnabled"] = wanted["schedule_enabled"]
    block = _sleeping_block(view, raw, given, version) if wanted["type"] == "manual_only" else wanted
    for option, key, convert in (
        ("type", "type", pascal),
        ("daily_type", "dailyType", pascal),
        ("daily_time", "dailyTime", wire_time),
        ("periodically_every", "periodicallyEvery", pascal),
        ("periodically_offset_minutes", "periodicallyOffsetMinutes", int),
    ):
        if option in block:
            body[key] = convert(block[option])
    if version.has_periodically_window and block.get("type") == "periodically" and _in_hours(block):
        _write_periodic_window(body, block, raw, given, version)
    _write_window(body, wanted, raw, given, "backup_window", "backupWindow")
    body["retryEnabled"] = wanted["retry_enabled"]
    if wanted["retry_enabled"]:
        body["retryNumber"], body["retryWaitInterval"] = wanted["retry_number"], wanted["retry_wait_interval"]
    return body


def warnings_for(wanted: View, path: str = "schedule_policy") -> list[str]:
    """Return warnings about valid policies that are probably a mistake: windows that never allow a start."""
    if wanted.get("type") == "manual_only":
        return []
    found = []
    for option in ("backup_window", "periodically_window"):
        if wanted.get(option) == ["never"]:
            found.append(f"{path}.{option} is 'never': the job can never run.")
    window = wanted.get("backup_window")
    if wanted.get("daily_time") and window and window != ["never"]:
        hour = int(wanted["daily_time"][:2])
        if not covers(window, days_of(wanted["daily_type"]), hour):
            found.append(
                f"{path}.backup_window never contains the start time {wanted['daily_time']} ({wanted['daily_type']}): "
                "the job would be terminated when it starts."
            )
    start = wanted.get("periodically_window")
    if (
        window
        and start
        and ["never"] not in (window, start)
        and not any(a and b for a, b in zip(parse_window(window), parse_window(start)))
    ):
        found.append(
            f"{path}.backup_window and {path}.periodically_window have no hour in common: the job can never run."
        )
    return found


# --- reading -----------------------------------------------------------------


def _periodic_window_on(raw: View, version: ApiVersion) -> bool:
    if version.has_periodically_window_flag:
        return truth(raw.get("periodicallyWindowEnabled"))
    # v6 has no switch: hours are sent, and a window of all hours means none.
    hours = (raw.get("periodicallyWindowSettings") or {}).get("backupWindow") or []
    return not all(hours)


def _relevant(view: View) -> View:
    """Return the options that apply to this schedule, in a fixed order, so that equal policies are equal."""
    drop: set[str] = set()
    kind = view.get("type")
    if kind != "daily":
        drop.update(DAILY)
    if kind != "periodically":
        drop.update(PERIODIC)
    elif not _in_hours(view):
        drop.update(PERIODIC_HOURS)
    if not view.get("retry_enabled"):
        drop.update(RETRY)
    for window in WINDOWS:
        if not view.get(f"{window}_enabled"):
            drop.update((window, f"{window}_minute_offset"))
        if not view.get(f"{window}_minute_offset"):
            drop.add(f"{window}_minute_offset")  # 0 and nothing are the same
    return {key: view[key] for key in ORDER if key in view and key not in drop}


def _in_hours(view: View) -> bool:
    return str(view.get("periodically_every")).startswith("hours")


# --- input ---------------------------------------------------------------------------------------------------------


def _parse_type(given: View, path: str) -> None:
    kind = given.get("type")
    if kind == "manual_only":
        if given.get("schedule_enabled"):
            raise InputError(f"{path}.type", "'manual_only' contradicts schedule_enabled: true; leave one of them out")
        given["schedule_enabled"] = False
    elif kind is not None:
        given.setdefault("schedule_enabled", True)
    if kind in (None, "periodically"):
        _check_interval(given.get("periodically_every"), given, path)


def _check_interval(interval: str | None, given: View, path: str) -> None:
    """Only intervals in hours have an offset, and hours in which they start.

    This is a rule of the product (User Guide, "Specify Scheduling Options").
    """
    for key in ("periodically_offset_minutes", "periodically_window"):
        if interval and interval.startswith("minutes") and given.get(key):
            raise InputError(f"{path}.{key}", f"requires an interval in hours (got {interval})")


def _implied_type(given: View, wanted: View, path: str) -> str:
    """Return the type if the user gave none: the current one, or for a new policy the type of the given options."""
    kinds = {
        kind: [key for key in keys if key in given] for kind, keys in (("daily", DAILY), ("periodically", PERIODIC))
    }
    kind = wanted.get("type")
    if kind in (None, "manual_only"):
        named = [kind for kind, keys in kinds.items() if keys]
        if kind == "manual_only" and not named and "schedule_enabled" not in given:
            return "manual_only"
        if kind is None and len(named) == 1:
            wanted["schedule_enabled"] = True
            return named[0]
        raise InputError(
            f"{path}.type", "set daily or periodically: the schedule is off, or the given options allow both"
        )
    for other, keys in kinds.items():
        if other != kind and keys:
            raise InputError(f"{path}.{keys[0]}", f"the job's schedule is '{kind}'; to change that, add type: {other}")
    return str(kind)


def _fill_and_check(wanted: View, path: str) -> None:
    if wanted["type"] == "daily":
        wanted.setdefault("daily_type", DEFAULTS["daily_type"])
    needed, example = NEEDED[wanted["type"]]
    if needed not in wanted:
        raise InputError(
            f"{path}.{needed}", f"required for a schedule of type '{wanted['type']}', for example {example}"
        )


# --- writing -------------------------------------------------------------------------------------------------------


def _sleeping_block(view: View | None, raw: View, given: View, version: ApiVersion) -> View:
    """Return the fields that are sent with C(scheduleEnabled: false): the disabled schedule, as far as it is known.

    A hidden one is not guessed: without C(type), the server keeps its settings.
    """
    if view is None:
        return {**OFF_BLOCK, **{key: given[key] for key in DAILY if key in given}}
    if view["type"] != "manual_only":
        return view
    if raw.get("type") and snake(raw["type"]) != "manual_only":
        return read_policy({**raw, "scheduleEnabled": True}, version)
    return {}


def _write_window(body: View, wanted: View, raw: View, given: View, option: str, key: str) -> None:
    body[f"{key}Enabled"] = wanted[f"{option}_enabled"]
    if wanted[f"{option}_enabled"]:
        body[f"{key}Settings"] = window_settings(wanted, raw, given, option, key)


def _write_periodic_window(body: View, wanted: View, raw: View, given: View, version: ApiVersion) -> None:
    if version.has_periodically_window_flag:
        _write_window(body, wanted, raw, given, "periodically_window", "periodicallyWindow")
        return
    hours = wanted if wanted.get("periodically_window_enabled") else {"periodically_window": ALWAYS}
    hidden = bool(raw) and raw.get("type") != "Periodically"  # hours of the time when it was periodic
    if wanted.get("periodically_window_enabled") or raw.get("periodicallyWindowSettings") or hidden:
        body["periodicallyWindowSettings"] = window_settings(
            hours, raw, given, "periodically_window", "periodicallyWindow"
        )
