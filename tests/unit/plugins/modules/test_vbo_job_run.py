# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(vbo_job_run): start, stop, wait, and concurrent actions of others."""

from __future__ import annotations

import re
import time
import typing as t

import pytest
import requests
from ansible_collections.backupops.vbo365.plugins.module_utils._api._client import Client

from ...support.clock import hurry
from ...support.sandbox import PASSWORD, USERNAME, Server
from ...support.tasks import Tasks

MODULE = "vbo_job_run"
CONTOSO = "contoso.onmicrosoft.com"
JOB = {"name": "Engineering sites", "organization": CONTOSO}
JOB_ID = "b30e9c72-1f84-45ad-8d6b-94c5e7a2f018"
FORMER = "6d41f8a3-c95e-4b07-a2f6-08b3d7e15c9a"
LABEL = f"job 'Engineering sites' in organization '{CONTOSO}'"
#: the status of a run until it has ended
UNDER_WAY = ("Queued", "Running")
AT_ONCE = {"queued_seconds": 0, "running_seconds": 0}
FOR_EVER = {"queued_seconds": 0, "running_seconds": 600}

one_host = pytest.mark.parametrize("host", ["controller"])
#: one version for each way to start a job and to find its session
each_way = pytest.mark.parametrize("version", ["v4", "v6", "v7", "v8"])


def action(tasks: Tasks, verb: str, job_id: str = JOB_ID) -> str:
    """Return where a version accepts the action."""
    return f"POST Jobs/{job_id}/{'Action' if tasks.number <= 5 else verb}"


def sessions(server: Server, job_id: str = JOB_ID) -> list[dict[str, t.Any]]:
    """Return the runs of a job; the state omits default values."""
    return [{"status": "Success", **run} for run in server.state()["sessions"] if run["job"] == job_id]


def status(server: Server, job_id: str = JOB_ID) -> str:
    job = next(job for job in server.state()["jobs"] if job["id"] == job_id)
    return job.get("last_status", "Stopped")


def behind(server: Server, path: str, body: t.Any = None) -> None:
    """Return what somebody else does in the meantime, over API v8; it appears in the log."""
    form = {"grant_type": "password", "username": USERNAME, "password": PASSWORD, "disable_antiforgery_token": "true"}
    login = requests.post(f"{server.url}/v8/token", data=form, verify=server.ca_path, timeout=10)
    headers = {"Authorization": f"Bearer {login.json()['access_token']}"}
    reply = requests.post(f"{server.url}/v8/{path}", json=body, headers=headers, verify=server.ca_path, timeout=10)
    assert reply.status_code < 300, reply.text


def start_behind(server: Server, job_id: str = JOB_ID) -> str:
    """Let somebody else start the job; return the id of that run once the job shows it."""
    known = {run["id"] for run in sessions(server, job_id)}
    behind(server, f"Jobs/{job_id}/start", {"full": False})
    (started,) = [run["id"] for run in sessions(server, job_id) if run["id"] not in known]
    return started


@pytest.fixture(autouse=True)
def _quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a second between two reads a tenth of one, except where the interval itself is tested."""
    if request.function is not test_the_interval_is_kept:
        hurry(monkeypatch, 10)


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> t.Callable[[str, t.Callable[[], t.Any]], None]:
    """Call the function once, right before the client sends its first request that matches the pattern."""

    def install(pattern: str, deed: t.Callable[[], t.Any]) -> None:
        original = Client.request
        todo = [deed]

        def request(self: Client, method: str, resource: str, **options: t.Any) -> t.Any:
            if todo and re.search(pattern, f"{method} {resource}"):
                todo.pop()()
            return original(self, method, resource, **options)

        monkeypatch.setattr(Client, "request", request)

    return install


# --- start -----------------------------------------------------------------------------------------------------------


def test_start_and_wait(tasks: Tasks) -> None:
    """Check mode starts nothing and predicts the result; the real run returns the resulting session."""
    server = tasks.server
    server.switch(**AT_ONCE)
    predicted = tasks.raw(MODULE, check=True, **JOB)
    assert (predicted["changed"], predicted["action"], predicted["session"]) == (True, "start", {})
    assert sessions(server) == [] and server.writes() == []

    result = tasks.run(MODULE, **JOB, wait_interval=1)
    assert (result["changed"], result["action"]) == (True, "start")
    assert result["job"] == {"id": JOB_ID, "name": "Engineering sites", "organization": CONTOSO}
    assert server.writes() == [action(tasks, "start")]
    (run,) = sessions(server)
    assert (run["status"], run.get("full", False)) == ("Success", False)
    assert status(server) == "Success"
    session = result["session"]
    assert (session["id"], session["job_id"], session["status"]) == (run["id"], JOB_ID, "success")
    assert session["creation_time"] == run["creation_time"] and session["end_time"] == run["end_time"]
    asked = {entry["path"].split("/", 2)[2] for entry in server.log() if "JobSessions" in entry["path"]}
    lists = {path for path in asked if path.endswith("JobSessions")}
    assert lists <= {"JobSessions" if tasks.number >= 7 else f"Jobs/{JOB_ID}/JobSessions"}
    assert f"JobSessions/{run['id']}" in asked
    (start,) = [entry for entry in server.log() if entry["write"]]
    assert start["body"] == ({"start": None} if tasks.number <= 5 else {"full": False})


@each_way
@one_host
def test_start_without_waiting(tasks: Tasks) -> None:
    """The session exists and has not ended."""
    tasks.server.switch(**FOR_EVER)
    result = tasks.run(MODULE, **JOB, wait=False)
    (run,) = sessions(tasks.server)
    assert run["status"] in UNDER_WAY
    assert (result["session"]["id"], result["session"]["status"]) == (run["id"], run["status"].lower()) or (
        result["session"]["status"] in ("queued", "running")
    )


@pytest.mark.parametrize("version", ["v6", "v7", "v8"])
def test_full(tasks: Tasks) -> None:
    """The body of the request asks for an active full backup."""
    tasks.server.switch(**AT_ONCE)
    tasks.run(MODULE, **JOB, full=True, wait=False)
    (start,) = [entry for entry in tasks.server.log() if entry["write"]]
    assert start["body"] == {"full": True}
    assert [run.get("full", False) for run in sessions(tasks.server)] == [True]


@pytest.mark.parametrize("version", ["v3", "v5"])
@one_host
def test_full_is_refused_by_old_versions(tasks: Tasks) -> None:
    """Before any request, with the option and the first version that supports it."""
    result = tasks.fails(MODULE, **JOB, full=True)
    assert result["msg"].startswith("full: ") and "v6" in result["msg"] and tasks.version in result["msg"]
    assert (result["error"]["code"], result["error"]["option"]) == ("Unsupported", "full")
    assert tasks.server.log() == []


@each_way
@one_host
def test_a_disabled_job_can_be_started(tasks: Tasks) -> None:
    """Being disabled stops only the schedule, and the start does not enable the job."""
    tasks.server.switch(**AT_ONCE)
    result = tasks.run(MODULE, id=FORMER)
    assert (result["action"], result["session"]["status"]) == ("start", "success")
    assert result["job"] == {"id": FORMER, "name": "Former staff", "organization": CONTOSO}
    assert next(job for job in tasks.server.state()["jobs"] if job["id"] == FORMER)["is_enabled"] is False
    assert tasks.server.writes() == [action(tasks, "start", FORMER)]


@each_way
@one_host
def test_already_running_is_no_change(tasks: Tasks) -> None:
    """It is not started again; the session is that of the current run."""
    tasks.server.switch(**FOR_EVER)
    run = start_behind(tasks.server)
    result = tasks.run(MODULE, **JOB, wait=False)
    assert (result["changed"], result["action"], result["session"]["id"]) == (False, "none", run)
    assert tasks.server.writes() == []
    assert len(sessions(tasks.server)) == 1


@pytest.mark.parametrize("queued", [True, False])
def test_already_running_is_waited_for(v8: Tasks, queued: bool) -> None:
    """A run of somebody else is waited for like one's own, queued or running."""
    v8.server.switch(queued_seconds=0.6 if queued else 0, running_seconds=0 if queued else 0.6)
    run = start_behind(v8.server)
    v8.server.forget()
    result = v8.raw(MODULE, **JOB, wait_interval=1)
    assert (result["changed"], result["action"]) == (False, "none")
    assert (result["session"]["id"], result["session"]["status"]) == (run, "success")
    assert v8.server.writes() == []


@pytest.mark.parametrize("version", ["v5", "v8"])
@pytest.mark.parametrize("start_running", ["reject", "accept"])
@pytest.mark.parametrize("moment", ["before the start", "before the list of sessions", "before the first look"])
@one_host
def test_somebody_else_starts_it_in_between(
    tasks: Tasks, start_running: str, moment: str, between: t.Callable[..., None]
) -> None:
    """Whoever is first, there is one run, and it is returned and waited for."""
    server = tasks.server
    server.switch(queued_seconds=0, running_seconds=0.5, start_running=start_running)
    pattern = {
        "before the start": r"^POST Jobs/",
        "before the list of sessions": r"^GET .*JobSessions$",
        "before the first look": r"^GET (Organizations|Jobs)",
    }[moment]
    runs: list[str] = []
    between(pattern, lambda: runs.append(start_behind(server)))
    begun = time.monotonic()
    result = tasks.raw(MODULE, **JOB, wait_interval=1)
    assert not result.get("failed"), result.get("msg")
    assert [run["id"] for run in sessions(server)] == runs
    assert result["session"].get("id") == runs[0]
    assert result["session"]["status"] == "success"
    assert status(server) == "Success", "it was not waited for"
    assert time.monotonic() - begun < 8, "the session was looked for where it cannot be"
    if start_running == "reject" or moment == "before the first look":
        assert (result["changed"], result["action"]) == (False, "none"), "the run is somebody else's"


def test_a_refusal_that_is_no_race_is_passed_on(v8: Tasks) -> None:
    """The message of the server, with the request; nothing runs."""
    body = {"message": "The proxy is offline.", "errorCode": "ProxyOffline"}
    rule = {"match": {"method": "POST", "path": "/start$"}, "then": {"status": 500, "body": body}}
    v8.server.control("PUT", "faults", [rule])
    result = v8.raw(MODULE, **JOB)
    v8.server.control("DELETE", "faults")
    assert result["failed"] and not result.get("changed")
    path = f"/v8/Jobs/{JOB_ID}/start"
    assert result["msg"].startswith(
        f"Cannot start {LABEL}: The proxy is offline (ProxyOffline, HTTP 500, POST {path})."
    )
    assert result["error"] == {
        "status": 500,
        "code": "ProxyOffline",
        "message": "The proxy is offline.",
        "method": "POST",
        "path": path,
    }
    assert sessions(v8.server) == []


def test_v8_may_answer_without_the_session(v8: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    """204 instead of 200 with the session: it is found in the list."""
    v8.server.switch(**AT_ONCE)
    original = Client.request

    def request(self: Client, method: str, resource: str, **options: t.Any) -> t.Any:
        answer = original(self, method, resource, **options)
        return None if resource.endswith("/start") else answer

    monkeypatch.setattr(Client, "request", request)
    result = v8.run(MODULE, **JOB)
    (run,) = sessions(v8.server)
    assert (result["session"]["id"], result["session"]["status"]) == (run["id"], "success")
    assert {"path": "/v8/JobSessions", "job": JOB_ID} in [
        {"path": entry["path"], "job": JOB_ID} for entry in v8.server.log() if f"jobId={JOB_ID}" in entry["query"]
    ]


@each_way
@one_host
@pytest.mark.parametrize("speed", [AT_ONCE, {"queued_seconds": 0, "running_seconds": 0.5}], ids=["over", "running"])
def test_a_lost_answer_starts_it_once(tasks: Tasks, speed: dict[str, float]) -> None:
    """The job is not started again, not even when the run is already over."""
    tasks.server.switch(**speed)
    rule = {"match": {"method": "POST", "path": "/(start|Action)$"}, "times": 1, "then": {"reset_after": True}}
    tasks.server.control("PUT", "faults", [rule])
    tasks.server.forget()
    result = tasks.raw(MODULE, **JOB, wait_interval=1)
    tasks.server.control("DELETE", "faults")
    assert not result.get("failed"), result.get("msg")
    (run,) = sessions(tasks.server)
    assert (result["changed"], result["session"]["id"], result["session"]["status"]) == (True, run["id"], "success")
    assert tasks.server.writes() == [action(tasks, "start")]


# --- how it ends -----------------------------------------------------------------------------------------------------


@one_host
def test_a_failed_run_fails_the_task(tasks: Tasks) -> None:
    """The result contains the session, and the line of its log with the reason."""
    tasks.server.switch(**AT_ONCE, session_result="Failed")
    result = tasks.raw(MODULE, **JOB)
    assert result["failed"] and result["changed"]
    (run,) = sessions(tasks.server)
    assert (result["session"]["id"], result["session"]["status"]) == (run["id"], "failed")
    assert result["msg"].startswith(f"Cannot start {LABEL}: ")
    assert "ended with status 'failed': The connection to Microsoft 365 was lost" in result["msg"]
    assert "[Error]" not in result["msg"]
    assert status(tasks.server) == "Failed"


ENDS: list[tuple[str, list[str] | None, bool]] = [
    ("Success", None, False),
    ("Success", ["failed", "warning", "stopped"], False),
    ("Warning", None, False),
    ("Warning", ["warning"], True),
    ("Warning", ["failed"], False),
    ("Failed", None, True),
    ("Failed", [], False),
    ("Failed", ["warning"], False),
]


@pytest.mark.parametrize(("end", "fail_on", "fails"), ENDS)
def test_fail_on(v8: Tasks, end: str, fail_on: list[str] | None, fails: bool) -> None:
    """Only the listed results fail the task; by default a failed run does."""
    v8.server.switch(**AT_ONCE, session_result=end)
    options = {} if fail_on is None else {"fail_on": fail_on}
    result = v8.raw(MODULE, **JOB, **options)
    assert result.get("failed", False) is fails
    assert (result["changed"], result["session"]["status"]) == (True, end.lower())


def test_not_waited_for_it_cannot_fail(v8: Tasks) -> None:
    """C(fail_on) applies only while waiting."""
    v8.server.switch(**AT_ONCE, session_result="Failed")
    assert not v8.raw(MODULE, **JOB, wait=False).get("failed")


def test_somebody_elses_run_that_fails(v8: Tasks) -> None:
    """The task fails and has changed nothing."""
    v8.server.switch(queued_seconds=0, running_seconds=0.5, session_result="Failed")
    run = start_behind(v8.server)
    result = v8.raw(MODULE, **JOB, wait_interval=1)
    assert result["failed"] and result["session"]["id"] == run
    assert result["changed"] is False


@pytest.mark.parametrize(("fail_on", "fails"), [(None, False), (["stopped"], True)])
def test_stopped_meanwhile(v8: Tasks, between: t.Callable[..., None], fail_on: list[str] | None, fails: bool) -> None:
    """Somebody stops the run that the task waits for."""
    v8.server.switch(**FOR_EVER, stopping_seconds=0)
    between(r"^GET JobSessions/", lambda: behind(v8.server, f"Jobs/{JOB_ID}/stop"))
    options = {} if fail_on is None else {"fail_on": fail_on}
    result = v8.raw(MODULE, **JOB, **options, wait_interval=1, wait_timeout=20)
    assert result.get("failed", False) is fails
    assert result["session"]["status"] == "stopped"


@each_way
@one_host
def test_too_long(tasks: Tasks) -> None:
    """The time limit fails the task with the last state of the session; the job continues."""
    tasks.server.switch(**FOR_EVER)
    begun = time.monotonic()
    result = tasks.raw(MODULE, **JOB, wait_timeout=1, wait_interval=1)
    assert time.monotonic() - begun < 20
    assert result["failed"] and result["changed"]
    assert result["msg"].startswith(f"Cannot start {LABEL}: ") and "after 1 s" in result["msg"]
    assert "wait_timeout" in result["msg"]
    (run,) = sessions(tasks.server)
    assert (result["session"]["id"], result["session"]["status"]) == (run["id"], "running")
    assert run["status"] == "Running"


def test_the_interval_is_kept(v8: Tasks) -> None:
    """The server is not asked more often than configured."""
    v8.server.switch(queued_seconds=0, running_seconds=1.5)
    v8.server.forget()
    v8.raw(MODULE, **JOB, wait_interval=1)
    looks = [entry for entry in v8.server.log() if re.search("/JobSessions/[^/]+$", entry["path"])]
    assert 2 <= len(looks) <= 3


# --- stop ------------------------------------------------------------------------------------------------------------


def test_stop(tasks: Tasks) -> None:
    """Predicted, done, waited for; the second time there is nothing to stop."""
    server = tasks.server
    server.switch(**FOR_EVER, stopping_seconds=0.1)
    start_behind(server)
    stopped = tasks.run(MODULE, **JOB, state="stopped", wait_interval=1)
    assert (stopped["changed"], stopped["action"], stopped["session"]) == (True, "stop", {})
    assert server.writes() == [action(tasks, "stop")]
    (stop,) = [entry for entry in server.log() if entry["write"]]
    assert stop.get("body") == ({"stop": None} if tasks.number <= 5 else None)
    assert [run["status"] for run in sessions(server)] == ["Stopped"]
    assert status(server) == "Stopped", "it was not waited for"
    again = tasks.run(MODULE, **JOB, state="stopped")
    assert (again["changed"], again["action"]) == (False, "none")
    assert server.writes() == []


@pytest.mark.parametrize("stop_idle", ["reject", "accept"])
def test_stop_idle_asks_nothing(v8: Tasks, stop_idle: str) -> None:
    """No request to stop is sent."""
    v8.server.switch(stop_idle=stop_idle)
    result = v8.run(MODULE, **JOB, state="stopped")
    assert (result["changed"], v8.server.writes()) == (False, [])


def test_stop_without_waiting(v8: Tasks) -> None:
    """The stop was requested, and the job may still be stopping."""
    v8.server.switch(**FOR_EVER, stopping_seconds=600)
    start_behind(v8.server)
    assert v8.run(MODULE, **JOB, state="stopped", wait=False)["action"] == "stop"
    assert [run["status"] in UNDER_WAY for run in sessions(v8.server)] == [True]


def test_stop_takes_too_long(v8: Tasks) -> None:
    """The limit applies to stopping too."""
    v8.server.switch(**FOR_EVER, stopping_seconds=600)
    start_behind(v8.server)
    result = v8.raw(MODULE, **JOB, state="stopped", wait_timeout=1, wait_interval=1)
    assert result["failed"]
    assert result["msg"].startswith(f"Cannot stop {LABEL}: ") and "still running" in result["msg"]


@pytest.mark.parametrize("version", ["v5", "v8"])
@pytest.mark.parametrize("stop_idle", ["reject", "accept"])
@one_host
def test_it_ends_right_before_the_stop(tasks: Tasks, stop_idle: str, between: t.Callable[..., None]) -> None:
    """A rejected stop of a job that has ended is neither an error nor a change of this task."""
    server = tasks.server
    server.switch(**FOR_EVER, stopping_seconds=0, stop_idle=stop_idle)
    start_behind(server)
    between(r"^POST Jobs/", lambda: (behind(server, f"Jobs/{JOB_ID}/stop"), sessions(server), status(server)))
    result = tasks.raw(MODULE, **JOB, state="stopped", wait_interval=1)
    assert not result.get("failed"), result.get("msg")
    assert status(server) == "Stopped"
    if stop_idle == "reject":
        assert (result["changed"], result["action"]) == (False, "none")


def test_a_lost_answer_to_a_stop(v8: Tasks) -> None:
    """The stop is requested once."""
    v8.server.switch(**FOR_EVER, stopping_seconds=0)
    start_behind(v8.server)
    rule = {"match": {"method": "POST", "path": "/stop$"}, "times": 1, "then": {"reset_after": True}}
    v8.server.control("PUT", "faults", [rule])
    v8.server.forget()
    result = v8.raw(MODULE, **JOB, state="stopped", wait_interval=1)
    v8.server.control("DELETE", "faults")
    assert not result.get("failed"), result.get("msg")
    assert result["changed"] and v8.server.writes() == [action(v8, "stop")]


# --- which job -------------------------------------------------------------------------------------------------------


def test_which_job(v8: Tasks) -> None:
    """By id, by name in any case; unknown and ambiguous names are errors, also in check mode."""
    v8.server.switch(**AT_ONCE)
    for identity in ({"id": JOB_ID.upper()}, {"name": "ENGINEERING sites"}):
        result = v8.run(MODULE, **identity)
        assert result["job"] == {"id": JOB_ID, "name": "Engineering sites", "organization": CONTOSO}
    for state in ("started", "stopped"):
        missing = v8.fails(MODULE, name="Engineering", organization=CONTOSO, state=state)
        verb = "start" if state == "started" else "stop"
        assert missing["msg"].startswith(f"Cannot {verb} job 'Engineering' in organization '{CONTOSO}': ")
        assert "it does not exist" in missing["msg"]
    wrong = v8.fails(MODULE, id=JOB_ID, organization="fabrikam.onmicrosoft.com")
    assert CONTOSO in wrong["msg"]
    state = v8.server.state()
    next(job for job in state["jobs"] if job["name"] == "Workshop")["name"] = "Engineering sites"
    v8.server.replace(state)
    twins = v8.fails(MODULE, name="Engineering sites")
    assert "not unique" in twins["msg"] and JOB_ID in twins["msg"]


@each_way
@one_host
@pytest.mark.parametrize(
    "switches",
    [{"extra_fields": True}, {"null_instead_of_missing": True}, {"page_size_max": 1, "v8_next_links_v7": True}],
    ids=lambda switches: next(iter(switches)),
)
def test_what_servers_may_do(tasks: Tasks, switches: dict[str, t.Any]) -> None:
    """Unknown fields and statuses, nulls and short pages make no difference; older runs are not used instead."""
    tasks.server.switch(**AT_ONCE, **switches)
    first = tasks.raw(MODULE, **JOB)
    second = tasks.raw(MODULE, **JOB)
    assert first["session"]["id"] != second["session"]["id"]
    assert {first["session"]["id"], second["session"]["id"]} == {run["id"] for run in sessions(tasks.server)}
