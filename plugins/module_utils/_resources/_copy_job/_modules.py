# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The work of C(vbo_copy_job) and C(vbo_copy_job_info)."""

from __future__ import annotations

from ..._api._references import Catalog, tell_twins
from ..._core._host import Host
from ..._core._plan import run
from ..._spelling import id_key, job_key, same_id, same_name
from ..._types import Data
from .._job import _model as job_model
from .._job._object import JobResource
from .._job._running import WhenRunning
from ._model import COPY_JOB, parse_copy_job
from ._object import CopyJobResource


def manage_copy_job(host: Host) -> Data:
    """The copy job of one backup job: create, change, enable, disable, delete."""
    params = host.params
    given = parse_copy_job(params)
    identity = job_model.parse_job({"name": params["job"], "organization": params["organization"]})
    with host.client() as client:
        client.version.require("backup copy jobs", COPY_JOB.since, "job")
        COPY_JOB.check_version(params, client.version.number)
        catalog = Catalog(client)
        job = JobResource(client, catalog, identity, identifier=params["job_id"], name_option="job")
        when_running = WhenRunning(params["when_running"], params["wait_timeout"], params["wait_interval"])
        again = params["when_edited"] == "retry"
        resource = CopyJobResource(client, catalog, job, job.find(), given, when_running, again)
        return run(resource, params["state"], host)


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
