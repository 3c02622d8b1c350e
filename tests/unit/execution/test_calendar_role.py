# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role vbo_calendar as users run it: no server is asked, and a host that cannot be read stops no other one."""

from __future__ import annotations

import json
from pathlib import Path

from .playbooks import Playbooks, Task

JOBS: list[Task] = [
    {
        "name": "Mail; nightly",
        "organization": "contoso.onmicrosoft.com",
        "schedule_policy": {"type": "daily", "daily_type": "everyday", "daily_time": "02:30"},
    },
    {"name": "Standard", "organization": "contoso.onmicrosoft.com", "template": "exchange_daily", "repository": "repo"},
]


def test_the_calendar_of_a_fleet(playbooks: Playbooks, tmp_path: Path) -> None:
    """One host is good, one has a wrong zone, one has none; numbers and lists are texts, as surveys hand them over."""
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
        },
        "tasks": [{"name": "Calendar", "ansible.builtin.include_role": {"name": "backupops.vbo365.vbo_calendar"}}],
    }
    check: Task = {**role, "hosts": "localhost", "check_mode": True}
    clear: Task = {
        "name": "Look",
        "hosts": "localhost",
        "gather_facts": False,
        "tasks": [{"name": "Look", "ansible.builtin.find": {"paths": str(folder), "patterns": "*"}}],
    }
    run = playbooks.run(
        plays=[check, clear, role],
        fails=True,
        vbo_calendar_directory=str(folder),
        vbo_calendar_begin="2026-03-28",
        vbo_calendar_days="3",
        vbo_calendar_formats="html,icalendar,json",
    )
    assert run.result("Look")["files"] == [], "check mode writes nothing"
    failed = {record.host: record.result["msg"] for record in run.records if record.status == "failed"}
    assert failed.keys() == {"second", "third"}
    assert "time_zone: 'Europe/Berlim' is not a time zone. Did you mean Europe/Berlin?" in failed["second"]
    assert "vbo_calendar_time_zone" in failed["third"]
    assert {path.name for path in folder.iterdir()} == {"calendar.html", "calendar.json", "localhost.ics"}
    (report,) = json.loads((folder / "calendar.json").read_text(encoding="utf-8"))
    starts = [run["start"] for run in report["runs"] if run["job"] == "Mail; nightly"]
    # on the 29th the clock goes from 02:00 to 03:00
    assert starts == ["2026-03-28T02:30:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"]
    assert [job["schedule"] for job in report["jobs"]] == ["everyday 02:30", "everyday 20:00"]
    events = (folder / "localhost.ics").read_bytes()
    assert events.count(b"BEGIN:VEVENT\r\n") == 6 and events.count(b"\n") == events.count(b"\r\n")
    assert b"SUMMARY:Mail\\; nightly\r\n" in events and b"DTSTART:20260329T010000Z\r\n" in events
    page = (folder / "calendar.html").read_text(encoding="utf-8")
    assert "Not in this calendar" in page and "<bdi>second</bdi>, <bdi>third</bdi>" in page
    assert playbooks.server.log() == []
