# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imitates AWX for the example C(awx): reads its objects, and runs its job templates through ansible-runner."""

from __future__ import annotations

import dataclasses
import functools
import json
import os
import shutil
import sys
import tempfile
import typing as t
from pathlib import Path

import yaml
from jinja2 import StrictUndefined, Undefined, sandbox

from ..execution.playbooks import binaries, prepare
from ..support.command import Done, run

EXAMPLES = Path(__file__).parents[3] / "examples"
MODULES = Path(__file__).with_name("awx_modules.yml")
ACTION = Path(__file__).with_name("awx_action.py")
Data = dict[str, t.Any]


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a process without a home folder and without settings of this machine."""
    foreign = ("ANSIBLE_", "VBO365_", "VBO_", "AWX_", "CONTROLLER_", "PYTHON", "HOME")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    path = os.pathsep.join([str(binaries()), str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**kept, "LC_ALL": "C.UTF-8", "PATH": path, "ANSIBLE_HOME": str(folder / "ansible_home"), **more}


def command(arguments: list[str], variables: dict[str, str], directory: Path) -> Done:
    return run(arguments, variables, directory, timeout=180, start_new_session=True)  # without a terminal


@dataclasses.dataclass
class Configured:
    """The result of C(configure.yml): its output, and the arguments of the modules in order."""

    code: int
    output: str
    calls: list[tuple[str, Data]]

    def of(self, module: str) -> dict[str, Data]:
        """The arguments of all calls of a module, by name."""
        return {given["name"]: given for name, given in self.calls if name == module}


def configure(folder: Path, *arguments: str, **variables: str) -> Configured:
    """Run C(configure.yml) with modules that accept the same arguments as those of awx.awx."""
    collections = prepare(folder) / "collections"
    plugins = collections / "ansible_collections" / "awx" / "awx" / "plugins"
    for kind in ("modules", "action"):
        (plugins / kind).mkdir(parents=True)
        for name in yaml.safe_load(MODULES.read_text(encoding="utf-8"))["modules"]:
            text = ACTION.read_text(encoding="utf-8") if kind == "action" else ""
            (plugins / kind / f"{name}.py").write_text(text, encoding="utf-8")
    calls = folder / "calls"
    calls.touch()
    given = environment(
        folder,
        ANSIBLE_COLLECTIONS_PATH=str(collections),
        ANSIBLE_LOCALHOST_WARNING="false",
        AWX_MODULES=str(MODULES),
        AWX_CALLS=str(calls),
        **variables,
    )
    done = command(["ansible-playbook", "configure.yml", *arguments], given, EXAMPLES / "awx")
    lines = calls.read_text(encoding="utf-8").splitlines()
    return Configured(done.returncode, done.stdout, [tuple(json.loads(line)) for line in lines])


def inject(kind: Data, inputs: Data, private: Path, undefined: type[Undefined] = Undefined) -> dict[str, str]:
    """Return the environment that a credential gives to a job; its files are written below C(env).

    Empty fields are not there when templates are rendered, and booleans that are not set are false.
    """
    engine = sandbox.ImmutableSandboxedEnvironment(undefined=undefined)
    fields = {field["id"]: field for field in kind["inputs"]["fields"]}
    known: Data = {name: False for name, field in fields.items() if field["type"] == "boolean"}
    known.update({name: value for name, value in inputs.items() if isinstance(value, bool) or value})
    files = {}
    for label, template in kind["injectors"]["file"].items():
        handle, path = tempfile.mkstemp(dir=private / "env")
        with open(handle, "w", encoding="utf-8") as stream:
            stream.write(engine.from_string(template).render(known))
        files[label.split(".")[1]] = path
    known["tower"] = {"filename": files}
    return {name: engine.from_string(template).render(known) for name, template in kind["injectors"]["env"].items()}


def validate(kind: Data, private: Path) -> None:
    """Render the injectors as AWX does when it accepts a credential type: a field that is not declared is an error."""
    inject(kind, {field["id"]: "EXAMPLE" for field in kind["inputs"]["fields"]}, private, StrictUndefined)


@dataclasses.dataclass
class Job:
    """A job that has ended."""

    successful: bool
    output: str
    artifacts: Data
    private: Path
    #: files of the project that are new or changed after the job
    written: list[str]


class Controller:
    """An AWX with one project: the repository of the example C(gitops), with the example C(awx) in it.

    :arg servers: the addresses of the servers by name, in place of those of the example
    """

    def __init__(self, folder: Path, configured: Configured, servers: dict[str, str]) -> None:
        self.folder = folder
        self.configured = configured
        self.project = folder / "project"
        shutil.copytree(EXAMPLES / "gitops", self.project)
        shutil.copytree(EXAMPLES / "awx", self.project / "awx")
        inventory = self.project / "inventory" / "servers.yml"
        hosts = {name: {"vbo365_connection": {"url": url}} for name, url in servers.items()}
        inventory.write_text(yaml.safe_dump({"vbo365": {"hosts": hosts}}), encoding="utf-8")
        self.collections = prepare(folder / "ansible") / "collections"
        self._jobs = 0

    @functools.cached_property
    def inventory(self) -> Data:
        """Return what the inventory source reads from the repository; nothing is rendered."""
        (source,) = self.configured.of("inventory_source").values()
        given = environment(self.folder, ANSIBLE_COLLECTIONS_PATH=str(self.collections))
        arguments = ["ansible-inventory", "-i", source["source_path"], "--list", "--export"]
        done = command(arguments, given, self.project)
        assert done.returncode == 0, done.stdout
        return json.loads(done.stdout)

    def run(self, template: str, inputs: Data, artifacts: Data | None = None, part: tuple[int, int] = (1, 1)) -> Job:
        """Run a job template.

        :arg inputs: those of the credentials, by their names
        :arg artifacts: what the jobs before it have passed on
        :arg part: the slice, and the number of slices
        """
        wanted = self.configured.of("job_template")[template]
        self._jobs += 1
        private = self.folder / f"awx_{self._jobs}"
        for name in ("env", "inventory"):
            (private / name).mkdir(parents=True)
        private.chmod(0o700)
        shutil.copytree(self.project, private / "project")
        for path in [private / "project", *(private / "project").rglob("*")]:
            path.chmod(path.stat().st_mode & ~0o222)
        before = listing(private / "project")
        hosts = private / "inventory" / "hosts"
        hosts.write_text(f"#! /usr/bin/env python3\nprint({json.dumps(sliced(self.inventory, *part))!r})\n", "utf-8")
        hosts.chmod(0o700)
        (credential,) = wanted["credentials"]
        kind = self.configured.of("credential_type")[self.configured.of("credential")[credential]["credential_type"]]
        variables = {
            "ANSIBLE_COLLECTIONS_PATH": f"{private}/requirements_collections:{self.collections}",
            "ANSIBLE_FORCE_COLOR": "True",
            "ANSIBLE_HOST_KEY_CHECKING": "False",
            "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
            "ANSIBLE_RETRY_FILES_ENABLED": "False",
            "AWX_PRIVATE_DATA_DIR": str(private),
            "JOB_ID": str(self._jobs),
            "MAX_EVENT_RES": "700000",
            **inject(kind, inputs[credential], private),
        }
        (private / "env" / "envvars").write_text(json.dumps(variables), encoding="utf-8")
        (private / "env" / "cmdline").write_text("-u root", encoding="utf-8")
        extra = [f"{name}: {json.dumps(value)}" for name, value in (wanted["extra_vars"] or {}).items()]
        # only the template itself may contain templates
        extra += [f"{name}: !unsafe {json.dumps(value)}" for name, value in (artifacts or {}).items()]
        extra += [f"awx_job_id: {self._jobs}", f"tower_job_id: {self._jobs}"]
        (private / "env" / "extravars").write_text("\n".join(["---", *extra, ""]), encoding="utf-8")
        ident = str(self._jobs)
        arguments = ["ansible-runner", "run", str(private), "-p", wanted["playbook"], "--ident", ident]
        done = command(arguments, environment(self.folder), self.folder)
        passed_on: Data = {}
        for path in (private / "artifacts" / ident / "job_events").glob("*.json"):
            event = json.loads(path.read_text(encoding="utf-8"))
            passed_on.update(event.get("event_data", {}).get("artifact_data", {}))
        written = sorted(before.items() ^ listing(private / "project").items())
        return Job(done.returncode == 0, done.stdout, passed_on, private, [name for name, _content in written])


def sliced(inventory: Data, number: int, count: int) -> Data:
    """Return the hosts of a slice, dealt in turn."""
    ordered = sorted(inventory["vbo365"]["hosts"])
    kept = ordered[number - 1 :: count]
    variables = inventory["_meta"]["hostvars"]
    return {
        **inventory,
        "vbo365": {**inventory["vbo365"], "hosts": kept},
        "_meta": {"hostvars": {name: {**variables[name], "remote_tower_enabled": "true"} for name in kept}},
    }


def listing(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}
