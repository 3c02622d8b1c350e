# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of the fault matrix: a task of each kind, and what of the server's state it is about."""

from __future__ import annotations

import dataclasses
import typing as t

State = dict[str, t.Any]
CONTOSO = "contoso.onmicrosoft.com"
DECOY = "Decoy"  # comes first in every list of jobs; somebody else may delete it
MEANWHILE = "Meanwhile"  # begins the names of jobs that somebody else creates


@dataclasses.dataclass(frozen=True)
class Operation:
    """One task.

    :arg jobs: names of the jobs that it may touch
    :arg prepare: changes the server's initial state
    """

    name: str
    module: str
    options: State = dataclasses.field(default_factory=dict)
    jobs: tuple[str, ...] = ()
    prepare: t.Callable[[State], None] = lambda state: None

    @property
    def writes(self) -> bool:
        return bool(self.jobs)


def user(name: str, **flags: bool) -> State:
    return {"type": "user", "name": f"{name}@contoso.com", **(flags or {"mailbox": True})}


def _no_copy_job(state: State) -> None:
    state["copy_jobs"] = []


NEW: State = {
    "name": "Fresh",
    "description": "new",  # the server writes the time into one of its own
    "organization": CONTOSO,
    "repository": "repo-fra-01",
    "backup_type": "selected_items",
    "selected_items": [user("cfo"), user("anton.weber", one_drive=True)],
    "excluded_items": [user("yara.osman")],
    "enabled": False,
    "schedule_policy": {"type": "daily", "daily_time": "21:30"},
}
CHANGE: State = {
    "name": "Finance mail",
    "organization": CONTOSO,
    "description": "Changed",
    "schedule_policy": {"daily_time": "23:00"},
    "selected_items": [user("cfo"), user("yara.osman")],
    "excluded_items": [],
}
GONE: State = {"name": "test_job", "organization": CONTOSO, "state": "absent"}
SWITCH: State = {
    "name": "Tenant",
    "organization": CONTOSO,
    "backup_type": "selected_items",
    "selected_items": [user("cfo"), user("anton.weber")],
}
COPY: State = {"job": "Everything selected", "organization": CONTOSO}
COPY_WINDOW = {"type": "daily_at_time", "daily_time": "04:00", "daily_type": "workdays"}

OPERATIONS = [
    Operation("create", "vbo_job", NEW, ("Fresh",)),
    Operation("update", "vbo_job", CHANGE, ("Finance mail",)),
    Operation("switch", "vbo_job", SWITCH, ("Tenant",)),
    Operation("delete", "vbo_job", GONE, ("test_job",)),
    Operation("jobs", "vbo_jobs", {"jobs": [NEW, CHANGE, GONE]}, ("Fresh", "Finance mail", "test_job")),
    Operation(
        "new copy", "vbo_copy_job", {**COPY, "repository": "repo-s3-copy"}, ("Everything selected",), _no_copy_job
    ),
    Operation("copy", "vbo_copy_job", {**COPY, "schedule_policy": COPY_WINDOW}, ("Everything selected",)),
    Operation(
        "run", "vbo_job_run", {"name": "Finance mail", "organization": CONTOSO, "wait": False}, ("Finance mail",)
    ),
    Operation("job info", "vbo_job_info", {"items": True, "last_session": True}),
    Operation("accounts", "vbo_cloud_account_info"),
    Operation("keys", "vbo_encryption_key_info"),
    Operation("copy info", "vbo_copy_job_info"),
    Operation("sessions", "vbo_job_session_info", {"name": "Finance mail", "organization": CONTOSO, "log_items": True}),
    Operation("organizations", "vbo_organization_info"),
    Operation("objects", "vbo_organization_object_info", {"organization": CONTOSO, "type": "user"}),
    Operation("repositories", "vbo_repository_info"),
    Operation("proxies", "vbo_proxy_info"),
    Operation("server", "vbo_server_info"),
]
