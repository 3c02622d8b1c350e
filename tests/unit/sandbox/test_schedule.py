# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""When jobs run next, in the time zone of the server."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sandbox_client import Sandbox, create
from vbo_sandbox.store.model import Schedule, Window
from vbo_sandbox.store.schedule import next_run, parse_stamp, stamp, trimmed

UTC = timezone.utc


def policy(**fields: Any) -> Schedule:
    return Schedule(**fields)


def hours(*days: tuple[int, int]) -> Window:
    """A window that is open on each day (Sunday first) from the first hour until before the second one."""
    return Window(["".join("1" if start <= hour < end else "0" for hour in range(24)) for start, end in days])


OFFICE = hours((0, 0), (6, 22), (6, 22), (6, 22), (6, 22), (6, 22), (0, 0))
DAILY = {"type": "Daily"}
PERIODIC = {"type": "Periodically"}


@pytest.mark.parametrize(
    ("fields", "zone", "now", "expected"),
    [
        # daily: later today, tomorrow, exactly now
        ({**DAILY, "daily_time": "22:00:00"}, "Europe/Berlin", "2026-01-14T20:00:00Z", "2026-01-14T21:00:00Z"),
        ({**DAILY, "daily_time": "22:00:00"}, "Europe/Berlin", "2026-01-14T21:30:00Z", "2026-01-15T21:00:00Z"),
        ({**DAILY, "daily_time": "22:00:00"}, "Europe/Berlin", "2026-01-14T21:00:00Z", "2026-01-15T21:00:00Z"),
        # the documented example: 19:00 at UTC-7
        ({**DAILY, "daily_time": "19:00:00"}, "America/Los_Angeles", "2017-06-01T20:00:00Z", "2017-06-02T02:00:00Z"),
        # kinds of days; 2026-01-16 is a Friday
        ({**DAILY, "daily_type": "Workdays"}, "UTC", "2026-01-16T15:00:00Z", "2026-01-19T15:00:00Z"),
        ({**DAILY, "daily_type": "Weekends"}, "UTC", "2026-01-16T15:00:00Z", "2026-01-17T15:00:00Z"),
        ({**DAILY, "daily_type": "Friday"}, "UTC", "2026-01-16T15:00:00Z", "2026-01-23T15:00:00Z"),
        ({**DAILY, "daily_type": "Sunday"}, "UTC", "2026-01-16T15:00:00Z", "2026-01-18T15:00:00Z"),
        # the local day differs from that in UTC
        ({**DAILY, "daily_type": "Monday", "daily_time": "00:30:00"}, "Asia/Tokyo", "2026-01-16T00:00:00Z",
         "2026-01-18T15:30:00Z"),
        # clock changes: a skipped time, an ambiguous one, and the shift in UTC
        ({**DAILY, "daily_time": "02:30:00"}, "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"),
        ({**DAILY, "daily_time": "00:30:00"}, "America/Santiago", "2026-09-05T12:00:00Z", "2026-09-06T04:00:00Z"),
        ({**PERIODIC, "periodically_every": "Hours4"}, "Africa/Cairo", "2026-04-23T20:00:00Z", "2026-04-23T22:00:00Z"),
        ({**PERIODIC, "periodically_every": "Minutes30"}, "Australia/Lord_Howe", "2026-10-03T15:10:00Z",
         "2026-10-03T15:30:00Z"),
        ({**PERIODIC, "periodically_every": "Minutes15"}, "Europe/Berlin", "2026-10-25T00:45:00Z",
         "2026-10-25T02:00:00Z"),
        ({**DAILY, "daily_time": "02:30:00"}, "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
        ({**DAILY, "daily_time": "02:30:00"}, "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
        ({**DAILY, "daily_time": "22:00:00"}, "Europe/Berlin", "2026-03-28T22:00:00Z", "2026-03-29T20:00:00Z"),
        # periodic: minutes and hours count from midnight
        ({**PERIODIC, "periodically_every": "Minutes5"}, "UTC", "2026-01-16T15:03:00Z", "2026-01-16T15:05:00Z"),
        ({**PERIODIC, "periodically_every": "Minutes30"}, "Asia/Kolkata", "2026-01-16T15:03:00Z",
         "2026-01-16T15:30:00Z"),
        ({**PERIODIC, "periodically_every": "Hours4"}, "Europe/Berlin", "2026-01-16T15:03:00Z", "2026-01-16T19:00:00Z"),
        ({**PERIODIC, "periodically_every": "Hours12"}, "Europe/Berlin", "2026-01-16T15:03:00Z",
         "2026-01-16T23:00:00Z"),
        ({**PERIODIC, "periodically_every": "Hours8", "periodically_offset_minutes": 15}, "UTC",
         "2026-01-16T16:10:00Z", "2026-01-16T16:15:00Z"),
        # the start window applies to hours: Friday evening to Monday morning, when it opens
        ({**PERIODIC, "periodically_every": "Hours4", "periodically_window_enabled": True,
          "periodically_window": OFFICE}, "Europe/Berlin", "2026-01-16T19:30:00Z", "2026-01-19T05:00:00Z"),
        ({**PERIODIC, "periodically_every": "Hours4", "periodically_window_enabled": True,
          "periodically_window": OFFICE}, "Europe/Berlin", "2026-01-19T05:00:00Z", "2026-01-19T07:00:00Z"),
        # an offset stays in the same hour of the window
        ({**PERIODIC, "periodically_every": "Hours1", "periodically_offset_minutes": 59,
          "periodically_window_enabled": True, "periodically_window": OFFICE}, "UTC",
         "2026-01-16T21:30:00Z", "2026-01-16T21:59:00Z"),
        # and does not apply when it is off, or to minutes
        ({**PERIODIC, "periodically_every": "Hours4", "periodically_window": OFFICE}, "UTC",
         "2026-01-17T19:30:00Z", "2026-01-17T20:00:00Z"),
        ({**PERIODIC, "periodically_every": "Minutes15", "periodically_window_enabled": True,
          "periodically_window": OFFICE}, "UTC", "2026-01-17T19:31:00Z", "2026-01-17T19:45:00Z"),
        # never
        ({**PERIODIC, "periodically_every": "Hours4", "periodically_window_enabled": True,
          "periodically_window": Window("0" * 168)}, "UTC", "2026-01-17T19:30:00Z", None),
        ({**DAILY, "schedule_enabled": False}, "UTC", "2026-01-16T15:00:00Z", None),
        ({"type": "ManualOnly"}, "UTC", "2026-01-16T15:00:00Z", None),
        ({"type": "Immediate"}, "UTC", "2026-01-16T15:00:00Z", None),
    ],
)  # fmt: skip
def test_next_run(fields: dict[str, Any], zone: str, now: str, expected: str | None) -> None:
    found = next_run(policy(**fields), parse_stamp(now), ZoneInfo(zone))
    assert (stamp(found) if found else None) == expected


def test_stamps() -> None:
    assert stamp(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == "2026-01-02T03:04:05Z"
    for microsecond, digits in ((678921, ".6789212"), (678901, ".678901"), (500000, ".5"), (10, ".0000101")):
        text = stamp(datetime(2026, 1, 2, 3, 4, 5, microsecond, tzinfo=UTC))
        assert text == f"2026-01-02T03:04:05{digits}Z"
        assert parse_stamp(text).microsecond == microsecond
    for given, written in (
        ("05.2216710Z", "05.221671Z"),
        ("05.000Z", "05Z"),
        ("05.10-07:00", "05.1-07:00"),
        ("50Z", "50Z"),
    ):
        assert trimmed(f"2026-01-02T03:04:{given}") == f"2026-01-02T03:04:{written}"
    for text in ("2019-06-16T22:00:00.0246404Z", "2019-06-16T15:00:00.0402129-07:00", "2019-06-16T22:00:00Z"):
        assert parse_stamp(text).tzinfo is not None


def test_zone_of_the_server(sandbox: Sandbox) -> None:
    """The same schedule on two servers in two zones."""
    sandbox.reset("newest")
    runs = []
    for name in ("main", "newest"):
        job = create(sandbox.client(8, name)).json()
        runs.append(parse_stamp(job["nextRun"]).astimezone(ZoneInfo("UTC")).hour)
    assert runs[0] in (20, 21) and runs[1] in (5, 6)
