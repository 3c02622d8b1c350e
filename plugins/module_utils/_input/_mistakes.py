# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Checks options against their specification: all mistakes are reported together, each with the path of the option."""

from __future__ import annotations

import datetime
import difflib
import re
import typing as t

from .._errors import LONGEST, InputError, literal, shown
from .._spelling import snake

Options = t.Dict[str, t.Dict[str, t.Any]]


class Moment(t.Dict[str, t.Any]):
    """The specification of a time or date, whose parser understands the value that YAML reads without quotes."""


#: type of an option: a function that returns the value in this type, or raises TypeError or ValueError
Converters = t.Mapping[str, t.Callable[[t.Any], t.Any]]

MOST = 20  # names in a message
_WANTED = {
    "int": "a whole number",
    "bool": "true or false",
    "list": "a list with one entry per line, each after a dash",
}
LIKENESS = 0.65  # of two words, from which on one may be a misspelling of the other
#: words that people use for options and choices that are called otherwise
OTHER_WORDS = {
    "access_key": ("name",),
    "created": ("present",),
    "daily": ("everyday", "daily_at_time"),
    "deleted": ("absent",),
    "hint": ("description",),
    "hourly": ("periodically",),
    "name": ("job",),
    "removed": ("absent",),
    "retries": ("retry_number",),
    "user_name": ("name",),
    "weekday": ("workdays",),
    "weekdays": ("workdays",),
}

#: options of a job that need templates and overrides to be expanded
EXPANDED = ("template", "vars", "override")


def meant(word: str, known: t.Iterable[t.Any]) -> str:
    """Return a "Did you mean" hint, if a known word is similar."""
    names = [str(name) for name in known]
    spelled = [snake(word), *OTHER_WORDS.get(word.lower(), ())]  # first of all, the API's own spelling
    close = [name for name in spelled if name in names] or [
        name
        for name in difflib.get_close_matches(word[:LONGEST], names, n=1, cutoff=LIKENESS)
        if _without_digits(name) != _without_digits(word)  # hours3 is no misspelling of hours8
    ]
    return f". Did you mean {close[0]}?" if close else ""


def _without_digits(word: str) -> str:
    return re.sub(r"\d", "", word)


def instead(word: str, known: t.Collection[str]) -> str:
    """Return a hint for an unknown word: a similar one, or the list of available ones."""
    near = meant(word, known)
    if near or len(known) > MOST:
        return near
    return f"; available: {', '.join(known)}"


def wrong_options(
    given: t.Any, options: Options, path: str, more: t.Sequence[str] = (), convert: Converters | None = None
) -> list[InputError]:
    """Return errors for unknown options, wrong types, invalid choices and missing options, on every level.

    :arg path: the path of the options in the task, empty for the task itself
    :arg more: keys that are allowed beside the options, and are not looked at
    :arg convert: without it the options are those of a template, which may be incomplete and have placeholders
    """
    if not isinstance(given, dict):
        return [InputError(path, f"must be a dictionary{_example(options)} (got {shown(given)})")]
    found: list[InputError] = []
    for key, value in given.items():
        here = f"{path}.{key}" if path else str(key)
        if key in options:
            found += _wrong_value(value, options[key], here, convert)
        elif key not in more:
            home = _home(str(key), options) or (_expanded(str(key), options) if convert is not None else "")
            found.append(InputError(here, home or f"unsupported option{instead(str(key), [*options, *more])}"))
    if convert is not None:
        found += _needed(given, options, path)
    return found


TEXTS = ("str", "path")
_READ_AS = {bool: "a boolean", int: "a number", float: "a number", datetime.datetime: "a time", datetime.date: "a date"}


def not_texts(given: t.Any, options: Options, path: str = "") -> list[InputError]:
    """Return errors for texts that YAML has read as another type, at every depth: C(off), C(0755), C(2026-11-03).

    Ansible would write C(False) or C(493) to the server. Texts with choices are judged by these.
    """
    if not isinstance(given, dict):
        return []
    found: list[InputError] = []
    for key, value in given.items():
        option = options.get(key)
        if option is None:
            continue
        here = f"{path}.{key}" if path else key
        several = option["type"] == "list"
        for number, entry in enumerate(value if several and isinstance(value, (list, tuple)) else [value]):
            place = f"{here}[{number}]" if several and entry is not value else here
            if "options" in option:
                found += not_texts(entry, option["options"], place)
            elif (
                option.get("elements", option["type"]) == "str"
                and not isinstance(option, Moment)
                and "choices" not in option
            ):
                found += not_text(entry, place, secret=bool(option.get("no_log")))
    return found


def not_text(value: t.Any, path: str, allowed: tuple[type, ...] = (), secret: bool = False) -> list[InputError]:
    """Return the error for a value that should be text, if it is not.

    :arg allowed: other types that are as good as a text here
    """
    kind = next((kind for kind in _READ_AS if isinstance(value, kind)), None)
    if kind is None or kind in allowed:
        return []
    what = "this value" if secret else literal(value)
    return [InputError(path, f"{what} is {_READ_AS[kind]}, not text; write it in quotes")]


def missing(given: t.Any, options: Options, path: str, one_of: t.Iterable[t.Sequence[str]] = ()) -> list[InputError]:
    """Return errors for required options that are missing or empty, on every level."""
    found = [*_needed(given, options, path), *lacking(given, one_of, path)]
    for key, option in options.items():
        here = f"{path}.{key}" if path else key
        if option.get("elements") in TEXTS:
            found += _empty_entries(given.get(key), here)
        inner = given.get(key) if "options" in option else None
        for number, entry in enumerate(inner if isinstance(inner, list) else [inner] if inner else []):
            place = f"{here}[{number}]" if isinstance(inner, list) else here
            found += missing(entry, option["options"], place, option.get("required_one_of") or ())
    return found


def trim_entries(given: t.Any, options: Options) -> None:
    """Strip the texts in lists, on every level, in place.

    Ansible splits C(A, B) at the comma, and leaves the blank.
    """
    if not isinstance(given, dict):
        return
    for key, value in given.items():
        if not isinstance(value, (list, dict)) or key not in options:
            continue
        if "options" in options[key]:
            for entry in value if isinstance(value, list) else [value]:
                trim_entries(entry, options[key]["options"])
        elif options[key].get("elements") in TEXTS and isinstance(value, list):
            given[key] = [entry.strip() if isinstance(entry, str) else entry for entry in value]


def _empty_entries(value: t.Any, path: str) -> list[InputError]:
    """Return errors for empty texts in a list; as a pattern, one would match everything."""
    return [
        InputError(f"{path}[{number}]", "is empty; write a value, or [] for an empty list")
        for number, entry in enumerate(value if isinstance(value, list) else [])
        if isinstance(entry, str) and not entry.strip()
    ]


def _needed(given: dict[str, t.Any], options: Options, path: str) -> list[InputError]:
    return [
        InputError(f"{path}.{key}" if path else key, f"required{_choices(option)}{_from_environment(option)}")
        for key, option in options.items()
        if option.get("required") and given.get(key) is None
    ]


def beyond(given: dict[str, t.Any], limits: dict[str, tuple[int, int]]) -> list[InputError]:
    """Return errors for numbers outside of their limits."""
    found = []
    for name, (least, most) in limits.items():
        value = least if given.get(name) is None else given[name]
        if not least <= value <= most:
            limit = f"at least {least}" if value < least else f"at most {most}"
            found.append(InputError(name, f"must be {limit} (got {literal(value)})"))
    return found


def lacking(given: t.Any, groups: t.Iterable[t.Sequence[str]], path: str) -> list[InputError]:
    """Return errors for groups of options of which at least one is required and none is given."""
    start = f"{path}." if path else ""
    return [
        InputError(start + names[0], f"{' or '.join(names)} is required")
        for names in groups
        if isinstance(given, dict) and all(given.get(name) in (None, "") for name in names)
    ]


def _wrong_value(value: t.Any, option: dict[str, t.Any], path: str, convert: Converters | None) -> list[InputError]:
    if value is None and not (convert and _is_null_a_value(option)):
        return []
    several = option["type"] == "list"
    if convert is not None:
        try:
            value = convert.get(option["type"], _as_it_is)(value)
        except (TypeError, ValueError, ArithmeticError):
            wanted = _WANTED.get(option["type"]) or f"a dictionary{_example(option.get('options'))}"
            return [InputError(path, f"must be {wanted} (got {shown(value)})")]
    elif several and "options" in option and not isinstance(value, (list, tuple)):
        return [InputError(path, f"must be {_WANTED['list']} (got {shown(value)})")]
    if "options" in option:
        found: list[InputError] = []
        for number, entry in enumerate(value if several else [value]):
            here = f"{path}[{number}]" if several else path
            found += wrong_options(_converted(entry, convert), option["options"], here, (), convert)
            if convert is not None:
                found += lacking(entry, option.get("required_one_of") or (), here)
        return found
    if "choices" not in option:
        return []
    choices = option["choices"]
    return [
        InputError(
            f"{path}[{number}]" if several else path,
            f"must be one of {', '.join(map(str, choices))} (got {shown(entry)}){meant(str(entry), choices)}",
        )
        for number, entry in enumerate(value if several and isinstance(value, (list, tuple)) else [value])
        if _is_no_choice(entry, choices, convert)
    ]


def _is_null_a_value(option: dict[str, t.Any]) -> bool:
    """Return whether Ansible rejects null as a value instead of treating the option as omitted."""
    return not option.get("required") and ("choices" in option or option.get("default") is not None)


def _is_no_choice(value: t.Any, choices: t.Sequence[t.Any], convert: Converters | None) -> bool:
    if convert is None and not (isinstance(value, str) and "{" not in value):
        return False
    return value not in choices


def _converted(value: t.Any, convert: Converters | None) -> t.Any:
    """Parse a mapping that is written as a text; a value that cannot be parsed is returned unchanged."""
    try:
        return convert["dict"](value) if convert else value
    except (TypeError, ValueError):
        return value


def _as_it_is(value: t.Any) -> t.Any:
    return value


def _home(key: str, options: Options) -> str:
    """The message about an option that is one level too high; empty for any other key."""
    homes = [name for name, option in options.items() if snake(key) in (option.get("options") or ())]
    name = "" if key == snake(key) else f" as {snake(key)}"
    return f"not supported at this level; move it into {' or '.join(homes)}{name}" if homes else ""


def _expanded(key: str, options: Options) -> str:
    """The message about a key that only the expansion of jobs supports; empty for any other key."""
    if key not in EXPANDED or "items_mode" not in options:
        return ""
    return "not supported here; use the role vbo_jobs, or apply the filter expand_jobs before this task"


def _example(options: Options | None) -> str:
    """An example of a dictionary, as the end of a sentence."""
    if not options:
        return ', for example "name: value"'
    name, option = next(iter(options.items()))
    return f', for example "{name}: {option.get("choices", ["…"])[0]}"'


def _choices(option: dict[str, t.Any]) -> str:
    return f"; must be one of {', '.join(map(str, option['choices']))}" if option.get("choices") else ""


def _from_environment(option: dict[str, t.Any]) -> str:
    names = option["fallback"][1] if "fallback" in option else []
    return f"; set it in the task, in module_defaults, or in the environment variable {names[0]}" if names else ""
