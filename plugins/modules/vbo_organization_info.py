#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Organizations, read."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_organization_info
short_description: Read organizations of Veeam Backup for Microsoft 365
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Returns the Microsoft 365 and on-premises organizations that a server protects. Secrets are never part of it.
options:
  extended:
    description:
      - Return also since when and until when there are backups. The server asks its proxies for that, which can be slow.
      - Without effect before API v6, where the server always does so.
    type: bool
    default: false
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._info_filters
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.info
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_organization_object_info
"""

EXAMPLES = r"""
- name: Read all organizations
  backupops.vbo365.vbo_organization_info:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
  register: found
"""

RETURN = r"""
organizations:
  description: The organizations found, in the order of their names, with the server's fields in snake case.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 8d1f2b4e-6c3a-4f57-9a0e-2b7c5d914e60
      name: contoso.onmicrosoft.com
      office_name: contoso.onmicrosoft.com
      type: office365
      region: worldwide
      is_exchange_online: true
api_version:
  description: The API version that was used.
  returned: success
  type: str
  sample: v8
"""

from ansible_collections.backupops.vbo365.plugins.module_utils._api._connection import CONNECTION
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import Definition, run_module
from ansible_collections.backupops.vbo365.plugins.module_utils._input._groups import INFO_FILTERS
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._organization import (
    ORGANIZATION_INFO,
    ORGANIZATIONS,
)

DEFINITION = Definition(CONNECTION + INFO_FILTERS + ORGANIZATION_INFO, ORGANIZATIONS.read)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
