# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The timed commands: each entry of CASES has the server in the sandbox and the expected numbers of requests."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any


@dataclasses.dataclass(frozen=True)
class Case:
    """A playbook or script to time: the server from SERVERS, the number of items, and the expected requests."""

    text: str
    playbook: str
    server: str = "jobs"
    count: int = 0
    variables: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    #: checks the counters of the sandbox: the work was done, and nothing else
    proof: Callable[[Mapping[str, int]], bool] = lambda counts: counts["writes"] == 0
    #: whether the server is reset to its initial state before the case
    reset: bool = False


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
    """The items of the large job; if changed: two users added, a user and a site removed, other flags of a user."""
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


#: the declared jobs of a case: those of the server, or some of them with another description
AS_IT_IS = "{{ bench_jobs }}"
CHANGED = "{{ (bench_jobs[:100] | map('combine', {'description': 'changed'})) + bench_jobs[100:] }}"
SOME_CHANGED = "{{ bench_jobs[:20] | map('combine', {'description': 'changed'}) }}"
#: seconds before each answer of the slow server
LATENCY = 0.05
BULK, BULK_CHANGED, MANY = 1000, 100, 10000
PARALLEL = 4
#: the part of the fleet to which changes are rolled out (a group of the inventory), and the changed jobs of each server
SOME, SOME_JOBS = 50, 20
#: the name that stands for all servers of FLEET, each of them a host of the inventory
ALL = "fleet"
FLEET: dict[str, Any] = {"servers": 200, "jobs": 50, "users": 20, "seed": 7, "versions": ["v8"]}


def generated(jobs: int, **settings: Any) -> dict[str, Any]:
    """A server of the sandbox with generated jobs."""
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
    """Return whether one session has read and written nothing."""
    return counts["reads"] > 0 and counts["writes"] == 0 and counts["logins"] == counts["logouts"] == 1


def nothing(text: str, server: str, declared: str = AS_IT_IS) -> Case:
    """The minimum for vbo_jobs: an action that does nothing, with the same arguments and a result of the same size."""
    return Case(
        f"an empty action with {text}",
        "nothing.yml",
        server=server,
        variables={"bench_declared": declared},
        proof=lambda counts: counts["total"] == 0,
    )


def change(text: str, playbook: str, **variables: Any) -> Case:
    """One change to each of 20 jobs on 50 servers of the fleet."""
    return Case(
        text,
        playbook,
        server=ALL,
        count=SOME * SOME_JOBS,
        variables=variables,
        proof=lambda counts: counts["writes"] == SOME * SOME_JOBS,
        reset=True,
    )


#: how the playbooks of the collection connect
CONNECTION = {
    "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    "vbo365_execution": "controller",
    "vbo365_connection": {
        "url": "{{ bench_url }}",
        "ca_path": "{{ bench_ca_path }}",
        "username": "{{ bench_username }}",
        "password": "{{ bench_password }}",
        "api_version": "{{ bench_version }}",
    },
}

CASES: dict[str, Case] = {
    "empty": Case("a play without tasks", "empty.yml"),
    "uri": Case(
        "ansible.builtin.uri in a loop, one GET of the job, token given",
        "uri.yml",
        count=50,
        proof=lambda counts: counts["reads"] == 50 and counts["writes"] == 0,
    ),
    "nothing": Case(
        "an empty action in a loop, with the same arguments",
        "nothing_each.yml",
        count=50,
        proof=lambda counts: counts["total"] == 0,
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
        variables={"bench_declared": AS_IT_IS},
        proof=unchanged,
    ),
    "script": Case(
        "a bare script on requests, one GET for each of the same jobs",
        "each.py",
        count=50,
        proof=lambda counts: counts["reads"] >= 50 and counts["writes"] == 0 and counts["logins"] == 1,
    ),
    "bulk_nothing": nothing("1,000 jobs", "bulk"),
    "bulk_script": Case(
        "a bare script on requests that reads 1,000 jobs", "lists.py", server="bulk", count=BULK, proof=unchanged
    ),
    "bulk": Case(
        "vbo_jobs, 1,000 jobs, nothing to change",
        "bulk.yml",
        server="bulk",
        count=BULK,
        variables={"bench_declared": AS_IT_IS},
        proof=unchanged,
    ),
    "slow_nothing": nothing("1,000 jobs, 100 of them changed", "slow", CHANGED),
    "slow": Case(
        "vbo_jobs, 1,000 jobs, 100 to change, every answer 50 ms late",
        "bulk.yml",
        server="slow",
        count=BULK,
        variables={"bench_declared": CHANGED},
        proof=lambda counts: counts["writes"] == BULK_CHANGED and counts["logins"] == 1,
        reset=True,
    ),
    "many_nothing": nothing("10,000 jobs", "many"),
    "many": Case(
        "vbo_jobs, 10,000 jobs, nothing to change",
        "bulk.yml",
        server="many",
        count=MANY,
        variables={"bench_declared": AS_IT_IS},
        proof=unchanged,
    ),
    "fleet_nothing": nothing("50 jobs, on 200 servers", ALL),
    "fleet": Case(
        "vbo_jobs on 200 servers, 50 jobs each, nothing to change",
        "bulk.yml",
        server=ALL,
        count=FLEET["servers"],
        variables={"bench_declared": AS_IT_IS},
        proof=lambda counts: counts["logins"] == FLEET["servers"] and counts["writes"] == 0,
        reset=True,
    ),
    "fleet_script": Case(
        "a bare script on requests that reads 200 servers with 10 threads",
        "fleet.py",
        server=ALL,
        count=FLEET["servers"],
        proof=lambda counts: counts["logins"] == FLEET["servers"] and counts["writes"] == 0,
    ),
    "drift": Case(
        "the playbook drift, 200 servers, 50 jobs each, all formats",
        "backupops.vbo365.drift",
        server=ALL,
        count=FLEET["servers"],
        variables={**CONNECTION, "vbo_jobs_list": AS_IT_IS, "vbo_drift_directory": "{{ inventory_dir }}/drift"},
        proof=lambda counts: counts["logins"] == FLEET["servers"] and counts["writes"] == 0,
        reset=True,
    ),
    **{
        name: Case(
            f"the playbook {name}, 50 jobs each for 200 servers, which are not asked",
            f"backupops.vbo365.{name}",
            server=ALL,
            count=FLEET["servers"],
            variables={
                **CONNECTION,
                "vbo_jobs_list": AS_IT_IS,
                "vbo_time_zone": "Europe/Berlin",
                f"vbo_{name}_directory": f"{{{{ inventory_dir }}}}/{name}",
            },
            proof=lambda counts: counts["total"] == 0,
        )
        for name in ("lint", "calendar")
    },
    "change": change(
        "vbo_jobs, one change to each of 20 jobs on 50 servers",
        "bulk.yml",
        bench_declared=SOME_CHANGED,
        bench_hosts="some",
    ),
    "rollout": change(
        "the playbook rollout, the same change in three waves",
        "backupops.vbo365.rollout",
        **CONNECTION,
        vbo_jobs_list=SOME_CHANGED,
        vbo365_hosts="some",
        vbo_rollout_directory="{{ inventory_dir }}/rollouts",
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
