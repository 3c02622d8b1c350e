#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Start or stop a backup job."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_job_run
short_description: Start or stop a backup job of Veeam Backup for Microsoft 365
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Starts a backup job, incremental or full, or stops it, and waits for the end of its session.
  - A job that is already running is not started again, and an idle job is not stopped. Neither is an error or a change.
  - A disabled job can be started. Disabling a job only stops its schedule.
options:
  state:
    description: V(started) starts the job, V(stopped) stops it.
    type: str
    choices: [started, stopped]
    default: started
  full:
    description: Start an active full backup instead of an incremental one. From API v6 on.
    type: bool
    default: false
  wait:
    description: Wait for the end of the run, for O(wait_timeout) seconds at most.
    type: bool
    default: true
  fail_on:
    description: The statuses of a run that make the task fail. Only with O(wait=true).
    type: list
    elements: str
    choices: [failed, warning, stopped]
    default: [failed]
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._job_identity
  - backupops.vbo365._wait
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.writes
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_job
  - module: backupops.vbo365.vbo_job_session_info
"""

EXAMPLES = r"""
- name: Run a job and wait for it
  backupops.vbo365.vbo_job_run:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
    name: Finance mail
    organization: contoso.onmicrosoft.com
    wait_timeout: 7200
  register: run

- name: Start a full backup and go on
  backupops.vbo365.vbo_job_run:
    name: Finance mail
    organization: contoso.onmicrosoft.com
    full: true
    wait: false

- name: Stop a job
  backupops.vbo365.vbo_job_run:
    name: Finance mail
    organization: contoso.onmicrosoft.com
    state: stopped
"""

RETURN = r"""
action:
  description: What was done, or would be done in check mode.
  returned: success
  type: str
  sample: start
  choices: [start, stop, none]
job:
  description: The job.
  returned: success
  type: dict
  sample:
    id: 51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95
    name: Finance mail
    organization: contoso.onmicrosoft.com
session:
  description:
    - The session of the run, in its last known state. Empty after stopping, and in check mode.
    - It is also part of the result if the run failed or took too long.
  returned: always
  type: dict
  sample:
    id: 5b0c9c7e-1d0b-4a80-9f0c-3d1f3f8a7a11
    job_id: 51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95
    status: success
    creation_time: "2026-02-03T21:00:04.2216710Z"
    end_time: "2026-02-03T21:17:49.9032211Z"
    progress: 412
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
from ansible_collections.backupops.vbo365.plugins.module_utils._input._groups import WAIT
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._options import JOB_IDENTITY, JOB_RUN
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._run import run_job

DEFINITION = Definition(CONNECTION + JOB_IDENTITY + JOB_RUN + WAIT, run_job)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
