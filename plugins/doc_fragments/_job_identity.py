# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Documentation of the option group C(JOB_IDENTITY)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  name:
    description:
      - Name of the job, whatever the case of its letters. One of O(name) and O(id) is required.
      - A name that differs from an existing one only in what nobody sees is refused.
    type: str
  id:
    description: Id of the job.
    type: str
  organization:
    description: Name or id of the organization, required if several jobs have the same name.
    type: str
"""
