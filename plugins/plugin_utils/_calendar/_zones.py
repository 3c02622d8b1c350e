# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Time zones of servers, and the instants at which their wall clocks show a time."""

from __future__ import annotations

import datetime as dt
import difflib
import functools
import typing as t

import zoneinfo

from ...module_utils._errors import InputError, literal, shown

UTC = dt.timezone.utc


def zone_of(name: t.Any, path: str) -> dt.tzinfo:
    """The time zone with this IANA name, for example C(Europe/Berlin).

    :arg path: the option with the name, for the error
    :raises InputError: for a name that does not exist, and on a controller without time zone data
    """
    if not isinstance(name, str):
        raise InputError(path, f"must be the IANA name of a time zone, for example Europe/Berlin (got {literal(name)})")
    if name in ("UTC", "Etc/UTC"):
        return UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        pass
    names = _names()
    if not names:
        raise InputError(path, "the controller has no time zone data; install the package tzdata")
    if name.lower().endswith("standard time"):
        raise InputError(path, f"{shown(name)} is a Windows name; use the IANA name, for example Europe/Berlin")
    folded = {known.lower(): known for known in names}
    close = difflib.get_close_matches(name.lower().replace(" ", "_")[:80], list(folded), n=3, cutoff=0.8)
    hint = f". Did you mean {' or '.join(folded[found] for found in close)}?" if close else ""
    raise InputError(path, f"{shown(name)} is not a time zone{hint or '; use an IANA name, for example Europe/Berlin'}")


@functools.lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def instant(day: dt.date, clock: dt.time, zone: dt.tzinfo) -> dt.datetime:
    """The instant, in UTC, at which a wall clock shows a time on a day.

    A time that the clock skips in spring becomes the first moment after the gap; of a time that it shows twice in
    autumn the first one counts. The vendor documents neither.
    """
    wall = dt.datetime.combine(day, clock)
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    while found.astimezone(zone).replace(tzinfo=None) != wall:  # clocks change at full minutes
        wall = wall.replace(second=0) + dt.timedelta(minutes=1)
        found = wall.replace(tzinfo=zone).astimezone(UTC)
    return found


@functools.lru_cache(maxsize=4096)
def offset(day: dt.date, zone: dt.tzinfo) -> dt.timedelta | None:
    """Return the offset from UTC of a zone during a whole local day; None on a day when it changes."""
    hours = [dt.datetime.combine(day, dt.time(), zone) + dt.timedelta(hours=hour) for hour in range(25)]
    offsets = {hour.replace(fold=fold).utcoffset() for hour in hours for fold in (0, 1)}
    return offsets.pop() if len(offsets) == 1 else None


@functools.lru_cache(maxsize=8192)  # jobs of a fleet start at the same moments
def local(moment: dt.datetime, zone: dt.tzinfo) -> str:
    """An instant as the wall clock shows it, with its offset: V(2026-03-29T22:00:00+02:00)."""
    return moment.astimezone(zone).isoformat(timespec="seconds")
