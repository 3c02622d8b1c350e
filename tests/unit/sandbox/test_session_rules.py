# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Jobs, sessions and log items agree at all times, in every version, after any edits and starts."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from in_process import VERSIONS, Local, generated, parse_stamp

RUNNING = ("Running", "Queued")
RESULTS = ("Success", "Warning", "Failed", "Stopped")
#: the example in the vendor's document keeps its nextRun of 2017 until it runs
EXAMPLE = "3c407448-4d05-432f-a651-144827bed5ce"


@dataclass
class Seen:
    """The answers of one version at one time."""

    local: Local
    version: int
    now: Any
    jobs: list[dict[str, Any]]
    sessions: list[dict[str, Any]]
    of: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for session in self.sessions:
            self.of.setdefault(job_of(session), []).append(session)

    def ended(self, job: dict[str, Any]) -> list[dict[str, Any]]:
        """The ended sessions of a job, the newest first."""
        return [session for session in self.of.get(job["id"], []) if session["status"] not in RUNNING]


def job_of(session: dict[str, Any]) -> str:
    return session["_links"]["job"]["href"].rsplit("/", 1)[1]


def look(local: Local, version: int) -> Seen:
    now = parse_stamp(local.control("GET", "clock")["now"])
    jobs = local.results("Jobs", version) + (local.results("CopyJobs", version) if version >= 6 else [])
    return Seen(local, version, now, jobs, local.results("JobSessions", version))


# --- the rules: each yields what breaks it ----------------------------------------------------------------------------


def last_run_has_its_session(seen: Seen) -> Iterator[Any]:
    for job in seen.jobs:
        ended = seen.ended(job)
        if job.get("lastRun") != (ended[0]["creationTime"] if ended else None):
            yield job["name"], job.get("lastRun"), [entry["creationTime"] for entry in ended[:2]]


def last_status_is_that_of_the_newest_session(seen: Seen) -> Iterator[Any]:
    for job in seen.jobs:
        sessions = seen.of.get(job["id"], [])
        if job["lastStatus"] != (sessions[0]["status"] if sessions else "Stopped"):
            yield job["name"], job["lastStatus"], sessions[:1]


def last_backup_is_the_end_of_a_good_run(seen: Seen) -> Iterator[Any]:
    if seen.version < 7:
        return
    for job in seen.jobs:
        ends = [entry["endTime"] for entry in seen.ended(job) if entry["status"] in ("Success", "Warning")]
        # a state may begin with a failed run and have an older backup
        if ends and job.get("lastBackup") != ends[0]:
            yield job["name"], job.get("lastBackup"), ends[:1]


def next_run_is_ahead(seen: Seen) -> Iterator[Any]:
    for job in seen.jobs:
        if "nextRun" not in job:
            continue
        off = not job["isEnabled"] or job["schedulePolicy"].get("scheduleEnabled") is False
        if off or (parse_stamp(job["nextRun"]) <= seen.now and job["id"] != EXAMPLE):
            yield job["name"], job["nextRun"], seen.now


def one_run_at_a_time(seen: Seen) -> Iterator[Any]:
    for key, sessions in seen.of.items():
        ordered = list(reversed(sessions))
        for one, other in pairwise(ordered):
            if "endTime" not in one or parse_stamp(one["endTime"]) > parse_stamp(other["creationTime"]):
                yield key, one, other


def an_end_has_a_status(seen: Seen) -> Iterator[Any]:
    for session in seen.sessions:
        if (session["status"] in RESULTS) is not ("endTime" in session):
            yield session


def nothing_lies_ahead(seen: Seen) -> Iterator[Any]:
    for session in seen.sessions:
        end = parse_stamp(session.get("endTime", session["creationTime"]))
        if not parse_stamp(session["creationTime"]) <= end <= seen.now:
            yield session


def newest_first(seen: Seen) -> Iterator[Any]:
    moments = [parse_stamp(session["creationTime"]) for session in seen.sessions]
    if moments != sorted(moments, reverse=True):
        yield moments


def counts_add_up(seen: Seen) -> Iterator[Any]:
    for session in seen.sessions:
        moved = session["statistics"]["transferredDataBytes"] > 0
        if session["statistics"]["processedObjects"] != session["progress"] or moved is not (session["progress"] > 0):
            yield session


def retries_have_their_main_session(seen: Seen) -> Iterator[Any]:
    if seen.version < 7:
        return
    by_id = {session["id"]: session for session in seen.sessions}
    for session in seen.sessions:
        main = by_id.get(session.get("mainSessionId", ""))
        if bool(session["retryCount"]) is not ("mainSessionId" in session):
            yield session
        elif main is not None and (main["status"] not in ("Failed", "Warning") or job_of(main) != job_of(session)):
            yield session, main


def what_will_be_retried_is(seen: Seen) -> Iterator[Any]:
    if seen.version < 7:
        return
    pending = {entry.retry.session for entry in seen.local.server.state.jobs.values() if entry.retry is not None}
    for sessions in seen.of.values():
        for number, session in enumerate(sessions):
            following = sessions[number - 1] if number else None
            retried = following is not None and following["retryCount"] == session["retryCount"] + 1
            if session["jobWillBeRetried"] is not (retried or session["id"] in pending):
                yield session, following


def a_session_can_be_read(seen: Seen) -> Iterator[Any]:
    for session in seen.sessions[:20]:
        if seen.local.get(f"JobSessions/{session['id']}", seen.version) != session:
            yield session


def logs_tell_the_run(seen: Seen) -> Iterator[Any]:
    for session in seen.sessions[:20] + seen.sessions[-8:]:
        lines = seen.local.results(f"JobSessions/{session['id']}/LogItems", seen.version)
        texts = [line["title"] if seen.version < 8 else line["message"] for line in lines]
        times = [line["creationTime"] for line in lines]
        fine = lines and times[0] == session["creationTime"] and times == sorted(times)
        if "endTime" in session:
            fine = fine and times[-1] == session["endTime"] and any(session["status"] in text for text in texts)
            fine = fine and (session["status"] == "Success" or len(lines) > 2)
        if not fine:
            yield session, texts, times


def organizations_know_the_last_backup(seen: Seen) -> Iterator[Any]:
    state = seen.local.server.state
    for organization in state.organizations.values():
        jobs = [job for job in state.jobs.values() if job.organization == organization.id]
        latest = max((parse_stamp(job.last_backup) for job in jobs if job.last_backup), default=None)
        shown = organization.last_backup_time and parse_stamp(organization.last_backup_time)
        if latest is not None and (shown is None or shown < latest):
            yield organization.name, shown, latest


RULES: tuple[Callable[[Seen], Iterator[Any]], ...] = (
    last_run_has_its_session,
    last_status_is_that_of_the_newest_session,
    last_backup_is_the_end_of_a_good_run,
    next_run_is_ahead,
    one_run_at_a_time,
    an_end_has_a_status,
    nothing_lies_ahead,
    newest_first,
    counts_add_up,
    retries_have_their_main_session,
    what_will_be_retried_is,
    a_session_can_be_read,
    logs_tell_the_run,
    organizations_know_the_last_backup,
)


def check(local: Local, version: int) -> None:
    seen = look(local, version)
    broken = {rule.__name__: found for rule in RULES if (found := list(rule(seen))[:2])}
    assert broken == {}, (version, seen.now)


# --- what may happen meanwhile ----------------------------------------------------------------------------------------


def edit_something(local: Local, rng: random.Random) -> None:
    """Send any valid kind of request; it may be rejected."""
    state = local.server.state
    copies = list(state.copy_jobs.values())
    if copies and rng.random() < 0.2:
        copy = rng.choice(copies)
        policy = rng.choice(
            (
                {"type": "Immediate"},
                {"type": "Periodically", "periodicallyEvery": "Hours2"},
                {"type": "DailyAtTime", "dailyType": "Everyday", "dailyTime": "03:00:00"},
            )
        )
        requests = [
            ("POST", rng.choice(("start", "stop", "enable", "disable")), None),
            ("PUT", "", {"schedulePolicy": policy}),
        ]
        base = f"CopyJobs/{copy.id}"
    else:
        job = rng.choice(list(state.jobs.values()))
        window = [rng.random() < 0.7 for _hour in range(168)]
        policy = rng.choice(
            (
                {"type": "Daily", "dailyType": "Everyday", "dailyTime": f"{rng.randrange(24):02d}:30:00"},
                {
                    "type": "Periodically",
                    "periodicallyEvery": rng.choice(("Minutes10", "Minutes30", "Hours1", "Hours4")),
                },
                {"scheduleEnabled": False},
                {"retryEnabled": True, "retryNumber": rng.randrange(1, 4), "retryWaitInterval": rng.randrange(1, 90)},
                {"backupWindowEnabled": True, "backupWindowSettings": {"backupWindow": window, "minuteOffset": 0}},
            )
        )
        action = rng.choice(("start", "stop", "enable", "enable", "disable"))
        requests = [("POST", action, {} if action == "start" else None), ("PUT", "", {"schedulePolicy": policy})]
        requests += [("DELETE", "", None)] if rng.random() < 0.05 else []
        base = f"Jobs/{job.id}"
    method, action, body = rng.choice(requests)
    local.call(method, f"{base}/{action}".rstrip("/"), body)


CHANCE = {"failed_share": 0.3, "warning_share": 0.2, "scheduled_seconds": 2400, "running_seconds": 900}


@pytest.mark.parametrize("make", [Local, generated], ids=["default", "generated"])
def test_a_server_that_nobody_touches(make: Callable[..., Local]) -> None:
    local = make()
    for version in VERSIONS:
        check(local, version)
    local.advance(hours=30)
    for version in VERSIONS:
        check(local, version)


@pytest.mark.parametrize("seed", range(6))
def test_a_server_in_use(seed: int) -> None:
    rng = random.Random(seed)
    local = (generated if seed % 2 else Local)(seed=seed, switches=CHANCE, clock="2026-03-27T20:00:00")
    for _step in range(40):
        local.advance(seconds=rng.choice((0, 1, 30, 600, 3600, 20000)) * rng.random())
        edit_something(local, rng)
        if rng.random() < 0.1:
            local.control("PUT", "state", local.control("GET", "state"), status=204)
        check(local, rng.choice(VERSIONS))


@pytest.mark.parametrize(
    "job",
    [
        {"last_run": "2026-02-03T21:00:00Z"},
        {"last_run": "2026-02-03T21:00:00Z", "last_status": "Failed"},
        {"last_run": "2026-02-03T21:00:00Z", "last_backup": "2026-02-03T21:09:00Z", "last_status": "Warning"},
        {"last_status": "Success"},
        {"last_status": "Running"},
        {"last_status": "Queued", "last_run": "2026-02-03T21:00:00Z"},
    ],
    ids=str,
)
def test_a_state_that_says_little_is_completed(job: dict[str, Any]) -> None:
    local = Local()
    state = local.control("GET", "state")
    for name in ("last_run", "last_backup", "last_status"):
        state["jobs"][0].pop(name, None)
    state["jobs"][0].update(job)
    state["sessions"] = []
    local.control("PUT", "state", state, status=204)
    for version in VERSIONS:
        check(local, version)
    assert local.get(f"Jobs/{state['jobs'][0]['id']}")["lastStatus"] == job.get("last_status", "Stopped")
    local.advance(hours=3)
    check(local, 8)
