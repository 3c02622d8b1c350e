# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rendering of users, groups, sites and teams in each version, and conversion of their ids."""

from __future__ import annotations

from typing import Any

from ..store import protection
from ..store.model import ZERO, Group, Organization, Site, Team, User
from ..store.state import Object, glued
from .links import link
from .web import Context

#: names of user types outside organizations
ACCOUNT_TYPES = {"User": "User", "Shared": "SharedMailbox", "Public": "PublicMailbox"}
#: key of the object inside an item
KEYS = {"User": "user", "Group": "group", "Site": "site", "Team": "team"}


def object_id(ctx: Context, kind: str, neutral: str, organization: Organization) -> str:
    """Return the id of an object in this version.

    Ids of users and groups are two GUIDs up to v6; from v7 on they contain the organization.
    """
    if kind not in ("User", "Group"):
        return neutral
    if ctx.version.colon_ids:
        return f"{organization.name}:{ZERO}:{ZERO}:{neutral}:{ZERO}"
    return glued(neutral)


def neutral_id(ctx: Context, kind: str, text: str, organization: Organization) -> str | None:
    """Return the model id for an id of this version, or None; the inverse of :func:`object_id`."""
    if kind not in ("User", "Group"):
        return text.lower()
    text = text.lower()
    if ctx.version.colon_ids:
        parts = text.split(":")
        if len(parts) == 5 and parts[0] == organization.name.lower() and len(parts[3]) == 36:
            return parts[3]
        return None
    return text[:36] if len(text) == 72 and text.endswith(ZERO) else None


def protected(ctx: Context, organization: Organization) -> protection.Protected:
    """Return the protected objects of an organization, computed once per request."""
    if organization.id not in ctx.memo:
        ctx.memo[organization.id] = protection.protected(ctx.server.state, organization)
    found: protection.Protected = ctx.memo[organization.id]
    return found


def render(
    ctx: Context, kind: str, entry: Object, organization: Organization, *, inside: bool = False
) -> dict[str, Any]:
    """Render an object; a site *inside* an item has fewer fields."""
    number = ctx.version.number
    out: dict[str, Any] = {"id": object_id(ctx, kind, entry.id, organization)}
    if isinstance(entry, User):
        out.update(displayName=entry.display_name, name=entry.name, type=entry.type)
        if number <= 4:
            out["isBackedUp"] = bool(protected(ctx, organization).of("User", entry.id))
        if number >= 6:
            out["locationType"] = entry.location_type
        if number >= 7 and entry.office:
            out["office"] = entry.office
    elif isinstance(entry, Group):
        out.update(displayName=entry.display_name, name=entry.name)
        if entry.managed_by:
            out["managedBy"] = entry.managed_by
        if entry.site:
            out["site"] = entry.site
        out["type"] = entry.type
        if number >= 6:
            out["locationType"] = entry.location_type
    elif isinstance(entry, Site):
        out["url"] = entry.url
        if entry.parent_url:
            out["parentUrl"] = entry.parent_url
        out.update(name=entry.name, title=entry.title, isCloud=entry.is_cloud, isPersonal=entry.is_personal)
        if not inside:
            out["isAvailable"] = True
    elif isinstance(entry, Team):
        out.update(displayName=entry.display_name, description=entry.description, mail=entry.mail)
    if number >= 8:
        out["eTag"] = 100 + sum(entry.id.encode()) % 900
    plural = kind + "s"
    out["_links"] = {
        "self": link(ctx, f"Organizations/{organization.id}/{plural}/{out['id']}"),
        "organization": link(ctx, f"Organizations/{organization.id}"),
    }
    return out


def render_snapshot(ctx: Context, kind: str, snapshot: dict[str, Any], organization: Organization) -> dict[str, Any]:
    """Render an object that no longer exists, from the snapshot in an item."""
    data = {key: value for key, value in snapshot.items() if value is not None}
    classes: dict[str, Any] = {"User": User, "Group": Group, "Site": Site, "Team": Team}
    known = {key: value for key, value in data.items() if key in classes[kind].__dataclass_fields__}
    known.setdefault({"Site": "url", "Team": "mail"}.get(kind, "name"), "")
    out = render(ctx, kind, classes[kind](**known), organization, inside=True)
    out.pop("_links", None)
    return out


def snapshot_of(kind: str, given: dict[str, Any], neutral: str) -> dict[str, Any]:
    """Return the snapshot that an item stores of the object in a request."""
    out: dict[str, Any] = {"id": neutral}
    names = {"name": "name", "displayName": "display_name", "url": "url", "title": "title", "mail": "mail"}
    for key, name in names.items():
        if isinstance(given.get(key), str):
            if kind == "Team" and name == "name":
                continue
            out[name] = given[key]
    if kind in ("User", "Group") and isinstance(given.get("type"), str):
        out["type"] = given["type"]
    return out
