# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions and their logs: results of tasks, order, points in time."""

from __future__ import annotations

import datetime
import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._session import (
    ended,
    newest_first,
    read_log_item,
    read_session,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._instant import instant, parse_since
from hypothesis import example, given, settings
from hypothesis import strategies as st

QUICK = settings(deadline=None, max_examples=150, database=None)
UTC = datetime.timezone.utc
Raw = dict[str, t.Any]


def utc(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


def test_a_session_of_v8() -> None:
    raw = {
        "id": "s1",
        "jobId": "j1",
        "status": "NotConfigured",
        "creationTime": "2026-02-03T21:00:04.2216710Z",
        "endTime": "2026-02-03T21:17:49.9032211Z",
        "progress": 412,
        "jobType": "Backup",
        "jobSessionConfigType": "Incremental",
        "statistics": {"bottleneck": "NA", "processingRateBytesPS": 5},
        "eTag": 7,
        "details": None,
        "_links": {"job": {"href": "/v8/Jobs/other"}},
    }
    assert read_session(raw) == {
        "id": "s1",
        "job_id": "j1",
        "status": "not_configured",
        "creation_time": "2026-02-03T21:00:04.2216710Z",
        "end_time": "2026-02-03T21:17:49.9032211Z",
        "progress": 412,
        "job_type": "backup",
        "job_session_config_type": "incremental",
        "statistics": {"bottleneck": "na", "processing_rate_bytes_ps": 5},
    }


def test_a_session_of_an_old_version() -> None:
    """The job is a link; a run in progress has no end."""
    raw = {
        "id": "s1",
        "status": "Running",
        "creationTime": "2026-02-03T21:00:04Z",
        "_links": {"job": {"href": "https://h:4443/v3/jobs/J1"}},
    }
    assert read_session(raw) == {
        "id": "s1",
        "job_id": "J1",
        "status": "running",
        "creation_time": "2026-02-03T21:00:04Z",
        "end_time": None,
    }


def test_an_empty_session_has_all_keys() -> None:
    assert read_session({}) == {"id": None, "job_id": None, "status": "", "creation_time": None, "end_time": None}


@pytest.mark.parametrize(
    ("status", "over"),
    [
        ("Running", False),
        ("Queued", False),
        ("Success", True),
        ("Warning", True),
        ("Failed", True),
        ("Stopped", True),
        ("Disconnected", True),
        ("NotConfigured", True),
    ],
)
def test_the_status_says_whether_a_session_has_ended(status: str, over: bool) -> None:
    for end in (None, "9999-12-31T23:59:59Z", "2026-02-03T21:00:04Z"):
        assert ended(read_session({"id": "s1", "status": status, "endTime": end})) == over


LOG: list[tuple[Raw, str, str]] = [
    ({"title": "[Success] Job started at 21:00"}, "success", "Job started at 21:00"),
    ({"title": "[Warning]  two\nlines"}, "warning", "two\nlines"),
    ({"title": "[Success]"}, "success", ""),
    ({"title": "Job finished"}, "", "Job finished"),
    ({"title": "[Not one word] x"}, "", "[Not one word] x"),
    ({"title": None}, "", ""),
    ({}, "", ""),
    ({"type": "Error", "message": "It failed"}, "error", "It failed"),
    ({"type": "Error", "message": "[Success] is in the text"}, "error", "[Success] is in the text"),
    ({"type": "Stop", "message": None, "title": "Stopped"}, "stop", "Stopped"),
]


@pytest.mark.parametrize(("raw", "kind", "message"), LOG)
def test_lines_of_a_log(raw: Raw, kind: str, message: str) -> None:
    times = {"creationTime": "2026-02-03T21:00:04Z", "endTime": "2026-02-03T21:00:05Z"}
    assert read_log_item({**raw, **times}) == {
        "type": kind,
        "message": message,
        "creation_time": "2026-02-03T21:00:04Z",
        "end_time": "2026-02-03T21:00:05Z",
    }


BEGINNING = datetime.datetime.min.replace(tzinfo=UTC)
INSTANTS: list[tuple[str | None, datetime.datetime]] = [
    ("2019-06-16T22:00:00.0246404Z", utc(2019, 6, 16, 22, 0, 0, 24640)),
    ("2019-06-16T15:00:00.0402129-07:00", utc(2019, 6, 16, 22, 0, 0, 40212)),
    ("2017-06-02T02:00:00Z", utc(2017, 6, 2, 2)),
    ("2017-06-02t02:00:00z", utc(2017, 6, 2, 2)),
    ("2017-06-02 02:00", utc(2017, 6, 2, 2)),
    ("2017-06-02T02:00:00+0530", utc(2017, 6, 1, 20, 30)),
    ("2017-06-02T02:00:00.5Z", utc(2017, 6, 2, 2, 0, 0, 500000)),
    (" 2017-06-02T02:00:00 ", utc(2017, 6, 2, 2)),
    ("0001-01-01T00:00:00Z", BEGINNING),
    ("9999-12-31T23:59:59.9999999Z", utc(9999, 12, 31, 23, 59, 59, 999999)),
    ("", BEGINNING),
    (None, BEGINNING),
    ("yesterday", BEGINNING),
    ("2017-06-02", BEGINNING),
]


@pytest.mark.parametrize(("text", "moment"), INSTANTS)
def test_points_in_time(text: str | None, moment: datetime.datetime) -> None:
    assert instant(text) == moment
    assert instant(text).tzinfo is not None


@QUICK
@given(
    st.one_of(
        st.text(max_size=30),
        st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,8})?(Z|[+-]\d\d:\d\d)", fullmatch=True),
    )
)
@example("2026-13-99T00:00:00Z")
@example("2026-02-30T00:00:00Z")
@example("2026-02-03T24:00:00Z")
@example("2026-02-03T22:00:00+99:00")
def test_what_a_server_says_never_breaks_a_list(text: str) -> None:
    assert instant(text).tzinfo is not None
    assert len(newest_first([{"creation_time": text}, {"creation_time": "2026-01-01T00:00:00Z"}])) == 2


@QUICK
@given(st.datetimes(timezones=st.just(UTC)), st.integers(-14 * 60, 14 * 60))
def test_any_offset_is_the_same_moment(moment: datetime.datetime, minutes: int) -> None:
    zone = datetime.timezone(datetime.timedelta(minutes=minutes))
    try:
        local = moment.astimezone(zone)
    except OverflowError:
        return
    assert instant(local.isoformat()) == moment


def test_the_newest_comes_first() -> None:
    stamps = [
        "2026-02-03T21:00:00Z",
        "2026-02-03T23:30:00+02:00",
        "2026-02-03T21:15:00.5Z",
        None,
        "2025-12-31T00:00:00Z",
    ]
    ordered = newest_first({"creation_time": stamp} for stamp in stamps)
    assert [entry["creation_time"] for entry in ordered] == [stamps[1], stamps[2], stamps[0], stamps[4], stamps[3]]


SINCE = [
    ("2026-02-03", utc(2026, 2, 3)),
    (" 2026-02-03T22:00:00Z ", utc(2026, 2, 3, 22)),
    ("2026-02-03T22:00:00Z", utc(2026, 2, 3, 22)),
    ("2026-02-03 22:00", utc(2026, 2, 3, 22)),
    ("2026-02-03T22:00:00+01:00", utc(2026, 2, 3, 21)),
]


@pytest.mark.parametrize(("text", "moment"), SINCE)
def test_since(text: str, moment: datetime.datetime) -> None:
    assert parse_since(text, "since") == moment


def test_since_is_optional() -> None:
    assert parse_since(None, "since") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "22:00",
        "2026-2-3",
        "03.02.2026",
        "2026-02-30",
        "2026-13-01T00:00:00Z",
        "2026-02-03T25:00:00",
        "2026-02-03T22:00:00 CET",
    ],
)
def test_since_that_is_no_point_in_time(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_since(text, "since")
    assert caught.value.option == "since"
    assert caught.value.text.startswith(f"'{text}' is not a valid date or time (")


def test_a_point_in_time_of_another_form() -> None:
    with pytest.raises(InputError) as caught:
        parse_since("yesterday", "since")
    assert caught.value.message == (
        "since: 'yesterday' is not a valid date or time (unknown format); "
        "write for example 2026-02-03 or 2026-02-03T22:00:00Z."
    )
