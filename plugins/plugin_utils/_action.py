# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The action plugin behind every module: run in the controller where that makes no difference but speed."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import typing as t

from ansible import constants
from ansible.errors import AnsibleError
from ansible.module_utils.common.validation import check_type_bool
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ..module_utils._api._connection import only_reads, variable
from ..module_utils._api._http import REQUESTS_IMPORT_ERROR
from ..module_utils._errors import InputError
from ..module_utils._hosts._controller import run_in_controller
from ..module_utils._hosts._process import failure
from ..module_utils._input._argspec import unquoted
from ..module_utils._types import Data
from ..module_utils._visible import visible
from ._file_set import absolute
from ._sessions import session

COLLECTION = "backupops.vbo365"
VARIABLE = "vbo365_execution"
SECRET_RESULTS = ("vbo_auth_token",)
EXECUTIONS = ("auto", "controller", "module")
#: reasons for a module process whose environment is not the controller's
FAR, BECOME = "the connection is not local", "become"
#: options without which nothing works, and that people set in the environment
NEEDED = ("url", "username", "password")
NO_PYTHON_THERE = ("winrm", "psrp", "network_cli", "httpapi", "netconf", "persistent")
NO_PYTHON = (
    "The connection '{}' cannot run a Python module, and this task needs one ({}). Set ansible_connection: local and "
    "ansible_shell_type: sh for the host, or delegate_to: localhost for the task."
)

display = Display()


def definition_of(short: str) -> t.Any:
    """The definition in the module of this short name."""
    return importlib.import_module(f"ansible_collections.{COLLECTION}.plugins.modules.{short}").DEFINITION


class ActionModule(ActionBase):
    """Runs the module of the same name in this process, or in a module process."""

    _requires_connection = False
    _supports_async = True
    _supports_check_mode = True
    _supports_diff = True

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        del tmp
        task_vars = task_vars or {}
        result = super().run(None, task_vars)
        execution = (
            str(self._templar.template(task_vars.get(VARIABLE)) or "").strip() or "auto"
        )  # a form may leave it empty
        if execution not in EXECUTIONS:
            return {
                **result,
                "failed": True,
                "msg": f"{VARIABLE}: must be one of {', '.join(EXECUTIONS)} (got '{execution}').",
            }
        try:
            self._pass_on_read_only()
        except InputError as error:
            return {**result, "failed": True, **failure(error)}
        name = self._task.resolved_action or self._task.action
        short = name.rsplit(".", 1)[-1]
        definition = definition_of(short)
        wrong = unquoted(definition.spec, self._task.args)
        if wrong:
            return {**result, "failed": True, **failure(wrong)}
        reason = self.reason_for_module(execution)
        if reason and runs_no_python(self._connection):
            return {**result, "failed": True, "msg": NO_PYTHON.format(_transport(self._connection), reason)}
        if reason:
            result.update(self._in_module_process(name, short, definition.spec.options, task_vars, reason))
        else:
            with _environment(self._environment() if runs_no_python(self._connection) else {}):
                result.update(self._in_controller(definition, short, task_vars))
            if not tells_invocation(task_vars):
                result.pop("invocation", None)
        return self._hidden(result, short)

    def _pass_on_read_only(self) -> None:
        """Pass C(read_only) of the controller's environment on, because a module process may have another environment.

        A value of the option that is no boolean stays, for the host to refuse.
        """
        if not only_reads():
            return
        given = self._task.args.get("read_only")
        with contextlib.suppress(TypeError):
            check_type_bool(given or False)
            self._task.args["read_only"] = True

    def _in_module_process(
        self, name: str, short: str, options: dict[str, dict[str, t.Any]], task_vars: dict[str, t.Any], reason: str
    ) -> dict[str, t.Any]:
        self._take_secrets(options)
        if reason != FAR:
            self._keep_folder()
        if short in SECRET_RESULTS:  # ssh would display the output of the process; this option is read there
            self._connection._play_context.no_log = True  # pylint: disable=protected-access
        display.vvv(f"{short}: runs as a module process ({reason})", host=self._host_name(task_vars))
        result: Data = self._execute_module(
            module_name=name, task_vars=task_vars, wrap_async=bool(self._task.async_val)
        )
        option = (result.get("error") or {}).get("option")
        if reason in (FAR, BECOME) and option in NEEDED and os.environ.get(variable(option)):
            result["msg"] += (
                f" {variable(option)} is set on the controller; the module process does not see it ({reason})."
            )
        return result

    def _in_controller(self, definition: t.Any, short: str, task_vars: dict[str, t.Any]) -> dict[str, t.Any]:
        host = self._host_name(task_vars)
        again, self._task.vbo365_attempted = getattr(self._task, "vbo365_attempted", False), True
        keep = "ansible_loop_var" in task_vars
        gc.freeze()  # this process ends after the task; garbage collection of inherited objects would take seconds
        return run_in_controller(
            definition,
            plain(self._task.args),
            check_mode=bool(self._task.check_mode),
            diff=bool(self._task.diff),
            open_session=lambda settings, read_only: session(settings, read_only, keep, again),
            debug=lambda text: display.vvv(visible(f"{short}: {text}"), host=host),
        )

    def _take_secrets(self, options: dict[str, dict[str, t.Any]]) -> None:
        """Make options of the secrets in the task's environment.

        Ansible writes that environment into the command line, which every user of the host can read, and shows it.
        """
        environment = self._environment()
        for name, option in options.items():
            if option.get("no_log") and "fallback" in option and variable(name) in environment:
                self._task.args.setdefault(name, environment.pop(variable(name)))
                self._task.environment = [environment]

    def _keep_folder(self) -> None:
        """Make a relative C(ca_path) mean the folder where Ansible was started; a process here runs in the playbook's.

        In a process on another machine, it is a path of that machine.
        """
        given = self._task.args.get("ca_path")
        name = variable("ca_path")
        text = self._environment().get(name, os.environ.get(name)) if given is None else given
        if isinstance(text, str) and text.strip():
            self._task.args["ca_path"] = absolute(text.strip(), "ca_path")

    def _environment(self) -> dict[str, t.Any]:
        """Merge C(environment) of the play, the blocks and the task into one mapping."""
        merged: dict[str, t.Any] = {}
        for given in self._task.environment or []:
            merged.update(self._templar.template(given) or {})
        return merged

    @staticmethod
    def _hidden(result: dict[str, t.Any], short: str) -> dict[str, t.Any]:
        """Hide the result of a login in all output; the registered variable contains it."""
        return {**result, "_ansible_no_log": True} if short in SECRET_RESULTS else result

    def reason_for_module(self, execution: str) -> str | None:
        """Why this task needs a module process, or None when the controller does the same work."""
        elsewhere = not runs_no_python(self._connection)
        reasons = {
            "asked for with " + VARIABLE: execution == "module",
            FAR: elsewhere and execution != "controller" and self._connection.transport != "local",
            "async": bool(self._task.async_val),
            BECOME: elsewhere and bool(self._play_context.become),
            "environment": elsewhere and any(self._task.environment or []),
            "requests is missing in the controller's Python": bool(REQUESTS_IMPORT_ERROR),
        }
        return next((reason for reason, applies in reasons.items() if applies), None)

    @staticmethod
    def _host_name(task_vars: dict[str, t.Any]) -> str | None:
        return task_vars.get("inventory_hostname")


def runs_no_python(connection: t.Any) -> bool:
    """Return whether the target of a connection cannot run Python modules: Windows, or the console of a device.

    The controller needs no connection to do the work, so this is where it is done.
    """
    shell = getattr(connection, "_shell", None)
    return _transport(connection) in NO_PYTHON_THERE or bool(getattr(shell, "_IS_WINDOWS", False))


def _transport(connection: t.Any) -> str:
    return str(connection.transport).rsplit(".", 1)[-1]


@contextlib.contextmanager
def _environment(variables: dict[str, t.Any]) -> t.Iterator[None]:
    """The environment that a module process would have; this process works on one task."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update({name: str(value) for name, value in variables.items()})
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def tells_invocation(task_vars: dict[str, t.Any]) -> bool:
    """Return whether results contain the arguments: always before ansible-core 2.21, later depending on a setting."""
    try:
        return bool(constants.config.get_config_value("INJECT_INVOCATION", variables=task_vars))
    except AnsibleError:
        return True


def plain(args: dict[str, t.Any]) -> dict[str, t.Any]:
    """Arguments as they would reach a module process: plain data, vaulted strings in clear, no tags."""
    try:
        from ansible.module_utils.common.json import Direction, get_module_encoder  # ansible-core 2.19 and later

        text = json.dumps(args, cls=get_module_encoder("legacy", Direction.CONTROLLER_TO_MODULE))
    except ImportError:
        from ansible.module_utils.common.json import AnsibleJSONEncoder

        text = json.dumps(args, cls=AnsibleJSONEncoder, vault_to_text=True)
    return t.cast("dict[str, t.Any]", json.loads(text))
