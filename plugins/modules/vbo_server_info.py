#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The server itself, read."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_server_info
short_description: Read version, health and licence of a Veeam Backup for Microsoft 365 server
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Returns the build of a server, the API versions that it serves, its health and its licence, as far as its API tells them.
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.info
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_proxy_info
"""

EXAMPLES = r"""
- name: Ask a server what it is
  backupops.vbo365.vbo_server_info:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
  register: server
"""

RETURN = r"""
api_versions:
  description: The API versions that the server serves, of those that this collection knows.
  returned: success
  type: list
  elements: str
  sample: [v6, v7, v8]
build:
  description: Build of the product. From API v6 on.
  returned: success
  type: str
  sample: 8.4.0.1457
installation_id:
  description: Id of the installation. From API v6 on.
  returned: success
  type: str
  sample: 0d1c4f2e-64d6-4e6a-9c58-5b6d1f0a7a11
health:
  description: Health of the configuration database and the message bus. From API v8 on.
  returned: success
  type: dict
  sample:
    status: healthy
license:
  description: The licence, with the server's fields in snake case. From API v5 on.
  returned: success
  type: dict
  sample:
    status: valid
    type: subscription
    total_number: 500
    used_number: 412
api_version:
  description: The API version that was used.
  returned: success
  type: str
  sample: v8
"""

from ansible_collections.backupops.vbo365.plugins.module_utils._api._connection import CONNECTION
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import Definition, run_module
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._server import read_server

DEFINITION = Definition(CONNECTION, read_server)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
