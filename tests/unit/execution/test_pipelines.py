# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The environment of a pipeline: empty variables, leftovers of other tools, secrets with a line break at the end."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.backupops.vbo365.plugins.module_utils._api._connection import CONNECTION, variable

from ..support.proxy import Proxy
from .playbooks import CONTROLLER, JOB_INFO, MODULE, Playbooks, Task, task

#: parts of a token and a password that must not appear anywhere
PARTS = ("Harbour4471", "Lantern8820", "Copper5512", "Meadow7731")
BLANK = {"api_version": "", "timeout": " ", "retries": "", "validate_certs": "", "read_only": "", "allow_http": "\n"}


def both(title: str, keywords: Task | None = None, **options: object) -> list[Task]:
    """Return a task in both ways to run."""
    return [
        task(
            f"{title}, {way}",
            JOB_INFO,
            keywords={"vars": {"vbo365_execution": way}, **(keywords or {})},
            name="Finance mail",
            **options,
        )
        for way in (CONTROLLER, MODULE)
    ]


def test_blanks_and_leftovers(playbooks: Playbooks, tmp_path: Path) -> None:
    """They make no difference, and libraries print nothing."""
    playbooks.environment = {variable(option): "" for option in CONNECTION.options}
    playbooks.environment |= {"REQUESTS_CA_BUNDLE": str(tmp_path / "nowhere.pem"), "PYTHONWARNINGS": "default"}
    connection = playbooks.connection(api_version=None)
    with Proxy() as proxy:
        playbooks.environment["https_proxy"] = f"http://svc:Copper5512@{proxy.address}"
        tasks = [
            *both("variables", **connection),
            *both("options", **{**connection, **BLANK}),
            *both("not verified", **{**connection, "ca_path": None, "validate_certs": False}),
            *both("bundle", {"ignore_errors": True}, **{**connection, "ca_path": None}),
        ]
        for given in tasks:
            options = given[JOB_INFO]
            given[JOB_INFO] = {name: value for name, value in options.items() if value is not None}
        play = playbooks.play(*tasks, module_defaults={})
        run = playbooks.run(plays=[play], arguments=["-vvvv"])
    assert len(proxy.seen) >= 6
    for way in (CONTROLLER, MODULE):
        for title in ("variables", "options", "not verified"):
            assert run.result(f"{title}, {way}")["api_version"] == "v8"
            assert "warnings" not in run.result(f"{title}, {way}")
        assert run.result(f"bundle, {way}")["msg"].startswith("REQUESTS_CA_BUNDLE: ")
    for word in ("Insecure", "errantly", "Traceback", "Copper5512"):
        assert word not in run.output


def test_secrets_are_not_shown(playbooks: Playbooks) -> None:
    """Whatever they look like and wherever they come from."""
    playbooks.secrets = {
        "token": "Harbour4471\nLantern8820",
        "unknown": "Harbour4471Lantern8820\n",
        "word": "Copper5512\u20ac\nMeadow7731\n",
    }
    playbooks.environment["VBO365_TOKEN"] = "Harbour4471\tLantern8820"
    account = {"username": None, "password": None, "token": None}
    given: dict[str, Task] = {
        "option": {**account, "token": "{{ token }}"},
        "end of a file": {**account, "token": "{{ unknown }}"},
        "variable": account,
        "password": {"password": "{{ word }}", "token": ""},
    }
    tasks = []
    for title, options in given.items():
        connection = {**playbooks.connection(), **options}
        kept = {name: value for name, value in connection.items() if value is not None}
        tasks += both(title, {"ignore_errors": True}, **kept)
    run = playbooks.run(plays=[playbooks.play(*tasks, module_defaults={})], arguments=["-vvvv"])
    starts = {
        "option": "token: contains a line break",
        "end of a file": "The server does not accept the token",
        "variable": "token (environment variable VBO365_TOKEN): contains a tab",
        "password": "The server refused the login",
    }
    for title, start in starts.items():
        for way in (CONTROLLER, MODULE):
            message = run.result(f"{title}, {way}")["msg"]
            assert start in message, message
    for part in PARTS:
        assert part not in run.output
        assert part not in str([record.result for record in run.records])
