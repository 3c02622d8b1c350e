#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One backup copy job."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_copy_job
short_description: Manage a backup copy job of Veeam Backup for Microsoft 365
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Creates, changes, enables, disables and deletes the backup copy job of one backup job. From API v6 on.
  - A backup job has at most one copy job, which identifies it. Its name is derived from the name of the job and cannot be set.
  - Source and target must be object storage of the same proxy or pool, with the same retention type.
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._copy_job
  - backupops.vbo365._state
  - backupops.vbo365._wait
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.writes
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_job
  - module: backupops.vbo365.vbo_copy_job_info
"""

EXAMPLES = r"""
- name: Copy every backup at once
  backupops.vbo365.vbo_copy_job:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
    job: Finance mail
    organization: contoso.onmicrosoft.com
    repository: repo-s3-copy

- name: Copy at eight in the morning, by day only
  backupops.vbo365.vbo_copy_job:
    job: Finance mail
    organization: contoso.onmicrosoft.com
    schedule_policy:
      type: daily_at_time
      daily_time: "08:00"
      backup_copy_window: [Mon-Sun 08:00-18:00]

- name: Delete the copy job
  backupops.vbo365.vbo_copy_job:
    job: Finance mail
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
  sample:
    - field: schedule_policy.type
      before: immediate
      after: daily_at_time
diff:
  description: Both sides as text, lines of YAML in the order of the options. If the copy job does not exist, its side is empty.
  returned: with C(--diff)
  type: dict
  sample:
    before_header: contoso.onmicrosoft.com / Finance mail (copy)
    after_header: contoso.onmicrosoft.com / Finance mail (copy)
    before: |
      job: Finance mail
      enabled: true
    after: |
      job: Finance mail
      enabled: false
copy_job:
  description: The copy job after the task, or as it would be in check mode. Empty if it does not exist.
  returned: success
  type: dict
  sample:
    id: a9d3f6b2-7e15-48c0-9b64-0c1f8e5d2a37
    name: Finance mail - copy job
    job: Finance mail
    organization: contoso.onmicrosoft.com
    repository: repo-s3-copy
    enabled: true
    schedule_policy:
      type: immediate
      backup_copy_window_enabled: false
    status:
      last_status: success
      last_run: "2026-02-04T03:00:02.0071121Z"
      last_backup: "2026-02-04T03:08:31.5510034Z"
      next_run: null
error:
  description: What went wrong, for programs. The message for people is in RV(ignore:msg).
  returned: failure of the server, of the connection, or of an option's value
  type: dict
  sample:
    status: 404
    code: ResourceNotFound
    message: There is no such object.
    method: GET
    path: /v8/Jobs
"""

from ansible_collections.backupops.vbo365.plugins.module_utils._api._connection import CONNECTION
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import Definition, run_module
from ansible_collections.backupops.vbo365.plugins.module_utils._input._groups import STATE, WAIT
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._copy_job._modules import (
    manage_copy_job,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._copy_job._options import COPY_JOB

DEFINITION = Definition(CONNECTION + COPY_JOB + STATE + WAIT, manage_copy_job)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
