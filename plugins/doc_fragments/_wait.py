# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Documentation of the option group C(WAIT)."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  wait_timeout:
    description: Seconds to wait at most, where the module waits for a run to end, 0 to 2592000.
    type: int
    default: 3600
  wait_interval:
    description: Seconds between two looks while waiting, 1 to 86400.
    type: int
    default: 10
"""
