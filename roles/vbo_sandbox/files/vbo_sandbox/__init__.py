# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A stateful stand-in for the REST service of Veeam Backup for Microsoft 365, API v3 to v8."""

from __future__ import annotations

__version__ = "1.0.0"
