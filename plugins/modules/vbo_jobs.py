#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All backup jobs of a server in one task."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_jobs
short_description: Manage many backup jobs of Veeam Backup for Microsoft 365 in one task
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Brings a list of backup jobs of one server to the declared state, each as M(backupops.vbo365.vbo_job) does, with one
    login and one listing of the jobs.
  - The plan for all jobs is complete before the first write. Jobs are created and changed first, deleted last.
  - Jobs that are not in the list are not changed, unless O(prune) deletes them.
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._jobs
  - backupops.vbo365._wait
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.writes
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_job
  - module: backupops.vbo365.vbo_copy_job
  - module: backupops.vbo365.vbo_job_info
"""

EXAMPLES = r"""
- name: Bring all jobs of this server to the declared state
  backupops.vbo365.vbo_jobs:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
    jobs:
      - name: Finance mail
        organization: contoso.onmicrosoft.com
        schedule_policy:
          daily_time: "22:00"
          backup_window: [Mon-Thu 19:00-07:00, Fri 19:00 - Mon 07:00]
      - name: Tenant
        organization: contoso.onmicrosoft.com
        schedule_policy:
          daily_time: "03:00"
          retry_number: 3
          retry_wait_interval: 20
      - name: Old tenant
        organization: contoso.onmicrosoft.com
        state: absent

- name: Declare a job together with its copy
  backupops.vbo365.vbo_jobs:
    jobs:
      - name: Tenant
        organization: contoso.onmicrosoft.com
        enabled: true
        copy_job:
          repository: repo-s3-copy
          schedule_policy:
            type: daily_at_time
            daily_time: "08:00"

- name: Delete the jobs that carry the mark of this repository and are not in it any more
  backupops.vbo365.vbo_jobs:
    jobs: "{{ vbo_jobs_list }}"
    prune: true
    scope:
      organizations: [contoso.onmicrosoft.com]
      description: Managed by Git
    max_deletions: 2
    protected: [legal-hold-*]

- name: Plan now
  backupops.vbo365.vbo_jobs:
    jobs: "{{ vbo_jobs_list }}"
    fingerprints: true
  check_mode: true
  register: planned

- name: Carry out exactly that after a review
  backupops.vbo365.vbo_jobs:
    jobs: "{{ vbo_jobs_list }}"
    plan: "{{ planned.plan }}"
"""

RETURN = r"""
jobs:
  description: What was done to each job, or would be done in check mode, in the order of O(jobs); then the pruned jobs.
  returned: always, unless an option is wrong
  type: list
  elements: dict
  contains:
    name:
      description: Name of the job.
      type: str
      returned: always
    organization:
      description: Name of its organization. From API; null when it is not known.
      type: str
      returned: always
    id:
      description: Its id. From API; null for a job that does not exist.
      type: str
      returned: always
    action:
      description: What was done, or would be done.
      type: str
      returned: always
      choices: [create, update, delete, none]
    status:
      description: V(failed) with RV(jobs[].msg), or V(skipped) for a job that was not started because another one failed.
      type: str
      returned: always
      choices: [ok, failed, skipped]
    changes:
      description: The fields that differ, as in M(backupops.vbo365.vbo_job).
      type: list
      elements: dict
      returned: always
      sample:
        - field: schedule_policy.daily_time
          before: "22:00"
          after: "23:30"
    copy_job:
      description: Action and changes of its copy job.
      type: dict
      returned: when C(copy_job) was declared
      sample:
        action: none
        changes: []
    msg:
      description: Why it failed.
      type: str
      returned: failure
    error:
      description: Why it failed, for programs.
      type: dict
      returned: failure
      sample:
        status: 400
        code: ParameterValidationFailure
        message: Repository is out of sync.
        method: PUT
        path: /v8/Jobs/51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95
    warnings:
      description: Warnings about valid settings that are probably a mistake, for example a window that never contains the start time.
      type: list
      elements: str
      returned: when there are any
      sample: ["schedule_policy.backup_window is 'never': the job can never run."]
    before:
      description: The complete job before the change, empty for a new one.
      type: dict
      returned: O(details=true)
      sample: {}
    after:
      description: The complete desired job, empty for a deleted one.
      type: dict
      returned: O(details=true)
      sample:
        name: Finance mail
        organization: contoso.onmicrosoft.com
        repository: repo-fra-01
        description: Managed by Git
        enabled: true
        backup_type: selected_items
        schedule_policy:
          type: daily
          daily_type: everyday
          daily_time: "23:30"
    spread:
      description:
        - What was chosen for each option with a range. C(reason) is V(kept) for a start that the job already had, V(preferred) for
          the calculated start of a new job, V(next_free) if that was taken, or V(shared) if none was free; then C(shared_with) names the jobs.
      type: dict
      returned: O(details=true), when a range was given
      sample:
        daily_time:
          value: "22:40"
          reason: kept
          shared_with: []
    next_run:
      description: The next run of the job on the server, before any change. From API; null if there is none.
      type: str
      returned: O(details=true)
      sample: "2026-02-04T21:30:00Z"
unmanaged:
  description: Jobs of the server, within O(scope), that are not in O(jobs) and were not pruned.
  returned: always, unless an option is wrong
  type: list
  elements: dict
  contains:
    name:
      description: Name of the job.
      type: str
      returned: always
    organization:
      description: Name of its organization.
      type: str
      returned: always
    id:
      description: Its id.
      type: str
      returned: always
    before:
      description: The whole job.
      type: dict
      returned: O(details=true)
      sample:
        name: By hand
        organization: contoso.onmicrosoft.com
        repository: repo-fra-01
        description: ""
        enabled: true
        backup_type: selected_items
        schedule_policy:
          type: daily
          daily_type: everyday
          daily_time: "12:00"
plan:
  description:
    - What a later run needs to carry out these changes and nothing else. For each declared job and each job that would be pruned the action, the changes,
      and a hash of each managed field as it is now; for each declared job a hash of each option; and the jobs of the scope that stay.
    - It has no secrets. P(backupops.vbo365.plan_report#filter) makes a file of it.
  returned: O(fingerprints=true), in check mode, when no job failed
  type: dict
  sample:
    api_version: v8
    settings:
      scope: {}
      prune: false
    jobs:
      - declared_as:
          organization: contoso.onmicrosoft.com
          name: Finance mail
        name: Finance mail
        organization: contoso.onmicrosoft.com
        id: 51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95
        action: update
        changes:
          - field: schedule_policy.daily_time
            before: "22:00"
            after: "23:30"
        fingerprint:
          enabled: b5bea41b6c62
        declared:
          schedule_policy.daily_time: 2d711642b726
        copy_job:
    pruned: []
    unmanaged: []
moved:
  description: Everything that is not as in O(plan) any more.
  returned: when the plan was refused
  type: list
  elements: dict
  contains:
    name:
      description: Name of the job; null when it is about the server or the task.
      type: str
      returned: always
    organization:
      description: Its organization.
      type: str
      returned: always
    field:
      description: The field of the job, the option, or V(api_version); empty for a whole job.
      type: str
      returned: always
      sample: schedule_policy.daily_time
    reason:
      description: >-
        What happened: V(edited), V(deleted) or V(created) on the server; V(declared) in another way, V(new) or V(gone) in the declaration;
        V(scope_new) or V(scope_gone) for jobs that are not declared; V(upgraded) for the server.
      type: str
      returned: always
      sample: edited
    now:
      description: The present value of the field, where there is one.
      type: raw
      returned: always
      sample: "23:15"
    text:
      description: The same as a sentence.
      type: str
      returned: always
      sample: schedule_policy.daily_time has been edited since
summary:
  description: How many jobs of each kind there are.
  returned: always, unless an option is wrong
  type: dict
  sample:
    create: 1
    update: 2
    delete: 0
    none: 47
    failed: 0
    skipped: 0
    unmanaged: 3
diff:
  description:
    - One entry for each job that changes, and one for each copy job. Both sides are text, lines of YAML in the order of the
      options. If the job does not exist, its side is empty.
  returned: with C(--diff)
  type: list
  elements: dict
  sample:
    - before_header: contoso.onmicrosoft.com / Finance mail
      after_header: contoso.onmicrosoft.com / Finance mail
      before: |
        name: Finance mail
        enabled: true
      after: |
        name: Finance mail
        enabled: false
failed_jobs:
  description: Names of the jobs that failed.
  returned: failure of a job
  type: list
  elements: str
  sample: [Finance mail]
api_version:
  description: The API version in use.
  returned: always, unless an option is wrong
  type: str
  sample: v8
error:
  description: What went wrong, for programs; of several failures the first one.
  returned: failure
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
from ansible_collections.backupops.vbo365.plugins.module_utils._input._groups import WAIT
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._jobs._modules import manage_jobs
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._jobs._options import JOBS

DEFINITION = Definition(CONNECTION + JOBS + WAIT, manage_jobs)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
