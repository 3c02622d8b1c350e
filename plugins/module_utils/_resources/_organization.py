# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""What the information modules beside C(vbo_job_info) do."""

from __future__ import annotations

import typing as t

from .._api._references import Catalog, Thing, pick, tell_twins
from .._api._versions import VERSIONS
from .._core._describe import describe
from .._errors import InputError, NotFound
from .._spelling import folded, matches, same_id, site_key
from ._job import _model as job_model
from ._job._object import JobResource
from ._job._session import instant, parse_since
from ._job._session_reads import log_of, sessions_of

COLLECTIONS = {"user": "Users", "group": "Groups", "site": "Sites", "team": "Teams"}
#: the keys by which people search for an object
SEARCHED = ("name", "displayName", "mail", "url", "title")


def read_sessions(host: t.Any) -> dict[str, t.Any]:
    """Sessions of one job or of all, the newest first."""
    params = host.params
    since = parse_since(params["since"], "since")
    if params["organization"] and not (params["id"] or params["name"]):
        raise InputError("organization", "tells jobs of the same name apart; give name too, or leave it out")
    with host.client() as client:
        job_id = None
        if params["id"] or params["name"]:
            given = job_model.parse_job({key: params[key] for key in ("name", "organization")})
            resource = JobResource(client, Catalog(client), given, identifier=params["id"])
            raw = resource.find()
            if raw is None:
                raise NotFound(f"{resource.label()} does not exist", advice="Check name and organization, or give id.")
            job_id = raw["id"]
        found = [
            session
            for session in sessions_of(client, job_id)
            if (not params["status"] or session["status"] in params["status"])
            and (since is None or instant(session["creation_time"]) >= since)
        ][: params["newest"]]
        if params["log_items"]:
            for session in found:
                session["log_items"] = log_of(client, session["id"])
        return {"changed": False, "sessions": found, "api_version": client.version.name}


def read_organizations(host: t.Any) -> dict[str, t.Any]:
    """Organizations, with the state of their backups on request."""
    params = host.params
    with host.client() as client:
        extended = {"extendedView": str(params["extended"]).lower()} if client.version.has_extended_view else None
        things = list(client.list("Organizations", extended))
        return _listed(host, "organizations", things, ("name", "officeName"), client.version.name)


def read_organization_objects(host: t.Any) -> dict[str, t.Any]:
    """Users, groups, sites or teams of one organization."""
    params = host.params
    with host.client() as client:
        client.version.require("team objects", 5 if params["type"] == "team" else 0, "type")
        organization = Catalog(client).organization(params["organization"])
        path = f"Organizations/{organization['id']}/{COLLECTIONS[params['type']]}"
        query = {"includePersonalSites": "true"} if params["type"] == "site" and params["personal_sites"] else None
        listed = list(client.list(path, query))
        objects = [describe(thing) for thing in listed if _searched(thing, params["name"])]
        if not objects:
            tell_twins(
                host.warn,
                "name",
                params["name"],
                (thing[key] for thing in listed for key in SEARCHED if thing.get(key)),
            )
        objects.sort(key=lambda thing: folded(thing.get("name") or thing.get("mail") or thing.get("url")))
        return {"changed": False, "objects": objects, "api_version": client.version.name}


def read_repositories(host: t.Any) -> dict[str, t.Any]:
    """Backup repositories."""
    with host.client() as client:
        things = list(client.list("BackupRepositories"))
        return _listed(host, "repositories", things, ("name",), client.version.name)


def read_proxies(host: t.Any) -> dict[str, t.Any]:
    """Backup proxies, and from v8 on their pools."""
    with host.client() as client:
        pools = list(client.list("ProxyPools")) if client.version.has_proxy_pools else []
        result = _listed(host, "proxies", list(client.list("Proxies")), ("hostName", "fqdn"), client.version.name)
        return {**result, "proxy_pools": [describe(pool) for pool in pools]}


def read_server(host: t.Any) -> dict[str, t.Any]:
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
            "health": describe(health) if health else None,
            "license": describe(licence) if licence else None,
        }


def _listed(host: t.Any, key: str, things: list[Thing], names: t.Sequence[str], version: str) -> dict[str, t.Any]:
    """The things that the filters C(id) and C(name) leave, described, in the order of their names."""
    params = host.params
    if params["id"]:
        things = [thing for thing in things if same_id(thing.get("id"), params["id"])]
    if params["name"]:
        try:
            things = [pick(key, params["name"], things, names)] if things else []
        except NotFound:
            tell_twins(
                host.warn,
                "name",
                params["name"],
                (thing[name] for thing in things for name in names if thing.get(name)),
            )
            things = []
    described = [describe(thing) for thing in sorted(things, key=lambda thing: folded(thing.get(names[0])))]
    return {"changed": False, key: described, "api_version": version}


def _searched(thing: Thing, pattern: str | None) -> bool:
    if not pattern:
        return True
    if thing.get("url") and site_key(pattern) == site_key(str(thing["url"])):
        return True
    return any(matches(pattern, str(thing[key])) for key in SEARCHED if thing.get(key))
