# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The connection options of every module, and the environment variables that replace them."""

from __future__ import annotations

import os
import typing as t

from ansible.module_utils.common.validation import check_type_bool
from ansible.module_utils.errors import AnsibleFallbackNotFound

from .. import _archive  # noqa: F401 # pylint: disable=unused-import # first, as it acts on what is imported later
from .._input._argspec import ArgSpec, complaints, joined, with_origin
from .._input._text import readable, trimmed
from ._versions import NAMES


def variable(name: str) -> str:
    """The environment variable of a connection option."""
    return f"VBO365_{name.upper()}"


#: connection options whose text is checked by the settings
EXACT = ("username", "password", "token")


def from_environment(name: str) -> str:
    """The text of an environment variable; an empty one counts as not set.

    :raises AnsibleFallbackNotFound: when it is not set
    """
    text = readable(os.environ.get(name, ""))
    if not trimmed(text):
        raise AnsibleFallbackNotFound
    return text if name in map(variable, EXACT) else trimmed(text)


def _or_variable(name: str, **option: t.Any) -> dict[str, t.Any]:
    return {**option, "fallback": (from_environment, [variable(name)])}


CONNECTION = ArgSpec(
    {
        "url": _or_variable("url", type="str", required=True),
        "username": _or_variable("username", type="str"),
        "password": _or_variable("password", type="str", no_log=True),
        "token": _or_variable("token", type="str", no_log=True),
        "api_version": _or_variable("api_version", type="str", choices=["auto", *NAMES], default="auto"),
        "validate_certs": _or_variable("validate_certs", type="bool", default=True),
        "ca_path": _or_variable("ca_path", type="path"),
        "timeout": _or_variable("timeout", type="int", default=60),
        "retries": _or_variable("retries", type="int", default=3),
        "read_only": _or_variable("read_only", type="bool", default=False),
        "allow_http": _or_variable("allow_http", type="bool", default=False),
    },
)


def trimmed_connection(args: dict[str, t.Any]) -> dict[str, t.Any]:
    """Trim the connection options in the arguments of a task, and remove those that are empty.

    A form with empty fields yields empty texts, and a file a line break at its end.
    """
    kept = {}
    for name, value in args.items():
        text = value
        if name in CONNECTION.options and isinstance(value, str):
            text = readable(value) if name in EXACT else trimmed(readable(value))
            if not text and name not in ("url", *EXACT):  # otherwise another server than the intended one could be used
                continue
        kept[name] = text
    return kept


def only_reads() -> bool:
    """Whether the environment of this process allows only reads; no option of a task can override that.

    :raises InputError: for an invalid boolean, whose intention is unknown
    """
    option = CONNECTION.options["read_only"]
    try:
        given = {"read_only": from_environment(variable("read_only"))}
    except AnsibleFallbackNotFound:
        return False
    error = joined(complaints({"read_only": option}, given))
    if error:
        raise with_origin(error, CONNECTION.options, {})
    return bool(check_type_bool(given["read_only"]))
