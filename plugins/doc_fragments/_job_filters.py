# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Documentation of the option group C(JOB_FILTERS)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  name:
    description: Only jobs whose name fits this pattern with V(*) and V(?), whatever the case of the letters.
    type: str
  id:
    description: Only the job with this id.
    type: str
  organization:
    description: Only jobs of the organization with this name or id.
    type: str
  repository:
    description: Only jobs that write to the repository with this name or id.
    type: str
  enabled:
    description: Only jobs that are enabled, or that are not.
    type: bool
  status:
    description: Only jobs whose last run has one of these states.
    type: list
    elements: str
    choices: [queued, running, success, warning, failed, stopped, disconnected, not_configured]
  items:
    description:
      - Return selected and excluded items too, which takes two more requests for each job.
      - C(config) then holds them as well.
    type: bool
    default: false
  deleted_items:
    description:
      - Mark items whose user, group, site or team Microsoft 365 does not have any more with C(deleted). Needs O(items).
      - Personal sites are not looked up.
      - It takes one more listing for each organization and type of item.
      - The mark is in RV(jobs) only. C(config) can be given back as it is.
    type: bool
    default: false
  last_session:
    description: Return the newest session of each job too, which takes one more request for each job.
    type: bool
    default: false
"""
