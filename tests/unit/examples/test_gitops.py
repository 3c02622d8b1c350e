# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The example C(gitops): its scripts against the sandbox, and the commands in its pipelines."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import typing as t
from pathlib import Path

import pytest
import yaml

from ..execution.playbooks import binaries, prepare
from ..support.command import run
from ..support.full import FULL
from ..support.sandbox import PASSWORD, USERNAME, Sandbox

EXAMPLE = Path(__file__).parents[3] / "examples" / "gitops"
GUIDE = EXAMPLE.parents[1] / "docs" / "docsite" / "rst" / "gitops.rst"
WORKFLOWS = sorted((EXAMPLE / ".github" / "workflows").glob("*.yml"))
SERVERS = {"frankfurt": "v8", "hamburg": "v7", "munich": "v6"}
needs_ansible = pytest.mark.skipif(
    not (binaries() / "ansible-playbook").exists(), reason="ansible-playbook is not installed beside Python"
)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "repository", symlinks=True))


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Return the environment of a pipeline: the account, and only the settings of the example."""
    foreign = ("ANSIBLE_", "VBO365_", "GITHUB_", "CI_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    collections = prepare(tmp_path / "ansible") / "collections"
    return {
        **kept,
        "LC_ALL": "C.UTF-8",
        "PATH": os.pathsep.join([str(binaries()), str(Path(sys.executable).parent), os.environ["PATH"]]),
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        "ANSIBLE_HOME": str(tmp_path / "home"),
        "ANSIBLE_NOCOLOR": "1",
        "VBO365_USERNAME": USERNAME,
        "VBO365_PASSWORD": PASSWORD,
    }


@needs_ansible
def test_a_mistake_fails_the_check_at_its_line(copy: Path, environment: dict[str, str]) -> None:
    """Whether an option of a job, an entry of a list, or the name of a template is wrong."""
    for name, text in {
        "munich": '    schedule_policy:\n      backup_window: ["Mon-Fri 19:00-07:30"]\n',
        "frankfurt": '    schedule_policy:\n      backup_window:\n        - Sat-Sun\n        - "Mon-Fri 19:00-07:30"\n',
    }.items():
        with (copy / "inventory" / "host_vars" / f"{name}.yml").open("a", encoding="utf-8") as stream:
            stream.write(text)
    other = copy / "inventory" / "host_vars" / "hamburg.yml"
    other.write_text(other.read_text(encoding="utf-8").replace("template: drives", "template: drive"), encoding="utf-8")

    del environment["VBO365_USERNAME"], environment["VBO365_PASSWORD"]  # no server is needed
    done = run([str(copy / "ci" / "check")], {**environment, "GITHUB_ACTIONS": "true"})
    assert done.returncode == 1, done.stdout
    found = re.findall(r"^::error file=([^,]+),line=(\d+)::(.*)$", done.stdout, re.MULTILINE)
    quality = json.loads((copy / "lint" / "codequality.json").read_text(encoding="utf-8"))
    places = {(entry["location"]["path"], entry["location"]["lines"]["begin"]) for entry in quality}
    assert places == {(file, int(line)) for file, line, _text in found}
    shown = {}
    for file, line, text in found:
        shown[file] = ((copy / file).read_text(encoding="utf-8").splitlines()[int(line) - 1].strip(), text)
    assert {file: line for file, (line, _text) in shown.items()} == {
        "inventory/host_vars/munich.yml": 'backup_window: ["Mon-Fri 19:00-07:30"]',
        "inventory/host_vars/frankfurt.yml": '- "Mon-Fri 19:00-07:30"',
        "inventory/host_vars/hamburg.yml": "- template: drive",
    }
    # as in the guide
    guide = " ".join(GUIDE.read_text(encoding="utf-8").split())
    assert any(f"``{file}:{line}: {text.split(';')[0]}``" in guide for file, line, text in found)
    assert {path.name for path in (copy / "lint").iterdir()} >= {"lint.md", "lint.junit.xml", "lint.sarif"}


@needs_ansible
@pytest.mark.skipif(not FULL, reason="takes a minute; VBO365_TEST_FULL plays it")
def test_the_whole_story(tmp_path: Path, environment: dict[str, str]) -> None:
    """A bad merge request, a good one, one whose plan becomes stale, and the following nights, in one command."""
    settings = [
        {"name": name, "versions": [version]} for name, version in zip(SERVERS, ("v8", "v7", "v6"), strict=True)
    ]
    with Sandbox(tmp_path / "sandbox", settings) as sandbox:
        before = {name: server.state()["jobs"] for name, server in sandbox.servers.items()}
        done = run(
            [str(EXAMPLE / "try-it")], {**environment, "VBO_SANDBOX_DIRECTORY": str(sandbox.directory)}, timeout=600
        )
        assert done.returncode == 0, done.stdout[-20000:]
        assert PASSWORD not in done.stdout
        for name, server in sandbox.servers.items():
            jobs = {job["name"]: job for job in server.state()["jobs"]}
            made = {f"{name}-mail", f"{name}-drives"}
            assert jobs.keys() == {job["name"] for job in before[name]} | made
            assert jobs[f"{name}-mail"]["schedule_policy"]["daily_time"] == "21:30:00"
            assert {jobs[job]["description"] for job in made} == {"Managed by Git"}
            # two jobs created, one changed; on munich somebody else wrote as well, and a later change reverted that
            assert server.counts()["writes"] == 3 + (name == "munich")
            assert [job for job in jobs.values() if job["name"] not in made] == before[name]


# The pipelines


def jobs_of(path: Path) -> dict[str, dict[str, t.Any]]:
    return yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]


def steps() -> t.Iterator[tuple[str, dict[str, t.Any]]]:
    for path in WORKFLOWS:
        for name, job in jobs_of(path).items():
            yield from ((f"{path.name}, {name}", step) for step in job["steps"])


def is_a_script(command: str) -> bool:
    """Return whether a command is only a script of the example with plain arguments."""
    name, *arguments = command.split()
    plain = all(re.fullmatch(r'[\w./-]+|"\$\w+"', argument) for argument in arguments)
    return name.startswith("ci/") and os.access(EXAMPLE / name, os.X_OK) and plain


def test_github_calls_scripts_and_pinned_actions() -> None:
    for where, step in steps():
        if "run" in step:
            assert is_a_script(step["run"]), (where, step["run"])
        else:
            assert re.fullmatch(r"[\w/.-]+@[0-9a-f]{40}", step["uses"]), (where, step["uses"])
    texts = [path.read_text(encoding="utf-8") for path in WORKFLOWS]
    for text in texts:
        assert all(re.search(r"@\w{40} # v\d+\.\d+\.\d+$", line) for line in text.splitlines() if "uses:" in line)
        assert "pull_request_target" not in text and "workflow_run" not in text
    pins = {tuple(pin) for text in texts for pin in re.findall(r"uses: (\S+)@(\S+)", text)}
    assert len(pins) == len({action for action, _commit in pins}), "an action in two versions"


def test_github_gives_secrets_and_permissions_to_those_who_need_them() -> None:
    writes = {}
    for path in WORKFLOWS:
        whole = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert whole["permissions"] == {} and "env" not in whole
        for name, job in jobs_of(path).items():
            assert job["timeout-minutes"] and "env" not in job
            writes[path.stem, name] = {key for key, value in job["permissions"].items() if value == "write"}
            secret = any("secrets." in str(step) for step in job["steps"])
            assert secret == ("environment" in job), "secrets lie in environments"
            for step in job["steps"]:
                given = set(re.findall(r"secrets\.(\w+)", str(step)))
                assert given in (set(), {"VBO365_USERNAME", "VBO365_PASSWORD"}), step
                assert not (given and "uses" in step), "an action of others gets no secret"
    assert {key: value for key, value in writes.items() if value} == {
        ("check", "plan"): {"pull-requests"},
        ("drift", "drift"): {"security-events"},
    }
    fork = jobs_of(EXAMPLE / ".github" / "workflows" / "check.yml")
    assert "environment" not in fork["check"] and "head.repo.full_name == github.repository" in fork["plan"]["if"]


def test_gitlab_calls_scripts() -> None:
    whole = yaml.safe_load((EXAMPLE / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    sections = [whole["default"], *(job for name, job in whole.items() if isinstance(job, dict) and "rules" in job)]
    commands = [
        command
        for section in sections
        for key in ("before_script", "script", "after_script")
        for command in section.get(key, [])
    ]
    assert len(commands) > 6 and all(is_a_script(command) for command in commands), commands


def test_both_pipelines_do_the_same() -> None:
    """Both call every script, so that a change cannot miss one of them."""
    github = {step["run"].split()[0] for _where, step in steps() if "run" in step}
    gitlab = set(re.findall(r"- (ci/[\w-]+)", (EXAMPLE / ".gitlab-ci.yml").read_text(encoding="utf-8")))
    scripts = {f"ci/{path.name}" for path in (EXAMPLE / "ci").iterdir() if os.access(path, os.X_OK) and path.is_file()}
    assert github == gitlab == scripts
