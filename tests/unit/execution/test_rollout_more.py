# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Rollouts: copy jobs and odd texts in snapshots, where files are, what verification finds, impossible plans."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ..support.sandbox import Sandbox, Server
from .playbooks import Playbooks
from .test_rollout_role import CONTOSO, JOBS, Fleet, jobs_of

COPY = {"repository": "repo-s3-copy", "schedule_policy": {"type": "daily_at_time", "daily_time": "08:00"}}
FIRST: list[dict[str, t.Any]] = [
    {"name": "Finance mail", "organization": CONTOSO, "description": "plain"},
    {**JOBS[3], "repository": "repo-s3-01", "copy_job": COPY},
    {"name": "Everything selected", "organization": CONTOSO, "copy_job": COPY},
]
SECOND = [
    {
        "name": "Everything selected",
        "organization": CONTOSO,
        "state": "absent",
        "delete_copy_job": True,
        "when_running": "proceed",
    }
]


class Here(Fleet):
    """Rollouts with files in the folder where Ansible was started."""

    def command(self, name: str, *arguments: str, **variables: t.Any) -> list[str]:
        *command, given = super().command(name, *arguments, **variables)
        kept = {key: value for key, value in json.loads(given).items() if key != "vbo_rollout_directory"}
        return [*command, json.dumps(kept)]


@pytest.fixture(scope="module")
def fleet_servers(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[dict[str, Server]]:
    names = [{"name": name, "versions": ["v7", "v8"]} for name in ("a", "b", "c")]
    with Sandbox(tmp_path_factory.mktemp("fleet"), names) as running:
        yield running.servers


@pytest.fixture
def here(fleet_servers: dict[str, Server], folder: Path, tmp_path: Path) -> Here:
    for server in fleet_servers.values():
        server.reset()
    environment = Playbooks(folder, fleet_servers["a"])._environment(tmp_path / "record")
    environment.pop("PWD", None)
    return Here(tmp_path, fleet_servers, environment, JOBS)


def copies_of(server: Server) -> list[dict[str, t.Any]]:
    """Return the copy jobs of a server, by the name of their job."""
    state = server.state()
    names = {job["id"]: job["name"] for job in state["jobs"]}
    volatile = ("id", "last_run", "last_status", "last_backup", "e_tag")
    found = [{**copy, "backup_job": names[copy["backup_job"]]} for copy in state["copy_jobs"]]
    return sorted(({key: copy[key] for key in copy if key not in volatile} for copy in found), key=str)


def test_copy_jobs_and_texts_that_look_like_templates_come_back(here: Here) -> None:
    """The second run, with the same name and other jobs, adds to the snapshot of the first."""
    server = here.servers["a"]
    state = server.state()
    for job in state["jobs"]:
        job["description"] = f"{{{{ 1 / 0 }}}} {{% raw %}} {{'a': 1}} !unsafe ü {job['name']}"
    server.replace(state)
    before, copies = jobs_of(server), copies_of(server)
    here.play("rollout", "--limit", "a", vbo_jobs_list=FIRST)
    assert [copy["schedule_policy"]["daily_time"] for copy in copies_of(server)] == ["08:00:00", "08:00:00"]
    here.play("rollout", "--limit", "a", vbo_jobs_list=SECOND)
    assert "Everything selected" not in jobs_of(server) and len(copies_of(server)) == 1
    assert jobs_of(server)["Finance mail"]["description"] == "plain"
    here.play("rollout_restore", "--limit", "a")
    assert jobs_of(server) == before
    assert copies_of(server) == copies


def test_files_are_where_ansible_was_started_and_a_wrong_name_is_said(here: Here) -> None:
    """Not in the collection, whose folder the next installation replaces."""
    here.play("rollout", "--limit", "a", vbo_jobs_list=FIRST[:1])
    assert sorted(path.name for path in (here.folder / "rollouts" / "r1").iterdir()) == [
        "a.yml",
        "report.json",
        "report.md",
    ]
    shown = here.play("rollout_restore", "--limit", "a", fails=True, vbo_rollout_id="r7")
    assert "There is no rollout 'r7'" in shown and not here.writes()["a"]


def test_a_job_that_will_never_run_is_no_success(here: Here) -> None:
    for server in here.servers.values():
        server.switch(opening_start=False)
    before = here.states()
    window = ["Mon 05:00-06:00"]  # and the job starts at midnight and at noon
    policy = {"type": "periodically", "periodically_every": "hours12", "periodically_window": window}
    jobs = [{"name": "Finance mail", "organization": CONTOSO, "schedule_policy": policy}]
    shown = here.play(fails=True, vbo_jobs_list=jobs, vbo_rollout_waves=[2, 1])
    assert "the server has planned no next run" in shown
    assert here.report() == {"a": ("restored", 1), "b": ("restored", 1), "c": ("not_reached", None)}
    assert here.writes() == {"a": 2, "b": 2, "c": 0}
    assert here.states() == before


def test_a_plan_that_cannot_be_made_writes_nothing(here: Here) -> None:
    jobs = [*JOBS, {**JOBS[3], "name": "Newer", "repository": "no-such"}]
    for arguments in (("--check",), ()):
        shown = here.play("rollout", *arguments, fails=True, vbo_jobs_list=jobs)
        assert set(here.writes().values()) == {0} and "no-such" in shown
    assert here.report()["a"] == ("failed", 1)
    assert not list((here.folder / "rollouts" / "r1").glob("*.yml"))
