# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Words that all reports share."""

from __future__ import annotations


def counted(number: int, what: str) -> str:
    """Return a number with its noun, in the singular or plural."""
    return f"{number} {what}{'s' * (number != 1)}"
