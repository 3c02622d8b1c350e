# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Handlers for reading the roles of restore operators, one for each organization."""

from __future__ import annotations

from typing import Any

from ..store.model import Organization
from ..store.state import derived_id
from . import objects, rules
from .links import link
from .objects import ACCOUNT_TYPES
from .web import Context, NotFound, Reply, Route


def role_id(owner: Organization) -> str:
    """Return the id of the role of an organization."""
    return derived_id(owner.id, "restore operators")


def render_role(ctx: Context, owner: Organization) -> dict[str, Any]:
    """Render the role of an organization; lists of roles are plain arrays in every version."""
    identifier = role_id(owner)
    return {
        "id": identifier,
        "organizationId": owner.id,
        "name": f"Restore operators of {owner.name}",
        "description": "",
        "roleType": "EntireOrganization",
        "_links": {"self": link(ctx, f"RbacRoles/{identifier}")},
    }


def list_roles(ctx: Context) -> Reply:
    """List all roles."""
    return Reply(200, [render_role(ctx, owner) for owner in ctx.server.state.organizations.values()])


def owner_of(ctx: Context) -> Organization:
    """Return the organization of the role in the path."""
    wanted = rules.guid(ctx.params["role"])
    for owner in ctx.server.state.organizations.values():
        if role_id(owner) == wanted:
            return owner
    raise NotFound(f"Restore operator role with the ID '{ctx.params['role']}' was not found.")


def roles_of_organization(ctx: Context) -> Reply:
    """List the roles of an organization."""
    return Reply(200, [render_role(ctx, rules.organization(ctx, ctx.params["organization"], in_path=True))])


def read_role(ctx: Context) -> Reply:
    """Read one role."""
    return Reply(200, render_role(ctx, owner_of(ctx)))


def _operators(ctx: Context, owner: Organization) -> list[dict[str, Any]]:
    """Return the operators of a role: the first user of the organization, if it has any."""
    rows = []
    for user in owner.users[:1]:
        identifier = objects.object_id(ctx, "User", user.id, owner)
        person = {"id": identifier, "displayName": user.display_name, "name": user.name}
        person["type"] = ACCOUNT_TYPES[user.type]
        rows.append({"id": identifier, "type": "User", "user": person, "_links": {}})
    return rows


def list_operators(ctx: Context) -> Reply:
    """List the operators of a role."""
    return Reply(200, _operators(ctx, owner_of(ctx)))


def read_operator(ctx: Context) -> Reply:
    """Read one operator."""
    for row in _operators(ctx, owner_of(ctx)):
        if row["id"].lower() == ctx.params["operator"].lower():
            return Reply(200, row)
    raise NotFound(f"Restore operator with the ID '{ctx.params['operator']}' was not found.")


def list_items(ctx: Context) -> Reply:
    """List the items of a role; a role for an entire organization has none."""
    owner_of(ctx)
    return Reply(200, [])


#: the routes of this module
ROUTES = (
    Route("GET", "RbacRoles", list_roles, since=6),
    Route("GET", "Organizations/{organization}/RbacRoles", roles_of_organization, since=6),
    Route("GET", "RbacRoles/{role}", read_role, since=6),
    Route("GET", "RbacRoles/{role}/operators", list_operators, since=6),
    Route("GET", "RbacRoles/{role}/operators/{operator}", read_operator, since=6),
    Route("GET", "RbacRoles/{role}/excludedItems", list_items, since=6),
    Route("GET", "RbacRoles/{role}/selectedItems", list_items, since=6),
)
