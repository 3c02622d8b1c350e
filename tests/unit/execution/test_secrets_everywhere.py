# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret gets out: every module, both ways, succeeding and failing, at ``-vvvv`` with ``--diff``.

Whatever a run leaves behind lies in one folder: output, logs, results, fact caches, temporary files, reports, the
list of processes, and what the sandbox wrote down. The folder is searched for every secret in every form.
"""

from __future__ import annotations

import json
import os
import secrets
import typing as t
from pathlib import Path

import pytest
import yaml

from ..support.sandbox import USERNAME, Sandbox
from . import marked_tokens
from .playbooks import COLLECTION, CONTROLLER, MODULE, Playbooks, Run, Task, Unsafe, prepare, task
from .secrets_search import ProcessList, search

CONTOSO = "contoso.onmicrosoft.com"
MODULES = sorted(path.stem for path in (COLLECTION / "plugins" / "modules").glob("vbo_*.py"))
#: so that nothing of another run, or of another test, is taken for a secret of this one
RUN = secrets.token_hex(3)
PASSWORD = f"Tin'Drum{RUN}\"<b>&{{{{ 1 }}}}%41+=Grüße\\n Lantern{RUN} "
WRONG_PASSWORD = f"Wrong'Harbor{RUN}\"<&%+=\\ü Kite5521{RUN}"
WRONG_TOKEN = f"Marble{RUN}Harvest.2098-token_Quartz{RUN}=="
IN_URL = f"Cobalt{RUN}Viaduct"
MARK = f"Zebra{RUN}Token"
SECRETS = (PASSWORD, WRONG_PASSWORD, WRONG_TOKEN, IN_URL, MARK)


def refusal(status: int, secret: str) -> Task:
    return {"status": status, "body": {"message": f"'{secret}' may not do that"}}


#: what each module is given, so that it succeeds on a server in its initial state
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
}
PROTECTED = "^/v\\d+/(?!token)"
#: what goes wrong on each server of the sandbox; some repeat what they were given
SERVERS: dict[str, list[Task]] = {
    "good": [],
    "also_good": [],
    "refusing": [{"match": {"path": PROTECTED}, "then": refusal(403, WRONG_TOKEN)}],
    "refusing_log_in": [{"match": {"path": "/token"}, "then": refusal(400, PASSWORD)}],
    "breaking": [{"match": {"path": PROTECTED}, "then": {"truncate": True}}],
    "breaking_log_in": [{"match": {"path": "/token"}, "then": {"reset_after": True}}],
}
#: one host each: its server, and how its connection differs from one with the right password
BY_TOKEN = {"username": None, "password": None}
CASES: dict[str, tuple[str, Task]] = {
    "succeeds": ("good", {}),
    "succeeds_with_token": ("also_good", {**BY_TOKEN, "token": "{{ logged_in.token }}"}),
    "bad_option": ("good", {"password": None, "passwort": "{{ vbo365_password }}", "url": "{{ wrong_url }}"}),
    "wrong_password": ("good", {"password": "{{ wrong_password }}"}),
    "wrong_token": ("good", {**BY_TOKEN, "token": "{{ wrong_token }}"}),
    "refused": ("refusing", {**BY_TOKEN, "token": "{{ wrong_token }}"}),
    "broken": ("breaking", {}),
}
#: vbo_auth_token logs in, and does nothing else
LOGGING_IN: dict[str, tuple[str, Task]] = {
    **CASES,
    "succeeds_with_token": ("also_good", {}),
    "wrong_token": ("good", {**BY_TOKEN, "token": "{{ wrong_token }}", "state": "absent"}),
    "refused": ("refusing_log_in", {}),
    "broken": ("breaking_log_in", {}),
}
#: a module process costs a hundred times as much; some get their arguments in a file, and some through a pipe
HOSTS = {CONTROLLER: list(CASES), MODULE: [name for name in CASES if "token" not in name]}
PIPELINING = ("bad_option", "wrong_password", "broken")
NOTHING_TO_REVOKE = ("vbo_auth_token", "wrong_token")
#: files that hold what a test hands over, which it cannot do otherwise
HANDED_OVER = ("sandbox/settings.yml", "playbooks/run-1/secrets.yml")


class MarkedSandbox(Sandbox):
    """A sandbox whose tokens can be searched for."""

    program = (str(Path(marked_tokens.__file__)),)


def test_no_module_is_left_out() -> None:
    assert sorted(OPTIONS) == MODULES


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The folder in which everything is."""
    return tmp_path


@pytest.fixture
def playbooks(tree: Path, monkeypatch: pytest.MonkeyPatch) -> t.Iterator[Playbooks]:
    monkeypatch.setenv(marked_tokens.VARIABLE, MARK)
    servers = [{"name": name, "versions": ["v8"], "faults": faults} for name, faults in SERVERS.items()]
    with MarkedSandbox(tree / "sandbox", servers, password=PASSWORD) as sandbox:
        monkeypatch.delenv(marked_tokens.VARIABLE)
        made = Playbooks(prepare(tree / "playbooks"), sandbox.servers["good"], password=PASSWORD)
        made.secrets = {
            "wrong_password": WRONG_PASSWORD,
            "wrong_token": WRONG_TOKEN,
            "wrong_url": f"https://x:{IN_URL}@127.0.0.1:9",
        }
        made.environment = surroundings(tree)
        yield made
        for name, server in sandbox.servers.items():
            for what in ("requests", "state"):
                (tree / "sandbox" / f"{name}.{what}").write_text(json.dumps(server.control("GET", what)))


def surroundings(tree: Path) -> dict[str, str]:
    """Everything that Ansible can write down is written down, inside the folder."""
    for name in ("user", "temporary"):
        (tree / name).mkdir()
    return {
        "HOME": str(tree / "user"),
        "TMPDIR": str(tree / "temporary"),
        "ANSIBLE_LOG_PATH": str(tree / "ansible.log"),
        "ANSIBLE_CACHE_PLUGIN": "jsonfile",
        "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(tree / "facts"),
        "ANSIBLE_CALLBACKS_ENABLED": "record,ansible.builtin.tree,ansible.builtin.junit",
        "ANSIBLE_CALLBACK_TREE_DIR": str(tree / "results"),
        "JUNIT_OUTPUT_DIR": str(tree / "junit"),
    }


def inventory(playbooks: Playbooks, servers: dict[str, str]) -> Path:
    """A host for each case."""

    def given(row: tuple[str, Task]) -> Task:
        name, changes = row
        return playbooks.connection(**{"url": servers[name], "retries": 0, **changes})

    hosts = {
        name: {
            "connection": given(CASES[name]),
            "logging_in": given(LOGGING_IN[name]),
            "ansible_pipelining": name in PIPELINING,
        }
        for name in CASES
    }
    variables = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    path = playbooks.folder / "cases.yml"
    path.write_text(yaml.safe_dump({"cases": {"hosts": hosts, "vars": variables}}), encoding="utf-8")
    return path


def every_module() -> list[Task]:
    """One task of each module, and what users do with the results."""

    def one(name: str) -> Task:
        registered: Task = {"register": f"result_of_{name}", "ignore_errors": True}
        return task(name, f"backupops.vbo365.{name}", keywords=registered, **OPTIONS[name])

    first = {**one("vbo_auth_token"), "register": "logged_in", "vars": {"connection": "{{ logging_in }}"}}
    others = [name for name in MODULES if name != "vbo_auth_token"]
    everything = "{{ dict(names | zip(names | map('regex_replace', '^', 'result_of_') | map('extract', vars))) }}"
    return [
        first,
        *map(one, others),
        {"name": "keep", "ansible.builtin.set_fact": {"results": everything, "cacheable": True}},
        {"name": "show", "ansible.builtin.debug": {"var": "results"}},
        {"name": "show everything", "ansible.builtin.debug": {"msg": "{{ hostvars[inventory_hostname].results }}"}},
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


def test_every_module(playbooks: Playbooks, tree: Path, way: str) -> None:
    servers = {
        name: entry["url"] for name, entry in json.loads((tree / "sandbox/run/servers.json").read_text()).items()
    }
    others = [name for name in MODULES if name != "vbo_auth_token"]
    play = playbooks.play(
        *every_module(),
        hosts=",".join(HOSTS[way]),
        vars={"names": others, "folder": str(tree)},
        module_defaults={"group/backupops.vbo365.vbo365": "{{ connection }}"},
    )
    with ProcessList(tree / "processes"):
        run = playbooks.run(
            plays=[play],
            arguments=("-vvvv", "--diff", "--forks=8", f"--inventory={inventory(playbooks, servers)}"),
            warns=True,
            vbo365_execution=way,
        )
    (tree / "output").write_text(run.output, encoding="utf-8")
    for name in MODULES:
        good = [case for case in CASES if case.startswith("succeeds") or (name, case) == NOTHING_TO_REVOKE]
        statuses = {record.host: record.status for record in run.of(name)}
        assert statuses == {case: "ok" if case in good else "ignored" for case in HOSTS[way]}, name
    found = search(tree, SECRETS, allowed=[tree / name for name in HANDED_OVER])
    assert not found, "\n".join(found[:40])
