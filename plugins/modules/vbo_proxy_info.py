#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Proxies and pools, read."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_proxy_info
short_description: Read backup proxies and proxy pools of Veeam Backup for Microsoft 365
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Returns the backup proxies of a server and, from API v8 on, the pools that they form.
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._info_filters
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.info
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_repository_info
"""

EXAMPLES = r"""
- name: Read all proxies
  backupops.vbo365.vbo_proxy_info:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
  register: found

- name: Show which are not online
  ansible.builtin.debug:
    msg: "{{ found.proxies | rejectattr('status', 'equalto', 'online') | map(attribute='host_name') }}"
"""

RETURN = r"""
proxies:
  description: The proxies found, in the order of their names, with the server's fields in snake case.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 3b6d80f4-1c9e-4a75-8e2d-f59a07c4b611
      host_name: vbproxy01.example.com
      port: 9193
      status: online
proxy_pools:
  description: The proxy pools of the server. Empty before API v8.
  returned: success
  type: list
  elements: dict
  sample:
    - id: d7c1e4b9-2f60-4b83-95aa-1e8c3d7f6042
      name: pool-a
api_version:
  description: The API version that was used.
  returned: success
  type: str
  sample: v8
"""

from ansible_collections.backupops.vbo365.plugins.module_utils._api._connection import CONNECTION
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import Definition, run_module
from ansible_collections.backupops.vbo365.plugins.module_utils._input._groups import INFO_FILTERS
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._proxy import PROXIES

DEFINITION = Definition(CONNECTION + INFO_FILTERS, PROXIES.read)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
