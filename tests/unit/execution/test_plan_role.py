# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role vbo_plan, and apply and rollout with a plan: reviewed changes are made, and stale plans are rejected."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import typing as t
from pathlib import Path

import pytest

from ..support import playbook_command
from ..support.sandbox import PASSWORD, Sandbox, Server
from .playbooks import Playbooks
from .test_rollout_role import JOBS, Fleet

NAMES = ("a", "b", "c", "d")
NOWHERE = "https://127.0.0.1:9"
APPLY = "backupops.vbo365.vbo_jobs : Apply the declared jobs to this server"


class Down(Server):
    """A server that does not listen."""

    def forget(self) -> None:
        """There is no log to empty."""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[dict[str, Server]]:
    with Sandbox(tmp_path_factory.mktemp("plan"), [{"name": name, "versions": ["v7", "v8"]} for name in NAMES]) as box:
        yield box.servers


@pytest.fixture
def fleet(servers: dict[str, Server], folder: Path, tmp_path: Path) -> Fleet:
    for server in servers.values():
        server.reset()
    environment = Playbooks(folder, servers["a"])._environment(tmp_path / "record")
    (tmp_path / "record").touch()
    return Fleet(tmp_path, servers, environment, JOBS)


def plan_of(fleet: Fleet, name: str = "plan") -> dict[str, t.Any]:
    return json.loads((fleet.folder / name / "plan.json").read_text(encoding="utf-8"))


def records(fleet: Fleet, task: str) -> dict[str, dict[str, t.Any]]:
    """Return the last result of a task on each host."""
    lines = (fleet.folder / "record").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return {entry["host"]: entry["result"] for entry in found if entry["task"] == task}


def edit(server: Server) -> None:
    """Return what somebody does after the plan was made."""
    state = server.state()
    job = next(job for job in state["jobs"] if job["name"] == "Tenant")
    job["schedule_policy"]["daily_time"] = "23:15:00"
    server.replace(state)


def test_a_plan_is_carried_out_and_refused_where_something_has_moved(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On four servers, one of them down at first; planned with this ansible-core, applied with the one under test."""
    before = fleet.states()
    up = fleet.servers
    fleet.servers = {**up, "d": Down("d", NOWHERE, up["d"].ca_path, up["d"].session)}
    with monkeypatch.context() as patch:
        here = Path(sys.executable).parent
        patch.setattr(playbook_command, "binaries", lambda: here)
        path = os.pathsep.join([str(here), fleet.environment["PATH"]])
        shown = dataclasses.replace(fleet, environment={**fleet.environment, "PATH": path}).play("plan", fails=True)
    fleet.servers = up
    assert "not planned: 1 unreachable" in shown
    plan = plan_of(fleet)
    assert {server["name"]: server["state"] for server in plan["servers"]} == {
        "a": "changes",
        "b": "changes",
        "c": "changes",
        "d": "unreachable",
    }
    files = {path.name: path for path in (fleet.folder / "plan").iterdir()}
    assert files.keys() == {"plan.json", "plan.md", "plan.html"}
    assert {path.stat().st_mode & 0o777 for path in files.values()} == {0o600}
    assert not any(PASSWORD in path.read_text(encoding="utf-8") for path in files.values())
    assert fleet.states() == before and str(fleet.folder) not in files["plan.json"].read_text(encoding="utf-8")

    edit(fleet.servers["b"])
    moved = fleet.states()
    # made here, applied from another folder, by its path
    shown = fleet.play("apply", fails=True, vbo_plan_file="plan/plan.json", vbo_plan_max_age="2h")
    after = fleet.states()
    assert {name for name in NAMES if after[name] != moved[name]} == {"a", "c"}
    assert {name for name, count in fleet.writes().items() if count} == {"a", "c"}
    assert "no changes for the server 'd', which was unreachable" in shown
    done = records(fleet, APPLY)
    assert [(moved["name"], moved["field"]) for moved in done["b"]["moved"]] == [
        ("Tenant", "schedule_policy.daily_time")
    ]
    planned = [[job["name"], job["action"], job["changes"]] for job in plan["servers"][0]["plan"]["jobs"]]
    assert json.dumps(planned) == json.dumps(
        [[job["name"], job["action"], job["changes"]] for job in done["a"]["jobs"]]
    )

    fleet.play("apply", "--limit", "a,c", vbo_plan_file="plan/plan.json")
    assert set(fleet.writes().values()) == {0}, "the same plan again has nothing left to do"

    # a rollout: the server that has changed fails its wave, and the other one is rolled back
    for name in ("a", "b"):
        fleet.servers[name].reset()
    fleet.play("plan", "--limit", "a,b", vbo_plan_directory="second")
    edit(fleet.servers["b"])
    moved = fleet.states()
    shown = fleet.play("rollout", "--limit", "a,b", fails=True, vbo_plan_file="second/plan.json", vbo_rollout_waves=[2])
    assert fleet.states() == moved
    assert {name: state for name, (state, _wave) in fleet.report().items()} == {"a": "restored", "b": "failed"}
    assert "schedule_policy.daily_time was changed after the plan was made" in shown
