# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions: one for all items of a loop in the controller, one for each task otherwise; all are closed."""

from __future__ import annotations

import copy
import threading
import time
import typing as t

import pytest

from ..support.full import FULL
from .playbooks import CONTROLLER, JOB_INFO, MODULE, Playbooks, Run, Task, task

CONTOSO = "contoso.onmicrosoft.com"
NEW = "0c1d6b7e-53a4-4f0e-9b1f-1a2b3c4d5e6f"
JOBS = ("Finance mail", "Tenant", "Everything selected", "Engineering sites", "On demand")


def loop(title: str, names: t.Sequence[t.Any] = JOBS, keywords: Task | None = None, **options: t.Any) -> Task:
    """Return a loop that gives each job a new description."""
    given = {"description": "In a loop", "organization": CONTOSO, **options}
    return task(title, keywords={"loop": list(names), **(keywords or {})}, name="{{ item }}", **given)


PAUSE: Task = {"name": "Wait", "ansible.builtin.wait_for": {"timeout": 1}}


def sessions(playbooks: Playbooks, patience: float = 0) -> tuple[int, int]:
    """Return how many logins and logouts the server saw; logouts may come some seconds after the end."""
    end = time.monotonic() + patience
    while True:
        counts = playbooks.server.counts()
        if counts["logins"] == counts["logouts"] or time.monotonic() > end:
            return counts["logins"], counts["logouts"]
        time.sleep(0.05)


def items(run: Run, title: str) -> list[dict[str, t.Any]]:
    return [record.result for record in run.of(title, "item ok", "item failed", "item skipped")]


@pytest.mark.parametrize("version", ["v7", "v8"])
def test_one_session_for_all_items(playbooks: Playbooks, version: str) -> None:
    run = playbooks.run(loop("loop", api_version=version), PAUSE)
    assert run.reason("loop") is None
    assert [result["item"] for result in items(run, "loop")] == list(JOBS)
    assert all(result["changed"] for result in items(run, "loop"))
    assert sessions(playbooks) == (1, 1)
    assert playbooks.server.counts()["writes"] == len(JOBS)


@pytest.mark.parametrize("version", ["v3", "v6"])
def test_versions_without_log_out(playbooks: Playbooks, version: str) -> None:
    """The version is determined and the login sent only once, too."""
    playbooks.server.reset(["v3"] if version == "v3" else ["v3", "v6"])
    playbooks.run(loop("loop", api_version="auto"))
    counts = playbooks.server.counts()
    assert (counts["logins"], counts["logouts"], counts["writes"]) == (1, 0, len(JOBS))
    assert counts["probes"] == (6 if version == "v3" else 3)


@pytest.mark.parametrize("attempt", range(10 if FULL else 5))
def test_the_last_task(playbooks: Playbooks, attempt: int) -> None:
    """The controller ends the workers of its last task before they are done; they still log out."""
    run = playbooks.run(loop("loop", names=JOBS[: 1 + attempt % 5]), arguments=())
    assert len(items(run, "loop")) == 1 + attempt % 5
    assert sessions(playbooks) == (1, 1)


def test_the_last_task_on_a_slow_server(playbooks: Playbooks) -> None:
    """The logout takes longer than the controller waits."""
    playbooks.server.switch(latency_ms=150)
    playbooks.run(loop("loop", names=JOBS[:2]), arguments=())
    assert sessions(playbooks, 3) == (1, 1)


def test_the_last_task_of_many_hosts(playbooks: Playbooks) -> None:
    play = playbooks.play(
        task("loop", JOB_INFO, keywords={"loop": list(JOBS)}, name="{{ item }}"), hosts="localhost:second:third"
    )
    playbooks.run(plays=[play], arguments=())
    assert sessions(playbooks) == (3, 3)


def test_an_item_fails(playbooks: Playbooks) -> None:
    """The others are done, the failed one has a reason, and the session is closed, also at the end of the play."""
    names = [JOBS[0], "No such job", JOBS[1], JOBS[2], "Nor this"]
    run = playbooks.run(loop("loop", names=names), fails=True)
    failed = [result for result in items(run, "loop") if result.get("msg")]
    assert [result["item"] for result in failed] == ["No such job", "Nor this"]
    assert len(run.of("loop", "item failed")) == 2
    assert playbooks.server.counts()["writes"] == 3
    assert sessions(playbooks) == (1, 1)


def test_two_servers_in_a_loop(playbooks: Playbooks) -> None:
    """A session belongs to its settings: other credentials or another version get a session of their own."""
    names = ["v7", "v8", "v7", "v8"]
    given = task("loop", JOB_INFO, keywords={"loop": names}, name="Tenant", api_version="{{ item }}")
    run = playbooks.run(given, PAUSE)
    assert [result["api_version"] for result in items(run, "loop")] == names
    assert sessions(playbooks) == (2, 2)


def test_two_loops(playbooks: Playbooks) -> None:
    run = playbooks.run(loop("first"), loop("second"))
    assert not run.result("second")["changed"]
    assert sessions(playbooks) == (2, 2)


def test_nested_in_include_tasks(playbooks: Playbooks) -> None:
    """Tasks that a looped block includes are separate tasks: each closes its session."""
    (playbooks.folder / "included.yml").write_text(
        f"- name: Read\n  {JOB_INFO}:\n    name: '{{{{ outer }}}}'\n", encoding="utf-8"
    )
    include = {
        "name": "Include",
        "ansible.builtin.include_tasks": str(playbooks.folder / "included.yml"),
        "loop": list(JOBS[:3]),
        "loop_control": {"loop_var": "outer"},
    }
    run = playbooks.run(include, PAUSE)
    assert len(run.of("Read")) == 3
    assert sessions(playbooks) == (3, 3)


def test_a_loop_variable_of_another_name(playbooks: Playbooks) -> None:
    given = task(
        "loop", JOB_INFO, keywords={"loop": JOBS, "loop_control": {"loop_var": "job_name"}}, name="{{ job_name }}"
    )
    run = playbooks.run(given, PAUSE)
    assert len(items(run, "loop")) == len(JOBS)
    assert sessions(playbooks) == (1, 1)


def test_without_a_loop(playbooks: Playbooks, way: str) -> None:
    """One session for each task, closed at its end, including the last one."""
    names = JOBS[:3]
    tasks = [task(f"read {name}", JOB_INFO, name=name) for name in names]
    failing = task(
        "fail", name="No such job", organization=CONTOSO, repository="repo-fra-O1", keywords={"ignore_errors": True}
    )
    playbooks.run(*tasks, failing, vbo365_execution=way)
    assert sessions(playbooks) == (4, 4)


def test_module_processes(playbooks: Playbooks) -> None:
    """Each item is a process with a session of its own."""
    run = playbooks.run(loop("loop", names=JOBS[:3]), vbo365_execution=MODULE)
    assert run.section("loop").count("Using module file") == 3
    assert sessions(playbooks) == (3, 3)


def test_check_mode_and_real_in_one_loop(playbooks: Playbooks) -> None:
    """A read-only session is never used for writes."""
    given = loop("loop", names=JOBS[:2], keywords={"check_mode": True})
    playbooks.run(given, loop("again", names=JOBS[:2]))
    assert playbooks.server.counts()["writes"] == 2
    read_only = loop("read only", names=[True, False], keywords={"ignore_errors": True})
    read_only["backupops.vbo365.vbo_job"].update(name="Tenant", read_only="{{ item }}", description="New")
    run = playbooks.run(read_only, vbo365_execution=CONTROLLER)
    assert [record.status for record in run.records[:2]] == ["item failed", "item ok"]
    assert playbooks.server.counts()["writes"] == 3


def test_an_expired_session(playbooks: Playbooks) -> None:
    """A token that expires within the loop costs a second login, not a failed item."""
    playbooks.server.switch(token_lifetime=1, latency_ms=80)
    run = playbooks.run(task("loop", JOB_INFO, keywords={"loop": JOBS * 3}, name="{{ item }}"), PAUSE)
    assert len(run.of("loop", "item ok")) == len(JOBS) * 3
    logins, logouts = sessions(playbooks)
    assert logins >= 2 and logouts == 1


USER = {"type": "user", "name": "cfo@contoso.com"}
NEW_JOB = {"name": "Later", "repository": "repo-fra-01", "backup_type": "selected_items", "selected_items": [USER]}
#: options of a task, and the condition that holds once the object has appeared on the server
RETRIED: dict[str, tuple[Task, str]] = {
    "repository": ({**NEW_JOB, "repository": "repo-later"}, "made is not failed"),
    "group": ({**NEW_JOB, "selected_items": [{"type": "group", "name": "Later"}]}, "made is not failed"),
    "a name, and no failure": ({"name": "Finance mail"}, "made.job.repository == 'repo-later'"),
}


def later(state: Task, kind: str) -> None:
    """What somebody else does on the server in the meantime."""
    if kind == "group":
        groups = next(one for one in state["organizations"] if one["name"] == CONTOSO)["groups"]
        groups.append({**groups[0], "id": NEW, "name": "Later", "display_name": "Later"})
        return
    used = next(job["repository"] for job in state["jobs"] if job["name"] == "Finance mail")
    repository = next(one for one in state["repositories"] if one["id"] == used)
    if kind == "repository":
        state["repositories"].append({**repository, "id": NEW, "name": "repo-later"})
    else:
        repository["name"] = "repo-later"


@pytest.mark.parametrize("kind", RETRIED)
def test_a_retry_reads_again(playbooks: Playbooks, kind: str) -> None:
    """Data that a loop keeps between its items is not used for another attempt of the same item."""
    server, (options, condition) = playbooks.server, RETRIED[kind]
    changed = copy.deepcopy(server.state())
    later(changed, kind)

    def appear() -> None:
        while server.counts()["total"] < 3:
            time.sleep(0.05)
        time.sleep(0.5)
        server.replace(changed)

    helper = threading.Thread(target=appear)
    helper.start()
    keywords = {"until": condition, "retries": 5, "delay": 1, "register": "made", "loop": ["only"]}
    given = task("retried", keywords=keywords, organization=CONTOSO, **options)
    run = playbooks.run(given, vbo365_execution=CONTROLLER)
    helper.join()
    assert len(run.of("retried", "retry")) >= 1
    assert kind.startswith("a name") or server.job("Later") is not None
