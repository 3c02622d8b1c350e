# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Lists of objects that are only read: filtered by id or name, described, in the order of their names."""

from __future__ import annotations

import typing as t

from .._api._references import pick, tell_twins
from .._errors import NotFound
from .._spelling import folded, same_id
from .._types import Data, Raw
from ._describe import describe
from ._host import Host


def listed(
    host: Host, key: str, things: list[Raw], names: t.Sequence[str], enums: t.Collection[str], version: str
) -> Data:
    """The things that the filters C(id) and C(name) leave, described, in the order of their names.

    :arg names: the keys that hold a name, the one that counts most first
    :arg enums: the keys whose values are enum values of the API
    """
    params = host.params
    if params["id"]:
        things = [thing for thing in things if same_id(thing.get("id"), params["id"])]
    if params["name"]:
        try:
            things = [pick(key, params["name"], things, names)] if things else []
        except NotFound:
            tell_twins(
                host.warn,
                "name",
                params["name"],
                (thing[name] for thing in things for name in names if thing.get(name)),
            )
            things = []
    described = [describe(thing, enums) for thing in sorted(things, key=lambda thing: folded(thing.get(names[0])))]
    return {"changed": False, key: described, "api_version": version}
