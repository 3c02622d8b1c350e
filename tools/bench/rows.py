# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is measured: one entry of ROWS for each row of the result, one of CASES for each command that is timed.

Rows share cases. All cases of the chosen rows are run in turn, round after round, so that a machine that gets slower
or faster meanwhile does it to all of them.
"""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Callable, Mapping
from typing import Any

from .report import Sample, per_iteration, ratio

Samples = Mapping[str, list[Sample]]


@dataclasses.dataclass(frozen=True)
class Case:
    """A playbook or script to time: on which server of SERVERS, with how many items, and what it must cost there."""

    text: str
    playbook: str
    server: str = "jobs"
    count: int = 0
    variables: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    #: counters of the sandbox that prove that the work was done, and nothing else
    proof: Callable[[Mapping[str, int]], bool] = lambda counts: counts["writes"] == 0
    #: whether the server is brought back to its initial state before the case
    reset: bool = False


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of the result: how its value follows from the samples of its cases."""

    name: str
    target: float
    unit: str
    ratio_to: str | None
    cases: tuple[str, ...]
    value: Callable[[Samples], float]


#: the objects of the large job
LARGE_USERS, LARGE_GROUPS, LARGE_SITES = 3000, 200, 500
LARGE_TENANT = "large.onmicrosoft.com"


def large_state() -> dict[str, Any]:
    """A server without jobs, whose organization has a few more objects than the large job has items."""
    proxy, name = "8f0e6a51-3c7b-4d29-a1f4-5b92c7d80e36", "repo-01"
    organization = {
        "id": "5d27c9b0-61fe-4a83-9c15-e8a4f0b3726d",
        "name": LARGE_TENANT,
        "users": [f"User {number:05d}" for number in range(LARGE_USERS + 2)],
        "groups": [{"name": f"group.{number:03d}"} for number in range(LARGE_GROUPS)],
        "sites": [f"Site {number:03d}" for number in range(LARGE_SITES)],
    }
    return {
        "proxies": [{"id": proxy, "host_name": "proxy.example", "type": "Local", "is_default": True}],
        "repositories": [{"id": "e6b1d840-72a9-4f5c-b03e-19d8c6f4a572", "name": name, "path": "D:\\", "proxy": proxy}],
        "organizations": [organization],
        "jobs": [],
    }


def large_items(changed: bool = False) -> list[dict[str, Any]]:
    """The items of the large job; changed, two users have come, a user and a site gone, and a user has other flags."""
    users = [
        {"type": "user", "name": f"user.{number:05d}@{LARGE_TENANT}", "mailbox": True, "one_drive": True}
        for number in range(LARGE_USERS + 2)
    ]
    groups = [
        {"type": "group", "name": f"group.{number:03d}@{LARGE_TENANT}", "members": True, "member_mailbox": True}
        for number in range(LARGE_GROUPS)
    ]
    sites = [
        {"type": "site", "url": f"https://large.sharepoint.com/sites/site-{number:03d}"}
        for number in range(LARGE_SITES)
    ]
    if changed:
        return [{**users[0], "one_drive": False}, *users[2:], *groups, *sites[:-1]]
    return [*users[:LARGE_USERS], *groups, *sites]


#: seconds before each answer of the slow server
LATENCY = 0.05
BULK, BULK_CHANGED, MANY = 1000, 100, 10000
PARALLEL = 4
#: name of the server that stands for all of FLEET, each of them a host of the inventory
ALL = "fleet"
FLEET: dict[str, Any] = {"servers": 200, "jobs": 50, "users": 20, "seed": 7, "versions": ["v8"]}


def generated(jobs: int, **settings: Any) -> dict[str, Any]:
    """A server of the sandbox with jobs from a seed."""
    return {"versions": ["v8"], "generate": {"jobs": jobs, "users": 100, "seed": 7}, **settings}


#: the servers of the sandbox, as its settings name them
SERVERS: dict[str, dict[str, Any]] = {
    "jobs": generated(50),
    "large": {"versions": ["v8"], "state": large_state()},
    "bulk": generated(BULK),
    "slow": generated(BULK, switches={"latency_ms": int(LATENCY * 1000)}),
    "many": generated(MANY),
    ALL: {},
}


def unchanged(counts: Mapping[str, int]) -> bool:
    """One session that has read and written nothing."""
    return counts["reads"] > 0 and counts["writes"] == 0 and counts["logins"] == counts["logouts"] == 1


CASES: dict[str, Case] = {
    "empty": Case("a play without tasks", "empty.yml"),
    "uri": Case(
        "ansible.builtin.uri in a loop, one GET of the job, token given",
        "uri.yml",
        count=50,
        proof=lambda counts: counts["reads"] == 50 and counts["writes"] == 0,
    ),
    "controller": Case(
        "vbo_job in a loop, in the controller, nothing to change",
        "vbo_job.yml",
        count=50,
        variables={"vbo365_execution": "controller"},
        proof=lambda counts: (
            counts["reads"] >= 50 and counts["writes"] == 0 and counts["logins"] == counts["logouts"] == 1
        ),
    ),
    "module": Case(
        "vbo_job in a loop, as module processes, nothing to change",
        "vbo_job.yml",
        count=25,
        variables={"vbo365_execution": "module"},
        proof=lambda counts: (
            counts["reads"] >= 25 and counts["writes"] == 0 and counts["logins"] == counts["logouts"] == 25
        ),
    ),
    "token": Case(
        "the same with one token for all, from vbo_auth_token",
        "token.yml",
        count=50,
        variables={"vbo365_execution": "controller"},
        proof=lambda counts: counts["reads"] >= 50 and counts["writes"] == 0 and counts["logins"] == 1,
    ),
    "list": Case(
        "vbo_jobs, the same jobs in one task",
        "bulk.yml",
        count=50,
        proof=unchanged,
    ),
    "script": Case(
        "a bare script on requests, one GET for each of the same jobs",
        "each.py",
        count=50,
        proof=lambda counts: counts["reads"] >= 50 and counts["writes"] == 0 and counts["logins"] == 1,
    ),
    "bulk_empty": Case("a play without tasks, with 1,000 jobs as variables", "empty.yml", server="bulk"),
    "bulk_script": Case(
        "a bare script on requests that reads 1,000 jobs", "lists.py", server="bulk", count=BULK, proof=unchanged
    ),
    "bulk": Case("vbo_jobs, 1,000 jobs, nothing to change", "bulk.yml", server="bulk", count=BULK, proof=unchanged),
    "slow_empty": Case("a play without tasks, with the same variables", "empty.yml", server="slow"),
    "slow": Case(
        "vbo_jobs, 1,000 jobs, 100 to change, every answer 50 ms late",
        "bulk.yml",
        server="slow",
        count=BULK,
        variables={"bench_changed": BULK_CHANGED},
        proof=lambda counts: counts["writes"] == BULK_CHANGED and counts["logins"] == 1,
        reset=True,
    ),
    "many_empty": Case("a play without tasks, with 10,000 jobs as variables", "empty.yml", server="many"),
    "many": Case("vbo_jobs, 10,000 jobs, nothing to change", "bulk.yml", server="many", count=MANY, proof=unchanged),
    "fleet_empty": Case("a play without tasks for 200 servers, with their jobs as variables", "empty.yml", server=ALL),
    "fleet_uri": Case(
        "ansible.builtin.uri on 200 servers, one GET of the list of jobs, token given",
        "fleet_uri.yml",
        server=ALL,
        count=FLEET["servers"],
        proof=lambda counts: counts["reads"] == FLEET["servers"] and counts["writes"] == 0,
    ),
    "fleet": Case(
        "vbo_jobs on 200 servers, 50 jobs each, nothing to change",
        "bulk.yml",
        server=ALL,
        count=FLEET["servers"],
        proof=lambda counts: counts["logins"] == FLEET["servers"] and counts["writes"] == 0,
    ),
    **{
        f"export_{layout}": Case(
            f"vbo_export, 1,000 jobs with their items, {text}",
            "export.yml",
            server="bulk",
            count=BULK,
            variables={"bench_layout": layout},
            proof=lambda counts: counts["reads"] > BULK and counts["writes"] == 0,
        )
        for layout, text in (("server", "one file"), ("job", "one file for each job"))
    },
    "large_create": Case(
        "vbo_job with 3,700 items, creation",
        "large_job.yml",
        server="large",
        count=len(large_items()),
        variables={"bench_items": large_items()},
        proof=lambda counts: counts["writes"] == counts["logins"] == 1,
        reset=True,
    ),
    "large_unchanged": Case(
        "vbo_job with 3,700 items, nothing to change",
        "large_job.yml",
        server="large",
        count=len(large_items()),
        variables={"bench_items": large_items()},
        proof=lambda counts: counts["reads"] > 0 and counts["writes"] == 0 and counts["logins"] == 1,
    ),
    "large_change": Case(
        "vbo_job with 3,700 items, five of them changed",
        "large_job.yml",
        server="large",
        count=len(large_items(changed=True)),
        variables={"bench_items": large_items(changed=True)},
        proof=lambda counts: counts["writes"] > 0 and counts["logins"] == 1,
    ),
}


def item(samples: Samples, case: str) -> float:
    """Seconds of one item of a case's loop."""
    return per_iteration(
        [sample.wall for sample in samples[case]], [sample.wall for sample in samples["empty"]], CASES[case].count
    )


def item_ratio(case: str, base: str) -> Callable[[Samples], float]:
    """One item of a case's loop as a multiple of one of another's."""
    return lambda samples: ratio(item(samples, case), item(samples, base))


def requests(case: str) -> Callable[[Samples], float]:
    """All requests of a case, log-in and log-out too; they do not depend on the machine."""
    return lambda samples: statistics.median(sample.counts["total"] for sample in samples[case])


def median(samples: Samples, case: str, kind: str = "wall") -> float:
    """The median of a case's seconds, or of its C(cpu) seconds, or of its C(memory) in megabytes."""
    return statistics.median(getattr(sample, kind) for sample in samples[case])


def bulk_ratio(samples: Samples) -> float:
    """vbo_jobs as a multiple of a script that reads the same, and of the play around it."""
    return ratio(median(samples, "bulk"), median(samples, "bulk_script") + median(samples, "bulk_empty"))


def slow_ratio(samples: Samples) -> float:
    """What the work took as a multiple of what the waiting alone must take."""
    trips = statistics.median(sample.counts["total"] for sample in samples["slow"])
    return ratio(median(samples, "slow") - median(samples, "slow_empty"), trips / PARALLEL * LATENCY)


def extra_job(samples: Samples) -> float:
    """Milliseconds of processor time of the client for one more job."""
    more, less = (median(samples, case, "cpu") - median(samples, f"{case}_empty", "cpu") for case in ("many", "bulk"))
    return (more - less) / (MANY - BULK) * 1000


def extra_memory(samples: Samples) -> float:
    """Megabytes of the largest process above those of a play that only holds the variables."""
    return median(samples, "many", "memory") - median(samples, "many_empty", "memory")


def fleet_ratio(samples: Samples) -> float:
    """The fleet with vbo_jobs as a multiple of the fleet with one uri task, without the play itself."""
    empty = median(samples, "fleet_empty")
    return ratio(median(samples, "fleet") - empty, median(samples, "fleet_uri") - empty)


# The targets of the large job count pages of 1,000. Every run logs in and out and lists organizations, jobs and
# repositories (5), and reads the job's items (4 pages). A creation lists objects instead (4 pages of users, one of
# groups, one of sites), sends the job (1), and reads it back with its items (5). A change of five lists the users (4),
# adds, edits and removes (3), and reads back (5).
ROWS: dict[str, Row] = {
    "loop": Row(
        name="vbo_job in a loop, in the controller, nothing to change",
        target=0.15,
        unit="x",
        ratio_to="ansible.builtin.uri in a loop",
        cases=("empty", "uri", "controller", "token", "list", "script"),
        value=item_ratio("controller", "uri"),
    ),
    "module": Row(
        name="vbo_job as a module process, nothing to change",
        target=1.3,
        unit="x",
        ratio_to="ansible.builtin.uri in a loop",
        cases=("empty", "uri", "module"),
        value=item_ratio("module", "uri"),
    ),
    "bulk": Row(
        name="vbo_jobs, 1,000 jobs on one server, nothing to change",
        target=1.2,
        unit="x",
        ratio_to="a bare script on requests that reads the same, and the empty play",
        cases=("bulk_empty", "bulk_script", "bulk"),
        value=bulk_ratio,
    ),
    "slow": Row(
        name="vbo_jobs, 1,000 jobs, 100 to change, 50 ms latency",
        target=1.3,
        unit="x",
        ratio_to="round trips / 4 x 50 ms",
        cases=("slow_empty", "slow"),
        value=slow_ratio,
    ),
    "extra_job": Row(
        name="vbo_jobs, processor time for one more unchanged job (10,000 against 1,000)",
        target=1,
        unit="ms",
        ratio_to=None,
        cases=("bulk_empty", "bulk", "many_empty", "many"),
        value=extra_job,
    ),
    "memory": Row(
        name="vbo_jobs, 10,000 jobs on one server, memory above the play with the same variables",
        target=150,
        unit="MB",
        ratio_to=None,
        cases=("many_empty", "many"),
        value=extra_memory,
    ),
    "fleet": Row(
        name="fleet of 200 servers x 50 jobs, one vbo_jobs task each",
        target=0.3,
        unit="x",
        ratio_to="the same fleet with one ansible.builtin.uri task each",
        cases=("fleet_empty", "fleet_uri", "fleet"),
        value=fleet_ratio,
    ),
    "export": Row(
        name="export of 1,000 jobs, one file for each",
        target=1.5,
        unit="x",
        ratio_to="the export into one file",
        cases=("empty", "export_server", "export_job"),
        value=lambda samples: ratio(median(samples, "export_job"), median(samples, "export_server")),
    ),
    "large_create": Row(
        name="large job (3,000 users, 200 groups, 500 sites), creation: 5 + 6 pages of objects + 1 write + 5",
        target=17,
        unit="requests",
        ratio_to=None,
        cases=("empty", "large_create"),
        value=requests("large_create"),
    ),
    "large_unchanged": Row(
        name="large job, nothing to change: 5 + 4 pages of items, no listing of objects",
        target=9,
        unit="requests",
        ratio_to=None,
        cases=("empty", "large_create", "large_unchanged"),
        value=requests("large_unchanged"),
    ),
    "large_change": Row(
        name="large job, five items changed: 5 + 4 pages of items + 4 of users + 3 writes + 5 to read back",
        target=21,
        unit="requests",
        ratio_to=None,
        cases=("empty", "large_create", "large_unchanged", "large_change"),
        value=requests("large_change"),
    ),
}


def cases_of(rows: list[str]) -> list[str]:
    """The cases that these rows need, each once, in the order of CASES."""
    needed = {case for row in rows for case in ROWS[row].cases}
    return [case for case in CASES if case in needed]
