#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One encryption key."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_encryption_key
short_description: Manage an encryption key of Veeam Backup for Microsoft 365
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Creates and deletes the passwords that encrypt backups in object storage, and replaces them where the API supports it. From API v6 on.
  - A key is identified by its description, which is the hint that the server shows, or by its id.
  - Without the password, the backups cannot be read. The module does not generate passwords, and never deletes a key to recreate it.
  - API v8 cannot replace the password of a key. Create a key with another description, assign it to the repositories,
    and delete the old one.
options:
  id:
    description: Id of an existing key, in case several have the same description.
    type: str
  description:
    description:
      - The hint that identifies the password. It is case-sensitive.
      - It cannot be changed; a different hint is a different key.
      - One of O(description) and O(id) is required.
    type: str
  organization:
    description:
      - Name or id of the organization that the key belongs to. From API v8 on.
      - It can be set only when the key is created.
    type: str
  encryption_password:
    description: The password. Required to create a key.
    type: str
  old_encryption_password:
    description:
      - The password that O(encryption_password) replaces. In API v6 and v7 only.
      - Required there when O(update_password) is V(always) and the key exists.
    type: str
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._state
  - backupops.vbo365._update_password
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.writes_secrets
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_encryption_key_info
  - module: backupops.vbo365.vbo_cloud_account
"""

EXAMPLES = r"""
- name: Make sure that there is a key for this year's repositories
  backupops.vbo365.vbo_encryption_key:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
    description: Munich 2026
    encryption_password: "{{ vault_munich_2026 }}"

- name: Delete a key that no repository uses
  backupops.vbo365.vbo_encryption_key:
    description: Not in use
    state: absent
"""

RETURN = r"""
action:
  description: What was done, or would be done in check mode.
  returned: success
  type: str
  sample: create
  choices: [create, update, delete, none]
changes:
  description:
    - The fields that differ, with the values before and after. Empty for a deletion.
    - A secret that is sent is shown as V((secret\)).
  returned: success
  type: list
  elements: dict
  sample:
    - field: description
      before: null
      after: Munich 2026
diff:
  description: Both sides as text, lines of YAML in the order of the options. If the key does not exist, its side is empty.
  returned: with C(--diff)
  type: dict
  sample:
    before_header: Munich 2026
    after_header: Munich 2026
    before: ""
    after: |
      description: Munich 2026
      encryption_password: "(secret)"
encryption_key:
  description: The key after the task, or as it would be in check mode, without its password. Empty if it does not exist.
  returned: success
  type: dict
  sample:
    id: 2c7f9d04-a863-4e1b-8d57-f0b4e6a1c398
    description: Munich 2026
secret_not_compared:
  description: Whether a given password was neither compared nor sent, because the key exists.
  returned: when a password was given, the key exists, and O(update_password) is V(on_create)
  type: bool
  sample: true
error:
  description: What went wrong, for programs. The message for people is in RV(ignore:msg).
  returned: failure of the server, of the connection, or of an option's value
  type: dict
  sample:
    status: null
    code: Unsupported
    message: API v8 cannot replace the password of an encryption key.
    option: update_password
"""

from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._declared import manage
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import run_module
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._encryption_key import ENCRYPTION_KEY

DEFINITION = manage(ENCRYPTION_KEY)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
