#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One log-in for a whole play."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_auth_token
short_description: Log in to Veeam Backup for Microsoft 365 once for a whole play
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Logs in and returns a token for the option O(token) of the other modules, so that they do not have to log in themselves.
  - Revokes the token at the end, from API v7 on. Tokens of older versions expire, by default after an hour.
  - The result is hidden in all output of Ansible, as with C(no_log), but the registered variable contains it.
options:
  state:
    description: V(present) logs in with O(username) and O(password). V(absent) revokes O(token).
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.info
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_job
"""

EXAMPLES = r"""
- name: Log in
  backupops.vbo365.vbo_auth_token:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
  register: login

- name: Work with that session
  module_defaults:
    group/backupops.vbo365.vbo365:
      url: https://vbo.example.com:4443
      token: "{{ login.token }}"
      api_version: "{{ login.api_version }}"
  block:
    - name: Read the jobs
      backupops.vbo365.vbo_job_info:
      register: found
  always:
    - name: Log out
      backupops.vbo365.vbo_auth_token:
        state: absent
"""

RETURN = r"""
token:
  description: The access token. A secret.
  returned: when O(state=present)
  type: str
expires_in:
  description: Seconds until the token expires.
  returned: when O(state=present)
  type: int
  sample: 3600
revoked:
  description: Whether the token was revoked.
  returned: when O(state=absent)
  type: bool
  sample: true
api_version:
  description: The API version that was used.
  returned: success
  type: str
  sample: v8
"""

from ansible_collections.backupops.vbo365.plugins.module_utils._api._connection import CONNECTION
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import Definition, run_module
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._token import AUTH_TOKEN, manage_token

DEFINITION = Definition(CONNECTION + AUTH_TOKEN, manage_token)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
