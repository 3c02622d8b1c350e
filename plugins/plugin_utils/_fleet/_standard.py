# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The templates of the role vbo_job_templates: the standard ones with changes, and the user's own."""

from __future__ import annotations

import re
import typing as t

from ...module_utils._errors import BulkFailed, InputError, shown
from ...module_utils._input._mistakes import Options, instead
from ...module_utils._types import View
from ._templates import TEMPLATE_KEYS, laid_over, layers_of, problems

ROLE = "vbo_job_templates"
CHANGES, CUSTOM = f"{ROLE}_changes", f"{ROLE}_custom"
#: options that say which job it is and whether it exists; a template that has one would mean it for each of its jobs
ONLY_OF_A_JOB = ("id", "state")
#: the ends of variables that the role had for each template, and the options that they stood for
ENDS = {
    "days": ("daily_type",),
    "every": ("periodically_every",),
    "hours": ("periodically_window",),
    "items": ("selected_items",),
    "offset_minutes": ("periodically_offset_minutes",),
    "schedule": ("schedule_policy",),
    "time": ("daily_time",),
    "type": ("type",),
    "window": ("backup_window", "backup_copy_window"),
}
_PLACEHOLDER = re.compile(r"\{\w+\}")


def all_templates(
    standard: dict[str, View],
    changes: t.Any,
    custom: t.Any,
    options: Options,
    wrong_job: t.Callable[[View], list[InputError]],
    variables: t.Iterable[str] = (),
) -> dict[str, View]:
    """The templates by name.

    :arg changes: parts of standard templates by name, which are laid over them
    :arg custom: more templates; one with the name of a standard template replaces it
    :arg wrong_job: returns the mistakes in the values of a job, with paths that begin in the job
    :arg variables: names of the variables of the play, among which those that the role had once are refused
    :raises BulkFailed: with everything that is wrong, each with its path
    """
    errors = list(_former(variables, standard))
    for path, value in ((CHANGES, changes), (CUSTOM, custom)):
        if not isinstance(value, dict):
            errors.append(InputError(path, f"must be a dictionary of names and templates (got {shown(value)})"))
    _raise(errors)
    for name, change in changes.items():
        errors += _wrong_change(name, change, standard, custom, options)
    _raise(errors)
    templates = {name: laid_over(standard[name], changes.get(name, {})) for name in standard}
    for name in changes:
        resolved: View = {}
        for layer in layers_of(name, templates):
            resolved = laid_over(resolved, {key: value for key, value in layer.items() if key not in TEMPLATE_KEYS})
        for error in wrong_job({**resolved, "name": name}):
            if not _waits(resolved, error.option):
                errors.append(InputError(f"{CHANGES}.{name}.{error.option}", error.text))
    _raise(errors)
    return {**templates, **custom}


def _wrong_change(
    name: t.Any, change: t.Any, standard: dict[str, View], custom: dict[str, View], options: Options
) -> list[InputError]:
    path = f"{CHANGES}.{name}"
    if name in custom:
        return [InputError(path, f"the template is defined in {CUSTOM}; change it there")]
    if name not in standard:
        return [InputError(path, f"there is no standard template {shown(name)}{instead(str(name), standard)}")]
    found = problems(change, options, path)
    if not found:
        found = [
            InputError(f"{path}.{key}", "not supported in templates; set it in the job")
            for key in ONLY_OF_A_JOB
            if key in change
        ]
    return found


def _waits(template: View, option: str) -> bool:
    """Return whether the option has a placeholder, so that its value depends on the job."""
    value: t.Any = template
    for key in re.split(r"\W+", option.rstrip("]")):
        try:
            value = value[int(key) if isinstance(value, list) else key]
        except (KeyError, IndexError, TypeError, ValueError):
            break
    return isinstance(value, str) and bool(_PLACEHOLDER.search(value))


def _former(variables: t.Iterable[str], standard: dict[str, View]) -> t.Iterator[InputError]:
    """Reject former variables for single options of templates; ignoring them would change start times."""
    for variable in sorted(variables):
        for name in standard:
            begin = f"{ROLE}_{name}_"
            if variable.startswith(begin):
                place = _place(standard[name], ENDS.get(variable[len(begin) :], ())) or ("…",)
                written = "".join(f"{{{key}: " for key in (name, *place)) + "…" + "}" * (len(place) + 1)
                yield InputError(variable, f"is not a variable of the role; write {CHANGES}: {written}")


def _place(template: View, names: t.Collection[str]) -> tuple[str, ...]:
    """The keys that lead to the first option with one of the names."""
    for key, value in template.items():
        if key in names:
            return (key,)
        inner = _place(value, names) if isinstance(value, dict) else ()
        if inner:
            return (key, *inner)
    return ()


def _raise(errors: list[InputError]) -> None:
    if errors:
        raise BulkFailed([("", error) for error in errors])
