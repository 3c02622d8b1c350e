# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""A backup job: options, view and the API's object (rest-api §5).

The view is what people see: names instead of ids, words instead of enum values, ranges instead of booleans. What
C(vbo_job_info) returns as C(config) is such a view, and every key of it is an option of C(vbo_job).
"""

from __future__ import annotations

import typing as t

from ..._api._versions import ApiVersion
from ..._core._changes import changes_between
from ..._core._fields import Flag, Request
from ..._core._kind import Kind
from ..._errors import InputError
from ..._spelling import link_id, pascal, snake, truth
from ..._types import Change, Raw, View
from ._items import item_changes, item_text, parse_items, read_item, sort_items
from ._schedule import overlay_policy, parse_policy, read_policy, write_policy


def switch(identifier: str, value: bool, before: bool, version: int) -> list[Request]:
    """Enabling and disabling have requests of their own."""
    return [Request("POST", *ApiVersion(version).job_action(identifier, "enable" if value else "disable"))]


#: what a job shares with other objects; its other fields are converted by the functions of this file
JOB = Kind("job", "Jobs", [Flag("enabled", "isEnabled", by=switch)], unique=True)
#: the managed view, in the order in which people read it
FIELDS = (
    "name",
    "organization",
    "repository",
    "description",
    "enabled",
    "backup_type",
    "selected_items",
    "excluded_items",
    "schedule_policy",
)
#: options that hold items: key of the API, which is also the name of the sub-resource in lower camel case
ITEMS = {"selected_items": "selectedItems", "excluded_items": "excludedItems"}
#: option: key of the API's object, for the options that are sent as they are
PLAIN = {"name": "name", "description": "description"}

ONLY_SELECTED = "requires backup_type: selected_items; this job backs up the entire organization"
EMPTY_SELECTION = "must not be empty; a job needs at least one item (to delete the job, set state: absent)"


class Catalog(t.Protocol):
    """Names of what a job refers to; the resource fills it from the server."""

    def organization_name(self, identifier: str | None) -> str | None:
        """The organization's name, or the id where it has no name of its own."""

    def repository_name(self, identifier: str | None) -> str | None:
        """The repository's name, or the id where it has no name of its own."""


def parse_job(options: View, spreads: bool = False) -> View:
    """Check and canonicalise what the user wrote; options left out stay out.

    :arg spreads: see :func:`parse_policy`

    :raises InputError: with the path of the option
    """
    given = {key: options[key] for key in FIELDS if options.get(key) is not None}
    for key in ("name", "organization", "repository"):
        if key in given and not str(given[key]).strip():
            raise InputError(key, "must not be empty; leave it out, or set a name or an id")
    for field in ITEMS:
        if field in given:
            given[field] = parse_items(given[field], field)
    if options.get("state") != "absent":
        _check_selection(given, options.get("items_mode"))
    policy = parse_policy(options.get("schedule_policy"), spreads=spreads)
    if policy is not None:
        given["schedule_policy"] = policy
    return given


def _check_selection(given: View, mode: str | None) -> None:
    """What no job can have, whatever the server has of it."""
    if "selected_items" not in given:
        return
    if given.get("backup_type") == "entire_organization":
        raise InputError("selected_items", ONLY_SELECTED)
    if not given["selected_items"] and mode in (None, "exact"):
        raise InputError("selected_items", EMPTY_SELECTION)


def organization_id(raw: Raw) -> str | None:
    """A field from v8 on, the last segment of a link before (rest-api §5.5)."""
    return raw.get("organizationId") or link_id(raw, "organization")


def repository_id(raw: Raw) -> str | None:
    """A field from v6 on, the last segment of a link before."""
    return raw.get("repositoryId") or link_id(raw, "backupRepository")


def read_job(raw: Raw, catalog: Catalog, version: ApiVersion) -> View:
    """The managed view of the API's job; items are in it when the caller has put them into C(raw)."""
    items = {
        field: sort_items(read_item(item) for item in raw[key] if isinstance(item, dict))
        for field, key in ITEMS.items()
        if isinstance(raw.get(key), list)
    }
    return {
        "name": raw.get("name") or "",
        "organization": catalog.organization_name(organization_id(raw)),
        "repository": catalog.repository_name(repository_id(raw)),
        "description": raw.get("description") or "",
        "enabled": truth(raw.get("isEnabled")),
        "backup_type": snake(raw.get("backupType") or ""),
        **items,
        "schedule_policy": read_policy(raw.get("schedulePolicy"), version),
    }


def read_status(raw: Raw) -> View:
    """What the server says of the job's life; never compared."""
    keys = {"last_status": "lastStatus", "last_run": "lastRun", "last_backup": "lastBackup", "next_run": "nextRun"}
    status = {option: raw.get(key) for option, key in keys.items()}
    status["last_status"] = snake(status["last_status"]) if status["last_status"] else None
    return status


def same_text(one: str | None, other: str | None) -> bool:
    """Whether two descriptions say the same: servers may trim them, and write line breaks in their own way."""
    return _plain_text(one) == _plain_text(other)


def _plain_text(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def overlay_job(view: View | None, given: View, raw: Raw | None, version: ApiVersion) -> View:
    """The job that is wanted: what is in force with what the user gave laid over it."""
    wanted = {**(view or {"enabled": True}), **given}
    if view and "description" in given and same_text(view["description"], given["description"]):
        wanted["description"] = view["description"]
    if "schedule_policy" in given:
        wanted["schedule_policy"] = overlay_policy(
            (view or {}).get("schedule_policy"),
            given["schedule_policy"],
            (raw or {}).get("schedulePolicy"),
            version,
            "schedule_policy",
        )
    return {key: wanted[key] for key in FIELDS if key in wanted}


def job_changes(before: View, after: View) -> list[Change]:
    """The fields that differ; of items, each one that differs."""
    old, new = ({key: value for key, value in view.items() if key not in ITEMS} for view in (before, after))
    if "description" in old and same_text(old["description"], new.get("description")):
        old["description"] = new.get("description")
    changes = changes_between(old, new)
    for field in ITEMS:
        changes += item_changes(field, before.get(field) or [], after.get(field) or [])
    return changes


def diff_view(view: View | None) -> View | None:
    """The view for C(--diff): one line for each item."""
    if view is None:
        return None
    return {key: [item_text(item) for item in value] if key in ITEMS else value for key, value in view.items()}


def write_fields(
    wanted: View, view: View | None, raw: Raw | None, given: View, fields: t.Iterable[str], version: ApiVersion
) -> View:
    """The API's keys for some top-level fields of the wanted view, without the references to other objects."""
    body: View = {}
    for field in fields:
        if field in PLAIN:
            body[PLAIN[field]] = wanted[field]
        elif field == "backup_type":
            body["backupType"] = pascal(wanted[field])
        elif field == "schedule_policy":
            body["schedulePolicy"] = write_schedule(wanted, view, raw, given, version)
    return body


def write_schedule(wanted: View, view: View | None, raw: Raw | None, given: View, version: ApiVersion) -> View:
    """The complete C(schedulePolicy) of the wanted job."""
    return write_policy(
        wanted["schedule_policy"],
        (view or {}).get("schedule_policy"),
        (raw or {}).get("schedulePolicy"),
        given.get("schedule_policy") or {},
        version,
    )
