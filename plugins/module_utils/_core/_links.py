# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""References by name to any kind: names outside, ids inside, each collection read at most once in a session."""

from __future__ import annotations

import collections
import typing as t

from .._api._answers import wrong_type
from .._api._client import Client
from .._api._references import Catalog, pick
from .._errors import malformed
from .._spelling import id_key
from .._types import Raw
from ._fields import Target


class References:
    """The objects of one server that others refer to."""

    def __init__(self, client: Client) -> None:
        self._catalog = Catalog(client)
        self._names: dict[str, dict[str, str]] = {}

    def name(self, target: Target, identifier: str | None) -> str | None:
        """The name behind an id; the id itself where the name is unknown or not unique."""
        if target.path not in self._names:
            key = target.names[0]
            things = self._things(target)
            times = collections.Counter(thing.get(key) for thing in things)
            self._names[target.path] = {
                id_key(thing["id"]): thing[key]
                for thing in things
                if thing.get("id") and thing.get(key) and times[thing[key]] == 1
            }
        return self._names[target.path].get(id_key(identifier), identifier)

    def identifier(self, target: Target, wanted: str) -> str:
        """The id of the one that has this name or id."""
        return str(pick(target.title, wanted, self._things(target), target.names)["id"])

    def _things(self, target: Target) -> t.Sequence[Raw]:
        things = self._catalog.collection(target.path)
        types = dict.fromkeys(target.names, str)
        for thing in things:
            wrong = wrong_type({key: thing.get(key) for key in types}, types)
            if wrong:
                raise malformed(wrong, method="GET", path=target.path)
        return things
