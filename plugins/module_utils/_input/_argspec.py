# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The argument specification of a module: groups of options, and checks in addition to those of Ansible.

Each group has a documentation fragment of the same name.
"""

from __future__ import annotations

import dataclasses
import os
import typing as t

from ansible.module_utils.common.parameters import set_fallbacks
from ansible.module_utils.common.validation import check_type_bool, check_type_dict, check_type_int, check_type_list

from .._errors import BulkFailed, InputError, VboError
from ._masking import refuse_masked
from ._mistakes import Options, beyond, lacking, missing, not_texts, trim_entries, wrong_options
from ._text import trimmed


@dataclasses.dataclass(frozen=True)
class ArgSpec:
    """Options and the rules between them; groups are added with C(+).

    :arg limits: the least and the most of numbers; the clocks of systems do not count to infinity
    """

    options: Options = dataclasses.field(default_factory=dict)
    mutually_exclusive: tuple[t.Any, ...] = ()
    required_together: tuple[t.Any, ...] = ()
    required_one_of: tuple[t.Any, ...] = ()
    required_if: tuple[t.Any, ...] = ()
    required_by: dict[str, t.Any] = dataclasses.field(default_factory=dict)
    limits: dict[str, tuple[int, int]] = dataclasses.field(default_factory=dict)

    def __add__(self, other: ArgSpec) -> ArgSpec:
        return ArgSpec(
            {**self.options, **other.options},
            self.mutually_exclusive + other.mutually_exclusive,
            self.required_together + other.required_together,
            self.required_one_of + other.required_one_of,
            self.required_if + other.required_if,
            {**self.required_by, **other.required_by},
            {**self.limits, **other.limits},
        )

    def rules(self) -> dict[str, t.Any]:
        """The rules as keyword arguments, shared by Ansible's module class and its validator."""
        return {
            "mutually_exclusive": list(self.mutually_exclusive),
            "required_together": list(self.required_together),
            "required_one_of": list(self.required_one_of),
            "required_if": list(self.required_if),
            "required_by": dict(self.required_by),
        }


#: the types of options that a value may not have
_CONVERT = {"bool": check_type_bool, "dict": check_type_dict, "int": check_type_int, "list": check_type_list}


def complaints(options: Options, given: t.Any, path: str = "") -> list[InputError]:
    """Return everything that Ansible would reject, with the path of each, which its own messages lack."""
    return wrong_options(given, options, path, (), _CONVERT)


def input_error(spec: ArgSpec, args: dict[str, t.Any]) -> VboError | None:
    """The failure of a task whose arguments Ansible does not accept, or None when the reason is not known.

    :arg args: the arguments of the task, without values from the environment
    """
    given = {key: value for key, value in args.items() if not key.startswith("_ansible_")}
    set_fallbacks(spec.options, given)
    error = joined(complaints(spec.options, given) + lacking(given, spec.required_one_of, ""))
    return with_origin(error, spec.options, args) if error else None


def check_values(spec: ArgSpec, params: dict[str, t.Any]) -> None:
    """Make the checks that Ansible does not make: null and empty values, and limits of numbers.

    Texts in lists lose the blanks at their ends.

    :raises VboError: with each mistake by its path
    """
    trim_entries(params, spec.options)
    given = {name: value for name, value in params.items() if name in spec.options}
    error = joined(missing(given, spec.options, "", spec.required_one_of) + beyond(given, spec.limits))
    if error:
        raise error
    refuse_masked({name: value for name, value in given.items() if "fallback" not in spec.options[name]})


def unquoted(spec: ArgSpec, args: dict[str, t.Any]) -> VboError | None:
    """The failure of a task in which YAML has read texts as something else, before Ansible makes texts of them."""
    return joined(not_texts(args, spec.options))


def joined(errors: t.Sequence[InputError]) -> VboError | None:
    """Several mistakes as one failure."""
    if len(errors) > 1:
        return BulkFailed([("", error) for error in errors])
    return errors[0] if errors else None


def with_origin(error: VboError, options: Options, args: dict[str, t.Any]) -> VboError:
    """Add the environment variable to the errors of options that the task did not set."""
    for one in [failed for _subject, failed in error.failures] if isinstance(error, BulkFailed) else [error]:
        if isinstance(one, InputError) and one.option not in args and "fallback" in options.get(one.option, {}):
            name = options[one.option]["fallback"][1][0]
            one.origin = name if trimmed(os.environ.get(name, "")) else ""
    return error
