# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Handlers for organizations and their users, groups, sites and teams."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..store import outcomes
from ..store.model import ZERO, Group, Organization, Site, Team, User
from ..store.state import Object, derived_id
from . import infrastructure, objects, rules
from .links import link, listing
from .texts import text_filter
from .web import Context, NotFound, Reply, Route

OLD_REGIONS = {"USDefence": "USgovDefence", "USGovernment": "USgovCommunity"}


def render(ctx: Context, entry: Organization) -> dict[str, Any]:
    """Render an organization; the fields that depend on proxies are part of the extended view only."""
    number = ctx.version.number
    renamed = ctx.server.switches.organization_name == "display" and entry.display_name
    out: dict[str, Any] = {"id": entry.id, "name": renamed or entry.name, "officeName": entry.office_name}
    out["type"] = entry.type
    out["region"] = entry.region if number >= 6 else OLD_REGIONS.get(entry.region, entry.region)
    if number >= 7 and entry.description:
        out["description"] = entry.description
    out["isExchangeOnline"] = entry.type != "OnPremises"
    out["isSharePointOnline"] = entry.type != "OnPremises"
    if number >= 5:
        out["isTeamsOnline"] = entry.is_teams_online
    if number >= 6:
        out["isTeamsChatsOnline"] = entry.is_teams_chats_online
    if entry.type != "OnPremises":
        settings: dict[str, Any] = {
            "useApplicationOnlyAuth": True,
            "officeOrganizationName": entry.name,
            "account": f"backup@{entry.name}",
            "grantAdminAccess": False,
            "useMfa": False,
            "sharePointSaveAllWebParts": False,
            "applicationId": entry.application_id,
            "applicationCertificateThumbprint": derived_id(entry.id, "thumbprint").replace("-", "").upper(),
        }
        out["exchangeOnlineSettings"] = settings
        out["sharePointOnlineSettings"] = dict(settings)
    if number >= 8:
        out["msid"] = entry.msid
        out["backedUpOrganizationId"] = f"{entry.name}:{ZERO}:{ZERO}"
    if ctx.extended():
        out["isBackedup"] = entry.last_backup_time is not None
        if entry.first_backup_time:
            out["firstBackuptime"] = entry.first_backup_time
        if entry.last_backup_time:
            out["lastBackuptime"] = entry.last_backup_time
    base = f"Organizations/{entry.id}"
    out["_links"] = {
        "self": link(ctx, base),
        "jobs": link(ctx, f"{base}/Jobs", 7 if number >= 8 else None),
        "groups": link(ctx, f"{base}/Groups"),
        "users": link(ctx, f"{base}/Users"),
        "sites": link(ctx, f"{base}/Sites"),
        "usedRepositories": link(ctx, f"{base}/usedRepositories"),
    }
    if number >= 5:
        out["_links"]["teams"] = link(ctx, f"{base}/Teams")
    if number >= 6:
        out["_links"]["rbacRoles"] = link(ctx, f"{base}/RbacRoles")
    out["_actions"] = {}
    return out


def owner_of(ctx: Context) -> Organization:
    """Return the organization in the path."""
    return rules.organization(ctx, ctx.params["organization"], in_path=True)


def list_organizations(ctx: Context) -> Reply:
    """List all organizations."""
    entries = list(ctx.server.state.organizations.values())
    if ctx.version.number >= 8:
        if ctx.query.get("msid"):
            entries = [entry for entry in entries if entry.msid.lower() == rules.guid(ctx.query["msid"])]
        wanted = ctx.query.get("backeduporganizationid")
        if wanted:
            entries = [entry for entry in entries if wanted.lower().startswith(entry.name.lower() + ":")]
    return listing(ctx, "organizations", entries, render, "Organizations")


def read_organization(ctx: Context) -> Reply:
    """Read one organization."""
    return Reply(200, render(ctx, owner_of(ctx)))


def used_repositories(ctx: Context) -> Reply:
    """List the repositories that hold backups of the organization."""
    owner = owner_of(ctx)
    state = ctx.server.state
    users: dict[str, set[str]] = {}
    counts: Counter[str] = Counter()
    for job in state.jobs.values():
        copy = state.copy_of(job.id) if ctx.version.number >= 6 else None
        for entry in (job, copy):
            if entry is not None:
                users.setdefault(entry.repository, set()).add(job.organization)
                counts[entry.repository] += outcomes.objects_of(entry) if job.organization == owner.id else 0
    used = sorted(repository for repository, organizations in users.items() if owner.id in organizations)

    def usage(ctx: Context, repository_id: str) -> dict[str, Any]:
        bytes_used = infrastructure.USED_BYTES // len(users[repository_id])
        storage = state.repositories[repository_id.lower()].object_storage
        out: dict[str, Any] = {
            "usedSpaceBytes": 0 if storage else bytes_used,
            "localCacheUsedSpaceBytes": bytes_used // 64 if storage else 0,
            "objectStorageUsedSpaceBytes": bytes_used if storage else 0,
            "isAvailable": True,
            "details": "",
        }
        if ctx.version.number >= 8:
            out["repositoryId"] = repository_id
            out["protectedObjectsCount"] = counts[repository_id]
        out["_links"] = {"backupRepository": link(ctx, f"BackupRepositories/{repository_id}")}
        return out

    return listing(ctx, "used_repositories", used, usage, f"Organizations/{owner.id}/usedRepositories")


def _location(ctx: Context, entries: list[Any]) -> list[Any]:
    wanted = ctx.query.get("locationfilter") if ctx.version.number >= 6 else None
    if not wanted or wanted == "Any":
        return entries
    return [entry for entry in entries if entry.location_type in wanted.split("Or")]


def _listed(ctx: Context, owner: Organization, kind: str, entries: list[Any]) -> Reply:
    plural = kind + "s"

    def one(ctx: Context, entry: Object) -> dict[str, Any]:
        return objects.render(ctx, kind, entry, owner)

    return listing(ctx, plural.lower(), entries, one, f"Organizations/{owner.id}/{plural}", cached=True)


def list_users(ctx: Context) -> Reply:
    """List users, with the filters of the version."""
    owner = owner_of(ctx)
    entries: list[User] = list(owner.users)
    wild = ctx.version.number >= 7
    entries = text_filter(entries, "display_name", ctx.query.get("displayname"), wild)
    entries = text_filter(entries, "name", ctx.query.get("username"), False)
    if ctx.version.number <= 4:
        entries = text_filter(entries, "name", ctx.query.get("name"), False)
    return _listed(ctx, owner, "User", _location(ctx, entries))


def list_groups(ctx: Context) -> Reply:
    """List groups."""
    owner = owner_of(ctx)
    entries: list[Group] = list(owner.groups)
    entries = text_filter(entries, "display_name", ctx.query.get("displayname"), ctx.version.number >= 7)
    entries = text_filter(entries, "name", ctx.query.get("groupname"), False)
    if ctx.version.number <= 4:
        entries = text_filter(entries, "name", ctx.query.get("name"), False)
    return _listed(ctx, owner, "Group", _location(ctx, entries))


def list_sites(ctx: Context) -> Reply:
    """List sites; personal sites only on request."""
    owner = owner_of(ctx)
    entries: list[Site] = list(owner.sites)
    if not ctx.flag("includePersonalSites"):
        entries = [site for site in entries if not site.is_personal]
    parent = ctx.query.get("parentid")
    if parent:
        if parent.lower() == "root":
            entries = [site for site in entries if not site.parent_url]
        else:
            above = ctx.server.state.directory(owner.id).by_type["Site"].get(parent.lower())
            if not isinstance(above, Site):
                raise NotFound(f"Site with the ID '{parent}' was not found.")
            entries = [site for site in entries if site.parent_url == above.url]
    where = ctx.query.get("locationfilter") if ctx.version.number >= 6 else None
    if where in ("Cloud", "OnPremises"):
        entries = [site for site in entries if site.is_cloud == (where == "Cloud")]
    word = ctx.query.get("filter", "").lower() if ctx.version.number >= 7 else ""
    if word:
        entries = [site for site in entries if word in site.url.lower() or word in site.title.lower()]
    return _listed(ctx, owner, "Site", entries)


def list_teams(ctx: Context) -> Reply:
    """List teams."""
    owner = owner_of(ctx)
    entries: list[Team] = list(owner.teams)
    entries = text_filter(entries, "display_name", ctx.query.get("displayname"), ctx.version.number >= 7)
    return _listed(ctx, owner, "Team", entries)


def _object(ctx: Context, kind: str) -> tuple[Organization, Object]:
    owner = owner_of(ctx)
    text = ctx.params["object"]
    neutral = objects.neutral_id(ctx, kind, text, owner)
    entry = ctx.server.state.directory(owner.id).by_type[kind].get(neutral) if neutral else None
    if entry is None:
        raise NotFound(f"{kind} with the ID '{text}' was not found.")
    return owner, entry


def _reader(kind: str) -> Route:
    def read(ctx: Context) -> Reply:
        owner, entry = _object(ctx, kind)
        return Reply(200, objects.render(ctx, kind, entry, owner))

    since = 5 if kind == "Team" else 3
    return Route("GET", f"Organizations/{{organization}}/{kind}s/{{object}}", read, since=since)


def list_members(ctx: Context) -> Reply:
    """List the members of a group."""
    owner, group = _object(ctx, "Group")
    assert isinstance(group, Group)
    directory = ctx.server.state.directory(owner.id)
    group_id = objects.object_id(ctx, "Group", group.id, owner)

    def member(ctx: Context, name: str) -> dict[str, Any]:
        found = directory.find("User", name) or directory.find("Group", name)
        kind = "Group" if isinstance(found, Group) else "User" if isinstance(found, User) else "Unknown"
        display = found.display_name if isinstance(found, (User, Group)) else name
        return {"groupId": group_id, "name": display, "login": name, "type": kind, "isCloud": True, "_links": {}}

    path = f"Organizations/{owner.id}/Groups/{group_id}/Members"
    return listing(ctx, "members", list(group.members), member, path, cached=True)


def list_one_drives(ctx: Context) -> Reply:
    """List the OneDrive of a user."""
    owner, user = _object(ctx, "User")
    assert isinstance(user, User)
    user_id = objects.object_id(ctx, "User", user.id, owner)
    entries = [] if user.type == "Public" else [user]

    def drive(ctx: Context, entry: User) -> dict[str, Any]:
        host = owner.share_point.replace(".sharepoint.", "-my.sharepoint.")
        url = f"{host}/personal/{entry.name.replace('@', '_').replace('.', '_')}/Documents"
        return {
            "id": derived_id(owner.id, "onedrive", entry.name),
            "name": entry.display_name,
            "url": url,
            "_links": {},
        }

    return listing(
        ctx, "one_drives", entries, drive, f"Organizations/{owner.id}/Users/{user_id}/OneDrives", cached=True
    )


#: the routes of this module
ROUTES = (
    *map(_reader, objects.KEYS),
    Route("GET", "Organizations", list_organizations),
    Route("GET", "Organizations/{organization}", read_organization),
    Route("GET", "Organizations/{organization}/usedRepositories", used_repositories),
    Route("GET", "Organizations/{organization}/Users", list_users),
    Route("GET", "Organizations/{organization}/Groups", list_groups),
    Route("GET", "Organizations/{organization}/Sites", list_sites),
    Route("GET", "Organizations/{organization}/Teams", list_teams, since=5),
    Route("GET", "Organizations/{organization}/Groups/{object}/Members", list_members),
    Route("GET", "Organizations/{organization}/Users/{object}/OneDrives", list_one_drives),
)
