# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Checks of the parts of an answer that the code relies on; everything else may be missing, null or unknown.

Resources that are declared say in their fields which types the API's values may have. Of their answers only pages, ids
and links are checked here.
"""

from __future__ import annotations

import re
import typing as t

from .._errors import another_type, type_of

#: collections that are read without a declaration, and the required keys of their objects
REQUIRED = {
    "Organizations": ("id",),
    "BackupRepositories": ("id",),
    "Proxies": ("id",),
    "Jobs": ("id", "name"),
    "CopyJobs": ("id",),
    "JobSessions": ("id",),
    "SelectedItems": ("id", "type"),
    "ExcludedItems": ("id", "type"),
    **dict.fromkeys(("Users", "Groups", "Sites", "Teams", "LogItems", "ProxyPools", "ObjectStorageRepositories"), ()),
}
#: addresses of one object, which are read without a declaration, too
SINGLE = ("ServiceInstance", "License", "Health")
_ADDRESS = re.compile(rf"(?:^|/)({'|'.join(REQUIRED)})(/[^/]+)?$")

_TEXTS = (
    "id name type status lastStatus description backupType title message url displayName officeName hostName fqdn "
    "organizationId repositoryId proxyId proxyPoolId backupJobId jobId dailyType dailyTime periodicallyEvery "
    "lastRun nextRun lastBackup creationTime endTime retentionType href setId"
)
_OBJECTS = (
    "schedulePolicy backupWindowSettings periodicallyWindowSettings backupCopyWindowSettings "
    "_links organization backupRepository user group team"
)
Types = t.Mapping[str, type]

#: keys whose values always have this type, in the answers of these collections and addresses
TYPES: Types = {
    **dict.fromkeys(_TEXTS.split(), str),
    **dict.fromkeys(_OBJECTS.split(), dict),
    **dict.fromkeys(("backupWindow", "folders"), list),
    **dict.fromkeys(("limit", "offset", "usn"), float),
}
#: the same for the pages, and for the objects, of all others
PAGE: Types = {"limit": float, "offset": float, "setId": str, "_links": dict, "href": str}
OBJECT: Types = {"id": str, "_links": dict, "href": str}


def what_is_wrong(resource: str, body: t.Any) -> str:
    """Return why the answer to a read cannot be used, as the end of a sentence; empty if it can.

    :arg resource: the path below the version, for example V(Jobs/1b2c)
    """
    found = _ADDRESS.search(resource)
    required = REQUIRED[found.group(1)] if found else ()
    if not (found or resource in SINGLE):
        return _wrong_frame(body)
    if resource in SINGLE or (found and found.group(2)):
        if not isinstance(body, dict):
            return f"it is {type_of(body)} instead of an object"
        return _missing(body, required) or wrong_type(body, TYPES)
    entries = body.get("results") if isinstance(body, dict) else body
    if not isinstance(entries, list):
        return wrong_type(body, TYPES)
    page = {key: value for key, value in body.items() if key != "results"} if isinstance(body, dict) else {}
    return wrong_type(page, TYPES) or next(
        (
            wrong
            for entry in entries
            if isinstance(entry, dict)
            for wrong in [_missing(entry, required) or wrong_type(entry, TYPES)]
            if wrong
        ),
        "",
    )


def _wrong_frame(body: t.Any) -> str:
    """Check the frame of a declared resource's answer; the declaration checks the fields."""
    entries = body.get("results") if isinstance(body, dict) else body
    if not isinstance(entries, list):
        return wrong_type(_only(body, OBJECT), OBJECT)
    wrong = (wrong_type(_only(thing, OBJECT), OBJECT) for thing in entries)
    return wrong_type(_only(body, PAGE), PAGE) or next(filter(None, wrong), "")


def _only(thing: t.Any, keys: t.Iterable[str]) -> t.Any:
    return {key: thing[key] for key in keys if key in thing} if isinstance(thing, dict) else None


def _missing(thing: dict[str, t.Any], required: t.Iterable[str]) -> str:
    return next((f"'{key}' is missing" for key in required if not thing.get(key)), "")


def wrong_type(thing: t.Any, types: Types) -> str:
    """Return the first key whose value has the wrong type, on any level."""
    for key, value in thing.items() if isinstance(thing, dict) else ():
        kind = types.get(key)
        if value is not None and kind is not None and not isinstance(value, (int, float) if kind is float else kind):
            return another_type(key, value, kind)
        if isinstance(value, dict):
            wrong = wrong_type(value, types)
            if wrong:
                return wrong
    return ""


def is_object(body: t.Any, resource: str) -> bool:
    """Whether the answer to a write contains the object; if not, the object is read, because the write has happened.

    :arg resource: the path of the collection that the object belongs to
    """
    if not isinstance(body, dict) or _missing(body, ("id",)):
        return False
    return not (wrong_type(body, TYPES) if _ADDRESS.search(resource) else _wrong_frame(body))
