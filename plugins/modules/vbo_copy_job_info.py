#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backup copy jobs, read."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_copy_job_info
short_description: Read backup copy jobs of Veeam Backup for Microsoft 365
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Returns the backup copy jobs of a server. From API v6 on.
  - Also returns them as options of M(backupops.vbo365.vbo_copy_job). Applying these options changes nothing.
options:
  job:
    description: Only the copy job of the backup job with this name. Case does not matter.
    type: str
  id:
    description: Only the copy job with this id.
    type: str
  organization:
    description: Only copy jobs of the organization with this name or id.
    type: str
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.info
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_copy_job
"""

EXAMPLES = r"""
- name: Read all copy jobs
  backupops.vbo365.vbo_copy_job_info:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
  register: found
"""

RETURN = r"""
copy_jobs:
  description: The copy jobs found, sorted by organization and job.
  returned: success
  type: list
  elements: dict
  sample:
    - id: a9d3f6b2-7e15-48c0-9b64-0c1f8e5d2a37
      name: Finance mail - copy job
      job: Finance mail
      organization: contoso.onmicrosoft.com
      repository: repo-s3-copy
      enabled: true
      schedule_policy: {type: immediate, backup_copy_window_enabled: false}
      status: {last_status: success}
config:
  description: The same copy jobs as options of M(backupops.vbo365.vbo_copy_job), without ids and status.
  returned: success
  type: list
  elements: dict
  sample:
    - job: Finance mail
      organization: contoso.onmicrosoft.com
      repository: repo-s3-copy
      enabled: true
      schedule_policy: {type: immediate, backup_copy_window_enabled: false}
api_version:
  description: The API version that was used.
  returned: success
  type: str
  sample: v8
"""

from ansible_collections.backupops.vbo365.plugins.module_utils._api._connection import CONNECTION
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import Definition, run_module
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._copy_job._infos import read_copy_jobs
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._copy_job._options import COPY_JOB_FILTERS

DEFINITION = Definition(CONNECTION + COPY_JOB_FILTERS, read_copy_jobs)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
