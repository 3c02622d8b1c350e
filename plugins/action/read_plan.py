# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the part of a plan that is about the host, in the controller; for the roles of this collection."""

from __future__ import annotations

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import VboError
from ansible_collections.backupops.vbo365.plugins.module_utils._types import Data
from ansible_collections.backupops.vbo365.plugins.plugin_utils._file_set import absolute
from ansible_collections.backupops.vbo365.plugins.plugin_utils._formats import moment
from ansible_collections.backupops.vbo365.plugins.plugin_utils._plain import plain
from ansible_collections.backupops.vbo365.plugins.plugin_utils._plan._file import part_from


class ActionModule(ActionBase):
    """Never touches the host of the task."""

    _requires_connection = False
    _supports_check_mode = True
    _VALID_ARGS = frozenset(("path", "server", "max_age"))

    def run(self, tmp: str | None = None, task_vars: Data | None = None) -> Data:
        del tmp
        result: Data = super().run(None, task_vars)
        args = plain(self._task.args)
        try:
            path = absolute(args.get("path"), "path")
            result["plan"] = part_from(path, str(args.get("server")), args.get("max_age"), moment(""))
        except (VboError, ValueError) as error:
            raise AnsibleActionFail(error.message if isinstance(error, VboError) else str(error)) from None
        return result
