# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""A backup job: options, view and the API's object.

The view is what people see: names instead of ids, words instead of enum values, ranges instead of booleans. What
C(vbo_job_info) returns as C(config) is such a view, and every key of it is an option of C(vbo_job).
"""

from __future__ import annotations

import typing as t

from ..._api._versions import ApiVersion
from ..._core._changes import changes_between
from ..._core._fields import ALWAYS, LAST, ONCE, Names
from ..._core._levels import body_of, parsed, view_of
from ..._errors import InputError
from ..._spelling import snake
from ..._types import Change, Raw, View
from ._fields import JOB, OWNER, PLAIN, STORE, Items
from ._items import item_changes, item_text, parse_items, read_item, sort_items
from ._schedule import overlay_policy, parse_policy, read_policy, write_policy

#: the managed view, in the order in which people read it
FIELDS = tuple(field.name for field in JOB.fields if field.on != ONCE)
#: options with items: key of the API, which is also the name of the sub-resource in lower camel case
ITEMS = {field.name: field.key for field in JOB.fields if isinstance(field, Items)}
ONLY_SELECTED = "requires backup_type: selected_items; this job backs up the entire organization"
EMPTY_SELECTION = "must not be empty; a job needs at least one item (to delete the job, set state: absent)"


def parse_job(options: View, spreads: bool = False) -> View:
    """Check and canonicalise the input; options that are not given are not added.

    :arg spreads: see :func:`parse_policy`

    :raises InputError: with the path of the option
    """
    given = {key: options[key] for key in FIELDS if options.get(key) is not None}
    given.update(parsed(PLAIN, options))
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
    """Fail for item lists that are invalid for any job."""
    if "selected_items" not in given:
        return
    if given.get("backup_type") == "entire_organization":
        raise InputError("selected_items", ONLY_SELECTED)
    if not given["selected_items"] and mode in (None, "exact"):
        raise InputError("selected_items", EMPTY_SELECTION)


def organization_id(raw: Raw) -> str | None:
    """Return the id of the organization.

    It is a field from v8 on, and the last segment of a link before (REST API reference of v7 and v8, schema "RESTJob").
    """
    return t.cast("str | None", OWNER.value_in(raw, LAST))


def repository_id(raw: Raw) -> str | None:
    """Return the id of the repository: a field from v6 on, the last segment of a link before."""
    return t.cast("str | None", STORE.value_in(raw, LAST))


def read_job(raw: Raw, names: Names, version: ApiVersion) -> View:
    """The managed view of the API's job; items are in it when the caller has put them into C(raw)."""
    view = view_of(PLAIN, raw, names, version.number)
    for field, key in ITEMS.items():
        if isinstance(raw.get(key), list):
            view[field] = sort_items(read_item(item) for item in raw[key] if isinstance(item, dict))
    view["schedule_policy"] = read_policy(raw.get("schedulePolicy"), version)
    return view


def read_status(raw: Raw) -> View:
    """Return the status of a job; never compared."""
    keys = {"last_status": "lastStatus", "last_run": "lastRun", "last_backup": "lastBackup", "next_run": "nextRun"}
    status = {option: raw.get(key) for option, key in keys.items()}
    status["last_status"] = snake(status["last_status"]) if status["last_status"] else None
    return status


def same_text(one: str | None, other: str | None) -> bool:
    """Return whether two descriptions are equal, except for trimming and line breaks, which servers may change."""
    return _plain_text(one) == _plain_text(other)


def _plain_text(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def overlay_job(view: View | None, given: View, raw: Raw | None, version: ApiVersion) -> View:
    """Return the desired job: the current job merged with the user's options."""
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
    wanted: View,
    view: View | None,
    raw: Raw | None,
    given: View,
    fields: t.Collection[str],
    names: Names,
    version: ApiVersion,
) -> View:
    """The API's keys for some top-level fields of the wanted view that a job can be sent with at any time."""
    rows = [field for field in PLAIN if field.name in fields and field.on == ALWAYS and not field.by]
    body = body_of(rows, wanted, given, names, version.number)
    if "schedule_policy" in fields:
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
