# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module of the same name in the controller where it can; every file of this folder is the same.

Ansible loads an action plugin before it forks only if it carries the module's own name, and that load brings the
imports into the parent process once, instead of into every task. (Links would be taken for aliases of one module.)
"""

from __future__ import annotations

import os

from ansible_collections.backupops.vbo365.plugins.plugin_utils import _action

_action.definition_of(os.path.splitext(os.path.basename(__file__))[0])  # Ansible compiles each file that is imported


class ActionModule(_action.ActionModule):
    """See :class:`_action.ActionModule`."""
