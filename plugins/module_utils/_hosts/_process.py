# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Definitions of modules, and the host that runs one in a module process."""

from __future__ import annotations

import contextlib
import dataclasses
import re
import typing as t

from ansible.module_utils.basic import AnsibleModule, missing_required_lib
from ansible.module_utils.common.parameters import remove_values

from .._api._client import Client
from .._api._connection import only_reads, trimmed_connection
from .._api._http import REQUESTS_IMPORT_ERROR
from .._api._settings import Settings, spellings
from .._core._host import Host
from .._errors import VboError
from .._input._argspec import ArgSpec, check_values, input_error, with_origin
from .._input._masking import IN_RESULT, with_numbers
from .._input._mistakes import Options
from .._types import Data
from .._visible import visible

#: parts of a result in which a mask is harmless
MAY_BE_MASKED = ("invocation", "msg", "error", "diff", "deprecations")
#: what ends Ansible's validator if a suboption has the wrong type, or a number is infinite
VALIDATOR_ERRORS = (ArithmeticError, AttributeError, TypeError)


@dataclasses.dataclass(frozen=True)
class Definition:
    """A module: its options, and the function that does its work and returns the result."""

    spec: ArgSpec
    work: t.Callable[[Host], Data]

    def run(self, host: Host) -> Data:
        """Make the checks that Ansible does not make, and run the function."""
        check_values(self.spec, host.params)
        return self.work(host)


_NUMBER = re.compile(r"[-+0-9.einfaty]+")  # the characters of numbers, including inf and nan
_ACCOUNT = re.compile(r"//([^/?#]*)@")


def secrets_in(options: Options, params: dict[str, t.Any]) -> set[str]:
    """The values of C(no_log) options on every level, and an account in the address, where it does not belong.

    Ansible's own list of secrets stays empty when a value has the wrong type.
    """
    account = _ACCOUNT.search(str(params.get("url")))
    return {
        *(spelling for secret in _secret_values(options, params) for spelling in spellings(secret)),
        *(account.groups() if account and account[1] else ()),
    }


def _secret_values(options: Options, given: t.Any) -> t.Iterator[str]:
    """Yield the values of C(no_log) options of any type, on every level."""
    for name, option in options.items() if isinstance(given, dict) else ():
        value = given.get(name)
        if option.get("no_log") and value:
            yield str(value)
        elif "options" in option:
            for entry in value if isinstance(value, list) else [value]:
                yield from _secret_values(option["options"], entry)


def known(options: Options, params: dict[str, t.Any]) -> dict[str, t.Any]:
    """Arguments that are safe to echo; unknown ones are dropped, because a misspelled option may hold a password."""
    names = {name for own, option in options.items() for name in (own, *option.get("aliases", ()))}
    return {name: value for name, value in params.items() if name in names}


def _is_number(secret: str) -> bool:
    """Whether a secret can occur in a number."""
    return bool(_NUMBER.fullmatch(secret))


class Module(AnsibleModule):
    """Ansible's module class, with secrets hidden in every failure, and errors that contain the path of the option."""

    params: dict[str, t.Any]
    no_log_values: set[str]

    def __init__(self, **definition: t.Any) -> None:
        try:
            super().__init__(**definition)
        except VALIDATOR_ERRORS:
            wrong = self._wrong()
            if wrong is None:
                raise
            self._end(**failure(wrong))

    def _load_params(self) -> None:
        super()._load_params()
        self.params = trimmed_connection(self.params)
        self.given = dict(self.params)  # Ansible leaves out entries of lists that it cannot convert

    def fail_json(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        if self.validation_result.error_messages:  # Ansible ends the process here, before any work
            wrong = self._wrong()
            kwargs.update(failure(wrong) if wrong else {})
        return self._end(*args, **kwargs)

    def _return_formatted(self, kwargs: dict[str, t.Any]) -> None:
        """Mask texts here: Ansible would also make a text of each number in which a secret occurs."""
        kwargs.setdefault("invocation", {"module_args": self.params})
        masked = with_numbers(kwargs, remove_values(kwargs, self.no_log_values))
        self.no_log_values = {secret for secret in self.no_log_values if not _is_number(secret)}
        super()._return_formatted(masked)

    def _end(self, *args: t.Any, **kwargs: t.Any) -> t.Any:
        """Fail as Ansible does, with secrets hidden."""
        self.no_log_values.update(secrets_in(self.argument_spec, self.params))
        self.params = known(self.argument_spec, self.params)
        return super().fail_json(*args, **kwargs)

    def _wrong(self) -> VboError | None:
        return input_error(ArgSpec(self.argument_spec, required_one_of=self.required_one_of), self.given)


def read_only(params: dict[str, t.Any], check_mode: bool) -> bool:
    """Whether writing is forbidden: in check mode, or with C(read_only).

    :raises InputError: when the environment cannot be understood
    """
    forbidden = only_reads()
    return forbidden or bool(params.get("read_only")) or check_mode


def failure(error: VboError) -> dict[str, t.Any]:
    """The result of a failed task, apart from C(failed)."""
    return {**error.extra, "msg": error.message, "error": error.result()}


def hides_texts(result: dict[str, t.Any], masked: dict[str, t.Any]) -> bool:
    """Return whether the parts of a result that later tasks use contain masked texts."""
    return any(masked.get(name) != value for name, value in result.items() if name not in MAY_BE_MASKED)


class ModuleHost:
    """Hosts a definition in a module process."""

    def __init__(self, module: AnsibleModule) -> None:
        self._module = module
        self.params = module.params
        self.check_mode = module.check_mode
        self.diff = module._diff  # pylint: disable=protected-access

    def warn(self, text: str) -> None:
        self._module.warn(remove_values(visible(text), self._module.no_log_values))

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
            self._module.no_log_values.update(client.tokens)
            client.close()


def run_module(definition: Definition) -> None:
    """The C(main) of every module."""
    module = Module(argument_spec=definition.spec.options, supports_check_mode=True, **definition.spec.rules())
    if REQUESTS_IMPORT_ERROR:
        module.fail_json(msg=missing_required_lib("requests"), exception=REQUESTS_IMPORT_ERROR)
    module.no_log_values.update(secrets_in(definition.spec.options, module.params))
    try:
        result = definition.run(ModuleHost(module))
    except VboError as error:
        module.fail_json(**failure(with_origin(error, definition.spec.options, module.given)))
    if hides_texts(result, remove_values(result, module.no_log_values)):
        module.warn(IN_RESULT)
    module.exit_json(**result)
