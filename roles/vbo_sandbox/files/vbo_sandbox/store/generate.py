# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Generate a state with many jobs; the same seed gives the same state."""

from __future__ import annotations

import random
from typing import Any
from zoneinfo import ZoneInfo

from ..loader import load
from .model import Schedule
from .schedule import last_start, stamp_at
from .state import derived_id

DEPARTMENTS = (
    "Finance",
    "Engineering",
    "Marketing",
    "Sales",
    "Legal",
    "Support",
    "Research",
    "Logistics",
    "Purchasing",
    "Quality",
)
DAILY = ("Everyday", "Workdays", "Weekends", "Monday", "Wednesday", "Friday", "Sunday")
EVERY = ("Minutes15", "Minutes30", "Hours1", "Hours2", "Hours4", "Hours8")


def generated_state(name: str, jobs: int, users: int, seed: int, now: float, zone: ZoneInfo) -> dict[str, Any]:
    """Return generated state data; the last runs are the last scheduled starts before *now*."""
    rng = random.Random(seed)
    tenant = f"{name}.onmicrosoft.com".replace("_", "-").lower()
    organization = derived_id(name, "organization")
    proxy = derived_id(name, "proxy")
    pool = derived_id(name, "pool")
    account, key = derived_id(name, "account"), derived_id(name, "key")
    repositories: list[dict[str, Any]] = [
        {"id": derived_id(name, repository), "name": repository, "path": f"D:\\Backup\\{repository}", "proxy": proxy}
        for repository in ("repo-01", "repo-02", "repo-03")
    ]
    for repository in ("repo-s3-01", "repo-s3-02"):
        entry = {"id": derived_id(name, repository), "name": repository, "proxy": proxy, "object_storage": True}
        entry.update(cloud_account=account, encryption_key=key)
        repositories.append(entry)
    return {
        "installation_id": derived_id(name, "installation"),
        "proxies": [{"id": proxy, "host_name": f"proxy.{name}.example", "type": "Local", "is_default": True}],
        "proxy_pools": [{"id": pool, "name": "pool-01"}],
        "cloud_accounts": [
            {"id": account, "account_type": "amazonS3CompatibleAccount", "user_name": f"AKIA{name.upper()}"}
        ],
        "encryption_keys": [{"id": key, "description": f"Key of {name}"}],
        "repositories": repositories,
        "organizations": [
            {
                "id": organization,
                "name": tenant,
                "users": [f"User {number:05d}" for number in range(1, max(1, users) + 1)],
                "groups": [{"name": part.lower(), "display_name": part} for part in DEPARTMENTS],
                "sites": list(DEPARTMENTS),
                "teams": list(DEPARTMENTS),
            }
        ],
        "jobs": [_job(rng, name, organization, users, number, now, zone) for number in range(1, jobs + 1)],
    }


def _job(
    rng: random.Random, name: str, organization: str, users: int, number: int, now: float, zone: ZoneInfo
) -> dict[str, Any]:
    department = rng.choice(DEPARTMENTS)
    job: dict[str, Any] = {
        "id": derived_id(name, "job", str(number)),
        "name": f"{department} {number:05d}",
        "description": f"Generated job {number}",
        "organization": organization,
        "repository": rng.choice(("repo-01", "repo-02", "repo-03")),
        "is_enabled": rng.random() > 0.1,
        "last_status": rng.choice(("Success", "Success", "Success", "Warning", "Failed", "Stopped")),
        "schedule_policy": _schedule(rng),
    }
    if job["last_status"] != "Stopped":
        rng.randrange(24), rng.randrange(10)
        start = last_start(load(Schedule, job["schedule_policy"]), now - 60, zone)
        job["last_run"] = stamp_at(start if start is not None else now - 86400)
    if number == 1:
        job.update(name="Tenant", backup_type="EntireOrganization")
        return job
    user = f"user.{rng.randrange(1, max(1, users) + 1):05d}@{name}.onmicrosoft.com".replace("_", "-").lower()
    job["selected_items"] = [
        {"type": "Group", "object": department, "mailbox": True, "members": True, "member_mailbox": True},
        {"type": "User", "object": user, "mailbox": True, "one_drive": rng.random() > 0.5},
    ]
    return job


def _schedule(rng: random.Random) -> dict[str, Any]:
    schedule: dict[str, Any] = {"retry_enabled": rng.random() > 0.3, "retry_number": 3, "retry_wait_interval": 10}
    if rng.random() < 0.6:
        minute = rng.choice((0, 15, 30, 45))
        schedule.update(
            type="Daily", daily_type=rng.choice(DAILY), daily_time=f"{rng.randrange(24):02d}:{minute:02d}:00"
        )
    else:
        schedule.update(type="Periodically", periodically_every=rng.choice(EVERY))
        if schedule["periodically_every"].startswith("Hours"):
            schedule["periodically_offset_minutes"] = rng.choice((0, 15, 30))
    if rng.random() < 0.4:
        start, end = rng.randrange(4, 9), rng.randrange(17, 21)
        day = "".join("0" if start <= hour < end else "1" for hour in range(24))
        schedule["backup_window_enabled"] = True
        schedule["backup_window"] = {"hours": ["1" * 24] + [day] * 5 + ["1" * 24]}
    return schedule
