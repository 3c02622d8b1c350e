# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules of the product that do not depend on the format of a request."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TypeVar

from ..store.model import Job, Organization, Repository
from .web import Broken, Context, NotFound

RUNNING = ("Running", "Queued")

Entry = TypeVar("Entry")


def with_id(entries: Mapping[str, Entry], text: str, title: str, *, in_path: bool = True) -> Entry:
    """Return the entry with an id. An unknown id is a 404 in the path and a rule violation in the body."""
    found = entries.get(guid(text))
    if found is None:
        message = f"{title} with the ID '{text}' was not found."
        raise NotFound(message) if in_path else Broken(message)
    return found


def organization(ctx: Context, text: str, *, in_path: bool) -> Organization:
    """Return the organization with an id."""
    return with_id(ctx.server.state.organizations, text, "Organization", in_path=in_path)


def job_of_path(ctx: Context) -> Job:
    """Return the backup job in the path."""
    return with_id(ctx.server.state.jobs, ctx.params["job"], "Backup job")


def any_repository(ctx: Context, text: str) -> Repository:
    """Return the repository that a body refers to."""
    return with_id(ctx.server.state.repositories, text, "Backup repository", in_path=False)


def guid(text: str) -> str:
    """Return a GUID in its usual form, for lookups."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return text.lower()


def backup_repository(ctx: Context, text: str) -> Repository:
    """Return a repository that backup jobs can write to."""
    found = any_repository(ctx, text)
    if found.is_long_term:
        raise Broken(
            f"The repository '{found.name}' is for long-term storage and can only be the target of a copy job."
        )
    return found


def proxy_of_repository(ctx: Context, proxy: str | None, repository: Repository) -> None:
    """Require that a given proxy is the proxy of the repository (v3 to v5)."""
    if proxy and guid(proxy) != (repository.proxy or "").lower():
        raise Broken(f"The proxy '{proxy}' does not serve the repository '{repository.name}'.")


def storage_for(ctx: Context, owner: Organization, repository: Repository) -> None:
    """Require that an on-premises organization does not use object storage on Linux proxies or pools."""
    if owner.type != "OnPremises" or not repository.object_storage:
        return
    state = ctx.server.state
    proxy = state.proxies.get((repository.proxy or "").lower())
    if repository.proxy_pool or (proxy is not None and (proxy.operating_system == "Linux" or proxy.proxy_pool)):
        raise Broken(f"The organization '{owner.name}' cannot use the repository '{repository.name}'.")


def unique_name(ctx: Context, name: str, owner: str, job: Job | None) -> None:
    """Require that a job name is unique in its scope."""
    switches = ctx.server.switches

    def key(text: str) -> str:
        return text if switches.name_case_sensitive else "".join(map(_capital, text))

    for other in ctx.server.state.jobs.values():
        if other is job or key(other.name) != key(name):
            continue
        if switches.name_scope == "server" or other.organization == owner:
            raise Broken(f"A job with the name '{name}' already exists.", conflict=True)


def _capital(char: str) -> str:
    """Return a character in upper case as .NET compares it; one without a single upper-case character is kept."""
    return char if char in "\u0131\u017f" or len(char.upper()) > 1 else char.upper()


def only_entire(ctx: Context, owner: str, job: Job | None) -> None:
    """Require that an organization has at most one job for the entire organization."""
    for other in ctx.server.state.jobs.values():
        if other is not job and other.organization == owner and other.backup_type == "EntireOrganization":
            raise Broken(f"The job '{other.name}' already backs up the entire organization.", conflict=True)


def deletable(ctx: Context, job: Job) -> None:
    """Require that a job to be deleted has no copy job and is not running."""
    if ctx.server.state.copy_of(job.id) is not None:
        raise Broken(f"The job '{job.name}' has a backup copy job and cannot be removed.", conflict=True)
    if job.last_status in RUNNING and ctx.server.switches.delete_running == "reject":
        raise Broken(f"The job '{job.name}' is running and cannot be removed.", conflict=True)


def copy_target(ctx: Context, job: Job, repository: Repository) -> None:
    """Require that source and target of a copy job are compatible."""
    state = ctx.server.state
    source = state.repositories[job.repository.lower()]
    if source.id == repository.id:
        raise Broken("Source and target repository of a copy job must differ.")
    for side in (source, repository):
        if not side.object_storage:
            raise Broken(f"The repository '{side.name}' is not an object storage repository.")
    if state.repository_location(source) != state.repository_location(repository):
        raise Broken(f"The repositories '{source.name}' and '{repository.name}' are not on the same proxy or pool.")
    if source.retention_type != repository.retention_type:
        raise Broken(f"The repositories '{source.name}' and '{repository.name}' differ in the type of retention.")
    if repository.immutable and repository.retention_period_type == "Daily":
        raise Broken(f"The immutable repository '{repository.name}' has a retention period in days.")
