# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The work of C(vbo_job), from options to result."""

from __future__ import annotations

from ..._api._references import Catalog
from ..._core._host import Host
from ..._core._plan import run
from ..._types import Data
from . import _model as model
from ._fields import check_supported
from ._items import check_flags
from ._object import Handling, JobResource
from ._running import WhenRunning


def manage_job(host: Host) -> Data:
    """One backup job: create, change, rename, enable, disable, delete."""
    params = host.params
    given = model.parse_job(params)
    with host.client() as client:
        check_supported(params, client.version)
        for field in model.ITEMS:
            check_flags(given.get(field) or [], client.version, field)
        when_running = WhenRunning(params["when_running"], params["wait_timeout"], params["wait_interval"])
        handling = Handling.of(params, when_running)
        resource = JobResource(client, Catalog(client), given, params["id"], handling, announce=host.warn)
        return run(resource, params["state"], host)
