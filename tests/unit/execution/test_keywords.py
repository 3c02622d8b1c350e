# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keywords of a task behave as for any module, in both ways to run."""

from __future__ import annotations

import time
import typing as t

from .playbooks import CONTROLLER, JOB_INFO, Playbooks, Task, task

CONTOSO = "contoso.onmicrosoft.com"
BAD: dict[str, t.Any] = {"name": "Finance mail", "organization": CONTOSO, "repository": "repo-fra-O1"}


def check(title: str, *conditions: str, **keywords: t.Any) -> Task:
    """A task that fails unless all conditions hold."""
    return {"name": title, "ansible.builtin.assert": {"that": list(conditions), "quiet": True}, **keywords}


def test_results_in_a_playbook(playbooks: Playbooks, way: str) -> None:
    """Registered results, loops, ignored failures, conditions on change and failure."""
    run = playbooks.run(
        task("change", keywords={"register": "one"}, name="Finance mail", description="Registered"),
        check("registered", "one is changed", "one.action == 'update'", "one.job.description == 'Registered'"),
        task(
            "loop",
            keywords={"register": "many", "loop": ["Finance mail", "Tenant"], "when": "item != 'Tenant'"},
            name="{{ item }}",
            description="Registered",
        ),
        check(
            "loop results",
            "many is not changed",
            "many.results | length == 2",
            "many.results[0].action == 'none'",
            "many.results[0].item == 'Finance mail'",
            "many.results[1] is skipped",
        ),
        task("changed_when", keywords={"changed_when": True, "register": "made"}, name="Finance mail"),
        check("made changed", "made is changed", "made.action == 'none'"),
        task(
            "never changed",
            JOB_INFO,
            keywords={"changed_when": "read.jobs | length == 1", "register": "read"},
            name="Tenant",
        ),
        check("read changed", "read is changed"),
        task("ignored", keywords={"ignore_errors": True, "register": "bad"}, **BAD),
        check("ignored result", "bad is failed", "'repo-fra-01' in bad.msg", "bad.error.code is defined"),
        task("failed_when", keywords={"failed_when": "'repo-fra-01' not in bad2.msg", "register": "bad2"}, **BAD),
        check("no failure", "bad2 is not failed", "bad2.error is defined"),
        task(
            "failed on purpose",
            JOB_INFO,
            keywords={"failed_when": "odd.jobs | length > 0", "register": "odd", "ignore_errors": True},
            name="Tenant",
        ),
        check("purpose", "odd is failed", "odd.jobs[0].name == 'Tenant'"),
        {
            "name": "Block",
            "block": [task("fails in a block", **BAD)],
            "rescue": [check("rescued", "ansible_failed_result.error.code is defined")],
        },
        task("skipped", keywords={"when": False}, **BAD),
        task("tagged", keywords={"tags": ["never"]}, **BAD),
        check("end"),
        vbo365_execution=way,
    )
    assert run.of("end", "ok")
    assert [record.status for record in run.of("ignored")] == ["ignored"]
    assert not run.of("tagged")
    assert playbooks.server.counts()["writes"] == 1


def test_until(playbooks: Playbooks, way: str) -> None:
    """Retries run the task again, and the last result counts the attempts."""
    retried = {"until": "found.jobs | length == 1", "retries": 2, "delay": 0, "register": "found"}
    run = playbooks.run(
        task(
            "until",
            JOB_INFO,
            keywords={**retried, "ignore_errors": True},
            name="Never there",
        ),
        task(
            "until in a loop",
            JOB_INFO,
            keywords={**retried, "ignore_errors": True, "loop": ["Tenant", "Never there"]},
            name="{{ item }}",
        ),
        vbo365_execution=way,
    )
    result = run.result("until")
    assert (result["attempts"], run.of("until")[0].status) == (2, "ignored")
    assert len(run.of("until", "retry")) == 2
    assert [result["attempts"] for result in run.result("until in a loop")["results"]] == [1, 2]


def test_no_log(playbooks: Playbooks, way: str) -> None:
    """Nothing of the task is shown; its registered result is complete."""
    hidden = "Hidden-Pelican-Canyon"
    run = playbooks.run(
        task("hidden", keywords={"no_log": True, "register": "found"}, name="Finance mail", description=hidden),
        check("known", f"found.job.description == '{hidden[:6]}' ~ '{hidden[6:]}'"),
        task("hidden failure", keywords={"no_log": True, "ignore_errors": True}, **{**BAD, "description": hidden}),
        arguments=("-vvv", "--diff"),
        vbo365_execution=way,
    )
    assert run.of("known", "ok")
    assert "output has been hidden" in str(run.result("hidden"))
    assert "output has been hidden" in str(run.result("hidden failure"))
    assert hidden not in run.output


def test_diff_and_check_mode_keywords(playbooks: Playbooks, way: str) -> None:
    """C(diff) and C(check_mode) of a task win over the command line."""
    given = {"name": "Finance mail", "organization": CONTOSO}
    run = playbooks.run(
        task("not really", keywords={"check_mode": True}, **given, description="One"),
        task("really", keywords={"check_mode": False, "diff": False}, **given, description="Two"),
        arguments=("-vvv", "--diff", "--check"),
        vbo365_execution=way,
    )
    assert "\ndescription: One\n" in run.result("not really")["diff"]["after"]
    assert "diff" not in run.result("really")
    assert playbooks.server.counts()["writes"] == 1
    truth = playbooks.server.job("Finance mail")
    assert truth is not None and truth["description"] == "Two"


def test_timeout(playbooks: Playbooks) -> None:
    """C(timeout) ends a task in the controller that waits for a server, alone and in a loop."""
    playbooks.server.switch(latency_ms=4000)
    run = playbooks.run(
        task("slow", JOB_INFO, keywords={"timeout": 1, "ignore_errors": True}, name="Tenant"),
        task("slow loop", JOB_INFO, keywords={"timeout": 1, "ignore_errors": True, "loop": [1]}, name="Tenant"),
        vbo365_execution=CONTROLLER,
    )
    # the wording before ansible-core 2.19, and since
    known = ("failed to execute in the expected time frame (1)", "Timed out after 1 second")
    for result in (run.result("slow"), run.result("slow loop")["results"][0]):
        assert any(sentence in str(result) for sentence in known), result
    # the server handles the abandoned requests later, but not in the next test
    end = time.monotonic() + 15
    while playbooks.server.counts()["logins"] < 2 and time.monotonic() < end:
        time.sleep(0.1)
    assert playbooks.server.counts()["logins"] == 2
