# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter that turns templates and jobs into plain jobs."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import BulkFailed, InputError, VboError
from ansible_collections.backupops.vbo365.plugins.module_utils._input._argspec import complaints
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._copy_job._model import parse_copy_job
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._model import parse_job
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._jobs._options import BULK_JOB_OPTIONS
from ansible_collections.backupops.vbo365.plugins.module_utils._types import View
from ansible_collections.backupops.vbo365.plugins.plugin_utils._fleet._templates import expand

from ..plugin_utils._plain import MOST, plain


def expand_jobs(jobs: t.Any, templates: t.Any = None) -> list[View]:
    """Jobs that name templates, as the plain jobs that vbo_jobs takes; checked as far as no server is needed."""
    jobs, templates = plain(jobs, MOST, dates=True), plain({} if templates is None else templates, MOST, dates=True)
    if not isinstance(jobs, list):
        raise AnsibleFilterError("expand_jobs: the input is a list of jobs.")
    if not isinstance(templates, dict):
        raise AnsibleFilterError("expand_jobs: templates are a mapping of names to templates.")
    try:
        expanded = expand(jobs, templates, BULK_JOB_OPTIONS)
        check(expanded)
    except VboError as error:
        raise AnsibleFilterError(f"expand_jobs:\n{error.message}") from None  # Ansible would print the cause again
    return expanded


def check(jobs: list[View]) -> None:
    """Check plain jobs as vbo_jobs does before its first request.

    :raises BulkFailed: with everything that is wrong
    """
    errors: list[InputError] = []
    for number, job in enumerate(jobs):
        path = f"jobs[{number}]"
        if not (job.get("name") or job.get("id")):
            errors.append(InputError(f"{path}.name", "a job needs a name or an id"))
            continue
        try:
            checked = ArgumentSpecValidator(BULK_JOB_OPTIONS).validate(job)
        except ArithmeticError:  # an infinite number
            errors += complaints(BULK_JOB_OPTIONS, job, path)
            continue
        if checked.error_messages:
            errors += complaints(BULK_JOB_OPTIONS, job, path) or [InputError(path, checked.errors.msg)]
        else:
            given = checked.validated_parameters
            errors += _wrong(parse_job, given, f"{path}.")
            if given.get("copy_job"):
                errors += _wrong(parse_copy_job, given["copy_job"], f"{path}.copy_job.")
    if errors:
        raise BulkFailed([("", error) for error in errors])


def _wrong(parse: t.Callable[[View], t.Any], given: View, prefix: str) -> list[InputError]:
    try:
        parse(given)
    except InputError as error:
        return [InputError(prefix + error.option, error.text)]
    return []


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"expand_jobs": expand_jobs}
