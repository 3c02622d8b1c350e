# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Handlers for repositories, proxies, proxy pools, the licence and the server itself."""

from __future__ import annotations

from typing import Any

from ..store import protection
from ..store.model import Proxy, ProxyPool, Repository
from ..store.state import derived_id
from . import rules
from .links import href, link, listing
from .simple import storage_id
from .versions import BUILDS
from .web import Context, Reply, Route

#: used space of each object storage, in bytes
USED_BYTES = 412316860416


def proxy_of(ctx: Context, entry: Repository) -> str | None:
    """Return the proxy of a repository; up to v7, which have no pools, a proxy of its pool."""
    if entry.proxy or ctx.version.number >= 8:
        return entry.proxy
    proxies = ctx.server.state.proxies.values()
    return next((other.id for other in proxies if other.proxy_pool == entry.proxy_pool), None)


def render_repository(ctx: Context, entry: Repository) -> dict[str, Any]:
    """Render a repository, with only the retention fields of its period type."""
    number = ctx.version.number
    out: dict[str, Any] = {"id": entry.id, "name": entry.name, "description": entry.description}
    if not entry.object_storage:
        out["path"] = entry.path
    if not entry.object_storage or number <= 7:  # up to v7 object storage has a cache on the disk of its proxy
        out.update(capacityBytes=entry.capacity_bytes, freeSpaceBytes=entry.free_space_bytes)
    out["retentionType"] = entry.retention_type
    out["retentionPeriodType"] = entry.retention_period_type
    if entry.retention_period_type == "Daily":
        out["dailyRetentionPeriod"] = entry.daily_retention_period
    elif entry.retention_period_type == "Monthly":
        out["monthlyRetentionPeriod"] = entry.monthly_retention_period
    else:
        out["yearlyRetentionPeriod"] = entry.yearly_retention_period
    out.update(retentionFrequencyType="Daily", dailyTime="00:00:00", dailyType="Everyday")
    proxy = proxy_of(ctx, entry)
    if proxy:
        out["proxyId"] = proxy
    out["isOutOfSync"] = entry.is_out_of_sync
    if number >= 6:
        out["isLongTerm"] = entry.is_long_term
        out["objectStorageEncryptionEnabled"] = entry.encryption_key is not None
        if entry.encryption_key:
            out["encryptionKeyId"] = entry.encryption_key
    storage = storage_id(entry)
    if number in (6, 7) and entry.object_storage:
        out.update(objectStorageId=storage, objectStorageCachePath=entry.path)
    if number >= 8:
        out.update(isOutdated=False, isIndexed=True, isMigrationLocked=False, isOutOfOrder=False)
        if entry.proxy_pool:
            out["proxyPoolId"] = entry.proxy_pool
        if entry.object_storage:
            bucket = {"servicePoint": "https://s3.example.com", "customRegionId": "eu-1", "name": "vb365"}
            out["objectStorage"] = {
                "amazonBucketS3Compatible": bucket,
                "s3Folder": entry.name,
                "id": storage,
                "sizeLimitEnabled": False,
                "accountId": entry.cloud_account or derived_id(entry.id, "account"),
                "usedSpaceBytes": USED_BYTES,
                "enableImmutability": entry.immutable,
                "enableImmutabilityGovernanceMode": False,
                "type": "AmazonS3Compatible",
                "_links": {},
            }
            if entry.immutable:
                out["objectStorage"]["immutabilityPeriodDays"] = 30
    out["_links"] = {"self": link(ctx, f"BackupRepositories/{entry.id}")}
    if proxy:
        out["_links"]["proxy"] = link(ctx, f"Proxies/{proxy}")
    return out


def list_repositories(ctx: Context) -> Reply:
    """List all repositories, with the filters of the version."""
    number = ctx.version.number
    query = ctx.query
    entries = list(ctx.server.state.repositories.values())
    if number >= 4 and query.get("proxyid"):
        entries = [entry for entry in entries if (proxy_of(ctx, entry) or "").lower() == rules.guid(query["proxyid"])]
    if number >= 8 and query.get("proxypoolid"):
        entries = [entry for entry in entries if (entry.proxy_pool or "").lower() == rules.guid(query["proxypoolid"])]
    if number >= 8 and query.get("organizationid"):
        wanted = rules.guid(query["organizationid"])
        jobs = ctx.server.state.jobs.values()
        used = {job.repository for job in jobs if job.organization.lower() == wanted}
        entries = [entry for entry in entries if entry.id in used]
    if number >= 6 and query.get("longterm"):
        long_term = ctx.flag("longTerm")
        entries = [entry for entry in entries if entry.is_long_term == long_term]
    return listing(ctx, "repositories", entries, render_repository, "BackupRepositories")


def read_repository(ctx: Context) -> Reply:
    """Read one repository."""
    found = rules.with_id(ctx.server.state.repositories, ctx.params["repository"], "Backup repository")
    return Reply(200, render_repository(ctx, found))


def render_proxy(ctx: Context, entry: Proxy) -> dict[str, Any]:
    """Render a proxy."""
    number = ctx.version.number
    out: dict[str, Any] = {"id": entry.id, "hostName": entry.host_name, "description": entry.description}
    out["port"] = entry.port
    if number <= 5:
        out["isDefault"] = entry.is_default
    else:
        out["type"] = entry.type
    if number >= 7:
        out["fqdn"] = entry.host_name
    if number <= 5 or (number <= 7 and entry.status == "Online" and ctx.extended()):
        out["threadsNumber"] = entry.threads_number
    out.update(useInternetProxy=False, enableNetworkThrottling=False, status=entry.status)
    if 5 <= number <= 7:
        out["internetProxyType"] = "FromManagementServer"
    if number >= 8:
        if entry.proxy_pool:
            out["proxyPoolId"] = entry.proxy_pool
        out["operatingSystem"] = entry.operating_system
        out["maintenanceModeState"] = "Disabled"
        if entry.status == "Online":
            out.update(cpuUsagePercent=4.5, memoryUsagePercent=37.2)
        out["version"] = BUILDS[ctx.server.product]
        out["serviceAccount"] = "LocalSystem" if entry.operating_system == "Windows" else "veeam365backup"
        out["role"] = ["Processor"]
    out["_links"] = {"self": link(ctx, f"Proxies/{entry.id}")}
    out["_links"]["repositories"] = (
        link(ctx, f"Proxies/{entry.id}/Repositories")
        if number <= 7
        else {"href": f"{href(ctx, 'BackupRepositories')}?proxyId={entry.id}"}
    )
    return out


def find_proxy(ctx: Context) -> Proxy:
    """Return the proxy in the path."""
    return rules.with_id(ctx.server.state.proxies, ctx.params["proxy"], "Backup proxy")


def list_proxies(ctx: Context) -> Reply:
    """List all proxies."""
    return listing(ctx, "proxies", list(ctx.server.state.proxies.values()), render_proxy, "Proxies")


def read_proxy(ctx: Context) -> Reply:
    """Read one proxy."""
    return Reply(200, render_proxy(ctx, find_proxy(ctx)))


def repositories_of_proxy(ctx: Context) -> Reply:
    """List the repositories of a proxy, which v6 and v7 link to but do not document."""
    proxy = find_proxy(ctx)
    entries = [entry for entry in ctx.server.state.repositories.values() if proxy_of(ctx, entry) == proxy.id]
    return listing(ctx, "repositories", entries, render_repository, f"Proxies/{proxy.id}/Repositories")


def render_pool(ctx: Context, entry: ProxyPool) -> dict[str, Any]:
    """Render a proxy pool."""
    links = {"self": link(ctx, f"ProxyPools/{entry.id}"), "proxies": link(ctx, f"ProxyPools/{entry.id}/proxies")}
    return {"id": entry.id, "name": entry.name, "description": entry.description, "_links": links}


def find_pool(ctx: Context) -> ProxyPool:
    """Return the proxy pool in the path."""
    return rules.with_id(ctx.server.state.proxy_pools, ctx.params["pool"], "Proxy pool")


def list_pools(ctx: Context) -> Reply:
    """List all proxy pools."""
    return listing(ctx, "proxy_pools", list(ctx.server.state.proxy_pools.values()), render_pool, "ProxyPools")


def read_pool(ctx: Context) -> Reply:
    """Read one proxy pool."""
    return Reply(200, render_pool(ctx, find_pool(ctx)))


def proxies_of_pool(ctx: Context) -> Reply:
    """List the proxies of a pool."""
    pool = find_pool(ctx)
    entries = [entry for entry in ctx.server.state.proxies.values() if entry.proxy_pool == pool.id]
    return listing(ctx, "proxies", entries, render_proxy, f"ProxyPools/{pool.id}/proxies")


def license_information(ctx: Context) -> Reply:
    """Read the licence."""
    state = ctx.server.state
    entry = state.model.license
    used = entry.used_number
    if used is None:
        used = sum(len(protection.licensed(state, owner)) for owner in state.organizations.values())
    number = ctx.version.number
    out: dict[str, Any] = {
        "licenseID": "b0f7a3c2-6d7e-4f58-9a41-7c0d5e2b9f16",
        "email": "licences@example.com",
        "status": entry.status,
        "type": entry.type,
        "licensedTo": entry.licensed_to,
        "totalNumber": entry.total_number,
        "usedNumber": used,
        "newNumber": entry.new_number,
        "supportID": "01234567",
    }
    if number <= 6:
        out.update(expirationDate=entry.expires, contactPerson="Licence desk", supportExpirationDate=entry.expires)
    else:
        out.update(licenseExpires=entry.expires, gracePeriodExpires=entry.expires, package="M365Suite")
    return Reply(200, out)


def service_instance(ctx: Context) -> Reply:
    """Read the identity and build of the server."""
    model = ctx.server.state.model
    return Reply(200, {"installationId": model.installation_id, "version": BUILDS[ctx.server.product]})


def restore_portal(ctx: Context) -> Reply:
    """Read the settings of the restore portal, which needs no token."""
    out: dict[str, Any] = {"isEnabled": False, "msalAuthorityUri": "https://login.microsoftonline.com/common"}
    return Reply(200, out)


def health(ctx: Context) -> Reply:
    """Read the health of the services behind the server."""
    entries = {
        "nats": {"status": "Healthy", "description": "The message broker answers."},
        "configurationDb": {"status": "Healthy", "description": "The configuration database answers."},
    }
    return Reply(200, {"status": "Healthy", "entries": entries})


#: the routes of this module
ROUTES = (
    Route("GET", "BackupRepositories", list_repositories),
    Route("GET", "BackupRepositories/{repository}", read_repository),
    Route("GET", "Proxies", list_proxies),
    Route("GET", "Proxies/{proxy}", read_proxy),
    Route("GET", "Proxies/{proxy}/Repositories", repositories_of_proxy, until=7),
    Route("GET", "ProxyPools", list_pools, since=8),
    Route("GET", "ProxyPools/{pool}", read_pool, since=8),
    Route("GET", "ProxyPools/{pool}/proxies", proxies_of_pool, since=8),
    Route("GET", "License", license_information),
    Route("GET", "ServiceInstance", service_instance, since=6),
    Route("GET", "RestorePortalSettings", restore_portal, since=6, anonymous=True),
    Route("GET", "Health", health, since=8, anonymous=True),
)
