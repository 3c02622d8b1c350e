# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Operations on the fields of one level and the levels below: parse, check, merge, read and write. Pure."""

from __future__ import annotations

import typing as t

from .._errors import InputError, Unsupported, VboError, another_type, literal
from .._types import Data, Raw, View
from ._fields import ALWAYS, CREATE, FIRST, HIDDEN, LAST, READ, Choice, Field, Names, Secret


def options_of(fields: t.Iterable[Field]) -> dict[str, Data]:
    """The argument specification of the fields that can be written."""
    return {field.name: field.option() for field in fields if field.on != READ}


def parsed(fields: t.Iterable[Field], options: View, prefix: str = "") -> View:
    """Return the user's options in canonical form, without those that were left out."""
    return {
        field.name: field.parse(options[field.name], prefix + field.name)
        for field in fields
        if field.on != READ and options.get(field.name) is not None
    }


def view_of(fields: t.Iterable[Field], raw: Raw, names: Names, version: int) -> View:
    """The managed view of the API's object."""
    view: View = {}
    for field in fields:
        if field.on in (ALWAYS, CREATE) and field.exists(version) and not isinstance(field, Secret):
            value = field.read(field.value_in(raw, version), names, version)
            if value is not None or field.shown:
                view[field.name] = value
    return relevant(fields, view)


def relevant(fields: t.Iterable[Field], view: View) -> View:
    """Return the values that apply, in the order of the declaration."""
    return {field.name: view[field.name] for field in fields if field.name in view and field.holds(view)}


def body_of(fields: t.Iterable[Field], view: View, given: View, names: Names, version: int) -> Raw:
    """Convert the fields of a view to the form of the API."""
    return {
        field.key_in(version): field.write(view[field.name], given.get(field.name), names, version)
        for field in fields
        if field.name in view and field.on in (ALWAYS, CREATE)
    }


def walk(fields: t.Iterable[Field], prefix: str = "") -> t.Iterator[tuple[str, Field]]:
    """Yield every field of all levels with its path."""
    for field in fields:
        yield prefix + field.name, field
        yield from walk(field.fields, f"{prefix}{field.name}.")


def leaves(fields: t.Sequence[Field], given: View, prefix: str = "") -> t.Iterator[tuple[str, Field, t.Any]]:
    """Yield every option of the user, on every level, with its path, field and value."""
    rows = {field.name: field for field in fields}
    for name, value in given.items():
        field = rows.get(name)
        if field is not None and value is not None:
            yield prefix + name, field, value
            if field.fields:
                yield from leaves(field.fields, value, f"{prefix}{name}.")


def check_versions(fields: t.Sequence[Field], given: View, number: int, prefix: str = "", oldest: int = FIRST) -> None:
    """Fail for the first option or value that an API version lacks.

    :arg prefix: the path of the options in the task, for example V(jobs[3].)
    :arg oldest: the first API version that has any of the fields
    :raises Unsupported: with the option's path, the version in use and the versions that have it
    """
    for path, field, value in leaves(fields, given):
        if field.exists(number, value):
            continue
        what, first = "this option", max(field.since, oldest)
        if isinstance(field, Choice) and field.exists(number):
            what, first = f"the value '{value}' ({field.wire(value)})", field.since_of(value)
        span = f"requires API v{first} or later" if field.until == LAST else f"requires API v{first} to v{field.until}"
        advice = f"; {field.instead}" if field.instead else ""
        text = f"{what} {span} (in use: v{number}){advice}"
        raise Unsupported(prefix + path, text)


def laid(
    fields: t.Sequence[Field], view: View | None, given: View, names: Names, secrets: bool, raw: Raw | None = None
) -> View:
    """Return the desired view: the current view merged with the user's options.

    :arg secrets: whether secrets are sent
    :arg raw: the API's object
    """
    level = {**(view or {})}
    for field in fields:
        value = given.get(field.name, field.default if view is None else None)
        if field.on not in (ALWAYS, CREATE) or (value is None and field.name not in given):
            continue
        if isinstance(field, Secret):
            if secrets:
                level[field.name] = HIDDEN
        else:
            level[field.name] = field.laid(level.get(field.name), value, names, secrets, (raw or {}).get(field.key))
    return relevant(fields, level)


def mistakes(
    fields: t.Sequence[Field], view: View | None, given: View, wanted: View, title: str, prefix: str = ""
) -> t.Iterator[VboError]:
    """Yield errors for fields that are missing, do not apply, or cannot be changed.

    :arg title: how a sentence calls the object
    """
    for field in fields:
        path, value, old = prefix + field.name, wanted.get(field.name), (view or {}).get(field.name)
        wrong = _mistake(field, view, given, wanted, title, prefix)
        if wrong:
            yield InputError(path, wrong)
        if value is not None:
            yield from field.mistakes(old, given.get(field.name), value, title, path)


def _mistake(field: Field, view: View | None, given: View, wanted: View, title: str, prefix: str) -> str:
    """Return the mistake in one field, as the end of a sentence; empty if there is none."""
    value, old = wanted.get(field.name), (view or {}).get(field.name)
    other = field.when[0] if field.when else ""
    if field.name in given and not field.holds(wanted):
        values = " or ".join(literal(word) for word in field.when[1:])
        return f"applies only when {prefix}{other} is {values} (it is {literal(wanted.get(other))})"
    if field.required == CREATE and value is None and field.holds(wanted):
        if view is None:
            return f"required to create {'an' if title[:1] in 'aeiou' else 'a'} {title}"
        if other and not isinstance(field, Secret):
            return f"required when {prefix}{other} is {literal(wanted.get(other))}"
    fixed = view is not None and field.on == CREATE and not isinstance(field, Secret)
    if fixed and field.name in given and value != old:
        return f"cannot be changed after creation (it is {literal(old)})"
    return ""


def without_secrets(fields: t.Sequence[Field], view: View) -> View:
    out: View = {}
    for field in fields:
        if field.name in view and not isinstance(field, Secret):
            value = view[field.name]
            out[field.name] = without_secrets(field.fields, value) if field.fields else value
    return out


def complaint(fields: t.Sequence[Field], raw: t.Mapping[str, t.Any]) -> str:
    for field in fields:
        value = raw.get(field.key)
        if value is None or isinstance(field, Secret):
            continue
        if not isinstance(value, field.answers) or (isinstance(value, bool) and bool not in field.answers):
            return another_type(field.key, value, field.answers[0])
        if field.fields:
            inner = complaint(field.fields, t.cast(Raw, value))
            if inner:
                return inner
    return ""
