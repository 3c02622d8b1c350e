# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What changes between today's week and the planned one: as data, in Markdown and on the page."""

from __future__ import annotations

import json
import re
import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.filter.calendar import (
    calendar_changes,
    calendar_files,
    calendar_jobs,
    calendar_report,
)

from .calendar_samples import BEGIN, HOSTILE, compared, job

COPY = {"repository": "vault", "schedule_policy": {"type": "daily_at_time", "daily_time": "08:00"}}
LATER = {"repository": "vault", "schedule_policy": {"type": "daily_at_time", "daily_time": "09:00"}}
NEVER = {"type": "manual_only"}
WINDOW = {"type": "daily", "daily_type": "workdays", "daily_time": "22:00", "backup_window": ["Mon-Fri 19:00-07:00"]}
IDS = ("51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95", "51E0C7AA-93B4-4D26-B8F1-6A2E7F3C0D95")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # irrelevant differences
        ([job("Mail")], [job("Mail", repository="other", description="new")], []),
        ([job("Mail")], [job("MAIL", organization="CONTOSO.onmicrosoft.com")], []),
        ([job("By hand", schedule_policy=NEVER)], [job("By hand", enabled=False)], []),
        ([], [job("By hand", schedule_policy=NEVER)], []),
        # a plan that does not mention the schedule leaves it unchanged
        ([job("Mail")], [{"name": "Mail", "organization": "contoso.onmicrosoft.com"}], []),
        # starts
        ([job("Mail")], [job("Mail", "23:00")], [("Mail", "moved")]),
        ([job("Mail")], [], [("Mail", "gone")]),
        ([], [job("Mail")], [("Mail", "new")]),
        ([job("Mail")], [job("Mail", enabled=False)], [("Mail", "gone")]),
        ([job("Mail", enabled=False)], [job("Mail")], [("Mail", "new")]),
        ([job("Mail")], [job("Mail", schedule_policy=NEVER)], [("Mail", "gone")]),
        ([job("Mail")], [job("Mail", state="absent")], [("Mail", "gone")]),
        # the same starts in another notation
        (
            [job("Mail", schedule_policy={"type": "daily", "daily_type": "everyday", "daily_time": "22:00:00"})],
            [job("Mail", schedule_policy={"daily_time": "22:00"})],
            [],
        ),
        # hours
        ([job("Mail")], [job("Mail", schedule_policy=WINDOW)], [("Mail", "window")]),
        # copy jobs
        ([job("Mail", copy_job=COPY)], [job("Mail", copy_job=LATER)], [("Mail", "moved")]),
        ([job("Mail")], [job("Mail", copy_job=COPY)], [("Mail", "new")]),
        # jobs are matched by id, whatever their names are
        ([job("Mail", id=IDS[0])], [job("Post", id=IDS[1])], []),
        ([job("Mail", id=IDS[0])], [job("Post", "23:00", id=IDS[1])], [("Post", "moved")]),
        ([job("Mail")], [job("Mail", organization="fabrikam.com")], [("Mail", "new"), ("Mail", "gone")]),
    ],
)
def test_changes(before: list[t.Any], after: list[t.Any], expected: list[t.Any]) -> None:
    found = calendar_changes(before, after)
    assert [(entry["name"], entry["change"]) for entry in found["jobs"]] == expected
    assert sum(found["totals"].values()) >= len(expected)
    for kind in ("gone", "moved", "new", "window"):
        assert found["totals"][kind] == [change for _name, change in expected].count(kind)
    moved = sum(found["starts"])
    sides = [len(side["minutes"]) if side else 0 for entry in found["jobs"] for side in (entry["after"],)]
    sides += [-len(side["minutes"]) if side else 0 for entry in found["jobs"] for side in (entry["before"],)]
    assert moved == sum(sides)


def test_both_sides_of_a_change() -> None:
    (windowed,) = calendar_changes([job("Mail")], [job("Mail", schedule_policy=WINDOW)])["jobs"]
    assert windowed["before"]["window"] == [] and windowed["after"]["window"] == ["Mon-Fri 19:00-07:00"]
    found = calendar_changes([job("Mail")], [job("Mail", "23:30")])
    assert [hour for hour, count in enumerate(found["starts"]) if count == -1] == [22, 46, 70, 94, 118]
    assert [hour for hour, count in enumerate(found["starts"]) if count == 1] == [23, 47, 71, 95, 119]
    (entry,) = found["jobs"]
    assert (entry["before"]["schedule"], entry["after"]["schedule"]) == ("workdays 22:00", "workdays 23:30")
    assert entry["before"]["minutes"][0] == 22 * 60 and entry["after"]["minutes"][0] == 23 * 60 + 30


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({}, [], "before: must be a list of jobs"),
        ([], "x", "after: must be a list of jobs"),
        ([job("Mail", "25:00")], [], "before[0].schedule_policy.daily_time: "),
        ([], [1], "after[0]: must be a dictionary"),
    ],
)
def test_bad_input_is_named_by_its_path(before: t.Any, after: t.Any, words: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        calendar_changes(before, after)
    assert f"calendar_changes: {words}" in str(caught.value)


def entry(name: str, before: t.Any, after: t.Any, **more: t.Any) -> dict[str, t.Any]:
    return {"name": name, "id": IDS[0], "status": "ok", "before": before, "after": after, **more}


def test_the_jobs_of_a_result() -> None:
    """New, changed, deleted and unmanaged jobs, and a copy job that is deleted."""
    gone = {"action": "delete", "before": {**COPY, "job": "Both", "organization": "x"}, "after": {}}
    result = {
        "jobs": [
            entry("New", {}, job("New"), id=None),
            entry("Both", job("Both"), job("Both", "23:00"), copy_job=gone),
            entry("Gone", job("Gone"), {}),
        ],
        "unmanaged": [{"name": "Stays", "id": IDS[1], "before": job("Stays")}],
    }
    sides = calendar_jobs(result)
    assert [one["name"] for one in sides["before"]] == ["Both", "Gone", "Stays"]
    assert [one["name"] for one in sides["after"]] == ["New", "Both", "Stays"]
    assert sides["before"][0]["copy_job"] == COPY and "copy_job" not in sides["after"][1]
    for one in result["jobs"][1:]:
        one["id"] = one["name"]
    found = calendar_changes(**calendar_jobs(result))
    changes = [(one["name"], one["kind"], one["change"]) for one in found["jobs"]]
    assert sorted(changes) == [
        ("Both", "backup", "moved"),
        ("Both", "copy", "gone"),
        ("Gone", "backup", "gone"),
        ("New", "backup", "new"),
    ]


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (None, "must be the result of vbo_jobs with details: true"),
        ({}, "must be the result of vbo_jobs with details: true"),
        ({"jobs": [{"name": "Mail"}]}, "must be the result of vbo_jobs with details: true"),
        ({"jobs": [entry("Mail", {}, {}, status="failed", msg="no repository")]}, "no repository"),
        ({"jobs": [entry("Mail", {"name": "a********"}, {})]}, "password or token of this task occurs"),
    ],
)
def test_what_is_no_comparison(result: t.Any, words: str) -> None:
    with pytest.raises(AnsibleFilterError, match=words):
        calendar_jobs(result)


# --- files -----------------------------------------------------------------------------------------------------------


def test_jobs_that_change_alike_stand_together() -> None:
    """On the page, in Markdown and over all servers they are grouped; the data contains each of them."""
    reports = [
        calendar_report(
            [job(f"Mail {number}", "23:00") for number in range(30)],
            f"vbo-{server}",
            "UTC",
            BEGIN,
            before=[job(f"Mail {number}") for number in range(30)],
        )
        for server in range(3)
    ]
    files = {file["name"]: file["content"] for file in calendar_files(reports, ["html", "json", "markdown"])}
    assert files["calendar.html"].count("today: workdays 22:00<br>planned: workdays 23:00") == 1
    assert "90 jobs" in files["calendar.html"] and "and 82 more" in files["calendar.html"]
    assert "90 jobs will start at other times." in files["calendar.md"]
    assert files["calendar.md"].count("| moved | workdays 22:00 | workdays 23:00 | vbo-0: Mail 0, ") == 1
    assert [report["changes"]["totals"]["moved"] for report in json.loads(files["calendar.json"])] == [30] * 3


def test_every_kind_in_every_format() -> None:
    files = {
        file["name"]: file["content"]
        for file in calendar_files(compared(), ["html", "markdown"], ["vbo-1", HOSTILE, "gone.example.com"])
    }
    for kind in ("gone", "moved", "new", "window"):
        assert f">{kind}</span>" in files["calendar.html"]
        assert re.search(rf"^\| {kind} \| ", files["calendar.md"], re.MULTILINE)
    assert "workdays 21:30, may run Mon-Fri 19:00-07:00" in files["calendar.md"]
    assert "Not in this calendar: gone.example.com." in files["calendar.md"]
    for text in files.values():
        assert "<script" not in text and "<img" not in text
    assert "\u22121</text>" in files["calendar.html"] and "+1</text>" in files["calendar.html"]


def test_what_was_not_compared_says_so() -> None:
    report = calendar_report([job("Mail")], "vbo-1", "UTC", BEGIN)
    same = calendar_report([job("Mail")], "vbo-1", "UTC", BEGIN, before=[job("Mail")])
    assert report["changes"] is None
    plain, other = (
        {f["name"]: f["content"] for f in calendar_files([r], ["html", "markdown"])} for r in (report, same)
    )
    assert "What changes" not in plain["calendar.html"] + plain["calendar.md"]
    assert "no server was asked" in plain["calendar.html"]
    assert all("Every job starts as before." in text for text in other.values())


def test_markdown_fits_into_a_comment() -> None:
    reports = [
        calendar_report(
            [job(f"Job {number} " + "x" * 100, f"{number % 20:02}:{number // 20:02}") for number in range(900)],
            "vbo-1",
            "UTC",
            BEGIN,
            before=[job(f"Job {number} " + "x" * 100, "22:30") for number in range(900)],
        )
    ]
    (file,) = calendar_files(reports, ["markdown"])
    assert len(file["content"].encode()) <= 60_000
    assert "Left out to fit into a comment: " in file["content"]
