# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Option groups; a module's specification is a sum of them. Each has a documentation fragment of the same name."""

from __future__ import annotations

import dataclasses
import os
import typing as t

from ansible.module_utils.common.parameters import set_fallbacks
from ansible.module_utils.common.validation import check_type_bool, check_type_dict, check_type_int, check_type_list
from ansible.module_utils.errors import AnsibleFallbackNotFound

from ._errors import BulkFailed, InputError, VboError
from ._models._items import TYPES
from ._models._masking import refuse_masked
from ._models._options import Options, beyond, lacking, missing, not_texts, trim_entries, wrong_options
from ._settings import readable, trimmed
from ._versions import NAMES


@dataclasses.dataclass(frozen=True)
class ArgSpec:
    """Options and the rules between them; groups are added with C(+)."""

    options: Options = dataclasses.field(default_factory=dict)
    mutually_exclusive: tuple = ()
    required_together: tuple = ()
    required_one_of: tuple = ()
    required_if: tuple = ()
    required_by: dict = dataclasses.field(default_factory=dict)

    def __add__(self, other: ArgSpec) -> ArgSpec:
        return ArgSpec(
            {**self.options, **other.options},
            self.mutually_exclusive + other.mutually_exclusive,
            self.required_together + other.required_together,
            self.required_one_of + other.required_one_of,
            self.required_if + other.required_if,
            {**self.required_by, **other.required_by},
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


#: option: (least, most); the clocks of systems do not count to infinity
LIMITS = {
    "wait_timeout": (0, 2_592_000),
    "wait_interval": (1, 86_400),
    "newest": (1, 1_000_000),
    "max_deletions": (0, 1_000_000),
}

#: the types of options that a value may not have
_CONVERT = {"bool": check_type_bool, "dict": check_type_dict, "int": check_type_int, "list": check_type_list}


def complaints(options: Options, given: t.Any, path: str = "") -> list[InputError]:
    """Everything that Ansible would not accept, each with its path, which Ansible's own messages do not tell."""
    return wrong_options(given, options, path, (), _CONVERT)


def input_error(spec: ArgSpec, args: dict[str, t.Any]) -> VboError | None:
    """The failure of a task whose arguments Ansible does not accept, or None when the reason is not known.

    :arg args: what the task gave, without what comes from the environment
    """
    given = {key: value for key, value in args.items() if not key.startswith("_ansible_")}
    set_fallbacks(spec.options, given)
    error = joined(complaints(spec.options, given) + lacking(given, spec.required_one_of, ""))
    return with_origin(error, args) if error else None


def check_values(spec: ArgSpec, params: dict[str, t.Any]) -> None:
    """What Ansible does not check: a null or an empty text counts as given, and any number as an option's.

    Texts in lists lose the blanks at their ends.

    :raises VboError: with each mistake by its path
    """
    trim_entries(params, spec.options)
    given = {name: value for name, value in params.items() if name in spec.options}
    error = joined(missing(given, spec.options, "", spec.required_one_of) + beyond(given, LIMITS))
    if error:
        raise error
    refuse_masked({name: value for name, value in given.items() if name not in CONNECTION.options})


def unquoted(spec: ArgSpec, args: dict[str, t.Any]) -> VboError | None:
    """The failure of a task in which YAML has read texts as something else, before Ansible makes texts of them."""
    return joined(not_texts(args, spec.options))


def joined(errors: t.Sequence[InputError]) -> VboError | None:
    """Several mistakes as one failure."""
    if len(errors) > 1:
        return BulkFailed([("", error) for error in errors])
    return errors[0] if errors else None


# --- connection ------------------------------------------------------------------------------------------------------


def variable(name: str) -> str:
    """The environment variable of a connection option."""
    return f"VBO365_{name.upper()}"


#: connection options whose text is taken as it is, for the settings to judge
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
    """Arguments of a task, of which connection options are trimmed, and left out when nothing is left.

    A form that somebody did not fill in hands over empty texts, and a file a line break at its end.
    """
    kept = {}
    for name, value in args.items():
        text = value
        if name in CONNECTION.options and isinstance(value, str):
            text = readable(value) if name in EXACT else trimmed(readable(value))
            if not text and name not in ("url", *EXACT):  # or another server than the one that was meant is asked
                continue
        kept[name] = text
    return kept


def with_origin(error: VboError, args: dict[str, t.Any]) -> VboError:
    """The same failure, which names the environment variable of each wrong option that the task did not give."""
    for one in [failed for _subject, failed in error.failures] if isinstance(error, BulkFailed) else [error]:
        if isinstance(one, InputError) and one.option in CONNECTION.options and one.option not in args:
            name = variable(one.option)
            one.origin = name if trimmed(os.environ.get(name, "")) else ""
    return error


def only_reads() -> bool:
    """Whether the environment of this process lets nothing but reads out; no option of a task can lift that.

    :raises InputError: for a value that is no boolean: nobody knows what it was meant to forbid
    """
    option = CONNECTION.options["read_only"]
    try:
        given = {"read_only": from_environment(variable("read_only"))}
    except AnsibleFallbackNotFound:
        return False
    error = joined(complaints({"read_only": option}, given))
    if error:
        raise with_origin(error, {})
    return bool(check_type_bool(given["read_only"]))


STATE = ArgSpec({"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}})

DAILY_TYPES = [
    "everyday",
    "workdays",
    "weekends",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
]
INTERVALS = ["minutes5", "minutes10", "minutes15", "minutes30", "hours1", "hours2", "hours4", "hours8", "hours12"]

SCHEDULE_OPTIONS: Options = {
    "type": {"type": "str", "choices": ["daily", "periodically", "manual_only"]},
    "schedule_enabled": {"type": "bool"},
    "daily_type": {"type": "str", "choices": DAILY_TYPES},
    "daily_time": {"type": "raw"},
    "periodically_every": {"type": "str", "choices": INTERVALS},
    "periodically_offset_minutes": {"type": "raw"},
    "periodically_window_enabled": {"type": "bool"},
    "periodically_window": {"type": "raw"},
    "periodically_window_minute_offset": {"type": "int"},
    "backup_window_enabled": {"type": "bool"},
    "backup_window": {"type": "raw"},
    "backup_window_minute_offset": {"type": "int"},
    "retry_enabled": {"type": "bool"},
    "retry_number": {"type": "int"},
    "retry_wait_interval": {"type": "int"},
}

ITEM_OPTIONS: Options = {
    "type": {"type": "str", "required": True, "choices": list(TYPES)},
    "name": {"type": "str"},
    "id": {"type": "str"},
    "url": {"type": "str"},
    "folders": {"type": "list", "elements": "str"},
    **{flag: {"type": "bool"} for flag in dict.fromkeys(flag for kind in TYPES.values() for flag in kind.flags)},
}

#: what to do when somebody else edits an object between the read and the write
WHEN_EDITED = {"type": "str", "choices": ["retry", "fail"], "default": "retry"}

JOB_OPTIONS: Options = {
    "name": {"type": "str"},
    "id": {"type": "str"},
    "organization": {"type": "str"},
    "repository": {"type": "str"},
    "proxy": {"type": "str"},
    "description": {"type": "str"},
    "enabled": {"type": "bool"},
    "backup_type": {"type": "str", "choices": ["entire_organization", "selected_items"]},
    "selected_items": {"type": "list", "elements": "dict", "options": ITEM_OPTIONS},
    "excluded_items": {"type": "list", "elements": "dict", "options": ITEM_OPTIONS},
    "items_mode": {"type": "str", "choices": ["exact", "add", "remove"], "default": "exact"},
    "schedule_policy": {"type": "dict", "options": SCHEDULE_OPTIONS},
    "run_now": {"type": "bool", "default": False},
    "when_running": {"type": "str", "choices": ["proceed", "wait", "fail"]},
    "when_edited": WHEN_EDITED,
    "delete_copy_job": {"type": "bool", "default": False},
}

JOB = ArgSpec(JOB_OPTIONS, required_one_of=(("name", "id"),))

WAIT = ArgSpec(
    {
        "wait_timeout": {"type": "int", "default": 3600},
        "wait_interval": {"type": "int", "default": 10},
    }
)

STATUS_FILTER = {
    "type": "list",
    "elements": "str",
    "choices": ["queued", "running", "success", "warning", "failed", "stopped", "disconnected", "not_configured"],
}

IDENTITY_OPTIONS: Options = {"name": {"type": "str"}, "id": {"type": "str"}, "organization": {"type": "str"}}

JOB_IDENTITY = ArgSpec(IDENTITY_OPTIONS, required_one_of=(("name", "id"),))

JOB_FILTERS = ArgSpec(
    {
        **IDENTITY_OPTIONS,
        "repository": {"type": "str"},
        "enabled": {"type": "bool"},
        "status": STATUS_FILTER,
        "items": {"type": "bool", "default": False},
        "deleted_items": {"type": "bool", "default": False},
        "last_session": {"type": "bool", "default": False},
    }
)

JOB_RUN = ArgSpec(
    {
        "state": {"type": "str", "choices": ["started", "stopped"], "default": "started"},
        "full": {"type": "bool", "default": False},
        "wait": {"type": "bool", "default": True},
        "fail_on": {
            "type": "list",
            "elements": "str",
            "choices": ["failed", "warning", "stopped"],
            "default": ["failed"],
        },
    }
)

SESSION_FILTERS = ArgSpec(
    {
        **IDENTITY_OPTIONS,
        "status": STATUS_FILTER,
        "since": {"type": "str"},
        "newest": {"type": "int"},
        "log_items": {"type": "bool", "default": False},
    }
)

INFO_FILTERS = ArgSpec({"name": {"type": "str"}, "id": {"type": "str"}})

ORGANIZATION_INFO = ArgSpec({"extended": {"type": "bool", "default": False}})

OBJECT_FILTERS = ArgSpec(
    {
        "organization": {"type": "str", "required": True},
        "type": {"type": "str", "required": True, "choices": ["user", "group", "site", "team"]},
        "name": {"type": "str"},
        "personal_sites": {"type": "bool", "default": False},
    }
)

#: what a copy job has beside the job that it copies
COPY_OPTIONS: Options = {
    "repository": {"type": "str"},
    "enabled": {"type": "bool"},
    "schedule_policy": {
        "type": "dict",
        "options": {
            "type": {"type": "str", "choices": ["immediate", "periodically", "daily_at_time"]},
            "periodically_every": {"type": "str", "choices": INTERVALS},
            "daily_type": {"type": "str", "choices": DAILY_TYPES},
            "daily_time": {"type": "str"},
            "backup_copy_window_enabled": {"type": "bool"},
            "backup_copy_window": {"type": "raw"},
            "backup_copy_window_minute_offset": {"type": "int"},
        },
    },
    "when_running": {"type": "str", "choices": ["proceed", "wait", "fail"]},
    "when_edited": WHEN_EDITED,
}

COPY_JOB = ArgSpec(
    {
        "job": {"type": "str"},
        "job_id": {"type": "str"},
        "organization": {"type": "str"},
        **COPY_OPTIONS,
    },
    required_one_of=(("job", "job_id"),),
)

#: one entry of a list of jobs: a job, its state, and its copy job
BULK_JOB_OPTIONS: Options = {
    **JOB_OPTIONS,
    **STATE.options,
    "copy_job": {"type": "dict", "options": {**STATE.options, **COPY_OPTIONS}},
}

JOBS = ArgSpec(
    {
        "jobs": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": BULK_JOB_OPTIONS,
            "required_one_of": [("name", "id")],
        },
        "max_parallel": {"type": "int", "default": 4},
        "on_error": {"type": "str", "choices": ["stop", "continue"], "default": "stop"},
        "details": {"type": "bool", "default": False},
        "scope": {
            "type": "dict",
            "options": {
                "organizations": {"type": "list", "elements": "str"},
                "name": {"type": "str"},
                "description": {"type": "str"},
            },
        },
        "prune": {"type": "bool", "default": False},
        "max_deletions": {"type": "int", "default": 5},
        "protected": {"type": "list", "elements": "str", "default": []},
    }
)

COPY_JOB_FILTERS = ArgSpec({"job": {"type": "str"}, "id": {"type": "str"}, "organization": {"type": "str"}})

AUTH_TOKEN = ArgSpec({"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}})
