# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The action plugin behind every module: run in the controller where that makes no difference but speed."""

from __future__ import annotations

import gc
import importlib
import json
import typing as t

from ansible import constants
from ansible.errors import AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils._controller import run_in_controller
from ..module_utils._http import REQUESTS_IMPORT_ERROR
from ..module_utils._visible import visible
from ._sessions import session

COLLECTION = "backupops.vbo365"
VARIABLE = "vbo365_execution"
SECRET_RESULTS = ("vbo_auth_token",)
WISHES = ("auto", "controller", "module")

display = Display()


class ActionModule(ActionBase):
    """Hosts the module of the same name in this process, or hands it to a module process."""

    _requires_connection = False
    _supports_async = True
    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        del tmp
        task_vars = task_vars or {}
        result = super().run(None, task_vars)
        wish = self._templar.template(task_vars.get(VARIABLE, "auto"))
        if wish not in WISHES:
            return {**result, "failed": True, "msg": f"{VARIABLE}: '{wish}' is not one of {', '.join(WISHES)}."}
        reason = self.reason_for_module(wish)
        name = self._task.resolved_action or self._task.action
        short = name.rsplit(".", 1)[-1]
        definition = importlib.import_module(f"ansible_collections.{COLLECTION}.plugins.modules.{short}").DEFINITION
        if reason:
            self._take_secrets(definition.spec.options)
            if short in SECRET_RESULTS:  # ssh would show what the process prints; it looks here
                self._connection._play_context.no_log = True  # pylint: disable=protected-access
            display.vvv(f"{short}: runs as a module process ({reason})", host=self._host_name(task_vars))
            result.update(
                self._execute_module(module_name=name, task_vars=task_vars, wrap_async=bool(self._task.async_val))
            )
            return self._hidden(result, short)
        host = self._host_name(task_vars)
        gc.freeze()  # this process ends after the task; searching what it inherited for garbage costs seconds
        result.update(
            run_in_controller(
                definition,
                plain(self._task.args),
                check_mode=bool(self._task.check_mode),
                diff=bool(self._task.diff),
                open_session=lambda settings, read_only: session(settings, read_only, "ansible_loop_var" in task_vars),
                debug=lambda text: display.vvv(visible(f"{short}: {text}"), host=host),
            )
        )
        if not tells_invocation(task_vars):
            result.pop("invocation", None)
        return self._hidden(result, short)

    def _take_secrets(self, options: dict[str, dict[str, t.Any]]) -> None:
        """Make options of the secrets in the task's environment.

        Ansible writes that environment into the command line, which every user of the host can read, and shows it.
        """
        environment: dict[str, t.Any] = {}
        for given in self._task.environment or []:
            environment.update(self._templar.template(given) or {})
        for name, option in options.items():
            for variable in option["fallback"][1] if option.get("no_log") else ():
                if variable in environment:
                    self._task.args.setdefault(name, environment.pop(variable))
                    self._task.environment = [environment]

    @staticmethod
    def _hidden(result: dict[str, t.Any], short: str) -> dict[str, t.Any]:
        """The result of a log-in is a secret: registered as it is, and shown nowhere."""
        return {**result, "_ansible_no_log": True} if short in SECRET_RESULTS else result

    def reason_for_module(self, wish: str) -> str | None:
        """Why this task needs a module process, or None when the controller does the same work."""
        reasons = {
            "asked for with " + VARIABLE: wish == "module",
            "the connection is not local": wish != "controller" and self._connection.transport != "local",
            "async": bool(self._task.async_val),
            "become": bool(self._play_context.become),
            "environment": any(self._task.environment or []),
            "requests is missing in the controller's Python": bool(REQUESTS_IMPORT_ERROR),
        }
        return next((reason for reason, applies in reasons.items() if applies), None)

    @staticmethod
    def _host_name(task_vars: dict[str, t.Any]) -> str | None:
        return task_vars.get("inventory_hostname")


def tells_invocation(task_vars: dict[str, t.Any]) -> bool:
    """Whether results carry the arguments: always before ansible-core 2.21, by a setting since."""
    try:
        return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
    except AnsibleError:
        return True


def plain(args: dict[str, t.Any]) -> dict[str, t.Any]:
    """Arguments as they would reach a module process: plain data, vaulted strings in clear, no tags."""
    try:
        from ansible.module_utils.common.json import Direction, get_module_encoder  # ansible-core 2.19 and later

        return json.loads(json.dumps(args, cls=get_module_encoder("legacy", Direction.CONTROLLER_TO_MODULE)))
    except ImportError:
        from ansible.module_utils.common.json import AnsibleJSONEncoder

        return json.loads(json.dumps(args, cls=AnsibleJSONEncoder, vault_to_text=True))
