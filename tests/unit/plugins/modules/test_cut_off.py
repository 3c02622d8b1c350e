# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Interrupted runs: the process is killed at every request, before it is sent or when its answer has arrived.

The next run must converge, and the server must hold what it holds after a run that nobody disturbed.
With ``VBO365_TEST_FULL`` every API version is played, otherwise the oldest and the newest.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
import sys
import typing as t

import pytest
from requests.adapters import HTTPAdapter

from ...support.full import FULL
from ...support.hosts import MODULES
from ...support.sandbox import Server
from ...support.tasks import Tasks

SERVED = ("v3", "v4", "v5", "v6", "v7", "v8")
VERSIONS = SERVED if FULL else ("v3", "v8")
CONTOSO = "contoso.onmicrosoft.com"
MOST_REQUESTS = 60
LONGEST = 60  # seconds for a run; each takes less than one
#: Forks of a process without threads. A fork of this process, which has threads, could wait for their locks forever.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload([__name__, f"{MODULES}.vbo_job", f"{MODULES}.vbo_jobs"])
ITEMS = [{"type": "user", "name": "cfo@contoso.com"}, {"type": "group", "name": "finance@contoso.com"}]
POLICY = {"type": "daily", "daily_time": "02:30", "backup_window": ["Mon-Fri 20:00-06:00"]}
NEW = {
    "name": "Quarter close",
    "description": "new",  # a default description contains the time
    "organization": CONTOSO,
    "repository": "repo-fra-01",
    "backup_type": "selected_items",
    "selected_items": ITEMS,
    "schedule_policy": POLICY,
    "enabled": False,
}
CHANGED = {
    "name": "Everything selected",
    "organization": CONTOSO,
    "description": "changed",
    "enabled": False,
    "selected_items": ITEMS,
    "excluded_items": [{"type": "user", "name": "ivan.petrov@contoso.com"}],
    "schedule_policy": POLICY,
    "when_running": "proceed",
}
WHOLE = {"name": "Workshop", "organization": "fabrikam.onmicrosoft.com", "backup_type": "entire_organization"}
CHOSEN = {"name": "Tenant", "organization": CONTOSO, "backup_type": "selected_items", "selected_items": ITEMS}
GONE = {
    "name": "Everything selected",
    "organization": CONTOSO,
    "state": "absent",
    "delete_copy_job": True,
    "when_running": "proceed",
}
GONE_ALONE = {"name": "Engineering sites", "organization": CONTOSO, "state": "absent"}
#: the interrupted tasks: the module and its options
OPERATIONS: dict[str, tuple[str, dict[str, t.Any]]] = {
    "create": ("vbo_job", NEW),
    "update": ("vbo_job", CHANGED),
    "to everything": ("vbo_job", WHOLE),
    "to a selection": ("vbo_job", CHOSEN),
    "delete": ("vbo_job", GONE),
    "many": ("vbo_jobs", {"jobs": [NEW, {**CHANGED, "name": "Engineering sites"}, CHOSEN, GONE], "max_parallel": 3}),
}
VOLATILE = ("id", "e_tag", "last_run", "last_status", "last_backup")


def held(server: Server) -> list[dict[str, t.Any]]:
    """Return the jobs of a server, without ids and counters; two jobs with the same name would be two entries."""
    found = []
    for job in server.state()["jobs"]:
        kept = {key: value for key, value in job.items() if key not in VOLATILE}
        for key in ("selected_items", "excluded_items"):
            items = [{name: item[name] for name in item if name != "id"} for item in job.get(key) or []]
            kept[key] = sorted(items, key=str)
        found.append(kept)
    return sorted(found, key=lambda job: job["name"])


def run_and_die(tasks: Tasks, module: str, options: dict[str, t.Any], number: int, answered: bool) -> bool:
    """Run a task in a process that is killed at its nth request; return whether it came so far."""
    child = FORKS.Process(target=run_until, args=(tasks, module, options, number, answered))
    child.start()
    child.join(LONGEST)
    if child.exitcode is None:
        child.kill()
        child.join()
        pytest.fail(f"the run that ends at request {number} takes longer than {LONGEST} s")
    assert child.exitcode in (0, -signal.SIGKILL), "the run that was never cut off failed"
    return child.exitcode != 0


def run_until(tasks: Tasks, module: str, options: dict[str, t.Any], number: int, answered: bool) -> None:
    """Run a task in this process, which stops at its nth request: a client whose machine lost its power."""
    send = HTTPAdapter.send
    count = itertools.count(1)  # each thread gets another number

    def counted(*arguments: t.Any, **keywords: t.Any) -> t.Any:
        last = next(count) == number
        if last and not answered:
            os.kill(os.getpid(), signal.SIGKILL)
        reply = send(*arguments, **keywords)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return reply

    HTTPAdapter.send = counted  # type: ignore[method-assign]
    sys.exit(1 if tasks.raw(module, **options).get("failed") else 0)


@pytest.mark.parametrize("answered", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_run_that_is_killed_anywhere_is_finished_by_the_next(
    server: Server, version: str, operation: str, answered: bool
) -> None:
    module, options = OPERATIONS[operation]
    tasks = Tasks(server, version, "controller")
    if version in ("v3", "v4", "v5"):
        options = without_copies(options)
    undisturbed = tasks.raw(module, **options)
    assert undisturbed["changed"] and not undisturbed.get("failed"), undisturbed.get("msg")
    expected = held(server)
    cut = 0
    while cut < MOST_REQUESTS:
        server.reset(SERVED)
        if not run_and_die(tasks, module, options, cut + 1, answered):
            break
        cut += 1
        again = tasks.raw(module, **options)
        assert not again.get("failed"), (cut, again.get("msg"))
        assert held(server) == expected, f"cut off at request {cut}"
        third = tasks.raw(module, **options)
        assert not third["changed"], (cut, third)
    assert 5 < cut < MOST_REQUESTS, "the run was cut off at every request that it has"


def without_copies(options: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the options for versions without copy jobs: a job that has none is deleted."""
    if "jobs" in options:
        return {**options, "jobs": [without_copies(job) for job in options["jobs"][:1] + options["jobs"][2:]]}
    return {**GONE_ALONE} if options is GONE else options
