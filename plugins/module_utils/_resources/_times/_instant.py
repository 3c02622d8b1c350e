# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Points in time, as the API and people write them."""

from __future__ import annotations

import datetime
import re

from ..._errors import InputError

_STAMP = re.compile(r"^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d)?)(\.\d+)?\s*([Zz]|[+-]\d\d:?\d\d)?$")


def instant(text: str | None) -> datetime.datetime:
    """Parse a timestamp of the API; it may have seven fractional digits and any offset (observed; not documented).

    An invalid one sorts before all others.
    """
    try:
        return parse_instant(text or "")
    except ValueError:
        return datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)


def parse_instant(text: str) -> datetime.datetime:
    """Parse a text that must be a timestamp.

    :raises ValueError: for an invalid one
    """
    match = _STAMP.match(text.strip())
    if not match:
        raise ValueError("unknown format")
    day, clock, fraction, zone = match.groups()
    offset = "+00:00" if zone in (None, "Z", "z") else zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
    seconds = clock if clock.count(":") == 2 else f"{clock}:00"
    return datetime.datetime.fromisoformat(f"{day}T{seconds}{(fraction or '.0')[:7].ljust(7, '0')}{offset}")


def parse_since(text: str | None, path: str) -> datetime.datetime | None:
    """Parse a point in time that the user gave."""
    if text is None:
        return None
    whole = f"{text}T00:00:00" if re.match(r"^\d{4}-\d\d-\d\d$", text.strip()) else text
    try:
        return parse_instant(whole)
    except ValueError as error:
        raise InputError(
            path,
            f"'{text}' is not a valid date or time ({error}); write for example 2026-02-03 or 2026-02-03T22:00:00Z",
        ) from error
