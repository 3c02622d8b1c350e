# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The work of C(vbo_copy_job), from options to result."""

from __future__ import annotations

from ..._api._references import Catalog
from ..._core._host import Host
from ..._core._plan import run
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
