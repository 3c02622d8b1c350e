# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""References by name or id: names outside, ids inside, each collection read at most once in a session."""

from __future__ import annotations

import collections
import difflib
import typing as t

from .._errors import LONGEST, Ambiguous, NotFound, malformed, shown
from .._spelling import alike, folded, id_key, link_id, same_id, same_name, told_apart
from .._types import Raw, Target
from ._answers import wrong_type
from ._client import Client


class Collection(t.NamedTuple):
    """A collection that other objects refer to, and that has no declaration of its own."""

    title: str
    path: str
    names: t.Sequence[str] = ("name",)


ORGANIZATION = Collection("organization", "Organizations", ("name", "officeName"))
REPOSITORY = Collection("repository", "BackupRepositories")
PROXY = Collection("proxy", "Proxies", ("hostName", "fqdn"))


class Catalog:
    """The objects of one server that others refer to, looked up by name or id."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._names: dict[str, dict[str, str]] = {}

    @property
    def repositories(self) -> list[Raw]:
        return self.collection(REPOSITORY.path)

    def organization(self, wanted: str) -> Raw:
        """The organization of this name, Office name or id."""
        return self.pick(ORGANIZATION, wanted)

    def repository(self, wanted: str) -> Raw:
        return self.pick(REPOSITORY, wanted)

    def proxy(self, wanted: str) -> Raw:
        return self.pick(PROXY, wanted)

    def organization_name(self, identifier: str | None) -> str | None:
        return self.name(ORGANIZATION, identifier)

    def repository_name(self, identifier: str | None) -> str | None:
        return self.name(REPOSITORY, identifier)

    def proxy_of(self, repository: Raw) -> str | None:
        """Return the id of a repository's proxy.

        Jobs of v3 to v5 require it (REST API reference of v5, "Creating Backup Jobs").
        """
        return repository.get("proxyId") or link_id(repository, "proxy")

    def pick(self, target: Target, wanted: str) -> Raw:
        """Return the object with this name or id."""
        return pick(target.title, wanted, self._things(target), target.names)

    def identifier(self, target: Target, wanted: str) -> str:
        """Return the id of the object with this name or id."""
        return str(self.pick(target, wanted)["id"])

    def name(self, target: Target, identifier: str | None) -> str | None:
        """Return the name for an id; the id itself if the name is unknown or not unique."""
        if target.path not in self._names:
            self._names[target.path] = _unique_names(self._things(target), target.names[0])
        return self._names[target.path].get(id_key(identifier), identifier)

    def collection(self, resource: str) -> list[Raw]:
        """All objects of a collection, read once in a session."""
        with self.client.lock:
            if resource not in self.client.cache:
                # v6 requires the parameter; false keeps the call independent of proxies that are offline
                # (REST API reference, "Get Organizations").
                plain = resource == ORGANIZATION.path and self.client.version.has_extended_view
                query = {"extendedView": "false"} if plain else None
                self.client.cache[resource] = list(self.client.list(resource, query))
            return t.cast("list[Raw]", self.client.cache[resource])

    def _things(self, target: Target) -> list[Raw]:
        things = self.collection(target.path)
        types = dict.fromkeys(target.names, str)
        for thing in things:
            wrong = wrong_type({key: thing.get(key) for key in types}, types)
            if wrong:
                raise malformed(wrong, method="GET", path=target.path)
        return things


def pick(noun: str, wanted: str, things: t.Sequence[Raw], keys: t.Sequence[str]) -> Raw:
    """Return the object with this id, or with this name (ignoring case).

    :arg keys: the keys that may hold a name, the preferred one first
    :raises NotFound: with up to five names that come near
    :raises Ambiguous: with the candidates and their ids
    """
    for thing in things:
        if same_id(thing.get("id"), wanted):
            return thing
    for key in keys:  # a name wins over the other names of an object
        found = [thing for thing in things if thing.get(key) and same_name(thing[key], wanted)]
        found = [thing for thing in found if thing[key] == wanted] or found
        if len(found) == 1:
            return found[0]
        if not found:
            continue
        candidates = ", ".join(f"'{thing.get(keys[0])}' (id {thing.get('id')})" for thing in found)
        raise Ambiguous(f"{noun} {shown(wanted)} is not unique: {candidates}", advice="Use the id instead of the name.")
    every_name = [str(thing[key]) for thing in things for key in keys if thing.get(key)]
    twins = alike(wanted, every_name)
    raise NotFound(f"{noun} {shown(wanted)} does not exist", advice=near(wanted, twins or _names(things, keys)))


def near(wanted: str, names: t.Iterable[str]) -> str:
    """Return a sentence with up to five similar names, or with some existing ones."""
    names = list(names)
    twins = alike(wanted[: 10 * LONGEST], names)
    if twins:
        return f"{told_apart(wanted, twins[0])} look the same; write the name exactly as on the server, or use the id."
    by_folded = {folded(name): name for name in names if name}
    # comparing takes the square of the length, and no name is longer than a few words
    short = [name for name in by_folded if len(name) <= LONGEST]
    given = folded(wanted[:LONGEST])
    close = difflib.get_close_matches(given, short, n=5, cutoff=0.6)
    if close:
        least = _likeness(given, close[0]) - 0.1  # less similar names are not suggested
        close = [name for name in close if _likeness(given, name) >= least]
        return f"Did you mean {' or '.join(repr(by_folded[name]) for name in close)}?"
    if not by_folded:
        return "This account can see no objects of this type."
    some = sorted(by_folded.values())[:5]
    more = f" and {len(by_folded) - len(some)} more" if len(by_folded) > len(some) else ""
    return f"Available: {', '.join(repr(name[:LONGEST]) for name in some)}{more}."


def tell_twins(warn: t.Callable[[str], None], option: str, wanted: str | None, names: t.Iterable[t.Any]) -> None:
    """Warn about a name that looks the same but is different, if nothing was found.

    :arg option: the option that contains the name
    """
    for name in alike(wanted, map(str, names))[:1] if wanted else ():
        warn(f"{option}: nothing has this exact name, but {told_apart(str(wanted), name)} look the same.")


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, other, one).ratio()


def _names(things: t.Sequence[Raw], keys: t.Sequence[str]) -> list[str]:
    """Yield the names of each object."""
    return [next((str(thing[key]) for key in keys if thing.get(key)), "") for thing in things]


def _unique_names(things: t.Sequence[Raw], key: str) -> dict[str, str]:
    """Map ids in lowercase to names, without names that several objects share."""
    times = collections.Counter(thing.get(key) for thing in things)
    return {
        id_key(thing["id"]): thing[key]
        for thing in things
        if thing.get("id") and thing.get(key) and times[thing[key]] == 1
    }
