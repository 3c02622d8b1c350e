# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The roles vbo_job_templates and vbo_jobs, and the playbooks validate and apply, as users run them."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
import yaml

from ..support.playbook_command import Done, ansible_playbook
from .playbooks import COLLECTION, Playbooks, Task

CONTOSO, FABRIKAM = "contoso.onmicrosoft.com", "fabrikam.onmicrosoft.com"
APPLY = "backupops.vbo365.vbo_jobs : Apply the declared jobs to this server"
USER = {"type": "user", "name": "cfo@contoso.com"}


def standard(template: t.Any, name: str = "", **options: t.Any) -> Task:
    named = {"name": name} if name else {}
    return {"template": template, **named, "organization": CONTOSO, "repository": "repo-fra-01", **options}


#: every standard template, on a server whose organization already has a job for everything
JOBS: list[Task] = [
    standard("exchange_daily", "t-exchange", vars={"org": "unused"}),
    standard("onedrive_daily", vars={"org": "t"}),
    standard("sharepoint_teams_daily", "t-sharepoint"),
    standard("shared_daily", "t-shared", selected_items=[USER]),
    standard("archive_weekend", "t-archive"),
    standard("vip_4h", "t-vip", selected_items=[USER]),
    {**standard("catch_all", "t-catch-all"), "organization": FABRIKAM},
    standard(["shared_daily", "initial_full"], "t-initial", selected_items=[USER]),
    standard(
        ["shared_daily", "paused"], "t-paused", selected_items=[USER], vars={"reason": "a move", "until": "2027-01-31"}
    ),
]
NAMES = [job.get("name", "t-onedrive") for job in JOBS]


def role(jobs: list[Task], playbooks: Playbooks, **variables: t.Any) -> Task:
    given = {"vbo_jobs_list": jobs, "vbo_jobs_connection": playbooks.connection(), **variables}
    return {"name": "Apply", "ansible.builtin.include_role": {"name": "backupops.vbo365.vbo_jobs"}, "vars": given}


def test_every_standard_template_makes_a_job(playbooks: Playbooks) -> None:
    """It is predicted, created as declared, and unchanged by the second run."""
    server = playbooks.server
    predicted = playbooks.run(role(JOBS, playbooks), arguments=["--check", "--diff"]).result(APPLY)
    assert server.writes() == []
    made = playbooks.run(role(JOBS, playbooks), arguments=["--diff"]).result(APPLY)
    assert [(job["name"], job["action"]) for job in made["jobs"]] == [(name, "create") for name in NAMES]
    assert made["diff"] == predicted["diff"] and made["summary"] == predicted["summary"]
    jobs = {job["name"]: job for job in server.state()["jobs"]}
    plans = {name: jobs[name]["schedule_policy"] for name in NAMES}
    times = {name: str(plan.get("daily_time"))[:5] for name, plan in plans.items()}
    assert times["t-exchange"] == "20:00" and times["t-catch-all"] == "04:00" and times["t-onedrive"] == "22:00"
    assert times["t-sharepoint"] == "23:00" and times["t-shared"] == "21:00" and times["t-archive"] == "06:00"
    assert plans["t-archive"]["daily_type"] == "Saturday" and plans["t-vip"]["periodically_every"] == "Hours4"
    asleep = {"t-initial", "t-paused"}
    tries = {
        (plan.get("retry_number", 3), plan["retry_wait_interval"]) for name, plan in plans.items() if name not in asleep
    }
    assert tries == {(3, 20)} and not any(plans[name].get("schedule_enabled", True) for name in asleep)
    assert not any(plan.get("backup_window_enabled") for plan in plans.values())
    assert jobs["t-paused"]["is_enabled"] is False
    assert jobs["t-paused"]["description"] == "Managed by Git. Paused until 2027-01-31: a move"
    assert jobs["t-catch-all"]["backup_type"] == "EntireOrganization"
    server.forget()
    again = playbooks.run(role(JOBS, playbooks), arguments=["--diff"]).result(APPLY)
    assert again["summary"]["none"] == len(JOBS) and not again["changed"] and server.writes() == []


def test_standard_templates_can_be_changed(playbooks: Playbooks) -> None:
    values = {
        "vbo_job_templates_changes": {
            "exchange_daily": {
                "schedule_policy": {
                    "daily_time": "19:15",
                    "daily_type": "workdays",
                    "backup_window": ["Mon-Fri 19:00-07:00", "Sat-Sun"],
                }
            }
        },
        "vbo_job_templates_retry_number": 5,
        "vbo_job_templates_custom": {"mine": {"extends": "exchange_daily", "description": "mine"}},
    }
    result = playbooks.run(role([standard("mine", "m")], playbooks, **values)).result(APPLY)
    assert result["summary"]["create"] == 1
    plan = playbooks.server.job("m")["schedule_policy"]
    assert (plan["daily_time"][:5], plan["daily_type"], plan["retry_number"]) == ("19:15", "Workdays", 5)
    assert plan["backup_window_enabled"] and playbooks.server.job("m")["description"] == "mine"


def test_changes_of_templates_as_extra_variables(playbooks: Playbooks) -> None:
    """Texts, as from C(-e name=value), are accepted as the mappings that they contain."""
    apply = role([standard("exchange_daily", "e")], playbooks)
    change = {"exchange_daily": {"schedule_policy": {"daily_time": "19:45"}}}
    for text, time in ((json.dumps(change), "19:45"), ("{}", "20:00")):
        playbooks.run(apply, arguments=("-e", json.dumps({"vbo_job_templates_changes": text})))
        assert playbooks.server.job("e")["schedule_policy"]["daily_time"][:5] == time
    playbooks.server.forget()
    former = playbooks.run(apply, arguments=("-e", "vbo_job_templates_exchange_daily_time=19:30"), fails=True)
    assert "{exchange_daily: {schedule_policy: {daily_time: …}}}" in former.output
    assert not playbooks.server.log()


def test_prune_through_the_role(playbooks: Playbooks) -> None:
    mine = [standard("shared_daily", name, selected_items=[USER]) for name in ("a", "b")]
    playbooks.run(role(mine, playbooks))
    before = {job["name"] for job in playbooks.server.state()["jobs"]}
    guarded = {"vbo_jobs_prune": True, "vbo_jobs_scope": {"description": "Managed by Git", "name": "?"}}
    playbooks.run(role(mine[:1], playbooks, **guarded, vbo_jobs_protected=["B"]))
    assert {job["name"] for job in playbooks.server.state()["jobs"]} == before
    playbooks.run(role(mine[:1], playbooks, **guarded, vbo_jobs_max_deletions=0), fails=True)
    assert {job["name"] for job in playbooks.server.state()["jobs"]} == before
    playbooks.run(role(mine[:1], playbooks, **guarded))
    assert {job["name"] for job in playbooks.server.state()["jobs"]} == before - {"b"}


@pytest.fixture
def book(folder: Path, tmp_path: Path) -> t.Callable[..., Done]:
    """Run a playbook of the collection by its full name."""

    def run(name: str, *arguments: str, **variables: t.Any) -> Done:
        (tmp_path / "inventory.yml").write_text("all: {hosts: {one: {}, two: {}}}\n", encoding="utf-8")
        environment = Playbooks(folder, t.cast(t.Any, None))._environment(tmp_path / "record")
        inventory = ["-i", str(tmp_path / "inventory.yml")]
        given = [*inventory, f"backupops.vbo365.{name}", *arguments, "-e", json.dumps(variables)]
        return ansible_playbook(given, environment, Path.cwd())

    return run


def test_validate_needs_no_server_and_writes_what_will_be_sent(book: t.Any, tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    done = book("validate", vbo_jobs_list=JOBS, vbo_validate_directory=str(tmp_path / "plan"))
    assert done.returncode == 0 and "9 jobs are in order" in done.stdout, done.stdout
    for host in ("one", "two"):
        path = tmp_path / "plan" / f"{host}.yml"
        jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["vbo_jobs_list"]
        assert [job["name"] for job in jobs] == NAMES and "template" not in jobs[0]
        assert path.stat().st_mode & 0o777 == 0o600
    again = book("validate", vbo_jobs_list=JOBS, vbo_validate_directory=str(tmp_path / "plan"))
    assert again.returncode == 0 and "changed=1" not in again.stdout


def test_validate_says_everything_that_is_wrong(book: t.Any) -> None:
    wrong = [{"name": "a", "schedule_policy": {"daily_tme": "1"}}, {"template": "exchange"}]
    done = book("validate", vbo_jobs_list=wrong)
    assert done.returncode == 2
    assert "jobs[0].schedule_policy.daily_tme: unsupported option. Did you mean daily_time?" in done.stdout
    assert "jobs[1].template: there is no template 'exchange'" in done.stdout
    late = book(
        "validate", vbo_jobs_list=[{"name": "a", "schedule_policy": {"daily_time": "25:00"}}, {"enabled": True}]
    )
    assert "jobs[0].schedule_policy.daily_time: '25:00' is not a time of day" in late.stdout
    assert "jobs[1].name: name or id is required" in late.stdout


def test_apply_is_a_playbook_of_the_collection(book: t.Any, playbooks: Playbooks) -> None:
    connection = playbooks.connection(password=playbooks.password)
    jobs = [{"name": "Finance mail", "organization": CONTOSO, "schedule_policy": {"daily_time": "01:23"}}]
    done = book("apply", "--limit", "one", vbo_jobs_list=jobs, vbo365_connection=connection)
    assert done.returncode == 0, done.stdout
    assert playbooks.server.job("Finance mail")["schedule_policy"]["daily_time"].startswith("01:23")


def test_the_collection_has_these_playbooks() -> None:
    assert {"apply", "sandbox", "validate"} <= {path.stem for path in (COLLECTION / "playbooks").glob("*.yml")}
