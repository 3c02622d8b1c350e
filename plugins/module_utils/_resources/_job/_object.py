# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Backup jobs on the server: find, create, change, delete (rest-api §5)."""

from __future__ import annotations

import typing as t

from ..._api._answers import is_object
from ..._api._client import Client
from ..._api._references import Catalog
from ..._core._changes import fields_of
from ..._core._edits import check_edits
from ..._core._plan import Plan, patiently, settle
from ..._errors import Conflict, InputError, NotFound
from ..._spelling import same_id, spelled, truth, unfit
from ..._types import Change, Raw, View
from . import _model as model
from ._item_lists import JobItems
from ._items import item_key, item_label
from ._list import JobList
from ._put import PARTIAL, JobEdit
from ._running import WhenRunning
from ._schedule import warnings_for


class JobResource:
    """One job of one server, as the pipeline sees it.

    :arg given: the user's options after :func:`parse_job`
    :arg identifier: the job's id, for renaming and for names that are not unique
    :arg proxy: name or id of the proxy, v3 to v5 (rest-api §5.3)
    :arg run_now: start the job right after its creation
    :arg items_mode: whether the items given are the whole list (V(exact)), or to V(add) or V(remove)
    :arg when_running: what to do about a job that is running
    :arg delete_copy_job: delete the job's copy job first when it stands in the way of a deletion
    :arg announce: called with a sentence for what deserves a warning
    :arg jobs: the jobs of the server where somebody has listed them already; they are listed here otherwise
    :arg plans_again: whether a new plan is made when somebody edits the job meanwhile
    :arg name_option: the option that holds the job's name
    """

    noun = "job"

    def __init__(
        self,
        client: Client,
        catalog: Catalog,
        given: View,
        identifier: str | None = None,
        proxy: str | None = None,
        run_now: bool = False,
        items_mode: str = "exact",
        when_running: WhenRunning | None = None,
        delete_copy_job: bool = False,
        announce: t.Callable[[str], None] = lambda text: None,
        jobs: JobList | None = None,
        plans_again: bool = True,
        name_option: str = "name",
    ) -> None:
        self.client = client
        self.catalog = catalog
        self.given = dict(given)
        self.name_option = name_option
        self.identifier = identifier
        self.proxy = proxy
        self.run_now = run_now
        self.items_mode = items_mode
        self.when_running = when_running or WhenRunning()
        self.delete_copy_job = delete_copy_job
        self.announce = announce
        self.jobs = jobs
        self.plans_again = plans_again
        self.items = JobItems(client)
        self._copy_job: Raw | None = None
        self._organization = catalog.organization(given["organization"]) if "organization" in given else None
        if self._organization:
            self.given["organization"] = catalog.organization_name(self._organization["id"])

    def label(self) -> str:
        organization = f" in organization '{self.given['organization']}'" if "organization" in self.given else ""
        return f"job '{self.given.get('name') or self.identifier}'{organization}"

    @property
    def copy_job(self) -> Raw | None:
        """The copy job that is to be deleted with the job, once that is planned."""
        return self._copy_job

    def header(self) -> str:
        return " / ".join(str(part) for part in (self.given.get("organization"), self.given.get("name")) if part)

    # --- reading ---------------------------------------------------------------------------------

    def find(self) -> Raw | None:
        return self._found_in(self.jobs)

    def find_again(self, known: Raw) -> Raw | None:
        raw = self._find_by_id(known["id"], None)
        if raw is None:
            raise _no_such(known["id"])
        return raw

    def _found_in(self, jobs: JobList | None) -> Raw | None:
        """The job among those that are listed, or asked from the server."""
        if self.identifier:
            return self._find_by_id(self.identifier, jobs)
        organization = self._organization["id"] if self._organization else None
        listed = jobs or JobList(self.client, self.catalog, organization)
        raw = listed.named(self.given["name"], organization)
        if raw is None:
            listed.check_looks(self.given["name"], organization, self.name_option)
        else:
            self.given["name"] = raw["name"]  # found whatever the case of its letters: not a rename
            self.given["organization"] = self.catalog.organization_name(model.organization_id(raw))
            raw = self._with_items(raw)
        return raw

    def _find_by_id(self, identifier: str, jobs: JobList | None) -> Raw | None:
        raw = jobs.get(identifier) if jobs else self.client.find(f"Jobs/{identifier}")
        if raw is None:
            return None
        organization = model.organization_id(raw)
        if self._organization and not same_id(organization, self._organization["id"]):
            name = self.catalog.organization_name(organization)
            raise InputError(
                "organization", f"job {identifier} belongs to '{name}', and a job cannot move to another one"
            )
        self.given.setdefault("name", raw["name"])
        self.given["organization"] = self.catalog.organization_name(organization)
        return self._with_items(raw)

    def read(self, identifier: str) -> Raw | None:
        raw = self.client.find(f"Jobs/{identifier}")
        return self._with_items(raw) if raw else None

    def _with_items(self, raw: Raw) -> Raw:
        """The job with the lists of items that the user manages; selected ones exist for one type of job only."""
        found = dict(raw)
        for field, key in model.ITEMS.items():
            if field in self.given and (field == "excluded_items" or _selects(raw)):
                found[key] = self.items.read(raw["id"], field)
        return found

    def changes(self, before: View, after: View) -> list[Change]:
        return model.job_changes(before, after)

    def diff_view(self, view: View | None) -> View | None:
        return model.diff_view(view)

    def view(self, raw: Raw) -> View:
        return model.read_job(raw, self.catalog, self.client.version)

    def result(self, raw: Raw | None, view: View | None) -> View:
        return {"id": (raw or {}).get("id"), **(view or {}), "status": model.read_status(raw or {})}

    # --- planning --------------------------------------------------------------------------------

    def desired(self, raw: Raw | None, view: View | None) -> View:
        if raw is None:
            self._check_creation()
        given = dict(self.given)
        if "repository" in given:
            given["repository"] = self.catalog.repository_name(self.catalog.repository(given["repository"])["id"])
        self._check_items(raw)
        organization = self._organization["id"] if self._organization else model.organization_id(raw or {})
        for field in model.ITEMS:
            if field in given:
                given[field] = self.items.wanted(field, given[field], raw, str(organization), self.items_mode)
        return model.overlay_job(view, given, raw, self.client.version)

    def _check_items(self, raw: Raw | None) -> None:
        selecting = self.given.get("backup_type") == "selected_items" if "backup_type" in self.given else _selects(raw)
        if "selected_items" in self.given:
            if not selecting:
                raise InputError("selected_items", model.ONLY_SELECTED)
        elif selecting and not _selects(raw):
            raise InputError("selected_items", "is needed with backup_type: selected_items; list at least one item")

    def _check_creation(self) -> None:
        if self.identifier:
            raise _no_such(self.identifier)
        for option in ("organization", "repository", "backup_type"):
            if option not in self.given:
                raise InputError(option, f"is needed to create job '{self.given['name']}', which does not exist yet")

    def _check_name(self, plan: Plan) -> None:
        """A new name must be one that people can see, and be free.

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
                "name", f"'{name}' is the name of another job already (id {other['id']}); choose a new one"
            )
        listed.check_looks(name, owner, "name", plan.raw["id"])

    def _check_repository(self, plan: Plan) -> None:
        """Archives hold copies only (rest-api §14)."""
        if plan.after is not None and "repository" in plan.fields:
            repository = self.catalog.repository(plan.after["repository"])
            if truth(repository.get("isLongTerm")):
                raise InputError(
                    "repository",
                    f"'{plan.after['repository']}' is an archive, which takes copies only: see vbo_copy_job",
                )

    def check(self, plan: Plan) -> None:
        self._check_name(plan)
        self._check_repository(plan)
        if plan.after is not None:
            _check_lists(plan.after)
        if plan.raw is not None:
            self.when_running.check(plan.raw, plan.action)
        if plan.action == "delete" and self.client.version.has_copy_jobs:
            jobs = self.jobs or JobList(self.client, self.catalog)
            self._copy_job = jobs.copy_job_of(t.cast(Raw, plan.raw)["id"])
            if self._copy_job and not self.delete_copy_job:
                raise Conflict(
                    f"the backup copy job '{self._copy_job.get('name')}' (id {self._copy_job['id']}) depends on it",
                    advice="Set delete_copy_job: true to delete that one first.",
                )

    def warnings(self, plan: Plan) -> list[str]:
        policy = (plan.after or {}).get("schedule_policy")
        return warnings_for(policy) if policy and "schedule_policy" in self.given else []

    # --- writing ---------------------------------------------------------------------------------

    def create(self, plan: Plan) -> str:
        version, wanted = self.client.version, t.cast(View, plan.after)
        organization = t.cast(Raw, self._organization)
        repository = self.catalog.repository(wanted["repository"])
        path, owner = version.create_job(organization["id"])
        body: Raw = {
            **model.write_fields(wanted, None, None, self.given, wanted, version),
            **owner,
            "repositoryId": repository["id"],
            **{key: self.items.bodies(wanted[field]) for field, key in model.ITEMS.items() if wanted.get(field)},
            "runNow": self.run_now,
        }
        if version.has_enabled_at_creation:
            body["isEnabled"] = wanted["enabled"]
        if version.has_proxy_in_job:
            proxy = self.catalog.proxy(self.proxy)["id"] if self.proxy else self.catalog.proxy_of(repository)
            if proxy:
                body["proxyId"] = proxy
        made = settle(lambda: self.client.request("POST", path, body=body), self._look_up)
        if not is_object(made):  # some answer with nothing, broken ones with anything
            made = patiently(self._look_up, bool)
        if not made:
            raise NotFound("the server accepted the request, yet there is no such job")
        if truth(made.get("isEnabled")) != wanted["enabled"]:
            self._enable(made["id"], wanted["enabled"])
        return str(made["id"])

    def _look_up(self) -> Raw | None:
        """The job as the server has it now, whatever was listed before."""
        return self._found_in(None)

    def update(self, plan: Plan) -> None:
        raw, wanted = t.cast(Raw, plan.raw), t.cast(View, plan.after)
        self.when_running.wait(raw, plan.action, self._status)
        fields = self._put_fields(plan)
        excluded = self._excluded(raw) if fields else []
        if fields:
            check_edits(self, raw, self.client.find(f"Jobs/{raw['id']}"))
        switched = "enabled" in plan.fields and not wanted["enabled"]
        if switched:
            self._enable(raw["id"], False)  # off before anything else changes, on after everything has
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
        if "enabled" in plan.fields and wanted["enabled"]:
            self._enable(raw["id"], True)

    @staticmethod
    def _put_fields(plan: Plan) -> list[str]:
        """The fields that a PUT changes; items and the switch have requests of their own."""
        return [field for field in model.FIELDS if field in plan.fields and field not in ("enabled", *model.ITEMS)]

    def _excluded(self, raw: Raw) -> list[Raw]:
        """The items that the job excludes before anything is written; known already when the user manages them."""
        if self.client.cache.get(PARTIAL):
            return []  # nobody asks
        known = raw.get(model.ITEMS["excluded_items"])
        return known if isinstance(known, list) else self.items.read(raw["id"], "excluded_items")

    def _put(self, plan: Plan, raw: Raw, wanted: View, excluded: list[Raw], switched: bool) -> t.Collection[str]:
        """Send the properties that differ in one PUT; returns the lists of items that went with it."""
        items = (
            ("selected_items",) if "backup_type" in plan.fields and wanted["backup_type"] == "selected_items" else ()
        )
        fields = self._put_fields(plan)
        body = model.write_fields(wanted, plan.before, raw, self.given, ["name", *fields], self.client.version)
        if "repository" in fields:
            body["repositoryId"] = self.catalog.repository(wanted["repository"])["id"]
        for field in items:
            body[model.ITEMS[field]] = self.items.bodies(wanted[field])

        def shows(job: Raw | None) -> bool:
            return job is not None and not fields_of(model.job_changes(wanted, self.view(job))) & set(fields)

        edit = JobEdit(self.client, self.items, raw, excluded, switched, self.announce)
        edit.send(body, lambda: shows(self.client.find(f"Jobs/{raw['id']}")), shows)
        return items

    def delete(self, plan: Plan) -> None:
        raw = t.cast(Raw, plan.raw)
        identifier = raw["id"]
        self.when_running.wait(raw, plan.action, self._status)
        if self._copy_job:
            self._delete_copy_job(self._copy_job["id"])
        settle(
            lambda: self.client.request("DELETE", f"Jobs/{identifier}"),
            lambda: self.read(identifier) is None,
        )

    def _delete_copy_job(self, identifier: str) -> None:
        path = f"CopyJobs/{identifier}"
        settle(lambda: self.client.request("DELETE", path), lambda: self.client.find(path) is None)

    def _status(self, identifier: str) -> Raw:
        return self.client.get(f"Jobs/{identifier}")

    def _enable(self, identifier: str, enabled: bool) -> None:
        path, body = self.client.version.job_action(identifier, "enable" if enabled else "disable")
        settle(
            lambda: self.client.request("POST", path, body=body),
            lambda: truth((self.read(identifier) or {}).get("isEnabled")) == enabled,
        )


def _no_such(identifier: str) -> NotFound:
    return NotFound(f"job {identifier} does not exist", advice="Leave id out to create a job by its name.")


def _selects(raw: Raw | None) -> bool:
    return (raw or {}).get("backupType") == "SelectedItems"


def _check_lists(wanted: View) -> None:
    """What the product refuses for every version (rest-api §14), said before the first request that writes."""
    if wanted["backup_type"] == "selected_items" and "selected_items" in wanted and not wanted["selected_items"]:
        raise InputError("selected_items", model.EMPTY_SELECTION)
    selected = {item_key(item): item for item in wanted.get("selected_items") or []}
    for item in wanted.get("excluded_items") or []:
        if item_key(item) in selected:
            raise InputError("excluded_items", f"'{item_label(item)}' is selected too; an item cannot be both")
