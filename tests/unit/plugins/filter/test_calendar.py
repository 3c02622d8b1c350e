# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters about the times of jobs: lists of runs, calendar files (RFC 5545), weeks, and files of a fleet."""

from __future__ import annotations

import datetime as dt
import json
import re
import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.filter.calendar import (
    calendar_files,
    calendar_fleet,
    calendar_report,
    job_week,
    next_runs,
    runs_to_icalendar,
)

from .calendar_samples import BEGIN, HOSTILE, fleet, hostile, job, jobs, night

DOWN = {"failed": True, "msg": "vbo-1 does not answer."}
NOW = "2026-01-01T12:00:00Z"


def events(text: str) -> list[dict[str, str]]:
    """Return the events of a calendar, parsed as in RFC 5545: CRLF, lines of 75 octets, folded with one blank."""
    assert text.endswith("\r\n") and "\r" not in text.replace("\r\n", "") and "\n" not in text.replace("\r\n", "")
    lines = text.split("\r\n")[:-1]
    assert max(len(line.encode()) for line in lines) <= 75
    lines = "\n".join(lines).replace("\n ", "").split("\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    found: list[dict[str, str]] = []
    head = lines[1 : lines.index("BEGIN:VEVENT")] if "BEGIN:VEVENT" in lines else lines[1:-1]
    assert {"VERSION:2.0", "CALSCALE:GREGORIAN"} <= set(head) and any(line.startswith("PRODID:") for line in head)
    for line in lines[1 + len(head) : -1]:
        assert re.match(r"[A-Z-]+:", line) and not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", line), line
        name, value = line.split(":", 1)
        if line == "BEGIN:VEVENT":
            found.append({})
        elif line != "END:VEVENT":
            assert name not in found[-1], line
            found[-1][name] = value
    for event in found:
        assert {"UID", "DTSTAMP", "DTSTART"} <= event.keys()
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTART"]), "in UTC, so that no VTIMEZONE is needed"
    return found


def unescaped(text: str) -> str:
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", text), "not escaped"
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], text)


# --- runs ------------------------------------------------------------------------------------------------------------


def test_runs_in_order_with_their_ends() -> None:
    found = next_runs(jobs(), "Europe/Berlin", BEGIN, 1)
    assert [(run["start"][11:16], run["job"], run["kind"]) for run in found] == [
        ("06:00", "Often", "backup"),
        ("08:00", "Often", "backup"),
        ("08:00", "Copied", "copy"),
        ("12:00", "Often", "backup"),
        ("16:00", "Often", "backup"),
        ("20:00", "Often", "backup"),
        ("22:00", "Mail 0", "backup"),
        ("22:00", "Mail 1", "backup"),
        ("22:02", "Mail 2", "backup"),
        ("22:03", "Mail 3", "backup"),
        ("22:04", "Mail 4", "backup"),
        ("23:30", "Copied", "backup"),
        ("23:40", "Followed", "backup"),
    ]
    (bounded,) = (run for run in found if run["job"] == "Mail 1")
    assert bounded["start"] == "2026-01-05T22:00:00+01:00" and bounded["start_utc"] == "2026-01-05T21:00:00Z"
    assert bounded["ends_by"] == "2026-01-06T07:00:00+01:00"
    assert bounded["retries_until"] == "2026-01-05T23:00:00+01:00"
    (copied,) = (run for run in found if run["kind"] == "copy")
    assert copied["repository"] == "vault" and copied["ends_by"] is None


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        ({"days": 5}, 5),
        ({"days": "5"}, 5),  # as an extra variable
        ({"days": 5, "max_runs": 2}, 2),
        ({"begin": "2026-01-05T22:00", "days": 1}, 1),
        ({"begin": "2026-01-05T21:00:00Z", "days": 1}, 1),
        ({"begin": "2026-01-05T22:01", "days": 1}, 1),
        ({"begin": "2026-01-10", "days": 2}, 0),
    ],
)
def test_spans(arguments: dict[str, t.Any], count: int) -> None:
    assert len(next_runs([job("Mail")], "Europe/Berlin", **{"begin": BEGIN, **arguments})) == count


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"time_zone": "Europe/Berlim"}, "time_zone: 'Europe/Berlim' is not a time zone. Did you mean Europe/Berlin?"),
        ({"begin": "tomorrow"}, "begin: 'tomorrow' is not a date and time"),
        ({"begin": "2026-02-30"}, "begin: '2026-02-30' is not a date and time"),
        ({"days": 0}, "days: must be between 1 and 366"),
        ({"days": "many"}, "days: must be a whole number"),
        ({"max_runs": -1}, "max_runs: must be between 1 and"),
        ({"jobs": {}}, "jobs: must be a list of jobs"),
        ({"jobs": ["Mail"]}, "jobs[0]: must be a dictionary"),
        ({"jobs": [job("Mail", "25:00")]}, "jobs[0].schedule_policy.daily_time: "),
        ({"jobs": [job("Mail", 1290)]}, "jobs[0].schedule_policy.daily_time: "),
    ],
)
def test_bad_input_is_named_by_its_path(arguments: dict[str, t.Any], words: str) -> None:
    given = {"jobs": [job("Mail")], "time_zone": "UTC", "begin": BEGIN, **arguments}
    for name, work in (
        ("next_runs", next_runs),
        ("calendar_report", lambda jobs, **rest: calendar_report(jobs, "x", **rest)),
    ):
        with pytest.raises(AnsibleFilterError) as caught:
            work(given["jobs"], **{key: value for key, value in given.items() if key != "jobs"})
        assert f"{name}: {words}" in str(caught.value)


def test_more_runs_than_anybody_reads() -> None:
    often = {"type": "periodically", "periodically_every": "minutes5"}
    with pytest.raises(AnsibleFilterError, match="days: results in more than 100,000 runs"):
        next_runs([job("Mail", schedule_policy=often)], "UTC", BEGIN, 366)
    assert len(next_runs([job("Mail", schedule_policy=often)], "UTC", BEGIN, 366, max_runs=10)) == 10


# --- calendar files --------------------------------------------------------------------------------------------------

NAMES = (
    "Mail",
    "a; b, c\\d: e",
    "two\nlines\r\nand three",
    "bell \x07 and null \x00",
    "Größe " * 20,
    "備份作業" * 30,
    "x" * 75,
    "\U0001f600" * 40,
    "END:VEVENT",
    HOSTILE,
)


@pytest.mark.parametrize("name", NAMES)
def test_a_calendar_keeps_to_the_standard(name: str) -> None:
    """Whatever the names of a job and its organization are."""
    text = runs_to_icalendar(next_runs([job(name, organization=name)], "Europe/Berlin", BEGIN, 3), name, NOW)
    found = events(text)
    assert [event["DTSTART"] for event in found] == ["20260105T210000Z", "20260106T210000Z", "20260107T210000Z"]
    assert {event["DTSTAMP"] for event in found} == {"20260101T120000Z"}
    wanted = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", name)
    assert {unescaped(event["SUMMARY"]) for event in found} == {wanted}
    assert {unescaped(event["DESCRIPTION"]) for event in found} == {f"Organization: {wanted}"}


def test_events_keep_their_identity() -> None:
    """Imported again on another day, beside other jobs, an event is the same; other events have other identifiers."""
    twins = [job("Mail"), job("Mail", organization="fabrikam.onmicrosoft.com")]
    copied = job(
        "Mail", copy_job={"repository": "vault", "schedule_policy": {"type": "daily_at_time", "daily_time": "22:00"}}
    )

    def identities(some: list[dict[str, t.Any]], name: str = "vbo-1", begin: str = BEGIN, now: str = NOW) -> list[str]:
        return [event["UID"] for event in events(runs_to_icalendar(next_runs(some, "UTC", begin, 5), name, now))]

    first = identities(twins)
    assert len(set(first)) == len(first) == 10
    assert identities([*twins, job("New", "01:00")], now="2026-02-01")[1::3] == first[0::2]
    assert set(identities(twins, begin="2026-01-06")) == set(first[2:])
    assert not set(identities(twins, name="vbo-2")) & set(first)
    assert len(set(identities([copied]))) == 10, "a job and its copy job"


def test_no_runs_are_a_calendar_too() -> None:
    assert events(runs_to_icalendar([], "Nothing", NOW)) == []


@pytest.mark.parametrize("runs", [None, "x", [1], [{"start": "now"}]])
def test_what_is_no_list_of_runs(runs: t.Any) -> None:
    with pytest.raises(AnsibleFilterError, match="runs_to_icalendar: runs: must be a list as next_runs returns it"):
        runs_to_icalendar(runs)


# --- the week --------------------------------------------------------------------------------------------------------


def test_the_week_of_a_server_and_of_its_groups() -> None:
    week = job_week(jobs())
    assert week["jobs"] == 13
    assert week["states"] == {"after_backup": 1, "disabled": 1, "manual": 1, "scheduled": 9, "unknown": 1}
    whole, *groups = week["groups"]
    assert (whole["kind"], whole["jobs"], whole["scheduled"]) == ("server", 13, 9)
    assert (whole["starts"][22], whole["starts"][23], whole["starts"][5 * 24 + 22]) == (5, 2, 0)
    # without a window, the hour of the start; with one, until 07:00, or the whole weekend
    assert [whole["running"][hour] for hour in (22, 23, 24, 24 + 6, 24 + 7)] == [5, 3, 1, 2, 0]
    assert whole["running"][5 * 24 + 12] == 1
    assert [(group["kind"], group["name"], group["jobs"]) for group in groups][:2] == [
        ("organization", "contoso.onmicrosoft.com", 13),
        ("proxy", "proxy-1", 1),
    ]
    assert [group["jobs"] for group in groups if group["name"] == "vault"] == [2]


def test_groups_whose_names_are_the_same() -> None:
    """Names are compared as servers do, ignoring case."""
    groups = job_week([job("a", repository="Repo"), job("b", repository="repo"), job("c", repository="repo 2")])[
        "groups"
    ]
    found = [(group["name"], group["jobs"]) for group in groups if group["kind"] == "repository"]
    assert found == [("Repo", 2), ("repo 2", 1)]


@pytest.mark.parametrize(
    ("times", "spacing", "crowd", "expected"),
    [
        (["22:00", "22:04"], 5, 2, [("22:00", 2)]),
        (["22:00", "22:05"], 5, 2, []),
        (["22:00", "22:04"], 5, 3, []),
        # of overlapping spans, the busier one
        (["22:00", "22:04", "22:05", "22:06"], 5, 2, [("22:04", 3)]),
        (["22:00", "22:00", "23:00", "23:00", "23:00"], 5, 2, [("23:00", 3), ("22:00", 2)]),
        # across midnight
        (["23:58", "00:01"], 5, 2, [("23:58", 2)]),
    ],
)
def test_moments_at_which_many_jobs_start(times: list[str], spacing: int, crowd: int, expected: list[t.Any]) -> None:
    some = [
        job(f"Job {number}", schedule_policy={"type": "daily", "daily_type": "everyday", "daily_time": time})
        for number, time in enumerate(times)
    ]
    found = job_week(some, spacing, crowd)["groups"][0]["crowded"]
    monday = [(entry["at"][4:], entry["starts"]) for entry in found if entry["at"].startswith("Mon")]
    assert monday == expected and len(found) == 7 * len(expected)


# --- files of servers ------------------------------------------------------------------------------------------------


def test_files_of_a_fleet() -> None:
    reports = fleet(3, 4)
    files = {file["name"]: file["content"] for file in calendar_files(reports, ["html", "icalendar", "json"], now=NOW)}
    assert list(files) == ["calendar.html", "vbo-000.ics", "vbo-001.ics", "vbo-002.ics", "calendar.json"]
    assert len(events(files["vbo-001.ics"])) == 4 * 5
    data = json.loads(files["calendar.json"])
    assert [entry["number"] for entry in data] == [20] * 3 and "icalendar" not in data[0]
    assert data[0]["runs"] == next_runs([job(f"Job {n}") for n in range(4)], "Europe/Berlin", BEGIN)
    assert (
        f"Written {NOW}" in files["calendar.html"]
        and "12 jobs on 3 servers: 12 start by themselves." in files["calendar.html"]
    )


def test_a_fleet_is_read_from_what_was_registered() -> None:
    """The result equals that of the single servers; a server without a calendar does not affect the others."""
    options = {"time_zone": "Europe/Berlin", "begin": BEGIN, "days": 7, "max_runs": None, "crowd_minutes": 5}
    options = {**options, "crowd_starts": 5, "compare": False, "before": None}
    notes = {"overrides": [], "frozen": {"message": "Changes are frozen: audit."}}
    begun = {"options": options, "jobs": jobs(), **notes}
    often = {"type": "periodically", "periodically_every": "minutes5"}
    view = {**job("Mail"), "id": "1", "status": "update", "before": job("Mail"), "after": job("Mail", "23:00")}
    hostvars = {
        "a": {"__vbo_calendar": begun, "__vbo_calendar_result": {"skipped": True}},
        "given": {"__vbo_calendar": {**begun, "before": [job("Mail 1", "21:00")]}},
        "asked": {
            "__vbo_calendar": {**begun, "options": {**options, "compare": True}},
            "__vbo_calendar_result": {"jobs": [view]},
        },
        "down": {"__vbo_calendar": {**begun, "options": {**options, "compare": True}}, "__vbo_calendar_result": DOWN},
        "wrong": {"__vbo_calendar": {"failed": True, "msg": "jobs[0].name: required"}},
        "gone": {},
        "many": {"__vbo_calendar": {**begun, "jobs": [job(str(one), schedule_policy=often) for one in range(60)]}},
        "secret": {
            "__vbo_calendar": {**begun, "options": {**options, "compare": True}},
            "__vbo_calendar_result": {"jobs": [{**view, "before": job("********")}]},
        },
    }
    *files, many, secret = calendar_fleet(hostvars, list(hostvars), ["json", "icalendar", "markdown"])
    texts = {file["name"]: file["content"] for file in files}
    assert list(texts) == ["calendar.json", "a.ics", "given.ics", "asked.ics", "calendar.md"]
    assert "Not in this calendar: down, wrong, gone, many, secret." in texts["calendar.md"]
    reports = {report["server"]: report for report in json.loads(texts["calendar.json"])}
    alone = calendar_report(jobs(), "a", "Europe/Berlin", BEGIN, freeze=notes["frozen"])
    assert {**reports["a"], "icalendar": alone["icalendar"]} == alone
    stamps = [re.sub(r"DTSTAMP:\w+", "", text) for text in (texts["a.ics"], alone["icalendar"])]
    assert stamps[0] == stamps[1]
    assert [entry["name"] for entry in reports["given"]["changes"]["jobs"] if entry["change"] == "moved"] == ["Mail 1"]
    assert reports["asked"]["changes"]["totals"]["moved"] == 1
    assert many["problem"].startswith("many: days: results in more than 100,000 runs")
    assert secret["problem"].startswith("secret: result: ")


def test_the_page_says_what_it_leaves_out() -> None:
    (file,) = calendar_files(fleet(12, 60), ["html"], ["vbo-000", "vbo-gone"])
    text = file["content"]
    assert text.count('<td role="cell" class="strip">') == 500
    left = sum(int(number) for number in re.findall(r"(\d+) more jobs? not drawn", text))
    assert left == 12 * 60 - 500
    assert "<bdi>vbo-gone</bdi>" in text and text.count("more runs left out") == 12


def test_a_crowd_of_several_days_is_one_row() -> None:
    (file,) = calendar_files([night()], ["html"])
    assert "Mon-Fri<br>22:00 \u2013 22:05" in file["content"]
    assert file["content"].count("Mon-Fri<br>") == 1


def test_markup_in_names_is_text() -> None:
    for file in calendar_files([hostile()], ["html", "icalendar", "json"]):
        assert "/" not in file["name"]
        if file["name"] == "calendar.html":
            assert "<script" not in file["content"] and "&lt;script&gt;" in file["content"]


@pytest.mark.parametrize(
    ("reports", "formats", "words"),
    [
        ([{}], ["html"], "reports[0]: must be a report"),
        (["x"], ["json"], "reports[0]: must be a report"),
        (None, ["html"], "reports: must be a list"),
        (night(), ["html"], "reports: must be a list"),
        ([], "html", "formats: must be a list"),
        ([], [1], "formats[0]: must be one of"),
        ([], ["html", "pdf"], "formats[1]: must be one of html, icalendar, json"),
    ],
)
def test_files_of_what_is_no_calendar(reports: t.Any, formats: t.Any, words: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        calendar_files(reports, formats)
    assert f"calendar_files: {words}" in str(caught.value)


def test_the_default_is_the_present_time() -> None:
    (run,) = next_runs([job("Mail", schedule_policy={"daily_time": "22:00", "daily_type": "everyday"})], "UTC", days=1)
    ahead = dt.datetime.fromisoformat(run["start"]) - dt.datetime.now(dt.timezone.utc)
    assert dt.timedelta(minutes=-1) < ahead <= dt.timedelta(days=1)
