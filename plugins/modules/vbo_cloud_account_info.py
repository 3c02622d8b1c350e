#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cloud accounts, read."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_cloud_account_info
short_description: Read cloud accounts of Veeam Backup for Microsoft 365
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Returns the cloud accounts of a server, without their secrets, which the server does not return. From API v6 on.
options:
  id:
    description: Only the account with this id.
    type: str
  name:
    description: Only accounts with this user name. Case does not matter.
    type: str
  account_type:
    description: Only accounts of this type.
    type: str
    choices: [azure_blob_account, amazon_s3_account, amazon_s3_compatible_account]
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.info
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_cloud_account
"""

EXAMPLES = r"""
- name: Read all accounts of S3 compatible storage
  backupops.vbo365.vbo_cloud_account_info:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
    account_type: amazon_s3_compatible_account
  register: found
"""

RETURN = r"""
cloud_accounts:
  description: The accounts found, sorted by name.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 5d2e8c71-4b9f-4a06-b3d8-91c7f0e6a254
      name: AKIAEXAMPLEFRANKFURT
      account_type: amazon_s3_compatible_account
      description: Object storage in Frankfurt
config:
  description: The same accounts as input for M(backupops.vbo365.vbo_cloud_account). Applying it changes nothing.
  returned: success
  type: list
  elements: dict
  sample:
    - name: AKIAEXAMPLEFRANKFURT
      account_type: amazon_s3_compatible_account
      description: Object storage in Frankfurt
api_version:
  description: The API version that was used.
  returned: success
  type: str
  sample: v8
"""

from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._declared import inform
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import run_module
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._cloud_account import CLOUD_ACCOUNT

DEFINITION = inform(CLOUD_ACCOUNT)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
