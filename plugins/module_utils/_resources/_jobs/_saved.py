# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Makes the saved plan of one server from the entries of a task, and compares both before the first write."""

from __future__ import annotations

import typing as t

from ..._api._references import Catalog
from ..._errors import PlanRefused
from ..._spelling import id_key
from ..._types import Data, Raw
from .._copy_job._object import CopyJobResource
from .._job import _model as model
from . import _planned as saved
from ._bulk import Entry
from ._planned import Moved, Seen

#: how a job is declared: its options, and those of the job and its copy job in canonical form
Declared = t.Tuple[Data, t.Tuple[Data, Data]]
#: the server's job of an id, or None
Known = t.Callable[[str], t.Optional[Raw]]


# --- making a plan ---------------------------------------------------------------------------------------------------


def part_of(
    params: Data,
    api_version: str,
    entries: t.Sequence[Entry],
    declared: t.Sequence[Declared],
    pruned: t.Sequence[Entry],
    unmanaged: t.Sequence[Data],
) -> Data:
    """The part of a plan that is about one server.

    :arg entries, declared: the jobs of the task, in the same order
    :arg unmanaged: jobs of the scope that stay, with id, name and organization
    """
    jobs = []
    for entry, (job, (given, copied)) in zip(entries, declared):
        hashes = saved.declared_hashes(job, given, copied)
        jobs.append({"declared_as": saved.declared_as(job), **_kept(entry), "declared": hashes})
    return {
        "api_version": api_version,
        "settings": saved.settings_of(params),
        "jobs": jobs,
        "pruned": [_kept(entry) for entry in pruned],
        "unmanaged": list(unmanaged),
    }


def _kept(entry: Entry) -> Data:
    view = _view_of(entry)
    raw = (entry.plan.raw if entry.plan else None) or {}
    found: Data = {"name": view.get("name"), "organization": view.get("organization"), **saved.kept(_seen(entry))}
    if raw.get("eTag") is not None:
        found["e_tag"] = raw["eTag"]
    if found["action"] == "delete" and entry.plan:
        found["before"] = entry.plan.before
    if entry.warnings:
        found["warnings"] = entry.warnings
    copy = _seen_copy(entry)
    return {**found, "copy_job": saved.kept(copy) if copy else None}


def _view_of(entry: Entry) -> Data:
    plan = entry.plan
    return (plan.after or plan.before if plan else None) or entry.resource.named


def _seen(entry: Entry) -> Seen:
    plan = entry.plan
    raw = (plan.raw if plan else None) or {}
    return Seen(
        raw.get("id"),
        plan.before if plan else None,
        raw.get("schedulePolicy"),
        entry.action,
        plan.changes if plan else [],
    )


def _seen_copy(entry: Entry) -> Seen | None:
    """Return the copy job that is declared or deleted with a job, or None."""
    if entry.copy:
        plan = entry.copy.plan
        raw = (plan.raw if plan else None) or {}
        view = saved.copy_view(plan.before) if plan else None
        action, changes = (plan.action, plan.changes) if plan else ("none", [])
        return Seen(raw.get("id"), view, raw.get("schedulePolicy"), action, changes)
    copy = (
        entry.resource.copy_job_of(entry.plan.raw)
        if entry.action == "delete" and entry.plan and entry.plan.raw
        else None
    )
    if copy is None:
        return None
    reader = CopyJobResource(entry.resource.client, entry.resource.catalog, entry.resource, {}, {})
    view = saved.copy_view(reader.view(reader.whole(copy)))
    return Seen(copy["id"], view, copy.get("schedulePolicy"), "delete", [])


def _behind_error(planned: Data, entry: Entry, known: Known) -> list[Moved]:
    """Return the differences that explain why a job can no longer be planned."""
    if not planned["id"]:
        return []
    resource, raw = entry.resource, known(planned["id"])
    if raw is None:
        return [Moved("", "deleted")] if planned["action"] != "delete" else []
    moved = _moved_raw(planned, raw, resource.view(raw))
    before = planned.get("copy_job")
    if entry.copy and entry.plan and before and before["id"]:  # the job itself could be planned
        copy = entry.copy.resource.find()
        view = saved.copy_view(entry.copy.resource.view(copy)) if copy else None
        found = _moved_raw(before, copy, view) if copy and view else [Moved("", "deleted")]
        moved += _of_copy(found)
    return moved


def _moved_raw(planned: Data, raw: Raw, view: Data) -> list[Moved]:
    """List what has changed in an object for which only the API's object is known, not its items."""
    kept = {key: value for key, value in view.items() if key not in model.ITEMS}
    seen = Seen(raw["id"], kept, raw.get("schedulePolicy"), "update", saved.not_done(planned, view))
    moved = saved.moved_object(planned, seen)
    return [each for each in moved if each.field.partition("[")[0] not in model.ITEMS]


def _of_copy(moved: t.Iterable[Moved]) -> list[Moved]:
    """Return the differences of a copy job, with paths that begin at its job."""
    return [each._replace(field=f"copy_job.{each.field}".rstrip(".")) for each in moved]


# --- comparing with a plan -------------------------------------------------------------------------------------------


class SavedPlan:
    """The saved plan of a server, to be compared with the current plan.

    :arg part: the result of :func:`part_of`, checked already
    """

    def __init__(self, part: Data, catalog: Catalog) -> None:
        self.part = part
        self.catalog = catalog
        self._found: list[Data] = []

    def check_version(self, api_version: str) -> None:
        """Reject a server that is used with another version of the API.

        :raises PlanRefused: with both versions
        """
        if api_version != self.part["api_version"]:
            self._note(
                {}, "api_version", "upgraded", f"is now {api_version}, but {self.part['api_version']} in the plan"
            )
        self._refuse()

    def check(
        self,
        params: Data,
        entries: t.Sequence[Entry],
        declared: t.Sequence[Declared],
        in_scope: t.Sequence[Raw],
        known: Known,
    ) -> None:
        """Compare everything that was planned; entries that failed fail by themselves.

        :arg in_scope: the jobs of the scope that are not declared
        :arg known: the server's job of an id
        :raises PlanRefused: with all changes
        """
        self._check_settings(params)
        self._check_entries(entries, declared, known)
        self._check_scope(in_scope, entries, known)
        self._refuse()

    def check_pruned(self, pruned: t.Sequence[Entry]) -> None:
        """Compare the jobs that are about to be pruned, and their copy jobs.

        :raises PlanRefused: with all changes
        """
        planned = {id_key(job["id"]): job for job in self.part["pruned"]}
        for entry in pruned:
            before = planned.get(id_key(entry.resource.identifier))
            if before is None:
                self._note(_view_of(entry), "", "scope_new")
            elif not entry.error:
                self._compare(before, entry, lambda identifier: None)
        self._refuse()

    def _check_settings(self, params: Data) -> None:
        planned, now = self.part["settings"], saved.settings_of(params)
        for name in {**planned, **now}:
            if planned.get(name) != now.get(name):
                self._note({}, name, "declared", "is set differently")

    def _check_entries(self, entries: t.Sequence[Entry], declared: t.Sequence[Declared], known: Known) -> None:
        planned = {saved.entry_key(job["declared_as"]): job for job in self.part["jobs"]}
        for entry, (job, (given, copied)) in zip(entries, declared):
            before = planned.pop(saved.entry_key(saved.declared_as(job)), None)
            if before is None:
                self._note(job, "", "new")
                continue
            moved = saved.moved_declaration(before["declared"], saved.declared_hashes(job, given, copied))
            self._note_all(before, moved)
            if moved:
                continue  # another declaration would make other changes
            if entry.error:
                self._note_all(before, _behind_error(before, entry, known))
            else:
                self._compare(before, entry, known)
        for before in planned.values():
            self._note(before, "", "gone")

    def _compare(self, planned: Data, entry: Entry, known: Known) -> None:
        """Compare a job and its copy job."""
        elsewhere = known(planned["id"]) if planned["id"] and not (entry.plan and entry.plan.raw) else None
        if elsewhere:  # it cannot be found by its name any more
            self._note(planned, "name", "edited", now=elsewhere.get("name"))
            return
        late = () if entry.resource.client.version.has_enabled_at_creation else ("enabled",)
        moved = saved.moved_object(planned, _seen(entry), late)
        copy, before = _seen_copy(entry), planned.get("copy_job")
        if copy and before:
            found = saved.moved_object(before, copy)
        elif copy:
            found = [Moved("", "created")]
        else:
            found = []  # is gone with its job, or just before it
        self._note_all(planned, moved + _of_copy(found))

    def _check_scope(self, in_scope: t.Sequence[Raw], entries: t.Sequence[Entry], known: Known) -> None:
        stay = {id_key(job["id"]): job for job in self.part["unmanaged"]}
        to_delete = {id_key(job["id"]): job for job in self.part["pruned"]}
        declared = {id_key(job["id"]) for job in self.part["jobs"] if job["id"]}
        declared |= {id_key(entry.plan.raw["id"]) for entry in entries if entry.plan and entry.plan.raw}
        for raw in in_scope:
            identifier = id_key(raw["id"])
            before = stay.pop(identifier, None) or to_delete.pop(identifier, None)
            named = {"name": raw.get("name"), "organization": self._owner(raw)}
            if before is None and identifier not in declared:
                self._note(named, "", "scope_new")
            elif before is not None and before.get("name") != raw.get("name"):
                self._note(before, "name", "edited", now=raw.get("name"))
        for identifier, before in stay.items():
            if identifier not in declared:
                self._note(before, "", "scope_gone" if known(identifier) else "deleted")
        for identifier, before in to_delete.items():
            if identifier not in declared and known(identifier):  # one that is deleted is done
                self._note(before, "", "scope_gone")

    def _owner(self, raw: Raw) -> str | None:
        return self.catalog.organization_name(model.organization_id(raw))

    # --- results ---------------------------------------------------------------------

    def _note_all(self, job: Data, moved: t.Iterable[Moved]) -> None:
        for each in moved:
            self._note(job, each.field, each.reason, now=each.now)

    def _note(self, job: Data, field: str, reason: str, text: str = "", now: t.Any = None) -> None:
        text = text or saved.REASONS[reason].format(field=field or "it")
        self._found.append(
            {
                "name": job.get("name") or job.get("id"),
                "organization": job.get("organization"),
                "field": field,
                "reason": reason,
                "now": now,
                "text": text if not (field and text[:2] == "is") else f"{field} {text}",
            }
        )

    def _refuse(self) -> None:
        if self._found:
            raise PlanRefused(self._found, self.part["api_version"])
