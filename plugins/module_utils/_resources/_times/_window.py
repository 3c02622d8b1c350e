# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Windows: 168 hours of a week, as booleans on the wire and as ranges for people.

On the wire a window is a list of 168 booleans, seven groups of 24, Sunday first (REST API reference, schema
"RESTBackupWindowSettings"). People write and read a list of ranges such as V(Mon-Fri 19:00-07:00). Inside this module
a week is an integer of 168 bits, bit C(day * 24 + hour), Sunday being day 0: that makes unions and comparisons one
operation.
"""

from __future__ import annotations

import contextlib
import functools
import re
import typing as t

from ..._errors import InputError, literal, shown
from ..._spelling import foreign

HOURS = 168
FULL = (1 << HOURS) - 1
DAY_NAMES = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")
WEEK_ORDER = (1, 2, 3, 4, 5, 6, 0)  # people read a week from Monday

_DAYS = {name.lower(): number for number, name in enumerate(DAY_NAMES)}
_DAYS.update(
    {
        "sunday": 0,
        "monday": 1,
        "tuesday": 2,
        "wednesday": 3,
        "thursday": 4,
        "friday": 5,
        "saturday": 6,
    }
)
_TIME = r"\d{1,2}:\d{2}"
_SPAN = re.compile(rf"^([a-z]+) ({_TIME}) ?- ?([a-z]+) ({_TIME})$")
_DAYS_AND_HOURS = re.compile(rf"^([a-z]+(?: ?[-,] ?[a-z]+)*)(?: ({_TIME}) ?- ?({_TIME}))?$")
_HOURS_ONLY = re.compile(rf"^{_TIME} ?- ?{_TIME}$")
#: what word processors replace a hyphen with
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_HELP = "write for example 'Mon-Fri 19:00-07:00', 'Sat', 'Fri 19:00 - Mon 07:00', 'always' or 'never'"


def parse_window(value: t.Any, path: str = "window") -> list[bool]:
    """Read a window as people write it and return 168 booleans, Sunday 00:00 first.

    :arg value: a range, a list of ranges, or a list of exactly 168 booleans
    :arg path: the option's path, for the error
    :raises InputError: for anything else
    """
    alone = isinstance(value, str)
    if alone:
        value = [value]
    if not isinstance(value, (list, tuple)):
        raise InputError(path, f"{literal(value)} is not a window; {_HELP}")
    if value and all(isinstance(entry, bool) for entry in value):
        if len(value) != HOURS:
            raise InputError(
                path, f"a window as booleans must have exactly {HOURS} entries, Sunday 00:00 first (got {len(value)})"
            )
        return list(value)
    if len(value) > HOURS:
        raise InputError(path, f"must have at most {HOURS} ranges, one for each hour of the week (got {len(value)})")
    bits = 0
    for number, entry in enumerate(value):
        here = path if alone else f"{path}[{number}]"
        if not isinstance(entry, str):
            raise InputError(here, f"{literal(entry)} is not a range of hours; {_HELP}")
        text = " ".join(entry.translate(_DASHES).lower().split())
        if text in ("always", "never"):
            if len(value) > 1:
                raise InputError(
                    here, f"'{text}' cannot be combined with other ranges; remove '{text}' or the other ranges"
                )
            bits = FULL if text == "always" else 0
        else:
            bits |= _parse_range(text, entry, here)
    return [bool(bits >> hour & 1) for hour in range(HOURS)]


def format_window(hours: t.Sequence[bool]) -> list[str]:
    """Print 168 booleans as the fewest readable ranges, in week order from Monday.

    The text depends on the hours alone, so two windows are equal when their texts are;
    C(parse_window(format_window(hours)) == hours) holds for every mask.
    """
    if len(hours) != HOURS:
        raise InputError("window", f"must have exactly {HOURS} booleans, Sunday 00:00 first (got {len(hours)})")
    return list(_format_bits(sum(1 << hour for hour, allowed in enumerate(hours) if allowed)))


def canonical_window(value: t.Any, path: str) -> list[str]:
    """Any accepted spelling of a window as its canonical text."""
    if isinstance(value, (list, tuple)) and all(isinstance(entry, str) for entry in value):
        with contextlib.suppress(InputError):  # reported below, with the right path
            return list(_canonical(tuple(value)))
    return format_window(parse_window(value, path))


@functools.lru_cache(maxsize=1024)
def _canonical(ranges: tuple[str, ...]) -> tuple[str, ...]:
    """The jobs of a server share few windows, so each is worked out once."""
    return tuple(format_window(parse_window(list(ranges))))


def covers(window: t.Sequence[str], days: t.Iterable[int], hour: int) -> bool:
    """Whether the canonical window permits C(hour) on at least one of C(days) (0 is Sunday)."""
    mask = parse_window(list(window))
    return any(mask[day * 24 + hour] for day in days)


# --- reading ---------------------------------------------------------------------------------------------------------


def _parse_range(text: str, written: str, path: str) -> int:
    span = _SPAN.match(text)
    if span:
        start = _day(span[1], path) * 24 + _hour(span[2], path, start=True)
        end = _day(span[3], path) * 24 + _hour(span[4], path)
        if start == end % HOURS:
            raise InputError(
                path, f"{shown(written)} starts and ends at the same hour; for the whole week, write 'always'"
            )
        return _circular(start, (end - start - 1) % HOURS + 1)
    match = _DAYS_AND_HOURS.match(text)
    if not match:
        raise InputError(path, f"{shown(written)}{foreign(written)} {_why_no_range(text, path)}")
    days = _days(match[1].replace(" ", ""), path)
    if match[2] is None:
        first, length = 0, 24
    else:
        first, last = _hour(match[2], path, start=True), _hour(match[3], path)
        if first == last:
            raise InputError(
                path, f"{shown(written)} starts and ends at the same hour; for whole days, leave the hours out"
            )
        length = (last - first - 1) % 24 + 1
    return functools.reduce(lambda bits, day: bits | _circular(day * 24 + first, length), days, 0)


def _why_no_range(text: str, path: str) -> str:
    """Return the message for a text that is not a range of hours: the mistake and the valid form."""
    if _HOURS_ONLY.match(text):
        return f"has no days; write for example 'Mon-Sun {text}'"
    with contextlib.suppress(InputError):
        if "," in text and all(_parse_range(part.strip(), part, path) for part in text.split(",")):
            return (
                "contains several ranges; write each as a separate list entry, for example [Mon-Fri 19:00-07:00, Sat]"
            )
    return f"is not a range of hours; {_HELP}"


def _days(text: str, path: str) -> list[int]:
    days: list[int] = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if "-" in last:
            raise InputError(path, f"{shown(part)} is not a range of days; write for example 'Mon-Fri'")
        start, end = _day(first, path), _day(last if dash else first, path)
        days.extend((start + step) % 7 for step in range((end - start) % 7 + 1))
    return days


def _day(text: str, path: str) -> int:
    if text not in _DAYS:
        raise InputError(
            path, f"{shown(text)} is not a day of the week; write {', '.join(DAY_NAMES)}, or the full name"
        )
    return _DAYS[text]


def _hour(text: str, path: str, start: bool = False) -> int:
    hour, minute = (int(part) for part in text.split(":"))
    if minute:
        raise InputError(
            path, f"{shown(text)} is not a whole hour; windows consist of whole hours, for example {hour:02d}:00"
        )
    if hour > 24 or (start and hour == 24):
        raise InputError(path, f"{shown(text)} is not an hour of a day; write 00:00 to 23:00, or 24:00 as the end")
    return hour


# --- printing --------------------------------------------------------------------------------------------------------


def _circular(start: int, length: int) -> int:
    bits = ((1 << length) - 1) << start
    return (bits | bits >> HOURS) & FULL


class _Range(t.NamedTuple):
    """One printed entry: the same hours on each of C(days), or one span when C(length) passes a day."""

    days: tuple[int, ...]  # in week order from Monday
    hour: int
    length: int

    def bits(self) -> int:
        return functools.reduce(lambda bits, day: bits | _circular(day * 24 + self.hour, self.length), self.days, 0)

    def order(self) -> tuple[int, int, int]:
        return WEEK_ORDER.index(self.days[0]), self.hour, self.length

    def text(self) -> str:
        if self.length > 24:
            end = (self.days[0] * 24 + self.hour + self.length) % HOURS
            day, hour = divmod(end, 24) if end % 24 else ((end // 24 - 1) % 7, 24)
            return f"{DAY_NAMES[self.days[0]]} {self.hour:02d}:00 - {DAY_NAMES[day]} {hour:02d}:00"
        if self.length == 24 and self.hour == 0:
            return _day_text(self.days)
        if self.length == 24:
            end_day = DAY_NAMES[(self.days[0] + 1) % 7]
            return f"{DAY_NAMES[self.days[0]]} {self.hour:02d}:00 - {end_day} {self.hour:02d}:00"
        end_hour = (self.hour + self.length - 1) % 24 + 1
        return f"{_day_text(self.days)} {self.hour:02d}:00-{end_hour:02d}:00"


def _day_text(days: tuple[int, ...]) -> str:
    places = sorted(WEEK_ORDER.index(day) for day in days)
    groups: list[list[int]] = []
    for place in places:
        if groups and place == groups[-1][-1] + 1:
            groups[-1].append(place)
        else:
            groups.append([place])
    names = [[DAY_NAMES[WEEK_ORDER[place]] for place in group] for group in groups]
    return ",".join(group[0] if len(group) == 1 else f"{group[0]}-{group[-1]}" for group in names)


@functools.lru_cache(maxsize=4096)
def _format_bits(bits: int) -> tuple[str, ...]:
    if bits == FULL:
        return ("always",)
    if not bits:
        return ("never",)
    ranges = _by_runs(bits)
    if len(ranges) > 2:  # one or two are optimal; more may be overlapping daily hours and whole days
        ranges = min(ranges, _by_cover(bits), key=len)
    return tuple(entry.text() for entry in sorted(ranges, key=_Range.order))


def _by_runs(bits: int) -> list[_Range]:
    """Return all maximal runs of hours; equal runs on several days are combined."""
    groups: dict[tuple[int, int], list[int]] = {}
    for start in range(HOURS):
        if not bits >> start & 1 or bits >> (start - 1) % HOURS & 1:
            continue
        length = next(size for size in range(1, HOURS) if not bits >> (start + size) % HOURS & 1)
        day, hour = divmod(start, 24)
        if hour == 0 and length % 24 == 0:
            groups.setdefault((0, 24), []).extend((day + step) % 7 for step in range(length // 24))
        else:
            groups.setdefault((hour, length), []).append(day)
    ranges = []
    for (hour, length), days in groups.items():
        ordered = tuple(day for day in WEEK_ORDER if day in days)
        if length < 24 or (hour, length) == (0, 24):
            ranges.append(_Range(ordered, hour, length))
        else:
            ranges.extend(_Range((day,), hour, length) for day in ordered)
    return ranges


def _by_cover(bits: int) -> list[_Range]:
    """Return a greedy cover of the hours by ranges that repeat on several days and may overlap."""
    candidates = []
    for hour in range(24):
        for length in range(1, 25):
            if length == 24 and hour:
                continue
            days = tuple(day for day in WEEK_ORDER if _inside(_circular(day * 24 + hour, length), bits))
            if days:
                candidates.append(_Range(days, hour, length))
    weights = [(candidate, candidate.bits()) for candidate in candidates]
    chosen, missing = [], bits
    while missing:
        best, covered = max(
            weights, key=lambda pair: (bin(pair[1] & missing).count("1"), pair[0].length, -pair[0].hour)
        )
        chosen.append(best)
        missing &= ~covered
    return _trimmed(chosen)


def _trimmed(ranges: list[_Range]) -> list[_Range]:
    """Without the entries, and the days of entries, that the others cover anyway."""
    for number in range(len(ranges) - 1, -1, -1):
        entry = ranges[number]
        others = functools.reduce(lambda total, other: total | other.bits(), ranges[:number] + ranges[number + 1 :], 0)
        needed = tuple(day for day in entry.days if not _inside(_circular(day * 24 + entry.hour, entry.length), others))
        ranges[number : number + 1] = [entry._replace(days=needed)] if needed else []
    return ranges


def _inside(part: int, whole: int) -> bool:
    return part & whole == part


def days_of(daily_type: str) -> t.Sequence[int]:
    """The days of a C(daily_type), as windows count them: Sunday is 0."""
    groups = {"everyday": WEEK_ORDER, "workdays": WEEK_ORDER[:5], "weekends": WEEK_ORDER[5:]}
    names = [name.lower() for name in DAY_NAMES]
    return (
        groups[daily_type] if daily_type in groups else [day for day in WEEK_ORDER if daily_type.startswith(names[day])]
    )
