# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""JSON schemas of request bodies, built for each API version."""

from __future__ import annotations

from functools import cache
from typing import Any

from .versions import DAILY, FLAG_NAMES, VERSIONS

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
BOOL: Schema = {"type": "boolean"}
GUID: Schema = {
    "type": "string",
    "pattern": "^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$",
}
ANY: Schema = {}


def enum(*values: str) -> Schema:
    """Return the schema of a string with these choices."""
    return {"type": "string", "enum": list(values)}


def number(low: int, high: int) -> Schema:
    """Return the schema of an integer in a range."""
    return {"type": "integer", "minimum": low, "maximum": high}


def nullable(schema: Schema) -> Schema:
    """Return a schema that also accepts null."""
    if not schema:
        return schema
    out = dict(schema)
    if "type" in out:
        out["type"] = [out["type"], "null"] if isinstance(out["type"], str) else [*out["type"], "null"]
    if "enum" in out:
        out["enum"] = [*out["enum"], None]
    return out


def obj(properties: dict[str, Schema], required: tuple[str, ...] = ()) -> Schema:
    """Return the schema of an object with these properties only."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


WINDOW = obj(
    {
        "backupWindow": {"type": "array", "items": BOOL, "minItems": 168, "maxItems": 168},
        "minuteOffset": nullable({"type": "integer"}),
    },
    ("backupWindow",),
)


def clock(strict: bool) -> Schema:
    """Return the schema of a time of day."""
    seconds = "" if strict else "?"
    return {"type": "string", "pattern": rf"^([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?){seconds}$"}


def job_schedule(version: int, manual_only: bool, old_enabled: bool, strict: bool) -> Schema:
    """Return the schema of schedulePolicy of a backup job."""
    types = ["Daily", "Periodically"] + (["ManualOnly"] if version >= 6 and manual_only else [])
    properties = {
        "type": nullable(enum(*types)),
        "dailyType": nullable(enum(*DAILY)),
        "dailyTime": nullable(clock(strict)) if version <= 5 else clock(strict),
        "periodicallyEvery": nullable(enum(*VERSIONS[version].every)),
        "backupWindowEnabled": nullable(BOOL),
        "backupWindowSettings": nullable(WINDOW),
        "retryEnabled": nullable(BOOL),
        "retryNumber": nullable(number(1, 777)),
        "retryWaitInterval": nullable(number(1, 999)),
    }
    if version >= 5 or old_enabled:
        properties["scheduleEnabled"] = nullable(BOOL)
    if version >= 6:
        properties["periodicallyOffsetMinutes"] = nullable(number(0, 59))
        properties["periodicallyWindowSettings"] = nullable(WINDOW)
    if version >= 7:
        properties["periodicallyWindowEnabled"] = nullable(BOOL)
    return obj(properties)


def copy_schedule(version: int, strict: bool) -> Schema:
    """Return the schema of schedulePolicy of a copy job."""
    return obj(
        {
            "type": nullable(enum("Immediate", "Periodically", "DailyAtTime")),
            "periodicallyEvery": nullable(enum(*VERSIONS[version].every)),
            "dailyType": nullable(enum(*DAILY)),
            "dailyTime": clock(strict),
            "backupCopyWindowEnabled": nullable(BOOL),
            "backupCopyWindowSettings": nullable(WINDOW),
        }
    )


def referenced(kind: str, version: int, full: bool) -> Schema:
    """Return the schema of the object inside an item; it accepts everything that GET returns."""
    texts: dict[str, tuple[str, ...]] = {
        "user": ("id", "displayName", "name", "type", "locationType", "onPremisesSid", "office", "msid"),
        "group": ("id", "displayName", "name", "managedBy", "site", "type", "locationType", "onPremisesSid", "msid"),
        "site": ("id", "url", "parentUrl", "name", "title", "siteCollectionError", "msid"),
        "team": ("id", "displayName", "description", "mail", "msid"),
    }
    properties: dict[str, Schema] = {name: nullable(TEXT) for name in texts[kind]}
    properties["_links"] = properties["_actions"] = ANY
    if version <= 4:
        properties["isBackedUp"] = nullable(BOOL)
    if version >= 8:
        properties.update({"eTag": ANY, "dataLocation": nullable(TEXT)})
        if kind == "user":
            properties["assignedLicenses"] = ANY
    if kind == "site":
        properties.update({"isCloud": BOOL, "isPersonal": BOOL, "isAvailable": nullable(BOOL)})
    needed = {
        "user": ("id", "displayName", "name"),
        "group": ("id", "displayName", "name"),
        "site": ("id", "url", "title", "isCloud", "isPersonal"),
        "team": ("id", "displayName", "mail"),
    }[kind]
    return obj(properties, needed if full else ("id",))


@cache
def item(version: int, item_type: str, product: int, full: bool) -> Schema:
    """Return the schema of an item of one type."""
    known = VERSIONS[version]
    properties: dict[str, Schema] = {"type": enum(item_type), "id": nullable(TEXT), "_links": ANY, "_actions": ANY}
    for flag in FLAG_NAMES[item_type]:
        name = known.flag_name(item_type, flag)
        if name:
            properties[name] = nullable(BOOL)
    required: tuple[str, ...] = ("type",)
    kind = item_type.lower()
    if kind in ("user", "group", "site", "team"):
        properties[kind] = referenced(kind, version, full)
        required = ("type", kind)
    if item_type == "Group" and version <= 5:
        properties["groupSite"] = nullable(BOOL)
        properties["mailbox"] = properties["mail"] = nullable(BOOL)
        if version == 5:
            del properties["mail"]
    if item_type == "OneDriveFolders":
        properties["folders"] = {"type": "array", "items": TEXT, "minItems": 1}
        required = ("type", "folders")
    return obj(properties, required)


#: response-only properties of a job that requests may contain up to v7
READ_ONLY = {
    "id": ANY,
    "lastRun": ANY,
    "nextRun": ANY,
    "lastBackup": ANY,
    "lastStatus": ANY,
    "_links": ANY,
    "_actions": ANY,
}


def job(version: int, create: bool, schedule: Schema) -> Schema:
    """Return the schema of POST or PUT of a job; items are validated separately."""
    items = {"type": "array", "items": {"type": "object"}}
    optional_items = nullable(items) if version <= 5 or (version >= 8 and not create) else items
    properties: dict[str, Schema] = {
        "name": nullable(TEXT) if version <= 5 or (version >= 8 and not create) else TEXT,
        "description": nullable(TEXT) if version <= 5 or (version >= 8 and not create) else TEXT,
        "backupType": nullable(enum("EntireOrganization", "SelectedItems")),
        "repositoryId": nullable(GUID),
        "schedulePolicy": nullable(schedule) if version <= 5 else schedule,
        "selectedItems": optional_items,
        "excludedItems": optional_items,
        "runNow": nullable(BOOL),
    }
    if version <= 5:
        properties["proxyId"] = nullable(GUID)
    if version >= 5:
        properties["isEnabled"] = nullable(BOOL)
    if version in (6, 7):
        properties.update(READ_ONLY)
        if version == 6:
            del properties["lastBackup"]
    required: tuple[str, ...] = ()
    if version >= 8 and create:
        properties["organizationId"] = GUID
        properties["backupType"] = enum("EntireOrganization", "SelectedItems")
        properties["repositoryId"] = GUID
        required = ("organizationId", "backupType", "repositoryId")
    elif create:
        required = ("name", "backupType", "repositoryId")
    return obj(properties, required)


def copy_job(version: int, create: bool, schedule: Schema) -> Schema:
    """Return the schema of POST or PUT of a copy job."""
    properties: dict[str, Schema] = {
        "repositoryId": nullable(GUID),
        "isEnabled": nullable(BOOL),
        "schedulePolicy": schedule,
        "backupJobId": nullable(GUID),
    }
    required: tuple[str, ...] = ("backupJobId", "repositoryId") if create else ()
    if version >= 8:
        properties["organizationId"] = nullable(GUID)
        if create:
            required = ("backupJobId", "organizationId", "repositoryId")
            for name in required:
                properties[name] = GUID
    else:
        properties.update(READ_ONLY)
        properties["name"] = TEXT
    return obj(properties, required)
