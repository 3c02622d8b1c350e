# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Backup jobs on the server: find, create, change, delete (rest-api §5)."""

from __future__ import annotations

import typing as t

from .._client import Client
from .._errors import Ambiguous, InputError, NotFound
from .._models import _job as model
from .._models._schedule import warnings_for
from .._names import same_id
from .._resource import Plan, Raw, settle
from ._catalog import Catalog

View = t.Dict[str, t.Any]


class JobResource:
    """One job of one server, as the pipeline sees it.

    :arg given: the user's options after :func:`parse_job`
    :arg identifier: the job's id, for renaming and for names that are not unique
    :arg proxy: name or id of the proxy, v3 to v5 (rest-api §5.3)
    :arg run_now: start the job right after its creation
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
    ) -> None:
        self.client = client
        self.catalog = catalog
        self.given = dict(given)
        self.identifier = identifier
        self.proxy = proxy
        self.run_now = run_now
        self._organization = catalog.organization(given["organization"]) if "organization" in given else None
        if self._organization:
            self.given["organization"] = catalog.organization_name(self._organization["id"])

    def label(self) -> str:
        organization = f" in organization '{self.given['organization']}'" if "organization" in self.given else ""
        return f"job '{self.given.get('name') or self.identifier}'{organization}"

    # --- reading ---------------------------------------------------------------------------------

    def find(self) -> Raw | None:
        if self.identifier:
            return self._find_by_id(self.identifier)
        path, query = self.client.version.jobs_path(self._organization["id"] if self._organization else None)
        raw = one_named(self.given["name"], list(self.client.list(path, query)), self.catalog)
        if raw is not None:
            self.given["name"] = raw["name"]  # found whatever the case of its letters: not a rename
            self.given["organization"] = self.catalog.organization_name(model.organization_id(raw))
        return raw

    def _find_by_id(self, identifier: str) -> Raw | None:
        raw = self.read(identifier)
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
        return raw

    def read(self, identifier: str) -> Raw | None:
        return self.client.find(f"Jobs/{identifier}")

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
        return model.overlay_job(view, given, raw, self.client.version)

    def _check_creation(self) -> None:
        if self.identifier:
            raise NotFound(f"job {self.identifier} does not exist", advice="Leave id out to create a job by its name.")
        for option in ("organization", "repository", "backup_type"):
            if option not in self.given:
                raise InputError(option, f"is needed to create job '{self.given['name']}', which does not exist yet")

    def check(self, plan: Plan) -> None:
        if plan.action in ("create", "update") and "backup_type" in plan.fields:
            if plan.after and plan.after["backup_type"] == "selected_items":
                raise InputError(
                    "backup_type",
                    "jobs with selected items cannot be created yet; existing ones can be changed in all but items",
                )

    def warnings(self, plan: Plan) -> list[str]:
        policy = (plan.after or {}).get("schedule_policy")
        return warnings_for(policy) if policy and "schedule_policy" in self.given else []

    # --- writing ---------------------------------------------------------------------------------

    def create(self, plan: Plan) -> str:
        version, wanted = self.client.version, t.cast(View, plan.after)
        organization = t.cast(Raw, self._organization)
        repository = self.catalog.repository(wanted["repository"])
        path, body = version.create_job(organization["id"])
        body = {
            **model.write_fields(wanted, None, None, self.given, wanted, version),
            **body,
            "repositoryId": repository["id"],
            "runNow": self.run_now,
        }
        if version.has_enabled_at_creation:
            body["isEnabled"] = wanted["enabled"]
        if version.has_proxy_in_job:
            proxy = self.catalog.proxy(self.proxy)["id"] if self.proxy else self.catalog.proxy_of(repository)
            if proxy:
                body["proxyId"] = proxy
        made = settle(lambda: self.client.request("POST", path, body=body), self.find) or self.find()
        if not made:
            raise NotFound("the server accepted the request, yet there is no such job")
        if bool(made.get("isEnabled")) != wanted["enabled"]:
            self._enable(made["id"], wanted["enabled"])
        return made["id"]

    def update(self, plan: Plan) -> None:
        raw, wanted = t.cast(Raw, plan.raw), t.cast(View, plan.after)
        version = self.client.version
        fields = [field for field in model.FIELDS if field in plan.fields and field != "enabled"]
        if "enabled" in plan.fields and not wanted["enabled"]:
            self._enable(raw["id"], False)  # off before anything else changes, on after everything has
        if fields:
            body = model.write_fields(wanted, plan.before, raw, self.given, ["name", *fields], version)
            if "repository" in fields:
                body["repositoryId"] = self.catalog.repository(wanted["repository"])["id"]
            path = f"Jobs/{raw['id']}"
            settle(lambda: self.client.request("PUT", path, body=body), lambda: self._shows(plan, fields))
        if "enabled" in plan.fields and wanted["enabled"]:
            self._enable(raw["id"], True)

    def delete(self, plan: Plan) -> None:
        identifier = t.cast(Raw, plan.raw)["id"]
        settle(
            lambda: self.client.request("DELETE", f"Jobs/{identifier}"),
            lambda: self.read(identifier) is None,
        )

    def _shows(self, plan: Plan, fields: t.Sequence[str]) -> bool:
        raw = self.read(t.cast(Raw, plan.raw)["id"])
        view = self.view(raw) if raw else {}
        return all(view.get(field) == t.cast(View, plan.after)[field] for field in fields)

    def _enable(self, identifier: str, enabled: bool) -> None:
        path, body = self.client.version.job_action(identifier, "enable" if enabled else "disable")
        settle(
            lambda: self.client.request("POST", path, body=body),
            lambda: bool((self.read(identifier) or {}).get("isEnabled")) == enabled,
        )


def one_named(name: str, jobs: t.Sequence[Raw], catalog: Catalog) -> Raw | None:
    """The job of this name, in any case of letters, or None.

    :raises Ambiguous: when several share it, with the organization and id of each
    """
    alike = [job for job in jobs if str(job.get("name")).casefold() == name.casefold()]
    alike = [job for job in alike if job["name"] == name] or alike
    if len(alike) > 1:
        listed = ", ".join(
            f"'{job['name']}' in '{catalog.organization_name(model.organization_id(job))}' (id {job['id']})"
            for job in alike
        )
        raise Ambiguous(f"job '{name}' is not unique: {listed}", advice="Give organization, or id.")
    return alike[0] if alike else None
