# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The jobs of a server and their copy jobs, each listed once."""

from __future__ import annotations

from .._client import Client
from .._errors import Ambiguous
from .._models import _job as model
from .._names import same_id
from .._resource import Raw
from ._catalog import Catalog


class JobList:
    """The jobs that a server had when it was first asked, to be found by id or name.

    :arg organization_id: list the jobs of one organization only
    """

    def __init__(self, client: Client, catalog: Catalog, organization_id: str | None = None) -> None:
        self.client = client
        self.catalog = catalog
        self._organization_id = organization_id
        self._jobs: list[Raw] | None = None
        self._by_id: dict[str, Raw] = {}
        self._by_name: dict[str, list[Raw]] = {}
        self._copy_jobs: dict[str, Raw] | None = None

    @property
    def jobs(self) -> list[Raw]:
        """All of them, in the server's order."""
        with self.client.lock:
            if self._jobs is None:
                self._jobs = list(self.client.list(*self.client.version.jobs_path(self._organization_id)))
                for job in self._jobs:
                    self._by_id[str(job["id"]).lower()] = job
                    self._by_name.setdefault(str(job.get("name")).casefold(), []).append(job)
        return self._jobs

    def get(self, identifier: str) -> Raw | None:
        """The job of this id, or None."""
        return self._by_id.get(identifier.lower()) if self.jobs else None

    def named(self, name: str, organization_id: str | None) -> Raw | None:
        """The job of this name, in any case of letters, or None.

        :raises Ambiguous: when several share it, with the organization and id of each
        """
        alike = self._by_name.get(name.casefold(), []) if self.jobs else []
        # What was listed for one organization belongs to it, whatever the server says of it.
        if organization_id and not self._organization_id:
            alike = [job for job in alike if same_id(model.organization_id(job), organization_id)]
        alike = [job for job in alike if job["name"] == name] or alike
        if len(alike) > 1:
            listed = ", ".join(
                f"'{job['name']}' in '{self.catalog.organization_name(model.organization_id(job))}' (id {job['id']})"
                for job in alike
            )
            raise Ambiguous(f"job '{name}' is not unique: {listed}", advice="Give organization, or id.")
        return alike[0] if alike else None

    def copy_job_of(self, identifier: str | None) -> Raw | None:
        """The copy job of a backup job, or None."""
        with self.client.lock:
            if self._copy_jobs is None:
                self._copy_jobs = {str(job.get("backupJobId")).lower(): job for job in self.client.list("CopyJobs")}
        return self._copy_jobs.get(str(identifier).lower())
