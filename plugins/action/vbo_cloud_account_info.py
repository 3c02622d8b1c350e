# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module of the same name in the controller where possible; all actions of ``vbo_`` modules are identical.

Ansible loads an action plugin before it forks only if the plugin has the name of the module. The module is imported
here, once in the parent process, because each task would compile it again otherwise. Symbolic links would be treated
as aliases of one module.
"""

from __future__ import annotations

from ansible_collections.backupops.vbo365.plugins.plugin_utils import _action

_action.definition_of(__name__.rpartition(".")[2])


class ActionModule(_action.ActionModule):
    """See :class:`_action.ActionModule`."""
