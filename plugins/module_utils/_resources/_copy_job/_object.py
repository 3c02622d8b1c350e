# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Backup copy jobs on the server; identified by the job whose backups they copy."""

from __future__ import annotations

from ..._api._client import Client
from ..._api._references import ORGANIZATION, Catalog
from ..._core._plan import Plan
from ..._errors import InputError, NotFound
from ..._spelling import same_id, snake
from ..._types import Raw, Target, View
from .._job._fields import JOB
from .._job._list import JobList
from .._job._model import organization_id, repository_id
from .._job._object import JobResource
from .._job._running import USUALLY, Runs, WhenRunning
from ._model import COPY_JOB
from ._schedule import WINDOW

#: properties that source and target must have in common, and their keys
SAME = {"retention type": ("retentionType",), "proxy or proxy pool": ("proxyPoolId", "proxyId")}


class OfJob:
    """Names and ids in a copy job: those of its job are known, others are requested.

    :arg job: the backup job; one that is to be created has no id yet
    """

    def __init__(self, catalog: Catalog, job: Raw) -> None:
        self.catalog, self.job = catalog, job

    def name(self, target: Target, identifier: str | None) -> str | None:
        if target is JOB:
            return self.job.get("name")
        return self.catalog.name(target, organization_id(self.job) if target is ORGANIZATION else identifier)

    def identifier(self, target: Target, wanted: str) -> str:
        if target is JOB:
            return str(self.job["id"])
        return str(organization_id(self.job)) if target is ORGANIZATION else self.catalog.identifier(target, wanted)


class CopyJobResource(Runs):
    """The copy job of one backup job, as the pipeline sees it.

    :arg job: the backup job as it was named
    :arg backup_job: the server's object of it, or None
    :arg given: the user's options after :func:`parse_copy_job`
    """

    def __init__(
        self,
        client: Client,
        catalog: Catalog,
        job: JobResource,
        backup_job: Raw | None,
        given: View,
        when_running: WhenRunning = USUALLY,
        plans_again: bool = True,
    ) -> None:
        names = OfJob(catalog, backup_job or {})
        super().__init__(COPY_JOB, client, names, given, None, when_running, job.jobs, plans_again)
        self.catalog, self.job, self.backup_job = catalog, job, backup_job

    def of(self, backup_job: Raw) -> CopyJobResource:
        """Return the same resource for a backup job that was read later."""
        return CopyJobResource(
            self.client, self.catalog, self.job, backup_job, self.given, self.when_running, self.plans_again
        )

    def label(self) -> str:
        return f"copy job of {self.job.label()}"

    def header(self) -> str:
        return f"{self.job.header()} (copy)"

    # --- reading ---------------------------------------------------------------------------------

    def find_again(self, known: Raw) -> Raw | None:
        return self._look_up()

    def _found_in(self, jobs: JobList | None) -> Raw | None:
        if self.backup_job is None:
            return None
        found = (jobs or JobList(self.client, self.catalog)).copy_job_of(self.backup_job["id"])
        return self.whole(found) if found else None

    def whole(self, raw: Raw) -> Raw:
        """Add the ids of its job and organization to a copy job, because the server may not return them."""
        job = self.backup_job or {}
        return {**raw, "backupJobId": job.get("id"), "organizationId": organization_id(job)}

    # --- planning --------------------------------------------------------------------------------

    def desired(self, raw: Raw | None, view: View | None) -> View:
        if self.backup_job is None:
            raise NotFound(
                f"{self.job.label()} does not exist", advice="A backup copy job requires an existing backup job."
            )
        given = dict(self.given)
        if raw is None:
            if "repository" not in given:
                raise InputError("repository", "required to create a copy job")
            given["job"] = self.backup_job["name"]
            given["organization"] = self.catalog.organization_name(organization_id(self.backup_job))
        return self.kind.overlay(view, given, self.names, raw=raw)

    def check(self, plan: Plan) -> None:
        super().check(plan)
        if plan.after is not None and "repository" in plan.fields:
            self._check_target(self.catalog.repository(plan.after["repository"]))

    def _check_target(self, target: Raw) -> None:
        """Fail for a target that the product rejects, as far as the server provides the facts.

        The rules are those of the product (User Guide, "Backup Copy" and "Select Target Backup Repository").
        """
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
            raise InputError("repository", f"'{name}' is the repository of the backup job itself; choose another one")
        for what, keys in SAME.items():
            one, other = (next((thing[key] for key in keys if thing.get(key)), None) for thing in (source, target))
            if one and other and not same_id(one, other):
                raise InputError(
                    "repository",
                    f"'{name}' must have the same {what} as the repository '{source.get('name')}' of the backup job "
                    f"({snake(str(other))} instead of {snake(str(one))})",
                )
        for repository in (source, target):
            if repository.get("path") and not (repository.get("objectStorage") or repository.get("objectStorageId")):
                raise InputError(
                    "repository",
                    f"'{repository.get('name')}' is not an object storage repository; "
                    "a backup copy job requires one as source and target",
                )

    def warnings(self, plan: Plan) -> list[str]:
        policy = (plan.after or {}).get("schedule_policy") or {}
        if "schedule_policy" in self.given and policy.get(WINDOW) == ["never"]:
            return [f"schedule_policy.{WINDOW} is 'never': the copy job can never run."]
        return []

    # --- writing ---------------------------------------------------------------------------------

    def update(self, plan: Plan) -> None:
        self.wait_for_end(plan)
        super().update(plan)

    def delete(self, plan: Plan) -> None:
        self.wait_for_end(plan)
        super().delete(plan)
