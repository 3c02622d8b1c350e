# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role vbo_calendar as users run it: it writes to no server, and an unreadable host does not stop others."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

from .playbooks import Playbooks, Task

NAME = "backupops.vbo365.vbo_calendar"
JOBS: list[Task] = [
    {
        "name": "Mail; nightly",
        "organization": "contoso.onmicrosoft.com",
        "schedule_policy": {"type": "daily", "daily_type": "everyday", "daily_time": "02:30"},
    },
    {"name": "Standard", "organization": "contoso.onmicrosoft.com", "template": "exchange_daily", "repository": "repo"},
]


def test_the_calendar_of_a_fleet(playbooks: Playbooks, tmp_path: Path) -> None:
    """One host is good, one has a wrong zone, one has none; numbers and lists are given as texts, as surveys do.

    In the last play one host has mistakes in the jobs to compare with, and one has more runs than anybody reads.
    """
    folder = tmp_path / "calendar"
    (folder).mkdir()
    zones = {"localhost": "Europe/Berlin", "second": "Europe/Berlim"}
    hosts = "localhost,second,third"
    role: Task = {
        "name": "Calendar",
        "hosts": hosts,
        "gather_facts": False,
        "vars": {
            "zones": zones,
            "vbo_jobs_list": JOBS,
            "vbo_time_zone": "{{ zones[inventory_hostname] | default(omit) }}",
            "vbo_calendar_directory": str(folder),
        },
        "tasks": [{"name": "Calendar", "ansible.builtin.include_role": {"name": NAME}}],
    }
    check: Task = {**role, "hosts": "localhost", "check_mode": True}
    clear: Task = {
        "name": "Look",
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [
            {"name": "Look", "ansible.builtin.find": {"paths": str(folder), "patterns": "*"}},
            *({"name": "Add", "ansible.builtin.add_host": {"name": name}} for name in ("fourth", "fifth")),
        ],
    }
    many = [
        {"name": f"Job {number}", "schedule_policy": {"type": "periodically", "periodically_every": "minutes5"}}
        for number in range(120)
    ]
    before = [JOBS[1], {"name": "Mail", "schedule_policy": {"daily_time": "25:00"}}]
    odd: Task = {
        "name": "Odd",
        "hosts": "localhost,fourth,fifth",
        "gather_facts": False,
        "vars": {
            "vbo_jobs_list": "{{ many if inventory_hostname == 'fourth' else jobs }}",
            "many": many,
            "jobs": JOBS,
            "before": before,
            "vbo_calendar_before": "{{ before if inventory_hostname == 'fifth' else omit }}",
            "vbo_time_zone": "UTC",
            "vbo_calendar_directory": f"{folder}-odd",
        },
        # as in the playbook: without Ansible's own validation
        "tasks": [{**role["tasks"][0], "ansible.builtin.include_role": {"name": NAME, "rolespec_validate": False}}],
    }
    run = playbooks.run(
        plays=[check, clear, role, odd],
        fails=True,
        vbo_calendar_begin="2026-03-28",
        vbo_calendar_days="3",
        vbo_calendar_formats="html,icalendar,json",
    )
    assert run.result("Look")["files"] == [], "check mode writes nothing"
    failed = {
        record.host: record.result["msg"]
        for record in run.records
        if record.status == "failed" and record.play == role["name"]
    }
    assert failed.keys() == {"second", "third"}
    assert "time_zone: 'Europe/Berlim' is not a time zone. Did you mean Europe/Berlin?" in failed["second"]
    assert "vbo_calendar_time_zone" in failed["third"]
    assert {path.name for path in folder.iterdir()} == {"calendar.html", "calendar.json", "localhost.ics"}
    (report,) = json.loads((folder / "calendar.json").read_text(encoding="utf-8"))
    starts = [run["start"] for run in report["runs"] if run["job"] == "Mail; nightly"]
    # on the 29th, the clock goes from 02:00 to 03:00
    assert starts == ["2026-03-28T02:30:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"]
    assert [job["schedule"] for job in report["jobs"]] == ["everyday 02:30", "everyday 20:00"]
    events = (folder / "localhost.ics").read_bytes()
    assert events.count(b"BEGIN:VEVENT\r\n") == 6 and events.count(b"\n") == events.count(b"\r\n")
    assert b"SUMMARY:Mail\\; nightly\r\n" in events and b"DTSTART:20260329T010000Z\r\n" in events
    page = (folder / "calendar.html").read_text(encoding="utf-8")
    assert "Not in this calendar" in page and "<bdi>second</bdi>, <bdi>third</bdi>" in page
    assert playbooks.server.log() == []
    (fifth,) = [record.result["msg"] for record in run.records if record.status == "failed" and record.host == "fifth"]
    assert "before[1].schedule_policy.daily_time: '25:00' is not a time of day" in fifth and "jobs[" not in fifth
    (written,) = run.of(f"{NAME} : Write the calendars of all servers", "failed")
    assert written.result["msg"].startswith("fourth: days: results in more than 100,000 runs")
    assert {path.name for path in Path(f"{folder}-odd").iterdir()} == {
        "calendar.html",
        "calendar.json",
        "localhost.ics",
    }


DECLARED: dict[str, list[Task]] = {
    "localhost": [
        # the server keeps what is not declared: the days and the hours of the schedule, and that a job is disabled
        {"name": "Tenant", "organization": "contoso.onmicrosoft.com", "schedule_policy": {"daily_time": "03:15"}},
        {"name": "Finance mail", "organization": "contoso.onmicrosoft.com", "description": "the same starts"},
        {
            "name": "Brand new",
            "organization": "contoso.onmicrosoft.com",
            "repository": "repo-fra-01",
            "backup_type": "selected_items",
            "selected_items": [{"type": "site", "url": "https://contoso.sharepoint.com/sites/finance"}],
            "schedule_policy": {"type": "periodically", "periodically_every": "hours8"},
        },
    ],
    "second": [],
    "third": [{**JOBS[1], "vars": {"org": "x"}}],
}


def test_what_changes_between_today_and_the_plan(playbooks: Playbooks, tmp_path: Path) -> None:
    """One host is compared with its server, one is down, one compares with given jobs and needs no server.

    What was predicted is what the server has once the jobs are applied: then nothing changes any more.
    """
    servers = {host: playbooks.connection(url="https://127.0.0.1:9", retries=0) for host in DECLARED}
    servers["localhost"] = playbooks.connection()
    common: Task = {
        "gather_facts": False,
        "vars": {
            "servers": servers,
            "declared": DECLARED,
            "vbo365_connection": "{{ servers[inventory_hostname] }}",
            "vbo_jobs_list": "{{ declared[inventory_hostname] }}",
            "vbo_time_zone": "Europe/Berlin",
        },
    }

    def play(name: str, role: str, hosts: str = "localhost", **variables: t.Any) -> Task:
        task = {"name": name, "ansible.builtin.include_role": {"name": f"backupops.vbo365.{role}"}, "vars": variables}
        return {**common, "name": name, "hosts": hosts, "tasks": [task]}

    before = {job["name"]: job for job in playbooks.server.state()["jobs"]}
    given = {"vbo_calendar_before": [{**DECLARED["third"][0], "schedule_policy": {"daily_time": "19:00"}}]}
    folders = {name: str(tmp_path / name) for name in ("first", "given", "later")}
    count: Task = {
        "name": "Log",
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [
            {
                "name": "Log",
                "ansible.builtin.uri": {
                    "url": f"{playbooks.server.url}/_sandbox/counts",
                    "ca_path": str(playbooks.server.ca_path),
                },
            }
        ],
    }
    run = playbooks.run(
        plays=[
            play("Compare", "vbo_calendar", "localhost,second", vbo_calendar_directory=folders["first"]),
            play("Given", "vbo_calendar", "third", vbo_calendar_directory=folders["given"], **given),
            count,
            play("Apply", "vbo_jobs"),
            play("Again", "vbo_calendar", vbo_calendar_directory=folders["later"]),
        ],
        fails=True,
        vbo_calendar_compare="true",
    )
    assert {record.host for record in run.records if record.status == "failed"} == {"second"}, run.output
    counts = run.result("Log")["json"]
    assert counts["writes"] == 0 and counts["reads"] > 0
    reports = {}
    for name, folder in folders.items():
        found = json.loads((Path(folder) / "calendar.json").read_text(encoding="utf-8"))
        reports[name] = {report["server"]: report for report in found}
    assert reports["first"].keys() == {"localhost"}
    first = reports["first"]["localhost"]
    changes = {job["name"]: job for job in first["changes"]["jobs"]}
    assert {name: job["change"] for name, job in changes.items()} == {"Tenant": "moved", "Brand new": "new"}
    assert changes["Tenant"]["before"]["schedule"].endswith(before["Tenant"]["schedule_policy"]["daily_time"][:5])
    assert changes["Tenant"]["after"]["schedule"].endswith(" 03:15") and changes["Brand new"]["before"] is None
    # also the jobs that are not declared, unchanged
    names = [job["name"] for job in first["jobs"] if job["kind"] == "backup"]
    assert sorted(names) == sorted([*before, "Brand new"])
    assert first["changes"]["totals"]["same"] == len(before) - 1
    after = {job["name"]: job["schedule_policy"] for job in playbooks.server.state()["jobs"]}
    assert after["Tenant"]["daily_time"].startswith("03:15") and "Brand new" in after
    again = reports["later"]["localhost"]
    assert again["changes"]["jobs"] == [] and again["jobs"] == first["jobs"]
    (other,) = reports["given"]["third"]["changes"]["jobs"]
    assert (other["before"]["schedule"], other["after"]["schedule"]) == ("everyday 19:00", "everyday 20:00")
    text = (tmp_path / "first" / "calendar.md").read_text(encoding="utf-8")
    assert "Not in this calendar: second." in text and "| new | does not exist | every 8 hours | Brand new |" in text
    page = (tmp_path / "first" / "calendar.html").read_text(encoding="utf-8")
    assert "planned: every 8 hours" in page and playbooks.password not in page + text
