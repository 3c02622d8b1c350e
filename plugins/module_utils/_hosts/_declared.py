# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The modules of a declared kind: one manages its objects, the other reads them."""

from __future__ import annotations

import dataclasses
import typing as t

from .._api._connection import CONNECTION
from .._api._references import Catalog, tell_twins
from .._core._host import Host
from .._core._kind import Kind
from .._core._levels import parsed
from .._core._object import Managed
from .._core._plan import run
from .._input._argspec import ArgSpec
from .._input._groups import STATE, UPDATE_PASSWORD
from .._spelling import folded, same_name
from .._types import View
from ._process import Definition


@dataclasses.dataclass(frozen=True)
class KindDefinition(Definition):
    """The definition of a module that a declaration made.

    :arg groups: the option groups it has beside the options of the kind
    """

    kind: Kind
    groups: tuple[str, ...]


def manage(kind: Kind) -> Definition:
    """The definition of the module that creates, changes and deletes objects of a kind."""
    groups = {"CONNECTION": CONNECTION}
    if not kind.only:
        groups["STATE"] = STATE
    if kind.secrets:
        groups["UPDATE_PASSWORD"] = UPDATE_PASSWORD
    spec = ArgSpec(kind.options(), required_one_of=kind.one_of)
    for group in groups.values():
        spec = group + spec

    def work(host: Host) -> dict[str, t.Any]:
        return _managed(kind, host)

    return KindDefinition(spec, work, kind, tuple(groups))


def _managed(kind: Kind, host: Host) -> dict[str, t.Any]:
    params = host.params
    given = kind.parse(params)
    state = params.get("state") or "present"
    always = params.get("update_password") == "always"
    with host.client() as client:
        _require(kind, client.version)
        kind.check_version(given, client.version.number)
        resource = Managed(kind, client, Catalog(client), given, params.get("id"), always)
        result = run(resource, state, host)
    if state == "present" and result["action"] != "create" and not always and kind.has_secret(given):
        result["secret_not_compared"] = True
    return result


def inform(kind: Kind) -> Definition:
    """The definition of the module that reads objects of a kind."""

    def work(host: Host) -> dict[str, t.Any]:
        return _listed(kind, host)

    return KindDefinition(CONNECTION + ArgSpec(kind.filters()), work, kind, ("CONNECTION",))


def _listed(kind: Kind, host: Host) -> dict[str, t.Any]:
    """Objects as people see them, and the same as input for the module that manages them."""
    wanted = parsed(kind.identity, host.params)
    with host.client() as client:
        _require(kind, client.version)
        names = Catalog(client)
        reader = Managed(kind, client, names, {}, host.params.get("id"))
        raws = [found for found in [reader.find()] if found] if kind.only else map(reader.whole, reader.every())
        seen = [(raw, reader.view(raw)) for raw in raws]
        kept = [(raw, view) for raw, view in seen if _fits(kind, view, wanted)]
        if not kept and kind.identity:
            first = kind.identity[0]
            tell_twins(host.warn, first.name, wanted.get(first.name), (view[first.name] for _raw, view in seen if view))
        kept.sort(key=lambda pair: [folded(pair[1].get(field.name)) for field in kind.identity])
        version = client.version
        config = [view for _raw, view in kept]
        shown = [reader.result(raw, view) for raw, view in kept]
    one = {kind.noun: shown[0], "config": config[0]} if kind.only else {kind.plural: shown, "config": config}
    return {"changed": False, **one, "api_version": version.name}


def _fits(kind: Kind, view: View, wanted: View) -> bool:
    names = [field.name for field in kind.identity if field.name in wanted]
    return all(same_name(view.get(name), wanted[name]) for name in names)


def _require(kind: Kind, version: t.Any) -> None:
    version.require(kind.titles, kind.since, "api_version")
