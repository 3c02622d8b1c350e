# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of tasks, generated from the specification: valid, nearly valid, and arbitrary values."""

from __future__ import annotations

import json
import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import VALIDATOR_ERRORS
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._jobs._options import BULK_JOB_OPTIONS
from hypothesis import strategies as st

from .values import ODD_NUMBERS, ODD_TEXTS, mixed, phrases

Options = dict[str, dict[str, t.Any]]

#: texts with a meaning for an option of this name
WORDS: dict[str, list[str]] = {
    "daily_time": ["22:00", "7:15", "23:59:59", "1320"],
    "backup_window": ["Mon-Fri 19:00-07:00", "always", "never", "Sat"],
    "organization": ["contoso.onmicrosoft.com", "fabrikam.onmicrosoft.com"],
    "repository": ["repo-fra-01", "repo-s3-copy"],
    "name": ["Finance mail", "Tenant", "test_job", "cfo@contoso.com", "Finance"],
    "template": ["base", "nightly"],
}


def of_option(name: str, option: dict[str, t.Any]) -> st.SearchStrategy[t.Any]:
    """Values for one option, mostly of its type."""
    kind = option["type"]
    words = next((words for key, words in WORDS.items() if name.endswith(key)), [])
    texts = st.sampled_from(words) if words else ODD_TEXTS
    if "options" in option:
        inner: st.SearchStrategy[t.Any] = of_options(option["options"])
        return st.lists(inner, max_size=3) if kind == "list" else inner
    if "choices" in option:
        choice = st.sampled_from(option["choices"])
        return st.lists(choice, max_size=3) if kind == "list" else choice
    if kind == "int":
        return st.one_of(st.integers(-1, 1000), ODD_NUMBERS, st.sampled_from(["5", "five", " 5 ", "\u0665"]))
    if kind == "bool":
        return st.sampled_from([True, False, "yes", "no", 1, "maybe"])
    if kind == "list":
        return st.lists(texts, max_size=3)
    if kind == "raw":
        return st.one_of(texts, st.lists(texts, max_size=3), st.just([True] * 168), st.just([]))
    return st.one_of(texts, phrases(words or ["a", "1"]), ODD_TEXTS)


def of_options(options: Options) -> st.SearchStrategy[dict[str, t.Any]]:
    """Mappings of options."""
    return mixed({name: of_option(name, option) for name, option in options.items()})


JOBS = of_options(BULK_JOB_OPTIONS)
COPY_JOBS = of_options(BULK_JOB_OPTIONS["copy_job"]["options"])


def sendable(options: t.Any) -> t.Any:
    """Return the options as they reach a module, or None if Ansible could not send them."""
    try:
        return json.loads(json.dumps(options))
    except (ValueError, RecursionError):
        return None


def accepted(options: Options, arguments: t.Any, **rules: t.Any) -> dict[str, t.Any] | None:
    """Return what Ansible makes of arguments, or None if it rejects them in any way."""
    try:
        result = ArgumentSpecValidator(options, **rules).validate(arguments)
    except VALIDATOR_ERRORS:  # both hosts consider it a mistake, too
        return None
    return None if result.error_messages else result.validated_parameters


def checked(job: t.Any) -> dict[str, t.Any] | None:
    """Return a job as Ansible passes it to the models, or None if Ansible rejects it."""
    plain = sendable(job)
    return None if plain is None else accepted(BULK_JOB_OPTIONS, plain, required_one_of=[("name", "id")])
