# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret leaks: every module, both ways to run, succeeding and failing, at ``-vvvv`` with ``--diff``."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ..plugins.modules.samples import SAMPLES
from ..support.full import FULL
from .playbooks import COLLECTION, CONTROLLER, MODULE, Task, task
from .secrets_tree import Tree

CONTOSO = "contoso.onmicrosoft.com"
MODULES = sorted(path.stem for path in (COLLECTION / "plugins" / "modules").glob("vbo_*.py"))
#: arguments of each module with which it succeeds on a server in its initial state
OPTIONS: dict[str, Task] = {
    "vbo_auth_token": {},
    "vbo_copy_job": {
        "job": "Everything selected",
        "organization": CONTOSO,
        "schedule_policy": {"type": "daily_at_time", "daily_time": "04:00", "daily_type": "workdays"},
    },
    "vbo_copy_job_info": {},
    "vbo_job": {"name": "Finance mail", "organization": CONTOSO, "description": "Changed"},
    "vbo_job_info": {"items": True, "last_session": True},
    "vbo_job_run": {"name": "Finance mail", "organization": CONTOSO, "wait": False},
    "vbo_job_session_info": {"log_items": True},
    "vbo_jobs": {"jobs": [{"name": "Tenant", "organization": CONTOSO, "description": "Changed"}]},
    "vbo_organization_info": {"extended": True},
    "vbo_organization_object_info": {"organization": CONTOSO, "type": "user"},
    "vbo_proxy_info": {},
    "vbo_repository_info": {},
    "vbo_server_info": {},
    **{f"vbo_{noun}_info": {} for noun in SAMPLES},
    **{
        f"vbo_{noun}": sample.edit("{{ object_secret }}")
        # if nothing can be changed, no other secret can be set
        | ({"update_password": "always"} if sample.secrets and sample.change else {})
        for noun, sample in SAMPLES.items()
    },
}
BY_TOKEN = {"username": None, "password": None}
#: one host for each case: its server, and how its connection differs from the one with the right password
CASES: dict[str, tuple[str, Task]] = {
    "succeeds": ("good", {}),
    "succeeds_with_token": ("also_good", {**BY_TOKEN, "token": "{{ logged_in.token }}"}),
    "bad_option": ("good", {"password": None, "passwort": "{{ vbo365_password }}", "url": "{{ wrong_url }}"}),
    "wrong_password": ("good", {"password": "{{ wrong_password }}"}),
    "wrong_token": ("good", {**BY_TOKEN, "token": "{{ wrong_token }}"}),
    "refused": ("refusing", {}),
    "refused_with_token": ("refusing", {**BY_TOKEN, "token": "{{ wrong_token }}"}),
    "broken": ("breaking", {}),
}
#: vbo_auth_token logs in, and does nothing else
LOGGING_IN: dict[str, tuple[str, Task]] = {
    **CASES,
    "succeeds_with_token": ("also_good", {}),
    "wrong_token": ("good", {**BY_TOKEN, "token": "{{ wrong_token }}", "state": "absent"}),
    "refused": ("refusing_log_in", {}),
    "refused_with_token": ("refusing_log_in", {}),
    "broken": ("breaking_log_in", {}),
}
#: a module process takes a hundred times as long; some get their arguments in a file, and some through a pipe
HOSTS = {CONTROLLER: list(CASES), MODULE: [name for name in CASES if "token" not in name]}
PIPELINING = ("bad_option", "wrong_password", "broken")
NOTHING_TO_REVOKE = ("vbo_auth_token", "wrong_token")
PLACES = (
    *("output", "processes", "ansible.log", "playbooks/run-1/record.jsonl", "facts/*", "results/*", "junit/*.xml"),
    *("succeeds.json", "sandbox/good.requests", "sandbox/good.state", "sandbox/run/sandbox.log"),
)


def test_no_module_is_left_out() -> None:
    assert sorted(OPTIONS) == MODULES


def meets(way: str, name: str, case: str) -> bool:
    """Return whether a module plays a case: all cases, but in a process and the short form only two of the failures."""
    if way == CONTROLLER or FULL or case == "succeeds":
        return True
    return (MODULES.index(name) + HOSTS[way].index(case)) % 2 == 0


def every_module(way: str) -> list[Task]:
    """One task of each module, and typical uses of its result."""

    def one(name: str) -> Task:
        played = [case for case in HOSTS[way] if meets(way, name, case)]
        registered: Task = {
            "register": f"result_of_{name}",
            "ignore_errors": True,
            "when": f"inventory_hostname in {played}",
        }
        return task(name, f"backupops.vbo365.{name}", keywords=registered, **OPTIONS[name])

    first = {**one("vbo_auth_token"), "register": "logged_in", "vars": {"connection": "{{ logging_in }}"}}
    others = [name for name in MODULES if name != "vbo_auth_token"]
    everything = "{{ dict(names | zip(names | map('regex_replace', '^', 'result_of_') | map('extract', vars))) }}"
    return [
        first,
        *map(one, others),
        {"name": "keep", "ansible.builtin.set_fact": {"results": everything, "cacheable": True}},
        {"name": "show", "ansible.builtin.debug": {"var": "results"}},
        {
            "name": "write",
            "ansible.builtin.copy": {
                "content": "{{ results | to_nice_json }}",
                "dest": "{{ folder }}/{{ inventory_hostname }}.json",
                "mode": "0600",
            },
        },
        task("log out", "backupops.vbo365.vbo_auth_token", state="absent", keywords={"ignore_errors": True}),
    ]


def test_every_module_fails_somewhere() -> None:
    """In both ways to run, and at least half of the modules meet each failure."""
    for way, cases in HOSTS.items():
        failures = [case for case in cases if not case.startswith("succeeds")]
        assert all(sum(meets(way, name, case) for case in failures) >= 2 for name in MODULES)
        assert all(sum(meets(way, name, case) for name in MODULES) >= len(MODULES) // 2 for case in failures)


def test_every_module(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, way: str) -> None:
    others = [name for name in MODULES if name != "vbo_auth_token"]
    with Tree(tmp_path) as tree:

        def given(row: tuple[str, Task]) -> Task:
            return tree.playbooks.connection(**{"url": tree.servers[row[0]].url, "retries": 0, **row[1]})

        hosts: dict[str, t.Any] = {
            name: {
                "connection": given(CASES[name]),
                "logging_in": given(LOGGING_IN[name]),
                "ansible_pipelining": name in PIPELINING,
            }
            for name in HOSTS[way]
        }
        play = tree.playbooks.play(
            *every_module(way),
            hosts="cases",
            vars={"names": others, "folder": str(tmp_path)},
            module_defaults={"group/backupops.vbo365.vbo365": "{{ connection }}"},
        )
        run = tree.run([play], hosts, vbo365_execution=way)
    for name in MODULES:
        good = [case for case in CASES if case.startswith("succeeds") or (name, case) == NOTHING_TO_REVOKE]
        statuses = {record.host: record.status for record in run.of(name)}
        assert statuses == {
            case: ("ok" if case in good else "ignored") if meets(way, name, case) else "skipped" for case in hosts
        }, name
    tree.assert_clean()
    tree.assert_found_when_planted(*PLACES, folder=tmp_path_factory.mktemp("planted"))
