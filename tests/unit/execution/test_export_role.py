# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role vbo_export as users run it: the files that it writes, keeps and removes; applying them changes nothing."""

from __future__ import annotations

import stat
import typing as t
from pathlib import Path

import pytest
import yaml

from ..support.full import ends
from ..support.tasks import Tasks
from .playbooks import Playbooks, Run, Task, task

ROLE = "backupops.vbo365.vbo_export"
READ, COPIES, WRITE = "Read the jobs with their items", "Read the copy jobs", "Write the files"
FABRIKAM = "fabrikam.onmicrosoft.com"
#: texts that YAML or Ansible would interpret as something else
NASTY = (
    "{{ 1/0 }}",
    "{% for",
    "{# gone #}",
    "#jinja2:variable_start_string:'[%',variable_end_string:'%]'\n[% 1/0 %]",
    "yes",
    "null",
    "12:30",
    "1e3",
    "- x: y",
    "Größe & Co",
)


def export(playbooks: Playbooks, directory: Path, check: bool = False, **variables: t.Any) -> Run:
    """Run the role; a second run must change nothing."""
    given = {"vbo_export_directory": str(directory), "vbo_export_connection": playbooks.connection(), **variables}
    role = {"name": "Export", "ansible.builtin.include_role": {"name": ROLE}, "vars": given}
    run = playbooks.run(role, arguments=["--diff", *(["--check"] if check else [])])
    if not check:
        again = playbooks.run(role, arguments=["--diff"])
        assert not changed(again), again.output
    return run


def changed(run: Run) -> list[str]:
    return sorted({record.task.split(" : ")[-1] for record in run.records if record.result.get("changed")})


def contents(directory: Path) -> dict[str, str]:
    """Return all files below a folder; each must be readable by its owner only."""
    files = [path for path in sorted(directory.rglob("*")) if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} <= {0o600}
    return {str(path.relative_to(directory)): path.read_text(encoding="utf-8") for path in files}


def make_nasty_jobs(playbooks: Playbooks, version: str = "v8") -> None:
    jobs = [
        {
            "name": name,
            "organization": FABRIKAM,
            "repository": "repo-east-01",
            "description": name,
            "backup_type": "selected_items",
            "selected_items": [{"type": "partial_organization", "mailbox": True}],
            "schedule_policy": {"type": "daily", "daily_time": "12:30"},
        }
        for name in NASTY
    ]
    made = Tasks(playbooks.server, version, "controller").raw("vbo_jobs", jobs=jobs)
    assert not made.get("failed"), made["msg"]
    playbooks.server.forget()


def apply(title: str = "apply", **keywords: t.Any) -> Task:
    return task(title, "backupops.vbo365.vbo_jobs", jobs="{{ vbo_jobs_list }}", keywords=keywords)


@pytest.mark.parametrize(
    ("version", "layout"), ends([("v3", "job"), ("v5", "server"), ("v6", "job"), ("v8", "server")])
)
def test_applying_an_export_changes_nothing(playbooks: Playbooks, tmp_path: Path, version: str, layout: str) -> None:
    """This includes unusual names, and every way of loading the files; texts of the server are never evaluated."""
    make_nasty_jobs(playbooks)
    server = playbooks.server
    before, count = server.state(), len(server.state()["jobs"])
    connection = playbooks.connection(api_version=version)
    run = export(playbooks, tmp_path, vbo_export_layout=layout, vbo_export_connection=connection)
    assert (server.state(), server.writes()) == (before, [])
    assert len(run.result(f"{ROLE} : {READ}")["config"]) == count
    assert run.of(f"{ROLE} : {COPIES}")[0].status == ("skipped" if version in ("v3", "v5") else "ok")
    files = contents(tmp_path)
    if layout == "server":
        assert list(files) == ["localhost.yml"]
        include: Task = {"ansible.builtin.include_vars": {"file": f"{tmp_path}/localhost.yml"}}
        keywords: dict[str, t.Any] = {"vars_files": [f"{tmp_path}/localhost.yml"]}
    else:
        assert len(files) == count + 1
        include = {"ansible.builtin.include_vars": {"dir": f"{tmp_path}/localhost"}}
        keywords = {"vars_files": [f"{tmp_path}/{name}" for name in files]}
    defaults = {"module_defaults": {"group/backupops.vbo365.vbo365": connection}}
    plays = [
        playbooks.play({"name": "include", **include}, apply(), **defaults),
        playbooks.play(apply("apply again"), **defaults, **keywords),
    ]
    applied = playbooks.run(plays=plays)
    for title in ("apply", "apply again"):
        result = applied.result(title)
        assert {job["action"] for job in result["jobs"]} == {"none"}, result["jobs"]
        assert {job["name"] for job in result["jobs"]} == {job["name"] for job in before["jobs"]} >= set(NASTY)
        assert result["unmanaged"] == []
    assert (server.state(), server.writes()) == (before, [])


@pytest.mark.parametrize("layout", ["server", "job"])
def test_as_host_variables(playbooks: Playbooks, tmp_path: Path, layout: str) -> None:
    """Beside the inventory, the files are variables of their hosts, and the playbook exports all hosts at once."""
    make_nasty_jobs(playbooks)
    (tmp_path / "hosts.yml").write_text(
        yaml.safe_dump({"all": {"hosts": {name: {"ansible_connection": "local"} for name in ("vbo-1", "vbo-2")}}}),
        encoding="utf-8",
    )
    playbook: Task = {"name": "Export", "import_playbook": "backupops.vbo365.export"}
    arguments = [f"--inventory={tmp_path}/hosts.yml"]
    variables = {
        "vbo365_connection": playbooks.connection(),
        "vbo365_hosts": "vbo-*",
        "vbo_export_directory": f"{tmp_path}/host_vars",
        "vbo_export_layout": layout,
    }
    playbooks.run(plays=[playbook], arguments=arguments, **variables)
    files = contents(tmp_path / "host_vars")
    assert {name.split("/")[0].removesuffix(".yml") for name in files} == {"vbo-1", "vbo-2"}
    applied = playbooks.run(plays=[playbooks.play(apply(), hosts="vbo-*")], arguments=arguments)
    assert [len(record.result["jobs"]) for record in applied.of("apply", "ok")] == [8 + len(NASTY)] * 2
    assert not changed(applied) and playbooks.server.writes() == []


def test_templates(playbooks: Playbooks, tmp_path: Path) -> None:
    """Jobs like the standard templates are written as such, and the playbook that applies jobs changes nothing."""
    make_nasty_jobs(playbooks)
    (tmp_path / "hosts.yml").write_text(
        yaml.safe_dump({"all": {"hosts": {"vbo-1": {"ansible_connection": "local"}}}}), encoding="utf-8"
    )
    variables = {
        "vbo365_connection": playbooks.connection(),
        "vbo_job_templates_jobs": [],
        "vbo_export_directory": f"{tmp_path}/host_vars",
        "vbo_export_templates": "{{ vbo_job_templates_all }}",
        "vbo_job_templates_custom": {
            "noon": {"schedule_policy": {"type": "daily", "daily_type": "everyday", "daily_time": "12:30"}}
        },
    }
    arguments = [f"--inventory={tmp_path}/hosts.yml"]
    play = {
        "name": "Export",
        "hosts": "vbo-1",
        "gather_facts": False,
        "vars": variables,
        "roles": ["backupops.vbo365.vbo_job_templates", ROLE],
    }
    playbooks.run(plays=[play], arguments=arguments)
    assert not changed(playbooks.run(plays=[play], arguments=arguments))
    text = contents(tmp_path / "host_vars")["vbo-1.yml"]
    assert text.count("template: noon") == len(NASTY) and "template: onedrive_daily" in text
    assert 'daily_time: "12:30"' not in text

    playbook: Task = {"name": "Apply", "import_playbook": "backupops.vbo365.apply"}
    del variables["vbo_job_templates_jobs"], variables["vbo_export_templates"]
    before = playbooks.server.state()
    applied = playbooks.run(plays=[playbook], arguments=arguments, vbo365_hosts="vbo-1", **variables)
    assert not changed(applied)
    result = applied.result("backupops.vbo365.vbo_jobs : Apply the declared jobs to this server")
    assert {job["name"] for job in result["jobs"]} == {job["name"] for job in before["jobs"]}
    assert (playbooks.server.state(), playbooks.server.writes()) == (before, [])


@pytest.mark.parametrize("layout", ["server", "job"])
def test_check_mode(playbooks: Playbooks, tmp_path: Path, layout: str) -> None:
    """Also in the first run: it shows what the files would become, and writes nothing."""
    run = export(playbooks, tmp_path / "new" / "folder", check=True, vbo_export_layout=layout)
    assert WRITE in changed(run)
    assert "+  - name: Workshop" in run.output or "+  name: Workshop" in run.output
    assert list(tmp_path.iterdir()) == []
    export(playbooks, tmp_path, vbo_export_layout=layout)
    before = contents(tmp_path)
    assert changed(export(playbooks, tmp_path, check=True, vbo_export_layout=layout)) == []
    change(playbooks, "Workshop", description="Changed in the console")
    run = export(playbooks, tmp_path, check=True, vbo_export_layout=layout)
    assert changed(run) == [WRITE] and "Changed in the console" in run.output
    assert contents(tmp_path) == before


def change(playbooks: Playbooks, name: str, **fields: t.Any) -> None:
    """Change a job in the console; without fields, delete it there."""
    state = playbooks.server.state()
    for job in state["jobs"]:
        if job["name"] == name:
            job.update(fields)
    if not fields:
        state["jobs"] = [job for job in state["jobs"] if job["name"] != name]
    playbooks.server.replace(state)


def test_files_of_jobs_that_are_gone(playbooks: Playbooks, tmp_path: Path) -> None:
    """They are removed, but no files of others or of other hosts, and none if only some jobs are read."""
    place = tmp_path / "localhost"
    export(playbooks, tmp_path, vbo_export_layout="job")
    workshop = place / f"{FABRIKAM}+workshop.yml"
    first = contents(tmp_path)
    other = place / "connection.yml"
    copied = place / "mentions.yml"
    foreign = tmp_path / "other" / workshop.name
    foreign.parent.mkdir()
    for path, text in ((other, "vbo365_connection: {}\n"), (copied, f"---\n{first[f'localhost/{workshop.name}']}")):
        path.write_text(text, encoding="utf-8")
    foreign.write_bytes(workshop.read_bytes())
    for path in (other, copied, foreign):
        path.chmod(0o600)
    change(playbooks, "Workshop")

    export(playbooks, tmp_path, vbo_export_layout="job", vbo_export_organization=FABRIKAM)
    export(playbooks, tmp_path, vbo_export_layout="job", vbo_export_name="nothing has this exact name")
    assert workshop.exists(), "an export of some jobs says nothing about the others"
    export(playbooks, tmp_path, check=True, vbo_export_layout="job")
    assert workshop.exists()
    run = export(playbooks, tmp_path, vbo_export_layout="job")
    assert changed(run) == [WRITE]
    written = run.result(f"{ROLE} : {WRITE}")
    assert (written["written"], written["removed"]) == ([], [f"localhost/{workshop.name}"])
    assert not workshop.exists() and other.exists() and copied.exists() and foreign.exists()
    left = contents(tmp_path)
    assert all(left.get(name) == text for name, text in first.items() if not name.endswith(workshop.name))

    export(playbooks, tmp_path, vbo_export_layout="server")
    assert sorted(path.name for path in place.iterdir()) == [other.name, copied.name]
    assert (tmp_path / "localhost.yml").exists()
    export(playbooks, tmp_path, vbo_export_layout="job")
    assert not (tmp_path / "localhost.yml").exists()
    assert contents(tmp_path) == left


@pytest.mark.parametrize(("layout", "name"), [("server", "localhost.yml"), ("job", "localhost/vbo_jobs_list.yml")])
def test_files_of_others_are_not_overwritten(playbooks: Playbooks, tmp_path: Path, layout: str, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("vbo_jobs_list: [] # mine\n", encoding="utf-8")
    variables = {"vbo_export_directory": str(tmp_path), "vbo_export_layout": layout}
    role = {"name": "Export", "ansible.builtin.include_role": {"name": ROLE}, "vars": variables}
    connection = {"vbo365_connection": playbooks.connection()}
    for arguments in (["--check"], ["--diff"]):
        run = playbooks.run(role, arguments=arguments, fails=True, **connection)
        message = run.result(f"{ROLE} : {WRITE}")["msg"]
        assert message.startswith(f"{path} exists and was not written by this role"), message
        assert path.read_text(encoding="utf-8") == "vbo_jobs_list: [] # mine\n"
        assert len(list(tmp_path.rglob("*.yml"))) == 1


def test_a_run_that_was_cut_off_converges(playbooks: Playbooks, tmp_path: Path) -> None:
    """It may have left an empty file that others can read."""
    (tmp_path / "localhost.yml").touch(0o644)
    export(playbooks, tmp_path)
    assert "name: Workshop" in contents(tmp_path)["localhost.yml"]


def test_only_some_jobs(playbooks: Playbooks, tmp_path: Path) -> None:
    export(playbooks, tmp_path, vbo_export_organization=FABRIKAM, vbo_export_name="W*")
    (job,) = yaml.safe_load(contents(tmp_path)["localhost.yml"])["vbo_jobs_list"]
    assert (job["name"], job["organization"]) == ("Workshop", FABRIKAM)


def test_permissions(playbooks: Playbooks, tmp_path: Path) -> None:
    """The user chooses those of the files; an existing folder keeps its own."""
    tmp_path.chmod(0o755)
    export(playbooks, tmp_path, vbo_export_file_mode="0640")
    assert stat.S_IMODE((tmp_path / "localhost.yml").stat().st_mode) == 0o640
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    export(playbooks, tmp_path / "new")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_the_directory_is_required(playbooks: Playbooks) -> None:
    role = {"name": "Export", "ansible.builtin.include_role": {"name": ROLE}}
    run = playbooks.run(role, fails=True)
    assert "vbo_export_directory" in run.output
