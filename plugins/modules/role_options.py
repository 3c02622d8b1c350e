# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: role_options
short_description: Check and convert the variables of the role
version_added: 1.0.0
author:
  - backupops contributors (@backupops)
description:
  - Reads the argument specification of the role that contains this task, evaluates each variable once,
    and returns the values in the declared types.
  - Extra variables and surveys are texts. V(false) becomes a boolean, V(json, html) a list, JSON text its value, and an empty text an empty list.
  - Fails and reports all mistakes, before the role does anything else.
  - The roles of this collection use it. It needs no connection to a server.
options:
  entry:
    description: The entry point of the role.
    type: str
    default: main
  once:
    description:
      - Variables that have one value for the whole run.
      - If one is a template, for example with the current time, the first result is used for all hosts and all plays.
    type: list
    elements: str
    default: []
  linear:
    description: Fail if the strategy of the play does not wait for all hosts, because the role combines their results.
    type: bool
    default: false
  prepare:
    description:
      - What else the role needs for each server, computed in the same step.
      - V(jobs) expands the templates of the jobs, and lists their overrides, unless the option C(live) of the role is true.
        The variables of the role C(vbo_job_templates) must be available in the play.
      - V(freeze) finds the active freeze, and V(ignore) checks the ignore rules.
    type: list
    elements: str
    choices: [freeze, ignore, jobs]
  tolerant:
    description: Return mistakes in jobs, templates and freezes as RV(problem), for a report. Invalid options of the role always fail.
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
    description: This is an action plugin, which runs only on the controller.
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
    - The values, by the names of the variables without the role's prefix.
    - Connections, passwords and lists of jobs are not included.
  returned: success
  type: dict
  sample:
    directory: reports
    formats: [json, html]
check_mode:
  description:
    - Whether this task ran in check mode, as do the other tasks of the role unless they say otherwise.
    - The variable C(ansible_check_mode) reflects only the command line, not C(check_mode) of a play, a block or an C(include_role).
  returned: success
  type: bool
  sample: false
jobs:
  description: The expanded jobs, with today's overrides.
  returned: when O(prepare) has V(jobs), and there is no problem
  type: list
  elements: dict
  sample: []
overrides:
  description: The overrides of the jobs, as P(backupops.vbo365.job_overrides#filter) returns them.
  returned: when O(prepare) is given
  type: list
  elements: dict
  sample: []
frozen:
  description: The active freeze, as P(backupops.vbo365.active_freeze#filter) returns it.
  returned: when O(prepare) is given
  type: dict
  sample: {}
problem:
  description: Mistakes in jobs, templates and freezes; empty if there are none.
  returned: when O(prepare) is given
  type: str
  sample: ""
begun:
  description: The time at which this was computed, in UTC.
  returned: when O(prepare) is given
  type: str
  sample: "2026-03-01T04:00:00Z"
url:
  description: The address of the server from the connection options or the environment.
  returned: when O(prepare) is given
  type: str
  sample: https://vbo.example.com:4443
"""
