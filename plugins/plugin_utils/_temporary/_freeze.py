# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Freezes: hours of the week and periods without changes, and the reason to override them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing as t

import yaml
from ansible.module_utils.parsing.convert_bool import BOOLEANS

from ...module_utils._errors import InputError, literal
from ...module_utils._input._masking import refuse_masked
from ...module_utils._input._mistakes import instead, not_text
from ...module_utils._resources._times._window import format_window, parse_window
from ...module_utils._types import Data
from .._calendar._runs import Schedule, ends_by
from .._calendar._zones import local
from ._days import parse_moment

KEYS = ("window", "from", "until", "reason")
VARIABLE, OVERRIDE = "vbo_freeze", "vbo_freeze_override"


@dataclasses.dataclass(frozen=True)
class Freeze:
    """One freeze: hours of the week, a span, or these hours within the span.

    :arg path: its path
    :arg window: 168 hours, Sunday 00:00 first, of the wall clock; None for all
    """

    path: str
    reason: str
    window: tuple[bool, ...] | None = None
    begin: dt.datetime | None = None
    end: dt.datetime | None = None

    def ends(self, now: dt.datetime, zone: dt.tzinfo) -> dt.datetime | None:
        """Return the end of the freeze: C(now) if it is not in force now, None if it never ends."""
        if (self.begin and now < self.begin) or (self.end and now >= self.end):
            return now
        closes = ends_by(Schedule(((),) * 7, self.window), zone, now) if self.window else None
        known = [moment for moment in (closes, self.end) if moment]
        return min(known) if known else None


def parse_freezes(freezes: t.Any, zone: dt.tzinfo, path: str = VARIABLE) -> list[Freeze]:
    """The freezes, checked: a list, one of them, or either as text in YAML or JSON.

    :raises InputError: with the path of the mistake
    """
    given = freezes
    if isinstance(given, str) and given.lstrip()[:1] in ("[", "{", "-"):
        try:
            given = yaml.safe_load(given)
        except yaml.YAMLError:
            raise InputError(path, f"must be a list in YAML or JSON (got {literal(freezes)})") from None
    if given in (None, {}) or (isinstance(given, str) and not given.strip()):
        return []
    several = isinstance(given, list)
    return [
        _parse(entry, zone, f"{path}[{number}]" if several else path)
        for number, entry in enumerate(given if several else [given])
    ]


def _parse(given: t.Any, zone: dt.tzinfo, path: str) -> Freeze:
    if isinstance(given, str):
        hours = tuple(_window(given, path))
        return Freeze(path, ", ".join(format_window(list(hours))), hours)
    if not isinstance(given, dict):
        raise InputError(
            path,
            f"must be a freeze (got {literal(given)}); write hours such as 'Fri 18:00 - Mon 06:00', "
            "or from, until and reason",
        )
    for key in given:
        if key not in KEYS:
            raise InputError(f"{path}.{key}", f"unsupported option{instead(str(key), KEYS)}")
    refuse_masked({key: value for key, value in given.items() if isinstance(value, str)}, path)
    known = {key: value for key, value in given.items() if value not in (None, "", [])}
    if "window" not in known and "until" not in known:
        raise InputError(f"{path}.until", "required: the last day, or the time at which the freeze ends")
    reason = known.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        wrong = not_text(reason, f"{path}.reason")
        raise wrong[0] if wrong else InputError(f"{path}.reason", "required: the reason why nothing may be changed")
    begin = parse_moment(known["from"], zone, f"{path}.from") if "from" in known else None
    end = parse_moment(known["until"], zone, f"{path}.until", end=True) if "until" in known else None
    if begin and end and begin >= end:
        raise InputError(f"{path}.until", "must not be before from; the freeze would never apply")
    window = tuple(_window(known["window"], f"{path}.window")) if "window" in known else None
    return Freeze(path, reason.strip(), window, begin, end)


def _window(value: t.Any, path: str) -> list[bool]:
    return parse_window(value, path)


def parse_reason(value: t.Any, path: str = OVERRIDE) -> str:
    """Return the reason to write during a freeze; empty if there is none, or it is blank.

    :raises InputError: for an invalid reason: a boolean, a list, a masked text
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return ""
    text = str(value).strip()  # the number of a ticket may come as a number
    if isinstance(value, bool) or not isinstance(value, (str, int)) or text.lower() in BOOLEANS:
        raise InputError(path, f"must be a reason why this cannot wait, or a ticket number (got {literal(value)})")
    refuse_masked(text, path)
    return text


def active(freezes: t.Sequence[Freeze], now: dt.datetime, zone: dt.tzinfo, reason: str = "") -> Data:
    """Return the active freeze; of several, the one that ends last; empty if there is none.

    :arg reason: why it may be written now all the same
    """
    counting = [(end, freeze) for freeze in freezes for end in (freeze.ends(now, zone),) if end is None or end > now]
    if not counting:
        return {}
    end, freeze = max(counting, key=lambda pair: (pair[0] is None, pair[0] or now))
    until = local(end, zone) if end else ""
    return {
        "freeze": freeze.path,
        "reason": freeze.reason,
        "until": until,
        "override": reason,
        "refused": not reason,
        "message": f"Changes are frozen{' until ' + until if until else ''}: {freeze.reason} ({freeze.path})."
        + (f" Overridden: {reason}." if reason else ""),
    }
