# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters for templates of jobs, their expansion, and overrides."""

from __future__ import annotations

import contextlib
import functools
import typing as t

import yaml
from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import BulkFailed, InputError, VboError
from ansible_collections.backupops.vbo365.plugins.module_utils._input._argspec import complaints
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._copy_job._model import parse_copy_job
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._model import parse_job
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._jobs._options import BULK_JOB_OPTIONS
from ansible_collections.backupops.vbo365.plugins.module_utils._types import View
from ansible_collections.backupops.vbo365.plugins.plugin_utils._fleet._standard import all_templates
from ansible_collections.backupops.vbo365.plugins.plugin_utils._fleet._templates import expand

from ..plugin_utils._numbers import number
from ..plugin_utils._plain import MOST, plain, unsafe
from ..plugin_utils._temporary._days import today_in
from ..plugin_utils._temporary._overrides import SOON, Override, laid, listed, never_undone, overrides_of

Made = t.TypeVar("Made")


def expand_jobs(jobs: t.Any, templates: t.Any = None, today: t.Any = "", time_zone: t.Any = "UTC") -> list[View]:
    """Expand jobs that use templates to input for vbo_jobs; check everything that needs no server."""

    def work() -> list[View]:
        day = today_in(plain(today, dates=True), plain(time_zone))
        return _counting(*_read(jobs, templates), day)

    return _with_filter_errors("expand_jobs", work)


def expand_and_list(
    jobs: t.Any, templates: t.Any, today: t.Any, time_zone: t.Any, path: str = "jobs"
) -> tuple[list[View], list[View]]:
    """Return the results of the filters C(expand_jobs) and C(job_overrides) from one expansion of the templates.

    :arg path: the option with the jobs, for errors
    :raises AnsibleFilterError: as C(expand_jobs) does
    """

    def work() -> list[list[View]]:
        day = today_in(plain(today, dates=True), plain(time_zone))
        plain_jobs, overrides = _read(jobs, templates, path)
        noted = [entry for job, found in zip(plain_jobs, overrides) for entry in listed(job, found, day, SOON)]
        return [_counting(plain_jobs, overrides, day, path), noted]

    expanded, noted = _with_filter_errors("expand_jobs", work)
    return expanded, noted


def _counting(plain_jobs: list[View], overrides: list[list[Override]], day: str, path: str = "jobs") -> list[View]:
    """Plain jobs with the overrides that count on a day.

    :raises BulkFailed: for overrides that are wrong together
    """
    counting = [[one for one in found if one.counts(day)] for found in overrides]
    expanded = [laid(job, found) for job, found in zip(plain_jobs, counting)]
    _raise_all(
        [
            error
            for place, (job, found) in enumerate(zip(expanded, counting))
            if len(found) > 1  # one alone is checked already
            for error in _wrong_job(job, f"{path}[{place}]")
        ]
    )
    return expanded


def job_overrides(
    jobs: t.Any, templates: t.Any = None, today: t.Any = "", time_zone: t.Any = "UTC", ending_days: t.Any = SOON
) -> list[View]:
    """Return the overrides of jobs: active, ending, ended and planned ones."""

    def work() -> list[View]:
        day = today_in(plain(today, dates=True), plain(time_zone))
        days = number(ending_days, "ending_days", 0, 366)
        if isinstance(jobs, (list, tuple)) and not any(isinstance(job, dict) and job.get("override") for job in jobs):
            return []  # without one, the templates need not be expanded
        return [entry for job, found in zip(*_read(jobs, templates)) for entry in listed(job, found, day, days)]

    return unsafe(_with_filter_errors("job_overrides", work))


def job_templates(
    standard: t.Any, changes: t.Any = None, custom: t.Any = None, variables: t.Any = ()
) -> dict[str, View]:
    """Return the standard templates with the user's changes, and the user's own templates."""

    def work() -> dict[str, View]:
        return all_templates(
            plain(standard, MOST, dates=True),
            _mapping(changes),
            _mapping(custom),
            BULK_JOB_OPTIONS,
            lambda job: [InputError(error.option[len("job.") :], error.text) for error in _wrong_job(job, "job")],
            plain(variables),
        )

    return unsafe(_with_filter_errors("job_templates", work))


def _mapping(value: t.Any) -> t.Any:
    """Return a mapping, which may be a text in YAML or JSON; an empty text is an empty mapping."""
    value = plain(value, MOST, dates=True)
    if isinstance(value, str):
        with contextlib.suppress(yaml.YAMLError):
            value = yaml.safe_load(value)
    return {} if value is None else value


def _read(jobs: t.Any, templates: t.Any, path: str = "jobs") -> tuple[list[View], list[list[Override]]]:
    """The plain jobs without their overrides, and the overrides of each.

    :raises BulkFailed: with everything that is wrong
    """
    jobs, templates = plain(jobs, MOST, dates=True), plain({} if templates is None else templates, MOST, dates=True)
    if not isinstance(jobs, list):
        raise AnsibleFilterError("expand_jobs: the input must be a list of jobs.")
    if not isinstance(templates, dict):
        raise AnsibleFilterError("expand_jobs: templates must be a dictionary of names and templates.")
    errors: list[InputError] = []
    overrides: list[list[Override]] = []
    for place, job in enumerate(jobs):
        found, wrong = overrides_of(job, BULK_JOB_OPTIONS, f"{path}[{place}]")
        overrides.append(found)
        errors += wrong
    expanded: list[View] = []
    try:
        expanded = expand(jobs, templates, BULK_JOB_OPTIONS, path)
    except BulkFailed as error:
        errors = [t.cast(InputError, failure) for _subject, failure in error.failures] + errors
    _raise_all(errors)
    _raise_all([error for place, job in enumerate(expanded) for error in _wrong_job(job, f"{path}[{place}]")])
    _raise_all(
        [
            error
            for place, (job, found) in enumerate(zip(expanded, overrides))
            for override in found
            for error in _wrong_override(job, override, f"{path}[{place}]")
        ]
    )
    return expanded, overrides


def _wrong_override(job: View, override: Override, path: str) -> list[InputError]:
    """Return mistakes of a job that occur only with an override, whether it is active or not."""
    wrong = [
        InputError(override.path + error.option[len(path) :], error.text)
        for error in _wrong_job(laid(job, [override]), path)
    ]
    return wrong or never_undone(job, override)


def _wrong_job(job: View, path: str) -> list[InputError]:
    """Return all mistakes in a plain job that vbo_jobs finds before its first request."""
    if not (job.get("name") or job.get("id")):
        return [InputError(f"{path}.name", "name or id is required")]
    try:
        checked = ArgumentSpecValidator(BULK_JOB_OPTIONS).validate(job)
    except ArithmeticError:  # an infinite number
        return complaints(BULK_JOB_OPTIONS, job, path)
    if checked.error_messages:
        return complaints(BULK_JOB_OPTIONS, job, path) or [InputError(path, checked.errors.msg)]
    given = checked.validated_parameters
    errors = _wrong(functools.partial(parse_job, spreads=True), given, f"{path}.")
    if given.get("copy_job"):
        errors += _wrong(parse_copy_job, given["copy_job"], f"{path}.copy_job.")
    return errors


def _raise_all(errors: list[InputError]) -> None:
    if errors:
        raise BulkFailed([("", error) for error in errors])


def _with_filter_errors(name: str, work: t.Callable[[], Made]) -> Made:
    """Return the result of a filter; report each mistake on a separate line."""
    try:
        return work()
    except VboError as error:
        raise AnsibleFilterError(f"{name}:\n{error.message}") from None  # Ansible would print the cause again


def _wrong(parse: t.Callable[[View], t.Any], given: View, prefix: str) -> list[InputError]:
    try:
        parse(given)
    except InputError as error:
        return [InputError(prefix + error.option, error.text)]
    return []


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"expand_jobs": expand_jobs, "job_overrides": job_overrides, "job_templates": job_templates}
