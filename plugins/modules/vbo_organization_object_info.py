#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users, groups, sites and teams, read."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_organization_object_info
short_description: Read users, groups, sites or teams of an organization
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Returns the objects of an organization that backup jobs can select or exclude.
options:
  organization:
    description: Name or id of the organization.
    type: str
    required: true
  type:
    description: What to read. V(team) exists from API v5 on.
    type: str
    required: true
    choices: [user, group, site, team]
  name:
    description: Only objects whose name, display name, mail address, title or address fits this pattern with V(*) and V(?).
    type: str
  personal_sites:
    description: With O(type=site), return personal sites too.
    type: bool
    default: false
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.info
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_organization_info
  - module: backupops.vbo365.vbo_job
"""

EXAMPLES = r"""
- name: Find the users of a department
  backupops.vbo365.vbo_organization_object_info:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
    organization: contoso.onmicrosoft.com
    type: user
    name: "fin-*"
  register: found
"""

RETURN = r"""
objects:
  description: The objects found, in the order of their names, with the server's fields in snake case.
  returned: success
  type: list
  elements: dict
  sample:
    - id: contoso.onmicrosoft.com:00000000-0000-0000-0000-000000000000
      display_name: Alex Rivera
      name: alex.rivera@contoso.onmicrosoft.com
      type: user
api_version:
  description: The API version that was used.
  returned: success
  type: str
  sample: v8
"""

from ansible_collections.backupops.vbo365.plugins.module_utils._api._connection import CONNECTION
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import Definition, run_module
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._organization import (
    OBJECT_FILTERS,
    read_organization_objects,
)

DEFINITION = Definition(CONNECTION + OBJECT_FILTERS, read_organization_objects)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
