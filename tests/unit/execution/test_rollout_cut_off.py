# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A rollout, and its rollback, killed at a request: before the request is processed, or before its answer arrives.

The next run must converge, and the first snapshot must still lead back. With ``VBO365_TEST_FULL`` the playbooks are
killed at every single request that they send, otherwise in the middle of their writes. A read changes nothing, and what
a playbook has done until its answer comes it had done when it left: it is killed there once.
"""

from __future__ import annotations

import contextlib
import itertools
import subprocess
import time
import typing as t
from pathlib import Path

import pytest

from ..support.full import FULL
from ..support.playbook_command import kill
from ..support.sandbox import Sandbox, Server
from .playbooks import Playbooks
from .test_rollout_role import JOBS, Fleet

PATIENCE = 180  # seconds within which the request must arrive
HELD = 30  # seconds that the request is held; the client is killed long before
#: one server for each wave, so that the second is reached only after the first
NAMES = ("a", "b")
#: changes of each kind: schedule, items, a new job, a deletion
JOBS_OF_A_WAVE = [JOBS[0], JOBS[2], JOBS[3], JOBS[4]]
PLACES: dict[str, dict[str, t.Any]] = {
    "before": {"match": {}, "then": {"delay": HELD, "reset_before": True}},
    "after": {"match": {"method": "POST|PUT|DELETE"}, "then": {"delay_answer": HELD, "reset_after": True}},
}
#: the requests are shared out to several tests, so that no worker is left alone with minutes of work
SHARES = range(4) if FULL else range(1)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[dict[str, Server]]:
    names = [{"name": name, "versions": ["v8"]} for name in NAMES]
    with Sandbox(tmp_path_factory.mktemp("pair"), names) as running:
        yield running.servers


@pytest.fixture
def fleet(pair: dict[str, Server], folder: Path, tmp_path: Path) -> Fleet:
    for server in pair.values():
        server.reset()
    environment = Playbooks(folder, pair["a"])._environment(tmp_path / "record")
    return Fleet(tmp_path, pair, environment, JOBS_OF_A_WAVE)


def begin(fleet: Fleet, playbook: str, number: int) -> dict[str, t.Any]:
    """Reset the servers, and return arguments of a rollout with a name of its own, and what the servers have."""
    for server in fleet.servers.values():
        server.reset()
    if playbook == "rollout_restore":
        fleet.play("rollout", **rollout(number))
    return fleet.states()


def rollout(number: int) -> dict[str, t.Any]:
    return {"vbo_rollout_id": f"r{number}", "vbo_rollout_waves": [1, 1], "vbo_rollout_max_parallel": 1}


def requests_of(fleet: Fleet, playbook: str, name: str, place: str, **variables: t.Any) -> int:
    """Return how many requests of the kind at this place a server receives in an undisturbed run."""
    server = fleet.servers[name]
    server.control("PUT", "faults", [{"match": PLACES[place]["match"], "skip": 10**6, "then": {}}])
    fleet.play(playbook, **rollout(0), **variables)
    return int(server.control("GET", "faults")[0]["hits"])


@contextlib.contextmanager
def held(
    fleet: Fleet, playbook: str, server: Server, number: int, rule: dict[str, t.Any], **variables: t.Any
) -> t.Iterator[subprocess.Popen]:
    """Yield the process of a playbook while the server holds the request of the rule; kill it afterwards."""
    server.forget()
    server.control("PUT", "faults", [{"times": 1, **rule}])
    process = subprocess.Popen(
        fleet.command(playbook, **rollout(number), **variables),
        env=fleet.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + PATIENCE
        while not server.counts()["faults"]:
            assert process.poll() is None and time.monotonic() < end, f"the request of {rule} never came"
            time.sleep(0.02)
        yield process
    finally:
        kill(process)


def kill_at(fleet: Fleet, playbook: str, server: Server, number: int, place: str, **variables: t.Any) -> None:
    """Start the playbook, and kill all of its processes while the server holds the nth request."""
    with held(fleet, playbook, server, number, {**PLACES[place], "skip": number}, **variables):
        pass
    server.control("DELETE", "faults")


def numbers(count: int, share: int) -> t.Iterable[int]:
    """Return the requests of a share, at which a playbook is killed."""
    return range(share, count, len(SHARES)) if FULL else [count * 2 // 3]


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize(
    ("name", "place"), list(itertools.product(NAMES, PLACES)) if FULL else [("a", "before"), ("b", "after")]
)
def test_a_rollout_that_is_killed_anywhere(fleet: Fleet, name: str, place: str, share: int) -> None:
    """In the first or second wave; the wave before stays applied, and the wave after is not reached."""
    server = fleet.servers[name]
    start = begin(fleet, "rollout", 0)
    count = requests_of(fleet, "rollout", name, place)
    done = fleet.states()
    assert count > (20 if place == "before" else 4) and all(done[each] != start[each] for each in NAMES)
    for number in numbers(count, share):
        begin(fleet, "rollout", number)
        kill_at(fleet, "rollout", server, number, place)
        cut_off = fleet.states()
        assert cut_off["a"] == done["a"] if name == "b" else cut_off["b"] == start["b"], number
        fleet.play("rollout", **rollout(number))
        assert fleet.states() == done, f"killed at request {number}"
        fleet.play("rollout_restore", **rollout(number))
        assert fleet.states() == start, f"killed at request {number}: the first snapshot leads back"


@pytest.mark.skipif(not FULL, reason="the task that it consists of is cut off in test_vbo_jobs_plan.py")
@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("place", PLACES)
def test_a_rollout_of_a_plan_that_is_killed_anywhere(fleet: Fleet, place: str, share: int) -> None:
    """The same plan completes it: finished changes count as done."""
    server = fleet.servers["a"]
    begin(fleet, "rollout", 0)
    fleet.play("plan", vbo_plan_directory=str(fleet.folder / "plan"))
    planned = {"vbo_plan_file": str(fleet.folder / "plan" / "plan.json")}
    count = requests_of(fleet, "rollout", "a", place, **planned)
    done = fleet.states()
    assert count > 3
    for number in numbers(count, share):
        begin(fleet, "rollout", number)
        kill_at(fleet, "rollout", server, number, place, **planned)
        fleet.play("rollout", **rollout(number), **planned)
        assert fleet.states() == done, f"killed at request {number}"


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("place", PLACES if FULL else ["after"])
def test_a_way_back_that_is_killed_anywhere(fleet: Fleet, place: str, share: int) -> None:
    server = fleet.servers["a"]
    start = begin(fleet, "rollout", 0)
    begin(fleet, "rollout_restore", 0)
    count = requests_of(fleet, "rollout_restore", "a", place)
    assert count > (10 if place == "before" else 3) and fleet.states() == start
    for number in numbers(count, share):
        begin(fleet, "rollout_restore", number)
        kill_at(fleet, "rollout_restore", server, number, place)
        fleet.play("rollout_restore", **rollout(number))
        assert fleet.states() == start, f"killed at request {number}"


def test_workers_of_a_rollout_that_was_killed_write_nothing_more(fleet: Fleet) -> None:
    """They continue when only Ansible itself is killed: since ansible-core 2.19 they are in other process groups."""
    server = fleet.servers["a"]
    start = begin(fleet, "rollout", 0)
    with held(fleet, "rollout", server, 1, {"match": {"method": "PUT"}, "then": {"delay_answer": 3}}) as process:
        process.kill()
        process.wait()  # from here on, its workers cannot be found through it
    count = len(server.writes())
    time.sleep(6)  # the worker gets its answer after half of this time
    assert len(server.writes()) == count == 1
    fleet.play("rollout", **rollout(1))
    fleet.play("rollout_restore", **rollout(1))
    assert fleet.states() == start
