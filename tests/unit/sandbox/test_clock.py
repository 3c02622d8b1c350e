# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The clock, the steps that move it forward, and the random numbers that follow from the seed."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from in_process import DAILY, JOB, RETRY, VERSIONS, generated, one

# --- the clock and the control interface --------------------------------------------------------------------


def test_clock_and_advance() -> None:
    local = one({**DAILY, **RETRY})
    assert local.control("GET", "clock") == {
        "now": "2026-02-04T07:00:00Z",
        "local": "2026-02-04T08:00:00+01:00",
        "time_zone": "Europe/Berlin",
    }
    local.plan({"job": JOB, "result": "Failed"})
    told = local.advance(days=1, hours=1, minutes=1, seconds=1)
    assert told["now"] == "2026-02-05T08:01:01Z" and told["before"] == "2026-02-04T07:00:00Z"
    assert told["started"] == {"scheduled": 1, "retry": 1, "copy": 0, "manual": 0}
    assert told["ended"] == {"Success": 1, "Warning": 0, "Failed": 1, "Stopped": 0}
    assert local.advance(to="2026-02-05T10:00:00+01:00")["now"] == "2026-02-05T09:00:00Z"
    assert local.advance(to="2026-02-05 10:30")["now"] == "2026-02-05T09:30:00Z"
    assert local.get("Jobs")  # the token is still valid: tokens expire in real time
    local.control("POST", "reset", {}, status=204)
    assert local.control("GET", "clock")["now"] == "2026-02-04T07:00:00Z"
    assert local.starts() == [] and local.control("GET", "outcomes") == []


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("advance", None, "body: expected"),
        ("advance", {}, "body: expected"),
        ("advance", {"hour": 1}, "hour: unknown key"),
        ("advance", {"hours": -1}, "hours: expected a number"),
        ("advance", {"hours": "1"}, "hours: expected a number"),
        ("advance", {"to": "2026-02-04T07:59:59"}, "to: is before the current time"),
        ("advance", {"to": "tomorrow"}, "to: 'tomorrow' is not a date"),
        ("advance", {"to": "2026-02-05T00:00:00Z", "hours": 1}, "to: cannot be combined"),
        ("advance", {"days": 400}, "body: is more than 366 days"),
        ("outcomes", {"job": "Nightly"}, "outcomes: expected a list"),
        ("outcomes", [{"job": "Nobody", "result": "Failed"}], "outcomes[0].job: 'Nobody' does not match any job"),
        ("outcomes", [{"job": "Nightly"}], "outcomes[0]: one of result, seconds is required"),
        ("outcomes", [{"job": "Nightly", "result": "Broken"}], "outcomes[0].result: "),
        ("outcomes", [{"job": "Nightly", "seconds": -1}], "outcomes[0]: seconds: "),
        ("outcomes", [{"job": "Nightly", "seconds": 1, "times": 0}], "outcomes[0]: times: "),
    ],
)
def test_wrong_requests(path: str, body: Any, message: str) -> None:
    local = one(DAILY)
    method = "PUT" if path == "outcomes" else "POST"
    assert local.control(method, path, body, status=400)["message"].startswith(message)
    assert local.control("GET", "clock")["now"] == "2026-02-04T07:00:00Z"


def test_starts_between_two_instants() -> None:
    local = one(DAILY, {"type": "Immediate"})
    local.advance(days=3)
    rows = local.control("GET", "starts", query="from=2026-02-05T21:00:00Z&to=2026-02-06T22:00:00%2B01:00")
    assert [(row["at"], row["kind"], row["name"]) for row in rows] == [
        ("2026-02-05T21:00:00Z", "scheduled", "Nightly"),
        ("2026-02-05T21:00:00Z", "copy", "Nightly - copy job"),
    ]
    assert {row["session"] for row in rows} <= {entry["id"] for entry in local.results("JobSessions")}
    assert "from" in local.control("GET", "starts", query="from=x", status=400)["message"]


def test_outcomes_are_used_up() -> None:
    local = one({"type": "Periodically", "periodically_every": "Hours1"}, outcomes=[{"job": JOB, "result": "Warning"}])
    local.plan({"job": JOB, "result": "Failed", "times": 2, "message": "Out of space"}, {"job": JOB, "seconds": 60})
    local.advance(hours=1.5)
    assert [entry["times"] for entry in local.control("GET", "outcomes")] == [1, 1]
    local.advance(hours=3)
    found = [(entry["status"], entry["details"]) for entry in reversed(local.results("JobSessions"))]
    assert found == [("Failed", "Out of space")] * 2 + [("Success", "")] * 2
    assert local.control("GET", "outcomes") == []
    local.control("POST", "reset", {}, status=204)
    local.advance(hours=1.5)
    assert [entry["status"] for entry in local.results("JobSessions")] == ["Warning"]
    local.plan({"job": JOB, "seconds": 1})
    local.control("DELETE", "outcomes", status=204)
    assert local.control("GET", "outcomes") == []


def test_a_delayed_change_is_part_of_time() -> None:
    local = one(DAILY, switches={"enable_delay": 3600})
    local.call("POST", f"Jobs/{JOB}/disable")
    assert local.get(f"Jobs/{JOB}")["isEnabled"] is True
    local.advance(hours=1)
    assert local.get(f"Jobs/{JOB}")["isEnabled"] is False
    local.advance(days=2)
    assert local.starts() == []


# --- chance, and playing ------------------------------------------------------------------------------------


def test_the_seed_decides() -> None:
    def week(seed: int, **switches: Any) -> list[Any]:
        local = generated(seed=seed, switches=switches)
        local.advance(days=7)
        entries = local.results("JobSessions")
        return [(entry["id"], entry["status"], entry["creationTime"], entry.get("endTime")) for entry in entries]

    first = week(1)
    assert first == week(1) != week(2)
    assert {entry[1] for entry in first} >= {"Success", "Warning", "Failed"}
    assert {entry[1] for entry in week(1, failed_share=1, session_result="auto") if entry[2] > "2026-02-04T08"} <= {
        "Failed",
        "Stopped",
        "Running",
        "Queued",
    }


def without_tags(state: dict[str, Any]) -> dict[str, Any]:
    return {
        **state,
        **{
            part: {entry["id"]: {key: value for key, value in entry.items() if key != "e_tag"} for entry in state[part]}
            for part in ("jobs", "copy_jobs", "sessions")
            if part in state
        },
    }


def test_one_step_or_many() -> None:
    """The number of reads makes no difference, and neither does saving and restoring the state in between."""
    rng = random.Random(5)
    once, often = generated(), generated()
    once.advance(days=3)
    spans = [rng.random() for _step in range(60)]
    for number, span in enumerate(spans):
        often.advance(seconds=3 * 86400 * span / sum(spans))
        often.results("Jobs", rng.choice(VERSIONS))
        if number % 20 == 10:
            often.control("PUT", "state", often.control("GET", "state"), status=204)

    often.advance(to="2026-02-07T08:00:01")
    once.advance(to="2026-02-07T08:00:01")
    assert without_tags(often.control("GET", "state")) == without_tags(once.control("GET", "state"))
    assert often.results("Jobs") and [job.get("nextRun") for job in often.results("Jobs")] == [
        job.get("nextRun") for job in once.results("Jobs")
    ]


def test_a_week_is_played_quickly() -> None:
    """Far below the limits for both the number of events and the time."""
    local = generated()
    begin = time.perf_counter()
    local.advance(days=7)
    assert time.perf_counter() - begin < 5
    assert len(local.starts()) > 500
