# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(vbo_job_session_info): sessions of one job or of all, their filters and their logs, on every API version."""

from __future__ import annotations

import typing as t

import pytest

from ...support.tasks import Tasks

MODULE = "vbo_job_session_info"
CONTOSO = "contoso.onmicrosoft.com"
FINANCE = "51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95"
TENANT = "2c8b6f15-47da-4e90-93b7-d10e5a68f3c4"
FINANCE_RUN = "0e7b5c92-d4a1-4f38-b6e9-83c2a1d0f574"
TENANT_RUN = "d83f1c6a-2b70-4e95-8a4d-50e9c7b1f263"
COPY_RUN = "94a6e0d7-f18c-4b32-a5d9-3c7e2b04f861"

one_host = pytest.mark.parametrize("host", ["controller"])


def ids(result: dict[str, t.Any]) -> list[str]:
    return [session["id"] for session in result["sessions"]]


def add_runs(tasks: Tasks, number: int) -> list[str]:
    """Add runs of Finance mail, one a day in March; return their ids, the oldest first."""
    state = tasks.server.state()
    ends = ("Success", "Warning", "Failed", "Stopped")
    added = []
    for day in range(1, number + 1):
        added.append(
            {
                "id": f"00000000-0000-4000-8000-{day:012d}",
                "job": FINANCE,
                "creation_time": f"2026-03-{day:02d}T21:00:00.1234567Z",
                "end_time": f"2026-03-{day:02d}T21:30:00Z",
                "status": ends[day % 4],
                "progress": day,
            }
        )
    # the order of the server is undefined, and so is that of this state
    state["sessions"] = added[1::2] + state["sessions"] + added[::2]
    tasks.server.replace(state)
    return [run["id"] for run in added]


def test_what_is_returned(tasks: Tasks) -> None:
    """All sessions, the newest first; details of one; never a change."""
    result = tasks.run(MODULE)
    assert (result["changed"], result["api_version"]) == (False, tasks.version)
    runs = sorted(tasks.server.state()["sessions"], key=lambda run: run["creation_time"], reverse=True)
    shown = [run["id"] for run in runs if tasks.number >= 6 or run.get("job_type") != "Copy"]
    assert ids(result) == shown and {FINANCE_RUN, TENANT_RUN} <= set(shown)
    assert (COPY_RUN in shown) is (tasks.number >= 6)
    assert tasks.server.writes() == []

    (session,) = tasks.run(MODULE, name="Finance mail", organization=CONTOSO)["sessions"]
    facts = {key: session[key] for key in ("id", "job_id", "status", "creation_time", "end_time", "progress")}
    assert facts == {
        "id": FINANCE_RUN,
        "job_id": FINANCE,
        "status": "success",
        "creation_time": "2026-02-03T21:00:04.221671Z",
        "end_time": "2026-02-03T21:17:49.9032211Z",
        "progress": 128,
    }
    assert session["statistics"]["processed_objects"] == 128 and session["statistics"]["bottleneck"] == "source"
    assert "log_items" not in session and "_links" not in session
    lists = {entry["path"].split("/", 2)[2] for entry in tasks.server.log() if "JobSessions" in entry["path"]}
    assert lists == {"JobSessions" if tasks.number >= 7 else f"Jobs/{FINANCE}/JobSessions"}


def test_log_items(tasks: Tasks) -> None:
    """In order, with type and message separated on every version."""
    (session,) = tasks.run(MODULE, id=FINANCE, log_items=True)["sessions"]
    assert [(item["type"], item["message"]) for item in session["log_items"]] == [
        ("success", "Job started"),
        ("success", "Job finished with the status Success"),
    ]
    assert session["log_items"][0]["creation_time"] == "2026-02-03T21:00:04.221671Z"
    asked = [entry["path"] for entry in tasks.server.log() if entry["path"].endswith("LogItems")]
    assert asked == [f"/{tasks.version}/JobSessions/{FINANCE_RUN}/LogItems"]


@pytest.mark.parametrize("version", ["v4", "v6", "v8"])
@one_host
def test_filters(tasks: Tasks) -> None:
    """By status, since a point in time, only the newest, and combined."""
    runs = add_runs(tasks, 12)

    def found(**options: t.Any) -> list[str]:
        return ids(tasks.run(MODULE, id=FINANCE, **options))

    assert found() == [*reversed(runs), FINANCE_RUN]
    assert found(status=["failed"]) == [runs[9], runs[5], runs[1]]
    assert found(status=["warning", "failed"], newest=3) == [runs[9], runs[8], runs[5]]
    assert found(since="2026-03-11") == [runs[11], runs[10]]
    assert found(since="2026-03-11T21:00:00.5Z") == [runs[11]]
    assert found(since="2026-03-12T00:00:00+03:00") == [runs[11], runs[10]]
    assert found(since="2026-03-12T00:00:00+02:00") == [runs[11]]
    assert found(since="2026-03-11T22:00:00.1+01:00") == [runs[11], runs[10]]
    assert found(newest=1) == [runs[11]]
    assert found(since="2027-01-01") == []
    assert found(status=["running"]) == []
    assert FINANCE_RUN in ids(tasks.run(MODULE)) and TENANT_RUN in ids(tasks.run(MODULE))
    assert ids(tasks.run(MODULE, id=TENANT)) == [TENANT_RUN]


@one_host
def test_more_than_a_page(tasks: Tasks) -> None:
    """Short pages are read to the end, including those of the log."""
    runs = add_runs(tasks, 25)
    state = tasks.server.state()
    run = next(session for session in state["sessions"] if session["id"] == runs[-1])
    run["log"] = [
        {
            "id": f"00000000-0000-4000-9000-{line:012d}",
            "type": "Warning" if line == 17 else "Success",
            "message": f"Line {line}",
            "creation_time": "2026-03-25T21:00:00Z",
            "end_time": "2026-03-25T21:00:00Z",
        }
        for line in range(1, 24)
    ]
    tasks.server.replace(state)
    tasks.server.switch(page_size_max=10, v8_next_links_v7=True, null_instead_of_missing=True, extra_fields=True)
    result = tasks.run(MODULE, id=FINANCE, log_items=True, newest=26)
    assert ids(result) == [*reversed(runs), FINANCE_RUN]
    log = result["sessions"][0]["log_items"]
    assert [item["message"] for item in log] == [f"Line {line}" for line in range(1, 24)]
    assert [number for number, item in enumerate(log, 1) if item["type"] == "warning"] == [17]
    assert {entry["version"] for entry in tasks.server.log()} == {tasks.version}
    if tasks.number >= 5:
        assert len([entry for entry in tasks.server.log() if entry["path"].endswith("JobSessions")]) == 3


@one_host
def test_the_server_promises_no_order(tasks: Tasks) -> None:
    """The newest is first even if the server lists them differently; offsets and seven digits of a second count."""
    times = {
        "second": "2026-03-02T00:30:00.1234568+02:00",
        "oldest": "2026-03-01T22:00:00Z",
        "newest": "2026-03-01T22:30:00.9Z",
        "third": "2026-03-01T22:30:00.1234560Z",
    }
    results = [{"id": name, "creationTime": at, "status": "Success", "_links": {}} for name, at in times.items()]
    body = {"offset": 0, "limit": 1000, "results": results} if tasks.number >= 5 else results
    rule = {"match": {"method": "GET", "path": "/JobSessions$"}, "then": {"status": 200, "body": body}}
    tasks.server.control("PUT", "faults", [rule])
    result = tasks.raw(MODULE)
    tasks.server.control("DELETE", "faults")
    assert ids(result) == ["newest", "second", "third", "oldest"]


@one_host
def test_a_run_under_way(tasks: Tasks) -> None:
    """Listed first, without an end."""
    tasks.server.switch(queued_seconds=0, running_seconds=600)
    started = tasks.raw("vbo_job_run", id=FINANCE, wait=False)["session"]["id"]
    result = tasks.run(MODULE, id=FINANCE, status=["running", "queued"])
    assert ids(result) == [started]
    assert result["sessions"][0]["end_time"] is None


def test_mistakes(v8: Tasks) -> None:
    """An invalid point in time, an unknown job, an unknown organization."""
    since = v8.fails(MODULE, since="yesterday")
    assert since["msg"].startswith("since: 'yesterday' is not a valid date or time")
    assert v8.fails(MODULE, since="2026-02-30")["msg"].startswith("since: ")
    assert v8.fails(MODULE, since="2026-02-03T25:00:00Z")["msg"].startswith("since: ")
    job = v8.fails(MODULE, name="Finance", organization=CONTOSO)
    assert f"job 'Finance' in organization '{CONTOSO}' does not exist" in job["msg"]
    assert "does not exist" in v8.fails(MODULE, id=COPY_RUN)["msg"]
    organization = v8.fails(MODULE, name="Finance mail", organization="contosso.onmicrosoft.com")
    assert "Did you mean" in organization["msg"] and f"'{CONTOSO}'" in organization["msg"]


def test_an_organization_alone(v8: Tasks) -> None:
    """Sessions of other organizations' jobs are not returned."""
    result = v8.raw(MODULE, organization="fabrikam.onmicrosoft.com")
    assert result.get("failed") or ids(result) == [], "the option was ignored"
