# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plans for several tests: all actions on several servers, hostile names, and a fleet."""

from __future__ import annotations

import typing as t

from ansible_collections.backupops.vbo365.plugins.filter.plan import plan_merge, plan_report

Entry = dict[str, t.Any]
CONTOSO = "contoso.onmicrosoft.com"
NOW = "2026-11-26T10:00:00Z"
HOSTILE = "<script>alert(1)</script> | @all [x](javascript:1) `code` \u202ereversed"


def job(name: str, action: str = "none", changes: t.Sequence[Entry] = (), **more: t.Any) -> Entry:
    return {
        "declared_as": {"organization": CONTOSO, "name": name},
        "name": name,
        "organization": CONTOSO,
        "id": None if action == "create" else f"id of {name}",
        "action": action,
        "changes": list(changes),
        "fingerprint": {} if action == "create" else {"name": "0123456789ab"},
        "declared": {"name": "ba9876543210"},
        "copy_job": None,
        **more,
    }


def change(field: str, before: t.Any, after: t.Any) -> Entry:
    return {"field": field, "before": before, "after": after}


LATER = change("schedule_policy.daily_time", "22:00", "23:30")


def part(*jobs: Entry, pruned: t.Sequence[Entry] = ()) -> Entry:
    return {
        "api_version": "v8",
        "settings": {"scope": {}, "prune": False},
        "jobs": list(jobs),
        "pruned": list(pruned),
        "unmanaged": [{"name": "By hand", "organization": CONTOSO, "id": "id of By hand"}],
    }


def server(name: str, *jobs: Entry, now: str = NOW, **more: t.Any) -> Entry:
    """The plan of one server."""
    result = {"api_version": "v8", "jobs": [], "plan": part(*jobs, **more)}
    return plan_report(result, name, f"https://user:secret@{name}:4443", now)


def down(name: str) -> Entry:
    error = {"method": "GET", "path": "/v8/Jobs", "status": None, "code": None, "message": "x"}
    return plan_report({"msg": f"Cannot connect to {name}.", "error": error}, name, "", NOW)


def everything() -> Entry:
    """Every action and state, and the same change in several jobs."""
    copied = {"id": None, "action": "create", "changes": [change("repository", None, "s3")], "fingerprint": {}}
    window = change("schedule_policy.backup_window", None, ["Mon-Fri 19:00-07:00", "Sat"])
    before = {"name": "Old", "organization": CONTOSO, "schedule_policy": {"type": "daily", "daily_time": "01:00"}}
    lost = {"id": "c", "action": "delete", "changes": [], "fingerprint": {}}
    return plan_merge(
        [
            server(
                "vbo-1",
                job("Mail", "update", [LATER, window], warnings=["schedule_policy.backup_window is 'never'."]),
                job("New", "create", [change("name", None, "New"), change("enabled", None, True)], copy_job=copied),
                job("Same"),
                pruned=[job("Old", "delete", before=before, copy_job=lost)],
            ),
            server("vbo-2", job("Mail", "update", [LATER]), job("Tenant", "update", [LATER])),
            server("vbo-3", job("Mail")),
            down("vbo-4"),
        ],
        ["vbo-1", "vbo-2", "vbo-3", "vbo-4", "vbo-5"],
    )


def hostile() -> Entry:
    texts = change(HOSTILE, HOSTILE, [HOSTILE])
    touched = [job(f"{HOSTILE} {number}", "update", [texts], warnings=[HOSTILE]) for number in range(2)]
    return plan_merge([server(HOSTILE, *touched), down(HOSTILE + "2")])


def fleet(servers: int, jobs: int) -> Entry:
    """A fleet in which every second job changes, each in its own way."""
    plans = []
    for place in range(servers):
        mine = [
            job(f"Job {number}", "update", [change("description", "x" * 50, f"{place} {number} {'y' * 100}")])
            if number % 2
            else job(f"Job {number}")
            for number in range(jobs)
        ]
        plans.append(server(f"vbo-{place:03d}", *mine))
    return plan_merge(plans)
