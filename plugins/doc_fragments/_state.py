# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Documentation of the option group C(STATE)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  state:
    description:
      - V(present) creates the object if it does not exist, and changes what differs.
      - V(absent) deletes it if it exists. Backups that were made stay in the repository.
    type: str
    choices: [present, absent]
    default: present
"""
