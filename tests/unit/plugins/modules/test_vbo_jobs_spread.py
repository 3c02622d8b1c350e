# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""vbo_jobs chooses starts within a range: predicted, made, kept by the second run, on every version and host."""

from __future__ import annotations

import typing as t

from ...support.tasks import Tasks
from .test_vbo_jobs import Job, change, new

NIGHT = {"between": ["20:00", "04:00"], "step": 10}
HOURS = {"between": [0, 55]}


def spread(name: str, **options: t.Any) -> Job:
    return new(name, schedule_policy={"type": "daily", "daily_time": NIGHT}, **options)


def times(tasks: Tasks, *names: str) -> list[str]:
    return [tasks.server.job(name)["schedule_policy"]["daily_time"][:5] for name in names]


def test_places_are_chosen_once(tasks: Tasks) -> None:
    """The same in check mode; the second run changes nothing, whatever jobs were added or removed."""
    few, many = [spread("S1"), spread("S2")], [spread("A0"), spread("S2"), spread("s1"), spread("Z9")]
    made = tasks.twice_bulk(few)
    first = times(tasks, "S1", "S2")
    assert [job["after"]["schedule_policy"]["daily_time"] for job in _details(tasks, few)["jobs"]] == first
    assert len(set(first)) == 2 and made["summary"]["create"] == 2
    tasks.twice_bulk(many)
    assert times(tasks, "S1", "S2") == first and len(set(times(tasks, "A0", "S1", "S2", "Z9"))) == 4
    tasks.twice_bulk(
        [
            {**change("S1"), "state": "absent"},
            spread("S2"),
            spread("A0"),
            change("Z9", schedule_policy={"daily_time": "12:00"}),
        ]
    )
    assert times(tasks, "S2", "Z9") == [first[1], "12:00"]


def _details(tasks: Tasks, jobs: list[Job], **options: t.Any) -> dict[str, t.Any]:
    result = tasks.run("vbo_jobs", jobs=jobs, details=True, **options)
    assert not result["changed"], result["jobs"]
    return result


def test_what_was_chosen_is_told_and_costs_no_request(v8: Tasks) -> None:
    """A job that was renamed, or moved within its range, keeps its start; one moved out of the range is moved back."""
    v8.run("vbo_jobs", jobs=[spread("R1"), spread("R2")])
    v8.run("vbo_jobs", jobs=[change("R1", schedule_policy={"daily_time": "23:20"})])
    identifier = v8.server.job("R1")["id"]
    counts = []
    for policy in ({"type": "daily"}, {"type": "daily", "daily_time": NIGHT}):
        jobs = [change(name, schedule_policy=policy) for name in ("R1", "R2")]
        assert not v8.run("vbo_jobs", jobs=jobs)["changed"]
        counts.append(v8.server.counts()["total"])
    assert counts[0] == counts[1]
    renamed = [{**spread("Renamed"), "id": identifier}, spread("R2")]
    result = v8.run("vbo_jobs", jobs=renamed, details=True)
    assert result["jobs"][0]["spread"] == {"daily_time": {"value": "23:20", "reason": "kept", "shared_with": []}}
    assert times(v8, "Renamed") == ["23:20"]
    v8.run("vbo_jobs", jobs=[change("Renamed", schedule_policy={"daily_time": "23:25"})])
    v8.run("vbo_jobs", jobs=renamed)
    assert times(v8, "Renamed") != ["23:25"]


def test_offsets_are_chosen_too(v8: Tasks) -> None:
    policy = {"type": "periodically", "periodically_every": "hours4", "periodically_offset_minutes": HOURS}
    jobs = [new(name, schedule_policy=policy) for name in ("P1", "P2", "P3")]
    v8.run("vbo_jobs", jobs=jobs)
    found = {v8.server.job(name)["schedule_policy"]["periodically_offset_minutes"] for name in ("P1", "P2", "P3")}
    assert len(found) == 3 and all(minute % 5 == 0 for minute in found)
    assert not v8.run("vbo_jobs", jobs=jobs)["changed"]


def test_no_place_is_left(v8: Tasks) -> None:
    """A warning says so, two jobs share a start, and the second run changes nothing."""
    policy = {"type": "daily", "daily_time": {"between": ["22:00", "22:10"], "step": 10}}
    jobs = [new(name, schedule_policy=policy) for name in ("N1", "N2", "N3")]
    result = v8.run("vbo_jobs", jobs=jobs, warnings=True, details=True)
    shared = [job for job in result["jobs"] if job["spread"]["daily_time"]["reason"] == "shared"]
    assert len(shared) == 1 and "2 start times" in shared[0]["warnings"][0]
    assert any("2 start times" in text for text in result["warnings"])
    assert not v8.run("vbo_jobs", jobs=jobs, warnings=True)["changed"]


def test_a_job_alone_has_no_range(v8: Tasks) -> None:
    result = v8.raw("vbo_job", **spread("Alone"))
    assert (
        result["failed"] and result["error"]["option"] == "schedule_policy.daily_time" and "vbo_jobs" in result["msg"]
    )
    assert v8.server.counts()["total"] == 0
    wrong = [spread("A"), new("B", schedule_policy={"daily_time": {"between": ["20:00"]}})]
    failed = v8.raw("vbo_jobs", jobs=wrong)
    assert (
        failed["error"]["option"] == "jobs[1].schedule_policy.daily_time.between" and v8.server.counts()["total"] == 0
    )


def test_jobs_that_cannot_be_planned_do_not_matter(v8: Tasks) -> None:
    """For example one with an unknown organization, or one with state absent."""
    jobs = [spread("A", organization="nowhere"), {**spread("Finance mail"), "state": "absent"}, spread("C")]
    result = v8.raw("vbo_jobs", jobs=jobs, on_error="continue", details=True)
    assert result["jobs"][0]["status"] == "failed" and "nowhere" in result["msg"]
    assert v8.server.job("C") and not v8.server.job("A")


def test_a_saved_plan_has_the_places(v8: Tasks) -> None:
    """It is applied as planned and completed after an interruption; another range, or a taken start, is rejected."""
    jobs = [spread("A"), spread("B")]
    predicted = v8.raw("vbo_jobs", jobs=jobs, check=True, fingerprints=True)
    plan = predicted["plan"]
    wider = [spread("A"), new("B", schedule_policy={"type": "daily", "daily_time": {**NIGHT, "step": 20}})]
    refused = v8.raw("vbo_jobs", jobs=wider, plan=plan)
    assert refused["failed"] and "schedule_policy.daily_time" in refused["msg"] and not v8.server.job("A")
    planned = {
        job["name"]: change["after"]
        for job in plan["jobs"]
        for change in job["changes"]
        if change["field"] == "schedule_policy.daily_time"
    }
    v8.raw("vbo_jobs", jobs=jobs[1:])
    made = v8.raw("vbo_jobs", jobs=jobs, plan=plan)
    assert not made.get("failed"), made["msg"]
    assert dict(zip(("A", "B"), times(v8, "A", "B"), strict=True)) == planned
    assert not v8.raw("vbo_jobs", jobs=jobs, plan=plan)["changed"]
