# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Times, windows and ranges of numbers, for the schedules of backup jobs and copy jobs."""

from __future__ import annotations

import re
import typing as t

from ..._errors import InputError, literal, malformed, shown
from ..._spelling import foreign
from ..._types import View
from ._window import canonical_window, format_window, parse_window

_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?$")
_NUMBER = re.compile(r"^[0-9]{2,5}$")


def parse_time(value: t.Any, path: str = "daily_time") -> str:
    """Parse a time of day, V(HH:MM) or V(HH:MM:SS), in the server's local time; it is never converted."""
    text = value.strip() if isinstance(value, str) else literal(value)
    match = _TIME.match(text)
    if match:
        hour, minute, second = (int(part or 0) for part in match.groups())
        if hour < 24 and minute < 60 and second < 60:
            return f"{hour:02d}:{minute:02d}" + (f":{second:02d}" if second else "")
    unquoted = _unquoted_time(text)
    if unquoted:
        raise InputError(
            path, f'{shown(text)} is a time that YAML read as a number. Did you mean "{unquoted}" in quotes?'
        )
    what = text if isinstance(value, (dict, list, tuple)) else shown(text)
    raise InputError(path, f"{what}{foreign(text)} is not a time of day; write HH:MM from 00:00 to 23:59, in quotes")


def _unquoted_time(text: str) -> str:
    """The time that YAML turns into this number when it has no quotes: V(22:00) into 1320, V(22:00:00) into 79200."""
    if not _NUMBER.match(text):
        return ""
    number = int(text)
    if 60 <= number < 24 * 60:
        return f"{number // 60:02d}:{number % 60:02d}"
    if 60 * 60 <= number < 24 * 60 * 60:
        return f"{number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}"
    return ""


def wire_time(value: str) -> str:
    """Convert a time of day to the form of the API, with seconds."""
    return value if value.count(":") == 2 else f"{value}:00"


def parse_window_options(given: View, window: str, path: str) -> None:
    """Bring a window to canonical text in place; an empty list switches it off, any other one on."""
    enabled = f"{window}_enabled"
    if window not in given:
        return
    if isinstance(given[window], (list, tuple)) and not given[window]:
        if given.get(enabled):
            raise InputError(
                f"{path}.{window}", f"an empty list means no window, but {enabled} is true; list the hours"
            )
        given[enabled] = False
        del given[window]
        return
    given[window] = canonical_window(given[window], f"{path}.{window}")
    given.setdefault(enabled, True)


def copy_key(view: View, raw: View, option: str, key: str, convert: t.Callable[[t.Any], t.Any]) -> None:
    """Take a value over from the API, converted, if there is one."""
    if raw.get(key) is not None:
        view[option] = _converted(raw, key, convert)


def _converted(raw: View, key: str, convert: t.Callable[[t.Any], t.Any]) -> t.Any:
    try:
        return convert(raw[key])
    except (TypeError, ValueError, ArithmeticError, InputError):
        raise malformed(f"'{key}' is {literal(raw[key])}") from None


def read_window(view: View, raw: View, option: str, key: str, enabled: bool) -> None:
    """Add switch, hours and offset of a window to a view, if the window is active."""
    view[f"{option}_enabled"] = enabled
    settings = raw.get(f"{key}Settings") or {}
    if enabled and settings.get("backupWindow"):
        view[option] = _converted(settings, "backupWindow", format_window)
    if enabled and settings.get("minuteOffset"):  # missing, null and 0 are the same
        view[f"{option}_minute_offset"] = _converted(settings, "minuteOffset", int)


def wake_window(wanted: View, view: View, raw: View, option: str, key: str) -> None:
    """Add the settings of a window that is switched off on the server to a view in which it is switched on.

    These are the hours, unless others are given, and the unchanged offset (:func:`window_settings`).
    """
    if wanted.get(f"{option}_enabled") and not view.get(f"{option}_enabled"):
        kept: View = {}
        read_window(kept, raw, option, key, True)
        for name, value in kept.items():
            wanted.setdefault(name, value)


def window_settings(wanted: View, raw: View, given: View, option: str, key: str) -> View:
    """Return the window object; an offset that the user did not set is sent back unchanged.

    What the offset does is not documented.
    """
    kept = (raw.get(f"{key}Settings") or {}).get("minuteOffset")
    offset = given.get(f"{option}_minute_offset", kept)
    return {"backupWindow": parse_window(wanted[option]), "minuteOffset": 0 if offset is None else offset}
