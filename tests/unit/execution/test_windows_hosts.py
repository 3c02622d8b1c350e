# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Inventories in which the servers are Windows machines: the work is done in the controller, without a connection."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from .playbooks import CONTROLLER, JOB_INFO, MODULE, Playbooks, Task, task

CONTOSO = "contoso.onmicrosoft.com"
#: how inventories describe such a host; nothing answers at its address
HOSTS: dict[str, Task] = {
    "winrm": {"ansible_connection": "winrm", "ansible_winrm_transport": "ntlm", "ansible_port": 5986},
    "psrp": {"ansible_connection": "ansible.builtin.psrp"},
    "ssh-powershell": {"ansible_connection": "ssh", "ansible_shell_type": "powershell"},
    "ssh-cmd": {"ansible_connection": "ssh", "ansible_shell_type": "cmd"},
    "local-powershell": {"ansible_connection": "local", "ansible_shell_type": "powershell"},
    "device": {"ansible_connection": "network_cli"},
}
COMMON = {
    "ansible_host": "127.0.0.1",
    "ansible_user": "EXAMPLE\\admin",
    "ansible_become": True,
    "ansible_become_method": "runas",
    "ansible_become_user": "EXAMPLE\\admin",
}


@pytest.fixture
def inventory(tmp_path: Path) -> list[str]:
    path = tmp_path / "windows.yml"
    groups = {"all": {"children": {"windows": {"hosts": HOSTS, "vars": COMMON}}}}
    path.write_text(yaml.safe_dump(groups), encoding="utf-8")
    return ["-vvv", f"--inventory={path}"]


def test_the_controller_does_the_work(playbooks: Playbooks, inventory: list[str]) -> None:
    """Also if a module process would be needed otherwise; if one is unavoidable, the message says so."""
    environment = {"VBO365_TIMEOUT": "17", "HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    blockers = {"asked": {"vars": {"vbo365_execution": MODULE}}, "async": {"async": 30, "poll": 1}}
    tasks = [
        task("read", JOB_INFO, name="Finance mail"),
        task("environment", JOB_INFO, keywords={"environment": environment}, name="Finance mail"),
        task("after", JOB_INFO, name="Finance mail"),
        task("controller", JOB_INFO, keywords={"vars": {"vbo365_execution": CONTROLLER}}, name="Finance mail"),
        task("loop", keywords={"loop": ["Tenant"]}, name="{{ item }}", description="From Windows"),
        *(
            task(title, JOB_INFO, keywords={**keywords, "ignore_errors": True}, name="Finance mail")
            for title, keywords in blockers.items()
        ),
    ]
    run = playbooks.run(plays=[playbooks.play(*tasks, hosts="windows", environment={})], arguments=inventory)
    for title, timeout in {"read": 60, "environment": 17, "after": 60, "controller": 60}.items():
        records = run.of(title, "ok")
        assert {record.host for record in records} == HOSTS.keys(), title
        for record in records:
            assert [job["name"] for job in record.result["jobs"]] == ["Finance mail"]
            assert record.result["invocation"]["module_args"]["timeout"] == timeout, (title, record.host)
    assert len(run.of("loop", "item ok")) == len(HOSTS)
    for title in blockers:
        for record in run.of(title):
            assert record.status == "ignored", (title, record)
            assert "cannot run a Python module" in record.result["msg"] and "localhost" in record.result["msg"]


def test_the_playbooks(playbooks: Playbooks, inventory: list[str], tmp_path: Path) -> None:
    """The connection in the inventory wins over the one in the playbooks."""
    job = {"name": "Finance mail", "organization": CONTOSO, "description": "declared"}
    variables = {
        "vbo365_hosts": "windows",
        "vbo365_connection": playbooks.connection(),
        "vbo_jobs_list": [job],
        "vbo_drift_directory": str(tmp_path / "drift"),
        "vbo_export_directory": str(tmp_path / "export"),
        "vbo_rollout_directory": str(tmp_path / "rollout"),
        "vbo_rollout_id": "field",
    }
    names = ("drift", "rollout", "apply", "export")
    run = playbooks.run(
        plays=[{"import_playbook": f"backupops.vbo365.{name}"} for name in names],
        arguments=inventory,
        **variables,
    )
    after = playbooks.server.job("Finance mail")
    assert after is not None and after["description"] == "declared"
    report = json.loads((tmp_path / "drift" / "drift.json").read_text(encoding="utf-8"))
    assert {server["name"] for server in report["servers"]} == HOSTS.keys()
    assert {path.name.split(".")[0] for path in (tmp_path / "export").rglob("*") if path.is_file()} & HOSTS.keys()
    assert run.code == 0
