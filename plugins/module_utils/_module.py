# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""What a module is (a definition), and the host that runs one in a module process."""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib

from ._argspec import ArgSpec, input_error
from ._client import Client
from ._errors import VboError
from ._http import REQUESTS_IMPORT_ERROR, Settings


class Host(t.Protocol):
    """Who runs a definition: a module process, or the controller (design: two ways to run, one code)."""

    params: dict[str, t.Any]
    check_mode: bool
    diff: bool

    def warn(self, text: str) -> None:
        """Show a warning to the user."""

    def client(self) -> t.ContextManager[Client]:
        """A session with the server of the connection options; read-only in check mode."""


@dataclasses.dataclass(frozen=True)
class Definition:
    """A module: its options, and the function that does its work and returns the result."""

    spec: ArgSpec
    run: t.Callable[[t.Any], dict[str, t.Any]]


def secrets_in(options: dict[str, dict[str, t.Any]], params: dict[str, t.Any]) -> set[str]:
    """The values of C(no_log) options; Ansible's own list of them stays empty when a value has the wrong type."""
    return {str(params[name]) for name, option in options.items() if option.get("no_log") and params.get(name)}


class Module(AnsibleModule):
    """Ansible's module class, with secrets hidden in every failure, and arguments that are wrong told by their path."""

    def fail_json(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        self.no_log_values.update(secrets_in(self.argument_spec, self.params))
        if self.validation_result.error_messages:  # Ansible ends here before anything else has begun
            self._load_params()  # what the user wrote: by now Ansible has filled defaults into parts of it
            wrong = input_error(ArgSpec(self.argument_spec, required_one_of=self.required_one_of), self.params)
            kwargs.update(failure(wrong) if wrong else {})
        return super().fail_json(*args, **kwargs)


def read_only(params: dict[str, t.Any], check_mode: bool) -> bool:
    """Check mode never writes, whatever the code above the client does."""
    return bool(params.get("read_only")) or check_mode


def failure(error: VboError) -> dict[str, t.Any]:
    """The result of a failed task, apart from C(failed)."""
    return {**error.extra, "msg": error.message, "error": error.result()}


class ModuleHost:
    """Hosts a definition in a module process."""

    def __init__(self, module: AnsibleModule) -> None:
        self._module = module
        self.params = module.params
        self.check_mode = module.check_mode
        self.diff = module._diff  # pylint: disable=protected-access

    def warn(self, text: str) -> None:
        self._module.warn(text)

    @contextlib.contextmanager
    def client(self) -> t.Iterator[Client]:
        client = Client(
            Settings.from_params(self.params),
            read_only=read_only(self.params, self.check_mode),
            announce=self.warn,
            debug=self._module.debug,
        )
        try:
            yield client
        finally:
            client.close()


def run_module(definition: Definition) -> None:
    """The C(main) of every module."""
    module = Module(argument_spec=definition.spec.options, supports_check_mode=True, **definition.spec.rules())
    if REQUESTS_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    try:
        result = definition.run(ModuleHost(module))
    except VboError as error:
        module.fail_json(**failure(error))
    module.exit_json(**result)
