#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Encryption keys, read."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_encryption_key_info
short_description: Read encryption keys of Veeam Backup for Microsoft 365
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Returns the encryption keys of a server, without their passwords, which the server does not return. From API v6 on.
options:
  id:
    description: Only the key with this id.
    type: str
  description:
    description: Only keys with this hint. Case does not matter.
    type: str
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.info
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_encryption_key
"""

EXAMPLES = r"""
- name: Look whether there is a key for this year's repositories
  backupops.vbo365.vbo_encryption_key_info:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
    description: Munich 2026
  register: found
"""

RETURN = r"""
encryption_keys:
  description: The keys found, sorted by description.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 2c7f9d04-a863-4e1b-8d57-f0b4e6a1c398
      description: Frankfurt 2026
config:
  description: The same keys as input for M(backupops.vbo365.vbo_encryption_key). Applying it changes nothing.
  returned: success
  type: list
  elements: dict
  sample:
    - description: Frankfurt 2026
api_version:
  description: The API version that was used.
  returned: success
  type: str
  sample: v8
"""

from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._declared import inform
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import run_module
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._encryption_key import ENCRYPTION_KEY

DEFINITION = inform(ENCRYPTION_KEY)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
