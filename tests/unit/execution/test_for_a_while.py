# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Overrides and freezes as users run them: what is written when, and what reports say."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

from .playbooks import Playbooks, Task
from .test_jobs_role import APPLY
from .test_rollout_role import CONTOSO, Fleet, fleet, servers

__all__ = ["fleet", "servers"]

OVERRIDE = {"until": "2026-12-31", "reason": "CHG-4711", "schedule_policy": {"daily_time": "03:33"}}
FINANCE = {"name": "Finance mail", "organization": CONTOSO, "schedule_policy": {"daily_time": "22:22"}}
CLOSE = {"until": "2999-12-31", "reason": "Year-end close"}


def apply(title: str, jobs: list[Task], playbooks: Playbooks, **variables: t.Any) -> Task:
    """The role vbo_jobs; the task with this title shows why it fails."""
    role = {
        "name": title,
        "ansible.builtin.include_role": {"name": "backupops.vbo365.vbo_jobs"},
        "vars": {"vbo_jobs_list": jobs, "vbo365_connection": playbooks.connection(), **variables},
    }
    show = {"name": f"{title} failed", "ansible.builtin.debug": {"msg": "{{ ansible_failed_result.msg }}"}}
    return {"name": title, "block": [role], "rescue": [show]}


def test_an_override_and_a_freeze_on_a_server(playbooks: Playbooks, tmp_path: Path) -> None:
    server = playbooks.server
    overridden = [{**FINANCE, "override": OVERRIDE}]
    tenant = [{"name": "Tenant", "organization": CONTOSO, "description": "frozen"}]
    report: Task = {
        "name": "Drift",
        "ansible.builtin.include_role": {"name": "backupops.vbo365.vbo_drift"},
        "vars": {
            "vbo_jobs_list": overridden,
            "vbo365_connection": playbooks.connection(),
            "vbo_drift_directory": str(tmp_path),
            "vbo_job_templates_today": "2027-01-01",
            "vbo_freeze": [CLOSE],
            "vbo_freeze_override": "CHG-1",
        },
    }
    run = playbooks.run(
        apply("its last day", overridden, playbooks, vbo_job_templates_today="2026-12-31"),
        apply(
            "nothing to do in a freeze",
            overridden,
            playbooks,
            vbo_job_templates_today="2026-12-31",
            vbo_freeze="always",
        ),
        apply("frozen", tenant, playbooks, vbo_freeze=[CLOSE], vbo_freeze_override="  "),
        apply("no freeze", tenant, playbooks, vbo_freeze=[{**CLOSE, "from": "2999-12-30"}, "never"], vbo_jobs_list=[]),
        apply("no reason", tenant, playbooks, vbo_freeze=[CLOSE], vbo_freeze_override=True),
        report,
        apply("the day after", overridden, playbooks, vbo_job_templates_today="2027-01-01"),
    )
    times = [one.result["jobs"] for one in run.of(APPLY) if one.result["jobs"]]
    assert [(jobs[0]["name"], jobs[0]["action"]) for jobs in times] == [
        ("Finance mail", "update"),
        ("Finance mail", "none"),
        ("Tenant", "update"),
        ("Finance mail", "update"),
    ]
    assert run.result("frozen failed")["msg"] == (
        "Changes are frozen until 3000-01-01T00:00:00+00:00: Year-end close (vbo_freeze[0]). Nothing was written, and "
        "1 jobs would change: Tenant. If it cannot wait, give the reason in vbo_freeze_override."
    )
    assert "vbo_freeze_override: must be a reason why this cannot wait, or a ticket number (got 'True')" in run.result(
        "no reason failed"
    )["msg"].replace("true", "'True'")
    assert len(server.writes()) == 2 and server.job("Tenant")["description"] != "frozen"
    assert server.job("Finance mail")["schedule_policy"]["daily_time"].startswith("22:22")
    found = json.loads((tmp_path / "drift.json").read_text(encoding="utf-8"))["servers"][0]
    assert found["freeze"]["override"] == "CHG-1" and found["overrides"][0]["state"] == "ended"
    finance = next(job for job in found["jobs"] if job["name"] == "Finance mail")
    assert [(change["before"], change["after"]) for change in finance["changes"]] == [("03:33", "22:22")]
    for name in ("drift.md", "drift.html"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert "CHG-4711" in text and "Year-end close" in text and "has ended" in text
    server.forget()
    checked = playbooks.run(apply("check", tenant, playbooks, vbo_freeze=[CLOSE]), arguments=["--check"])
    assert checked.result(APPLY)["changed"] and "Year-end close" in checked.output and not server.writes()
    written = playbooks.run(apply("emergency", tenant, playbooks, vbo_freeze=[CLOSE], vbo_freeze_override="CHG-911"))
    assert server.job("Tenant")["description"] == "frozen" and "CHG-911" in written.output


def test_a_rollout_in_a_freeze(fleet: Fleet) -> None:
    """No server of a wave is written to while one of them is frozen; an emergency and a rollback are possible."""
    before = fleet.states()
    only_c = "{{ [{'until': '2999-12-31', 'reason': 'Year-end close'}] if inventory_hostname == 'c' else [] }}"
    checked = fleet.play("rollout", "--check", vbo_freeze=only_c)
    assert "4 servers: 4 planned." in checked and "Year-end close" in checked
    fleet.play(fails=True, vbo_freeze=only_c)
    assert fleet.report() == {"a": ("changed", 1), "b": ("failed", 2), "c": ("frozen", 2), "d": ("not_reached", None)}
    writes = fleet.writes()
    assert writes["a"] and not any(writes[name] for name in "bcd")
    fleet.play(vbo_freeze=only_c, vbo_freeze_override="CHG-911")
    states = fleet.report()
    assert {name: state for name, (state, _wave) in states.items()} == {
        "a": "unchanged",
        **dict.fromkeys("bcd", "changed"),
    }
    folder = fleet.folder / "rollouts" / "r1"
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert {row["server"]: row["freeze"].get("override") for row in report["servers"] if row.get("freeze")} == {
        "c": "CHG-911"
    }
    assert "CHG-911" in (folder / "report.md").read_text(encoding="utf-8")
    shown = fleet.play("rollout_restore", vbo_freeze=only_c)
    assert fleet.states() == before and "Year-end close" in shown
