# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The schedule of a copy job. Pure."""

from __future__ import annotations

import typing as t

from ..._core._blocks import Block
from ..._core._fields import Choice, Flag, Names
from ..._core._levels import body_of, relevant
from ..._errors import InputError, VboError
from ..._spelling import snake, truth
from ..._types import View
from .._times._clock import (
    copy_key,
    parse_time,
    parse_window_options,
    read_window,
    wake_window,
    window_settings,
)
from .._times._fields import DAILY_TYPES, INSTEAD_OF_INTERVAL, INTERVALS, NEW_INTERVALS, Hours, Minutes, Time

WINDOW = "backup_copy_window"
#: the required options of each type of schedule, and examples
NEEDED = {"daily_at_time": ("daily_time", '"22:00"'), "periodically": ("periodically_every", "hours4")}


DAILY = ("type", "daily_at_time")
OPEN = (f"{WINDOW}_enabled", True)
#: keys of the API's object (REST API reference, schema "RESTCopyJobSchedulePolicy")
PLAIN = (
    Choice("type", "immediate periodically daily_at_time"),
    Choice("daily_type", " ".join(DAILY_TYPES), when=DAILY),
    Time("daily_time", when=DAILY),
    Choice(
        "periodically_every",
        " ".join(INTERVALS),
        when=("type", "periodically"),
        new=NEW_INTERVALS,
        instead=INSTEAD_OF_INTERVAL,
    ),
    Flag(f"{WINDOW}_enabled"),
)


class CopySchedule(Block):
    """The schedule; its options depend on its type, and hours are preserved while they are switched off."""

    def __init__(self, name: str) -> None:
        rows = (*PLAIN, Hours(WINDOW, when=OPEN), Minutes(f"{WINDOW}_minute_offset", when=OPEN))
        super().__init__(name, rows, default={})

    def parse(self, value: t.Any, path: str) -> t.Any:
        given = {key: option for key, option in value.items() if option is not None}
        if "daily_time" in given:
            given["daily_time"] = parse_time(given["daily_time"], f"{path}.daily_time")
        parse_window_options(given, WINDOW, path)
        return given

    def read(self, value: t.Any, names: Names, version: int) -> t.Any:
        raw = value or {}
        view: View = {"type": snake(raw.get("type") or "Immediate")}
        copy_key(view, raw, "daily_type", "dailyType", snake)
        copy_key(view, raw, "daily_time", "dailyTime", parse_time)
        copy_key(view, raw, "periodically_every", "periodicallyEvery", snake)
        read_window(view, raw, WINDOW, "backupCopyWindow", truth(raw.get("backupCopyWindowEnabled")))
        return self._relevant(view)

    def laid(self, old: t.Any, given: t.Any, names: Names, secrets: bool, raw: t.Any) -> t.Any:
        base = old or {"type": "immediate", f"{WINDOW}_enabled": False}
        policy = {**base, **given}
        wake_window(policy, base, raw or {}, WINDOW, "backupCopyWindow")
        if policy["type"] == "daily_at_time":
            policy.setdefault("daily_type", "everyday")
        return self._relevant(policy)

    def _relevant(self, view: View) -> View:
        """Return only the settings that apply to this schedule; no offset and an offset of 0 are equal."""
        left = relevant(self.fields, view)
        offset = f"{WINDOW}_minute_offset"
        return {key: value for key, value in left.items() if key != offset or value}

    def mistakes(self, old: t.Any, given: t.Any, wanted: t.Any, title: str, path: str) -> t.Iterator[VboError]:
        if given is None:  # current values of the server are not checked
            return
        kind = wanted["type"]
        for row in sorted(PLAIN, key=lambda row: row.name):
            if row.name in given and "type" not in given and not row.holds(wanted):
                other = row.when[1]
                text = f"the copy job's schedule is '{kind}'; to change that, add type: {other}"
                yield InputError(f"{path}.{row.name}", text)
                return
        needed, example = NEEDED.get(kind, ("type", ""))
        if needed not in wanted:
            text = f"required for a schedule of type '{kind}', for example {example}"
            yield InputError(f"{path}.{needed}", text)
        elif wanted[f"{WINDOW}_enabled"] and WINDOW not in wanted:
            text = f"required, because {WINDOW}_enabled is true and the copy job has no window yet"
            yield InputError(f"{path}.{WINDOW}", text)

    def write(self, value: t.Any, given: t.Any, names: Names, version: int) -> t.Any:
        body = body_of(PLAIN, value, {}, names, version)
        if value[f"{WINDOW}_enabled"]:
            body["backupCopyWindowSettings"] = window_settings(value, {}, value, WINDOW, "backupCopyWindow")
        return body
