#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One cloud account."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_cloud_account
short_description: Manage a cloud account of Veeam Backup for Microsoft 365
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Creates, changes and deletes the credentials with which the server reads and writes object storage. From API v6 on.
  - An account is identified by its type and its user name, or by its id.
  - The server never returns a secret, so it cannot be compared. O(update_password) defines when it is sent.
options:
  id:
    description: Id of an existing account, in case several have the same type and user name.
    type: str
  name:
    description:
      - User name of the account. This is the access key of S3, or the name of the Azure storage account.
      - It is sent as written and is case-sensitive.
      - It cannot be changed. A different user name is a different account; the module warns if one with the same type and
        description exists.
      - One of O(name) and O(id) is required.
    type: str
  account_type:
    description:
      - Type of the account. Required to create one; it cannot be changed.
      - IBM Cloud and Wasabi Cloud use V(amazon_s3_compatible_account).
    type: str
    choices: [azure_blob_account, amazon_s3_account, amazon_s3_compatible_account]
  description:
    description: Description of the account. An empty text removes it.
    type: str
  organization:
    description:
      - Name or id of the organization that the account belongs to. From API v8 on.
      - It can be set only when the account is created.
    type: str
  secret_key:
    description: Secret key of S3, or the key of the Azure storage account. Required to create an account.
    type: str
  old_secret_key:
    description:
      - The secret that O(secret_key) replaces, for servers that require it. In API v6 and v7 only.
      - It is sent only when O(update_password) is V(always) and the account exists.
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
  - module: backupops.vbo365.vbo_cloud_account_info
  - module: backupops.vbo365.vbo_encryption_key
"""

EXAMPLES = r"""
- name: Make sure that the account of the object storage exists
  backupops.vbo365.vbo_cloud_account:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
    account_type: amazon_s3_compatible_account
    name: AKIAEXAMPLEMUNICH
    description: Object storage in Munich
    secret_key: "{{ vault_munich_secret_key }}"

- name: Send a new secret key, which is a change every time
  backupops.vbo365.vbo_cloud_account:
    account_type: amazon_s3_compatible_account
    name: AKIAEXAMPLEFRANKFURT
    secret_key: "{{ vault_frankfurt_secret_key }}"
    update_password: always

- name: Delete an account that no object storage uses
  backupops.vbo365.vbo_cloud_account:
    account_type: azure_blob_account
    name: contosobackup
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
      before: ""
      after: Object storage in Munich
diff:
  description: Both sides as text, lines of YAML in the order of the options. If the account does not exist, its side is empty.
  returned: with C(--diff)
  type: dict
  sample:
    before_header: AKIAEXAMPLEMUNICH
    after_header: AKIAEXAMPLEMUNICH
    before: ""
    after: |
      name: AKIAEXAMPLEMUNICH
      account_type: amazon_s3_compatible_account
      description: Object storage in Munich
      secret_key: "(secret)"
cloud_account:
  description: The account after the task, or as it would be in check mode, without its secret. Empty if it does not exist.
  returned: success
  type: dict
  sample:
    id: 5d2e8c71-4b9f-4a06-b3d8-91c7f0e6a254
    name: AKIAEXAMPLEMUNICH
    account_type: amazon_s3_compatible_account
    description: Object storage in Munich
secret_not_compared:
  description: Whether a given secret was neither compared nor sent, because the account exists.
  returned: when a secret was given, the account exists, and O(update_password) is V(on_create)
  type: bool
  sample: true
error:
  description: What went wrong, for programs. The message for people is in RV(ignore:msg).
  returned: failure of the server, of the connection, or of an option's value
  type: dict
  sample:
    status: 409
    code: OperationConflict
    message: Account is in use by the backup repository 'repo-s3-01'.
    method: DELETE
    path: /v8/Accounts/5d2e8c71-4b9f-4a06-b3d8-91c7f0e6a254
"""

from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._declared import manage
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import run_module
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._cloud_account import CLOUD_ACCOUNT

DEFINITION = manage(CLOUD_ACCOUNT)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
