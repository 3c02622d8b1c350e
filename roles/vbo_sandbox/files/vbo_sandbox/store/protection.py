# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Restore points, protected objects and licensed users, derived from jobs and their runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .model import CopyJob, Item, Job, Organization, Session
from .runs import BACKED_UP
from .state import Object, State, derived_id

SERVICES = ("exchange", "share_point", "one_drive", "teams")
#: item flag -> the services whose data it selects
DATA: dict[str, tuple[str, ...]] = {
    "mailbox": ("exchange",),
    "archive_mailbox": ("exchange",),
    "one_drive": ("one_drive",),
    "personal_site": ("share_point",),
    "member_mailbox": ("exchange",),
    "member_archive_mailbox": ("exchange",),
    "member_onedrive": ("one_drive",),
    "member_site": ("share_point",),
    "group_site": ("share_point",),
    "sites": ("share_point",),
    "teams": ("teams",),
}
#: item types that select a service without a flag
WHOLE = {"Site": "share_point", "PersonalSites": "share_point", "OneDriveFolders": "one_drive", "Team": "teams"}


@dataclass
class Point:
    """A restore point, created by one run of a job."""

    id: str
    session: Session
    entry: Job | CopyJob
    job: Job
    services: frozenset[str]


def services_of(job: Job) -> frozenset[str]:
    """Return the services whose data a job backs up."""
    if job.backup_type == "EntireOrganization":
        return frozenset(SERVICES)
    found: set[str] = set()
    for item in job.selected_items:
        found.update(name for flag, names in DATA.items() if getattr(item, flag) for name in names)
        if item.type in WHOLE:
            found.add(WHOLE[item.type])
    return frozenset(found)


def points(state: State) -> Iterator[Point]:
    """Yield the restore points of all runs that made a backup; those of deleted jobs are not simulated."""
    for session in state.sessions.values():
        key = session.job.lower()
        entry = state.jobs.get(key) or state.copy_jobs.get(key)
        if entry is None or session.status not in BACKED_UP or session.ended is None:
            continue
        job = entry if isinstance(entry, Job) else state.jobs[entry.backup_job.lower()]
        yield Point(derived_id(session.id, "restore point"), session, entry, job, services_of(job))


@dataclass
class Protected:
    """The protected objects of an organization: by kind and id, the jobs that back each one up."""

    jobs: dict[tuple[str, str], list[Job]] = field(default_factory=dict)

    def of(self, kind: str, identifier: str) -> list[Job]:
        """Return the jobs that have backed up an object."""
        return self.jobs.get((kind, identifier), [])

    def last_backup(self, kind: str, identifier: str) -> str | None:
        """Return the time of the last backup of an object."""
        return max((job.last_backup or "" for job in self.of(kind, identifier)), default="") or None


def protected(state: State, owner: Organization) -> Protected:
    """Return the objects that the jobs of an organization have backed up."""
    found = Protected()
    for job in state.jobs.values():
        if job.organization != owner.id or job.last_backup is None:
            continue
        without = {item.key for item in job.excluded_items}
        chosen: dict[tuple[str, str], None] = {}
        items = job.selected_items
        if job.backup_type == "EntireOrganization":
            everything = Item("PartialOrganization", mailbox=True, one_drive=True, sites=True, teams=True)
            items = [everything]
        for item in items:
            chosen.update(dict.fromkeys(_of_item(state, owner, item)))
        for kind, entry_id in chosen:
            if (kind, entry_id.lower()) not in without:
                found.jobs.setdefault((kind, entry_id), []).append(job)
    return found


def _of_item(state: State, owner: Organization, item: Item) -> Iterator[tuple[str, str]]:
    directory = state.directory(owner.id)
    if item.type == "PartialOrganization":
        if item.mailbox or item.archive_mailbox or item.one_drive:
            yield from (("User", user.id) for user in owner.users)
        if item.mailbox:
            yield from (("Group", group.id) for group in owner.groups if group.type == "Office365")
        if item.sites:
            yield from (("Site", site.id) for site in owner.sites)
        if item.teams:
            yield from (("Team", team.id) for team in owner.teams)
        return
    if item.type == "PersonalSites":
        yield from (("Site", site.id) for site in owner.sites if site.is_personal)
        return
    entry = directory.find(item.type, item.object) if item.object else None
    if entry is None:
        return
    if item.type != "Group":
        yield item.type, entry.id
        return
    if item.mailbox or item.group_site:
        yield "Group", entry.id
    if item.members:
        yield from (("User", user) for user in _members(state, owner, entry, set()))


def _members(state: State, owner: Organization, group: Object, seen: set[str]) -> Iterator[str]:
    """Return the users of a group, including those of nested groups."""
    if group.id in seen:
        return
    seen.add(group.id)
    directory = state.directory(owner.id)
    for name in getattr(group, "members", ()):
        user = directory.find("User", name)
        inner = None if user else directory.find("Group", name)
        if user is not None:
            yield user.id
        elif inner is not None:
            yield from _members(state, owner, inner, seen)


def licensed(state: State, owner: Organization) -> dict[str, str]:
    """Return the users that need a licence, with the time of their last backup; shared mailboxes need none."""
    backed_up = protected(state, owner)
    people = {user.id for user in owner.users if user.type == "User"}
    return {
        identifier: backed_up.last_backup(kind, identifier) or ""
        for kind, identifier in backed_up.jobs
        if kind == "User" and identifier in people
    }
