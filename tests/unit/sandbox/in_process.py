# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Servers of the sandbox in this process, whose real clock stands still: only ``advance`` moves it."""

from __future__ import annotations

import json
from typing import Any

from sandbox_client import PASSWORD, USERNAME
from vbo_sandbox.api import control
from vbo_sandbox.api.app import Application
from vbo_sandbox.store.clock import Clock
from vbo_sandbox.store.schedule import parse_stamp, seconds_of, stamp_at
from vbo_sandbox.store.settings import GenerateSettings, ServerSettings, Settings

ORGANIZATION = "11111111-0000-4000-8000-000000000001"
JOB = "22222222-0000-4000-8000-000000000001"
COPY = "33333333-0000-4000-8000-000000000001"
#: nothing fails, and a run ends immediately
SURE = {"failed_share": 0, "warning_share": 0, "scheduled_seconds": 0, "queued_seconds": 0, "running_seconds": 0}
VERSIONS = (3, 4, 5, 6, 7, 8)
DAILY = {"type": "Daily", "daily_time": "22:00:00"}
NIGHT = {"hours": ["1" * 6 + "0" * 13 + "1" * 5] * 7}  # 19:00 to 06:00
OFFICE = {"hours": ["0" * 24] + ["0" * 9 + "1" * 8 + "0" * 7] * 5 + ["0" * 24]}  # 9:00 to 17:00
RETRY = {"retry_enabled": True, "retry_number": 3, "retry_wait_interval": 10}


def utc(*texts: str) -> list[str]:
    """``5 21:00`` is this time on this day of February 2026; a month may precede the day."""
    out = []
    for text in texts:
        day, clock = text.split()
        month, _dot, number = day.rpartition(".")
        out.append(f"2026-{int(month or 2):02d}-{int(number):02d}T{clock}:00Z")
    return out


class Local:
    """A server and a client of it."""

    def __init__(self, clock: str = "2026-02-04T08:00:00", **settings: Any) -> None:
        own = ServerSettings(versions=[f"v{number}" for number in VERSIONS], clock=clock, **settings)
        self.server = Application(Settings(username=USERNAME, password=PASSWORD, servers=[own]), own)
        self.server.clock = Clock(own.start, lambda: 0.0)
        self._headers: dict[str, str] = {}

    def control(self, method: str, path: str, body: Any = None, query: str = "", status: int = 200) -> Any:
        reply = control.handle(self.server, method, f"/_sandbox/{path}", query, json.dumps(body).encode())
        assert reply.status == status, (path, reply.status, reply.body)
        return reply.body

    def advance(self, **by: Any) -> Any:
        return self.control("POST", "advance", by)

    def plan(self, *plans: dict[str, Any]) -> None:
        self.control("PUT", "outcomes", list(plans))

    def starts(self, kind: str = "") -> list[str]:
        """The times of all starts, of one kind if given."""
        return [row["at"] for row in self.control("GET", "starts") if kind in ("", row["kind"])]

    def call(self, method: str, path: str, body: Any = None, version: int = 8) -> Any:
        if not self._headers:
            form = f"grant_type=password&username={USERNAME}&password={PASSWORD}&disable_antiforgery_token=true"
            kind = {"content-type": "application/x-www-form-urlencoded"}
            token = self.server.answer("POST", "/v8/token", "", kind, form.encode()).body["access_token"]
            self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        path, _mark, query = path.partition("?")
        data = b"" if body is None else json.dumps(body).encode()
        reply = self.server.answer(method, f"/v{version}/{path}", query, self._headers, data)
        if reply.status == 401:  # after a reset
            self._headers = {}
            return self.call(method, f"{path}?{query}", body, version)
        return reply

    def get(self, path: str, version: int = 8) -> Any:
        reply = self.call("GET", path, version=version)
        assert reply.status == 200, (path, version, reply.status, reply.body)
        return json.loads(json.dumps(reply.body))

    def results(self, path: str, version: int = 8) -> list[Any]:
        data = self.get(path + ("&" if "?" in path else "?") + "limit=10000", version)
        return data if isinstance(data, list) else data["results"]


def small(schedule: dict[str, Any] | None = None, copy: dict[str, Any] | None = None, **job: Any) -> dict[str, Any]:
    """A state with one job, and a copy job if its schedule is given."""
    proxy = "44444444-0000-4000-8000-000000000001"
    repositories = [
        {"id": f"55555555-0000-4000-8000-00000000000{number}", "name": name, "proxy": proxy, "object_storage": True}
        for number, name in enumerate(("source", "target"))
    ]
    copies = [{"id": COPY, "backup_job": "Nightly", "repository": "target", "schedule_policy": copy}] if copy else []
    return {
        "proxies": [{"id": proxy, "host_name": "proxy.example"}],
        "repositories": repositories,
        "organizations": [{"id": ORGANIZATION, "name": "tenant.onmicrosoft.com"}],
        "jobs": [
            {
                "id": JOB,
                "name": "Nightly",
                "organization": "tenant.onmicrosoft.com",
                "repository": "source",
                "schedule_policy": schedule or {"type": "ManualOnly"},
                "selected_items": [{"type": "PartialOrganization", "mailbox": True}],
                **job,
            }
        ],
        "copy_jobs": copies,
    }


def one(schedule: dict[str, Any] | None = None, copy: dict[str, Any] | None = None, **settings: Any) -> Local:
    """A server with one job, without random results."""
    job = settings.pop("job", {})
    switches = {**SURE, **settings.pop("switches", {})}
    return Local(state=small(schedule, copy, **job), switches=switches, **settings)


def generated(**settings: Any) -> Local:
    return Local(generate=GenerateSettings(40, 30, 7), **settings)


__all__ = [
    "COPY",
    "DAILY",
    "JOB",
    "NIGHT",
    "OFFICE",
    "ORGANIZATION",
    "RETRY",
    "VERSIONS",
    "Local",
    "generated",
    "one",
    "parse_stamp",
    "seconds_of",
    "small",
    "stamp_at",
    "utc",
]
