# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: read_plan
short_description: Read what a plan says about a server
version_added: 0.1.0
author:
  - backupops contributors (@backupops)
description:
  - Reads a plan that the role R(vbo_plan, ansible_collections.backupops.vbo365.vbo_plan_role) wrote, on the controller,
    and returns what O(backupops.vbo365.vbo_jobs#module:plan) takes for one server.
  - Fails when there is no such file, when it was cut off, edited or written by another release, when it is too old, or when it has nothing for the server.
  - The file is read whole once in a run, however many hosts ask.
  - The roles of this collection use it. It asks no server, and needs no connection. P(backupops.vbo365.plan_server#filter) does the same
    with data.
options:
  path:
    description: The file on the controller. A relative path begins where Ansible was started.
    type: path
    required: true
  server:
    description: Name of the server in the plan.
    type: str
    required: true
  max_age:
    description: How old the plan may be, for example V(12h), V(90m) or V(7d). Any age is fine without it.
    type: str
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying anything.
    support: full
  diff_mode:
    description: Returns details on what has changed, when in diff mode.
    support: none
  action:
    description: This is an action plugin, it runs on the controller only.
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
