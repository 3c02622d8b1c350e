# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: role_options
short_description: Check and convert the variables of the role
version_added: 0.1.0
author:
  - backupops contributors (@backupops)
description:
  - Reads the argument specification of the role whose task this is, evaluates each variable once,
    and returns the values in the types that are declared there.
  - Extra variables and surveys are texts. V(false) becomes a boolean, V(json, html) a list, a text in JSON what it says, and an empty text an empty list.
  - Fails with everything that is wrong, before the role does anything else.
  - The roles of this collection use it. It asks no server, and needs no connection.
options:
  entry:
    description: The entry point of the role.
    type: str
    default: main
  once:
    description:
      - Variables that have one value in the whole run.
      - When one is a template, for example with the time of day, the first result counts for all hosts and all plays.
    type: list
    elements: str
    default: []
  linear:
    description: Refuse a play whose strategy does not wait for all hosts, because the role puts all of them together.
    type: bool
    default: false
  prepare:
    description:
      - What the role needs on each server besides its options, worked out in the same step.
      - V(jobs) lays the jobs of the role over the templates, and lists their overrides, unless its option C(live) says that it looks
        at the server. The play has to know the variables of the role C(vbo_job_templates).
      - V(freeze) finds the freeze that counts now, and V(ignore) checks the rules for differences that may be there.
    type: list
    elements: str
    choices: [freeze, ignore, jobs]
  tolerant:
    description: Return what is wrong with jobs, templates and freezes as RV(problem), for a report; options of the role that are wrong fail in any case.
    type: bool
    default: false
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
- name: Check the options
  backupops.vbo365.role_options:
  register: __my_role

- name: Work with them
  ansible.builtin.debug:
    msg: "{{ __my_role.options.directory }}"
"""

RETURN = r"""
options:
  description:
    - The values by the names of the variables without the name of the role in front.
    - Connections, passwords and lists of jobs are not among them.
  returned: success
  type: dict
  sample:
    directory: reports
    formats: [json, html]
check_mode:
  description:
    - Whether this task ran in check mode, and so what else the role does, unless it says otherwise.
    - The variable C(ansible_check_mode) knows the command line only, not C(check_mode) of a play, a block or an C(include_role).
  returned: success
  type: bool
  sample: false
jobs:
  description: The plain jobs, with what counts today.
  returned: when O(prepare) has V(jobs), and there is no problem
  type: list
  elements: dict
  sample: []
overrides:
  description: What jobs say for a while, as P(backupops.vbo365.job_overrides#filter) returns it.
  returned: when O(prepare) is given
  type: list
  elements: dict
  sample: []
frozen:
  description: The freeze that counts now, as P(backupops.vbo365.active_freeze#filter) returns it.
  returned: when O(prepare) is given
  type: dict
  sample: {}
problem:
  description: What is wrong with jobs, templates and freezes; empty if nothing is.
  returned: when O(prepare) is given
  type: str
  sample: ""
begun:
  description: When this was worked out, in UTC.
  returned: when O(prepare) is given
  type: str
  sample: "2026-03-01T04:00:00Z"
url:
  description: The address of the server from the connection options or the environment.
  returned: when O(prepare) is given
  type: str
  sample: https://vbo.example.com:4443
"""
