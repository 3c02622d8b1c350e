# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The items of one job on the server: read, resolve names, add, change, remove."""

from __future__ import annotations

import typing as t
from urllib.parse import quote

from ..._api._client import Client
from ..._api._references import near
from ..._core._plan import settle
from ..._errors import InputError, NotFound, Rejected
from ..._types import Raw, View
from . import _items as model
from ._model import ITEMS

Left = t.Callable[[t.List[str]], t.List[str]]
PATHS = {"selected_items": "SelectedItems", "excluded_items": "ExcludedItems"}
MAX_IDS = 1600  # characters of ids in one DELETE; longer addresses are refused by some servers and proxies


class JobItems:
    """The items of one job, and the organization's objects that they can refer to."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._objects: dict[tuple[str, str], Raw] = {}

    def read(self, job_id: str, field: str) -> list[Raw]:
        """The items of one list, as the server gives them.

        :raises NotFound: when there is no such job; a server may say the same of a list without entries
        """
        try:
            return list(self.client.list(f"Jobs/{job_id}/{PATHS[field]}", may_be_null=True))
        except NotFound:
            if self.client.find(f"Jobs/{job_id}") is None:
                raise
            return []

    # --- what is wanted --------------------------------------------------------------------------

    def wanted(self, field: str, given: list[View], raw: Raw | None, organization_id: str, mode: str) -> list[View]:
        """Return the desired list, as views.

        Names are looked up among the job's own items first: then a run that changes nothing asks for no listing, and
        objects that were deleted in Microsoft 365 stay unchanged.
        """
        entries = (raw or {}).get(ITEMS[field]) or []
        views = {model.item_key(view): view for view in map(model.read_item, entries)}
        present = {
            kind: model.Directory(
                kind, [model.nested_object(entry) for entry in entries if model.type_of(entry) == kind]
            )
            for kind in {item["type"] for item in given}
        }
        result = dict(views) if mode != "exact" else {}
        named: dict[tuple[str, str], int] = {}
        for number, item in enumerate(given):
            path = f"{field}[{number}]"
            thing = self._object(item, present, organization_id, path, optional=mode == "remove")
            if thing is None:
                continue
            view = model.wanted_item(item, thing, self.client.version)
            key = model.item_key(view)
            if key in named:
                raise InputError(path, f"duplicate of {field}[{named[key]}]; list each item once")
            named[key] = number
            self._objects[key] = thing
            if mode == "remove":
                result.pop(key, None)
            else:
                result[key] = view
        return model.sort_items(result.values())

    def _object(
        self, item: View, present: dict[str, model.Directory], organization_id: str, path: str, optional: bool
    ) -> Raw | None:
        kind = model.TYPES[item["type"]]
        if not kind.keys:
            return {}
        own = present.get(item["type"]) or model.Directory(item["type"], [])
        found, names = own.find(item, path), own.names()
        if found is None and not optional:
            model.check_type(item, self.client.version, path)
            listed = self._listed(organization_id, item["type"])
            found, names = listed.find(item, path), listed.names()
        if found is None and not (optional and not own.looks_like(item)):
            raise model.not_found(item, path, near(str(item.get(kind.option) or item.get("id")), names))
        return found

    def _listed(self, organization_id: str, kind: str) -> model.Directory:
        path = f"Organizations/{organization_id}/{model.TYPES[kind].collection}"
        with self.client.lock:
            if path not in self.client.cache:
                self.client.cache[path] = model.Directory(kind, self.client.list(path))
            return t.cast(model.Directory, self.client.cache[path])

    def marked(self, views: list[View], organization_id: str) -> list[View]:
        """Return the items of a job, with C(deleted) for those that no longer exist in the organization."""
        return [{**view, "deleted": True} if self._is_gone(view, organization_id) else view for view in views]

    def _is_gone(self, view: View, organization_id: str) -> bool:
        kind = view["type"]
        known = kind in model.TYPES and self.client.version.number >= model.SINCE.get(kind, 0)
        if not known or not model.TYPES[kind].collection or "/personal/" in str(view.get("url")):
            return False  # the listing of sites leaves personal ones out
        try:
            return self._listed(organization_id, kind).find(view, kind) is None
        except InputError:
            return False  # several share the name, so there is one

    # --- writing ---------------------------------------------------------------------------------

    def bodies(self, views: t.Iterable[View]) -> list[Raw]:
        """The API's items for wanted views."""
        return [self._body(view) for view in views]

    def _body(self, view: View, like: Raw | None = None) -> Raw:
        thing = self._objects.get(model.item_key(view)) or model.nested_object(like or {})
        return model.write_item(view, thing, self.client.version, like)

    def changes(self, field: str, raw: Raw, wanted: list[View]) -> tuple[list[View], list[tuple[Raw, View]], list[Raw]]:
        """Return the items to add, edit and remove so that the list becomes the desired one."""
        present = {model.item_key(model.read_item(entry)): entry for entry in raw.get(ITEMS[field]) or []}
        after = {model.item_key(view): view for view in wanted}
        add = [view for key, view in after.items() if key not in present]
        edit = [
            (present[key], view)
            for key, view in after.items()
            if key in present and model.read_item(present[key]) != view
        ]
        remove = [entry for key, entry in present.items() if key not in after]
        return add, edit, remove

    def add(self, job_id: str, field: str, views: list[View]) -> None:
        """Add items in one request."""
        if not views:
            return
        path, body = f"Jobs/{job_id}/{PATHS[field]}", self.bodies(views)
        keys = {model.item_key(view) for view in views}

        def there() -> bool:
            return keys <= {model.item_key(model.read_item(entry)) for entry in self.read(job_id, field)}

        settle(lambda: self.client.request("POST", path, query=self.query(), body=body), there)

    def edit(self, job_id: str, field: str, pairs: list[tuple[Raw, View]]) -> None:
        """Change the flags of items, one request each."""
        for entry, view in pairs:
            path, body = (
                f"Jobs/{job_id}/{PATHS[field]}/{_quoted(entry['id'])}",
                {"id": entry["id"], **self._body(view, entry)},
            )
            self._edit_one(job_id, field, path, body, view)

    def _edit_one(self, job_id: str, field: str, path: str, body: Raw, view: View) -> None:
        settle(
            lambda: self.client.request("PUT", path, query=self.query(), body=body),
            lambda: view in [model.read_item(other) for other in self.read(job_id, field)],
        )

    def remove(self, job_id: str, field: str, entries: list[Raw]) -> None:
        """Remove items, as many as fit into one address at a time, in the form of the version.

        The ids are in the query from v5 on (REST API reference, "Remove Backup Job Items"); in v3, one id is in the
        path. The form of v4 is not documented, so both are tried up to v4.
        """
        path = f"Jobs/{job_id}/{PATHS[field]}"
        forms = [self._remove_by_query, self._remove_by_path]

        def left(wanted: list[str]) -> list[str]:
            there = {entry["id"] for entry in self.read(job_id, field)}
            return [identifier for identifier in wanted if identifier in there]

        if self.client.version.number <= 3:
            forms.reverse()
        ids = [entry["id"] for entry in entries]
        if ids:
            try:
                forms[0](path, ids, left)
            except (NotFound, Rejected) as error:
                if self.client.version.number >= 5 or error.status not in (400, 404, 405):
                    raise
                forms[1](path, left(ids), left)

    def _remove_by_query(self, path: str, ids: list[str], left: Left) -> None:
        for batch in batches(ids, MAX_IDS):
            self._delete(path, {"ids": ",".join(batch)}, batch, left)

    def _remove_by_path(self, path: str, ids: list[str], left: Left) -> None:
        for identifier in ids:
            self._delete(f"{path}/{_quoted(identifier)}", None, [identifier], left)

    def _delete(self, path: str, query: dict[str, str] | None, ids: list[str], left: Left) -> None:
        settle(lambda: self.client.request("DELETE", path, query=query), lambda: not left(ids))

    def query(self) -> dict[str, str] | None:
        """v8 can skip the check of the other objects of the job, so that deleted ones cause no error.

        The parameter is documented (REST API reference, "Add Items to Backup Job"), this use of it is not.
        """
        return {"skipItemUpdate": "true"} if self.client.version.number >= 8 else None


def batches(ids: t.Sequence[str], most: int) -> list[list[str]]:
    """The ids in groups of at most C(most) characters, each with at least one id."""
    groups: list[list[str]] = []
    size = 0
    for identifier in ids:
        if not groups or size + len(identifier) > most:
            groups.append([])
            size = 0
        groups[-1].append(identifier)
        size += len(identifier) + 3  # an encoded comma
    return groups


def _quoted(identifier: str) -> str:

    return quote(identifier, safe="")
