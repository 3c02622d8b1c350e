# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Exported jobs as templates with differences.

A template is used only for jobs with the same start and the same kinds of items. Templates and exports may spell
values differently, so both are compared in canonical spelling. The result is expanded again and compared with the
job: a template that would change anything else is not used for it.
"""

from __future__ import annotations

import typing as t

from ...module_utils._core._yaml import yaml_text
from ...module_utils._errors import InputError, VboError
from ...module_utils._resources._copy_job._model import parse_copy_job
from ...module_utils._resources._job._items import sort_items
from ...module_utils._resources._job._model import ITEMS, parse_job
from ...module_utils._resources._job._schedule import RETRY
from ...module_utils._resources._times._range import Places, minute_of
from ...module_utils._spelling import folded
from ...module_utils._types import View
from ._templates import as_template, expand, layers_of

Templates = t.Dict[str, View]
Options = t.Dict[str, t.Dict[str, t.Any]]
#: brings a job to the types of its options, or raises InputError
Check = t.Callable[[View], View]
#: options that jobs of a server never have, and that would act on the job: never taken from a template
ACTING = {"state": "present", "id": None, "run_now": False}
#: options for the start of a job, by which templates are chosen
START = ("type", "daily_type", "daily_time", "periodically_every")
#: switches of a schedule, and the options that have no effect while they are off
SWITCHES = {
    "retry_enabled": RETRY,
    "backup_window_enabled": ("backup_window", "backup_window_minute_offset"),
    "periodically_window_enabled": ("periodically_window", "periodically_window_minute_offset"),
}


def templated_jobs(jobs: t.Sequence[View], templates: Templates, options: Options, check: Check) -> list[View]:
    """Return each job as the name of a template with the differences, or unchanged if no template is shorter.

    :arg options: the options of a job, as an argument specification
    :raises VboError: when the templates themselves are wrong
    """
    expand([], templates, options)
    whole = _whole(templates, options, check)
    written = [_written(job, templates, whole, options, check) for job in jobs]
    once = {name for name in whole if _is_once(name, templates)}
    several = {name: template for name, template in whole.items() if name not in once}
    keepers: dict[str, int] = {}
    for number, job in enumerate(written):
        if job.get("template") in once:
            organization = folded(jobs[number].get("organization"))
            keeper = keepers.setdefault(organization, number)
            if _lines(job) < _lines(written[keeper]):
                keepers[organization] = number
    return [
        job
        if job.get("template") not in once or number in keepers.values()
        else _written(jobs[number], templates, several, options, check)
        for number, job in enumerate(written)
    ]


def _whole(templates: Templates, options: Options, check: Check) -> Templates:
    """Return the complete templates in canonical spelling, without options that each job sets itself."""
    bare = {name: _without_placeholders(template) for name, template in templates.items()}
    found = {}
    for name in templates:
        try:
            (merged,) = expand([{"template": name}], bare, options)
            found[name] = _canonical(merged, check)
        except VboError:
            continue  # it needs variables or is wrong for every job; an error appears when it is used
    return found


def _without_placeholders(template: View) -> View:
    return {
        key: _without_placeholders(value) if isinstance(value, dict) else value
        for key, value in template.items()
        if isinstance(value, dict) or not _may_have_placeholders(value)
    }


def _may_have_placeholders(value: t.Any) -> bool:
    if isinstance(value, dict):
        return any(_may_have_placeholders(entry) for entry in value.values())
    if isinstance(value, (list, tuple)):
        return any(_may_have_placeholders(entry) for entry in value)
    return isinstance(value, str) and "{" in value


def _written(job: View, templates: Templates, whole: Templates, options: Options, check: Check) -> View:
    try:
        canonical = _canonical(job, check)
    except InputError:
        return job  # a server may be newer than the options
    meant = {name: template for name, template in whole.items() if _is_meant(template, canonical)}
    short = as_template(canonical, meant)
    if "template" not in short:
        return job
    policy = short.get("schedule_policy")
    if policy and "schedule_enabled" not in job["schedule_policy"]:
        policy.pop("schedule_enabled", None)  # the type implies it, and old versions do not know the option
    kept = {key: value for key, value in (policy or {}).items() if value is not None}
    for candidate in ({**short, "schedule_policy": kept} if kept else short, short):
        if _makes(candidate, canonical, templates, options, check):
            return candidate
    return job


def _is_meant(template: View, job: View) -> bool:
    start, policy = template.get("schedule_policy") or {}, job.get("schedule_policy") or {}
    return template.get("backup_type", job.get("backup_type")) == job.get("backup_type") and all(
        _starts_so(start[key], policy.get(key)) for key in START if key in start
    )


def _starts_so(wanted: t.Any, value: t.Any) -> bool:
    """Return whether the start of a job matches a template; in a range, the job has a time of its own."""
    if isinstance(wanted, Places):
        return isinstance(value, str) and wanted.place_of(minute_of(value)) is not None
    return bool(wanted == value)


def _makes(short: View, canonical: View, templates: Templates, options: Options, check: Check) -> bool:
    """Return whether the entry expands to exactly this job, so that applying it changes nothing."""
    try:
        (again,) = expand([short], templates, options)
        return not _acts(again) and _canonical(again, check) == canonical
    except VboError:
        return False


def _acts(job: View) -> bool:
    return any(job.get(key, default) != default for key, default in ACTING.items()) or (
        (job.get("copy_job") or {}).get("state", "present") != "present"
    )


def _canonical(job: View, check: Check) -> View:
    given = check(job)
    canonical = parse_job(given, spreads=True)
    for field in ITEMS:
        if field in canonical:
            canonical[field] = sort_items(canonical[field])
    policy = canonical.get("schedule_policy") or {}
    for switch, keys in SWITCHES.items():
        if policy.get(switch) is False:
            for key in keys:
                policy.pop(key, None)
    if given.get("copy_job"):
        canonical["copy_job"] = parse_copy_job(given["copy_job"])
    return canonical


def _is_once(name: str, templates: Templates) -> bool:
    """Return whether the template, or one that it extends, allows only one job in each organization."""
    return any(layer.get("once_per_organization") for layer in layers_of(name, templates))


def _lines(job: View) -> int:
    return yaml_text(job).count("\n")
