# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module of this collection in the controller where it can; the other names in this folder are links to it.

Ansible loads an action plugin before it forks only if it carries the module's own name. That load brings the imports
into the parent process once, instead of into every task.
"""

from __future__ import annotations

from ansible_collections.backupops.vbo365.plugins.plugin_utils._action import ActionModule  # noqa: F401
