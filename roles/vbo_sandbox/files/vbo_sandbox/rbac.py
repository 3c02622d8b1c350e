# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Roles of restore operators, as far as they can be read: one for each organization."""

from __future__ import annotations

from typing import Any

from . import rules
from .links import link
from .model import Organization
from .state import derived_id
from .web import Context, NotFound, Reply, route


def render_role(ctx: Context, owner: Organization) -> dict[str, Any]:
    """The role of an organization; roles are plain arrays in every version."""
    identifier = derived_id(owner.id, "restore operators")
    return {
        "id": identifier,
        "organizationId": owner.id,
        "name": f"Restore operators of {owner.name}",
        "description": "",
        "roleType": "EntireOrganization",
        "_links": {"self": link(ctx, f"RbacRoles/{identifier}")},
    }


@route("GET", "RbacRoles", since=6)
def list_roles(ctx: Context) -> Reply:
    """All roles."""
    return Reply(200, [render_role(ctx, owner) for owner in ctx.server.state.organizations.values()])


@route("GET", "RbacRoles/{role}", since=6)
def read_role(ctx: Context) -> Reply:
    """One role."""
    wanted = rules.guid(ctx.params["role"])
    for owner in ctx.server.state.organizations.values():
        role = render_role(ctx, owner)
        if role["id"] == wanted:
            return Reply(200, role)
    raise NotFound(f"Restore operator role with the ID '{ctx.params['role']}' was not found.")


@route("GET", "Organizations/{organization}/RbacRoles", since=6)
def roles_of_organization(ctx: Context) -> Reply:
    """The roles of an organization."""
    return Reply(200, [render_role(ctx, rules.organization(ctx, ctx.params["organization"], in_path=True))])
