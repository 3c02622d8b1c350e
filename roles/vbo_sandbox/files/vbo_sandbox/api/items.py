# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Handlers for selected and excluded items of jobs."""

from __future__ import annotations

from typing import Any

from ..store.model import ITEM_FLAGS, ZERO, Item, Job, Organization
from . import accept, objects, rules
from .links import listing
from .web import Broken, Context, Invalid, NotFound, Reply, Route

TYPE_GUIDS = {
    "User": "2b38d840-8098-4614-b369-ebce33f9b2c7",
    "Group": "9592732d-22d8-426a-8167-d9635158e945",
    "Site": "e1fa728c-4150-4724-ab3b-5deda33db0cf",
    "PartialOrganization": "c37da450-6c4b-48c4-87e2-cc557ef5d897",
    "PersonalSites": "9a01bcb3-d2de-4271-96bb-95611ddc70b3",
    "OneDriveFolders": "7f07820e-9e77-4beb-92a3-b31f30bc192c",
    "Team": "7B985334-BC0E-4791-B30C-D03A1FECC840",
}
LISTS = {"selecteditems": "selected_items", "excludeditems": "excluded_items"}
CHANGES = {"selected_items": "JobSelectedItemsChange", "excluded_items": "JobExcludedItemsChange"}
#: response for an empty list, by the switch ``empty_items``
EMPTY: dict[str, Any] = {"array": [], "null": b"null", "null_results": {"offset": 0, "results": None}}
PATHS = {"selected_items": "SelectedItems", "excluded_items": "ExcludedItems"}


def organization_of(ctx: Context, job: Job) -> Organization:
    """Return the organization of a job."""
    return ctx.server.state.organizations[job.organization.lower()]


def item_id(ctx: Context, item: Item, organization: Organization) -> str:
    """Return the id of an item: the GUID of its type and the object id, concatenated."""
    prefix = TYPE_GUIDS[item.type]
    if item.type == "PartialOrganization":
        return prefix + organization.id
    if item.type in objects.KEYS:
        return prefix + objects.object_id(ctx, item.type, item.object, organization)
    return prefix + ZERO


def flag_key(ctx: Context, item_type: str, flag: str) -> str | None:
    """Return the name of a flag in responses, with the exceptions of old versions."""
    number = ctx.version.number
    if item_type == "Group":
        if flag == "group_site" and number == 5 and ctx.server.product >= 6:
            return "groupSite"
        if flag == "mailbox" and number <= 4:
            return str(ctx.server.switches.group_mailbox_key)
    return ctx.version.flag_name(item_type, flag)


def render(ctx: Context, item: Item, organization: Organization) -> dict[str, Any]:
    """Render an item."""
    out: dict[str, Any] = {"type": item.type}
    key = objects.KEYS.get(item.type)
    if key:
        entry = ctx.server.state.directory(organization.id).find(item.type, item.object)
        if entry is not None:
            out[key] = objects.render(ctx, item.type, entry, organization, inside=True)
        else:
            out[key] = objects.render_snapshot(ctx, item.type, item.snapshot or {"id": item.object}, organization)
    if item.type == "OneDriveFolders":
        out["folders"] = list(item.folders)
    for flag in ITEM_FLAGS[item.type]:
        name = flag_key(ctx, item.type, flag)
        if name:
            out[name] = getattr(item, flag)
    out["id"] = item_id(ctx, item, organization)
    out["_links"] = {}
    return out


def parse(ctx: Context, data: Any, organization: Organization, job: Job | None, name: str) -> Item:
    """Parse an item of a request."""
    body = accept.item_body(ctx, data, name)
    item = Item(type=body["type"])
    for flag in ITEM_FLAGS[item.type]:
        key = flag_key(ctx, item.type, flag)
        if key:
            value = body.get(key)
            if value is None and item.type == "Group" and flag == "mailbox" and ctx.version.number <= 4:
                value = body.get("mailbox", body.get("mail"))
            setattr(item, flag, bool(value))
    if item.type == "OneDriveFolders":
        item.folders = list(body["folders"])
        return item
    key = objects.KEYS.get(item.type)
    if key is None:
        return item
    given = body[key]
    text = str(given["id"] or "")
    neutral = objects.neutral_id(ctx, item.type, text, organization)
    entry = None
    if neutral:
        entry = ctx.server.state.directory(organization.id).by_type[item.type].get(neutral)
    if entry is not None:
        item.object = entry.id
        return item
    skip = ctx.version.number >= 8 and ctx.flag("skipItemUpdate")
    known = _known(job, item.type, neutral)
    if neutral and (skip or (known is not None and ctx.version.number <= 7)):
        item.object = neutral
        item.snapshot = known.snapshot if known else objects.snapshot_of(item.type, given, neutral)
        return item
    raise Broken(f"{name}: the {key} '{text}' was not found in organization '{organization.name}'.")


def _known(job: Job | None, item_type: str, neutral: str | None) -> Item | None:
    if job is None or not neutral:
        return None
    for item in job.selected_items + job.excluded_items:
        if item.key == (item_type, neutral.lower()):
            return item
    return None


def parse_list(ctx: Context, data: list[Any], organization: Organization, job: Job | None, name: str) -> list[Item]:
    """Parse a list of items; duplicates are an error."""
    items: list[Item] = []
    keys = set()
    for index, entry in enumerate(data):
        item = parse(ctx, entry, organization, job, f"{name}[{index}]")
        if item.key in keys:
            raise Broken(f"{name}[{index}]: the same object is listed twice.")
        keys.add(item.key)
        items.append(item)
    return items


def check_both(selected: list[Item], excluded: list[Item]) -> None:
    """Require that no object is both selected and excluded in one job."""
    chosen = {item.key for item in selected if item.type in objects.KEYS}
    for item in excluded:
        if item.key in chosen:
            raise Broken(f"The {objects.KEYS[item.type]} '{item.object}' cannot be both selected and excluded.")


def touch(ctx: Context, job: Job, *lists: str) -> None:
    """Record that a job was changed, and which of its item lists."""
    for name in lists:
        ctx.server.state.note(CHANGES[name], jobId=job.id)
    job.e_tag = ctx.server.state.next_tag()
    ctx.server.state.agenda.replan(job)
    job.next_run_override = None


def shown(ctx: Context, job: Job, name: str) -> list[Item]:
    """Return the items that a version shows: v3 and v4 have no teams, v8 has an item for an entire organization."""
    if name == "selected_items" and job.backup_type == "EntireOrganization":
        if ctx.version.number < 8 or not ctx.server.switches.entire_organization_row:
            return []
        flags = {flag: True for flag in ITEM_FLAGS["PartialOrganization"] if flag != "teams_chats"}
        return [Item("PartialOrganization", **flags)]  # type: ignore[arg-type]
    return [item for item in getattr(job, name) if ctx.version.knows_item(item.type)]


def _target(ctx: Context) -> tuple[Job, Organization, str]:
    job = rules.job_of_path(ctx)
    name = LISTS[ctx.path.lower().split("/")[4]]
    return job, organization_of(ctx, job), name


def _find_item(ctx: Context, job: Job, organization: Organization, name: str, text: str) -> Item:
    for item in shown(ctx, job, name):
        if item_id(ctx, item, organization).lower() == text.lower():
            return item
    raise NotFound(f"Job item with the ID '{text}' was not found.")


def _check_editable(ctx: Context, job: Job, name: str) -> None:
    if job.last_status in ("Running", "Queued") and ctx.server.switches.edit_running == "reject":
        raise Broken(f"The job '{job.name}' is running and cannot be changed.", conflict=True)
    if name == "selected_items" and job.backup_type == "EntireOrganization":
        raise Broken("A job for the entire organization has no selected items.")


def _list(ctx: Context) -> Reply:
    job, organization, name = _target(ctx)
    entries = shown(ctx, job, name)
    form = ctx.server.switches.empty_items
    if not entries and form == "404":
        raise NotFound(f"The job '{job.name}' has no such items.")
    if not entries and form != "list":
        return Reply(200, EMPTY[form])
    return listing(
        ctx, "items", entries, lambda ctx, item: render(ctx, item, organization), f"Jobs/{job.id}/{PATHS[name]}"
    )


def _add(ctx: Context) -> Reply:
    job, organization, name = _target(ctx)
    data = ctx.json()
    if not isinstance(data, list):
        raise Invalid("body must be array")
    _check_editable(ctx, job, name)
    added = parse_list(ctx, data, organization, job, "body")
    present = list(getattr(job, name))
    for item in added:
        same = next((index for index, known in enumerate(present) if known.key == item.key), None)
        if same is None:
            present.append(item)
        elif ctx.server.switches.duplicate_item == "reject":
            raise Broken(f"The job '{job.name}' already contains this {item.type} item.", conflict=True)
        else:
            present[same] = item
    other = job.excluded_items if name == "selected_items" else job.selected_items
    if name == "selected_items":
        check_both(present, other)
    else:
        check_both(other, present)
    setattr(job, name, present)
    touch(ctx, job, name)
    return Reply(ctx.version.items_changed)


def _edit(ctx: Context) -> Reply:
    job, organization, name = _target(ctx)
    item = _find_item(ctx, job, organization, name, ctx.params["item"])
    _check_editable(ctx, job, name)
    if name == "excluded_items" and item.type in ("Team", "Site"):
        raise Broken("Excluded teams and sites cannot be edited.")
    changed = parse(ctx, ctx.json(), organization, job, "body")
    if changed.key != item.key:
        raise Broken("The object of an item cannot be changed.")
    entries = getattr(job, name)
    entries[entries.index(item)] = changed
    touch(ctx, job, name)
    return Reply(ctx.version.items_changed)


def _remove(ctx: Context, ids: list[str]) -> Reply:
    job, organization, name = _target(ctx)
    if not ids:
        raise Invalid("The ids of the items are missing.")
    _check_editable(ctx, job, name)
    gone = [_find_item(ctx, job, organization, name, text) for text in ids]
    left = [item for item in getattr(job, name) if not any(item is other for other in gone)]
    if not left and name == "selected_items" and ctx.server.switches.remove_last_item == "reject":
        raise Broken(f"The job '{job.name}' must keep at least one selected item.")
    setattr(job, name, left)
    touch(ctx, job, name)
    return Reply(ctx.version.items_deleted)


def _remove_many(ctx: Context) -> Reply:
    """Remove items by ``?ids=``; v8 also accepts a list of selected items as the body."""
    form = ctx.server.switches.delete_items_form
    if (ctx.version.number == 3 and form != "both") or (ctx.version.number == 4 and form == "path"):
        return Reply(405)
    text = ctx.query.get("ids")
    if text is None and ctx.version.number >= 8 and ctx.raw_body.strip() and "/selecteditems" in ctx.path.lower():
        data = ctx.json()
        if not isinstance(data, list) or not all(isinstance(entry, str) for entry in data):
            raise Invalid("body must be array of strings")
        return _remove(ctx, data)
    return _remove(ctx, [part.strip() for part in (text or "").split(",") if part.strip()])


def _remove_one(ctx: Context) -> Reply:
    """Remove the item in the path (v3 and v4)."""
    if ctx.version.number == 4 and ctx.server.switches.delete_items_form == "ids":
        return Reply(405)
    return _remove(ctx, [ctx.params["item"]])


def _read(ctx: Context) -> Reply:
    job, organization, name = _target(ctx)
    item = _find_item(ctx, job, organization, name, ctx.params["item"])
    return Reply(200, render(ctx, item, organization))


def _routes(kind: str) -> tuple[Route, ...]:
    return (
        Route("GET", f"Jobs/{{job}}/{kind}", _list),
        Route("POST", f"Jobs/{{job}}/{kind}", _add),
        Route("DELETE", f"Jobs/{{job}}/{kind}", _remove_many),
        Route("GET", f"Jobs/{{job}}/{kind}/{{item}}", _read),
        Route("PUT", f"Jobs/{{job}}/{kind}/{{item}}", _edit),
        Route("DELETE", f"Jobs/{{job}}/{kind}/{{item}}", _remove_one, until=4),
    )


#: the routes of this module
ROUTES = (*_routes("SelectedItems"), *_routes("ExcludedItems"))
