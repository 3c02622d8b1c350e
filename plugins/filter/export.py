# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters for exports: the jobs of a server as a list of jobs, and as files."""

from __future__ import annotations

import functools
import typing as t

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._input._masking import refuse_masked
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._jobs._options import BULK_JOB_OPTIONS
from ansible_collections.backupops.vbo365.plugins.plugin_utils._fleet import _export as model
from ansible_collections.backupops.vbo365.plugins.plugin_utils._fleet._export_templates import templated_jobs

from ..plugin_utils._plain import checked, plain, unsafe

Jobs = t.List[dict[str, t.Any]]


def export_jobs(config: t.Any, copy_jobs: t.Any = (), templates: t.Any = None) -> Jobs:
    """The C(config) of both info modules as a list of jobs for vbo_jobs."""
    found, copies = _jobs("export_jobs", config), _jobs("export_jobs", copy_jobs)
    jobs = model.exported_jobs(refuse_masked(found, "config"), refuse_masked(copies, "copy_jobs"))
    templates = plain({} if templates is None else templates)
    if not isinstance(templates, dict):
        raise AnsibleFilterError("export_jobs: templates must be a dictionary of names and templates.")
    return templated_jobs(jobs, templates, BULK_JOB_OPTIONS, _typed) if templates else jobs


def _typed(job: dict[str, t.Any]) -> dict[str, t.Any]:
    checked = ArgumentSpecValidator(BULK_JOB_OPTIONS).validate(job)
    if checked.error_messages:
        raise InputError("jobs", checked.error_messages[0])
    return dict(checked.validated_parameters)


def to_job_yaml(jobs: t.Any, header: str = "", variable: str = model.JOBS) -> str:
    """Jobs as the text of a variables file."""
    return model.jobs_text(_jobs("to_job_yaml", jobs), header, variable)


def to_job_files(jobs: t.Any, header: str = "", folder: str = "") -> list[dict[str, str]]:
    """Jobs as the texts of variables files, one for each, in a folder."""
    files = model.job_files(_jobs("to_job_files", jobs), header)
    place = f"{folder}/" if folder else ""
    return [{"name": place + name, "content": content} for name, content in files.items()]


def _jobs(name: str, value: t.Any) -> Jobs:
    if not isinstance(value, (list, tuple)) or not all(isinstance(entry, t.Mapping) for entry in value):
        raise AnsibleFilterError(f"{name}: the input must be a list of jobs, each with the options of vbo_jobs.")
    return t.cast(Jobs, plain(value))


def _never_evaluated(convert: t.Callable[..., t.Any]) -> t.Callable[..., t.Any]:
    """Mark text from a server so that it is never evaluated as a template."""

    @functools.wraps(convert)
    def wrapped(*values: t.Any, **options: t.Any) -> t.Any:
        return unsafe(checked(convert.__name__, lambda: convert(*values, **options)))

    return wrapped


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {function.__name__: _never_evaluated(function) for function in (export_jobs, to_job_yaml, to_job_files)}
