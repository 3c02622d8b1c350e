# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures of the field tests: the servers of the module tests, and a folder for playbooks."""

from __future__ import annotations

from ..execution.conftest import folder
from ..plugins.conftest import sandbox, server, v8

__all__ = ["folder", "sandbox", "server", "v8"]
