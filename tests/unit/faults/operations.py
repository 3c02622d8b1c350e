# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The operations of the fault matrix: a task of each kind, and the part of the server's state that it concerns.

Those of declared resources follow from their samples.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..contract.documents import KINDS
from ..plugins.modules.samples import SAMPLES, Sample

State = dict[str, t.Any]
CONTOSO = "contoso.onmicrosoft.com"
DECOY = "Decoy"  # the first in every list of jobs; other clients may delete it
MEANWHILE = "Meanwhile"  # beginning of the names of jobs that other clients create


@dataclasses.dataclass(frozen=True)
class Operation:
    """One task.

    :arg jobs: names of the jobs that it may touch
    :arg thing: the same for a declared resource: its collection, and the key and value by which it is found
    :arg prepare: changes the server's initial state
    """

    name: str
    module: str
    options: State = dataclasses.field(default_factory=dict)
    jobs: tuple[str, ...] = ()
    prepare: t.Callable[[State], None] = lambda state: None
    thing: tuple[str, str, str] | None = None

    @property
    def writes(self) -> bool:
        return bool(self.jobs or self.thing)


def user(name: str, **flags: bool) -> State:
    return {"type": "user", "name": f"{name}@contoso.com", **(flags or {"mailbox": True})}


def _no_copy_job(state: State) -> None:
    state["copy_jobs"] = []


def declared() -> t.Iterator[Operation]:
    """Create, change, delete and read an object of each declared resource."""
    for module in KINDS:
        assert module.kind is not None
        noun, sample = module.kind.title, SAMPLES[module.kind.noun]
        change = {**sample.identity, **sample.change}
        yield Operation(f"new {noun}", module.name, sample.new(), thing=sample.state)
        if sample.change:
            yield Operation(noun, module.name, change, prepare=_with(sample), thing=sample.state)
        gone = {**sample.identity, "state": "absent"}
        yield Operation(f"no {noun}", module.name, gone, prepare=_with(sample), thing=sample.state)
        yield Operation(module.kind.titles, f"{module.name}_info")


def _with(sample: Sample) -> t.Callable[[State], None]:
    """Put the object of a sample into the state."""
    collection = sample.state[0]

    def prepare(state: State) -> None:
        one = {**state[collection][0], **sample.created, "id": "00000000-0000-4000-8000-000000000002"}
        state[collection].append(one)

    return prepare


NEW: State = {
    "name": "Fresh",
    "description": "new",  # a default description contains the time
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
    Operation("copy info", "vbo_copy_job_info"),
    Operation("sessions", "vbo_job_session_info", {"name": "Finance mail", "organization": CONTOSO, "log_items": True}),
    Operation("organizations", "vbo_organization_info"),
    Operation("objects", "vbo_organization_object_info", {"organization": CONTOSO, "type": "user"}),
    Operation("repositories", "vbo_repository_info"),
    Operation("proxies", "vbo_proxy_info"),
    Operation("server", "vbo_server_info"),
    *declared(),
]
