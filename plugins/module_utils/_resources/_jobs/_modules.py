# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The work of C(vbo_jobs): plan a list of jobs, then write."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._api._client import Client
from ..._api._references import Catalog
from ..._core._host import Host
from ..._errors import BulkFailed, InputError, VboError
from ..._input._argspec import joined
from ..._spelling import id_key, job_key, looks, matches
from ..._types import Data, Raw, View
from .._copy_job import _model as copy_model
from .._copy_job._object import CopyJobResource
from .._job import _model as model
from .._job._fields import check_supported
from .._job._items import check_flags
from .._job._list import JobList
from .._job._object import Handling, JobResource
from .._job._running import WhenRunning
from . import _bulk as bulk
from . import _planned as saved
from ._bulk import CopyEntry, Entry
from ._places import choose_places
from ._saved import SavedPlan, part_of
from ._scope import Scope, check_number, check_prune

MOST_WARNINGS = 5  # shown on the screen; nobody reads more
MOST_PARALLEL = 10  # connections that one session keeps open


def manage_jobs(host: Host) -> Data:
    """All jobs of a list: create, change, delete; and delete those of a scope that are not in it."""
    params = host.params
    parsed = _parse(params)
    with host.client() as client:
        _check_versions(params["jobs"], parsed, client)
        run = _Run(host, client, list(zip(params["jobs"], parsed)))
        entries = [run.entry(number, *job) for number, job in enumerate(run.declared)]
        choose_places(entries, run.jobs)
        run.plan([entry for entry in entries if entry.error is None])
        bulk.check_once(entries)
        run.check_plan(entries)
        to_delete = run.prune_entries(entries)
        run.write(entries, to_delete)
        return run.result(entries, to_delete)


class _Run:
    """One run of the task: the data that all of its jobs share."""

    def __init__(self, host: Host, client: Client, declared: list[tuple[View, tuple[View, View]]]) -> None:
        self.host = host
        self.declared = declared
        self.params: View = host.params
        self.client = client
        self.catalog = Catalog(client)
        self.jobs = JobList(client, self.catalog)
        self.scope = Scope(self.params["scope"], self.catalog)
        self.stop = self.params["on_error"] == "stop"
        self.saved = SavedPlan(self.params["plan"], self.catalog) if self.params["plan"] is not None else None
        if self.saved:
            self.saved.check_version(client.version.name)

    def entry(self, number: int, job: View, parsed: tuple[View, View]) -> Entry:
        """An entry of the list, not planned yet; one whose organization does not exist has failed already."""
        given, copied = parsed
        path = f"jobs[{number}]"
        try:
            resource = self._resource(given, job)
        except VboError as error:
            nowhere = {key: value for key, value in given.items() if key != "organization"}
            entry = Entry(path, self._resource(nowhere, job), job["state"], error=error)
            entry.resource.named["organization"] = job["organization"]
            return entry
        entry = Entry(path, resource, job["state"])
        if job["copy_job"] is not None:
            copy = CopyJobResource(
                self.client,
                self.catalog,
                resource,
                None,
                copied,
                self._when_running(job["copy_job"]),
                job["copy_job"]["when_edited"] == "retry" and not self.saved,
            )
            entry.copy = CopyEntry(copy, job["copy_job"]["state"])
        return entry

    def _resource(self, given: View, job: View) -> JobResource:
        handling = Handling.of(job, self._when_running(job))
        if self.saved:  # a reviewed plan is not replaced
            handling = dataclasses.replace(handling, plans_again=False)
        return JobResource(self.client, self.catalog, given, job["id"], handling, self.jobs, self.host.warn)

    def _when_running(self, options: View) -> WhenRunning:
        return WhenRunning(options["when_running"], self.params["wait_timeout"], self.params["wait_interval"])

    # --- planning ------------------------------------------------------------------------------------

    def check_plan(self, entries: t.Sequence[Entry]) -> None:
        """Fail if anything has changed since the plan was saved.

        :raises PlanRefused: with all changes
        """
        if self.saved:
            self.saved.check(self.params, entries, self.declared, self.unmanaged(entries), self.jobs.get)

    def plan(self, entries: t.Sequence[Entry]) -> None:
        """Plan all entries, so that all mistakes are reported together."""
        for reading in (False, True):  # without requests, threads cost more than they save
            batch = [entry for entry in entries if entry.reads_items == reading]
            most = self.params["max_parallel"] if reading else 1
            bulk.side_by_side(batch, bulk.plan_entry, most, stop=False, begin=False)
        warned = []
        for entry in entries:
            entry.warnings = entry.resource.warnings(entry.plan) if entry.plan else []
            entry.warnings += [text for choice in entry.spread.values() for text in (choice.warning(),) if text]
            warned += [f"{entry.resource.label()}: {text}" for text in entry.warnings]
        for text in warned[:MOST_WARNINGS]:
            self.host.warn(text)
        if warned[MOST_WARNINGS:]:
            self.host.warn(f"{len(warned) - MOST_WARNINGS} more warnings are in the results of the jobs.")

    def prune_entries(self, entries: t.Sequence[Entry]) -> list[Entry]:
        """The jobs that are to be pruned, planned; none when any declared job cannot be planned."""
        if not self.params["prune"]:
            return []
        if any(entry.error for entry in entries):
            return []
        check_prune(self.scope, bulk.organizations_of(entries))
        to_delete = [raw for raw in self.unmanaged(entries) if not self._is_protected(raw)]
        check_number(to_delete, self.params["max_deletions"])
        found = []
        for raw in to_delete:
            handling = Handling(delete_copy_job=True)
            resource = JobResource(self.client, self.catalog, {}, raw["id"], handling, self.jobs)
            found.append(Entry("prune", resource, "absent"))
        self.plan(found)
        if self.saved:
            self.saved.check_pruned(found)
        return found

    def unmanaged(self, entries: t.Sequence[Entry]) -> list[Raw]:
        """The jobs of the scope that are not declared, in the order of organization and name."""
        ids = {id_key(entry.plan.raw["id"]) for entry in entries if entry.plan and entry.plan.raw}
        unclear = {looks(entry.resource.named.get("name")) for entry in entries if entry.error}
        found = [
            raw
            for raw in self.jobs.jobs
            if id_key(raw["id"]) not in ids
            and not (unclear and looks(raw.get("name")) in unclear)
            and self.scope.holds(raw)
        ]
        return sorted(found, key=lambda raw: (*self._names(raw), str(raw["id"])))

    def _names(self, raw: Raw) -> tuple[str, str]:
        owner = self.catalog.organization_name(model.organization_id(raw))
        return job_key(owner, raw.get("name"))

    def _is_protected(self, raw: Raw) -> bool:
        """Whether a pattern matches the name or its visual form; in doubt, a job is kept."""
        name = raw.get("name")
        return any(
            matches(pattern, name) or matches(looks(pattern), looks(name)) for pattern in self.params["protected"]
        )

    # --- writing -------------------------------------------------------------------------------------

    def write(self, entries: t.Sequence[Entry], to_delete: t.Sequence[Entry]) -> None:
        """Carry out the plans: first creations and changes, then deletions, then prunes."""
        if self.host.check_mode or self.stopped([*entries, *to_delete]):
            return
        changing = [entry for entry in entries if entry.changing and not entry.error]
        for deleting in (False, True):
            phase = [entry for entry in changing if (entry.action == "delete") == deleting]
            if not self.stopped(entries):
                self._carry_out(phase)
        if not any(entry.error for entry in [*entries, *to_delete]):
            self._carry_out(to_delete)

    def _carry_out(self, entries: t.Sequence[Entry]) -> None:
        """Write entries in parallel, and confirm as many as possible with one list.

        A failure is to stop the others, and a server that does not apply what it accepts is noticed only in the list:
        so the first job is confirmed before the others are written.
        """
        rest = list(entries)
        in_list = bulk.one_list_pays(rest, len(self.jobs.jobs))
        if in_list and self.stop:
            first = rest.pop(0)
            bulk.side_by_side([first], bulk.write_entry, 1, self.stop)
            in_list = [entry for entry in in_list if entry is not first]
            if first.error:
                return
        for entry in in_list:
            entry.in_list = True
        bulk.side_by_side(rest, bulk.write_entry, self.params["max_parallel"], self.stop)
        left = self._not_shown([entry for entry in in_list if entry.begun and not entry.error])
        bulk.side_by_side(left, bulk.confirm_entry, self.params["max_parallel"], stop=False, begin=False)

    def _not_shown(self, written: list[Entry]) -> list[Entry]:
        """The entries that a fresh list of jobs does not show as written; all of them when it cannot be read."""
        if not written:
            return []
        try:
            listed = list(self.client.list(*self.client.version.jobs_path(None)))
        except VboError:
            return written
        return bulk.not_shown(written, {id_key(raw["id"]): raw for raw in listed})

    def stopped(self, entries: t.Sequence[Entry]) -> bool:
        """Whether a failure keeps the others from being written."""
        return self.stop and any(entry.error for entry in entries)

    # --- the result ----------------------------------------------------------------------------------

    def result(self, entries: t.Sequence[Entry], to_delete: t.Sequence[Entry]) -> dict[str, t.Any]:
        """The task's result.

        :raises BulkFailed: with the same as result, when a job has failed
        """
        everything = [*entries, *to_delete]
        failed = [entry for entry in everything if entry.error]
        details, check = self.params["details"], self.host.check_mode
        blocked = {id(entry) for entry in (everything if self.stop else to_delete)} if failed else set()
        statuses = [entry.status(check, stopped=id(entry) in blocked) for entry in everything]
        jobs = [bulk.entry_result(entry, status, details) for entry, status in zip(everything, statuses)]
        pruned = {id_key(entry.resource.identifier) for entry in to_delete}
        unmanaged = [raw for raw in self.unmanaged(entries) if id_key(raw["id"]) not in pruned]
        done = [entry for entry, status in zip(everything, statuses) if status == "ok" and entry.changing]
        result: dict[str, t.Any] = {
            "changed": bool(done),
            "api_version": self.client.version.name,
            "jobs": jobs,
            "unmanaged": [self._unmanaged_result(raw, details) for raw in unmanaged],
            "summary": {
                **{
                    action: sum(job["action"] == action and job["status"] == "ok" for job in jobs)
                    for action in ("create", "update", "delete", "none")
                },
                **{status: statuses.count(status) for status in ("failed", "skipped")},
                "unmanaged": len(unmanaged),
            },
        }
        if self.params["fingerprints"] and check and not failed:
            stay = [self._unmanaged_result(raw, details=False) for raw in unmanaged]
            result["plan"] = part_of(self.params, result["api_version"], entries, self.declared, to_delete, stay)
        if self.host.diff:
            result["diff"] = [diff for entry in done for diff in bulk.diffs_of(entry)]
        if failed:
            result["failed_jobs"] = [job["name"] for job in jobs if job["status"] == "failed"]
            raise BulkFailed(
                [(_subject(entry), t.cast(VboError, entry.error)) for entry in failed],
                len(jobs),
                _note(everything, statuses.count("skipped")),
                result,
            )
        return result

    def _unmanaged_result(self, raw: Raw, details: bool) -> dict[str, t.Any]:
        found = {
            "name": raw.get("name"),
            "organization": self.catalog.organization_name(model.organization_id(raw)),
            "id": raw["id"],
        }
        return {**found, "before": model.read_job(raw, self.catalog, self.client.version)} if details else found


def _subject(entry: Entry) -> str:
    return f"{entry.path} '{entry.resource.named.get('name') or entry.resource.identifier}'"


def _note(entries: t.Sequence[Entry], skipped: int) -> str:
    """Describe the outcome of the jobs that did not fail."""
    if not any(entry.begun for entry in entries):
        return ", and nothing was written"
    return f", and {skipped} were not started" if skipped else ""


# --- input -----------------------------------------------------------------------------------------------------------


def _parse(params: View) -> list[tuple[View, View]]:
    """Check everything that can be checked without the server; all mistakes are reported together.

    :raises InputError: when one option is wrong
    :raises BulkFailed: when several are
    """
    if not 1 <= params["max_parallel"] <= MOST_PARALLEL:
        raise InputError("max_parallel", f"must be between 1 and {MOST_PARALLEL} (got {params['max_parallel']})")
    if params["plan"] is not None:
        saved.check_part(params["plan"])
    if params["prune"] and not params["jobs"]:
        raise InputError("jobs", "must not be empty with prune: every job in the scope would be deleted")
    errors: list[InputError] = []
    seen: dict[t.Any, int] = {}
    parsed = []
    for number, job in enumerate(params["jobs"]):
        given: View = {}
        copy: View = {}
        try:
            given = model.parse_job(job, spreads=True)
            _check_once(job, number, seen)
        except InputError as error:
            error.option = f"jobs[{number}].{error.option}".rstrip(".")
            errors.append(error)
        try:
            copy = _parse_copy(job)
        except InputError as error:
            error.option = f"jobs[{number}].copy_job.{error.option}".rstrip(".")
            errors.append(error)
        parsed.append((given, copy))
    _raise_all(errors)
    return parsed


def _parse_copy(job: View) -> View:
    if job["copy_job"] is None:
        return {}
    if job["state"] == "absent":
        raise InputError("", "not supported with state: absent; leave it out, and set delete_copy_job")
    return copy_model.parse_copy_job(job["copy_job"])


def _check_once(job: View, number: int, seen: dict[t.Any, int]) -> None:
    key = id_key(job["id"]) if job["id"] else job_key(job["organization"], job["name"])
    if key in seen:
        raise InputError("id" if job["id"] else "name", f"same job as jobs[{seen[key]}]; declare each job once")
    seen[key] = number


def _check_versions(jobs: t.Sequence[View], parsed: t.Sequence[tuple[View, View]], client: Client) -> None:
    """Fail for features that the API version in use lacks, before the first request that needs a login."""
    errors: list[InputError] = []
    for number, (job, (given, _unused)) in enumerate(zip(jobs, parsed)):
        path = f"jobs[{number}]."
        try:
            plain = {key: value for key, value in job.items() if key != "copy_job"}
            check_supported(plain, client.version, path)
            for field in model.ITEMS:
                check_flags(given.get(field) or [], client.version, path + field)
            if job["copy_job"] is not None:
                client.version.require("backup copy jobs", copy_model.COPY_JOB.since, f"{path}copy_job")
                copy_model.COPY_JOB.check_version(job["copy_job"], client.version.number, f"{path}copy_job.")
        except InputError as error:
            errors.append(error)
    _raise_all(errors)


def _raise_all(errors: list[InputError]) -> None:
    error = joined(errors)
    if error:
        raise error
