# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(vbo_job) on every API version and host: each change is predicted, made, checked, and not repeated."""

from __future__ import annotations

import copy
import typing as t

from ...support.tasks import Tasks

CONTOSO = "contoso.onmicrosoft.com"
FABRIKAM = "fabrikam.onmicrosoft.com"
#: fabrikam has no job for the whole organization yet
NIGHTLY: dict[str, t.Any] = {
    "name": "Nightly",
    "organization": FABRIKAM,
    "repository": "repo-east-01",
    "description": "Managed by Git",
    "backup_type": "entire_organization",
    "schedule_policy": {"type": "daily", "daily_time": "22:00", "retry_number": 3, "retry_wait_interval": 20},
}


def fields(result: dict[str, t.Any]) -> dict[str, tuple[t.Any, t.Any]]:
    """The changes of a result as field: (before, after)."""
    return {change["field"]: (change["before"], change["after"]) for change in result["changes"]}


def action_path(tasks: Tasks, job_id: str, action: str) -> str:
    """Return where a version accepts the action."""
    return f"POST Jobs/{job_id}/{'Action' if tasks.number <= 5 else action}"


def test_the_life_of_a_job(tasks: Tasks) -> None:
    """Create, change the time, change the window, disable, rename, delete; each twice, each predicted."""
    organization = tasks.server.state()["jobs"][0]["organization"]
    assert organization

    created = tasks.twice(**NIGHTLY)
    assert created["action"] == "create"
    assert len(created["writes"]) == 1
    truth = tasks.server.job("Nightly")
    assert truth is not None
    assert truth["schedule_policy"]["daily_time"] == "22:00:00"
    assert truth["schedule_policy"]["retry_wait_interval"] == 20
    assert truth["description"] == "Managed by Git"
    job_id = created["job"]["id"]

    timed = tasks.twice(name="Nightly", organization=FABRIKAM, schedule_policy={"daily_time": "23:30"})
    assert fields(timed) == {"schedule_policy.daily_time": ("22:00", "23:30")}
    assert timed["writes"] == [f"PUT Jobs/{job_id}"]
    after = tasks.server.job("Nightly")
    assert after is not None
    expected = copy.deepcopy(truth)
    expected["schedule_policy"]["daily_time"] = "23:30:00"
    for volatile in ("e_tag", "next_run_override"):
        expected.pop(volatile, None), after.pop(volatile, None)
    assert after == expected, "changing the time changed something else"

    hours = ["Mon-Fri 19:00-07:00", "Sat-Sun"]
    window = tasks.twice(name="Nightly", organization=FABRIKAM, schedule_policy={"backup_window": hours})
    shown = ["Mon-Thu 19:00-07:00", "Fri 19:00 - Sun 24:00"]
    assert fields(window) == {
        "schedule_policy.backup_window_enabled": (False, True),
        "schedule_policy.backup_window": (None, shown),
    }
    assert window["writes"] == [f"PUT Jobs/{job_id}"]
    truth = tasks.server.job("Nightly")
    assert truth is not None
    days = truth["schedule_policy"]["backup_window"]["hours"]
    assert days[0] == "1" * 24 and days[6] == "1" * 24
    assert days[1] == "0" * 19 + "1" * 5 and days[2] == "1" * 7 + "0" * 12 + "1" * 5

    disabled = tasks.twice(name="Nightly", organization=FABRIKAM, enabled=False)
    assert fields(disabled) == {"enabled": (True, False)}
    assert disabled["writes"] == [action_path(tasks, job_id, "disable")]
    assert tasks.server.job("Nightly")["is_enabled"] is False

    renamed = tasks.twice(id=job_id, name="Nightly 2")
    assert fields(renamed) == {"name": ("Nightly", "Nightly 2")}
    assert renamed["writes"] == [f"PUT Jobs/{job_id}"]
    assert tasks.server.job("Nightly") is None
    assert tasks.server.job("Nightly 2")["id"] == job_id

    deleted = tasks.twice(name="Nightly 2", organization=FABRIKAM, state="absent")
    assert (deleted["action"], deleted["changes"], deleted["job"]) == ("delete", [], {})
    assert deleted["diff"]["before"].startswith("name: Nightly 2\n") and deleted["diff"]["after"] == ""
    assert deleted["writes"] == [f"DELETE Jobs/{job_id}"]
    assert tasks.server.job("Nightly 2") is None
