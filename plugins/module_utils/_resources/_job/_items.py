# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Conversions of selected and excluded items between options, views and the API. Pure.

People name an item by what they know: a user by mail address, a group by name, a site by address, a team by name or
mail. The server keeps ids, which change between API versions, so items are compared by that name and their flags.
"""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ..._api._versions import ApiVersion
from ..._errors import InputError, NotFound, VboError
from ..._spelling import folded, id_key, looks, pascal, site_key, snake, spelled, truth, unfit
from ..._types import Change, Data, Raw, View


@dataclasses.dataclass(frozen=True)
class ItemType:
    """One type of item.

    :arg keys: keys of the nested object by which people may name it, the one that is shown first
    :arg option: the option with this name
    :arg collection: sub-resource of the organization that lists such objects
    """

    flags: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    option: str = "name"
    collection: str = ""


TYPES: dict[str, ItemType] = {
    "user": ItemType(("mailbox", "archive_mailbox", "one_drive", "personal_site"), ("name",), "name", "Users"),
    "group": ItemType(
        (
            "members",
            "member_mailbox",
            "member_archive_mailbox",
            "member_onedrive",
            "member_site",
            "mailbox",
            "group_site",
        ),
        ("name", "displayName"),
        "name",
        "Groups",
    ),
    "site": ItemType((), ("url",), "url", "Sites"),
    "team": ItemType(("teams_chats",), ("mail", "displayName"), "name", "Teams"),
    "partial_organization": ItemType(("mailbox", "archive_mailbox", "one_drive", "sites", "teams", "teams_chats")),
    "personal_sites": ItemType(),
    "one_drive_folders": ItemType(),
}
ITEM_OPTIONS: dict[str, Data] = {
    "type": {"type": "str", "required": True, "choices": list(TYPES)},
    "name": {"type": "str"},
    "id": {"type": "str"},
    "url": {"type": "str"},
    "folders": {"type": "list", "elements": "str"},
    **{flag: {"type": "bool"} for flag in dict.fromkeys(flag for kind in TYPES.values() for flag in kind.flags)},
}
#: the fields of a listed object by which the server identifies it (REST API reference, "Add Items to Backup Job")
REFERENCE = {
    "user": ("id", "displayName", "name", "type", "locationType", "isBackedUp"),
    "group": ("id", "displayName", "name", "managedBy", "site", "type", "locationType"),
    "site": ("id", "url", "parentUrl", "name", "title", "isCloud", "isPersonal"),
    "team": ("id", "displayName", "description", "mail"),
}
#: an item without flags means all of its data, except flags that Microsoft meters
NEVER_IMPLIED = ("teams_chats",)
#: only Microsoft 365 groups have these (User Guide, "Organization Object Types")
OFFICE_GROUP_ONLY = ("mailbox", "group_site")
#: flags in versions that have not all of them
FLAG_SINCE = {"teams": 5, "teams_chats": 6}
SINCE = {"team": 5}


def parse_items(items: list[View] | None, path: str) -> list[View] | None:
    """Check the input: C(type), a name if the type has one, and no flag of another type.

    :raises InputError: with the path of the option
    """
    if items is None:
        return None
    parsed = []
    for number, options in enumerate(items):
        here = f"{path}[{number}]"
        given = {key: value for key, value in options.items() if value is not None}
        kind = TYPES[given["type"]]
        allowed = [*((kind.option, "id") if kind.keys else ()), *kind.flags]
        if given["type"] == "one_drive_folders":
            allowed.append("folders")
            if not given.get("folders"):
                raise InputError(f"{here}.folders", "required; list the folders, relative to the root of each OneDrive")
            for place, folder in enumerate(given["folders"]):
                if unfit(folder):
                    raise InputError(f"{here}.folders[{place}]", f"{spelled(folder)} {unfit(folder)}")
            given["folders"] = sorted(set(given["folders"]))
        for key in given:
            if key not in ("type", *allowed):
                known = ", ".join(allowed) or "none"
                raise InputError(
                    f"{here}.{key}", f"not supported for items of type '{given['type']}'; supported: {known}"
                )
        if kind.keys and not (given.get("id") or given.get(kind.option)):
            raise InputError(
                f"{here}.{kind.option}", f"{kind.option} or id is required for an item of type '{given['type']}'"
            )
        parsed.append(given)
    return parsed


def check_flags(items: t.Iterable[View], version: ApiVersion, path: str) -> None:
    """Fail for flags that the version in use lacks."""
    for number, item in enumerate(items):
        for flag, since in FLAG_SINCE.items():
            if item.get(flag):
                version.require("items with this flag", since, f"{path}[{number}].{flag}")


def check_type(item: View, version: ApiVersion, path: str) -> None:
    """Fail for an item type that the version in use lacks; used only for items that the job does not have already."""
    version.require(f"items of type '{item['type']}'", SINCE.get(item["type"], 0), f"{path}.type")


# --- the view ----------------------------------------------------------------------------------------------------


def type_of(raw: Raw) -> str:
    """The type of an item of the server, in the collection's spelling."""
    return snake(raw.get("type") or "")


def read_item(raw: Raw) -> View:
    """The view of one item of a job: its type, its name, and the flags that are set."""
    kind = type_of(raw)
    known = TYPES.get(kind, ItemType())
    item: View = {"type": kind}
    nested = nested_object(raw)
    if known.keys:
        name = next((str(nested[key]) for key in known.keys if nested.get(key)), None)
        item.update({known.option: name} if name else {"id": nested.get("id")})
    elif kind not in TYPES:
        item["id"] = raw.get("id")
    if kind == "one_drive_folders":
        item["folders"] = sorted(map(str, raw.get("folders") or []))
    return {**item, **shown_flags({flag: _read_flag(raw, kind, flag) for flag in known.flags}, known)}


def wanted_item(given: View, raw_object: Raw, version: ApiVersion) -> View:
    """Return the view of a desired item, once its object is known."""
    known = TYPES[given["type"]]
    item: View = {"type": given["type"]}
    if known.keys:
        name = next((raw_object[key] for key in known.keys if raw_object.get(key)), None)
        item.update({known.option: name} if name else {"id": raw_object.get("id")})
    if "folders" in given:
        item["folders"] = given["folders"]
    return {**item, **shown_flags(_meant_flags(given, known, raw_object, version), known)}


def _meant_flags(given: View, known: ItemType, raw_object: Raw, version: ApiVersion) -> dict[str, bool]:
    """Return all flags: missing ones are off if any is on, and on if none was given."""
    rest = not any(given.get(flag) for flag in known.flags)
    absent = {*NEVER_IMPLIED, *(flag for flag, since in FLAG_SINCE.items() if version.number < since)}
    if given["type"] == "group" and raw_object.get("type", "Office365") != "Office365":
        absent.update(OFFICE_GROUP_ONLY)
    return {flag: given.get(flag, rest and flag not in absent) for flag in known.flags}


def shown_flags(flags: dict[str, bool], known: ItemType) -> dict[str, bool]:
    """The flags that are on; if none is, all of them, because leaving all out would mean the opposite."""
    on = {flag: True for flag in known.flags if flags.get(flag)}
    if on or set(known.flags) <= set(NEVER_IMPLIED):
        return on
    return {flag: False for flag in known.flags if flag in flags}


def item_key(item: View) -> tuple[str, str]:
    """Return the identity of an item: its type, and its name ignoring case; singletons have only a type."""
    return item["type"], _key_of("url" if "url" in item else "name", _name_of(item))


def _name_of(item: View) -> str:
    return str(item.get("name") or item.get("url") or item.get("id") or "")


def sort_items(items: t.Iterable[View]) -> list[View]:
    """The server promises no order, so views have one of their own."""
    order = {kind: number for number, kind in enumerate(TYPES)}
    return sorted(items, key=lambda item: (order.get(item["type"], len(order)), item_key(item)))


def item_label(item: View) -> str:
    """Return the label of an item for messages: V(user cfo@contoso.com)."""
    return f"{item['type']} {_name_of(item)}".strip()


def item_text(item: View) -> str:
    """Return the line of an item in diffs: V(user cfo@contoso.com: mailbox, one_drive)."""
    flags = ", ".join([flag for flag in TYPES.get(item["type"], ItemType()).flags if item.get(flag)])
    details = ", ".join(item.get("folders") or []) or flags
    if not details and any(item.get(flag) is False for flag in item):
        details = "nothing"
    return item_label(item) + (f": {details}" if details else "")


def item_changes(field: str, before: t.Sequence[View], after: t.Sequence[View]) -> list[Change]:
    """Return a change for each item that is added or removed, or whose flags differ."""
    old, new = {item_key(item): item for item in before}, {item_key(item): item for item in after}
    keys = [*new, *(key for key in old if key not in new)]
    changes: list[Change] = []
    for key in keys:
        if old.get(key) != new.get(key):
            label = item_label(new.get(key) or old[key])
            changes.append({"field": f"{field}[{label}]", "before": old.get(key), "after": new.get(key)})
    return changes


# --- objects -----------------------------------------------------------------------------------------------------


def nested_object(raw: Raw) -> Raw:
    """The object that an item of the server refers to; empty for types without one."""
    kind = type_of(raw)
    nested = raw.get(kind) if kind in REFERENCE else None
    return nested if isinstance(nested, dict) else {}


class Directory:
    """Objects of one type, found by id or by any of their names, fast enough for thousands of lookups."""

    def __init__(self, kind: str, objects: t.Iterable[Raw]) -> None:
        self.kind = TYPES[kind]
        self.objects = list(objects)
        self._by_id = {id_key(thing["id"]): thing for thing in reversed(self.objects) if thing.get("id")}
        self._by_name: dict[str, dict[str, list[Raw]]] = {key: {} for key in self.kind.keys}
        for thing in self.objects:
            for key, names in self._by_name.items():
                if thing.get(key):
                    names.setdefault(_key_of(key, str(thing[key])), []).append(thing)

    def find(self, given: View, path: str) -> Raw | None:
        """The object that the user's item names, or None.

        :raises InputError: when several objects share the name
        """
        wanted = str(given.get("id") or given[self.kind.option])
        if id_key(wanted) in self._by_id or given.get("id"):
            return self._by_id.get(id_key(wanted))
        for key, names in self._by_name.items():
            found = names.get(_key_of(key, wanted), [])
            if len(found) > 1:
                listed = ", ".join(f"'{thing.get(self.kind.keys[0])}' (id {thing.get('id')})" for thing in found[:5])
                raise InputError(
                    f"{path}.{self.kind.option}",
                    f"'{wanted}' is not unique; use the exact name or the id of one of {listed}",
                )
            if found:
                return found[0]
        return None

    def looks_like(self, given: View) -> bool:
        """Whether the name of an object looks like that of the item, but is different."""
        wanted = str(given.get(self.kind.option) or "")
        return any(
            looks(_key_of(key, wanted)) == looks(_key_of(key, str(thing[key])))
            for key in self.kind.keys
            for thing in self.objects
            if thing.get(key)
        )

    def names(self) -> list[str]:
        """Return all names by which the objects can be found, for a hint."""
        return [str(thing[key]) for thing in self.objects for key in self.kind.keys if thing.get(key)]


def match(given: View, objects: t.Iterable[Raw], path: str) -> Raw | None:
    """The one of some objects that the user's item names, or None; see :meth:`Directory.find`."""
    return Directory(given["type"], objects).find(given, path)


def not_found(given: View, path: str, advice: str) -> VboError:
    """The error for an item that the organization does not have."""
    known = TYPES[given["type"]]
    wanted = given.get("id") or given[known.option]
    return NotFound(f"{path}: the organization has no {given['type']} '{wanted}'", advice=advice)


def _key_of(key: str, text: str) -> str:
    """Normalize a name or address for comparison; names in Microsoft 365 have no blanks at their ends."""
    return site_key(text) if key == "url" else folded(text.strip())


# --- the wire ----------------------------------------------------------------------------------------------------


def write_item(view: View, raw_object: Raw, version: ApiVersion, like: Raw | None = None) -> Raw:
    """The API's item for a wanted view.

    :arg raw_object: the object as the organization lists it; whether an id alone is enough is not documented
    :arg like: the server's present item, whose spelling of a doubtful key is echoed
    """
    kind = view["type"]
    body: Raw = {"type": pascal(kind)}
    if TYPES[kind].keys:
        body[kind] = {key: raw_object[key] for key in REFERENCE[kind] if raw_object.get(key) is not None}
    if kind == "one_drive_folders":
        body["folders"] = view["folders"]
    for flag in TYPES[kind].flags:
        for key in flag_keys(kind, flag, version, like):
            body[key] = bool(view.get(flag))
    return body


def flag_keys(kind: str, flag: str, version: ApiVersion, like: Raw | None = None) -> tuple[str, ...]:
    """The keys under which a version knows a flag; none when it does not know it.

    Several keys were renamed in v6 (REST API reference of v6, "Resource Changes"). Groups of v3 and v4
    may have C(mail) (observed; not documented).
    """
    number = version.number
    if number < FLAG_SINCE.get(flag, 0):
        return ()
    if flag in ("personal_site", "group_site", "sites") and number <= 5:
        # API v5 on product v6 reads the new key on groups, so v5 sends both
        # (REST API reference of v5, "Creating Backup Jobs").
        return ("site", "groupSite") if flag == "group_site" and number == 5 else ("site",)
    if flag == "teams_chats" and kind == "team" and number == 6:
        return ("chats",)
    if flag == "mailbox" and kind == "group" and number <= 4 and like and "mail" in like and "mailbox" not in like:
        return ("mail",)
    return (_camel(flag),)


def _read_flag(raw: Raw, kind: str, flag: str) -> bool:
    """Read a flag, whose name depends on the API version; a missing flag is off."""
    keys = _flag_names(kind, flag)
    return any(truth(value) for key, value in raw.items() if key.lower() in keys)


@functools.lru_cache(maxsize=None)
def _flag_names(kind: str, flag: str) -> frozenset[str]:
    names = {_camel(flag).lower()}
    if flag in ("personal_site", "group_site", "sites") and kind != "site":
        names.add("site")
    if flag == "teams_chats":
        names.add("chats")
    if flag == "mailbox" and kind == "group":
        names.add("mail")
    return frozenset(names)


def _camel(flag: str) -> str:
    first, *rest = flag.split("_")
    return first + "".join(word.capitalize() for word in rest)
