# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The work of C(vbo_job_info), from options to result."""

from __future__ import annotations

import typing as t

from ..._api._client import Client
from ..._api._references import Catalog, tell_twins
from ..._api._versions import ApiVersion
from ..._core._host import Host
from ..._errors import InputError, NotFound
from ..._spelling import job_key, matches, same_id
from ..._types import Data, Raw
from . import _model as model
from ._fields import supported
from ._item_lists import JobItems
from ._run import sessions_of


def read_jobs(host: Host) -> Data:
    """Jobs as people see them, and the same as input for C(vbo_job)."""
    params = host.params
    if params["deleted_items"] and not params["items"]:
        raise InputError("deleted_items", "requires items: true")
    with host.client() as client:
        catalog = Catalog(client)
        repository = catalog.repository(params["repository"])["id"] if params["repository"] else None
        jobs = []
        for raw in _listed(host, client, catalog):
            items = _items(client, raw) if params["items"] else {}
            if items is None:
                continue
            view = model.read_job({**raw, **items}, catalog, client.version)
            if _filtered(view, raw, params, repository):
                job = {"id": raw["id"], **view, "status": model.read_status(raw)}
                if params["last_session"]:
                    job["last_session"] = next(iter(sessions_of(client, raw["id"])), None)
                jobs.append(job)
        jobs.sort(key=lambda job: (*job_key(job["organization"], job["name"]), job["id"]))
        config = [as_config(job, client.version) for job in jobs]
        if params["deleted_items"]:
            for job in jobs:
                owner = str(catalog.organization(job["organization"])["id"])
                marked = JobItems(client).marked
                job.update({field: marked(job[field], owner) for field in model.ITEMS if field in job})
        return {
            "changed": False,
            "jobs": jobs,
            "config": config,
            "api_version": client.version.name,
        }


def _listed(host: Host, client: Client, catalog: Catalog) -> list[Raw]:
    """The jobs that are left by the filters which need no view: id, organization and name."""
    params = host.params
    organization = catalog.organization(params["organization"])["id"] if params["organization"] else None
    if params["id"]:
        one = client.find(f"Jobs/{params['id']}")
        raws = [one] if one else []
    else:
        raws = list(client.list(*client.version.jobs_path(organization)))
    raws = [raw for raw in raws if organization is None or same_id(model.organization_id(raw), organization)]
    found = [raw for raw in raws if matches(params["name"], raw.get("name"))]
    if not found:
        tell_twins(host.warn, "name", params["name"], (raw.get("name") for raw in raws))
    return found


def _items(client: Client, raw: dict[str, t.Any]) -> dict[str, t.Any] | None:
    """The lists of items that a job has; selected ones belong to one type of job only. None if the job is gone."""
    items = JobItems(client)
    fields = model.ITEMS if raw.get("backupType") == "SelectedItems" else {"excluded_items": "excludedItems"}
    try:
        return {model.ITEMS[field]: items.read(raw["id"], field) for field in fields}
    except NotFound:
        if client.find(f"Jobs/{raw['id']}") is None:
            return None  # somebody has deleted it since the list was read
        raise


def _filtered(view: dict[str, t.Any], raw: dict[str, t.Any], params: dict[str, t.Any], repository: str | None) -> bool:
    if repository and not same_id(model.repository_id(raw), repository):
        return False
    if params["enabled"] is not None and view["enabled"] != params["enabled"]:
        return False
    return not params["status"] or model.read_status(raw)["last_status"] in params["status"]


def as_config(job: dict[str, t.Any], version: ApiVersion) -> dict[str, t.Any]:
    """The job as input for C(vbo_job); applying it changes nothing."""
    config = {key: job[key] for key in model.FIELDS if key in job}
    config["schedule_policy"] = {
        key: value
        for key, value in job["schedule_policy"].items()
        if supported(f"schedule_policy.{key}", version, value)
    }
    return config
