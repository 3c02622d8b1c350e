# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: read_plan
short_description: Read the part of a plan for one server
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Reads a plan that the role R(vbo_plan, ansible_collections.backupops.vbo365.vbo_plan_role) wrote, on the controller,
    and returns the value for O(backupops.vbo365.vbo_jobs#module:plan) of one server.
  - Fails if the file does not exist, is truncated, was edited, was written by another release, is too old, or does not contain the server.
  - The file is read once per run, for any number of hosts.
  - The roles of this collection use it. It needs no connection to a server. P(backupops.vbo365.plan_server#filter) does the same
    with data.
options:
  path:
    description: The file on the controller. A relative path is resolved from the directory in which Ansible was started.
    type: path
    required: true
  server:
    description: Name of the server in the plan.
    type: str
    required: true
  max_age:
    description: How old the plan may be, for example V(12h), V(90m) or V(7d). By default, any age is accepted.
    type: str
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying anything.
    support: full
  diff_mode:
    description: Returns details on what has changed, when in diff mode.
    support: none
  action:
    description: This is an action plugin, which runs only on the controller.
    support: full
"""

EXAMPLES = r"""
- name: Read the plan
  backupops.vbo365.read_plan:
    path: plan/plan.json
    server: "{{ inventory_hostname }}"
    max_age: 12h
  register: planned

- name: Carry it out
  backupops.vbo365.vbo_jobs:
    jobs: "{{ vbo_jobs_list }}"
    plan: "{{ planned.plan }}"
"""

RETURN = r"""
plan:
  description: What was planned for the server.
  returned: success
  type: dict
  sample:
    api_version: v8
    settings:
      scope: {}
      prune: false
    jobs: []
    pruned: []
    unmanaged: []
"""
