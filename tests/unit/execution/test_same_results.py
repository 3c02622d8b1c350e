# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module process and the controller return the same complete result for the same task."""

from __future__ import annotations

import typing as t

from .playbooks import CONTROLLER, JOB_INFO, MODULE, Playbooks, Task, Unsafe, steady, task

FABRIKAM = "fabrikam.onmicrosoft.com"
CONTOSO = "contoso.onmicrosoft.com"
NIGHTLY: dict[str, t.Any] = {"name": "Nightly", "organization": FABRIKAM}
FAILS: Task = {"ignore_errors": True}
FINANCE: dict[str, t.Any] = {"name": "Finance mail", "organization": CONTOSO}


def schedule(name: str, keywords: Task | None = None, **policy: t.Any) -> Task:
    return task(name, keywords=keywords, **NIGHTLY, schedule_policy=policy)


GOOD = [
    task(
        "create, predicted",
        keywords={"check_mode": True},
        **NIGHTLY,
        repository="repo-east-01",
        description="Made by a test",
        backup_type="entire_organization",
        schedule_policy={"type": "daily", "daily_time": "22:00", "retry_number": 3, "retry_wait_interval": 20},
    ),
    task(
        "create",
        **NIGHTLY,
        repository="{{ 'repo-east' ~ '-01' }}",
        description="Made by a test",
        proxy="{{ omit }}",
        backup_type="entire_organization",
        schedule_policy={
            "type": "daily",
            "daily_time": "22:00",
            "retry_number": "3",
            "retry_wait_interval": "{{ 20 }}",
        },
    ),
    schedule("change", daily_time="23:30", backup_window=["Mon-Fri 19:00-07:00", "Sat"]),
    schedule("change without diff", {"diff": False}, daily_time="23:45"),
    schedule("no change", daily_time="23:45"),
    task("text for a boolean", **NIGHTLY, enabled="no"),
    task("text that looks like a template", **NIGHTLY, description=Unsafe("{{ not_a_variable }} {% raw %}")),
    schedule("warning", backup_window="never"),
    task("options from the environment", **NIGHTLY, ca_path="{{ omit }}", timeout="{{ omit }}"),
    task("info", JOB_INFO, organization=FABRIKAM),
    task("info of nothing", JOB_INFO, name="Nobody's job"),
    task("delete", **NIGHTLY, state="absent"),
    task("delete again", **NIGHTLY, state="absent"),
]
BAD = [
    task(
        "bad window",
        keywords=FAILS,
        name="Finance mail",
        organization=CONTOSO,
        schedule_policy={"backup_window": "Mon 19:30-20"},
    ),
    task("bad time", keywords=FAILS, **FINANCE, schedule_policy={"daily_time": "25:00"}),
    task("bad choice", keywords=FAILS, **FINANCE, state="gathered"),
    task("bad suboption choice", keywords=FAILS, name="Finance mail", schedule_policy={"type": "hourly"}),
    task("bad number", keywords=FAILS, name="Finance mail", schedule_policy={"retry_number": "three"}),
    task("bad type", keywords=FAILS, name="Finance mail", schedule_policy=["daily"]),
    task("unsupported parameter", keywords=FAILS, name="Finance mail", colour="blue", shape="round"),
    task("unsupported suboption", keywords=FAILS, name="Finance mail", schedule_policy={"dailyTime": "20:00"}),
    task("nothing given", keywords=FAILS, enabled=True),
    task("token and password", keywords=FAILS, name="Finance mail", token="Marble-Harvest-2098-token"),
    task("user without password", keywords=FAILS, name="Finance mail", password="{{ omit }}"),
    task("item without type", keywords=FAILS, name="Finance mail", selected_items=[{"name": "Finance"}]),
    task("unknown repository", keywords=FAILS, **FINANCE, repository="repo-fra-O1"),
    task("wrong password", keywords=FAILS, name="Finance mail", password="Wrong-Umbrella-5521-secret"),
    task("no server", keywords=FAILS, name="Finance mail", url="https://127.0.0.1:9", retries=0),
    task("unknown certificate", keywords=FAILS, name="Finance mail", ca_path="{{ omit }}"),
    task("old version", keywords=FAILS, name="Finance mail", api_version="v2"),
    task("read only", keywords=FAILS, **FINANCE, description="New", read_only=True),
    task("plain http", keywords=FAILS, name="Finance mail", url="http://127.0.0.1:9"),
    task("bad info option", JOB_INFO, keywords=FAILS, jobs="all"),
]


def both(playbooks: Playbooks, tasks: list[Task], *arguments: str, **checks: bool) -> dict[str, t.Any]:
    """Run tasks in both ways, each from the initial state of the server."""
    found: dict[str, t.Any] = {}
    for way in (CONTROLLER, MODULE):
        playbooks.server.reset()
        run = playbooks.run(
            *tasks,
            arguments=("-vvv", *arguments),
            vbo365_execution=way,
            **checks,  # type: ignore[arg-type]
        )
        for given in tasks:
            expected = None if way == CONTROLLER else "asked for with vbo365_execution"
            assert run.reason(given["name"]) == expected
        found[way] = run.records
        assert [record.task for record in run.records] == [given["name"] for given in tasks]
        found[f"{way} counts"] = playbooks.server.counts()
    return found


def compare(found: dict[str, t.Any]) -> None:
    different = []
    records = [*found[CONTROLLER], *found[MODULE]]
    ids = {record.result["job"]["id"] for record in records if record.result.get("job", {}).get("id")}
    for ours, theirs in zip(found[CONTROLLER], found[MODULE], strict=True):
        one, other = (steady({"status": record.status, **record.result}, ids) for record in (ours, theirs))
        for key in sorted({*one, *other}):
            if one.get(key, ...) != other.get(key, ...):
                values = f"  controller: {one.get(key, ...)}\n  module:     {other.get(key, ...)}"
                different.append(f"{ours.task}: {key}\n{values}")
    assert not different, "\n".join(different)


def test_success(playbooks: Playbooks) -> None:
    """Create, change with diff, no change, warning, check mode, info, delete."""
    playbooks.environment.update(VBO365_CA_PATH=playbooks.server.ca_path, VBO365_TIMEOUT="42")
    found = both(playbooks, GOOD, "--diff", warns=True)
    compare(found)
    results = {record.task: record.result for record in found[CONTROLLER]}
    assert [results[given["name"]]["changed"] for given in GOOD] == [
        *(True, True, True, True, False, True, True, True, False, False, False, True, False)
    ]
    assert results["create, predicted"]["diff"] == results["create"]["diff"]
    assert '\n  daily_time: "23:30"\n' in results["change"]["diff"]["after"]
    assert "diff" not in results["change without diff"]
    assert len(results["warning"]["warnings"]) == 1
    assert results["text that looks like a template"]["job"]["description"] == "{{ not_a_variable }} {% raw %}"
    assert results["info"]["jobs"]
    assert results["options from the environment"]["invocation"]["module_args"]["timeout"] == 42
    assert found[f"{CONTROLLER} counts"]["by_route"] == found[f"{MODULE} counts"]["by_route"]


def test_check_mode(playbooks: Playbooks) -> None:
    """The whole playbook in check mode: same results, and no write."""
    tasks = [*GOOD[:2], GOOD[9]]
    playbooks.environment["ANSIBLE_INJECT_INVOCATION"] = "false"
    found = both(playbooks, tasks, "--diff", "--check")
    compare(found)
    assert found[f"{CONTROLLER} counts"]["writes"] == found[f"{MODULE} counts"]["writes"] == 0
    assert found[CONTROLLER][0].result["action"] == found[CONTROLLER][1].result["action"] == "create"


def test_failures(playbooks: Playbooks) -> None:
    """Mistakes of every kind: same message, same error, no write."""
    found = both(playbooks, BAD)
    compare(found)
    assert {record.status for record in found[CONTROLLER]} == {"ignored"}
    for record in found[CONTROLLER]:
        assert record.result["msg"], record
    assert found[f"{CONTROLLER} counts"]["writes"] == found[f"{MODULE} counts"]["writes"] == 0


def test_versions(playbooks: Playbooks) -> None:
    """A change on other API versions, and on the version that the server reports."""
    changes = [
        task(
            f"change on {version}", **FINANCE, api_version=version, schedule_policy={"daily_time": f"04:{15 + number}"}
        )
        for number, version in enumerate(("auto", "v3", "v5", "v7"))
    ]
    found = both(playbooks, changes, "--diff")
    compare(found)
    assert all(record.result["changed"] for record in found[CONTROLLER])
    assert found[f"{CONTROLLER} counts"]["by_route"] == found[f"{MODULE} counts"]["by_route"]
