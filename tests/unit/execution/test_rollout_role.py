# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role vbo_rollout and its playbooks: waves, snapshots, a wave that fails, a run that is killed, the rollback."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import time
import typing as t
from pathlib import Path

import pytest
import yaml

from ..support.full import FULL
from ..support.playbook_command import ansible_playbook, command, kill
from ..support.sandbox import PASSWORD, USERNAME, Sandbox, Server
from .playbooks import Playbooks

NAMES = ("a", "b", "c", "d")
CONTOSO = "contoso.onmicrosoft.com"
#: a change of a schedule, a change of items, a new job with a copy job, and a deletion
JOBS: list[dict[str, t.Any]] = [
    {"name": "Finance mail", "organization": CONTOSO, "schedule_policy": {"daily_time": "01:23"}},
    {"name": "Tenant", "organization": CONTOSO, "description": "new", "enabled": False},
    {
        "name": "Everything selected",
        "organization": CONTOSO,
        "items_mode": "add",
        "selected_items": [{"type": "user", "name": "ivan.petrov@contoso.com"}],
        "when_running": "proceed",
    },
    {
        "name": "New",
        "description": "new",  # a default description contains the time
        "organization": CONTOSO,
        "repository": "repo-fra-01",
        "backup_type": "selected_items",
        "selected_items": [{"type": "user", "name": "cfo@contoso.com"}],
        "schedule_policy": {"type": "daily", "daily_time": "02:00"},
    },
    {"name": "Engineering sites", "organization": CONTOSO, "state": "absent", "when_running": "proceed"},
]


@dataclasses.dataclass
class Fleet:
    """Four servers, their inventory, and the playbooks of a rollout."""

    folder: Path
    servers: dict[str, Server]
    environment: dict[str, str]
    jobs: list[dict[str, t.Any]]

    def arguments(self, name: str, *arguments: str, **variables: t.Any) -> list[str]:
        """Return the arguments of a playbook of the collection, for the inventory of all servers."""
        hosts = {
            host: {
                "vbo365_connection": {
                    "url": server.url,
                    "ca_path": server.ca_path,
                    "username": USERNAME,
                    "password": PASSWORD,
                    "retries": 0,
                }
            }
            for host, server in self.servers.items()
        }
        inventory = self.folder / "inventory.yml"
        inventory.write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")
        given = {
            "vbo_rollout_id": "r1",
            "vbo_rollout_directory": str(self.folder / "rollouts"),
            "vbo_rollout_waves": [1, 2, 1],
            "vbo_jobs_list": self.jobs,
            **variables,
        }
        return ["-i", str(inventory), f"backupops.vbo365.{name}", *arguments, "-e", json.dumps(given)]

    def command(self, name: str, *arguments: str, **variables: t.Any) -> list[str]:
        """Return the whole command, for tests that do not wait for its end."""
        return [*command(), *self.arguments(name, *arguments, **variables)]

    def play(self, name: str = "rollout", *arguments: str, fails: bool = False, **variables: t.Any) -> str:
        for server in self.servers.values():
            server.forget()
        given = self.arguments(name, *arguments, **variables)
        done = ansible_playbook(given, self.environment, self.folder, timeout=180)
        assert (done.returncode != 0) == fails, done.stdout
        assert "[WARNING]" not in done.stdout, done.stdout
        assert PASSWORD not in done.stdout
        return done.stdout

    def states(self) -> dict[str, t.Any]:
        """Return the data of the servers, without times of runs."""
        return {name: jobs_of(server) for name, server in self.servers.items()}

    def writes(self) -> dict[str, int]:
        return {name: len(server.writes()) for name, server in self.servers.items()}

    def report(self) -> dict[str, tuple[str, int | None]]:
        report = json.loads((self.folder / "rollouts" / "r1" / "report.json").read_text(encoding="utf-8"))
        text = (self.folder / "rollouts" / "r1" / "report.md").read_text(encoding="utf-8")
        assert all(
            f"| {row['server']} | {row['wave'] or ''} | {row['state'].replace('_', ' ')} |" in text
            for row in report["servers"]
        )
        return {row["server"]: (row["state"], row["wave"]) for row in report["servers"]}


def jobs_of(server: Server) -> dict[str, t.Any]:
    """Return the jobs of a server by name; ids differ after a job was deleted and created again."""
    state = server.state()
    found = {}
    for job in state["jobs"]:
        kept = {
            key: value
            for key, value in job.items()
            if key not in ("id", "last_run", "last_status", "last_backup", "e_tag")
        }
        for key in ("selected_items", "excluded_items"):
            items = [
                {name: sorted(value) if name == "folders" else value for name, value in item.items() if name != "id"}
                for item in job.get(key) or []
            ]
            kept[key] = sorted(items, key=str)
        policy = job["schedule_policy"]
        if policy.get("type", "Daily") != "Periodically":  # settings of the other type are never shown
            kept["schedule_policy"] = {name: policy[name] for name in policy if not name.startswith("periodically_")}
        found[job["name"]] = kept
    return found


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[dict[str, Server]]:
    folder = tmp_path_factory.mktemp("fleet")
    with Sandbox(folder, [{"name": name, "versions": ["v7", "v8"]} for name in NAMES]) as running:
        yield running.servers


@pytest.fixture
def fleet(servers: dict[str, Server], folder: Path, tmp_path: Path) -> Fleet:
    for server in servers.values():
        server.reset()
        server.control("DELETE", "faults")
    environment = Playbooks(folder, servers["a"])._environment(tmp_path / "record")
    return Fleet(tmp_path, servers, environment, JOBS)


def test_a_rollout_and_its_way_back(fleet: Fleet) -> None:
    before = fleet.states()
    predicted = fleet.play("rollout", "--check")
    assert fleet.states() == before and set(fleet.writes().values()) == {0}
    assert not (fleet.folder / "rollouts").exists() and "4 servers: 4 planned." in predicted

    shown = fleet.play()
    assert "4 servers: 4 changed." in shown
    assert fleet.report() == {"a": ("changed", 1), "b": ("changed", 2), "c": ("changed", 2), "d": ("changed", 3)}
    for name, jobs in fleet.states().items():
        assert jobs["Finance mail"]["schedule_policy"]["daily_time"].startswith("01:23"), name
        assert "New" in jobs and "Engineering sites" not in jobs and not jobs["Tenant"].get("is_enabled", True)
    files = sorted((fleet.folder / "rollouts" / "r1").iterdir())
    assert [path.name for path in files] == ["a.yml", "b.yml", "c.yml", "d.yml", "report.json", "report.md"]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert not any(PASSWORD in path.read_text(encoding="utf-8") for path in files)

    fleet.play(vbo_rollout_id="r2")
    assert set(fleet.writes().values()) == {0} and not (fleet.folder / "rollouts" / "r2" / "a.yml").exists()

    fleet.play("rollout_restore", "--check")
    assert set(fleet.writes().values()) == {0}
    fleet.play("rollout_restore")
    assert fleet.states() == before
    fleet.play("rollout_restore")
    assert set(fleet.writes().values()) == {0}


def test_a_failed_wave_is_undone_and_stops_the_rollout(fleet: Fleet) -> None:
    """The canary stays changed, both servers of the wave are rolled back, and the last one was never touched."""
    before = fleet.states()
    refused = {"match": {"method": "DELETE", "path": "/Jobs/"}, "times": 1, "then": {"status": 500}}
    fleet.servers["c"].control("PUT", "faults", [refused])
    shown = fleet.play(fails=True)
    after = fleet.states()
    assert after["a"] != before["a"] and {name: after[name] for name in "bcd"} == {name: before[name] for name in "bcd"}
    assert fleet.report() == {
        "a": ("changed", 1),
        "b": ("restored", 2),
        "c": ("restored", 2),
        "d": ("not_reached", None),
    }
    assert fleet.writes()["b"] > 0 and fleet.writes()["c"] > 0 and fleet.writes()["d"] == 0
    assert "Wave 2 has failed (c)" in shown and "Engineering sites" in shown
    fleet.servers["c"].control("DELETE", "faults")
    fleet.play()
    assert {state for state, _wave in fleet.report().values()} == {"changed", "unchanged"}
    fleet.play("rollout_restore")
    assert fleet.states() == before, "the first snapshot of the rollout counts"


def test_a_server_that_is_down_fails_its_wave_without_a_write_to_it(fleet: Fleet) -> None:
    before = fleet.states()
    down = [{"match": {}, "then": {"reset_before": True}}]
    fleet.servers["b"].control("PUT", "faults", down)
    fleet.play(fails=True)
    assert {name: value for name, value in fleet.states().items() if name != "a"} == {
        name: value for name, value in before.items() if name != "a"
    }
    assert fleet.report() == {"a": ("changed", 1), "b": ("failed", 2), "c": ("restored", 2), "d": ("not_reached", None)}


def test_a_way_back_that_fails_too_is_said(fleet: Fleet) -> None:
    refused = {
        "match": {"method": "DELETE", "path": "/Jobs/"},
        "then": {"status": 500},
    }
    later = {
        "match": {"method": "PUT", "path": "/Jobs/"},
        "skip": 2,
        "then": {"status": 500, "body": {"message": "disk full"}},
    }
    fleet.servers["a"].control("PUT", "faults", [refused, later])
    shown = fleet.play(fails=True)
    assert fleet.report()["a"] == ("restore_failed", 1) and fleet.writes()["b"] == 0
    assert "the way back failed" in shown
    fleet.servers["a"].control("DELETE", "faults")
    before = jobs_of(fleet.servers["b"])
    fleet.play("rollout_restore", "--limit", "a")
    assert jobs_of(fleet.servers["a"]) == before


def test_without_restoring_the_wave_stays_as_it_is(fleet: Fleet) -> None:
    refused = {"match": {"method": "DELETE", "path": "/Jobs/"}, "then": {"status": 500}}
    fleet.servers["c"].control("PUT", "faults", [refused])
    fleet.play(fails=True, vbo_rollout_restore=False)
    assert fleet.report()["b"] == ("changed", 2) and fleet.report()["c"] == ("incomplete", 2)
    assert fleet.report()["d"] == ("not_reached", None)


@pytest.mark.parametrize("writes", [1, 3] if FULL else [3])
def test_a_rollout_that_is_killed_converges_and_can_still_be_undone(fleet: Fleet, writes: int) -> None:
    before = fleet.states()
    for server in fleet.servers.values():
        server.forget()
        server.switch(latency_ms=60)
    process = subprocess.Popen(
        fleet.command("rollout"),
        env=fleet.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 180
        while len(fleet.servers["b"].writes()) < writes:
            assert process.poll() is None and time.monotonic() < end, "the rollout never came to the second wave"
            time.sleep(0.02)
    finally:
        kill(process)
    for server in fleet.servers.values():
        server.switch(latency_ms=0)
    assert fleet.states() != before
    fleet.play()
    done = fleet.states()
    fleet.play()
    assert set(fleet.writes().values()) == {0}
    for name in fleet.servers:
        assert done[name] == done["a"], f"{name} is not as the server that was never cut off"
    fleet.play("rollout_restore")
    assert fleet.states() == before
