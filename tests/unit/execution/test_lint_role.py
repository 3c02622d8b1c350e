# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role vbo_lint: declared jobs without a server, jobs of servers without writing, and always one report."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from .playbooks import Playbooks, Run, Task

CONTOSO = "contoso.onmicrosoft.com"
FILES = ("lint.html", "lint.json", "lint.junit.xml", "lint.md", "lint.sarif")
NOWHERE = "https://127.0.0.1:9"
FAR = "2999-12-31"


def daily(name: str, time: str, **more: t.Any) -> Task:
    """A job in which only the time can cause findings."""
    return {
        "name": name,
        "organization": CONTOSO,
        "backup_type": "selected_items",
        "selected_items": [{"type": "user", "name": f"{name}@contoso.com"}],
        "schedule_policy": {"daily_time": time, "retry_number": 2, "retry_wait_interval": 20},
        **more,
    }


GOOD, NOON = daily("good", "22:00"), daily("noon", "12:00")
DESK, BOSS = ({"type": "user", "name": f"{name}@contoso.com", "mailbox": True} for name in ("desk", "boss"))
#: the standard templates in one organization; each excludes the jobs that others name
STANDARD: dict[str, Task] = {
    "exchange_daily": {"excluded_items": [DESK, BOSS]},
    "shared_daily": {"selected_items": [DESK]},
    "onedrive_daily": {},
    "sharepoint_teams_daily": {},
    "archive_weekend": {},
    "vip_4h": {"selected_items": [BOSS]},
    "catch_all": {},
}
#: the declared jobs of the hosts in the offline run
DECLARED: dict[str, list[Task]] = {
    "localhost": [GOOD, NOON, daily("legacy", "13:00")],
    "second": [GOOD],
    "third": [{**GOOD, "schedule_policy": {"daily_time": "25:00"}}],
    "bastion": [
        {"template": name, "vars": {"org": "c"}, "organization": CONTOSO, **more} for name, more in STANDARD.items()
    ],
}
EXCEPTIONS = [
    {"job": "legacy", "rule": "office_*", "reason": "CHG-4711", "until": FAR},
    {"server": "*", "reason": "long ago", "until": "2020-01-01"},
]
CUSTOM = [
    {
        "id": "short_names",
        "require": {"field": "name", "test": "match", "value": "^.{1,4}$"},
        "when": [{"field": "enabled", "test": "undefined"}],
        "message": "Write a shorter name.",
        "severity": "note",
    },
    {"id": "later", "require": {"field": "name", "test": "ansible.builtin.match", "value": "."}, "message": "Never."},
]


@pytest.fixture
def lint(playbooks: Playbooks, tmp_path: Path) -> t.Callable[..., Run]:
    def run(hosts: str, servers: Task, **variables: t.Any) -> Run:
        keywords = {key: variables.pop(key) for key in ("fails", "arguments") if key in variables}
        play = {
            "name": "Lint",
            "hosts": hosts,
            "gather_facts": False,
            "vars": {
                "vbo365_connection": "{{ servers[inventory_hostname] }}",
                "servers": servers,
                "declared": DECLARED,
                "vbo_jobs_list": "{{ declared[inventory_hostname] | default([]) }}",
            },
            "tasks": [{"name": "Lint", "ansible.builtin.include_role": {"name": "backupops.vbo365.vbo_lint"}}],
        }
        variables.setdefault("vbo_lint_directory", str(tmp_path / "report"))
        return playbooks.run(plays=[play], **keywords, **variables)

    return run


def read(folder: Path) -> dict[str, t.Any]:
    return json.loads((folder / "lint.json").read_text(encoding="utf-8"))


def states(found: dict[str, t.Any]) -> dict[str, str]:
    return {server["name"]: server["state"] for server in found["servers"]}


def rules(server: dict[str, t.Any]) -> dict[str, list[str]]:
    return {job["name"]: [finding["rule"] for finding in job["findings"]] for job in server["jobs"]}


def test_declared_jobs_need_no_server(lint: t.Callable[..., Run], tmp_path: Path) -> None:
    """Templates without findings, custom rules, exceptions; a wrong declaration hides no other; texts of surveys."""
    run = lint(
        ",".join(DECLARED),
        {},
        vbo_lint_rules=json.dumps({"office_hours": {"severity": "error"}, "too_few_retries": {"number": "3"}}),
        vbo_lint_custom=CUSTOM,
        vbo_lint_exceptions=EXCEPTIONS,
        vbo_lint_live="false",
        vbo_lint_fail_on="error",
        fails=True,
    )
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == list(FILES)
    found = read(tmp_path / "report")
    assert states(found) == {"localhost": "findings", "second": "findings", "third": "failed", "bastion": "ok"}
    assert found["totals"]["jobs"] == len(STANDARD) + 4
    found["servers"] = [server for server in found["servers"] if server["name"] != "bastion"]
    few = "too_few_retries"
    first = rules(found["servers"][0])
    assert first["good"] == [few] and first["noon"] == ["office_hours", few]
    assert first["legacy"] == ["office_hours", few, "short_names"]
    excepted = [one for job in found["servers"][0]["jobs"] for one in job["findings"] if "excepted" in one]
    assert [one["excepted"] for one in excepted] == [{"reason": "CHG-4711", "until": FAR}]
    assert "schedule_policy.daily_time" in found["servers"][2]["message"]
    assert [rule["reason"] for rule in found["expired_exceptions"]] == ["long ago"]
    assert found["summary"] in run.output
    log = json.loads((tmp_path / "report" / "lint.sarif").read_text(encoding="utf-8"))
    uris = {one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for one in log["runs"][0]["results"]}
    assert uris == {f"inventory/host_vars/{host}.yml" for host in DECLARED if host != "bastion"}


def test_jobs_of_servers_are_only_read(lint: t.Callable[..., Run], playbooks: Playbooks, tmp_path: Path) -> None:
    """Whatever is declared; a server that is down, or refuses, or has wrong rules, is in the report."""
    state = playbooks.server.state()
    for job in state["jobs"]:
        if job["name"] in ("Finance mail", "Everything selected"):
            job["is_enabled"] = False
    playbooks.server.replace(state)
    servers = {
        "localhost": playbooks.connection(),
        "second": playbooks.connection(url=NOWHERE, retries=0),
        "third": playbooks.connection(password="wrong-Harbor-Kite-5521"),
    }
    run = lint(
        "bastion,localhost,second,third",
        {**servers, "bastion": playbooks.connection()},
        vbo_lint_live=True,
        vbo_lint_organization=CONTOSO,
        vbo_lint_rules="{{ {'night': true} if inventory_hostname == 'bastion' else {} }}",
        fails=True,
    )
    (wrong,) = [record for record in run.records if record.status == "failed"]
    assert wrong.host == "bastion" and "rules.night: unknown rule" in wrong.result["msg"]
    found = read(tmp_path / "report")
    assert states(found) == {
        "bastion": "unreachable",
        "localhost": "findings",
        "second": "unreachable",
        "third": "failed",
    }
    del found["servers"][0]
    first = rules(found["servers"][0])
    assert "only_in_disabled_job" in first["Finance mail"] and "good" not in first
    assert found["servers"][0]["url"] == playbooks.server.url
    assert playbooks.server.writes() == []
    text = "".join((tmp_path / "report" / name).read_text(encoding="utf-8") for name in FILES)
    assert playbooks.password not in text and "wrong-Harbor" not in text


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"vbo_lint_rules": {"office_hour": False}}, "rules.office_hour: unknown rule"),
        (
            {"vbo_lint_exceptions": [{"rule": "rpo", "reason": "r"}]},
            "missing required arguments: until found in vbo_lint_exceptions",
        ),
        (
            {"vbo_lint_custom": [{**CUSTOM[0], "require": {"field": "name", "test": "nice"}}]},
            "custom[0].require.test: Jinja has no test 'nice'.",
        ),
        ({"vbo_lint_source": "/etc/x"}, "source: '/etc/x' is not relative"),
    ],
)
def test_mistakes_are_told_before_servers_are_asked(
    lint: t.Callable[..., Run], playbooks: Playbooks, tmp_path: Path, variables: Task, said: str
) -> None:
    run = lint("localhost", {"localhost": playbooks.connection()}, fails=True, vbo_lint_live=True, **variables)
    assert playbooks.server.log() == []
    assert said in run.output
    assert not (tmp_path / "report").exists() and not run.of("Read the jobs of the server")


def test_slices_are_merged(playbooks: Playbooks, tmp_path: Path) -> None:
    """The merged reports of two slices equal one report, in every format; merging nothing is an error."""
    declared = {"vbo_jobs_list": "{{ declared[inventory_hostname] | default([]) }}", "declared": DECLARED}

    def lint(title: str, hosts: str, folder: str) -> Task:
        role = {"name": title, "ansible.builtin.include_role": {"name": "backupops.vbo365.vbo_lint"}}
        variables = {**declared, "vbo_lint_directory": str(tmp_path / folder), "vbo_lint_exceptions": EXCEPTIONS}
        return {"name": title, "hosts": hosts, "gather_facts": False, "vars": variables, "tasks": [role]}

    merge: Task = {
        "name": "Merge",
        "import_playbook": "backupops.vbo365.lint_merge",
        "vars": {"vbo_lint_slices": [str(tmp_path / "slices")], "vbo_lint_directory": str(tmp_path / "merged")},
    }
    nothing = {
        "name": "Nothing",
        "import_playbook": "backupops.vbo365.lint_merge",
        "vars": {"vbo_lint_slices": str(tmp_path / "none")},
    }
    (tmp_path / "none").mkdir()
    run = playbooks.run(
        plays=[
            lint("Whole", "localhost,third,second", "whole"),
            lint("One", "localhost,third", "slices/one"),
            lint("Two", "second", "slices/two"),
            merge,
            nothing,
        ],
        fails=True,
    )
    whole, merged = ({**read(tmp_path / name), "generated": ""} for name in ("whole", "merged"))
    assert merged == whole and states(whole) == {"localhost": "findings", "second": "ok", "third": "failed"}
    assert sorted(path.name for path in (tmp_path / "merged").iterdir()) == list(FILES)
    assert "vbo_lint_slices: there is no lint.json in or below" in run.output
