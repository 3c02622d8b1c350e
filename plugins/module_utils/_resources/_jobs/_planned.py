# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The contents of a saved plan: hashes of the state on which it is based, and later changes.

Objects and declarations are stored as one hash for each field, so that an error can name the field that changed. A
planned change that was already made does not count, so the same plan completes an interrupted run.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import typing as t

from ..._errors import InputError
from ..._spelling import id_key, job_key, same_id
from ..._types import Change, Data
from .._copy_job._model import OWN
from .._job._items import item_key, sort_items
from .._job._model import ITEMS

Hashes = t.Dict[str, str]

#: options that decide how a declared job is handled, with defaults, which count as not given
HANDLING: Data = {
    "id": None,
    "state": "present",
    "proxy": None,
    "items_mode": "exact",
    "run_now": False,
    "when_running": None,
    "when_edited": "retry",
    "delete_copy_job": False,
}
POLICY = "schedule_policy"


class Seen(t.NamedTuple):
    """The current state of an object, and the changes that would be made to it.

    :arg view: its managed view; None when it does not exist
    :arg policy: the server's own form of the schedule, which may contain more than the view
    """

    id: str | None
    view: Data | None
    policy: t.Any
    action: str
    changes: t.Sequence[Change]


class Moved(t.NamedTuple):
    """A difference from the saved plan.

    :arg field: its path within the job; empty for the whole job
    :arg reason: a key of REASONS
    """

    field: str
    reason: str
    now: t.Any = None


# --- stored states ---------------------------------------------------------------------------------------------------


def canonical(value: t.Any) -> str:
    """Serialize data to the same text on every machine, independent of the order of keys.

    The declaration is the range of times, not the chosen time.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=dataclasses.asdict)


def hashed(value: t.Any) -> str:
    """A short hash of data."""
    return hashlib.sha256(canonical(value).encode("ascii")).hexdigest()[:12]


def flat(view: Data, prefix: str = "") -> Data:
    """Flatten a view: nested fields become dotted paths, empty ones are left out."""
    found: Data = {}
    for key, value in view.items():
        if isinstance(value, dict):
            found.update(flat(value, f"{prefix}{key}."))
        elif value is not None and value != []:
            found[prefix + key] = value
    return found


def fingerprint(view: Data, policy: t.Any) -> Hashes:
    """The hash of each managed field of an object of the server.

    The version number of API v8 (C(eTag)) is not part of it, because runs may change it.
    """
    hashes = {field: hashed(value) for field, value in flat(view).items()}
    return {**hashes, POLICY: hashed(policy)}  # may be a setting for another type of schedule


def copy_view(view: Data | None) -> Data | None:
    """The fields of a copy job that are its own."""
    return {field.name: view[field.name] for field in OWN if field.name in view} if view is not None else None


def declared_hashes(job: Data, given: Data, copied: Data) -> Hashes:
    """The hash of each option that was declared for a job.

    :arg job: its options as they were given
    :arg given, copied: those of the job and of its copy job in canonical form
    """
    options = {**flat(given), **_handling(job)}
    hashes = {option: hashed(value) for option, value in options.items()}
    hashes.update({field: hashed([]) for field in ITEMS if given.get(field) == []})
    copy = job.get("copy_job")
    if copy is not None:
        options = {**flat(copied), **_handling(copy)}
        hashes["copy_job"] = hashed(sorted(options))
        hashes.update({f"copy_job.{option}": hashed(value) for option, value in options.items()})
    return hashes


def _handling(job: Data) -> Data:
    return {name: job[name] for name, default in HANDLING.items() if job.get(name) not in (None, default)}


def declared_as(job: Data) -> Data:
    """Return the name or id that the declaration uses for a job."""
    return {name: job[name] for name in ("id", "organization", "name") if job.get(name)}


def entry_key(named: Data) -> tuple[str, ...]:
    """Return the identity of a declared job, without asking the server."""
    return (id_key(named["id"]),) if named.get("id") else job_key(named.get("organization"), named.get("name"))


def settings_of(params: Data) -> Data:
    """The options of a task that decide which jobs of the server it answers for."""
    scope = {key: value for key, value in (params["scope"] or {}).items() if value}
    settings: Data = {"scope": scope, "prune": params["prune"]}
    if params["prune"]:
        settings.update(max_deletions=params["max_deletions"], protected=params["protected"])
    return settings


def kept(seen: Seen) -> Data:
    """An object as the plan keeps it."""
    return {
        "id": seen.id,
        "action": seen.action,
        "changes": list(seen.changes),
        "fingerprint": fingerprint(seen.view, seen.policy) if seen.view is not None else {},
    }


# --- changes since the plan ------------------------------------------------------------------------------------------


def moved_object(planned: Data, seen: Seen, late: t.Collection[str] = ()) -> list[Moved]:
    """List what has changed in one object since it was planned.

    :arg planned: the result of :func:`kept`
    :arg late: fields that a new object gets only after its creation
    """
    if seen.view is None:
        if planned["id"] is None:
            return _other_changes(planned, seen)
        return [] if planned["action"] == "delete" else [Moved("", "deleted")]
    if planned["id"] is None:
        wrong = [change for change in seen.changes if change["field"] not in late]
        if planned["action"] == "create" and seen.action != "delete":
            return [Moved(change["field"], "created", change["before"]) for change in wrong]
        return [Moved("", "created")]
    if not same_id(planned["id"], seen.id):
        return [Moved("id", "edited", seen.id)]
    return _moved_fields(planned, seen)


def not_done(planned: Data, view: Data) -> list[Change]:
    """The planned changes of single values that an object does not show yet."""
    now = flat(view)
    return [change for change in planned["changes"] if now.get(change["field"]) != change.get("after")]


def _moved_fields(planned: Data, seen: Seen) -> list[Moved]:
    pending = {change["field"] for change in seen.changes}
    done = [change for change in planned["changes"] if change["field"] not in pending]
    view = _undone(t.cast(Data, seen.view), done)
    now, before = flat(view), planned["fingerprint"]
    hashes = fingerprint(view, seen.policy)
    known = {change["field"] for change in done}
    fields = [field for field in {**before, **hashes} if field not in known and before.get(field) != hashes.get(field)]
    if POLICY in fields and any(field.startswith(f"{POLICY}.") for field in (*fields, *known)):
        fields.remove(POLICY)
    other = _other_changes(planned, seen)
    named = {change.field.partition("[")[0] for change in other}
    moved = [Moved(field, "edited", now.get(field)) for field in fields if field not in ITEMS or field not in named]
    return moved + [change for change in other if change.field not in fields]


def _other_changes(planned: Data, seen: Seen) -> list[Moved]:
    """Return the changes that would be made now but are not in the plan."""
    wanted = {change["field"]: canonical(change) for change in planned["changes"]}
    other = [change for change in seen.changes if wanted.get(change["field"]) != canonical(change)]
    return [Moved(change["field"], "edited", change["before"]) for change in other]


def _undone(view: Data, done: t.Sequence[Data]) -> Data:
    """Return a view with the items as they were before the changes that have already been made."""
    found = dict(view)
    for field in ITEMS:
        changes = [change for change in done if change["field"].startswith(f"{field}[") and _is_item(change)]
        if changes:
            items: dict[t.Any, Data] = {item_key(item): item for item in found.get(field) or []}
            for change in changes:
                items.pop(item_key(change.get("before") or change["after"]), None)
                if change.get("before"):
                    items[item_key(change["before"])] = change["before"]
            found[field] = sort_items(items.values())
    return found


def _is_item(change: Data) -> bool:
    sides = [item for item in (change.get("before"), change.get("after")) if item]
    return bool(sides) and all(isinstance(item, dict) and "type" in item for item in sides)


def moved_declaration(planned: Hashes, now: Hashes) -> list[Moved]:
    """Return the options of a job whose declaration differs from that in the plan."""
    fields = [field for field in {**planned, **now} if planned.get(field) != now.get(field)]
    if "copy_job" in fields:
        both = "copy_job" in planned and "copy_job" in now
        fields = [field for field in fields if (field != "copy_job" if both else not field.startswith("copy_job."))]
    return [Moved(field, "declared") for field in fields]


#: reason: the message about a job, with C({field}) for the field
REASONS = {
    "edited": "{field} was changed after the plan was made",
    "deleted": "{field} was deleted after the plan was made",
    "created": "{field} was created after the plan was made",
    "declared": "{field} is declared differently",
    "new": "is declared, but was not when the plan was made",
    "gone": "is no longer declared",
    "scope_new": "is in the scope, but was not when the plan was made",
    "scope_gone": "is no longer in the scope",
}


# --- input -----------------------------------------------------------------------------------------------------------

_NONE = type(None)
_OBJECT: Data = {
    "id": (str, _NONE),
    "action": str,
    "changes": [{"field": str}],
    "fingerprint": dict,
}
_JOB: Data = {**_OBJECT, "copy_job": (_OBJECT, _NONE)}
#: the used part of the format of a server's plan
PART: Data = {
    "api_version": str,
    "settings": dict,
    "jobs": [{**_JOB, "declared_as": dict, "declared": dict}],
    "pruned": [{**_JOB, "id": str}],
    "unmanaged": [{"id": str}],
}


def check_part(part: Data) -> None:
    """Fail if the data is not the plan of one server.

    :raises InputError: with the valid form
    """
    if not _fits(part, PART):
        raise InputError(
            "plan", "must be the plan of one server, as the filter backupops.vbo365.plan_server returns it"
        )


def _fits(value: t.Any, form: t.Any) -> bool:
    """Return whether data has a shape: a type, several, a list of entries, or a mapping with at least these keys."""
    if isinstance(form, tuple):
        return any(_fits(value, one) for one in form)
    if isinstance(form, list):
        return isinstance(value, list) and all(_fits(entry, form[0]) for entry in value)
    if isinstance(form, dict):
        return isinstance(value, dict) and all(_fits(value.get(key), one) for key, one in form.items())
    return isinstance(value, form)
