# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""What declared resources refer to and the collection does not manage."""

from __future__ import annotations

from .._core._kind import Kind

ORGANIZATION = Kind("organization", "Organizations", names=("name", "officeName"))
