# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which tasks run in the controller and which as a module process: the choice, the message, and the effect."""

from __future__ import annotations

import os
import typing as t
from pathlib import Path

import pytest
import requests
import urllib3

from .playbooks import CONTROLLER, JOB_INFO, MODULE, Playbooks, Task, binaries, task

ASKED = "asked for with vbo365_execution"
FAR = "the connection is not local"
MISSING = "requests is missing in the controller's Python"
SUDO = {"become": True, "become_method": "nobody_else"}


def read(title: str, **keywords: t.Any) -> Task:
    return task(title, JOB_INFO, keywords=keywords, name="Finance mail")


#: keywords of the task, vbo365_execution, and why it runs as a module process
CASES: list[tuple[str, dict[str, t.Any], str | None, str | None]] = [
    ("nothing said", {}, None, None),
    ("auto", {}, "auto", None),
    ("left empty", {}, " ", None),
    ("controller", {}, CONTROLLER, None),
    ("module", {}, MODULE, ASKED),
    ("template", {}, "{{ 'mod' ~ 'ule' }}", ASKED),
    ("async", {"async": 30, "poll": 1}, None, "async"),
    ("async in the controller", {"async": 30, "poll": 1}, CONTROLLER, "async"),
    ("become", SUDO, None, "become"),
    ("become in the controller", SUDO, CONTROLLER, "become"),
    ("become switched off", {"become": False}, None, None),
    ("environment", {"environment": {"VBO365_TIMEOUT": "30"}}, None, "environment"),
    ("environment in the controller", {"environment": {"VBO365_TIMEOUT": "30"}}, CONTROLLER, "environment"),
    ("empty environment", {"environment": {}}, None, None),
    ("delegated far", {"delegate_to": "bastion"}, None, FAR),
    ("delegated far in the controller", {"delegate_to": "bastion"}, CONTROLLER, None),
    ("delegated near", {"delegate_to": "second"}, None, None),
    ("a host's own connection wins over the task's", {"connection": "elsewhere"}, None, None),
]


def test_the_choice(playbooks: Playbooks) -> None:
    """Every reason for a module process, and no other."""
    tasks = []
    for title, keywords, wish, _reason in CASES:
        variables = {} if wish is None else {"vars": {"vbo365_execution": wish}}
        tasks.append(read(title, **keywords, **variables))
    run = playbooks.run(*tasks)
    assert {title: run.reason(title) for title, *_unused in CASES} == {title: reason for title, _k, _w, reason in CASES}
    for title, *_unused in CASES:
        result = run.result(title)
        assert [job["name"] for job in result["jobs"]] == ["Finance mail"], title
    assert run.result("environment")["invocation"]["module_args"]["timeout"] == 30
    counts = playbooks.server.counts()
    assert counts["logins"] == counts["logouts"] == len(CASES)


@pytest.mark.skipif(bool(os.environ.get("VBO365_TEST_ANSIBLE")), reason="that Ansible has a requests of its own")
def test_playbooks_use_the_requests_of_the_tests(playbooks: Playbooks) -> None:
    """Otherwise, an old requests that is laid over the environment would be tested in this process only."""
    ask = "import requests, urllib3; print(requests.__version__, urllib3.__version__)"
    command = {"argv": ["{{ ansible_playbook_python }}", "-c", ask]}
    run = playbooks.run(task("ask", "ansible.builtin.command", **command))
    assert run.result("ask")["stdout"].split() == [requests.__version__, urllib3.__version__]


def test_another_host(playbooks: Playbooks) -> None:
    """A task runs on a host with another connection, unless it is delegated back."""
    tasks = [
        read("there"),
        read("delegated to localhost", delegate_to="localhost"),
        read("local action", connection="local", delegate_to="third"),
        task("changed", name="Finance mail", description="From a bastion"),
        task("again", name="Finance mail", description="From a bastion", keywords={"delegate_to": "localhost"}),
    ]
    run = playbooks.run(plays=[playbooks.play(*tasks, hosts="bastion")])
    ways = {given["name"]: run.reason(given["name"]) for given in tasks}
    assert ways == {
        "there": FAR,
        "delegated to localhost": None,
        "local action": None,
        "changed": FAR,
        "again": None,
    }
    assert run.result("changed")["changed"] and not run.result("again")["changed"]
    assert {record.host for record in run.records} == {"bastion"}


def test_a_wrong_wish(playbooks: Playbooks) -> None:
    run = playbooks.run(read("wrong", ignore_errors=True), vbo365_execution="fast")
    message = run.result("wrong")["msg"]
    assert message == "vbo365_execution: must be one of auto, controller, module (got 'fast')."
    assert playbooks.server.counts()["total"] == 0


@pytest.mark.parametrize("wish", ["auto", CONTROLLER])
def test_the_controller_has_no_requests(playbooks: Playbooks, tmp_path: Path, wish: str) -> None:
    """The module process runs if it has them; otherwise the error says what is missing."""
    stub = tmp_path / "stub" / "requests"
    stub.mkdir(parents=True)
    (stub / "__init__.py").write_text("raise ImportError('no requests here')\n", encoding="utf-8")
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nunset PYTHONPATH\nexec "{binaries() / "python"}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    playbooks.environment["PYTHONPATH"] = str(stub.parent)
    run = playbooks.run(
        read("has them", vars={"ansible_python_interpreter": str(python)}),
        read("has none", ignore_errors=True),
        vbo365_execution=wish,
    )
    assert run.reason("has them") == run.reason("has none") == MISSING
    assert len(run.result("has them")["jobs"]) == 1
    assert "Failed to import the required Python library (requests)" in run.result("has none")["msg"]


def test_defaults_of_the_group(playbooks: Playbooks, way: str) -> None:
    """All connection options come from C(module_defaults), for both modules; the options of the task win."""
    group = {"group/backupops.vbo365.vbo365": playbooks.connection(api_version="v7", timeout=17)}
    play = playbooks.play(
        task("group", JOB_INFO, name="Finance mail"),
        task("own option", JOB_INFO, name="Finance mail", api_version="v6"),
        task("other module", name="Finance mail", description="From the group"),
        {
            "name": "Block",
            "module_defaults": {JOB_INFO: {"name": "Tenant"}},
            "block": [{"name": "defaults of the module", JOB_INFO: {}}],
        },
        module_defaults=group,
    )
    run = playbooks.run(plays=[play], vbo365_execution=way)
    assert run.result("group")["api_version"] == "v7"
    assert run.result("group")["invocation"]["module_args"]["timeout"] == 17
    assert run.result("own option")["api_version"] == "v6"
    assert run.result("other module")["changed"]
    assert run.result("other module")["invocation"]["module_args"]["timeout"] == 17
    assert [job["name"] for job in run.result("defaults of the module")["jobs"]] == ["Tenant"]
    assert run.reason("group") == (ASKED if way == MODULE else None)


def test_run_once(playbooks: Playbooks, way: str) -> None:
    """One of three hosts does the work, and all get the result."""
    play = playbooks.play(
        task("once", name="Finance mail", description="Once", keywords={"run_once": True, "register": "found"}),
        {
            "name": "known",
            "ansible.builtin.assert": {"that": ["found is changed", "found.action == 'update'"], "quiet": True},
        },
        hosts="localhost:second:third",
    )
    run = playbooks.run(plays=[play], vbo365_execution=way)
    assert run.result("once")["changed"]
    assert sorted(record.host for record in run.of("known", "ok")) == ["localhost", "second", "third"]
    assert playbooks.server.counts()["writes"] == 1


def test_many_hosts(playbooks: Playbooks, way: str) -> None:
    """Each host has its own session, result and logout."""
    play = playbooks.play(
        task(
            "each",
            description="From {{ inventory_hostname }}",
            name="{{ job }}",
            organization="contoso.onmicrosoft.com",
        ),
        hosts="localhost:second:third",
    )
    play["vars"] = {
        "job": "{{ {'localhost': 'Finance mail', 'second': 'Tenant', 'third': 'On demand'}[inventory_hostname] }}"
    }
    run = playbooks.run(plays=[play], vbo365_execution=way)
    results = {record.host: record.result for record in run.of("each", "ok")}
    assert {host: result["job"]["description"] for host, result in results.items()} == {
        host: f"From {host}" for host in ("localhost", "second", "third")
    }
    counts = playbooks.server.counts()
    assert (counts["writes"], counts["logins"], counts["logouts"]) == (3, 3, 3)
