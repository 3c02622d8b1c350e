# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Nested fields, and parts with hand-written conversions. Pure."""

from __future__ import annotations

import typing as t

from .._errors import VboError
from .._types import Data
from ._fields import Field, Names
from ._levels import body_of, laid, mistakes, options_of, parsed, view_of


class Block(Field):
    """Nested fields; all of them are sent if one differs."""

    option_type = "dict"
    answers = (dict,)

    def __init__(self, name: str, fields: t.Sequence[Field], key: str = "", **facts: t.Any) -> None:
        super().__init__(name, key, **facts)
        self._fields = tuple(fields)

    @property
    def fields(self) -> tuple[Field, ...]:
        return self._fields

    def option(self) -> Data:
        return {"type": self.option_type, "options": options_of(self.fields)}

    def parse(self, value: t.Any, path: str) -> t.Any:
        return parsed(self.fields, value, f"{path}.")

    def read(self, value: t.Any, names: Names, version: int) -> t.Any:
        return self.clear if value is None else view_of(self.fields, value, names, version)

    def laid(self, old: t.Any, given: t.Any, names: Names, secrets: bool, raw: t.Any) -> t.Any:
        return laid(self.fields, old, given, names, secrets, raw)

    def mistakes(self, old: t.Any, given: t.Any, wanted: t.Any, title: str, path: str) -> t.Iterator[VboError]:
        return mistakes(self.fields, old, given or {}, wanted, title, f"{path}.")

    def write(self, value: t.Any, given: t.Any, names: Names, version: int) -> t.Any:
        return body_of(self.fields, value, given or {}, names, version)


class Codec(t.Protocol):
    """Hand-written conversions of a part that a row cannot express."""

    def options(self) -> Data:
        """Its argument specification."""

    def parse(self, value: t.Any, path: str) -> t.Any:
        """Return the user's value in canonical form."""

    def read(self, value: t.Any, names: Names, version: int) -> t.Any:
        """Convert the API's value to the form of the options."""

    def write(self, value: t.Any, names: Names, version: int) -> t.Any:
        """Convert the value to the form of the API."""


class Part(Field):
    """A field with hand-written conversions."""

    answers = (dict, list, str, int, bool)

    def __init__(self, name: str, codec: Codec, key: str = "", **facts: t.Any) -> None:
        super().__init__(name, key, **facts)
        self.codec = codec

    def option(self) -> Data:
        return self.codec.options()

    def parse(self, value: t.Any, path: str) -> t.Any:
        return self.codec.parse(value, path)

    def read(self, value: t.Any, names: Names, version: int) -> t.Any:
        return self.clear if value is None else self.codec.read(value, names, version)

    def write(self, value: t.Any, given: t.Any, names: Names, version: int) -> t.Any:
        return self.codec.write(value, names, version)
