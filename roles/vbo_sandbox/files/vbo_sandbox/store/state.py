# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The state of one server: the data model with its indexes."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ..loader import DataError, dump, load
from . import history
from .agenda import Agenda
from .model import (
    ZERO,
    CloudAccount,
    CopyJob,
    EncryptionKey,
    Group,
    Item,
    Job,
    Model,
    Organization,
    Proxy,
    ProxyPool,
    Repository,
    Session,
    Site,
    Team,
    User,
)
from .settings import read_data

NAMESPACE = uuid.UUID("5b7d3c0e-5f0b-4f6d-9a4c-2f1b8e6f9d30")
DEFAULT_STATE = Path(__file__).with_name("default_state.yml")
#: maximum number of changes kept for the event feed
LONGEST_MEMORY = 10000
#: attributes that can hold the name of an object
NAMED = ("name", "host_name", "user_name", "description")
Object = User | Group | Site | Team
T = TypeVar("T", Organization, Proxy, ProxyPool, CloudAccount, EncryptionKey, Repository, Job, CopyJob, Session)

_cache: dict[str, Any] = {}


def derived_id(*parts: str) -> str:
    """Return an id that depends only on the given strings."""
    return str(uuid.uuid5(NAMESPACE, "/".join(parts).lower()))


def initial_data(state: Any) -> Any:
    """Return the data of the initial state: inline data, the content of a file, or the default state."""
    if isinstance(state, dict):
        return state
    path = Path(state) if state else DEFAULT_STATE
    key = str(path)
    if key not in _cache:
        _cache[key] = read_data(path)
    return _cache[key]


class Moment(NamedTuple):
    """The jobs and copy jobs as they were before a write."""

    until: float
    jobs: dict[str, Job]
    copy_jobs: dict[str, CopyJob]


class Directory:
    """Lookup of the users, groups, sites and teams of an organization by id or name."""

    def __init__(self, organization: Organization) -> None:
        self.by_type: dict[str, dict[str, Object]] = {}
        self.by_name: dict[str, dict[str, Object]] = {}
        sources: tuple[tuple[str, Iterable[Object]], ...] = (
            ("User", organization.users),
            ("Group", organization.groups),
            ("Site", organization.sites),
            ("Team", organization.teams),
        )
        for kind, objects in sources:
            self.by_type[kind] = {entry.id.lower(): entry for entry in objects}
            names = self.by_name[kind] = {}
            for entry in objects:
                for name in object_names(entry):
                    names.setdefault(name.lower(), entry)

    def find(self, kind: str, key: str) -> Object | None:
        """Return the object with this version-independent id or name, or None."""
        key = key.lower()
        return self.by_type[kind].get(key) or self.by_name[kind].get(key)


def object_names(entry: Object) -> tuple[str, ...]:
    """Return the names by which a state file can refer to an object."""
    if isinstance(entry, Site):
        return (entry.url, entry.title)
    if isinstance(entry, Team):
        return (entry.mail, entry.display_name)
    return (entry.name, entry.display_name)


class State:
    """All data of a server, indexed by id."""

    def __init__(self, data: Any, now: float | None = None) -> None:
        now = time.time() if now is None else now
        self.agenda = Agenda(now)
        self.model = load(Model, data if data is not None else {}, "")
        self.directories: dict[str, Directory] = {}
        self.tag = 1000
        #: identifies this state in change tokens; then the changes that cannot be derived from the current data
        self.mark = secrets.token_hex(4)
        self.changes: list[tuple[int, dict[str, Any]]] = []
        self.past: list[Moment] = []
        for organization in self.model.organizations:
            complete_organization(organization)
            self.directories[organization.id.lower()] = Directory(organization)
        self.organizations = self._index(self.model.organizations, "organizations")
        self.proxies = self._index(self.model.proxies, "proxies")
        self.proxy_pools = self._index(self.model.proxy_pools, "proxy_pools")
        self.cloud_accounts = self._index(self.model.cloud_accounts, "cloud_accounts")
        self.encryption_keys = self._index(self.model.encryption_keys, "encryption_keys")
        self.repositories = self._index(self.model.repositories, "repositories")
        self._link_infrastructure()
        self.jobs = self._index(self.model.jobs, "jobs")
        self.copy_jobs = self._index(self.model.copy_jobs, "copy_jobs")
        for index, job in enumerate(self.model.jobs):
            self._link_job(job, f"jobs[{index}]")
        for index, copy in enumerate(self.model.copy_jobs):
            self._link_copy(copy, f"copy_jobs[{index}]")
        self.copy_by_job = {copy.backup_job.lower(): copy for copy in self.model.copy_jobs}
        self.sessions = self._index(self.model.sessions, "sessions")
        for session in self.model.sessions:
            session.e_tag = session.e_tag or self.next_tag()
        history.complete(self, now)

    def next_tag(self) -> int:
        """Return the next change number."""
        self.tag += 1
        return self.tag

    def note(self, event: str, **fields: str) -> None:
        """Record a change that cannot be derived from the current data, such as a deletion."""
        self.changes.append((self.next_tag(), {"eventType": event, **fields}))
        del self.changes[:-LONGEST_MEMORY]

    def directory(self, organization_id: str) -> Directory:
        """Return the objects of an organization."""
        return self.directories[organization_id.lower()]

    def repository_location(self, repository: Repository) -> str | None:
        """Return the id of the proxy pool or proxy that serves a repository."""
        if repository.proxy_pool:
            return repository.proxy_pool
        proxy = self.proxies.get((repository.proxy or "").lower())
        return (proxy.proxy_pool or proxy.id) if proxy else None

    def copy_of(self, job_id: str) -> CopyJob | None:
        """Return the copy job of a job, or None."""
        return self.copy_by_job.get(job_id.lower())

    def snapshot(self) -> dict[str, Any]:
        """Return the state as plain data, independent of any API version."""
        model = self.model
        model.organizations = list(self.organizations.values())
        model.proxies = list(self.proxies.values())
        model.proxy_pools = list(self.proxy_pools.values())
        model.cloud_accounts = list(self.cloud_accounts.values())
        model.encryption_keys = list(self.encryption_keys.values())
        model.repositories = list(self.repositories.values())
        model.jobs = list(self.jobs.values())
        model.copy_jobs = list(self.copy_jobs.values())
        model.sessions = list(self.sessions.values())
        return dump(model)

    @staticmethod
    def _index(entries: list[T], path: str) -> dict[str, T]:
        index: dict[str, T] = {}
        for number, entry in enumerate(entries):
            try:
                key = str(uuid.UUID(entry.id))
            except ValueError as error:
                raise DataError(f"{path}[{number}].id: {entry.id!r} is not a GUID") from error
            if key in index:
                raise DataError(f"{path}[{number}].id: {entry.id} is used twice")
            index[key] = entry
        return index

    def _resolve(self, index: dict[str, Any], text: str, path: str) -> str:
        entry = index.get(text.lower())
        if entry is None:
            for candidate in index.values():
                name = next((str(getattr(candidate, key)) for key in NAMED if getattr(candidate, key, "")), "")
                if name.lower() == text.lower():
                    entry = candidate
                    break
        if entry is None:
            raise DataError(f"{path}: {text!r} is neither an id nor a name in this state")
        return str(entry.id)

    def _link_infrastructure(self) -> None:
        for kind in ("cloud_accounts", "encryption_keys"):
            for number, entry in enumerate(getattr(self.model, kind)):
                if entry.organization:
                    path = f"{kind}[{number}].organization"
                    entry.organization = self._resolve(self.organizations, entry.organization, path)
        for number, proxy in enumerate(self.model.proxies):
            if proxy.proxy_pool:
                proxy.proxy_pool = self._resolve(self.proxy_pools, proxy.proxy_pool, f"proxies[{number}].proxy_pool")
        for number, repository in enumerate(self.model.repositories):
            path = f"repositories[{number}]"
            if repository.proxy:
                repository.proxy = self._resolve(self.proxies, repository.proxy, f"{path}.proxy")
            if repository.proxy_pool:
                repository.proxy_pool = self._resolve(self.proxy_pools, repository.proxy_pool, f"{path}.proxy_pool")
            if repository.cloud_account:
                account = self._resolve(self.cloud_accounts, repository.cloud_account, f"{path}.cloud_account")
                repository.cloud_account = account
            if repository.encryption_key:
                key = self._resolve(self.encryption_keys, repository.encryption_key, f"{path}.encryption_key")
                repository.encryption_key = key
            if not repository.proxy and not repository.proxy_pool:
                raise DataError(f"{path}: one of proxy, proxy_pool is required")

    def _link_job(self, job: Job, path: str) -> None:
        job.organization = self._resolve(self.organizations, job.organization, f"{path}.organization")
        job.repository = self._resolve(self.repositories, job.repository, f"{path}.repository")
        job.e_tag = job.e_tag or self.next_tag()
        directory = self.directory(job.organization)
        for name in ("selected_items", "excluded_items"):
            for number, item in enumerate(getattr(job, name)):
                link_item(item, directory, f"{path}.{name}[{number}]")

    def _link_copy(self, copy: CopyJob, path: str) -> None:
        copy.backup_job = self._resolve(self.jobs, copy.backup_job, f"{path}.backup_job")
        copy.repository = self._resolve(self.repositories, copy.repository, f"{path}.repository")
        copy.e_tag = copy.e_tag or self.next_tag()


def link_item(item: Item, directory: Directory, path: str) -> None:
    """Replace the name of an item's object with its id; a snapshot represents a deleted object."""
    if item.type not in ("User", "Group", "Site", "Team"):
        item.object = ""
        return
    entry = directory.find(item.type, item.object) if item.object else None
    if entry is not None:
        item.object = entry.id
        return
    if item.snapshot is None or "id" not in item.snapshot:
        raise DataError(f"{path}.object: {item.object!r} does not exist and there is no snapshot with an id")
    item.object = str(item.snapshot["id"])


def complete_organization(organization: Organization) -> None:
    """Fill in the values that a state file may omit: ids and derived names."""
    tenant = organization.name.split(".")[0]
    organization.office_name = organization.office_name or organization.name
    organization.msid = organization.msid or derived_id(organization.id, "msid")
    organization.application_id = organization.application_id or derived_id(organization.id, "application")
    organization.mail_domain = organization.mail_domain or organization.name
    organization.share_point = organization.share_point or f"https://{tenant}.sharepoint.com"
    for user in organization.users:
        user.name = _mail(user.name, organization)
        user.display_name = user.display_name or user.name
        user.id = user.id or derived_id(organization.id, "user", user.name)
    for group in organization.groups:
        group.name = _mail(group.name, organization)
        group.display_name = group.display_name or group.name
        group.id = group.id or derived_id(organization.id, "group", group.name)
        group.members = [_mail(member, organization) for member in group.members]
    for site in organization.sites:
        if "://" not in site.url:
            site.url = f"{organization.share_point}/{site.url.lstrip('/')}".rstrip("/")
        site.name = site.name or site.url.rsplit("/", 1)[-1]
        site.title = site.title or site.name
        site.id = site.id or derived_id(organization.id, "site", site.url) + derived_id(
            organization.id, "web", site.url
        )
        if site.parent_url and "://" not in site.parent_url:
            site.parent_url = f"{organization.share_point}/{site.parent_url.lstrip('/')}".rstrip("/")
    for team in organization.teams:
        team.mail = _mail(team.mail, organization)
        team.display_name = team.display_name or team.mail
        team.id = team.id or derived_id(organization.id, "team", team.mail)


def _mail(name: str, organization: Organization) -> str:
    return name if "@" in name else f"{name}@{organization.mail_domain}"


def glued(guid: str) -> str:
    """Return the id of a user or group in v2 to v6: two concatenated GUIDs, the second all zeros."""
    return guid + ZERO
