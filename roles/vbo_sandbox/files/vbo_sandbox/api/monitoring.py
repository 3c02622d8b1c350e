# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Handlers for monitoring clients: licensed users, restore points and sessions, protected objects, synchronization."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ..store import protection
from ..store.model import ZERO, Organization, RestoreSession, Site, Team, User
from ..store.protection import Point
from ..store.schedule import parse_stamp, seconds_of, stamp, stamp_at
from ..store.state import derived_id
from . import objects, rules
from .links import link, listing
from .texts import text_filter
from .web import Context, NotFound, Reply, Route

#: interval and duration of the synchronization of organizations, in seconds
SYNC_EVERY, SYNC_SECONDS = 6 * 3600, 90


def backed_up_id(owner: Organization) -> str:
    """Return the id of an organization inside its backups."""
    return f"{owner.name}:{ZERO}:{ZERO}"


def _owners(ctx: Context) -> list[Organization]:
    """Return the organizations that match the filters of a list."""
    owners = list(ctx.server.state.organizations.values())
    wanted = ctx.query.get("organizationid")
    if wanted:
        owners = [owner for owner in owners if owner.id == rules.guid(wanted)]
    inside = ctx.query.get("backeduporganizationid")
    if inside and ctx.version.number >= 8:
        owners = [owner for owner in owners if backed_up_id(owner).lower() == inside.lower()]
    return owners


# --- licences --------------------------------------------------------------------------------------------------------


def licensing_information(ctx: Context) -> Reply:
    """Read the number of licensed users of an organization."""
    owner = rules.organization(ctx, ctx.params["organization"], in_path=True)
    return Reply(200, {"licensedUsers": len(protection.licensed(ctx.server.state, owner)), "newUsers": 0})


def auto_update(ctx: Context) -> Reply:
    """Read whether the licence is updated automatically."""
    return Reply(200, {"isEnabled": False, "_links": {"self": link(ctx, "License/AutoUpdate")}, "_actions": {}})


def licensed_users(ctx: Context) -> Reply:
    """List the users that have a licence."""
    state = ctx.server.state
    rows: list[tuple[Organization, User, str]] = []
    for owner in _owners(ctx):
        last = protection.licensed(state, owner)
        found = text_filter([user for user in owner.users if user.id in last], "name", ctx.query.get("name"), True)
        rows += [(owner, user, last[user.id]) for user in found]

    def render(ctx: Context, row: tuple[Organization, User, str]) -> dict[str, Any]:
        owner, user, moment = row
        return {
            "id": derived_id(user.id, "licence"),
            "name": user.name,
            "isBackedUp": True,
            "lastBackupDate": moment,
            "licenseState": "Licensed",
            "organizationId": owner.id,
            "backedUpOrganizationId": backed_up_id(owner),
            "organizationName": owner.name,
            "_links": {"organization": link(ctx, f"Organizations/{owner.id}")},
        }

    return listing(ctx, "licensed_users", rows, render, "LicensedUsers")


# --- synchronisation -------------------------------------------------------------------------------------------------


def _sync_state(ctx: Context, owner: Organization) -> dict[str, Any]:
    now = ctx.server.clock.now()
    start = now - (now + int(owner.id[:4], 16)) % SYNC_EVERY
    running = now - start < SYNC_SECONDS
    last = start - SYNC_EVERY if running else start
    links = {"self": link(ctx, f"Organizations/{owner.id}/SyncState")}
    if ctx.version.number == 7:
        end = stamp_at(int(last) + SYNC_SECONDS)
        return {"type": "Incremental", "status": "Success", "lastSyncTime": end, "_links": links}
    out: dict[str, Any] = {
        "organizationId": owner.id,
        "lastSyncState": {
            "type": "Incremental",
            "result": "Success",
            "startTime": stamp_at(int(last)),
            "endTime": stamp_at(int(last) + SYNC_SECONDS),
        },
    }
    if running:
        moment = stamp_at(int(start))
        out["currentSyncState"] = {
            "type": "Incremental",
            "scheduledTime": moment,
            "startTime": moment,
            "status": "Running",
        }
    out["_links"] = links
    return out


def sync_states(ctx: Context) -> Reply:
    """List the synchronization state of every organization."""
    return Reply(200, [_sync_state(ctx, owner) for owner in ctx.server.state.organizations.values()])


def sync_state(ctx: Context) -> Reply:
    """Read the synchronization state of one organization."""
    return Reply(200, _sync_state(ctx, rules.organization(ctx, ctx.params["organization"], in_path=True)))


# --- restore points and sessions -------------------------------------------------------------------------------------


def render_point(ctx: Context, point: Point) -> dict[str, Any]:
    """Render a restore point."""
    number = ctx.version.number
    session = point.session
    copy = session.job_type == "Copy"
    repository = ctx.server.state.repositories[(session.repository or point.entry.repository).lower()]
    out: dict[str, Any] = {
        "id": point.id,
        "repositoryId": repository.id,
        "backupTime": session.end_time,
        "jobId": session.job,
        "organizationId": point.job.organization,
        "isExchange": "exchange" in point.services,
        "isSharePoint": "share_point" in point.services,
        "isOneDrive": "one_drive" in point.services,
        "isTeams": "teams" in point.services,
        "isLongTermCopy": copy and repository.is_long_term,
        "isRetrieved": False,
    }
    if number >= 7:
        out.update(isCopy=copy, isDeleted=False)
    if number >= 8:
        out.update(eTag=session.e_tag, objectsEtag=session.e_tag)
        if repository.immutable:
            out["immutabilityExpiresOn"] = stamp(parse_stamp(session.end_time or "") + timedelta(days=30))
    out["_links"] = {
        "self": link(ctx, f"RestorePoints/{point.id}"),
        "job": link(ctx, f"{'CopyJobs' if copy else 'Jobs'}/{session.job}"),
        "organization": link(ctx, f"Organizations/{point.job.organization}"),
        "backupRepository": link(ctx, f"BackupRepositories/{repository.id}"),
    }
    return out


def list_points(ctx: Context) -> Reply:
    """List all restore points, newest first, with the filters of the version."""
    query = ctx.query
    rows = sorted(protection.points(ctx.server.state), key=lambda point: point.session.ended or 0.0, reverse=True)
    shown = [(point, render_point(ctx, point)) for point in rows]
    for name in ("organizationId", "jobId", "repositoryId"):
        if query.get(name.lower()):
            shown = [row for row in shown if row[1][name].lower() == rules.guid(query[name.lower()])]
    for name in ("isLongTermCopy", "isRetrieved", *(("isCopy",) if ctx.version.number >= 7 else ())):
        if query.get(name.lower()):
            shown = [row for row in shown if row[1][name] is ctx.flag(name)]
    if ctx.version.number >= 7:
        for name, sign in (("from", 1), ("to", -1)):
            if query.get(name):
                bound = seconds_of(query[name].replace(" ", "+"))
                shown = [row for row in shown if ((row[0].session.ended or 0.0) - bound) * sign >= 0]
        if ctx.flag("orderAsc"):
            shown.reverse()
    elif query.get("backuptime"):
        bound = seconds_of(query["backuptime"].replace(" ", "+"))
        shown = [row for row in shown if row[0].session.ended == bound]
    return listing(ctx, "restore_points", shown, lambda ctx, row: row[1], "RestorePoints")


def find_point(ctx: Context, text: str) -> Point | None:
    """Return the restore point with an id."""
    return next((point for point in protection.points(ctx.server.state) if point.id == text.lower()), None)


def read_point(ctx: Context) -> Reply:
    """Read one restore point."""
    point = find_point(ctx, ctx.params["point"])
    if point is None:
        raise NotFound(f"Restore point with the ID '{ctx.params['point']}' was not found.")
    return Reply(200, render_point(ctx, point))


def render_restore_session(ctx: Context, entry: RestoreSession) -> dict[str, Any]:
    """Render a restore session."""
    fields = {
        "name": entry.name,
        "organization": entry.organization,
        "type": entry.type,
        "creationTime": entry.creation_time,
        "endTime": entry.end_time,
        "state": "Working" if entry.end_time is None else "Stopped",
        "result": entry.result,
        "initiatedBy": entry.initiated_by,
        "details": entry.details,
        "scopeName": entry.scope_name,
        "clientHost": entry.client_host,
        "reason": entry.reason,
    }
    out: dict[str, Any] = {"id": entry.id, **{key: value for key, value in fields.items() if value is not None}}
    if ctx.version.number >= 8:
        out["eTag"] = 100 + sum(entry.id.encode()) % 900
    out["_links"] = {"self": link(ctx, f"RestoreSessions/{entry.id}")}
    return out


def list_restore_sessions(ctx: Context) -> Reply:
    """List all restore sessions, newest first."""
    entries = list(ctx.server.state.model.restore_sessions)
    bounds = [("creation_time", "starttimefrom", 1), ("creation_time", "starttimeto", -1)]
    if ctx.version.number >= 8:
        bounds += [("end_time", "endtimefrom", 1), ("end_time", "endtimeto", -1)]
    for name, key, sign in bounds:
        if ctx.query.get(key):
            bound = seconds_of(ctx.query[key].replace(" ", "+"))
            entries = [entry for entry in entries if _later(getattr(entry, name), bound, sign)]
    by_end = ctx.version.number >= 8 and ctx.query.get("orderby") == "EndTime"
    ascending = ctx.version.number >= 8 and ctx.flag("orderAsc")
    name = "end_time" if by_end else "creation_time"
    entries.sort(key=lambda entry: getattr(entry, name) or "9999", reverse=not ascending)
    return listing(ctx, "restore_sessions", entries, render_restore_session, "RestoreSessions")


def _later(text: str | None, bound: float, sign: int) -> bool:
    return text is not None and (seconds_of(text) - bound) * sign >= 0


def read_restore_session(ctx: Context) -> Reply:
    """Read one restore session."""
    wanted = rules.guid(ctx.params["session"])
    for entry in ctx.server.state.model.restore_sessions:
        if entry.id.lower() == wanted:
            return Reply(200, render_restore_session(ctx, entry))
    raise NotFound(f"Restore session with the ID '{ctx.params['session']}' was not found.")


# --- protected objects -----------------------------------------------------------------------------------------------


def render_protected(ctx: Context, kind: str, entry: Any, owner: Organization) -> dict[str, Any]:
    """Render a protected user, group, site or team."""
    base = {"organizationId": owner.id, "backedUpOrganizationId": backed_up_id(owner)}
    out: dict[str, Any] = {"id": objects.object_id(ctx, kind, entry.id, owner), "msid": entry.id}
    out["displayName"] = entry.title if isinstance(entry, Site) else entry.display_name
    if isinstance(entry, Site):
        out["url"] = entry.url
    elif isinstance(entry, Team):
        out["description"] = entry.description
    else:
        mailbox = {"id": derived_id(entry.id, "mailbox"), "displayName": entry.display_name, "email": entry.name}
        out["mailboxes"] = [{**mailbox, "isArchive": False}]
        if isinstance(entry, User):
            out.update(accountType=objects.ACCOUNT_TYPES[entry.type], oneDrives=[])
        out["sites"] = []
    out.update(base)
    out["eTag"] = 100 + sum(entry.id.encode()) % 900
    return out


def _protected(ctx: Context, kind: str) -> list[tuple[Organization, Any]]:
    state = ctx.server.state
    wanted = rules.guid(ctx.query.get("repositoryid", ""))
    point = find_point(ctx, ctx.query["restorepointid"]) if ctx.query.get("restorepointid") else None
    rows: list[tuple[Organization, Any]] = []
    for owner in _owners(ctx):
        found = protection.protected(state, owner)
        known = state.directory(owner.id).by_type[kind]
        for (other, identifier), jobs in found.jobs.items():
            if other != kind or identifier.lower() not in known:
                continue
            if ctx.query.get("restorepointid") and (point is None or point.job not in jobs):
                continue
            copies = [state.copy_of(job.id) for job in jobs]
            places = {job.repository for job in (*jobs, *copies) if job is not None and job.last_backup}
            if not wanted or wanted in places:
                rows.append((owner, known[identifier.lower()]))
    return rows


def _of_protected(kind: str) -> tuple[Route, ...]:
    def render(ctx: Context, row: tuple[Organization, Any]) -> dict[str, Any]:
        return render_protected(ctx, kind, row[1], row[0])

    def listed(ctx: Context) -> Reply:
        return listing(ctx, "protected", _protected(ctx, kind), render, f"Protected{kind}s")

    def read(ctx: Context) -> Reply:
        for row in _protected(ctx, kind):
            if objects.object_id(ctx, kind, row[1].id, row[0]).lower() == ctx.params["object"].lower():
                return Reply(200, render(ctx, row))
        raise NotFound(f"Protected {kind.lower()} with the ID '{ctx.params['object']}' was not found.")

    return (
        Route("GET", f"Protected{kind}s", listed, since=8),
        Route("GET", f"Protected{kind}s/{{object}}", read, since=8),
    )


#: the routes of this module
ROUTES = (
    Route("GET", "Organizations/{organization}/LicensingInformation", licensing_information),
    Route("GET", "License/AutoUpdate", auto_update, since=6),
    Route("GET", "LicensedUsers", licensed_users, since=4),
    Route("GET", "Organizations/SyncState", sync_states, since=8),
    Route("GET", "Organizations/{organization}/SyncState", sync_state, since=7),
    Route("GET", "RestorePoints", list_points, since=6),
    Route("GET", "RestorePoints/{point}", read_point, since=6),
    Route("GET", "RestoreSessions", list_restore_sessions, since=6),
    Route("GET", "RestoreSessions/{session}", read_restore_session, since=6),
    *(route for kind in objects.KEYS for route in _of_protected(kind)),
)
