# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Somebody else edits a job between our read and our write: undeclared values stay as the other writer set them."""

from __future__ import annotations

import threading
import time
import typing as t

import pytest

from ...support.hosts import Result
from ...support.sandbox import Server
from ...support.tasks import Tasks

CONTOSO = "contoso.onmicrosoft.com"
MINE = {"name": "Finance mail", "organization": CONTOSO, "schedule_policy": {"retry_enabled": True, "retry_number": 7}}
COPY = {"job": "Everything selected", "organization": CONTOSO, "schedule_policy": {"daily_time": "06:15"}}
DELAY = 0.6
State = dict[str, t.Any]


def of(state: State, name: str) -> State:
    return next(job for job in state["jobs"] if job["name"] == name)


def other_time(state: State) -> None:
    of(state, "Finance mail")["schedule_policy"]["daily_time"] = "04:44:00"


def other_description(state: State) -> None:
    of(state, "Finance mail")["description"] = "theirs"


def hidden_interval(state: State) -> None:
    """Return a setting that a daily schedule stores without using it."""
    of(state, "Finance mail")["schedule_policy"]["periodically_every"] = "Minutes30"


def meanwhile(server: Server, work: t.Callable[[], Result], edit: t.Callable[[State], None], times: int = 1) -> Result:
    """Run the task; the job is edited this many times while the server answers the read before the first write."""
    delayed = {"match": {"method": "GET", "path": "Jobs/[0-9a-f-]{36}$"}, "times": times, "then": {"delay": DELAY}}
    server.control("PUT", "faults", [delayed])
    found: list[Result] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    end = time.monotonic() + 30
    for number in range(1, times + 1):
        while server.control("GET", "faults")[0].get("acted", 0) < number:
            assert thread.is_alive() and time.monotonic() < end, found
            time.sleep(0.02)
        state = server.state()
        edit(state)
        server.replace(state)
    thread.join(30)
    server.control("DELETE", "faults")
    return found[0]


@pytest.mark.parametrize("edit", [other_time, other_description, hidden_interval])
def test_what_the_other_one_set_is_not_overwritten(tasks: Tasks, edit: t.Callable[[State], None]) -> None:
    server = tasks.server
    state = server.state()
    edit(state)
    result = meanwhile(server, lambda: tasks.raw("vbo_job", **MINE), edit)
    assert not result.get("failed"), result["msg"]
    job = of(server.state(), "Finance mail")
    theirs = of(state, "Finance mail")
    assert job["schedule_policy"].pop("retry_number") == 7 and job["schedule_policy"].pop("retry_enabled")
    for key in ("retry_number", "retry_enabled"):
        theirs["schedule_policy"].pop(key, None)
    assert {key: job[key] for key in ("description", "schedule_policy") if key in job} == {
        key: theirs[key] for key in ("description", "schedule_policy") if key in theirs
    }
    assert not tasks.raw("vbo_job", **MINE)["changed"]


def test_it_can_be_an_error(tasks: Tasks) -> None:
    server = tasks.server
    result = meanwhile(server, lambda: tasks.raw("vbo_job", **MINE, when_edited="fail"), other_time)
    assert result["msg"] == (
        "Cannot update job 'Finance mail' in organization 'contoso.onmicrosoft.com': "
        "schedule_policy.daily_time changed on the server after it was read. Run it again, or set when_edited: retry."
    )
    assert server.writes() == []


def test_a_job_that_is_edited_again_and_again(v8: Tasks) -> None:
    minutes = iter(range(60))

    def restless(state: State) -> None:
        of(state, "Finance mail")["schedule_policy"]["daily_time"] = f"04:{next(minutes):02d}:00"

    result = meanwhile(v8.server, lambda: v8.raw("vbo_job", **MINE), restless, times=5)
    assert result["failed"] and "schedule_policy.daily_time changed on the server" in result["msg"]
    assert v8.server.writes() == []


def test_a_job_that_is_deleted_meanwhile(v8: Tasks) -> None:
    def delete(state: State) -> None:
        state["jobs"].remove(of(state, "Finance mail"))

    for when_edited, text in (
        ("fail", "it was deleted by somebody else after it was read"),
        ("retry", "does not exist"),
    ):
        v8.server.reset()
        result = meanwhile(v8.server, lambda: v8.raw("vbo_job", **MINE, when_edited=when_edited), delete)  # noqa: B023
        assert result["failed"] and text in result["msg"], result["msg"]
        assert v8.server.writes() == []


@pytest.mark.parametrize("when_edited", ["retry", "fail"])
def test_one_of_many(v8: Tasks, when_edited: str) -> None:
    jobs = [{**MINE, "when_edited": when_edited}, {"name": "Tenant", "organization": CONTOSO, "description": "mine"}]
    server = v8.server
    options = {"jobs": jobs, "max_parallel": 1, "on_error": "continue"}
    result = meanwhile(server, lambda: v8.raw("vbo_jobs", **options), other_time)
    failed = when_edited == "fail"
    assert [job["status"] for job in result["jobs"]] == ["failed" if failed else "ok", "ok"]
    policy = of(server.state(), "Finance mail")["schedule_policy"]
    assert policy["daily_time"] == "04:44:00" and (policy.get("retry_number") == 7) is not failed
    assert of(server.state(), "Tenant")["description"] == "mine"


@pytest.mark.parametrize("when_edited", ["retry", "fail"])
def test_copy_jobs(v8: Tasks, when_edited: str) -> None:
    def off(state: State) -> None:
        state["copy_jobs"][0]["is_enabled"] = False

    server = v8.server
    options = {**COPY, "schedule_policy": {"type": "daily_at_time", "daily_time": "06:15"}, "when_edited": when_edited}
    result = meanwhile(server, lambda: v8.raw("vbo_copy_job", **options), off)
    copy = server.state()["copy_jobs"][0]
    assert copy["is_enabled"] is False
    if when_edited == "fail":
        assert "enabled changed on the server after it was read" in result["msg"] and server.writes() == []
    else:
        assert not result.get("failed"), result["msg"]
        assert copy["schedule_policy"]["daily_time"] == "06:15:00"
