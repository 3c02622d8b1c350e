# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Documentation of the option group C(INFO_FILTERS)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  name:
    description:
      - Only the object with this name. Case does not matter.
      - A warning tells when there is none, and one whose name looks the same.
    type: str
  id:
    description: Only the object with this id.
    type: str
"""
