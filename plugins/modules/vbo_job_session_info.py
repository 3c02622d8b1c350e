#!/usr/bin/python
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sessions of jobs, read."""

from __future__ import annotations

DOCUMENTATION = r"""
module: vbo_job_session_info
short_description: Read the sessions of backup jobs of Veeam Backup for Microsoft 365
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Returns the sessions of one job, or of all jobs, the newest first, with their logs on request.
extends_documentation_fragment:
  - backupops.vbo365._connection
  - backupops.vbo365._session_filters
  - backupops.vbo365._attributes
  - backupops.vbo365._attributes.info
  - backupops.vbo365._attributes.hosted
  - backupops.vbo365._attributes.actiongroup_vbo365
seealso:
  - module: backupops.vbo365.vbo_job_run
  - module: backupops.vbo365.vbo_job_info
"""

EXAMPLES = r"""
- name: Read the last ten sessions of a job, with their logs
  backupops.vbo365.vbo_job_session_info:
    url: https://vbo.example.com:4443
    username: EXAMPLE\svc-ansible
    password: "{{ vault_vbo365_password }}"
    name: Finance mail
    organization: contoso.onmicrosoft.com
    newest: 10
    log_items: true
  register: found

- name: Read what failed since a day
  backupops.vbo365.vbo_job_session_info:
    status: [failed, warning]
    since: "2026-02-03"
"""

RETURN = r"""
sessions:
  description: The sessions found, the newest first. Other properties from the server are also returned, in snake case.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the session.
      type: str
      returned: always
    job_id:
      description: Id of the job.
      type: str
      returned: always
    status:
      description: The state of the session, for example V(success), V(warning), V(failed), V(running) or V(stopped).
      type: str
      returned: always
    creation_time:
      description: When the run began.
      type: str
      returned: always
    end_time:
      description: When the run ended.
      type: str
      returned: always
    log_items:
      description: The log, in the order in which it was written, each with C(type), C(message), C(creation_time), C(end_time).
      type: list
      elements: dict
      returned: when O(log_items=true)
api_version:
  description: The API version that was used.
  returned: success
  type: str
  sample: v8
"""

from ansible_collections.backupops.vbo365.plugins.module_utils._api._connection import CONNECTION
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import Definition, run_module
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._options import SESSION_FILTERS
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._run import read_sessions

DEFINITION = Definition(CONNECTION + SESSION_FILTERS, read_sessions)


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
