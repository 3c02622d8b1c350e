# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The output of ``--diff`` is readable in every script, in both ways to run."""

from __future__ import annotations

import typing as t

import yaml

from .playbooks import CONTROLLER, MODULE, Playbooks, Run, Task, task

CONTOSO = "contoso.onmicrosoft.com"
NAMES = ["Straße", "日本支社", "العربية", "Україна 🗄", "off", "12:30", "Fin\u200bance", "a: b # c"]
COPY = "backupops.vbo365.vbo_copy_job"
MANY = "backupops.vbo365.vbo_jobs"
NEW: Task = {
    "organization": CONTOSO,
    "repository": "repo-fra-01",
    "backup_type": "entire_organization",
    "description": "zwei\nZeilen: 日本",
    "schedule_policy": {"type": "daily", "daily_time": "22:00", "backup_window": ["Mon-Fri 19:00-07:00", "Sat"]},
}
CHANGE: Task = {"name": "Tenant", "organization": CONTOSO, "schedule_policy": {"daily_time": "22:30"}}
CHECKED = {"check_mode": True}


def tasks() -> list[Task]:
    return [
        *(task(f"create {name}", keywords=CHECKED, name=name, **NEW) for name in NAMES),
        task("change", keywords=CHECKED, **CHANGE),
        task("delete", keywords=CHECKED, name="Tenant", organization=CONTOSO, state="absent"),
        task("copy", COPY, keywords=CHECKED, job="Everything selected", organization=CONTOSO, enabled=False),
        task("many", MANY, keywords=CHECKED, jobs=[{"name": "Straße", **NEW}, CHANGE]),
    ]


def sides(result: dict[str, t.Any]) -> list[tuple[t.Any, t.Any]]:
    found = result["diff"] if isinstance(result["diff"], list) else [result["diff"]]
    return [(diff["before"], diff["after"]) for diff in found]


def test_diffs_are_lines_that_people_read(playbooks: Playbooks) -> None:
    runs: dict[str, Run] = {
        way: playbooks.run(*tasks(), arguments=("--diff",), vbo365_execution=way) for way in (CONTROLLER, MODULE)
    }
    run = runs[CONTROLLER]
    for given in tasks():
        title = given["name"]
        assert run.result(title)["diff"] == runs[MODULE].result(title)["diff"], title
        for before, after in sides(run.result(title)):
            for side in (before, after):
                assert isinstance(side, str) and (side == "" or side.endswith("\n")), title
                assert "\u200b" not in side and "\\u00df" not in side
    for name in NAMES:
        ((before, after),) = sides(run.result(f"create {name}"))
        assert before == ""
        assert yaml.safe_load(after)["name"] == name, "a loader of YAML reads the same"
    for output in (found.output for found in runs.values()):
        for line in (
            *(
                "+name: Straße",
                "+name: 日本支社",
                "+name: العربية",
                '+name: "off"',
                '+name: "12:30"',
                '+name: "a: b # c"',
            ),
            *('+name: "Fin\\u200bance"', '+description: "zwei\\nZeilen: 日本"', '+  daily_time: "22:00"'),
            *("+    - Mon-Thu 19:00-07:00", '-  daily_time: "03:00"', '+  daily_time: "22:30"', "-name: Tenant"),
            *("-enabled: true", "+enabled: false"),
        ):
            assert line in output.splitlines(), line
        assert "\\u00df" not in output
    ((before, after),) = sides(run.result("delete"))
    assert before.startswith("name: Tenant\norganization: contoso") and after == ""
    assert [bool(before) for before, _unused in sides(run.result("many"))] == [False, True]
    assert playbooks.server.writes() == []
