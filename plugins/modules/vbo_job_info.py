#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Backup jobs, read."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_job_info
short_description: Read backup jobs of Veeam Backup for Microsoft 365
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Returns the backup jobs of a server, with schedule, windows and status, over the REST API v3 to v8.
  - Also returns them as options of M(backupops.vbo365.vbo_job). Applying these options changes nothing.
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._job_filters
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.info
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_job
"""

EXAMPLES = r"""
- name: Read the jobs of an organization
  backupops.vbo365.vbo_job_info:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
    organization: contoso.onmicrosoft.com
  register: found

- name: Show which jobs did not end well
  ansible.builtin.debug:
    msg: "{{ found.jobs | rejectattr('status.last_status', 'equalto', 'success') | map(attribute='name') }}"

- name: Write the jobs down as options of vbo_job
  ansible.builtin.copy:
    content: "{{ found.config | to_nice_yaml(sort_keys=false) }}"
    dest: jobs.yml
    mode: "0600"
"""

RETURN = r"""
jobs:
  description:
    - The jobs found, sorted by organization and name.
    - With O(deleted_items=true), items that no longer exist in Microsoft 365 have C(deleted=true).
  returned: success
  type: list
  elements: dict
  sample:
    - id: 51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95
      name: Finance mail
      organization: contoso.onmicrosoft.com
      repository: repo-fra-01
      description: Managed by Git
      enabled: true
      backup_type: selected_items
      schedule_policy:
        type: daily
        schedule_enabled: true
        daily_type: everyday
        daily_time: "22:00"
        backup_window_enabled: false
        retry_enabled: false
      status:
        last_status: success
        last_run: "2026-02-03T21:00:04.2216710Z"
        last_backup: "2026-02-03T21:17:49.9032211Z"
        next_run: "2026-02-04T21:00:00Z"
config:
  description:
    - The same jobs as options of M(backupops.vbo365.vbo_job), without ids and status.
    - Options that the API version in use does not support are left out.
  returned: success
  type: list
  elements: dict
  sample:
    - name: Finance mail
      organization: contoso.onmicrosoft.com
      repository: repo-fra-01
      enabled: true
      backup_type: selected_items
      schedule_policy: {type: daily, daily_type: everyday, daily_time: "22:00"}
api_version:
  description: The API version that was used.
  returned: success
  type: str
  sample: v8
"""

from ansible_collections.backupops.vbo365.plugins.module_utils._api._connection import CONNECTION
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import Definition, run_module
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._infos import read_jobs
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._options import JOB_FILTERS

DEFINITION = Definition(CONNECTION + JOB_FILTERS, read_jobs)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
