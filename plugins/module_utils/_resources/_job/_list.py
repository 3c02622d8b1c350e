# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The jobs of a server and their copy jobs, each listed once."""

from __future__ import annotations

from ..._api._client import Client
from ..._api._references import Catalog
from ..._errors import Ambiguous, InputError
from ..._spelling import folded, id_key, looks, same_id, told_apart
from ..._types import Raw
from . import _model as model


class JobList:
    """The jobs that a server had at the first request, found by id or name.

    :arg organization_id: list the jobs of one organization only
    """

    def __init__(self, client: Client, catalog: Catalog, organization_id: str | None = None) -> None:
        self.client = client
        self.catalog = catalog
        self._organization_id = organization_id
        self._jobs: list[Raw] | None = None
        self._by_id: dict[str, Raw] = {}
        self._by_name: dict[str, list[Raw]] = {}
        self._by_looks: dict[str, list[Raw]] = {}
        self._copy_jobs: dict[str, Raw] | None = None

    @property
    def jobs(self) -> list[Raw]:
        """All of them, in the server's order."""
        with self.client.lock:
            if self._jobs is None:
                self._jobs = list(self.client.list(*self.client.version.jobs_path(self._organization_id)))
                for job in self._jobs:
                    self._by_id[id_key(job["id"])] = job
                    self._by_name.setdefault(folded(job.get("name")), []).append(job)
        return self._jobs

    def get(self, identifier: str) -> Raw | None:
        """The job of this id, or None."""
        return self._by_id.get(id_key(identifier)) if self.jobs else None

    def named(self, name: str, organization_id: str | None) -> Raw | None:
        """Return the job with this name (ignoring case), or None.

        :raises Ambiguous: when several share it, with the organization and id of each
        """
        found = self._of(organization_id, self._by_name.get(folded(name), []) if self.jobs else [])
        found = [job for job in found if job["name"] == name] or found
        if len(found) > 1:
            listed = ", ".join(map(self._label, found))
            raise Ambiguous(f"job '{name}' is not unique: {listed}", advice="Give organization, or id.")
        return found[0] if found else None

    def check_looks(self, name: str, organization_id: str | None, option: str, identifier: str | None = None) -> None:
        """Fail if another job has a name that looks the same, so that they cannot be confused.

        :arg option: the option with the name
        :arg identifier: the job that has or gets this name, and is no other one
        :raises InputError: with the characters in which the names differ
        """
        with self.client.lock:
            if self.jobs and not self._by_looks:
                for job in self.jobs:
                    self._by_looks.setdefault(looks(job.get("name")), []).append(job)
        for job in self._of(organization_id, self._by_looks.get(looks(name), [])):
            if folded(job["name"]) != folded(name) and not same_id(job["id"], identifier):
                raise InputError(
                    option,
                    f"no job has this exact name, but {self._label(job)} looks the same: "
                    f"{told_apart(name, job['name'])}; write the name exactly as on the server, or use id",
                )

    def _of(self, organization_id: str | None, jobs: list[Raw]) -> list[Raw]:
        """The jobs of an organization, or all of them."""
        # Jobs listed for one organization belong to it, even if their own data differs.
        if not organization_id or self._organization_id:
            return jobs
        return [job for job in jobs if same_id(model.organization_id(job), organization_id)]

    def _label(self, job: Raw) -> str:
        owner = self.catalog.organization_name(model.organization_id(job))
        return f"'{job['name']}' in '{owner}' (id {job['id']})"

    def copy_job_of(self, identifier: str | None) -> Raw | None:
        """The copy job of a backup job, or None."""
        with self.client.lock:
            if self._copy_jobs is None:
                self._copy_jobs = {id_key(job.get("backupJobId")): job for job in self.client.list("CopyJobs")}
        return self._copy_jobs.get(id_key(identifier))
