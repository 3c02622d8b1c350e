# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Many jobs of one server: planned together, written in parallel, each with its own outcome."""

from __future__ import annotations

import dataclasses
import threading
import typing as t
from concurrent.futures import ThreadPoolExecutor

from ..._api._client import PAGE_SIZE
from ..._core._plan import Plan, apply, as_planned, confirm, diff_of, make_plan, send
from ..._errors import InputError, VboError
from ..._spelling import id_key, job_key, looks, same_name, told_apart
from ..._types import Raw, View
from .._copy_job._object import CopyJobResource
from .._job._model import ITEMS, organization_id, read_status
from .._job._object import JobResource
from .._job._spread import Choice, result_of


@dataclasses.dataclass
class CopyEntry:
    """The copy job that is declared with a job."""

    resource: CopyJobResource
    state: str
    plan: Plan | None = None


@dataclasses.dataclass
class Entry:
    """One job of the list, with its plan and outcome.

    :arg path: its path in the task, for example V(jobs[3]); V(prune) for a job that is not in the list
    """

    path: str
    resource: JobResource
    state: str
    copy: CopyEntry | None = None
    plan: Plan | None = None
    error: VboError | None = None
    begun: bool = False
    warnings: list[str] = dataclasses.field(default_factory=list)
    raw: Raw | None = None
    spread: dict[str, Choice] = dataclasses.field(default_factory=dict)
    in_list: bool = False  # whether a list of all jobs can confirm the write
    written: str | None = None  # the id of the job after the write

    @property
    def action(self) -> str:
        return self.plan.action if self.plan else "none"

    @property
    def reads_items(self) -> bool:
        """Whether planning this job needs separate requests."""
        return any(field in self.resource.given for field in ITEMS)

    @property
    def plans(self) -> list[Plan]:
        """The plans that there are, of the job and of its copy job."""
        return [plan for plan in (self.plan, self.copy.plan if self.copy else None) if plan]

    @property
    def changing(self) -> bool:
        """Whether anything will be written."""
        return any(plan.action != "none" for plan in self.plans)

    def status(self, check_mode: bool, stopped: bool) -> str:
        """Return V(ok), V(failed) or V(skipped); in check mode, assuming that no write fails."""
        if self.error:
            return "failed"
        done = self.begun or (check_mode and not stopped)
        return "ok" if done or not self.changing else "skipped"


# --- the work --------------------------------------------------------------------------------------------------------


def side_by_side(
    entries: t.Iterable[Entry], work: t.Callable[[Entry], None], most: int, stop: bool, begin: bool = True
) -> None:
    """Do the work on all entries, C(most) at a time; an entry's failure is kept in it.

    :arg stop: begin no other entry once one has failed
    :arg begin: record in the entry that its work has begun
    """
    halted = threading.Event()

    def attempt(entry: Entry) -> None:
        if halted.is_set():
            return
        entry.begun = entry.begun or begin
        try:
            work(entry)
        except VboError as error:
            entry.error = error
            if stop:
                halted.set()
        except BaseException:
            halted.set()
            raise

    waiting = list(entries)
    if most == 1 or len(waiting) < 2:
        for entry in waiting:
            attempt(entry)
        return
    with ThreadPoolExecutor(most) as pool:
        for _unused in pool.map(attempt, waiting):
            pass


def plan_entry(entry: Entry) -> None:
    """Plan a job and its copy job; a wrong option is named by its path in the task."""
    try:
        entry.plan = make_plan(entry.resource, entry.state)
    except InputError as error:
        error.option = f"{entry.path}.{error.option}"
        raise
    if entry.copy is None:
        return
    try:
        entry.copy.resource = entry.copy.resource.of(_backup_job(entry))
        entry.copy.plan = make_plan(entry.copy.resource, entry.copy.state)
    except InputError as error:
        error.option = f"{entry.path}.copy_job.{error.option}"
        raise


def _backup_job(entry: Entry) -> Raw:
    """The server's job as it will be when its copy job is written; without id as long as it does not exist."""
    plan, catalog = t.cast(Plan, entry.plan), entry.resource.catalog
    wanted = t.cast(View, plan.after)
    before = plan.raw or {"id": None, "organizationId": catalog.organization(wanted["organization"])["id"]}
    return {**before, "name": wanted["name"], "repositoryId": catalog.repository(wanted["repository"])["id"]}


def check_once(entries: t.Sequence[Entry]) -> None:
    """Find entries that mean the same job although they name it differently; the second one gets the error."""
    seen: dict[t.Any, str] = {}
    names: dict[t.Any, tuple[str, str]] = {}
    for entry in entries:
        if entry.plan is None or entry.error:
            continue
        view = entry.plan.after or {}
        raw = entry.plan.raw
        owner, name = view.get("organization"), view.get("name")
        key = id_key(raw["id"]) if raw else job_key(owner, name)
        if raw is None and entry.plan.after is None:
            continue
        if key in seen:
            entry.error = InputError(entry.path, f"means the same job as {seen[key]}; declare each job once")
            continue
        seen[key] = entry.path
        if name is None:
            continue
        other, path = names.setdefault((owner, looks(name)), (name, entry.path))
        if not same_name(other, name) and (raw is None or "name" in entry.plan.fields):
            entry.error = InputError(
                f"{entry.path}.name", f"looks like the name in {path}, but is different: {told_apart(name, other)}"
            )


def write_entry(entry: Entry) -> None:
    """Carry out the plans of a job and its copy job."""
    entry.plan, entry.written = send(entry.resource, t.cast(Plan, entry.plan), entry.state)
    if entry.in_list:
        return
    confirm_entry(entry)
    if entry.copy and entry.copy.plan:
        if entry.plan.action == "create":
            entry.copy.resource = entry.copy.resource.of(t.cast(Raw, entry.raw))
        entry.copy.plan, _unused = apply(entry.copy.resource, entry.copy.plan, entry.copy.state)


def confirm_entry(entry: Entry) -> None:
    """Read a job again after its write."""
    entry.raw = confirm(entry.resource, t.cast(Plan, entry.plan), entry.written)


def one_list_pays(entries: t.Sequence[Entry], listed: int) -> list[Entry]:
    """The entries that one list of all jobs can confirm in fewer requests than a request each.

    A list shows no items; and a copy job is planned with the job that was just created.

    :arg listed: number of jobs of the server
    """
    fit = [entry for entry in entries if not entry.reads_items and len(entry.plans) == 1 and entry.action != "none"]
    return fit if len(fit) > 1 + listed // PAGE_SIZE else []


def not_shown(entries: t.Sequence[Entry], listed: dict[str, Raw]) -> list[Entry]:
    """Update written jobs from a list; return the entries whose change it does not show."""
    left = []
    for entry in entries:
        plan = t.cast(Plan, entry.plan)
        raw = listed.get(id_key(plan.raw["id"] if plan.raw else entry.written))
        if as_planned(entry.resource, plan, raw):
            entry.raw = raw
        else:
            left.append(entry)
    return left


# --- the result ------------------------------------------------------------------------------------------------------


def entry_result(entry: Entry, status: str, details: bool) -> dict[str, t.Any]:
    """Return the result of one job."""
    plan = entry.plan
    raw = entry.raw or (plan.raw if plan else None)
    view = (plan.after or plan.before if plan else None) or entry.resource.named
    found: dict[str, t.Any] = {
        "name": view.get("name"),
        "organization": view.get("organization"),
        "id": raw["id"] if raw else entry.resource.identifier,
        "action": entry.action,
        "status": status,
        "changes": plan.changes if plan else [],
    }
    if entry.copy:
        copy_plan = entry.copy.plan
        found["copy_job"] = {
            "action": copy_plan.action if copy_plan else "none",
            "changes": copy_plan.changes if copy_plan else [],
        }
        if details:
            found["copy_job"]["before"] = (copy_plan.before if copy_plan else None) or {}
            found["copy_job"]["after"] = (copy_plan.after if copy_plan else None) or {}
    if entry.error:
        found.update(msg=entry.error.message, error=entry.error.result())
    if entry.warnings:
        found["warnings"] = entry.warnings
    if details:
        before = plan.raw if plan else None
        found["before"] = (plan.before if plan else None) or {}
        found["after"] = (plan.after if plan else None) or {}
        if entry.spread:
            found["spread"] = result_of(entry.spread)
        found["next_run"] = read_status(before or {})["next_run"]
    return found


def diffs_of(entry: Entry) -> list[dict[str, t.Any]]:
    """Return a diff for the job and one for its copy job, as far as they change."""
    resources: list[t.Any] = [entry.resource, *([entry.copy.resource] if entry.copy else [])]
    return [diff_of(resource, plan) for resource, plan in zip(resources, entry.plans) if plan.action != "none"]


def organizations_of(entries: t.Iterable[Entry]) -> set[str]:
    """Return the ids of organizations that have a declared job with state present."""
    found = set()
    for entry in entries:
        if entry.plan and entry.plan.after:
            raw = entry.plan.raw or {}
            owner = organization_id(raw) or entry.resource.catalog.organization(entry.plan.after["organization"])["id"]
            found.add(id_key(owner))
    return found
