# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Backup proxies and their pools."""

from __future__ import annotations

from .._api._client import Client
from .._api._references import PROXY
from .._core._describe import describe
from .._core._info import Described
from .._types import Data


def pools(client: Client) -> Data:
    """The pools of proxies, which exist from v8 on; no key of theirs holds an enum value."""
    found = client.list("ProxyPools") if client.version.has_proxy_pools else ()
    return {"proxy_pools": [describe(pool, ()) for pool in found]}


PROXIES = Described(
    "proxies",
    PROXY,
    enums=("type", "status", "operatingSystem", "maintenanceModeState", "internetProxyType"),
    beside=pools,
)
