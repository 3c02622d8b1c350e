# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""A plan for reviewers: jobs with the same changes are grouped, deletions come first."""

from __future__ import annotations

import typing as t

from ...module_utils._resources._jobs._planned import canonical
from ...module_utils._types import Data
from .._words import counted
from ._data import action_of, all_changes, changes, jobs_of

#: actions in the order of their importance, with their styles on pages
ACTIONS = {"delete": "missing", "update": "changed", "create": "unexpected"}
STATES = {"unreachable": "unreachable", "failed": "failed", "changes": "drift", "unchanged": "ok"}
#: fields of a new job that are its heading
HEADING = ("name", "organization", "copy_job.job", "copy_job.organization")


class Group(t.NamedTuple):
    """Several jobs with the same changes.

    :arg places: server and job
    """

    action: str
    changes: list[Data]
    places: list[tuple[str, Data]]

    @property
    def title(self) -> str:
        servers = {server for server, _job in self.places}
        jobs, where = counted(len(self.places), "job"), counted(len(servers), "server")
        return f"{self.action.capitalize()} {jobs} on {where}"


def groups_of(plan: Data) -> list[Group]:
    """The changes of a plan, each once; deletions first, then those of the most jobs."""
    found: dict[tuple[str, str], Group] = {}
    for server in plan["servers"]:
        for job in filter(changes, jobs_of(server["plan"])):
            action, shown = action_of(job), shown_changes(job)
            group = found.setdefault((action, canonical(shown)), Group(action, shown, []))
            group.places.append((server["name"], job))
    order = list(ACTIONS)
    return sorted(found.values(), key=lambda group: (order.index(group.action), -len(group.places)))


def shown_changes(job: Data) -> list[Data]:
    """Return the changes of a job and its copy job; for new ones without the fields in the heading."""
    new = action_of(job) == "create"
    return [
        change
        for change in all_changes(job)
        if change["field"] not in HEADING or (change["field"] in HEADING[:2] and not new)
    ]


def warnings_of(plan: Data) -> list[tuple[str, Data, str]]:
    """Return the warnings about planned jobs: server, job and message."""
    return [
        (server["name"], job, text)
        for server in plan["servers"]
        for job in jobs_of(server["plan"])
        for text in job.get("warnings") or []
    ]
