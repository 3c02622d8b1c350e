# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The host that runs a definition inside the controller's own process, used by the action plugin.

Same specification, same validation, same masking of secrets and same results as a module process, without its cost.
"""

from __future__ import annotations

import contextlib
import json
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values

from .._api._client import Client
from .._api._connection import trimmed_connection
from .._api._settings import Settings
from .._errors import VboError
from .._input._argspec import input_error, with_origin
from .._input._masking import IN_RESULT, with_numbers
from .._visible import visible
from ._process import VALIDATOR_ERRORS, Definition, failure, hides_texts, known, read_only, secrets_in

LONG = 100  # entries of a list argument
#: opens a session and decides how long it lives: C(with open_session(settings, read_only) as client)
OpenSession = t.Callable[[Settings, bool], t.ContextManager[Client]]


class ControllerHost:
    """Hosts a definition in this process; collects warnings for the result."""

    def __init__(
        self,
        params: dict[str, t.Any],
        check_mode: bool,
        diff: bool,
        open_session: OpenSession,
        debug: t.Callable[[str], None],
    ) -> None:
        self.params = params
        self.check_mode = check_mode
        self.diff = diff
        self.warnings: list[str] = []
        self.tokens: set[str] = set()
        self._open_session = open_session
        self._debug = debug

    def warn(self, text: str) -> None:
        line = visible(text)
        if line not in self.warnings:
            self.warnings.append(line)

    @contextlib.contextmanager
    def client(self) -> t.Iterator[Client]:
        settings = Settings.from_params(self.params)
        with self._open_session(settings, read_only(self.params, self.check_mode)) as client:
            client.report_to(self.warn, self._debug)
            try:
                yield client
            finally:
                self.tokens |= client.tokens


def run_in_controller(
    definition: Definition,
    args: dict[str, t.Any],
    check_mode: bool,
    diff: bool,
    open_session: OpenSession,
    debug: t.Callable[[str], None],
) -> dict[str, t.Any]:
    """Validate the arguments as a module process would, run the definition, and return the task's result.

    :arg args: plain data, as it would reach a module process
    """
    rules = definition.spec.rules()
    args = trimmed_connection(args)
    try:
        checked = ArgumentSpecValidator(definition.spec.options, **rules).validate(args)
    except VALIDATOR_ERRORS:
        wrong = input_error(definition.spec, args)
        if wrong is None:
            raise
        return _masked({"failed": True, **failure(wrong)}, secrets_in(definition.spec.options, args))
    params = {key: value for key, value in checked.validated_parameters.items() if not key.startswith("_ansible_")}
    host = ControllerHost(params, check_mode, diff, open_session, debug)
    if checked.error_messages:
        wrong = input_error(definition.spec, args)
        result: dict[str, t.Any] = {"failed": True, **(failure(wrong) if wrong else {"msg": checked.errors.msg})}
    else:
        try:
            result = definition.run(host)
        except VboError as error:
            result = {"failed": True, **failure(with_origin(error, definition.spec.options, args))}
    for alias in checked._warnings:  # pylint: disable=protected-access
        host.warn(f"Both option {alias['option']} and its alias {alias['alias']} are set.")
    arguments = known(definition.spec.options, params)
    result["invocation"] = {"module_args": {key: _shortened(value) for key, value in arguments.items()}}
    if checked._deprecations:  # pylint: disable=protected-access
        result["deprecations"] = checked._deprecations  # pylint: disable=protected-access
    given = checked._no_log_values | secrets_in(definition.spec.options, params)  # pylint: disable=protected-access
    masked = _masked(result, given | host.tokens)
    if hides_texts(result, masked):
        host.warn(IN_RESULT)
    if host.warnings:
        masked["warnings"] = remove_values(host.warnings, given | host.tokens)
    return masked


def _shortened(value: t.Any) -> t.Any:
    """Shorten an argument for the result, because long lists would only slow Ansible down."""
    if isinstance(value, list) and len(value) > LONG:
        return f"{len(value)} entries, not repeated here"
    return value


def _masked(result: dict[str, t.Any], secrets: set[str]) -> dict[str, t.Any]:
    """Without the values of C(no_log) options, as a module process returns it: booleans, numbers and None stay."""
    return {name: _masked_value(value, secrets) for name, value in result.items()}


def _masked_value(value: t.Any, secrets: set[str]) -> t.Any:
    """Mask a part of a result; parts without secrets are not copied."""
    if not _may_hold(value, secrets):
        return value
    if isinstance(value, dict):
        return _masked(value, secrets)
    return with_numbers(value, remove_values(value, secrets))


def _may_hold(value: t.Any, secrets: set[str]) -> bool:
    """Return whether a value may contain a secret; all its texts are searched as one, which is ten times faster."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        return True
    return any(json.dumps(secret, ensure_ascii=False)[1:-1] in text for secret in secrets)
