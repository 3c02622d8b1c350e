# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet from export to drift report: applied once, unchanged afterwards, and every planted difference is found.

With ``VBO365_TEST_FULL`` the fleet has 200 servers with 50 jobs each.
"""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ..support.full import FULL
from ..support.sandbox import Sandbox
from .fleet import MANAGED, GeneratedFleet
from .planted import plant
from .playbooks import Playbooks

SERVERS, JOBS = (200, 50) if FULL else (8, 20)
PLANTED = 37


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> t.Iterator[GeneratedFleet]:
    generated = {"servers": SERVERS, "jobs": JOBS, "users": 20, "seed": 11, "versions": ["v8"]}
    path = tmp_path_factory.mktemp("fleet")
    with Sandbox(path, [], generate=generated) as running:
        environment = Playbooks(folder, running.servers["server-001"])._environment(path / "record")
        made = GeneratedFleet(path, running.servers, {**environment, "ANSIBLE_FORKS": "10"})
        made.write_inventory()
        made.play("export", vbo_export_directory=str(made.inventory / "host_vars"))
        yield made


def test_apply_once_then_nothing_then_drift(fleet: GeneratedFleet, tmp_path: Path) -> None:
    assert len(fleet.servers) == SERVERS and set(fleet.writes().values()) == {0}
    assert {len(fleet.declared(name)) for name in fleet.servers} == {JOBS}
    fleet.declare_changes()
    fleet.play("apply")
    written = fleet.writes()
    assert min(written.values()) >= MANAGED, written
    for server in fleet.servers.values():
        state = server.state()
        assert sum(job.get("description") == "Managed by Git" for job in state["jobs"]) == MANAGED
        assert len(state["copy_jobs"]) == 2 and len(state["jobs"]) == JOBS

    fleet.forget()
    shown = fleet.play("apply")
    assert set(fleet.writes().values()) == {0} and "changed=0" in shown and "changed=1" not in shown

    down = sorted(fleet.servers)[-1]
    states = {name: server.state() for name, server in fleet.servers.items() if name != down}
    rows = plant(states, PLANTED, seed=SERVERS)
    assert len(rows) > PLANTED, "a job that was renamed is missing, and there is an unexpected one"
    for name in {row[0] for row in rows}:
        fleet.servers[name].replace(states[name])
    fleet.down.add(down)
    fleet.write_inventory()
    fleet.forget()
    shown = fleet.play("drift", vbo_drift_directory=str(tmp_path))
    report = json.loads((tmp_path / "drift.json").read_text(encoding="utf-8"))
    assert report["summary"] in shown and set(fleet.writes().values()) == {0}

    found = {
        (server["name"], job["name"]): (job["kind"], [change["field"] for change in job["changes"]])
        for server in report["servers"]
        for job in server["jobs"]
        if job["kind"] != "same"
    }
    assert {place: kind for place, (kind, _fields) in found.items()} == {row[:2]: row[2] for row in rows}
    for server, job, kind, field in rows:
        fields = found[server, job][1]
        assert bool(fields) == (kind == "changed"), (server, job, kind, fields)
        assert all(name.startswith(field) for name in fields), (server, job, field, fields)
    drifting = {row[0] for row in rows}
    assert {server["name"]: server["state"] for server in report["servers"]} == {
        name: "unreachable" if name == down else "drift" if name in drifting else "ok" for name in fleet.servers
    }
    assert report["totals"]["servers"] == SERVERS and report["totals"]["unreachable"] == 1
    differing = [report["totals"][kind] for kind in ("missing", "changed", "unexpected")]
    assert sum(differing) == len(rows) and min(differing) > 0
