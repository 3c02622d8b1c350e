#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Repositories, read."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_repository_info
short_description: Read backup repositories of Veeam Backup for Microsoft 365
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Returns the backup repositories of a server with their retention and, where the server tells it, their space.
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._info_filters
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.info
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_job
  - module: backupops.vbo365.vbo_proxy_info
"""

EXAMPLES = r"""
- name: Read one repository
  backupops.vbo365.vbo_repository_info:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
    name: repo-fra-01
  register: found
"""

RETURN = r"""
repositories:
  description: The repositories found, in the order of their names, with the server's fields in snake case.
  returned: success
  type: list
  elements: dict
  sample:
    - id: c2a7e5d1-0b94-4c1e-8f36-7d5a1e90b243
      name: repo-fra-01
      retention_type: item_level
      retention_period_type: yearly
      yearly_retention_period: years3
      is_out_of_sync: false
api_version:
  description: The API version that was used.
  returned: success
  type: str
  sample: v8
"""

from ansible_collections.backupops.vbo365.plugins.module_utils._api._connection import CONNECTION
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import Definition, run_module
from ansible_collections.backupops.vbo365.plugins.module_utils._input._groups import INFO_FILTERS
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._repository import REPOSITORIES

DEFINITION = Definition(CONNECTION + INFO_FILTERS, REPOSITORIES.read)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
