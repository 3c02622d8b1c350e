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
      - The jobs, each with the options of M(backupops.vbo365.vbo_job). An empty list is fine, and does nothing.
      - A job may be declared once only. What is wrong in any of them is said before the first request.
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
          - Leave it out to let it be as it is.
        type: dict
        suboptions:
"""
        + COPY_STATE
        + COPY_JOB
        + r"""
  max_parallel:
    description:
      - How many jobs are worked on at the same time, 1 to 10. The steps of one job follow one another.
      - Results come in the order of O(jobs) nevertheless.
    type: int
    default: 4
  on_error:
    description:
      - What to do when a job fails. V(stop) plans all jobs, writes nothing if any plan fails, and begins no other job after
        a write has failed. V(continue) does the other jobs and fails at the end.
      - The task fails in both cases, and RV(jobs) says what became of each.
    type: str
    choices: [stop, continue]
    default: stop
  details:
    description: Return whole jobs in RV(jobs) and RV(unmanaged), as they are and as they shall be.
    type: bool
    default: false
  fingerprints:
    description:
      - In check mode, return RV(plan), which O(plan) takes later. It asks nothing more of the server.
    type: bool
    default: false
  plan:
    description:
      - What was planned for this server, from RV(plan) of an earlier task in check mode, or from a file with
        P(backupops.vbo365.plan_server#filter).
      - The task carries out what was planned, and nothing else. When a job or a copy job was edited, deleted or created since,
        when another job is in the O(scope), when O(jobs), O(scope) or O(prune) are not those of the plan, or when the server is
        used with another version of the API, it fails before the first write with RV(moved). This needs no more requests.
      - A planned change that is done already counts as done. The same plan finishes a run that was cut off.
      - Every job of the O(scope) counts. Without a scope that is every job of the server.
      - C(when_edited) is C(fail) then.
    type: dict
  scope:
    description:
      - The jobs of the server that count as yours, although they are not in O(jobs). A job is in the scope when
        everything given here fits.
      - It limits what RV(unmanaged) lists, and what O(prune) may delete.
    type: dict
    suboptions:
      organizations:
        description: Names or ids of organizations.
        type: list
        elements: str
      name:
        description: A pattern for the name of the job, with C(*) and C(?), in any case of letters.
        type: str
      description:
        description: A text that the description of the job contains, for example V(Managed by Git).
        type: str
  prune:
    description:
      - Delete the jobs of O(scope) that O(jobs) does not have, and their copy jobs first. Backups stay in the repository.
      - It needs a O(scope), at least one declared job, and in O(scope.organizations) no organization without a declared job.
      - It comes last, and not at all when any other job has failed.
    type: bool
    default: false
  max_deletions:
    description: The most jobs that O(prune) may delete, 0 to 1000000. If there are more the task fails before the first write.
    type: int
    default: 5
  protected:
    description: Patterns for names of jobs that O(prune) never deletes, with C(*) and C(?), in any case of letters.
    type: list
    elements: str
    default: []
"""
    )
