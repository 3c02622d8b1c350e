# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Backup proxies and their pools."""

from __future__ import annotations

from .._core._describe import describe
from .._core._host import Host
from .._core._info import listed
from .._types import Data

#: keys whose values are enum values of the API; pools have none
ENUMS = ("type", "status", "operatingSystem", "maintenanceModeState", "internetProxyType")


def read_proxies(host: Host) -> Data:
    """Backup proxies, and from v8 on their pools."""
    with host.client() as client:
        pools = list(client.list("ProxyPools")) if client.version.has_proxy_pools else []
        proxies = list(client.list("Proxies"))
        result = listed(host, "proxies", proxies, ("hostName", "fqdn"), ENUMS, client.version.name)
        return {**result, "proxy_pools": [describe(pool, ()) for pool in pools]}
