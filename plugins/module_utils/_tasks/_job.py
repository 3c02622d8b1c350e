# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""What C(vbo_job) and C(vbo_job_info) do: options in, result out; the host is a module process or the controller."""

from __future__ import annotations

import typing as t

from .._models import _job as model
from .._models._items import check_items
from .._names import same_id
from .._resource import run
from .._resources._catalog import Catalog
from .._resources._job import JobResource
from .._resources._running import WhenRunning
from .._versions import ApiVersion, check_supported, supported


def manage_job(host: t.Any) -> dict[str, t.Any]:
    """One backup job: create, change, rename, enable, disable, delete."""
    params = host.params
    given = model.parse_job(params)
    with host.client() as client:
        check_supported(params, client.version)
        for field in model.ITEMS:
            check_items(given.get(field) or [], client.version, field)
        resource = JobResource(
            client,
            Catalog(client),
            given,
            identifier=params["id"],
            proxy=params["proxy"],
            run_now=params["run_now"],
            items_mode=params["items_mode"],
            when_running=WhenRunning(params["when_running"], params["wait_timeout"], params["wait_interval"]),
            delete_copy_job=params["delete_copy_job"],
        )
        return run(resource, params["state"], host)


def read_jobs(host: t.Any) -> dict[str, t.Any]:
    """Jobs as people see them, and the same as input for C(vbo_job)."""
    params = host.params
    with host.client() as client:
        catalog = Catalog(client)
        organization = catalog.organization(params["organization"])["id"] if params["organization"] else None
        if params["id"]:
            found = client.find(f"Jobs/{params['id']}")
            raws = [found] if found else []
        else:
            path, query = client.version.jobs_path(organization)
            raws = list(client.list(path, query))
        jobs = []
        for raw in raws:
            if params["name"] and str(raw.get("name")).casefold() != params["name"].casefold():
                continue
            if organization and not same_id(model.organization_id(raw), organization):
                continue
            view = model.read_job(raw, catalog, client.version)
            jobs.append({"id": raw["id"], **view, "status": model.read_status(raw)})
        jobs.sort(key=lambda job: (str(job["organization"]).casefold(), job["name"].casefold(), job["id"]))
        return {
            "changed": False,
            "jobs": jobs,
            "config": [as_config(job, client.version) for job in jobs],
            "api_version": client.version.name,
        }


def as_config(job: dict[str, t.Any], version: ApiVersion) -> dict[str, t.Any]:
    """A job as options of C(vbo_job): what applying it would change nothing of."""
    config = {key: job[key] for key in model.FIELDS if key in job}
    config["schedule_policy"] = {
        key: value
        for key, value in job["schedule_policy"].items()
        if supported(f"schedule_policy.{key}", version, value)
    }
    return config
