# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Exported jobs on real servers: applying them changes nothing, and recreates deleted jobs."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible_collections.backupops.vbo365.plugins.filter.export import FilterModule
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ...support.full import ends
from ...support.sandbox import Sandbox, Server
from ...support.tasks import Tasks
from ..conftest import QUICK, VERSIONS
from ..modules.test_vbo_job_property import ORGANIZATION, policies

FILTERS = FilterModule().filters()
HEADER = "Exported by a test"
SEEDS = (3, 5, 8)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[list[Server]]:
    """Servers with different jobs, and one with all jobs of the small company."""
    versions = list(VERSIONS)
    generated = [
        {"name": f"vbo-{seed}", "versions": versions, "generate": {"jobs": 9, "users": 20, "seed": seed}}
        for seed in SEEDS
    ]
    with Sandbox(tmp_path_factory.mktemp("fleet"), [{"name": "company", "versions": versions}, *generated]) as sandbox:
        yield list(sandbox.servers.values())


def exported(tasks: Tasks) -> list[dict[str, t.Any]]:
    found = tasks.raw("vbo_job_info", items=True)
    copies = tasks.raw("vbo_copy_job_info")["config"] if tasks.number >= 6 else []
    return FILTERS["export_jobs"](found["config"], copies)


def text_of(tasks: Tasks) -> str:
    return FILTERS["to_job_yaml"](exported(tasks), HEADER)


def loaded(text: str) -> list[dict[str, t.Any]]:
    """Return the jobs of a file, as Ansible reads it."""
    return DataLoader().load(text)["vbo_jobs_list"]


def apply(tasks: Tasks, jobs: list[dict[str, t.Any]]) -> dict[str, t.Any]:
    result = tasks.raw("vbo_jobs", jobs=jobs)
    assert not result.get("failed"), result["msg"]
    return result


def delete_all(server: Server) -> None:
    """Use the newest version: versions before v6 cannot delete the copy jobs first."""
    tasks = Tasks(server, "v8", "controller")
    jobs = [
        {
            "name": job["name"],
            "organization": job["organization"],
            "state": "absent",
            "delete_copy_job": True,
            "when_running": "proceed",
        }
        for job in exported(tasks)
    ]
    apply(tasks, jobs)
    assert server.state()["jobs"] == []


def leave_what_can_be_made(server: Server, number: int) -> None:
    """Remove what a new job could not have: users who left, and teams and pools that the API does not support."""
    state = server.state()
    pooled = {place["id"] for place in state["repositories"] if place.get("proxy_pool")} if number <= 5 else set()
    for job in state["jobs"]:
        for field in ("selected_items", "excluded_items"):
            job[field] = [
                item for item in job[field] if "snapshot" not in item and (item["type"] != "Team" or number >= 5)
            ]
    state["jobs"] = [
        job
        for job in state["jobs"]
        if (job["selected_items"] or job.get("backup_type")) and job["repository"] not in pooled
    ]
    server.replace(state)


@pytest.mark.parametrize("version", ends(VERSIONS))
def test_applied_it_changes_nothing(fleet: list[Server], version: str) -> None:
    for server in fleet:
        server.reset(VERSIONS, **QUICK)
        tasks = Tasks(server, version, "controller")
        text = text_of(tasks)
        assert len(loaded(text)) == len(server.state()["jobs"])
        before = server.state()
        server.forget()
        result = apply(tasks, loaded(text))
        assert not result["changed"], [job for job in result["jobs"] if job["changes"]]
        assert (server.writes(), server.state()) == ([], before)
        assert text_of(tasks) == text


@pytest.mark.parametrize("version", ends(VERSIONS))
def test_it_makes_the_same_jobs_again(fleet: list[Server], version: str) -> None:
    for server in fleet:
        server.reset(VERSIONS, **QUICK)
        tasks = Tasks(server, version, "controller")
        leave_what_can_be_made(server, tasks.number)
        text = text_of(tasks)
        delete_all(server)
        assert loaded(text_of(tasks)) == []
        assert apply(tasks, loaded(text))["summary"]["create"] == len(loaded(text))
        assert text_of(tasks) == text


@pytest.mark.parametrize("version", ends(VERSIONS))
def test_any_schedule_and_any_text(sandbox: Sandbox, version: str) -> None:
    server = sandbox.servers["main"]
    tasks = Tasks(server, version, "controller")
    texts = st.one_of(
        st.text("abc <>&'\"{}%#:-!|*äß😀\t\n\\", max_size=12),
        st.sampled_from(
            ["yes", "null", "1e3", "12:30", "- x: y", "{{ 1/0 }}", "{% raw %}", "#jinja2:trim_blocks:True"]
        ),
    )

    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
        phases=[Phase.generate],
    )
    @given(policy=policies(tasks.number), name=texts.filter(lambda text: text == text.strip() != ""), description=texts)
    def check(policy: dict[str, t.Any], name: str, description: str) -> None:
        server.reset(VERSIONS, **QUICK)
        delete_all(server)
        job = {
            "name": name,
            "organization": ORGANIZATION,
            "repository": "repo-east-01",
            "description": description,
            "backup_type": "entire_organization",
            "schedule_policy": policy,
        }
        apply(tasks, [job])
        text = text_of(tasks)
        (read,) = loaded(text)
        assert (read["name"], read["description"]) == (name, description)
        assert not apply(tasks, [read])["changed"]
        delete_all(server)
        apply(tasks, [read])
        assert text_of(tasks) == text

    check()


def test_copy_jobs_come_with_their_jobs(v8: Tasks) -> None:
    jobs = {job["name"]: job for job in exported(v8)}
    copies = {copy["job"]: copy for copy in v8.raw("vbo_copy_job_info")["config"]}
    assert copies and {name for name, job in jobs.items() if "copy_job" in job} == copies.keys()
    for name, copy in copies.items():
        assert jobs[name]["copy_job"] == {key: copy[key] for key in ("repository", "enabled", "schedule_policy")}


def test_files(v8: Tasks) -> None:
    """One file for each job has the same content as one file for all."""
    jobs = exported(v8)
    files = {entry["name"]: entry["content"] for entry in FILTERS["to_job_files"](jobs, HEADER)}
    assert len(files) == len(jobs) + 1
    assert "contoso.onmicrosoft.com+finance_mail.yml" in files
    read = [DataLoader().load(text) for name, text in files.items() if name != "vbo_jobs_list.yml"]
    assert [job for variables in read for job in variables.values()] == jobs
    assert all(text.startswith(f"# {HEADER}\n---\n") for text in files.values())


@pytest.mark.parametrize("name", sorted(FILTERS))
@pytest.mark.parametrize("value", [None, "x", {"name": "x"}, ["x"], 3])
def test_other_input(name: str, value: t.Any) -> None:
    with pytest.raises(AnsibleFilterError, match=f"{name}: the input must be a list of jobs"):
        FILTERS[name](value)


def test_two_jobs_of_one_name() -> None:
    jobs = [{"name": name, "organization": "contoso"} for name in ("Mail", "mail")]
    with pytest.raises(AnsibleFilterError, match="have the name 'mail'"):
        FILTERS["export_jobs"](jobs)
