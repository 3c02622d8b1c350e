# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Convert plain data (from YAML or JSON) to dataclasses, with errors that name the path."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from typing import Any, TypeVar

T = TypeVar("T")


class DataError(ValueError):
    """Invalid data; the message starts with the path of the invalid value."""


@functools.cache
def _hints(cls: Any) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def load(cls: type[T], data: Any, path: str = "") -> T:
    """Return an instance of the dataclass *cls*, built from a mapping; unknown keys are rejected."""
    shorthand = getattr(cls, "from_text", None)
    if isinstance(data, str) and shorthand is not None:
        data = shorthand(data)
    if not isinstance(data, dict):
        raise DataError(f"{path or 'top level'}: expected a mapping, found {_kind(data)}")
    hints = _hints(typing.cast(typing.Hashable, cls))
    fields = {field.name: field for field in dataclasses.fields(cls) if field.init}  # type: ignore[arg-type]
    for key in data:
        if key not in fields:
            known = ", ".join(sorted(fields))
            raise DataError(f"{_join(path, key)}: unknown key (supported: {known})")
    values = {}
    for name, field in fields.items():
        if name in data:
            values[name] = convert(hints[name], data[name], _join(path, name))
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise DataError(f"{_join(path, name)}: is required")
    try:
        return cls(**values)
    except DataError as error:
        raise DataError(f"{path}: {error}" if path else str(error)) from error


def convert(hint: Any, value: Any, path: str) -> Any:
    """Return a value converted to the type of a hint, including nested dataclasses."""
    if hint is Any:
        return value
    origin = typing.get_origin(hint)
    args = typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None and types.NoneType in args:
            return None
        rest = [arg for arg in args if arg is not types.NoneType]
        for arg in rest[:-1]:
            try:
                return convert(arg, value, path)
            except DataError:
                continue
        return convert(rest[-1], value, path)
    if origin is typing.Literal:
        if value not in args:
            raise DataError(f"{path}: {value!r} is not one of {', '.join(map(repr, args))}")
        return value
    if origin is list:
        if not isinstance(value, list):
            raise DataError(f"{path}: expected a list, found {_kind(value)}")
        return [convert(args[0], entry, f"{path}[{index}]") for index, entry in enumerate(value)]
    if origin is dict:
        if not isinstance(value, dict):
            raise DataError(f"{path}: expected a mapping, found {_kind(value)}")
        return {key: convert(args[1], entry, _join(path, key)) for key, entry in value.items()}
    if dataclasses.is_dataclass(hint):
        return load(typing.cast(type, hint), value, path)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise DataError(f"{path}: expected {hint.__name__}, found {_kind(value)}")
    return value


def dump(value: Any) -> Any:
    """Return dataclasses as plain data, without private fields; the inverse of :func:`load`."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        out = {}
        for field in dataclasses.fields(value):
            entry = getattr(value, field.name)
            if not field.init or entry is None or (field.default is not dataclasses.MISSING and entry == field.default):
                continue
            out[field.name] = dump(entry)
        return out
    if isinstance(value, dict):
        return {key: dump(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [dump(entry) for entry in value]
    return value


def _join(path: str, key: Any) -> str:
    return f"{path}.{key}" if path else str(key)


def _kind(value: Any) -> str:
    return "null" if value is None else f"{type(value).__name__} {value!r}"[:80]
