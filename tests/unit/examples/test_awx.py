# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The example C(awx): the objects that it creates in AWX, and its jobs as AWX runs them, against the sandbox."""

from __future__ import annotations

import base64
import json
import re
import typing as t
from pathlib import Path

import pytest
import yaml

from ..execution.playbooks import binaries
from ..support.full import FULL
from ..support.sandbox import PASSWORD, USERNAME, Sandbox, Server
from .awx import EXAMPLES, MODULES, Configured, Controller, Data, Job, configure, inject, validate
from .awx_action import checked

EXAMPLE = EXAMPLES / "awx"
FRAGMENT = EXAMPLES.parent / "plugins" / "doc_fragments" / "_connection.py"
VERSIONS = {"frankfurt": "v8", "hamburg": "v7", "munich": "v6"}
pytestmark = pytest.mark.skipif(
    not (binaries() / "ansible-playbook").exists(), reason="ansible-playbook is not installed beside Python"
)


@pytest.fixture(scope="module")
def configured(tmp_path_factory: pytest.TempPathFactory) -> Configured:
    """All of it, with verbose output, in which no password may be."""
    account = {"VBO365_USERNAME": USERNAME, "VBO365_PASSWORD": PASSWORD}
    done = configure(tmp_path_factory.mktemp("configure"), "-v", "-e", "vbo_awx_team=Backup", **account)
    assert done.code == 0, done.output
    return done


# what is made


def test_every_task_is_accepted_by_its_module(configured: Configured) -> None:
    (play,) = yaml.safe_load(re.sub("!unsafe", "", (EXAMPLE / "configure.yml").read_text(encoding="utf-8")))
    asked = {key for task in play["tasks"] for key in task if key.startswith("awx.awx.")}
    assert {f"awx.awx.{name}" for name, _given in configured.calls} == asked
    assert PASSWORD not in configured.output


MISTAKES: dict[str, t.Callable[[Data], None]] = {
    "job_template, an option": lambda given: given.update(slice_count=2),
    "job_template, a type": lambda given: given.update(job_slice_count="two"),
    "job_template, nothing required": lambda given: given.pop("name"),
    "credential_type, a choice": lambda given: given.update(kind="backup"),
    "credential, a team beside the organization": lambda given: given.update(team="Backup"),
    "workflow_job_template, an option of a node": lambda given: given["workflow_nodes"][0].update(id="plan"),
    "workflow_job_template, a node without a name": lambda given: given["workflow_nodes"][0].pop("identifier"),
    "workflow_job_template, what follows": lambda given: given["workflow_nodes"][0]["related"].update(then=[]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_would_be_found(configured: Configured, mistake: str) -> None:
    module = mistake.split(",")[0]
    given = without_defaults(next(given for name, given in configured.calls if name == module))
    assert checked(str(MODULES), module, given)[0] == []
    MISTAKES[mistake](given)
    assert checked(str(MODULES), module, given)[0]


def without_defaults(given: t.Any) -> t.Any:
    """A copy of arguments without options that are not set."""
    if isinstance(given, dict):
        return {name: without_defaults(value) for name, value in given.items() if value is not None}
    return [without_defaults(value) for value in given] if isinstance(given, list) else given


def test_what_is_named_was_made_before(configured: Configured) -> None:
    made: dict[str, set[str]] = {}
    kinds = {"inventory_source_update": "inventory_source"}
    for module, given in configured.calls:
        for option, kind in {
            "credential_type": "credential_type",
            "execution_environment": "execution_environment",
            "inventory": "inventory",
            "project": "project",
            "source_project": "project",
            "unified_job_template": "workflow_job_template",
        }.items():
            if given.get(option):
                assert given[option] in made[kind], (module, option)
        assert set(given.get("credentials") or ()) <= made.get("credential", set())
        assert set(given.get("workflows") or ()) <= made.get("workflow_job_template", set())
        for node in given.get("workflow_nodes") or ():
            target = node["unified_job_template"]
            assert target["type"] == "workflow_approval" or target["name"] in made[target["type"]], node
        if kinds.get(module):
            assert given["name"] in made[kinds[module]]
        elif "name" in given:
            made.setdefault(module, set()).add(given["name"])


def test_a_change_needs_approval_and_the_night_reports_whatever_happens(configured: Configured) -> None:
    def ways(name: str) -> list[tuple[str, str, str]]:
        nodes = configured.of("workflow_job_template")[name]["workflow_nodes"]
        return [
            (node["identifier"], way, after["identifier"])
            for node in nodes
            for way, following in (node["related"] or {}).items()
            for after in following or ()
        ]

    assert ways("Backup jobs - change") == [
        ("plan", "success_nodes", "approval"),
        ("approval", "success_nodes", "rollout"),
        ("rollout", "success_nodes", "compare"),
    ]
    assert ways("Backup jobs - night") == [("drift", "always_nodes", "report")]
    templates = configured.of("job_template")
    assert {name.split(" - ")[1]: one["job_slice_count"] for name, one in templates.items()} == {
        "plan": 1,
        "rollout": 1,
        "drift": 2,
        "drift report": 1,
    }
    writers = [name for name, one in templates.items() if one["credentials"] == ["VBO365 writer"]]
    assert writers == ["Backup jobs - rollout"]
    (schedule,) = configured.of("schedule").values()
    assert re.fullmatch(r"DTSTART;TZID=\w+/\w+:\d{8}T\d{6} RRULE:FREQ=DAILY;INTERVAL=1", schedule["rrule"])


def test_awx_offers_the_playbooks(configured: Configured) -> None:
    """AWX looks for a line with C(hosts) or C(import_playbook) without a collection name other than Ansible's own."""
    line = re.compile(r"^\s*-?\s*(hosts|(ansible\.builtin\.)?import_playbook):", re.MULTILINE)
    for template in configured.of("job_template").values():
        folder, name = template["playbook"].split("/")
        assert folder == "awx" and line.search((EXAMPLE / name).read_text(encoding="utf-8")), name


# the credential


def test_a_credential_gives_what_the_modules_read(configured: Configured, tmp_path: Path) -> None:
    (tmp_path / "env").mkdir()
    kind = configured.of("credential_type")["VBO365"]
    validate(kind, tmp_path)
    read = set(re.findall(r"E\((VBO365_\w+)\)", FRAGMENT.read_text(encoding="utf-8")))
    assert set(kind["injectors"]["env"]) <= read
    awkward = "{{ 1 + 1 }} $HOME 'x' \\ \" ä"
    given = inject(kind, {"username": USERNAME, "password": awkward, "ca": "PEM\n", "read_only": True}, tmp_path)
    path = Path(given.pop("VBO365_CA_PATH"))
    assert path.read_text(encoding="utf-8") == "PEM\n" and path.stat().st_mode & 0o077 == 0
    assert given == {"VBO365_USERNAME": USERNAME, "VBO365_PASSWORD": awkward, "VBO365_READ_ONLY": "True"}
    # an empty variable counts as not set, and an empty file as no certificate authority
    bare = inject(kind, {"username": USERNAME, "password": PASSWORD, "ca": ""}, tmp_path)
    assert bare["VBO365_CA_PATH"] == "" and bare["VBO365_READ_ONLY"] == "False"
    secret = {field["id"] for field in kind["inputs"]["fields"] if field.get("secret")}
    assert secret == {"password"}
    assert {name: one["inputs"]["read_only"] for name, one in configured.of("credential").items()} == {
        "VBO365 reader": True,
        "VBO365 writer": False,
    }


# the jobs


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[dict[str, Server]]:
    settings = [{"name": name, "versions": [version]} for name, version in VERSIONS.items()]
    with Sandbox(tmp_path_factory.mktemp("sandbox"), settings) as sandbox:
        yield sandbox.servers


class Awx:
    """Runs job templates with the accounts of the sandbox, and searches their output and files for secrets."""

    def __init__(self, folder: Path, configured: Configured, servers: dict[str, Server]) -> None:
        self.controller = Controller(folder, configured, {name: server.url for name, server in servers.items()})
        ca = Path(next(iter(servers.values())).ca_path).read_text(encoding="utf-8")
        self.inputs = {
            name: {**credential["inputs"], "ca": ca} for name, credential in configured.of("credential").items()
        }

    def run(self, template: str, artifacts: Data | None = None, part: tuple[int, int] = (1, 1)) -> Job:
        job = self.controller.run(f"Backup jobs - {template}", self.inputs, artifacts, part)
        # ansible-runner itself writes the environment into "command"; AWX stores another one, without secrets
        left = [path for path in (job.private / "artifacts").rglob("*") if path.is_file() and path.name != "command"]
        assert left and not [path for path in left if PASSWORD.encode() in path.read_bytes()]
        assert PASSWORD not in job.output and PASSWORD not in json.dumps(job.artifacts)
        assert not job.written, "the project is no place for files"
        return job

    def night(self) -> tuple[Data, list[set[str]]]:
        """Run both slices; return their joined artifacts, as AWX joins them, and the servers of each."""
        found: Data = {}
        names = []
        for number in (1, 2):
            job = self.run("drift", part=(number, 2))
            assert job.successful, job.output
            (report,) = job.artifacts.values()
            names.append({server["name"] for server in json.loads(base64.b64decode(report))["servers"]})
            found.update(job.artifacts)
        return found, names


def writes(servers: dict[str, Server]) -> dict[str, int]:
    return {name: server.counts()["writes"] for name, server in servers.items()}


@pytest.fixture
def awx(configured: Configured, servers: dict[str, Server], tmp_path: Path) -> Awx:
    for name, server in servers.items():
        server.reset([VERSIONS[name]])
    return Awx(tmp_path, configured, servers)


def test_a_change(awx: Awx, servers: dict[str, Server]) -> None:
    """A plan that the approver can read, and the rollout of that plan, which the earlier job has passed on."""
    plan = awx.run("plan")
    assert plan.successful, plan.output
    assert all(f"{name}-mail" in plan.output for name in servers)
    assert plan.artifacts.keys() == {"vbo_awx_plan"}
    early = awx.run("rollout")
    assert not early.successful and "No plan has come from the job before" in early.output
    assert set(writes(servers).values()) == {0}

    done = awx.run("rollout", plan.artifacts)
    assert done.successful, done.output
    for name, server in servers.items():
        jobs = {job["name"]: job for job in server.state()["jobs"]}
        assert {jobs[f"{name}-{kind}"]["description"] for kind in ("mail", "drives")} == {"Managed by Git"}
    assert writes(servers) == dict.fromkeys(VERSIONS, 2)


@pytest.mark.skipif(not FULL, reason="takes a minute; VBO365_TEST_FULL plays it")
def test_the_nights_after(awx: Awx, servers: dict[str, Server]) -> None:
    """The slices are merged into one report, which fails for a difference and for an interrupted slice."""
    plan = awx.run("plan")
    assert awx.run("rollout", plan.artifacts).successful
    found, names = awx.night()
    assert names == [{"frankfurt", "munich"}, {"hamburg"}]
    report = awx.run("drift report", {**plan.artifacts, **found})
    assert report.successful, report.output

    # somebody changes a job manually
    state = servers["munich"].state()
    next(job for job in state["jobs"] if job["name"] == "munich-mail")["schedule_policy"]["daily_time"] = "03:00:00"
    servers["munich"].replace(state)
    before = writes(servers)
    found, _names = awx.night()
    report = awx.run("drift report", found)
    assert not report.successful and "munich-mail" in report.output and "03:00" in report.output, report.output
    (written,) = (report.private / "artifacts").glob("*/drift/drift.json")
    merged = json.loads(written.read_text(encoding="utf-8"))
    assert {server["name"]: server["state"] for server in merged["servers"]} == {
        "frankfurt": "ok",
        "hamburg": "ok",
        "munich": "drift",
    }
    # an interrupted slice passes nothing on
    (first, *_rest) = found
    lost = awx.run("drift report", {first: found[first]})
    assert not lost.successful and "their slice has not reported: hamburg" in lost.output, lost.output
    nothing = awx.run("drift report")
    assert not nothing.successful and "frankfurt, hamburg, munich" in nothing.output, nothing.output
    # the plan that was applied no longer matches
    stale = awx.run("rollout", plan.artifacts)
    assert not stale.successful and writes(servers) == before, stale.output
