# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The servers of the module tests, and the folder of playbooks, for inputs of the same kinds as the field's."""

from __future__ import annotations

from ..execution.conftest import folder
from ..plugins.conftest import sandbox, server, v8

__all__ = ["folder", "sandbox", "server", "v8"]
