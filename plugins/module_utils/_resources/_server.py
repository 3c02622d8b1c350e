# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The server itself: its build, the API versions that it serves, its health and licence."""

from __future__ import annotations

from .._api._versions import VERSIONS
from .._core._describe import describe
from .._core._host import Host
from .._types import Data

#: keys of licence and health whose values are enum values of the API
ENUMS = ("type", "status")


def read_server(host: Host) -> Data:
    """Build, API versions served, health and licence of the server itself."""
    with host.client() as client:
        version = client.version
        served = [name for name in VERSIONS if name == version.name or client.serves(VERSIONS[name])]
        instance = client.get("ServiceInstance") if version.has_service_instance else {}
        licence = client.find("License") if version.has_licence else None
        health = client.find("Health") if version.has_health else None
        return {
            "changed": False,
            "api_version": version.name,
            "api_versions": sorted(served),
            "build": instance.get("version"),
            "installation_id": instance.get("installationId"),
            "health": describe(health, ENUMS) if health else None,
            "license": describe(licence, ENUMS) if licence else None,
        }
