# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Documentation of the option group C(SESSION_FILTERS)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  name:
    description: Only sessions of the job with this name. Case does not matter.
    type: str
  id:
    description: Only sessions of the job with this id.
    type: str
  organization:
    description: Name or id of the organization of the job O(name), to tell jobs of the same name apart.
    type: str
  status:
    description: Only sessions in one of these states.
    type: list
    elements: str
    choices: [queued, running, success, warning, failed, stopped, disconnected, not_configured]
  since:
    description: Only sessions that began at this point in time or later, for example V(2026-02-03) or V(2026-02-03T22:00:00Z).
    type: str
  newest:
    description: Return at most so many sessions, 1 to 1000000. If not set, all.
    type: int
  log_items:
    description: Return the log of each session too, which takes one more request each.
    type: bool
    default: false
"""
