#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One backup job."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_job
short_description: Manage a backup job of Veeam Backup for Microsoft 365
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Creates, changes, renames, enables, disables and deletes one backup job, over the REST API v3 to v8.
  - Reads the job, compares it with the options, and sends only the difference.
    Options that are left out are not managed and keep their values.
  - After a write, the job is read back, and the task fails if its values differ from those that were sent.
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._job
  - backupops.vbo365._state
  - backupops.vbo365._wait
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.writes
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_job_info
"""

EXAMPLES = r"""
- name: Back up a whole organization every night
  backupops.vbo365.vbo_job:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
    name: Tenant
    organization: contoso.onmicrosoft.com
    repository: repo-fra-01
    backup_type: entire_organization
    schedule_policy:
      type: daily
      daily_time: "22:00"
      retry_number: 3
      retry_wait_interval: 20

- name: Change the hours, and nothing else
  backupops.vbo365.vbo_job:
    name: Finance mail
    organization: contoso.onmicrosoft.com
    schedule_policy:
      backup_window:
        - Mon-Thu 19:00-07:00
        - Fri 19:00 - Mon 07:00

- name: Run every four hours, from 06:15 to 22:00 on workdays
  backupops.vbo365.vbo_job:
    name: Executives
    organization: contoso.onmicrosoft.com
    schedule_policy:
      type: periodically
      periodically_every: hours4
      periodically_offset_minutes: 15
      periodically_window: [Mon-Fri 06:00-22:00]

- name: Back up chosen items
  backupops.vbo365.vbo_job:
    name: Finance
    organization: contoso.onmicrosoft.com
    repository: repo-fra-01
    backup_type: selected_items
    selected_items:
      - {type: group, name: Finance, members: true, member_mailbox: true, mailbox: true}
      - {type: user, name: cfo@contoso.com, mailbox: true, archive_mailbox: true, one_drive: true}
      - {type: site, url: https://contoso.sharepoint.com/sites/finance}
      - {type: team, name: Finance}
    excluded_items:
      - {type: user, name: intern@contoso.com}
    schedule_policy:
      type: daily
      daily_time: "21:00"

- name: Add one user to whatever the job protects already
  backupops.vbo365.vbo_job:
    name: Finance
    organization: contoso.onmicrosoft.com
    items_mode: add
    selected_items:
      - {type: user, name: controller@contoso.com}

- name: Rename a job
  backupops.vbo365.vbo_job:
    id: 51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95
    name: Finance mailboxes

- name: Stop the schedule of a job
  backupops.vbo365.vbo_job:
    name: Projects
    organization: contoso.onmicrosoft.com
    enabled: false

- name: Delete a job; its backups stay in the repository
  backupops.vbo365.vbo_job:
    name: Old tenant
    organization: contoso.onmicrosoft.com
    state: absent
"""

RETURN = r"""
action:
  description: What was done, or would be done in check mode.
  returned: success
  type: str
  sample: update
  choices: [create, update, delete, none]
changes:
  description: The fields that differ, with the values before and after. Empty for a deletion.
  returned: success
  type: list
  elements: dict
  contains:
    field:
      description: The option, a suboption by its path.
      type: str
      returned: always
      sample: schedule_policy.daily_time
    before:
      description: The value on the server.
      type: raw
      returned: always
      sample: "22:00"
    after:
      description: The desired value.
      type: raw
      returned: always
      sample: "23:30"
diff:
  description: Both sides as text, lines of YAML in the order of the options. If the job does not exist, its side is empty.
  returned: with C(--diff)
  type: dict
  sample:
    before_header: contoso.onmicrosoft.com / Finance mail
    after_header: contoso.onmicrosoft.com / Finance mail
    before: |
      name: Finance mail
      enabled: true
    after: |
      name: Finance mail
      enabled: false
job:
  description: The job after the task, or as it would be in check mode. Empty if it does not exist.
  returned: success
  type: dict
  sample:
    id: 51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95
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
      daily_time: "23:30"
      backup_window_enabled: true
      backup_window: ["Mon-Thu 19:00-07:00", "Fri 19:00 - Sun 24:00"]
      retry_enabled: true
      retry_number: 3
      retry_wait_interval: 20
    status:
      last_status: success
      last_run: "2026-02-03T21:00:04.2216710Z"
      last_backup: "2026-02-03T21:17:49.9032211Z"
      next_run: "2026-02-04T21:30:00Z"
error:
  description: What went wrong, for programs. The message for people is in RV(ignore:msg).
  returned: failure of the server, of the connection, or of an option's value
  type: dict
  sample:
    status: 400
    code: ParameterValidationFailure
    message: Repository is out of sync.
    method: PUT
    path: /v8/Jobs/51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95
"""

from ansible_collections.backupops.vbo365.plugins.module_utils._api._connection import CONNECTION
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import Definition, run_module
from ansible_collections.backupops.vbo365.plugins.module_utils._input._groups import STATE, WAIT
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._modules import manage_job
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._options import JOB

DEFINITION = Definition(CONNECTION + JOB + STATE + WAIT, manage_job)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
