# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Backup copy jobs on the server (rest-api §8); identified by the job whose backups they copy."""

from __future__ import annotations

import typing as t

from ..._api._answers import is_object
from ..._api._client import Client
from ..._api._references import Catalog
from ..._core._edits import check_edits
from ..._core._plan import Plan, patiently, settle
from ..._errors import Edited, InputError, NotFound
from ..._spelling import same_id, snake, truth
from ..._types import Change, Raw, View
from .._job._list import JobList
from .._job._model import organization_id, read_status, repository_id
from .._job._object import JobResource
from .._job._running import WhenRunning
from . import _model as model

#: what source and target must have in common, and where the server tells it
SAME = {"retention type": ("retentionType",), "proxy or proxy pool": ("proxyPoolId", "proxyId")}


class CopyJobResource:
    """The copy job of one backup job, as the pipeline sees it.

    :arg job: the backup job, by name or id
    :arg given: the user's options after :func:`parse_copy_job`
    :arg backup_job: the server's object of the backup job where it is known already
    :arg plans_again: whether a new plan is made when somebody edits the copy job meanwhile
    """

    noun = "copy_job"

    def __init__(
        self,
        client: Client,
        catalog: Catalog,
        job: JobResource,
        given: View,
        when_running: WhenRunning | None = None,
        backup_job: Raw | None = None,
        plans_again: bool = True,
    ) -> None:
        self.client = client
        self.catalog = catalog
        self.job = job
        self.given = dict(given)
        self.when_running = when_running or WhenRunning()
        self.backup_job = backup_job
        self.plans_again = plans_again
        self._listed = True

    def label(self) -> str:
        return f"copy job of {self.job.label()}"

    def header(self) -> str:
        return f"{self.job.header()} (copy)"

    # --- reading ---------------------------------------------------------------------------------

    def find(self) -> Raw | None:
        return self._found_in(self.job.jobs if self._listed else None)

    def _found_in(self, jobs: JobList | None) -> Raw | None:
        if self.backup_job is None:
            self.backup_job = self.job.find()
        if self.backup_job is None:
            return None
        return (jobs or JobList(self.client, self.catalog)).copy_job_of(self.backup_job["id"])

    def _look_up(self) -> Raw | None:
        """The copy job as the server has it now, whatever was listed before."""
        return self._found_in(None)

    def read(self, identifier: str) -> Raw | None:
        return self.client.find(f"CopyJobs/{identifier}")

    def view(self, raw: Raw) -> View:
        backup_job = self.backup_job or {}
        return model.read_copy_job(
            raw,
            backup_job.get("name"),
            self.catalog.organization_name(organization_id(backup_job)),
            self.catalog.repository_name(repository_id(raw)),
        )

    def changes(self, before: View, after: View) -> list[Change]:
        return model.copy_job_changes(before, after)

    def diff_view(self, view: View | None) -> View | None:
        return view

    def result(self, raw: Raw | None, view: View | None) -> View:
        raw = raw or {}
        return {"id": raw.get("id"), "name": raw.get("name"), **(view or {}), "status": read_status(raw)}

    # --- planning --------------------------------------------------------------------------------

    def desired(self, raw: Raw | None, view: View | None) -> View:
        if self.backup_job is None:
            raise NotFound(
                f"{self.job.label()} does not exist", advice="A copy job needs the backup job that it copies."
            )
        given = dict(self.given)
        if raw is None:
            if "repository" not in given:
                raise InputError("repository", "is needed to create a copy job")
            given["job"] = self.backup_job["name"]
            given["organization"] = self.catalog.organization_name(organization_id(self.backup_job))
        if "repository" in given:
            given["repository"] = self.catalog.repository_name(self.catalog.repository(given["repository"])["id"])
        return model.overlay_copy_job(view, given, raw)

    def check(self, plan: Plan) -> None:
        if plan.raw is not None:
            self.when_running.check(plan.raw, plan.action)
        if plan.after is not None and "repository" in plan.fields:
            self._check_target(self.catalog.repository(plan.after["repository"]))

    def _check_target(self, target: Raw) -> None:
        """What the product refuses (rest-api §8), as far as the server tells it."""
        source = next(
            (
                thing
                for thing in self.catalog.repositories
                if same_id(thing.get("id"), repository_id(self.backup_job or {}))
            ),
            {},
        )
        name = target.get("name")
        if same_id(source.get("id"), target.get("id")):
            raise InputError("repository", f"'{name}' is the repository of the job itself; name another one")
        for what, keys in SAME.items():
            one, other = (next((thing[key] for key in keys if thing.get(key)), None) for thing in (source, target))
            if one and other and not same_id(one, other):
                raise InputError(
                    "repository",
                    f"'{name}' has another {what} than the job's repository '{source.get('name')}', "
                    f"and a copy needs the same ({snake(str(one))} and {snake(str(other))})",
                )
        for repository in (source, target):
            if repository.get("path") and not (repository.get("objectStorage") or repository.get("objectStorageId")):
                raise InputError(
                    "repository",
                    f"'{repository.get('name')}' is not an object storage repository; a copy needs one on both sides",
                )

    def warnings(self, plan: Plan) -> list[str]:
        policy = (plan.after or {}).get("schedule_policy") or {}
        if "schedule_policy" in self.given and policy.get(model.WINDOW) == ["never"]:
            return [f"schedule_policy.{model.WINDOW} is 'never': the copy job can never run."]
        return []

    # --- writing ---------------------------------------------------------------------------------

    def create(self, plan: Plan) -> str:
        wanted, backup_job = t.cast(View, plan.after), t.cast(Raw, self.backup_job)
        body = {
            "backupJobId": backup_job["id"],
            "repositoryId": self.catalog.repository(wanted["repository"])["id"],
            "isEnabled": wanted["enabled"],
            "schedulePolicy": model.write_copy_policy(wanted["schedule_policy"], None, self._policy()),
        }
        if self.client.version.has_organization_in_copy_job:
            body["organizationId"] = organization_id(backup_job)
        made = settle(lambda: self.client.request("POST", "CopyJobs", body=body), self._look_up)
        if not is_object(made):
            made = patiently(self._look_up, bool)
        if not made:
            raise NotFound("the server accepted the request, yet there is no such copy job")
        if truth(made.get("isEnabled")) != wanted["enabled"]:
            self._enable(made["id"], wanted["enabled"])
        return str(made["id"])

    def update(self, plan: Plan) -> None:
        raw, wanted = t.cast(Raw, plan.raw), t.cast(View, plan.after)
        self.when_running.wait(raw, plan.action, self._status)
        if plan.fields - {"enabled"}:
            self._check_edits(raw)
        if "enabled" in plan.fields and not wanted["enabled"]:
            self._enable(raw["id"], False)
        body: Raw = {}
        if "repository" in plan.fields:
            body["repositoryId"] = self.catalog.repository(wanted["repository"])["id"]
        if "schedule_policy" in plan.fields:
            body["schedulePolicy"] = model.write_copy_policy(
                wanted["schedule_policy"], raw.get("schedulePolicy"), self._policy()
            )
        if body:
            path = f"CopyJobs/{raw['id']}"
            settle(lambda: self.client.request("PUT", path, body=body), lambda: self._shows(plan))
        if "enabled" in plan.fields and wanted["enabled"]:
            self._enable(raw["id"], True)

    def _check_edits(self, raw: Raw) -> None:
        """Make sure that what is sent next was made from what the copy job is."""
        try:
            check_edits(self, raw, self.read(raw["id"]))
        except Edited:
            self._listed = False
            raise

    def delete(self, plan: Plan) -> None:
        raw = t.cast(Raw, plan.raw)
        self.when_running.wait(raw, plan.action, self._status)
        path = f"CopyJobs/{raw['id']}"
        settle(lambda: self.client.request("DELETE", path), lambda: self.client.find(path) is None)

    def _policy(self) -> View:
        return self.given.get("schedule_policy") or {}

    def _status(self, identifier: str) -> Raw:
        return self.client.get(f"CopyJobs/{identifier}")

    def _shows(self, plan: Plan) -> bool:
        raw = self.read(t.cast(Raw, plan.raw)["id"])
        view = self.view(raw) if raw else {}
        return all(view.get(field) == t.cast(View, plan.after)[field] for field in plan.fields if field != "enabled")

    def _enable(self, identifier: str, enabled: bool) -> None:
        path = f"CopyJobs/{identifier}/{'enable' if enabled else 'disable'}"
        settle(
            lambda: self.client.request("POST", path),
            lambda: truth((self.read(identifier) or {}).get("isEnabled")) == enabled,
        )
