# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The interface of the pipeline to one object of a declared kind on the server."""

from __future__ import annotations

import typing as t

from .._api._answers import is_object
from .._api._client import Client
from .._errors import Conflict, NotFound, malformed
from .._types import Change, Raw, View
from ._edits import check_edits
from ._fields import HIDDEN, Field, Flag, Names, Request
from ._kind import Kind
from ._plan import Plan, patiently, settle

#: how many objects are named if several prevent a deletion
MOST = 10


class Managed:
    """An object that is created, changed and deleted.

    :arg given: the user's options after :meth:`Kind.parse`
    :arg identifier: the object's id, where the user gave it
    :arg replace_secrets: whether secrets of an object that exists are sent
    :arg plans_again: whether a new plan is made if somebody edits the object in the meantime
    """

    def __init__(
        self,
        kind: Kind,
        client: Client,
        names: Names,
        given: View,
        identifier: str | None = None,
        replace_secrets: bool = False,
        plans_again: bool = True,
    ) -> None:
        self.kind, self.client, self.names = kind, client, names
        self.noun, self.wait = kind.noun, kind.wait
        self.given, self.identifier, self.replace_secrets = given, identifier, replace_secrets
        self.plans_again = plans_again
        self.number = client.version.number
        self.others: t.Sequence[Raw] = ()

    def label(self) -> str:
        name = self._called()
        return f"{self.kind.title} '{name}'" if name else self.kind.title

    def header(self) -> str:
        return self._called() or self.kind.title

    def _called(self) -> str:
        first = self.kind.identity[0].name if self.kind.identity else ""
        return str(self.given.get(first) or self.identifier or "")

    # --- reading -----------------------------------------------------------------------------------------------------

    def find(self) -> Raw | None:
        if self.kind.only:
            return self._checked(self.client.get(self.kind.path), self.kind.path)
        if self.identifier:
            return self.read(self.identifier)
        self.others = self.every()
        found = self.kind.match(self.others, self.given, self.names, self.number)
        return self.whole(found) if found else None

    def find_again(self, known: Raw) -> Raw | None:
        return self.find()

    def every(self) -> list[Raw]:
        """Return all objects of the kind, or the one with the given id."""
        if self.identifier:
            return [found for found in [self.read(self.identifier)] if found]
        return [self._checked(thing, self.kind.path) for thing in self.client.list(self.kind.path)]

    def read(self, identifier: str) -> Raw | None:
        path = self.kind.path if self.kind.only else f"{self.kind.path}/{identifier}"
        raw = self.client.find(path)
        return None if raw is None else self.whole(self._checked(raw, path))

    def whole(self, raw: Raw) -> Raw:
        """Complete an object with the parts that are read separately."""
        return self.kind.more(raw, self._things) if self.kind.more else raw

    def _checked(self, raw: t.Any, path: str) -> Raw:
        """Check an object of an answer; settings get an id, which the pipeline requires."""
        wrong = self.kind.complaint(raw)
        if wrong:
            raise malformed(wrong, method="GET", path=path)
        return {"id": self.kind.path, **raw} if self.kind.only else t.cast(Raw, raw)

    def view(self, raw: Raw) -> View:
        return self.kind.view(raw, self.names, self.number)

    def changes(self, before: View, after: View) -> list[Change]:
        return self.kind.changes(before, after)

    def diff_view(self, view: View | None) -> View | None:
        return view

    def result(self, raw: Raw | None, view: View | None) -> View:
        here = raw or {}
        own = {} if self.kind.only else {"id": here.get("id")}
        facts = self.kind.facts(here, self.names, self.number) if raw else {}
        return {**own, **self.kind.without_secrets(view or {}), **facts}

    # --- planning ----------------------------------------------------------------------------------------------------

    def desired(self, raw: Raw | None, view: View | None) -> View:
        if raw is None and self.identifier:
            raise NotFound(f"{self.label()} does not exist", advice="Leave out id to create a new one.")
        given = self.given
        if raw is not None and not self.identifier:  # found whatever the case of its letters: not a rename
            given = {**given, **{f.name: view[f.name] for f in self.kind.identity if view and f.name in given}}
        return self.kind.overlay(view, given, self.names, self.replace_secrets, raw)

    def check(self, plan: Plan) -> None:
        if plan.action == "delete":
            self._check_unused(t.cast(Raw, plan.raw))
        for rule in self.kind.rules:
            rule(plan, self)

    def _check_unused(self, raw: Raw) -> None:
        """Fail if other objects use the object, and name them."""
        found: list[str] = []
        for use in self.kind.used_by:
            if use.since <= self.number <= use.until:
                for thing in self._things(use.path):
                    if use.refers(thing, raw["id"]):
                        name = next((str(thing[key]) for key in use.names if thing.get(key)), thing.get("id"))
                        found.append(f"{use.title} '{name}'")
        if found:
            more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
            raise Conflict(
                f"it is in use by {', '.join(found[:MOST])}{more}",
                advice="Change or delete these first.",
            )

    def _things(self, path: str) -> t.Sequence[Raw]:
        """Return all objects of a collection; none if the server does not have it."""
        try:
            return list(self.client.list(path))
        except NotFound:
            return []

    def warnings(self, plan: Plan) -> list[str]:
        return [text for advise in self.kind.advice for text in advise(plan, self)]

    # --- writing -----------------------------------------------------------------------------------------------------

    def create(self, plan: Plan) -> str:
        wanted = t.cast(View, plan.after)
        request = self._request(plan)

        def look() -> Raw | None:
            """Look for a created object until it appears, so that it is not created twice."""
            return self._look_up() if self.kind.unique else self._await()

        made = settle(lambda: self._send(request), look)
        if not is_object(made, self.kind.path) or self.kind.complaint(made):
            made = self._await()
        if not made:
            raise NotFound(f"the server accepted the request, but the {self.kind.title} does not exist")
        identifier = str(made["id"])
        apart = [field for field in self.kind.fields if field.by and field.name in wanted]
        if apart:
            here = self.whole(made)
            view = {field.name: self._value(field, here) for field in apart}
            wrong = {name for name, value in view.items() if value != wanted[name]}
            self._one_by_one(identifier, wrong, wanted, view, None)
        return identifier

    def update(self, plan: Plan) -> None:
        raw, wanted = t.cast(Raw, plan.raw), t.cast(View, plan.after)
        before = t.cast(View, plan.before)
        together = any(not field.by for field in self.kind.fields if field.name in plan.fields)
        if together:
            check_edits(self, raw, self.read(raw["id"]))
        self._one_by_one(raw["id"], plan.fields, wanted, before, False)
        if together:
            request = self._request(plan)
            secret = any(change["after"] == HIDDEN for change in plan.changes)
            settle(lambda: self._send(request), lambda: not secret and self._shows(plan))
        self._one_by_one(raw["id"], plan.fields, wanted, before, True)

    def delete(self, plan: Plan) -> None:
        request, identifier = self._request(plan), t.cast(Raw, plan.raw)["id"]
        settle(lambda: self._send(request), lambda: self.read(identifier) is None)

    def _request(self, plan: Plan) -> Request:
        after = plan.after or {}
        return self.kind.request(plan.action, plan.raw, after, self.given, self.names, self.number, plan.fields)

    def _send(self, request: Request) -> t.Any:
        return self.client.request(request.method, request.path, body=request.body, slow=self.wait)

    def _look_up(self) -> Raw | None:
        """Read the object again from the server."""
        return self.kind.match(self.every(), self.given, self.names, self.number)

    def _await(self) -> Raw | None:
        """Wait for a newly created object to appear."""
        return patiently(self._look_up, bool, self.wait)

    def _shows(self, plan: Plan) -> bool:
        """Whether the server shows the changes of the request."""
        raw = self.read(t.cast(Raw, plan.raw)["id"])
        left = self.changes(self.view(raw), t.cast(View, plan.after)) if raw else plan.changes
        apart = {field.name for field in self.kind.fields if field.by}
        planned = {change["field"] for change in plan.changes} - apart
        return not any(change["field"] in planned for change in left)

    def _one_by_one(self, identifier: str, names: set[str], wanted: View, before: View, last: bool | None) -> None:
        """Return the requests of fields that are changed separately: disabling comes first, everything else last.

        :arg last: which of the two; None is both
        """
        for field in self.kind.fields:
            if not field.by or field.name not in names:
                continue
            value = wanted.get(field.name)
            off = isinstance(field, Flag) and not value
            if last is None or off != last:
                for request in field.by(identifier, value, before.get(field.name), self.number):
                    settle(self._sender(request), self._looker(identifier, field, value))

    def _sender(self, request: Request) -> t.Callable[[], t.Any]:
        return lambda: self._send(request)

    def _looker(self, identifier: str, field: Field, value: t.Any) -> t.Callable[[], bool]:
        def shows() -> bool:
            raw = self.read(identifier)
            return raw is not None and self._value(field, raw) == value

        return shows

    def _value(self, field: Field, raw: Raw) -> t.Any:
        return field.read(field.value_in(raw, self.number), self.names, self.number)
