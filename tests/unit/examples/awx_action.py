# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Replaces every module of awx.awx: checks the arguments as Ansible does for the real module, and records them."""

from __future__ import annotations

import json
import os
import typing as t

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

Data = dict[str, t.Any]


def checked(specification: str, module: str, arguments: Data) -> tuple[list[str], Data]:
    """Return the error in the arguments of a module, and the arguments with their defaults.

    :arg specification: the file C(awx_modules.yml)
    """
    with open(specification, encoding="utf-8") as stream:
        rules = yaml.safe_load(stream)["modules"][module]
    result = ArgumentSpecValidator(rules.pop("options"), **rules).validate(arguments)
    return result.error_messages, result.validated_parameters


class ActionModule(ActionBase):
    """Sends nothing to an AWX."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: Data | None = None) -> Data:
        """Append the module and its arguments to a file, as one line."""
        del tmp, task_vars
        name = self._task.action.rsplit(".", 1)[1]
        mistakes, arguments = checked(os.environ["AWX_MODULES"], name, self._task.args)
        if mistakes:
            return {"failed": True, "msg": "; ".join(mistakes)}
        with open(os.environ["AWX_CALLS"], "a", encoding="utf-8") as stream:
            stream.write(json.dumps([name, arguments]) + "\n")
        return {"changed": True}
