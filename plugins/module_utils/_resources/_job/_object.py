# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Backup jobs on the server: find, create, change, delete."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._api._client import Client
from ..._api._references import Catalog
from ..._core._changes import fields_of
from ..._core._edits import check_edits
from ..._core._fields import Request
from ..._core._plan import Plan, settle
from ..._errors import Conflict, InputError, NotFound
from ..._spelling import same_id, spelled, truth, unfit
from ..._types import Change, Raw, View
from . import _model as model
from ._fields import JOB
from ._item_lists import JobItems
from ._items import item_key, item_label
from ._list import JobList
from ._put import PARTIAL, JobEdit
from ._running import USUALLY, Runs, WhenRunning
from ._schedule import warnings_for


@dataclasses.dataclass(frozen=True)
class Handling:
    """Options of a job that are not part of its state, such as C(when_running).

    :arg proxy: name or id of the proxy, v3 to v5
    :arg run_now: start the job right after its creation
    :arg items_mode: whether the items are the complete list (V(exact)), or are added (V(add)) or removed (V(remove))
    :arg when_running: what to do about a job that is running
    :arg delete_copy_job: delete the job's copy job first if it prevents the deletion
    :arg plans_again: whether a new plan is made if somebody edits the job in the meantime
    """

    proxy: str | None = None
    run_now: bool = False
    items_mode: str = "exact"
    when_running: WhenRunning = USUALLY
    delete_copy_job: bool = False
    plans_again: bool = True

    @classmethod
    def of(cls, options: View, when_running: WhenRunning) -> Handling:
        """Create the object from the options of a job."""
        return cls(
            options["proxy"],
            options["run_now"],
            options["items_mode"],
            when_running,
            options["delete_copy_job"],
            options["when_edited"] == "retry",
        )


class JobResource(Runs):
    """The interface of the pipeline to one job on one server.

    :arg given: the user's options after :func:`parse_job`
    :arg identifier: the job's id, for renaming and for names that are not unique
    :arg jobs: the jobs of the server if they were listed already; otherwise they are listed here
    :arg announce: called with the text of a warning
    :arg name_option: the option with the job's name
    """

    def __init__(
        self,
        client: Client,
        catalog: Catalog,
        given: View,
        identifier: str | None = None,
        handling: Handling = Handling(),
        jobs: JobList | None = None,
        announce: t.Callable[[str], None] = lambda text: None,
        name_option: str = "name",
    ) -> None:
        super().__init__(
            JOB, client, catalog, dict(given), identifier, handling.when_running, jobs, handling.plans_again
        )
        self.catalog, self.handling = catalog, handling
        self.announce, self.name_option = announce, name_option
        self.items = JobItems(client)
        self._copies = jobs or JobList(client, catalog)
        self._organization = catalog.organization(given["organization"]) if "organization" in given else None
        #: name and organization as far as known; in the spelling of the server once the job is found
        self.named: View = {"name": given["name"]} if "name" in given else {}
        if self._organization:
            self.named["organization"] = catalog.organization_name(self._organization["id"])

    def label(self) -> str:
        organization = f" in organization '{self.named['organization']}'" if "organization" in self.named else ""
        return f"job '{self.named.get('name') or self.identifier}'{organization}"

    def header(self) -> str:
        return " / ".join(str(part) for part in (self.named.get("organization"), self.named.get("name")) if part)

    # --- reading ---------------------------------------------------------------------------------

    def find_again(self, known: Raw) -> Raw | None:
        raw = self._find_by_id(known["id"], None)
        if raw is None:
            raise _no_such(known["id"])
        return raw

    def _found_in(self, jobs: JobList | None) -> Raw | None:
        if self.identifier:
            return self._find_by_id(self.identifier, jobs)
        organization = self._organization["id"] if self._organization else None
        listed = jobs or JobList(self.client, self.catalog, organization)
        raw = listed.named(self.named["name"], organization)
        if raw is None:
            listed.check_looks(self.named["name"], organization, self.name_option)
            return None
        return self._recognised(raw, raw["name"])  # found whatever the case of its letters: not a rename

    def _find_by_id(self, identifier: str, jobs: JobList | None) -> Raw | None:
        raw = jobs.get(identifier) if jobs else self.client.find(f"Jobs/{identifier}")
        if raw is None:
            return None
        organization = model.organization_id(raw)
        if self._organization and not same_id(organization, self._organization["id"]):
            name = self.catalog.organization_name(organization)
            raise InputError(
                "organization", f"job {identifier} belongs to '{name}' and cannot be moved to another organization"
            )
        return self._recognised(raw, str(self.named.get("name", raw["name"])))

    def _recognised(self, raw: Raw, name: str) -> Raw:
        """The job that was found, with its items; it is known from now on by this name."""
        self.named = {"name": name, "organization": self.catalog.organization_name(model.organization_id(raw))}
        return self._with_items(raw)

    def read(self, identifier: str) -> Raw | None:
        raw = super().read(identifier)
        return self._with_items(raw) if raw else None

    def _with_items(self, raw: Raw) -> Raw:
        """The job with the lists of items that the user manages; selected ones exist for one type of job only."""
        found = dict(raw)
        for field, key in model.ITEMS.items():
            if field in self.given and (field == "excluded_items" or _selects(raw)):
                found[key] = self.items.read(raw["id"], field)
        return found

    def copy_job_of(self, raw: Raw) -> Raw | None:
        """The copy job of this job, or None; requested once."""
        return self._copies.copy_job_of(raw["id"]) if self.client.version.has_copy_jobs else None

    def changes(self, before: View, after: View) -> list[Change]:
        return model.job_changes(before, after)

    def diff_view(self, view: View | None) -> View | None:
        return model.diff_view(view)

    def view(self, raw: Raw) -> View:
        return model.read_job(raw, self.catalog, self.client.version)

    # --- planning --------------------------------------------------------------------------------

    def desired(self, raw: Raw | None, view: View | None) -> View:
        if raw is None:
            self._check_creation()
        given = {**self.given, **self.named}
        if "repository" in given:
            given["repository"] = self.catalog.repository_name(self.catalog.repository(given["repository"])["id"])
        self._check_items(raw)
        organization = self._organization["id"] if self._organization else model.organization_id(raw or {})
        for field in model.ITEMS:
            if field in given:
                given[field] = self.items.wanted(field, given[field], raw, str(organization), self.handling.items_mode)
        return model.overlay_job(view, given, raw, self.client.version)

    def _check_items(self, raw: Raw | None) -> None:
        selecting = self.given.get("backup_type") == "selected_items" if "backup_type" in self.given else _selects(raw)
        if "selected_items" in self.given:
            if not selecting:
                raise InputError("selected_items", model.ONLY_SELECTED)
        elif selecting and not _selects(raw):
            raise InputError("selected_items", "required with backup_type: selected_items; list at least one item")

    def _check_creation(self) -> None:
        if self.identifier:
            raise _no_such(self.identifier)
        for option in (field.name for field in self.kind.fields if field.required):
            if option not in self.given:
                raise InputError(option, f"required to create job '{self.named['name']}', which does not exist yet")

    def _check_name(self, plan: Plan) -> None:
        """Fail unless a new name is visible and not in use.

        A list of jobs may free a name in the same run, so there the server decides.
        """
        if plan.after is None or "name" not in plan.fields:
            return
        name = plan.after["name"]
        if unfit(name):
            raise InputError("name", f"{spelled(name)} {unfit(name)}")
        if plan.raw is None or self.jobs is not None:
            return
        owner = model.organization_id(plan.raw)
        listed = JobList(self.client, self.catalog, owner)
        other = listed.named(name, owner)
        if other is not None and not same_id(other["id"], plan.raw["id"]):
            raise InputError(
                "name", f"'{name}' is already the name of another job (id {other['id']}); choose another one"
            )
        listed.check_looks(name, owner, "name", plan.raw["id"])

    def _check_repository(self, plan: Plan) -> None:
        """Archive repositories contain only copies (User Guide, "Specify Backup Repository")."""
        if plan.after is not None and "repository" in plan.fields:
            repository = self.catalog.repository(plan.after["repository"])
            if truth(repository.get("isLongTerm")):
                raise InputError(
                    "repository",
                    f"'{plan.after['repository']}' is an archive repository, which accepts only backup copies: "
                    "see vbo_copy_job",
                )

    def check(self, plan: Plan) -> None:
        self._check_name(plan)
        self._check_repository(plan)
        if plan.after is not None:
            _check_lists(plan.after)
        super().check(plan)
        copy = self.copy_job_of(t.cast(Raw, plan.raw)) if plan.action == "delete" else None
        if copy and not self.handling.delete_copy_job:
            raise Conflict(
                f"the backup copy job '{copy.get('name')}' (id {copy['id']}) depends on it",
                advice="Set delete_copy_job: true to delete the copy job first.",
            )

    def warnings(self, plan: Plan) -> list[str]:
        policy = (plan.after or {}).get("schedule_policy")
        return warnings_for(policy) if policy and "schedule_policy" in self.given else []

    # --- writing ---------------------------------------------------------------------------------

    def _request(self, plan: Plan) -> Request:
        """The creation is separate code, and an update takes several requests."""
        return self._creation(t.cast(View, plan.after)) if plan.action == "create" else super()._request(plan)

    def _creation(self, wanted: View) -> Request:
        version = self.client.version
        organization = t.cast(Raw, self._organization)
        path, owner = version.create_job(organization["id"])
        body: Raw = {
            **model.write_fields(wanted, None, None, self.given, wanted, self.catalog, version),
            **owner,
            **{key: self.items.bodies(wanted[field]) for field, key in model.ITEMS.items() if wanted.get(field)},
            "runNow": self.handling.run_now,
        }
        if version.has_enabled_at_creation:
            body["isEnabled"] = wanted["enabled"]
        if version.has_proxy_in_job:
            named = self.handling.proxy
            repository = self.catalog.repository(wanted["repository"])
            proxy = self.catalog.proxy(named)["id"] if named else self.catalog.proxy_of(repository)
            if proxy:
                body["proxyId"] = proxy
        return Request("POST", path, body)

    def update(self, plan: Plan) -> None:
        raw, wanted, before = t.cast(Raw, plan.raw), t.cast(View, plan.after), t.cast(View, plan.before)
        self.wait_for_end(plan)
        fields = self._put_fields(plan)
        excluded = self._excluded(raw) if fields else []
        if fields:
            check_edits(self, raw, self.client.find(f"Jobs/{raw['id']}"))
        self._one_by_one(raw["id"], plan.fields, wanted, before, False)
        switched = "enabled" in plan.fields and not wanted["enabled"]
        if switched:
            raw = {**raw, "isEnabled": False}
        # An object is never in both lists and a selection never empty: exclusions end before selections begin,
        # additions come before removals, and exclusions begin last.
        if "excluded_items" in wanted:
            exclude, edit_excluded, include = self.items.changes("excluded_items", raw, wanted["excluded_items"])
            self.items.remove(raw["id"], "excluded_items", include)
            excluded = [item for item in excluded if item not in include]
        sent = self._put(plan, raw, wanted, excluded, switched) if fields else ()
        if "selected_items" in wanted and "selected_items" not in sent:
            add, edit, remove = self.items.changes("selected_items", raw, wanted["selected_items"])
            self.items.add(raw["id"], "selected_items", add)
            self.items.edit(raw["id"], "selected_items", edit)
            self.items.remove(raw["id"], "selected_items", remove)
        if "excluded_items" in wanted:
            self.items.add(raw["id"], "excluded_items", exclude)
            self.items.edit(raw["id"], "excluded_items", edit_excluded)
        self._one_by_one(raw["id"], plan.fields, wanted, before, True)

    @staticmethod
    def _put_fields(plan: Plan) -> list[str]:
        """The fields that a PUT changes; items and the switch have requests of their own."""
        return [field for field in model.FIELDS if field in plan.fields and field not in ("enabled", *model.ITEMS)]

    def _excluded(self, raw: Raw) -> list[Raw]:
        """The items that the job excludes before anything is written; known already when the user manages them."""
        if self.client.cache.get(PARTIAL):
            return []  # not needed
        known = raw.get(model.ITEMS["excluded_items"])
        return known if isinstance(known, list) else self.items.read(raw["id"], "excluded_items")

    def _put(self, plan: Plan, raw: Raw, wanted: View, excluded: list[Raw], switched: bool) -> t.Collection[str]:
        """Send the properties that differ in one PUT; returns the lists of items that went with it."""
        items = (
            ("selected_items",) if "backup_type" in plan.fields and wanted["backup_type"] == "selected_items" else ()
        )
        fields = self._put_fields(plan)
        sent = ["name", *fields]
        body = model.write_fields(wanted, plan.before, raw, self.given, sent, self.catalog, self.client.version)
        for field in items:
            body[model.ITEMS[field]] = self.items.bodies(wanted[field])

        def shows(job: Raw | None) -> bool:
            return job is not None and not fields_of(model.job_changes(wanted, self.view(job))) & set(fields)

        edit = JobEdit(self.client, self.items, raw, excluded, switched, self.announce)
        edit.send(body, lambda: shows(self.client.find(f"Jobs/{raw['id']}")), shows)
        return items

    def delete(self, plan: Plan) -> None:
        self.wait_for_end(plan)
        copy = self.copy_job_of(t.cast(Raw, plan.raw))
        if copy:
            self._delete_copy_job(copy["id"])
        super().delete(plan)

    def _delete_copy_job(self, identifier: str) -> None:
        path = f"CopyJobs/{identifier}"
        settle(lambda: self.client.request("DELETE", path), lambda: self.client.find(path) is None)


def _no_such(identifier: str) -> NotFound:
    return NotFound(f"job {identifier} does not exist", advice="Leave id out to create a job by its name.")


def _selects(raw: Raw | None) -> bool:
    return (raw or {}).get("backupType") == "SelectedItems"


def _check_lists(wanted: View) -> None:
    """Reject lists that the product refuses in every version before the first write.

    A selection needs items, and none of them can also be excluded (PowerShell reference, "Add-VBOJob").
    """
    if wanted["backup_type"] == "selected_items" and "selected_items" in wanted and not wanted["selected_items"]:
        raise InputError("selected_items", model.EMPTY_SELECTION)
    selected = {item_key(item): item for item in wanted.get("selected_items") or []}
    for item in wanted.get("excluded_items") or []:
        if item_key(item) in selected:
            raise InputError(
                "excluded_items", f"'{item_label(item)}' is also in selected_items; an item cannot be in both lists"
            )
