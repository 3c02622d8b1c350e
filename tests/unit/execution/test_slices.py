# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection as AWX and execution nodes run it: transmit, worker, process, with the servers in two slices."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

from ..support.sandbox import PASSWORD, Sandbox
from .fleet import GeneratedFleet, slices
from .planted import plant
from .playbooks import Playbooks

RUNNER = Path(sys.executable).with_name("ansible-runner")
SERVERS, JOBS = 5, 12


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> t.Iterator[GeneratedFleet]:
    generated = {"servers": SERVERS, "jobs": JOBS, "users": 10, "seed": 5, "versions": ["v8"]}
    path = tmp_path_factory.mktemp("fleet")
    with Sandbox(path, [], generate=generated) as running:
        environment = Playbooks(folder, running.servers["server-001"])._environment(path / "record")
        made = GeneratedFleet(path, running.servers, environment)
        made.write_inventory()
        made.play("export", vbo_export_directory=str(made.inventory / "host_vars"))
        yield made


class Runner:
    """A controller and a separate node: only the stream goes from one to the other."""

    def __init__(self, folder: Path, fleet: GeneratedFleet, playbook: str, hosts: list[str]) -> None:
        self.fleet = fleet
        self.sent, self.node, self.received = (folder / name for name in ("sent", "node", "received"))
        project = self.sent / "project"
        project.mkdir(parents=True)
        play = [{"name": "Slice", "import_playbook": f"backupops.vbo365.{playbook}"}]
        (project / "play.yml").write_text(json.dumps(play), encoding="utf-8")
        fleet.write_inventory(hosts, self.sent / "inventory")
        (self.sent / "inventory" / "host_vars").mkdir()
        for name in hosts:
            shutil.copy(fleet.inventory / "host_vars" / f"{name}.yml", self.sent / "inventory" / "host_vars")

    def run(self, **variables: t.Any) -> list[dict[str, t.Any]]:
        """Run the playbook on the node; return the events that came back."""
        (self.sent / "env").mkdir()
        (self.sent / "env" / "extravars").write_text(json.dumps(variables), encoding="utf-8")
        self.received.mkdir()
        stream: bytes = b""
        for arguments in (
            ["transmit", str(self.sent), "-p", "play.yml", "--ident", "slice"],
            ["worker", "--private-data-dir", str(self.node)],
            ["process", str(self.received)],
        ):
            done = subprocess.run(
                [str(RUNNER), *arguments],
                input=stream,
                env=self.fleet.variables(),
                stdout=subprocess.PIPE,
                timeout=180,
                check=False,
            )
            assert done.returncode == 0, done.stdout.decode(errors="replace")[-5000:]
            stream = done.stdout
        events = sorted(self.received.rglob("job_events/*.json"))
        return [json.loads(path.read_text(encoding="utf-8")) for path in events]


def test_applied_and_compared_in_two_slices(fleet: GeneratedFleet, tmp_path: Path) -> None:
    """The servers end as in a direct run, and the merged reports of the slices equal one report."""
    assert RUNNER.exists(), "ansible-runner belongs to the environment of development"
    initial = {name: server.state() for name, server in fleet.servers.items()}
    fleet.declare_changes()
    fleet.play("apply")
    direct = {name: server.state() for name, server in fleet.servers.items()}
    assert all(direct[name] != initial[name] for name in direct)
    for name, server in fleet.servers.items():
        server.replace(initial[name])
    parts = slices(fleet.servers, 2)
    assert [len(part) for part in parts] == [3, 2]
    for number, part in enumerate(parts):
        before = {name: server.state() for name, server in fleet.servers.items() if name not in part}
        Runner(tmp_path / f"apply-{number}", fleet, "apply", part).run()
        assert all(fleet.servers[name].state() == state for name, state in before.items()), "another slice's servers"
    assert {name: without_tags(server.state()) for name, server in fleet.servers.items()} == {
        name: without_tags(state) for name, state in direct.items()
    }

    states = {name: server.state() for name, server in fleet.servers.items()}
    plant({name: state for name, state in states.items() if name != parts[1][0]}, 20, seed=3)
    for name, server in fleet.servers.items():
        server.replace(states[name])
    fleet.down.add(parts[0][0])
    fleet.write_inventory()
    fleet.forget()
    fleet.play("drift", vbo_drift_directory=str(tmp_path / "direct"))
    reports = []
    for number, part in enumerate(parts):
        runner = Runner(tmp_path / f"drift-{number}", fleet, "drift", part)
        # files in the artifacts of a run come back from the node
        events = runner.run(vbo_drift_directory=str(runner.node / "artifacts" / "slice" / "drift"))
        assert events and PASSWORD not in json.dumps(events)
        reports.append(str(runner.received / "artifacts"))
    fleet.play("drift_merge", vbo_drift_slices=reports, vbo_drift_directory=str(tmp_path / "merged"))
    assert set(fleet.writes().values()) == {0}
    whole, merged = (read(tmp_path / name) for name in ("direct", "merged"))
    assert merged == whole and {server["state"] for server in whole["servers"]} == {"ok", "drift", "unreachable"}
    assert sorted(os.listdir(tmp_path / "merged")) == sorted(os.listdir(tmp_path / "direct"))


def without_tags(state: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return a state without counters of changes and without the ids of new copy jobs."""

    def kept(entries: list[dict[str, t.Any]], *volatile: str) -> list[dict[str, t.Any]]:
        found = [{key: entry[key] for key in entry if key not in volatile} for entry in entries]
        return sorted(found, key=str)

    jobs, copies = kept(state["jobs"], "e_tag"), kept(state["copy_jobs"], "e_tag", "id")
    return {**state, "jobs": jobs, "copy_jobs": copies}


def read(folder: Path) -> dict[str, t.Any]:
    """Return a report without its creation time, with its servers by name."""
    report = json.loads((folder / "drift.json").read_text(encoding="utf-8"))
    return {**report, "generated": "", "servers": sorted(report["servers"], key=lambda server: server["name"])}
