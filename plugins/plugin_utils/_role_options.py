# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Conversion of the variables of a role to the types in its argument specification.

Extra variables and surveys are texts: V(false), V(json, html), V([]). Variables may be templates, which Ansible
evaluates again at each use.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import json
import os
import typing as t

import yaml
from ansible import constants
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.yaml import yaml_load

from ..module_utils._errors import BulkFailed, InputError, literal
from ..module_utils._input._argspec import complaints
from ..module_utils._input._mistakes import missing, trim_entries

Options = t.Dict[str, t.Dict[str, t.Any]]

#: options that the role passes on unchanged: the module checks them better, and they may contain secrets
HANDED_ON = ("connection", "jobs", "list", "password")
#: strategies in which C(run_once) runs once, after all hosts have done the previous tasks
LINEAR = ("linear", "debug")


@functools.lru_cache(maxsize=None)
def declared(role_path: str, entry: str) -> Options:
    """The options of an entry point of a role, by the names of their variables."""
    with open(os.path.join(role_path, "meta", "argument_specs.yml"), encoding="utf-8") as file:
        options = yaml_load(file)["argument_specs"][entry]["options"]
    return {name: _runtime(option) for name, option in options.items()}


def _runtime(option: dict[str, t.Any]) -> dict[str, t.Any]:
    """An option without its documentation, as Ansible's validator takes it; the role has the defaults."""
    kept = {key: value for key, value in option.items() if key not in ("description", "default", "version_added")}
    kept.setdefault("type", "str")
    if "options" in kept:
        kept["options"] = {name: _runtime(inner) for name, inner in kept["options"].items()}
    return kept


def converted(options: Options, values: dict[str, t.Any], prefix: str) -> dict[str, t.Any]:
    """The values in the types that are declared, by the names of their variables without the prefix.

    :arg values: plain data
    :raises BulkFailed: with everything that is wrong, each with the name of its variable
    """
    given = {name: _from_text(value, options[name]) for name, value in values.items() if name in options}
    trim_entries(given, options)
    wrong = complaints(options, given)
    if not wrong:
        checked = ArgumentSpecValidator(options).validate(given)
        given = checked.validated_parameters
        wrong = [InputError(prefix.rstrip("_"), text) for text in checked.error_messages]
    wrong = wrong or missing(given, options, "")
    if wrong:
        raise BulkFailed([("", error) for error in wrong])
    return {
        name[len(prefix) :]: _without_nulls(value)
        for name, value in given.items()
        if name[len(prefix) :] not in HANDED_ON
    }


def _without_nulls(value: t.Any) -> t.Any:
    """Remove suboptions that were not set, which Ansible's validator adds."""
    if isinstance(value, dict):
        return {key: _without_nulls(entry) for key, entry in value.items() if entry is not None}
    return [_without_nulls(entry) for entry in value] if isinstance(value, list) else value


def _from_text(value: t.Any, option: dict[str, t.Any]) -> t.Any:
    """Parse a list or mapping that is written as a text in YAML or JSON; an empty text gives none."""
    if not isinstance(value, str) or option["type"] not in ("list", "dict"):
        return value
    if not value.strip():
        return [] if option["type"] == "list" else {}
    if value.lstrip()[0] in "[{":
        with contextlib.suppress(yaml.YAMLError):
            return yaml.safe_load(value)
    if option["type"] == "list" and option.get("elements") != "dict":
        return [entry.strip() for entry in value.split(",")]
    return value  # for the validator to refuse, or to read as key=value


def refuse_strategy(name: str) -> None:
    """Refuse a strategy that does not wait for all hosts.

    :raises InputError: with the valid form
    """
    short = name.rsplit(".", 1)[-1]
    if short not in LINEAR and not short.endswith("_linear"):
        raise InputError(
            "strategy",
            f"{literal(name)} does not run the tasks of all hosts in step, which this role needs to combine "
            "their results; write strategy: linear in the play",
        )


def url_of(connection: t.Any) -> str:
    """The address in connection options, which may have been given as text, or in the environment; empty for none."""
    if isinstance(connection, str):
        with contextlib.suppress(yaml.YAMLError):
            connection = yaml.safe_load(connection)
    url = connection.get("url") if isinstance(connection, dict) else None
    return str(url or os.environ.get("VBO365_URL", ""))


def once(name: str, raw: t.Any, value: t.Any) -> t.Any:
    """Return the value of an option that is the same for all hosts and the whole run: that of the first evaluation.

    The processes that run tasks share it through a file in the temporary folder of this run of Ansible.

    :arg raw: the variable before it was evaluated
    :arg value: its current value on this host
    """
    path = os.path.join(constants.DEFAULT_LOCAL_TMP, "vbo365_once.json")
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        text = file.read()
        known = json.loads(text) if text else {}
        key = f"{name}: {raw}"
        if key not in known:
            known[key] = value
            file.seek(0)
            file.truncate()
            json.dump(known, file)
        return known[key]
