# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Relative folders: every playbook that writes files, started in another folder as pipelines do."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml

from ..execution.playbooks import COLLECTION, Playbooks, prepare
from ..support.playbook_command import ansible_playbook
from ..support.sandbox import PASSWORD, USERNAME, Sandbox, Server

JOB = {
    "name": "Tenant",
    "organization": "contoso.onmicrosoft.com",
    "description": "changed",
    "schedule_policy": {"daily_time": "03:00"},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Server]:
    with Sandbox(tmp_path_factory.mktemp("sandbox"), [{"name": "main", "versions": ["v8"]}]) as running:
        yield running.servers["main"]


#: playbook, variables, and the files that appear below the folder in which Ansible was started
STORY: list[tuple[str, dict[str, t.Any], set[str]]] = [
    ("validate", {"vbo_validate_directory": "plan"}, {"plan/vbo-1.yml"}),
    ("calendar", {"vbo_time_zone": "Europe/Berlin"}, {"calendar/calendar.html", "calendar/vbo-1.ics"}),
    ("drift", {}, {"drift/drift.json"}),
    ("drift", {"vbo_drift_directory": "reports [prod]/today"}, {"reports [prod]/today/drift.json"}),
    ("drift_merge", {"vbo_drift_slices": ["drift", "reports [prod]"]}, {"drift/drift.json"}),
    ("export", {"vbo_export_directory": "host_vars"}, {"host_vars/vbo-1.yml"}),
    (
        "export",
        {"vbo_export_directory": "./jobs", "vbo_export_layout": "job"},
        {"jobs/vbo-1/vbo_jobs_list.yml", "jobs/vbo-1/contoso.onmicrosoft.com+tenant.yml"},
    ),
    ("rollout", {"vbo_rollout_id": "r1"}, {"rollouts/r1/vbo-1.yml", "rollouts/r1/report.json"}),
    ("rollout_restore", {"vbo_rollout_id": "r1"}, set()),
]


@pytest.mark.parametrize("pwd", [None, "/", "{other}"], ids=["unset", "root", "another folder"])
def test_playbooks_write_where_ansible_was_started(tmp_path: Path, server: Server, pwd: str | None) -> None:
    """Whatever PWD contains, and never in the collection or in a folder of somebody else."""
    server.reset()
    original = description(server)
    here, other, settings = tmp_path / "here", tmp_path / "other", tmp_path / "settings"
    here.mkdir()
    other.mkdir()
    prepare(settings)
    hosts = {
        "vbo-1": {
            "vbo_jobs_list": [JOB],
            "vbo365_connection": {
                "url": server.url,
                "ca_path": server.ca_path,
                "username": USERNAME,
                "password": PASSWORD,
            },
        }
    }
    (here / "inventory").mkdir()
    (here / "inventory" / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")
    environment = Playbooks(settings, server)._environment(settings / "record")
    environment.pop("PWD", None)
    if pwd is not None:
        environment["PWD"] = pwd.format(other=other)
    story = STORY if pwd is None else [entry for entry in STORY if entry[0] in ("validate", "rollout")]
    checkout = below(COLLECTION / "playbooks") | below(COLLECTION / "roles")
    for name, variables, expected in story:
        arguments = ["-i", "inventory", f"backupops.vbo365.{name}", "-e", json.dumps(variables)]
        done = ansible_playbook(arguments, environment, here, timeout=180)
        assert done.returncode == 0, done.stdout
        assert expected <= below(here), done.stdout
    assert description(server) == ("changed" if pwd else original), "the way back found the snapshot"
    assert below(other) == set()
    assert below(COLLECTION / "playbooks") | below(COLLECTION / "roles") == checkout


def description(server: Server) -> t.Any:
    """Return the description of the job that is rolled out, on the server."""
    return next(job.get("description") for job in server.state()["jobs"] if job["name"] == JOB["name"])


def below(folder: Path) -> set[str]:
    """Return all files below a folder, except compiled code."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"}


@pytest.mark.parametrize("way", ["option", "variable"])
def test_a_relative_ca_path(tmp_path: Path, server: Server, way: str) -> None:
    """It is relative to the folder where Ansible was started, in both ways to run, wherever the playbook is."""
    (tmp_path / "ca.pem").write_text(Path(server.ca_path).read_text(encoding="utf-8"), encoding="utf-8")
    elsewhere = tmp_path / "playbooks"
    prepare(tmp_path / "settings")
    elsewhere.mkdir()
    options = {"url": server.url, "username": USERNAME, "password": PASSWORD, "name": "Tenant"}
    if way == "option":
        options["ca_path"] = "./ca.pem"
    tasks = [
        {"backupops.vbo365.vbo_job_info": options, "vars": {"vbo365_execution": execution}}
        for execution in ("controller", "module")
    ]
    play = {"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}
    (elsewhere / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
    environment = Playbooks(tmp_path / "settings", server)._environment(tmp_path / "record")
    if way == "variable":
        environment["VBO365_CA_PATH"] = "ca.pem"
    done = ansible_playbook(["playbooks/play.yml"], environment, tmp_path)
    assert done.returncode == 0 and "ok=2" in done.stdout, done.stdout
