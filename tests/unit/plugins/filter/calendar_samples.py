# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs and calendars for several tests."""

from __future__ import annotations

import typing as t

from ansible_collections.backupops.vbo365.plugins.filter.calendar import calendar_report

Job = dict[str, t.Any]

BEGIN = "2026-01-05"  # a Monday
HOSTILE = "</style><script>alert(1)</script><img src=x onerror=alert(1)>{{ 1/0 }}"


def job(name: str, time: str = "22:00", **options: t.Any) -> Job:
    policy = {"type": "daily", "daily_type": "workdays", "daily_time": time}
    return {"name": name, "organization": "contoso.onmicrosoft.com", "schedule_policy": policy, **options}


def jobs() -> list[Job]:
    """One job of each kind, and five that start together."""
    window = {"backup_window": ["Mon-Fri 19:00-07:00", "Sat", "Sun"], "retry_number": 3, "retry_wait_interval": 20}
    crowd = [job(f"Mail {number}", f"22:0{number}", repository=f"repo-{number}") for number in range(5)]
    crowd[1]["schedule_policy"] = {"type": "daily", "daily_type": "workdays", "daily_time": "22:00", **window}
    often = {"type": "periodically", "periodically_every": "hours4", "periodically_window": ["Mon-Fri 06:00-22:00"]}
    daily = {"type": "daily_at_time", "daily_time": "08:00"}
    return [
        *crowd,
        job("Often", schedule_policy=often, proxy="proxy-1"),
        job("Copied", "23:30", copy_job={"repository": "vault", "schedule_policy": daily}),
        job("Followed", "23:40", copy_job={"repository": "vault", "schedule_policy": {"type": "immediate"}}),
        job("By hand", schedule_policy={"type": "manual_only"}),
        job("Off", enabled=False),
        {"name": "Silent", "organization": "contoso.onmicrosoft.com"},
        job("Gone", state="absent"),
    ]


def night() -> Job:
    return calendar_report(jobs(), "vbo-1", "Europe/Berlin", BEGIN)


def hostile() -> Job:
    names = {"organization": HOSTILE, "repository": HOSTILE, "proxy": HOSTILE}
    return calendar_report([job(HOSTILE * (number + 1), **names) for number in range(6)], HOSTILE, "UTC", BEGIN)


def fleet(servers: int, size: int) -> list[Job]:
    return [
        calendar_report([job(f"Job {number}") for number in range(size)], f"vbo-{server:03}", "Europe/Berlin", BEGIN)
        for server in range(servers)
    ]


def compared() -> list[Job]:
    """Two servers, one of which changes in every way; the names are hostile."""
    window = {"type": "daily", "daily_type": "workdays", "backup_window": ["Mon-Fri 19:00-07:00"]}
    today = [
        job("Mail"),
        job("Sites", "20:00"),
        job("Teams", "21:00"),
        job("Old", "23:00"),
        job("Windowed", schedule_policy={**window, "daily_time": "22:00"}),
        job(HOSTILE, "01:00", organization=HOSTILE),
    ]
    planned = [
        job("Mail"),
        job("Sites", schedule_policy={**window, "daily_time": "21:30"}),
        job("Teams", "22:15"),
        job("Windowed", schedule_policy={**window, "daily_time": "22:00", "backup_window": ["Mon-Fri 20:00-06:00"]}),
        job("New", schedule_policy={"type": "periodically", "periodically_every": "hours4"}),
        job(HOSTILE, "02:00", organization=HOSTILE),
    ]
    return [
        calendar_report(planned, "vbo-1", "Europe/Berlin", BEGIN, before=today),
        calendar_report(jobs(), HOSTILE, "Europe/Berlin", BEGIN, before=jobs()),
    ]
