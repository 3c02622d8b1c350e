# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Organizations and their objects: users, groups, sites and teams."""

from __future__ import annotations

from .._api._client import Client
from .._api._references import ORGANIZATION, Catalog, tell_twins
from .._core._describe import describe
from .._core._host import Host
from .._core._info import Described
from .._input._argspec import ArgSpec
from .._spelling import folded, matches, site_key
from .._types import Data, Raw

ORGANIZATION_INFO = ArgSpec({"extended": {"type": "bool", "default": False}})

OBJECT_FILTERS = ArgSpec(
    {
        "organization": {"type": "str", "required": True},
        "type": {"type": "str", "required": True, "choices": ["user", "group", "site", "team"]},
        "name": {"type": "str"},
        "personal_sites": {"type": "bool", "default": False},
    }
)

#: keys of users, groups, sites and teams whose values are enum values of the API
OBJECT_ENUMS = ("type", "locationType")

COLLECTIONS = {"user": "Users", "group": "Groups", "site": "Sites", "team": "Teams"}
#: the keys by which people search for an object
SEARCHED = ("name", "displayName", "mail", "url", "title")


def with_backups(client: Client, params: Data) -> Data | None:
    """Return the query that includes or excludes the state of backups."""
    return {"extendedView": str(params["extended"]).lower()} if client.version.has_extended_view else None


ORGANIZATIONS = Described(
    "organizations",
    ORGANIZATION,
    enums=("type", "region"),
    query=with_backups,
)


def read_organization_objects(host: Host) -> Data:
    """Users, groups, sites or teams of one organization."""
    params = host.params
    with host.client() as client:
        client.version.require("team objects", 5 if params["type"] == "team" else 0, "type")
        organization = Catalog(client).organization(params["organization"])
        path = f"Organizations/{organization['id']}/{COLLECTIONS[params['type']]}"
        query = {"includePersonalSites": "true"} if params["type"] == "site" and params["personal_sites"] else None
        listed = list(client.list(path, query))
        objects = [describe(thing, OBJECT_ENUMS) for thing in listed if _searched(thing, params["name"])]
        if not objects:
            tell_twins(
                host.warn,
                "name",
                params["name"],
                (thing[key] for thing in listed for key in SEARCHED if thing.get(key)),
            )
        objects.sort(key=lambda thing: folded(thing.get("name") or thing.get("mail") or thing.get("url")))
        return {"changed": False, "objects": objects, "api_version": client.version.name}


def _searched(thing: Raw, pattern: str | None) -> bool:
    if not pattern:
        return True
    if thing.get("url") and site_key(pattern) == site_key(str(thing["url"])):
        return True
    return any(matches(pattern, str(thing[key])) for key in SEARCHED if thing.get(key))
