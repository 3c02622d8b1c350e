# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The work of C(vbo_copy_job_info), from options to result."""

from __future__ import annotations

from ..._api._references import Catalog, tell_twins
from ..._core._host import Host
from ..._spelling import id_key, job_key, same_id, same_name
from ..._types import Data
from .._job._object import JobResource
from ._model import COPY_JOB
from ._object import CopyJobResource


def read_copy_jobs(host: Host) -> Data:
    """Copy jobs as people see them, and the same as input for C(vbo_copy_job)."""
    params = host.params
    with host.client() as client:
        client.version.require("backup copy jobs", COPY_JOB.since, "api_version")
        catalog = Catalog(client)
        organization = catalog.organization(params["organization"])["id"] if params["organization"] else None
        path, query = client.version.jobs_path(organization)
        jobs = {id_key(job["id"]): job for job in client.list(path, query)}
        job = JobResource(client, catalog, {})
        found = []
        for raw in client.list("CopyJobs"):
            backup_job = jobs.get(id_key(raw.get("backupJobId")))
            if backup_job is None or (params["job"] and not same_name(backup_job["name"], params["job"])):
                continue
            if params["id"] and not same_id(raw["id"], params["id"]):
                continue
            reader = CopyJobResource(client, catalog, job, backup_job, {})
            found.append(reader.result(raw, reader.view(reader.whole(raw))))
        if not found:
            tell_twins(host.warn, "job", params["job"], (job.get("name") for job in jobs.values()))
        found.sort(key=lambda copy: job_key(copy["organization"], copy["job"]))
        return {
            "changed": False,
            "copy_jobs": found,
            "config": [{field.name: copy[field.name] for field in COPY_JOB.fields} for copy in found],
            "api_version": client.version.name,
        }
