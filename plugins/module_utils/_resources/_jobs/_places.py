# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Chooses the start times of listed jobs with a range. Reads the server and writes nothing."""

from __future__ import annotations

import typing as t

from ..._errors import Ambiguous
from ..._spelling import id_key
from ..._types import Raw
from .._job import _model as model
from .._job._list import JobList
from .._job._schedule import read_policy
from .._job._spread import Asking, choose_all
from .._times._range import Places
from ._bulk import Entry


def choose_places(entries: t.Sequence[Entry], jobs: JobList) -> None:
    """Put the chosen times into the entries, before they are planned.

    The list of jobs is the one that planning reads anyway; without a range it is not touched.
    """
    if not any(isinstance(value, Places) for entry in entries for value in _policy(entry).values()):
        return
    found = [(entry, _live(entry, jobs)) for entry in entries]
    declared = {id_key(raw["id"]) for _entry, raw in found if raw}
    present = [entry for entry in entries if entry.state != "absent"]
    asking = [_asking(entry, raw, jobs) for entry, raw in found if entry.state != "absent"]
    others = [
        Asking(jobs.catalog.organization_name(model.organization_id(raw)), raw.get("name"), live=_schedule(raw, jobs))
        for raw in jobs.jobs
        if id_key(raw["id"]) not in declared
    ]
    for entry, choices in zip(present, choose_all([*asking, *others])):
        entry.spread = choices
    for entry in entries:
        _settle(entry)


def _policy(entry: Entry) -> dict[str, t.Any]:
    return entry.resource.given.get("schedule_policy") or {}


def _settle(entry: Entry) -> None:
    """Replace the ranges of an entry by their values; those of a job with state absent are ignored."""
    policy = {key: value for key, value in _policy(entry).items() if not isinstance(value, Places)}
    if policy or entry.spread:
        policy.update({option: choice.value for option, choice in entry.spread.items()})
        entry.resource.given["schedule_policy"] = policy


def _live(entry: Entry, jobs: JobList) -> Raw | None:
    """Return the current job of an entry; planning reports names that are not unique."""
    resource = entry.resource
    if resource.identifier:
        return jobs.get(resource.identifier)
    owner = resource.named.get("organization")
    try:
        organization = jobs.catalog.organization(owner)["id"] if owner and not entry.error else None
        return jobs.named(resource.named["name"], organization)
    except Ambiguous:
        return None


def _schedule(raw: Raw | None, jobs: JobList) -> dict[str, t.Any]:
    """The schedule of a job of the server; also one that is switched off, as far as the server shows it."""
    policy = (raw or {}).get("schedulePolicy") or {}
    return read_policy({**policy, "scheduleEnabled": True}, jobs.client.version) if policy.get("type") else {}


def _asking(entry: Entry, raw: Raw | None, jobs: JobList) -> Asking:
    given, raw = {**entry.resource.given, **entry.resource.named}, raw or {}
    catalog = jobs.catalog
    return Asking(
        given.get("organization") or (catalog.organization_name(model.organization_id(raw)) if raw else None),
        given.get("name") or raw.get("name") or entry.resource.identifier,
        given.get("repository") or (catalog.repository_name(model.repository_id(raw)) if raw else None),
        _policy(entry),
        _schedule(raw, jobs),
    )
