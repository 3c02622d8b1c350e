# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Templates of jobs: data that jobs name and override, expanded to plain jobs without any server.

A job is laid over its templates, a template over those that it extends, later ones over earlier ones. Mappings are
merged key by key; all other values, including windows and other lists, are replaced; null removes a value.
"""

from __future__ import annotations

import datetime
import re
import typing as t

from ...module_utils._errors import BulkFailed, InputError, shown
from ...module_utils._input._mistakes import Options, instead, not_text, not_texts, wrong_options
from ...module_utils._resources._job._schedule import DAILY, PERIODIC
from ...module_utils._spelling import folded, job_key
from ...module_utils._types import View

#: keys of a job besides its options
JOB_KEYS = ("template", "vars", "override")
#: keys of a template besides the options of a job
TEMPLATE_KEYS = ("extends", "vars", "requires", "once_per_organization")
KINDS = ("text", "date")
#: the keys of a schedule that apply only to one type
OWN_KEYS = {"daily": DAILY, "periodically": PERIODIC, "daily_at_time": DAILY, "immediate": (), "manual_only": ()}
MOST_LAYERS = 100  # templates to which one name may resolve
LONGEST_FILLED = 100_000  # characters; a text with a million placeholders would fill the memory
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def expand(
    jobs: t.Sequence[View], templates: dict[str, View], options: Options, path_of_jobs: str = "jobs"
) -> list[View]:
    """Plain jobs, in the order given.

    :arg options: the options of a job, as an argument specification
    :arg path_of_jobs: the option with the jobs, for errors
    :raises BulkFailed: with everything that is wrong, each with its path
    """
    errors: list[InputError] = []
    for name, template in templates.items():
        errors += problems(template, options, f"templates.{name}", (*TEMPLATE_KEYS, "override"))
        errors += _template_problems(name, template, templates)
    # a mistake in an extended template is found with each that extends it, and reported once
    errors = list({error.message: error for error in errors}.values())
    if errors:
        raise BulkFailed([("", error) for error in errors])
    expanded: list[View] = []
    once: dict[t.Any, str] = {}
    for number, job in enumerate(jobs):
        path = f"{path_of_jobs}[{number}]"
        wrong = problems(job, options, path, JOB_KEYS)
        if not wrong:
            try:
                layers = layers_of(job.get("template"), templates, f"{path}.template")
                plain = _expanded(job, layers, path)
                expanded.append({key: plain[key] for key in options if key in plain})
                _check_once(layers, expanded[-1], path, once)
            except InputError as error:
                wrong.append(error)
        errors += wrong
    errors = errors or _duplicates(expanded, path_of_jobs)
    if errors:
        raise BulkFailed([("", error) for error in errors])
    return expanded


def laid_over(job: View, above: View) -> View:
    """Merge options into an expanded job; null removes a value."""
    return _without_nulls(_merge(job, above))


def as_template(job: View, templates: dict[str, View]) -> View:
    """The job as the template that it resembles most and the difference to it; itself if no template saves anything.

    C(expand([as_template(job, templates)], …) == [job]) for every job without placeholders.
    """
    best, least = job, _size(job)
    for name in sorted(templates):
        try:
            base = _expanded({}, layers_of(name, templates))
        except InputError:
            continue  # it needs variables, which a job of a server cannot give
        candidate = {"template": name, **_difference(base, job)}
        if _size(candidate) < least:
            best, least = candidate, _size(candidate)
    return best


# --- expansion -------------------------------------------------------------------------------------------------------


def layers_of(
    wanted: t.Any, templates: dict[str, View], path: str = "template", above: tuple[str, ...] = ()
) -> list[View]:
    """Return the templates of a name, the lowest first, each once at its last position.

    :arg above: the template that C(wanted) belongs to, if it is one
    :raises InputError: for a name that does not exist and for templates that extend each other
    """
    found: dict[str, View] = {}  # from the highest to the lowest
    chain = [*above]
    left = [_references(wanted, path)]
    while left:
        name = next(left[-1], None)
        if name is None:
            left.pop()
            if chain:
                chain.pop()
            continue
        where = f"templates.{chain[-1]}.extends" if chain else path
        if name in chain:
            circle = " -> ".join([*chain[chain.index(name) :], name])
            raise InputError(where, f"circular reference: {circle}")
        if name not in templates:
            raise InputError(where, f"there is no template {shown(name)}{instead(name, templates)}")
        if len(found) > MOST_LAYERS:
            raise InputError(where, f"must not extend more than {MOST_LAYERS} templates")
        if name not in found:
            found[name] = templates[name]
            chain.append(name)
            left.append(_references(templates[name].get("extends"), f"templates.{name}.extends"))
    return list(found.values())[::-1]


def _references(wanted: t.Any, path: str) -> t.Iterator[str]:
    """Return the names of templates, the one with the highest precedence first."""
    names = [] if wanted is None else [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        raise InputError(path, "must be the name of a template, or a list of names")
    return reversed(names)


def _expanded(job: View, layers: list[View], path: str = "template") -> View:
    variables: View = {}
    merged: View = {}
    needed: dict[str, str] = {}
    for layer in layers:
        variables.update(layer.get("vars") or {})
        needed.update(layer.get("requires") or {})
        merged = _merge(merged, {key: value for key, value in layer.items() if key not in TEMPLATE_KEYS})
    variables.update(job.get("vars") or {})
    for name, kind in needed.items():
        _check_variable(name, kind, variables, path)
    own = {key: value for key, value in job.items() if key not in JOB_KEYS}
    # Values of the job itself are literal: only templates have placeholders, and only those in use are filled in.
    return _without_nulls(_merge(_filled(_remaining(_merged_type(merged, own), own), variables, path), own))


def _remaining(below: View, above: View) -> View:
    """Return the part of C(below) that remains when C(above) is merged into it."""
    left = {}
    for key, value in below.items():
        if key not in above:
            left[key] = value
        elif isinstance(value, dict) and isinstance(above[key], dict):
            left[key] = _remaining(value, above[key])
    return left


def _merged_type(below: View, above: View) -> View:
    """Return C(below) without the keys that do not apply to the types of schedule in C(above)."""
    result = below
    kind = above.get("type")
    if isinstance(kind, str) and kind in OWN_KEYS and below.get("type") not in (None, kind):
        stale = {key for keys in OWN_KEYS.values() for key in keys} - set(OWN_KEYS[kind])
        result = {key: value for key, value in below.items() if key not in stale}
    return {
        key: _merged_type(value, above[key]) if isinstance(value, dict) and isinstance(above.get(key), dict) else value
        for key, value in result.items()
    }


def _merge(below: View, above: View) -> View:
    result = _merged_type(below, above)
    for key, value in above.items():
        old = result.get(key)
        result[key] = _merge(old, value) if isinstance(value, dict) and isinstance(old, dict) else value
    return result


def _without_nulls(job: View) -> View:
    return {
        key: _without_nulls(value) if isinstance(value, dict) else value
        for key, value in job.items()
        if value is not None
    }


def _filled(value: t.Any, variables: View, path: str) -> t.Any:
    """Fill in the placeholders of a template's value; all other text is literal."""
    if isinstance(value, dict):
        return {key: _filled(entry, variables, f"{path}.{key}") for key, entry in value.items()}
    if isinstance(value, list):
        return [_filled(entry, variables, f"{path}[{number}]") for number, entry in enumerate(value)]
    if not isinstance(value, str):
        return value

    size = len(value)

    def replaced(match: t.Any) -> str:
        nonlocal size
        name = match.group(1)
        if variables.get(name) is None:
            raise InputError(path, f"the template requires the variable {shown(name)}; set it in vars")
        text = str(variables[name])
        size += len(text)
        if size > LONGEST_FILLED:
            raise InputError(path, f"must not be longer than {LONGEST_FILLED:,} characters with its variables")
        return text

    return _PLACEHOLDER.sub(replaced, value)


# --- what can be wrong -----------------------------------------------------------------------------------------------


def problems(given: t.Any, options: Options, path: str, more: t.Sequence[str] = ()) -> list[InputError]:
    found = wrong_options(given, options, path, more) + not_texts(given, options, path)
    variables = given.get("vars") if isinstance(given, dict) else None
    if isinstance(variables, dict):
        for name, value in variables.items():
            found += not_text(value, f"{path}.vars.{name}", allowed=(datetime.date,))
    elif variables is not None:
        found.append(
            InputError(f"{path}.vars", f'must be a dictionary, for example "name: value" (got {shown(variables)})')
        )
    return found


def _template_problems(name: str, template: t.Any, templates: dict[str, View]) -> list[InputError]:
    if not isinstance(template, dict):
        return []
    path, requires = f"templates.{name}", template.get("requires")
    try:
        if "override" in template:
            raise InputError(f"{path}.override", "not supported in templates; set it in a job")
        layers_of(template.get("extends"), templates, f"{path}.extends", (name,))
        if requires is not None and not (
            isinstance(requires, dict) and all(isinstance(kind, str) and kind in KINDS for kind in requires.values())
        ):
            raise InputError(
                f"{path}.requires", f"must be a dictionary of variable names, each with {' or '.join(KINDS)}"
            )
    except InputError as error:
        return [error]
    return []


def _check_variable(name: str, kind: str, variables: View, path: str) -> None:
    value = variables.get(name)
    if value is None or not str(value).strip():
        raise InputError(f"{path}.vars.{name}", "required by the template")
    if kind == "date":
        try:
            datetime.date.fromisoformat(str(value))
        except ValueError:
            raise InputError(
                f"{path}.vars.{name}", f"{shown(value)} is not a date; write YYYY-MM-DD, in quotes"
            ) from None


def _check_once(layers: list[View], job: View, path: str, once: dict[t.Any, str]) -> None:
    if not any(layer.get("once_per_organization") for layer in layers) or job.get("state") == "absent":
        return
    key = folded(job.get("organization"))
    if key in once:
        raise InputError(
            f"{path}.template",
            f"only one job of an organization may use this template; {once[key]} uses it for "
            f"{shown(job.get('organization'))}",
        )
    once[key] = path


def _duplicates(jobs: list[View], path: str) -> list[InputError]:
    seen: dict[t.Any, int] = {}
    found = []
    for number, job in enumerate(jobs):
        if not isinstance(job.get("name"), str):
            continue
        key = job_key(job.get("organization"), job["name"])
        if key in seen and not job.get("id"):
            found.append(
                InputError(f"{path}[{number}].name", f"same job as {path}[{seen[key]}]; declare each job once")
            )
        seen.setdefault(key, number)
    return found


# --- the way back ----------------------------------------------------------------------------------------------------


def _difference(base: View, job: View) -> View:
    """Return the options that turn C(base) into C(job)."""
    base = _merged_type(base, {"type": job.get("type")})
    result: View = {}
    for key in [*job, *(key for key in base if key not in job)]:
        old, new = base.get(key), job.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            inner = _difference(old, new)
            if inner:
                result[key] = inner
        elif old != new or (key in base) != (key in job):
            result[key] = new
    return result


def _size(value: t.Any) -> int:
    """Count the values in nested data."""
    if isinstance(value, dict):
        return sum(_size(entry) for entry in value.values()) or 1
    return max(1, len(value)) if isinstance(value, list) else 1
