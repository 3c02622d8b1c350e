# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks and converts the variables of a role, before any server is asked; for the roles of this collection."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import VboError
from ansible_collections.backupops.vbo365.plugins.module_utils._types import Data
from ansible_collections.backupops.vbo365.plugins.plugin_utils._plain import is_left_out, plain
from ansible_collections.backupops.vbo365.plugins.plugin_utils._role_options import (
    converted,
    declared,
    once,
    refuse_strategy,
)


class ActionModule(ActionBase):
    """Never touches the host of the task."""

    _requires_connection = False
    _supports_check_mode = True
    _VALID_ARGS = frozenset(("entry", "once", "linear"))

    def run(self, tmp: str | None = None, task_vars: Data | None = None) -> Data:
        del tmp
        task_vars = task_vars or {}
        result: Data = super().run(None, task_vars)
        args = plain(self._task.args)
        try:
            if args.get("linear"):
                refuse_strategy(str(self._task.get_play().strategy))
            options = declared(str(task_vars["role_path"]), args.get("entry", "main"))
            values = {name: self._value(name, name in args.get("once", ()), task_vars) for name in options}
            given = {name: value for name, value in values.items() if value is not None}
            prefix = str(task_vars["ansible_role_name"]).rsplit(".", 1)[-1] + "_"
            result["options"] = converted(options, given, prefix)
        except VboError as error:
            raise AnsibleActionFail(error.message) from None
        return result

    def _value(self, name: str, shared: bool, task_vars: Data) -> t.Any:
        if name not in task_vars:
            return None
        value = self._templar.template(task_vars[name])
        if is_left_out(value):
            return None
        value = plain(value)
        return once(name, task_vars[name], value) if shared else value
