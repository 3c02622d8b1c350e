# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Collections whose objects are only read: filtered by id or name, described, in the order of their names."""

from __future__ import annotations

import dataclasses
import typing as t

from .._api._client import Client
from .._api._references import Collection, pick, tell_twins
from .._errors import NotFound
from .._spelling import folded, same_id
from .._types import Data
from ._describe import describe
from ._host import Host


@dataclasses.dataclass(frozen=True)
class Described:
    """A collection whose objects are returned as the server sends them.

    :arg plural: the key of its results
    :arg target: its path, and the keys of its names
    :arg enums: the keys, on any level, whose values are enum values of the API
    :arg query: the query of the list
    :arg beside: further results, read from the same server
    """

    plural: str
    target: Collection
    enums: tuple[str, ...] = ()
    query: t.Callable[[Client, Data], Data | None] = lambda client, params: None
    beside: t.Callable[[Client], Data] = lambda client: {}

    def read(self, host: Host) -> Data:
        """The objects that the filters leave, described, in the order of their names."""
        params, names = host.params, self.target.names
        with host.client() as client:
            beside = self.beside(client)
            things = list(client.list(self.target.path, self.query(client, params)))
            version = client.version.name
        if params["id"]:
            things = [thing for thing in things if same_id(thing.get("id"), params["id"])]
        if params["name"]:
            try:
                things = [pick(self.plural, params["name"], things, names)] if things else []
            except NotFound:
                called = (thing[name] for thing in things for name in names if thing.get(name))
                tell_twins(host.warn, "name", params["name"], called)
                things = []
        things.sort(key=lambda thing: folded(thing.get(names[0])))
        found = [describe(thing, self.enums) for thing in things]
        return {"changed": False, self.plural: found, "api_version": version, **beside}
