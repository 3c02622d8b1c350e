# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VBO365_READ_ONLY on the controller applies however a task runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from .playbooks import CONTROLLER, JOB, MODULE, Playbooks, Task, task

SUDO = {"become": True, "become_method": "fresh_environment"}
#: keywords of a task, the requested way to run, and the value of its option
WAYS: dict[str, tuple[Task, str, object]] = {
    "controller": ({}, CONTROLLER, None),
    "module": ({}, MODULE, None),
    "become": (SUDO, "auto", None),
    "become, lifted by the option": (SUDO, "auto", False),
    "become, lifted by a text": (SUDO, "auto", "no"),
    "become, empty": (SUDO, "auto", ""),
    "become and async": ({**SUDO, "async": 30, "poll": 1}, "auto", None),
    "async": ({"async": 30, "poll": 1}, "auto", None),
    "far": ({"delegate_to": "far"}, "auto", None),
    "far, lifted by the option": ({"delegate_to": "far"}, "auto", False),
    "far in the controller": ({"delegate_to": "far"}, CONTROLLER, False),
    "far and become": ({**SUDO, "delegate_to": "far"}, "auto", None),
    "lifted by the environment of the task": ({"environment": {"VBO365_READ_ONLY": "false"}}, "auto", None),
    "far, lifted by the environment": (
        {"delegate_to": "far", "environment": {"VBO365_READ_ONLY": "false"}},
        "auto",
        False,
    ),
    "forbidden by the environment of the task": ({"environment": {"VBO365_READ_ONLY": "true"}}, "auto", False),
    "Windows": ({"delegate_to": "windows", "environment": {"VBO365_READ_ONLY": "false"}}, "auto", False),
    "a group's default": ({"module_defaults": {JOB: {"read_only": False}}, **SUDO}, "auto", None),
}
INVENTORY = """
all:
  hosts:
    far: {ansible_connection: far}
    windows: {ansible_connection: psrp}
"""


@pytest.fixture
def hosts(playbooks: Playbooks, tmp_path: Path) -> list[str]:
    playbooks.environment["ANSIBLE_BECOME_ALLOW_SAME_USER"] = "true"  # also if root runs the tests
    path = tmp_path / "hosts.yml"
    path.write_text(INVENTORY, encoding="utf-8")
    return ["-vvv", f"--inventory={path}"]


def writes(title: str) -> Task:
    keywords, wish, option = WAYS[title]
    given = {} if option is None else {"read_only": option}
    return task(
        title,
        keywords={**keywords, "vars": {"vbo365_execution": wish}, "ignore_errors": True},
        name="Finance mail",
        description=title,
        **given,
    )


@pytest.mark.parametrize("value", ["true", "maybe"])
def test_nothing_is_written(playbooks: Playbooks, hosts: list[str], value: str) -> None:
    """Nothing is sent either if the value of the option is invalid."""
    playbooks.environment["VBO365_READ_ONLY"] = value
    run = playbooks.run(*map(writes, WAYS), arguments=hosts)
    for title in WAYS:
        (record,) = run.of(title)
        assert record.status == "ignored", title
        says = "only reads are allowed" if value == "true" else "read_only (environment variable VBO365_READ_ONLY): "
        assert says in record.result["msg"], (title, record.result)
    assert playbooks.server.writes() == []
    assert value == "true" or playbooks.server.counts()["total"] == 0


def test_without_the_variable_all_of_them_write(playbooks: Playbooks, hosts: list[str]) -> None:
    """This proves that the test above can fail; an empty variable counts as not set."""
    playbooks.environment["VBO365_READ_ONLY"] = ""
    run = playbooks.run(*map(writes, WAYS), arguments=hosts)
    failed = {title for title in WAYS if run.of(title)[0].status == "ignored"}
    assert failed == {"forbidden by the environment of the task"}


def test_variables_that_a_process_does_not_see(playbooks: Playbooks, hosts: list[str]) -> None:
    """The message says where the variable is set, and where it would have to be set."""
    connection = playbooks.connection(url=None)
    playbooks.environment["VBO365_URL"] = playbooks.server.url
    tasks = [
        task(title, keywords={**keywords, "ignore_errors": True}, name="Finance mail", **connection)
        for title, keywords in {"become": SUDO, "far": {"delegate_to": "far"}, "here": {}}.items()
    ]
    run = playbooks.run(plays=[playbooks.play(*tasks, module_defaults={})], arguments=hosts)
    for title in ("become", "far"):
        message = run.result(title)["msg"]
        assert message.startswith("url: required") and "VBO365_URL is set on the controller" in message
    assert run.of("here")[0].status == "ok"


def test_short_names(playbooks: Playbooks, hosts: list[str]) -> None:
    """The action plugin is used by whatever name a task calls the module."""
    playbooks.environment["VBO365_READ_ONLY"] = "true"
    short = {"name": "short", "vbo_job": {"name": "Finance mail", "description": "x"}, "ignore_errors": True, **SUDO}
    run = playbooks.run(plays=[playbooks.play(short, collections=["backupops.vbo365"])], arguments=hosts)
    assert "only reads are allowed" in run.result("short")["msg"]
    assert playbooks.server.writes() == []
