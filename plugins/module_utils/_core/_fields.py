# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The fields of a declaration: each defines one option, and how it is read from and written to the API. Pure.

A view is an object in the terms of the user: options by name, references by the name of their object.
"""

from __future__ import annotations

import typing as t

from .._errors import InputError, VboError, literal
from .._spelling import camel, link_id, pascal, snake, truth
from .._types import Data, Raw, Target, View

#: the name of another field of the same level, and the values for which a field applies
When = t.Tuple[t.Any, ...]

FIRST, LAST = 3, 8
#: when a field is sent: at any time, at creation only, along with a new secret only, or never; what is sent ONCE goes
#: with the creation, too, and is in no view
ALWAYS, CREATE, EDIT, READ, ONCE = "always", "create", "edit", "read", "once"
#: the text in a diff in place of a secret that is sent
HIDDEN = "(secret)"


class Names(t.Protocol):
    """Names outside, ids inside."""

    def name(self, target: Target, identifier: str | None) -> str | None:
        """The name behind an id; the id itself where the name is unknown or not unique."""

    def identifier(self, target: Target, wanted: str) -> str:
        """Return the id of the object with this name or id."""


class Request(t.NamedTuple):
    """A request that writes: method, path below the version, body."""

    method: str
    path: str
    body: t.Any = None


#: the requests that set one field by themselves, made from the object's id, the value, the one before, and the version
By = t.Callable[[str, t.Any, t.Any, int], t.Sequence[Request]]


class Field:
    """One option.

    :arg key: the API's key; the name in camel case unless given
    :arg since, until: the API versions that have it
    :arg on: when it is sent; see :data:`ALWAYS`
    :arg when: it applies only while another field of its level has one of these values
    :arg required: V(CREATE) when an object cannot be created without it
    :arg clear: the value that a missing one is equal to
    :arg default: the value of a new object if none is given
    :arg shown: whether views have it even when the server has no value
    :arg by: the requests that change it, if the request for the whole object does not
    :arg was: the key of earlier API versions, and the last of them
    :arg instead: advice for API versions that lack it, or one of its values
    """

    #: the type of the option, and those that the API's value may have
    option_type: t.ClassVar[str] = "str"
    answers: t.ClassVar[tuple[type, ...]] = (str,)

    def __init__(
        self,
        name: str,
        key: str = "",
        *,
        since: int = FIRST,
        until: int = LAST,
        on: str = ALWAYS,
        when: When = (),
        required: str = "",
        clear: t.Any = None,
        default: t.Any = None,
        shown: bool = False,
        by: By | None = None,
        was: tuple[str, int] | None = None,
        instead: str = "",
    ) -> None:
        self.name = name
        self.key = key or camel(name)
        self.since, self.until = since, until
        self.on = on
        self.when = when
        self.required = required
        self.clear = clear
        self.default = default
        self.shown = shown
        self.by = by
        self.was = was
        self.instead = instead

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields below this one."""
        return ()

    def key_in(self, version: int) -> str:
        """Return the key of the field in an API version."""
        return self.was[0] if self.was and version <= self.was[1] else self.key

    def value_in(self, raw: Raw, version: int) -> t.Any:
        """Return the field's value in the API's object."""
        return raw.get(self.key_in(version))

    def exists(self, version: int, value: t.Any = None) -> bool:
        """Whether an API version supports the field, and the value if one is given."""
        return max(self.since, self.since_of(value)) <= version <= self.until

    def holds(self, level: View) -> bool:
        """Whether the field applies, given the other fields of its level."""
        return not self.when or level.get(self.when[0]) in self.when[1:]

    def option(self) -> Data:
        """Its argument specification."""
        return {"type": self.option_type}

    def parse(self, value: t.Any, path: str) -> t.Any:
        """Return the user's value in canonical form.

        :raises InputError: for an invalid value
        """
        del path
        return value

    def since_of(self, value: t.Any) -> int:
        """The first API version that has a value."""
        del value
        return self.since

    def read(self, value: t.Any, names: Names, version: int) -> t.Any:
        """Convert the API's value to the form of the options."""
        del names, version
        return self.clear if value is None else value

    def settled(self, value: t.Any, names: Names) -> t.Any:
        """Convert the user's value to the form that :meth:`read` returns, for the comparison."""
        del names
        return value

    def laid(self, old: t.Any, given: t.Any, names: Names, secrets: bool, raw: t.Any) -> t.Any:
        """Merge the user's value into the current value.

        :arg secrets: whether secrets are sent
        :arg raw: the API's value
        """
        del old, secrets, raw
        return self.settled(given, names)

    def mistakes(self, old: t.Any, given: t.Any, wanted: t.Any, title: str, path: str) -> t.Iterator[VboError]:
        """Yield the mistakes in a desired value.

        :arg title: how a sentence calls the object
        """
        del old, given, wanted, title, path
        return iter(())

    def write(self, value: t.Any, given: t.Any, names: Names, version: int) -> t.Any:
        """Convert the value to the form of the API; C(given) is the user's value with its secrets."""
        del given, names, version
        return value


class Text(Field):
    """A text.

    :arg exact: whether the case of letters counts where the text identifies an object
    """

    def __init__(self, name: str, key: str = "", *, exact: bool = False, **facts: t.Any) -> None:
        super().__init__(name, key, **facts)
        self.exact = exact


class Choice(Field):
    """An option with a fixed set of values.

    :arg choices: the words, separated by blanks
    :arg wire: how the API writes a word
    :arg new: words that only later API versions have, with the first of them
    """

    def __init__(
        self,
        name: str,
        choices: str,
        key: str = "",
        *,
        wire: t.Callable[[str], str] = pascal,
        new: t.Mapping[str, int] | None = None,
        **facts: t.Any,
    ) -> None:
        super().__init__(name, key, **facts)
        self.choices = tuple(choices.split())
        self.wire = wire
        self.new = dict(new or {})

    def option(self) -> Data:
        return {"type": self.option_type, "choices": list(self.choices)}

    def since_of(self, value: t.Any) -> int:
        return self.new.get(value, self.since)

    def read(self, value: t.Any, names: Names, version: int) -> t.Any:
        return self.clear if value is None else snake(value)

    def write(self, value: t.Any, given: t.Any, names: Names, version: int) -> t.Any:
        return self.wire(value)


class Number(Field):
    """An integer within limits; some servers return numbers as strings."""

    option_type = "int"
    answers = (int, str)

    def __init__(self, name: str, least: int, most: int, key: str = "", **facts: t.Any) -> None:
        super().__init__(name, key, **facts)
        self.least, self.most = least, most

    def parse(self, value: t.Any, path: str) -> t.Any:
        if not self.least <= value <= self.most:
            raise InputError(path, f"must be between {self.least} and {self.most} (got {literal(value)})")
        return value

    def read(self, value: t.Any, names: Names, version: int) -> t.Any:
        if isinstance(value, str) and value.strip().lstrip("-").isdigit():
            return int(value)
        return self.clear if value is None else value


class Flag(Field):
    """A boolean; some servers return it as a string, and omit it when it is false."""

    option_type = "bool"
    answers = (bool, str)

    def read(self, value: t.Any, names: Names, version: int) -> t.Any:
        return self.clear if value is None and self.clear is not None else truth(value)


class Texts(Field):
    """A list of strings; their order counts only with C(ordered)."""

    option_type = "list"
    answers = (list,)

    def __init__(self, name: str, key: str = "", *, ordered: bool = False, **facts: t.Any) -> None:
        super().__init__(name, key, **facts)
        self.ordered = ordered

    def option(self) -> Data:
        return {"type": self.option_type, "elements": "str"}

    def parse(self, value: t.Any, path: str) -> t.Any:
        return list(value) if self.ordered else sorted(set(value))

    def read(self, value: t.Any, names: Names, version: int) -> t.Any:
        return self.clear if value is None else self.parse(value, "")


class Ref(Field):
    """Another object, by name or id.

    :arg target: its kind
    :arg link: the link whose address ends with the id, where the server has no key for it
    """

    def __init__(self, name: str, key: str, target: Target, *, link: str = "", **facts: t.Any) -> None:
        super().__init__(name, key, **facts)
        self.target, self.link = target, link

    def value_in(self, raw: Raw, version: int) -> t.Any:
        return super().value_in(raw, version) or (link_id(raw, self.link) if self.link else None)

    def read(self, value: t.Any, names: Names, version: int) -> t.Any:
        return names.name(self.target, value) if value and str(value).strip("0-") else self.clear

    def settled(self, value: t.Any, names: Names) -> t.Any:
        return names.name(self.target, names.identifier(self.target, value)) if value else value

    def write(self, value: t.Any, given: t.Any, names: Names, version: int) -> t.Any:
        return names.identifier(self.target, value) if value else value


class Secret(Field):
    """A text that the server never returns; views contain :data:`HIDDEN` if it is sent."""

    def option(self) -> Data:
        return {"type": self.option_type, "no_log": True}

    def parse(self, value: t.Any, path: str) -> t.Any:
        if not value:
            raise InputError(path, "must not be empty")
        return value

    def write(self, value: t.Any, given: t.Any, names: Names, version: int) -> t.Any:
        return given
