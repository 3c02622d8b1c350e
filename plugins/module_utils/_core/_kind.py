# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The declaration of a resource, and everything derived from it. Pure: no request is sent here."""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import Ambiguous, BulkFailed, InputError, VboError, another_type, shown
from .._spelling import alike, folded, same_id, same_name, told_apart, unfit
from .._types import Change, Data, Raw, View
from ._changes import changes_between
from ._fields import EDIT, HIDDEN, LAST, READ, Field, Names, Request, Secret, Text
from ._levels import (
    body_of,
    check_versions,
    complaint,
    laid,
    leaves,
    mistakes,
    options_of,
    parsed,
    view_of,
    walk,
    without_secrets,
)

#: the identity of settings of which a server has one set: read and changed, never created or deleted
ONLY: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Use:
    """A collection whose objects may use an object of this kind, which then cannot be deleted.

    :arg title: how a sentence calls one of its objects
    :arg key: the API's key of the id, with dots for nested keys
    """

    title: str
    path: str
    key: str
    since: int = 0
    until: int = LAST
    names: tuple[str, ...] = ("name",)

    def refers(self, thing: Raw, identifier: str) -> bool:
        """Whether an object of the collection refers to this id."""
        value: t.Any = thing
        for part in self.key.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return same_id(value, identifier)


@dataclasses.dataclass(frozen=True)
class Write:
    """The input of a function that builds its own request.

    :arg path: of the object, or of the collection for a creation
    :arg body: the body that would be sent
    :arg secrets: the secrets to send, by the names of their options
    """

    path: str
    body: Raw
    version: int
    raw: Raw
    after: View
    given: View
    secrets: View


Maker = t.Callable[[Write], Request]
Lister = t.Callable[[str], t.Sequence[Raw]]


class Kind:
    """One resource.

    :arg noun: the key of its results, in the singular
    :arg path: its collection, or for :data:`ONLY` the object itself
    :arg identity: the fields that identify an object, the most common one first
    :arg names: the API's keys that contain a name, for references; by default those of the identity
    :arg title, titles: how a sentence calls one, and several
    :arg unique: whether the server itself refuses to create the same object twice
    :arg wait: seconds that the answer to a write, and its effect, may take; some objects take minutes
    :arg rules: functions of the plan and the object that fail for invalid changes
    :arg advice: functions of the plan and all objects that return warnings
    :arg used_by: the users of an object, which prevent its deletion
    :arg more: completes an object with data read elsewhere; it gets the object and a function that lists a collection
    :arg create, update, delete: the requests, if they differ from the usual ones
    """

    def __init__(
        self,
        noun: str,
        path: str,
        fields: t.Sequence[Field] = (),
        *,
        identity: t.Sequence[str] = ("name",),
        names: t.Sequence[str] = (),
        plural: str = "",
        title: str = "",
        titles: str = "",
        since: int = 6,
        until: int = LAST,
        unique: bool = False,
        wait: float = 0.0,
        rules: t.Sequence[t.Callable[..., None]] = (),
        advice: t.Sequence[t.Callable[..., list[str]]] = (),
        used_by: t.Sequence[Use] = (),
        more: t.Callable[[Raw, Lister], Raw] | None = None,
        create: Maker | None = None,
        update: Maker | None = None,
        delete: Maker | None = None,
    ) -> None:
        self.noun, self.path = noun, path
        self.fields = tuple(fields)
        self.plural = plural or f"{noun}s"
        self.title = title or noun.replace("_", " ")
        self.titles = titles or f"{self.title}s"
        self.since, self.until, self.unique, self.wait = since, until, unique, wait
        self.rules, self.advice, self.used_by = tuple(rules), tuple(advice), tuple(used_by)
        self.more = more
        self._makers = {"create": create, "update": update, "delete": delete}
        by_name = {field.name: field for field in self.fields}
        self.identity = tuple(by_name[name] for name in identity if name in by_name)
        self.names = tuple(names) or tuple(field.key for field in self.identity if isinstance(field, Text)) or ("name",)
        self.paths = dict(walk(self.fields))
        self.secrets = tuple(path for path, field in self.paths.items() if isinstance(field, Secret))
        self.only = not tuple(identity)

    def __repr__(self) -> str:
        return f"Kind({self.noun!r})"

    # --- options -----------------------------------------------------------------------------------------------------

    def options(self) -> dict[str, Data]:
        """The argument specification of one object."""
        own = {} if self.only else {"id": {"type": "str"}}
        return {**own, **options_of(self.fields)}

    def filters(self) -> dict[str, Data]:
        """The argument specification of the filters."""
        return {} if self.only else {"id": {"type": "str"}, **options_of(self.identity)}

    @property
    def one_of(self) -> tuple[tuple[str, ...], ...]:
        """The options of which one is required to identify an object."""
        return ((self.identity[0].name, "id"),) if self.identity else ()

    def parse(self, options: View) -> View:
        """Return the user's options in canonical form."""
        return parsed(self.fields, options)

    def has_secret(self, given: View) -> bool:
        """Return whether the user gave a secret at any level."""
        return any(isinstance(field, Secret) for _path, field, _value in leaves(self.fields, given))

    def check_version(self, given: View, number: int, prefix: str = "") -> None:
        """Fail for the first option or value that an API version lacks.

        :arg prefix: the path of the options in the task, for example V(jobs[3].copy_job.)
        :raises Unsupported: with the option's path
        """
        check_versions(self.fields, given, number, prefix, self.since)

    # --- identity ----------------------------------------------------------------------------------------------------

    def match(self, things: t.Sequence[Raw], given: View, names: Names, number: int) -> Raw | None:
        """Return the object that the options identify, or None.

        :raises Ambiguous: when several have this identity
        :raises InputError: when the only one that comes near is called almost the same
        """
        wanted = [(field, given[field.name]) for field in self.identity if field.name in given]
        seen = [(thing, view_of(self.identity, thing, names, number)) for thing in things]
        found = [thing for thing, view in seen if all(view.get(field.name) == value for field, value in wanted)]
        loose = [
            thing for thing, view in seen if all(same_name(view.get(field.name), value) for field, value in wanted)
        ]
        first = self.identity[0]
        if not found and not (isinstance(first, Text) and first.exact):
            found = loose
        if len(found) > 1:
            shown_ids = ", ".join(str(thing.get("id")) for thing in found)
            raise Ambiguous(f"several {self.titles} have this name: {shown_ids}", advice="Use id to say which one.")
        if found:
            return found[0]
        if isinstance(first, Text) and first.name in given:
            alike_else = [
                str(view.get(first.name) or "")
                for _thing, view in seen
                if all(view.get(field.name) == value for field, value in wanted if field is not first)
            ]
            self._refuse_near(first, given[first.name], alike_else)
        return None

    def _refuse_near(self, first: Text, wanted: str, others: t.Sequence[str]) -> None:
        """Fail if a new name differs from an existing one only in case or invisible characters."""
        cases = [other for other in others if other != wanted and folded(other) == folded(wanted)]
        if cases:
            raise InputError(
                first.name,
                f"{shown(cases[0])} exists and differs only in upper and lower case; "
                f"use its exact spelling, or id (the name is case-sensitive)",
            )
        near = alike(wanted, others)
        if near:
            raise InputError(
                first.name, f"{told_apart(wanted, near[0])} look the same; write it exactly as on the server"
            )

    # --- views -------------------------------------------------------------------------------------------------------

    def view(self, raw: Raw, names: Names, number: int) -> View:
        """The managed view of an object."""
        return view_of(self.fields, raw, names, number)

    def facts(self, raw: Raw, names: Names, number: int) -> View:
        """Return the read-only fields of an object."""
        return {
            field.name: field.read(field.value_in(raw, number), names, number)
            for field in self.fields
            if field.on == READ and field.exists(number)
        }

    def overlay(
        self, view: View | None, given: View, names: Names, send_secrets: bool = False, raw: Raw | None = None
    ) -> View:
        """Return the desired view: the current view merged with the user's options.

        :arg send_secrets: whether secrets of an object that exists are replaced
        :arg raw: the API's object behind C(view)
        :raises InputError: for invalid input
        """
        wanted = laid(self.fields, view, given, names, view is None or send_secrets, raw)
        errors = [*self._unfit(view, wanted), *mistakes(self.fields, view, given, wanted, self.title)]
        if len(errors) > 1:
            raise BulkFailed([("", error) for error in errors])
        if errors:
            raise errors[0]
        return wanted

    def _unfit(self, view: View | None, wanted: View) -> t.Iterator[VboError]:
        """Yield errors for names that are not acceptable for a new object."""
        for field in self.identity if view is None else ():
            if isinstance(field, Text) and field.name in wanted:
                name = str(wanted[field.name])
                why = unfit(name)
                if why:
                    yield InputError(field.name, f"{shown(name)} {why}")

    def changes(self, before: View, after: View) -> list[Change]:
        """List the fields that differ, in the order of the declaration; secrets that are not sent do not count."""
        return [
            change
            for change in changes_between(before, after)
            if not (change["field"] in self.secrets and change["after"] is None)
        ]

    def without_secrets(self, view: View) -> View:
        """Return a view without its secrets, for results."""
        return without_secrets(self.fields, view)

    def complaint(self, raw: t.Any) -> str:
        """Return why an answer cannot be used, as the end of a sentence; empty if it can."""
        if not isinstance(raw, dict):
            return "it is no object"
        if not self.only and not raw.get("id"):
            return "'id' is missing"
        if not self.only and not isinstance(raw["id"], str):
            return another_type("id", raw["id"], str)
        return complaint(self.fields, raw)

    # --- requests ----------------------------------------------------------------------------------------------------

    def request(
        self, action: str, raw: Raw | None, after: View, given: View, names: Names, number: int, changed: set[str]
    ) -> Request:
        """Return the request for an action.

        :arg changed: the top-level fields that differ
        """
        here = raw or {}
        path = self.path if self.only or action == "create" else f"{self.path}/{here['id']}"
        sent = {name: given[name] for name in given if after.get(name) == HIDDEN}
        body: Raw = {}
        if action == "create":
            body = body_of(self.fields, after, given, names, number)
        elif action == "update":
            body = self._edit(here, after, given, names, number, changed, bool(sent))
        if sent:
            extras = {f.name: given[f.name] for f in self.fields if f.on == EDIT and f.name in given}
            sent = {**sent, **extras} if action == "update" else sent
        maker = self._makers[action]
        if maker is not None:
            return maker(Write(path, body, number, here, after, given, sent))
        return Request({"create": "POST", "update": "PUT", "delete": "DELETE"}[action], path, body or None)

    def _edit(
        self, raw: Raw, after: View, given: View, names: Names, number: int, changed: set[str], secret: bool
    ) -> Raw:
        """Return the body of an edit: identity, required fields, differences; all of it for settings.

        A PUT may contain only the properties that change (REST API reference, "PUT Method").
        """
        sent = {
            field.name: after[field.name]
            for field in self.fields
            if field.name in after
            and field.by is None
            and (field.name in changed or field in self.identity or field.required)
            and not (isinstance(field, Secret) and field.name not in changed)
        }
        body = body_of(self.fields, sent, given, names, number)
        if secret:
            body.update({f.key_in(number): given[f.name] for f in self.fields if f.on == EDIT and f.name in given})
        if not self.only:
            return body
        unsent = {"id", *(field.key_in(number) for field in self.fields if field.on == READ)}
        return {**{k: v for k, v in raw.items() if k not in unsent and not k.startswith("_")}, **body}
