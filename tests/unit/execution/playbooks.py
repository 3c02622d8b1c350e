# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real playbooks: written, run by ``ansible-playbook``, and read back as results of tasks."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import typing as t
from pathlib import Path

import yaml

from ..support.playbook_command import ansible_playbook, binaries
from ..support.sandbox import PASSWORD, USERNAME, Server

HERE = Path(__file__).parent
COLLECTION = HERE.parents[2]
JOB = "backupops.vbo365.vbo_job"
JOB_INFO = "backupops.vbo365.vbo_job_info"
CONTROLLER, MODULE = "controller", "module"
Task = dict[str, t.Any]


class Unsafe(str):
    """Text that is written with ``!unsafe``."""


class Vault(str):
    """Text that is written with ``!vault``."""


class _Dumper(yaml.SafeDumper):
    pass


_Dumper.add_representer(Unsafe, lambda dumper, data: dumper.represent_scalar("!unsafe", str(data)))
_Dumper.add_representer(Vault, lambda dumper, data: dumper.represent_scalar("!vault", str(data), style="|"))


@dataclasses.dataclass
class Record:
    """One result, as callbacks receive it."""

    status: str
    play: str
    task: str
    host: str
    result: dict[str, t.Any]


@dataclasses.dataclass
class Run:
    """A playbook that was run."""

    code: int
    output: str
    records: list[Record]

    def of(self, task: str, *statuses: str) -> list[Record]:
        """Return the records of a task; without statuses only those of the whole task, not of its items and retries."""
        wanted = statuses or ("ok", "failed", "ignored", "unreachable", "skipped")
        return [record for record in self.records if record.task == task and record.status in wanted]

    def result(self, task: str) -> dict[str, t.Any]:
        """Return the only result of a task."""
        found = self.of(task)
        assert len(found) == 1, f"{task}: {len(found)} results\n{self.output}"
        return found[0].result

    def section(self, task: str) -> str:
        """Return the output of a task."""
        parts = re.split(r"^(?:TASK|PLAY|PLAY RECAP) \[?(.*?)\]? ?\*+$", self.output, flags=re.MULTILINE)
        texts = [text for name, text in zip(parts[1::2], parts[2::2], strict=True) if name == task]
        assert texts, f"{task} did not run\n{self.output}"
        return "".join(texts)

    def reason(self, task: str) -> str | None:
        """Return why a task ran as a module process, or None if it ran in the controller; needs ``-vvv``.

        What the collection says and what Ansible did must agree.
        """
        text = self.section(task)
        said = re.findall(r"runs as a module process \((.*)\)", text)
        done = re.findall(r"Using module file .*/plugins/modules/vbo_job(?:_info)?\.py", text)
        assert len(said) == len(done), f"{task}: {said} {done}\n{text}"
        assert len(set(said)) < 2, said
        return said[0] if said else None


@dataclasses.dataclass
class Playbooks:
    """Runs playbooks against one server, in a folder of its own."""

    folder: Path
    server: Server
    #: environment variables and extra variables of each run
    environment: dict[str, str] = dataclasses.field(default_factory=dict)
    variables: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    #: the password as a variable: Ansible shows lines of the playbook beside an error
    password: str = PASSWORD
    #: more variables of the same kind
    secrets: dict[str, str] = dataclasses.field(default_factory=dict)
    #: the umask of the runs; negative for that of the test
    umask: int = -1

    def connection(self, **options: t.Any) -> Task:
        """Return options that reach the server; None removes one."""
        merged = {
            "url": self.server.url,
            "username": USERNAME,
            "password": "{{ vbo365_password }}",
            "ca_path": self.server.ca_path,
            "api_version": "v8",
            **options,
        }
        return {key: value for key, value in merged.items() if value is not None}

    def play(self, *tasks: Task, hosts: str = "localhost", **keywords: t.Any) -> Task:
        """Return a play whose tasks get the connection from the action group of the collection."""
        return {
            "name": "Play",
            "hosts": hosts,
            "gather_facts": False,
            "module_defaults": {"group/backupops.vbo365.vbo365": self.connection()},
            **keywords,
            "tasks": list(tasks),
        }

    def run(
        self,
        *tasks: Task,
        plays: t.Sequence[Task] = (),
        arguments: t.Sequence[str] = ("-vvv",),
        fails: bool = False,
        warns: bool = False,
        **variables: t.Any,
    ) -> Run:
        """Run tasks as one play, or several plays; fail the test if the playbook ends or warns unexpectedly.

        :arg variables: extra variables, for example ``vbo365_execution``
        """
        folder = self.folder / f"run-{len(list(self.folder.glob('run-*'))) + 1}"
        folder.mkdir(parents=True)
        record = folder / "record.jsonl"
        record.touch()
        book = list(plays) or [self.play(*tasks)]
        (folder / "playbook.yml").write_text(yaml.dump(book, Dumper=_Dumper, sort_keys=False), encoding="utf-8")
        secrets = {name: Unsafe(text) for name, text in {"vbo365_password": self.password, **self.secrets}.items()}
        (folder / "secrets.yml").write_text(yaml.dump(secrets, Dumper=_Dumper, allow_unicode=True), encoding="utf-8")
        (folder / "inventory.yml").write_text(yaml.safe_dump(INVENTORY), encoding="utf-8")
        given = [
            "--inventory=inventory.yml",
            *arguments,
            "--extra-vars=@secrets.yml",
            "--extra-vars",
            json.dumps({**self.variables, **variables}),
            "playbook.yml",
        ]
        done = ansible_playbook(given, self._environment(record), folder, self.umask)
        records = [Record(**json.loads(line)) for line in record.read_text(encoding="utf-8").splitlines()]
        run = Run(done.returncode, done.stdout, records)
        assert done.returncode == (2 if fails else 0), run.output
        warnings = [line for line in run.output.splitlines() if "[WARNING]" in line or "[DEPRECATION" in line]
        assert warns or not warnings, "\n".join([*warnings, run.output])
        return run

    def _environment(self, record: Path) -> dict[str, str]:
        foreign = ("ANSIBLE_", "VBO365_", "PYTHON", "VIRTUAL_ENV", "REQUESTS_", "CURL_CA")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(foreign)}
        if not (binaries() / "ansible-playbook").exists() and "PYTHONPATH" in os.environ:
            kept["PYTHONPATH"] = os.environ["PYTHONPATH"]
        elif "VBO365_TEST_OVERLAY" in os.environ:  # tools/test-requests
            kept["PYTHONPATH"] = os.environ["VBO365_TEST_OVERLAY"]
        return {
            **kept,
            "LC_ALL": "C.UTF-8",
            "PATH": f"{binaries()}{os.pathsep}{os.environ['PATH']}",
            "ANSIBLE_CONFIG": str(self.folder / "ansible.cfg"),
            "ANSIBLE_HOME": str(self.folder / "home"),
            "ANSIBLE_REMOTE_TEMP": str(self.folder / "remote"),
            "ANSIBLE_COLLECTIONS_PATH": str(self.folder / "collections"),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback"),
            "ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connection"),
            "ANSIBLE_BECOME_PLUGINS": str(HERE / "become"),
            "ANSIBLE_DEPRECATION_WARNINGS": "true",
            "ANSIBLE_INJECT_INVOCATION": "true",  # ansible-core 2.21 omits it otherwise
            "ANSIBLE_NOCOLOR": "1",
            "COLUMNS": "1000",
            "VBO365_TEST_RECORD": str(record),
            **self.environment,
        }


INVENTORY: dict[str, t.Any] = {
    "all": {
        "hosts": {
            "localhost": {"ansible_connection": "local"},
            "second": {"ansible_connection": "local"},
            "third": {"ansible_connection": "local"},
            "bastion": {"ansible_connection": "elsewhere"},
        },
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
    }
}


def prepare(folder: Path) -> Path:
    """Create a folder in which Ansible finds the collection and no settings of this machine."""
    link = folder / "collections" / "ansible_collections" / "backupops" / "vbo365"
    link.parent.mkdir(parents=True)
    link.symlink_to(COLLECTION)
    (folder / "ansible.cfg").write_text("[defaults]\nretry_files_enabled = false\n", encoding="utf-8")
    return folder


def task(title: str, module: str = JOB, /, keywords: Task | None = None, **options: t.Any) -> Task:
    """Return a task; ``keywords`` are those of the task, ``options`` those of the module."""
    return {"name": title, module: options, **(keywords or {})}


#: differences between two runs of the same task: the clock of the server, and the traceback that a module process
#: of ansible-core before 2.19 adds with ``-vvv``
VOLATILE = {"last_run", "last_backup", "next_run"}
DROPPED = {"exception"}


def steady(result: t.Any, ids: t.Collection[str] = ()) -> t.Any:
    """Return a result without the parts that differ from run to run."""
    if isinstance(result, dict):
        return {
            key: "volatile" if key in VOLATILE else steady(value, ids)
            for key, value in result.items()
            if key not in DROPPED
        }
    if isinstance(result, list):
        return [steady(value, ids) for value in result]
    if isinstance(result, str):
        for known in ids:
            result = result.replace(known, "ID")
    return result
