# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Documentation of the option group C(JOBS); what a job and a copy job have comes from their own fragments."""

from __future__ import annotations

import re
import textwrap

from ansible_collections.backupops.vbo365.plugins.doc_fragments import _copy_job, _job, _state


def _nested(text: str, path: str, spaces: int) -> str:
    """The options of a fragment as suboptions: indented, with references to options below their new parent."""
    options = text.partition("options:\n")[2]
    return textwrap.indent(re.sub(r"O\((?![\w.]+#)", f"O({path}.", options), " " * spaces)


def _without(text: str, first: str) -> str:
    """A fragment from one option on."""
    return "options:\n" + text[text.index(f"  {first}:\n") :]


JOB = _nested(_job.ModuleDocFragment.DOCUMENTATION, "jobs[]", 4)
STATE = _nested(_state.ModuleDocFragment.DOCUMENTATION, "jobs[]", 4)
COPY_STATE = _nested(_state.ModuleDocFragment.DOCUMENTATION, "jobs[].copy_job", 8)
COPY_JOB = _nested(_without(_copy_job.ModuleDocFragment.DOCUMENTATION, "repository"), "jobs[].copy_job", 8)


class ModuleDocFragment:
    # annotated, because ansible-test's yamllint takes every plain assignment for one text
    DOCUMENTATION: str = (
        r"""
options:
  jobs:
    description:
      - The jobs, each with the options of M(backupops.vbo365.vbo_job). An empty list is allowed and changes nothing.
      - A job may be declared only once. All mistakes are reported before the first request.
    type: list
    elements: dict
    required: true
    suboptions:
"""
        + JOB
        + STATE
        + r"""
      copy_job:
        description:
          - The backup copy job of this job, with the options of M(backupops.vbo365.vbo_copy_job). From API v6 on.
          - Leave it out to not manage it.
        type: dict
        suboptions:
"""
        + COPY_STATE
        + COPY_JOB
        + r"""
  max_parallel:
    description:
      - How many jobs are processed at the same time, 1 to 10. The steps of one job run one after the other.
      - The results are always in the order of O(jobs).
    type: int
    default: 4
  on_error:
    description:
      - What to do when a job fails. V(stop) plans all jobs, writes nothing if any plan fails, and starts no further job after
        a write has failed. V(continue) processes the other jobs and fails at the end.
      - The task fails in both cases, and RV(jobs) contains the outcome of each job.
    type: str
    choices: [stop, continue]
    default: stop
  details:
    description: Return complete jobs in RV(jobs) and RV(unmanaged), before and after the change.
    type: bool
    default: false
  fingerprints:
    description:
      - In check mode, return RV(plan), which can be used later for O(plan). It needs no additional requests.
    type: bool
    default: false
  plan:
    description:
      - The plan for this server, from RV(plan) of an earlier task in check mode, or from a file with
        P(backupops.vbo365.plan_server#filter).
      - The task applies exactly this plan. If a job or a copy job was edited, deleted or created since then, if the O(scope)
        contains another job, if O(jobs), O(scope) or O(prune) differ from the plan, or if the server is used with another
        API version, the task fails before the first write with RV(moved). This needs no additional requests.
      - Planned changes that have already been made count as done. The same plan completes an interrupted run.
      - Every job in the O(scope) is checked. By default, this is every job of the server.
      - With a plan, C(when_edited) is C(fail).
    type: dict
  scope:
    description:
      - The jobs of the server that you manage, including those that are not in O(jobs). A job is in the scope if
        it matches all options given here.
      - It limits what RV(unmanaged) lists, and what O(prune) may delete.
    type: dict
    suboptions:
      organizations:
        description: Names or ids of organizations.
        type: list
        elements: str
      name:
        description: A pattern for the name of the job, with C(*) and C(?). Case does not matter.
        type: str
      description:
        description: A text that the description of the job contains, for example V(Managed by Git).
        type: str
  prune:
    description:
      - Delete the jobs in O(scope) that are not in O(jobs), after their copy jobs. Backups stay in the repository.
      - It requires a O(scope), at least one declared job, and a declared job for each organization in O(scope.organizations).
      - Jobs are deleted last, and only if no other job has failed.
    type: bool
    default: false
  max_deletions:
    description: The maximum number of jobs that O(prune) may delete, 0 to 1000000. If there are more, the task fails before the first write.
    type: int
    default: 5
  protected:
    description: Name patterns of jobs that O(prune) never deletes, with C(*) and C(?). Case does not matter.
    type: list
    elements: str
    default: []
"""
    )
