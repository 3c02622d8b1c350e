# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""What an answer must look like so that the rest of the code can rely on it; all else may be missing, null or new."""

from __future__ import annotations

import re
import typing as t

#: what every object of a collection has
REQUIRED = {
    "Organizations": ("id",),
    "BackupRepositories": ("id",),
    "Proxies": ("id",),
    "Jobs": ("id", "name"),
    "CopyJobs": ("id",),
    "JobSessions": ("id",),
    "SelectedItems": ("id", "type"),
    "ExcludedItems": ("id", "type"),
}
#: addresses of one object
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
#: keys whose values have one type wherever they stand
TYPES: dict[str, type] = {
    **dict.fromkeys(_TEXTS.split(), str),
    **dict.fromkeys(_OBJECTS.split(), dict),
    **dict.fromkeys(("backupWindow", "folders"), list),
    **dict.fromkeys(("limit", "offset", "usn"), float),
}
_WORDS = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", int: "a number", float: "a number"}


def _word(value: t.Any) -> str:
    return "null" if value is None else _WORDS.get(type(value), type(value).__name__)


def what_is_wrong(resource: str, body: t.Any) -> str:
    """Why the answer to a read cannot be used, as the end of a sentence; empty when it can.

    :arg resource: the path below the version, for example V(Jobs/1b2c)
    """
    found = _ADDRESS.search(resource)
    required = REQUIRED[found.group(1)] if found else ()
    if resource in SINGLE or (found and found.group(2)):
        if not isinstance(body, dict):
            return f"it is {_word(body)} instead of an object"
        return _missing(body, required) or wrong_type(body)
    entries = body.get("results") if isinstance(body, dict) else body
    if not isinstance(entries, list):
        return wrong_type(body)
    page = {key: value for key, value in body.items() if key != "results"} if isinstance(body, dict) else {}
    return wrong_type(page) or next(
        (
            wrong
            for entry in entries
            if isinstance(entry, dict)
            for wrong in [_missing(entry, required) or wrong_type(entry)]
            if wrong
        ),
        "",
    )


def _missing(thing: dict[str, t.Any], required: t.Iterable[str]) -> str:
    return next((f"'{key}' is missing" for key in required if not thing.get(key)), "")


def wrong_type(thing: t.Any) -> str:
    """The first key whose value has another type than it should have, on any level."""
    for key, value in thing.items() if isinstance(thing, dict) else ():
        kind = TYPES.get(key)
        if value is not None and kind is not None and not isinstance(value, (int, float) if kind is float else kind):
            return f"'{key}' is {_word(value)} instead of {_WORDS[kind]}"
        if isinstance(value, dict):
            wrong = wrong_type(value)
            if wrong:
                return wrong
    return ""


def is_object(body: t.Any) -> bool:
    """Whether the answer to a write tells what came of it; a write has happened, so it is looked up when not."""
    return isinstance(body, dict) and not (_missing(body, ("id",)) or wrong_type(body))
