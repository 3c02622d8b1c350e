# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret leaks in less common ways: over ssh, in the environment of a task, and into the system log."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible.module_utils import basic

from ..support import hosts as module_hosts
from .playbooks import JOB_INFO, Task, task
from .secrets_search import search
from .secrets_tree import PASSWORD, SECRETS, WRONG_TOKEN, Tree
from .test_secrets_everywhere import MODULES, OPTIONS

TOKEN = "backupops.vbo365.vbo_auth_token"
#: runs its last argument as a remote shell would, on this machine
SSH = """#!/bin/sh
for last; do :; done
exec /bin/sh -c "$last"
"""


def test_over_ssh(tmp_path: Path) -> None:
    """Ansible shows all output of the remote process, including a token, unless told otherwise."""
    ssh = tmp_path / "ssh"
    ssh.write_text(SSH, encoding="utf-8")
    ssh.chmod(0o755)
    with Tree(tmp_path) as tree:
        tree.playbooks.environment |= {
            "ANSIBLE_SSH_EXECUTABLE": str(ssh),
            "ANSIBLE_SSH_TRANSFER_METHOD": "piped",
        }
        connection = tree.playbooks.connection(username=None, password=None, token="{{ login.token }}")
        tasks = [
            {"name": "log in", TOKEN: tree.playbooks.connection(), "register": "login"},
            {"name": "read", JOB_INFO: {**connection, "name": "Tenant"}},
            {"name": "wrong", TOKEN: tree.playbooks.connection(password="{{ wrong_password }}"), "ignore_errors": True},
            {"name": "log out", TOKEN: {**connection, "state": "absent"}},
        ]
        play: Task = {"name": "Far", "hosts": "cases", "gather_facts": False, "tasks": tasks}
        run = tree.run([play], {"far": {"ansible_connection": "ssh", "ansible_host": "192.0.2.1"}})
    assert [record.status for record in run.records] == ["ok", "ok", "ignored", "ok"], run.output
    assert "SSH: EXEC" in run.output
    tree.assert_clean()


def test_environment_of_a_task(tmp_path: Path, way: str) -> None:
    """Secrets in C(environment) of a task or its play become options, and are never part of a command line."""
    nothing = {"username": None, "password": None}
    with Tree(tmp_path) as tree:

        def read(title: str, keywords: Task, **options: t.Any) -> Task:
            given = tree.playbooks.connection(**{**nothing, **options})
            return task(title, JOB_INFO, keywords=keywords, **given, name="Tenant")

        login = {"VBO365_USERNAME": "EXAMPLE\\svc-ansible", "VBO365_PASSWORD": "{{ vbo365_password }}"}
        wrong = {"environment": {"VBO365_TOKEN": "{{ wrong_token }}"}, "ignore_errors": True}
        tasks = [
            read("of the task", {"environment": login}),
            read("of both", {"environment": {"VBO365_TIMEOUT": "17"}}, **tree.playbooks.connection()),
            read("wrong token", wrong),
            {"name": "block", "environment": login, "block": [read("of the block", {})]},
            read(
                "option wins",
                {"environment": {"VBO365_PASSWORD": "{{ wrong_password }}"}},
                **tree.playbooks.connection(),
            ),
        ]
        play = tree.playbooks.play(*tasks, module_defaults={})
        run = tree.run([play], {}, vbo365_execution=way)
    assert {record.task: record.status for record in run.records if record.status != "ok"} == {"wrong token": "ignored"}
    assert len(run.of("of the block")) == 1 and len(run.of("option wins")) == 1, run.output
    assert run.result("of both")["invocation"]["module_args"]["timeout"] == 17
    tree.assert_clean()


@pytest.mark.parametrize("module", MODULES)
def test_the_log_of_the_system(module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module process writes its arguments into the system log, without secrets."""
    told: list[str] = []
    monkeypatch.setattr(basic, "has_journal", False)
    monkeypatch.setattr(basic.AnsibleModule, "_log_to_syslog", lambda self, text: told.append(text))
    given = {"url": "https://127.0.0.1:9", "retries": 0, "username": "x", **OPTIONS[module]}
    for secret in ({"password": PASSWORD}, {"token": WRONG_TOKEN, "username": None}):
        state = {"state": "absent"} if module == "vbo_auth_token" and "token" in secret else {}
        options = {key: value for key, value in {**given, **secret, **state}.items() if value is not None}
        result = module_hosts.run("module", module, options)
        assert "No connection" in result["msg"]
    assert len(told) == 2
    (tmp_path / "log").write_text("\n".join(told), encoding="utf-8")
    assert search(tmp_path, SECRETS) == []
