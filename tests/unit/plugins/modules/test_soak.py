# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random changes, run after run, on a server on which one request in ten fails at random.

With ``VBO365_TEST_FULL`` there are 2,000 runs, otherwise a few.
"""

from __future__ import annotations

import os
import random
import time
import typing as t
from pathlib import Path

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api import _http

from ...support.full import FULL
from ...support.sandbox import Sandbox, Server
from ...support.tasks import Tasks

RUNS = 2000 if FULL else 120
SHARE = 0.02  # of the requests, for each of five faults
TRIES = 12  # in one run; the probability that each of them meets a fault is negligible
FAULTS: list[dict[str, t.Any]] = [
    {"status": 503},
    {"status": 500, "headers": {"Content-Type": "text/html"}, "body": "<html>Oops</html>"},
    {"reset_before": True},
    {"reset_after": True},
    {"truncate": True},
]
CONTOSO = "contoso.onmicrosoft.com"
NAMES = [f"Soak {number}" for number in range(8)]
USERS = ["cfo@contoso.com", "ivan.petrov@contoso.com"]


@pytest.fixture(scope="module")
def soaked(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("soak"), [{"name": "main", "versions": ["v8"]}]) as running:
        yield running


def wanted(rng: random.Random) -> dict[str, t.Any]:
    """A job that somebody may declare; sometimes none."""
    job: dict[str, t.Any] = {"name": rng.choice(NAMES), "organization": CONTOSO, "when_running": "proceed"}
    if rng.random() < 0.15:
        return {**job, "state": "absent"}
    return {
        **job,
        "repository": rng.choice(["repo-fra-01", "repo-s3-01"]),
        "description": f"run {rng.randrange(1000)}",
        "enabled": rng.random() < 0.7,
        "backup_type": "selected_items",
        "selected_items": [{"type": "user", "name": name} for name in rng.sample(USERS, rng.randint(1, 2))],
        "schedule_policy": {"type": "daily", "daily_time": f"{rng.randrange(24):02d}:{rng.randrange(60):02d}"},
    }


def shown(job: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the state of a job on the server, in the form of its declaration."""
    return {
        "description": job["description"],
        "enabled": job.get("is_enabled", True),
        "daily_time": job["schedule_policy"].get("daily_time", "15:00")[:5],
        "items": len(job["selected_items"]),
    }


def declared(job: dict[str, t.Any]) -> dict[str, t.Any]:
    return {
        "description": job["description"],
        "enabled": job["enabled"],
        "daily_time": job["schedule_policy"]["daily_time"],
        "items": len(job["selected_items"]),
    }


def resident(process: int) -> float:
    """Return the megabytes that a process uses."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def test_nothing_is_lost_or_doubled(soaked: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    server: Server = soaked.servers["main"]
    sleep = time.sleep
    monkeypatch.setattr(_http.time, "sleep", lambda seconds: sleep(min(seconds, 0.001)))  # the pauses would take hours
    tasks, rng = Tasks(server, "v8", "controller"), random.Random(RUNS)
    others = {job["name"] for job in server.state()["jobs"]}
    rules = [{"probability": SHARE, "seed": seed, "then": then} for seed, then in enumerate(FAULTS)]
    server.control("PUT", "faults", rules)
    expected: dict[str, dict[str, t.Any]] = {}
    failures, memory = 0, []
    for number in range(RUNS):
        job = wanted(rng)
        for attempt in range(TRIES):
            result = tasks.raw("vbo_job", **job)
            if not result.get("failed"):
                break
            assert attempt < TRIES - 1, result["msg"]
            assert result["error"]["method"], result["msg"]
            failures += 1
        expected.pop(job["name"], None)
        if job.get("state") != "absent":
            expected[job["name"]] = declared(job)
        jobs = server.state()["jobs"]
        names = [entry["name"] for entry in jobs]
        assert sorted(names) == sorted([*others, *expected]), f"run {number}: {result}"
        assert {entry["name"]: shown(entry) for entry in jobs if entry["name"] not in others} == expected, number
        server.forget()
        if number % (RUNS // 4) == 0:
            memory.append((resident(os.getpid()), resident(soaked._process.pid)))
    acted = sum(rule["acted"] for rule in server.control("GET", "faults"))
    assert acted > RUNS / 4 and failures > 0, "faults were met, and some runs failed"
    client, simulator = ([sample[side] for sample in memory] for side in (0, 1))
    assert client[-1] < client[1] * 1.1 + 2 and simulator[-1] < simulator[1] * 1.1 + 2, memory
    print(f"{RUNS} runs, {acted} faults, {failures} runs failed and were repeated; memory {memory}")
