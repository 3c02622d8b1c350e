# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(vbo_job) with thousands of items: a handful of requests for any number of items.

The numbers do not depend on the machine, so they are asserted. All requests are counted, log-in and log-out too;
a listing takes one request for each thousand objects, and one more when the last page is full.
"""

from __future__ import annotations

import collections
import dataclasses
import time
import typing as t

import pytest

from ...support.sandbox import Server
from ...support.tasks import Tasks

TENANT = "big.onmicrosoft.com"
USERS, GROUPS, SITES = 3000, 200, 500
#: the options of all three tasks, besides the items
JOB = {
    "name": "Large",
    "organization": TENANT,
    "repository": "repo-fra-01",
    "backup_type": "selected_items",
    "schedule_policy": {"type": "daily", "daily_time": "21:00"},
}


@dataclasses.dataclass
class Requests:
    """The requests of one task."""

    step: str
    seconds: float
    total: int
    writes: list[str]
    #: pages of each listing of objects, by its name
    objects: dict[str, int]
    #: pages of the job's own items
    items: int

    def __str__(self) -> str:
        return (
            f"{self.step}: {self.total} requests in {self.seconds:.1f} s, writes {self.writes}, "
            f"pages of objects {self.objects}, pages of items {self.items}"
        )


def big_state(server: Server) -> dict[str, t.Any]:
    """Return the default state with an organization that has a few more objects than the job will have items."""
    state = server.state()
    state["organizations"].append(
        {
            "id": "2b1d6f0e-94c7-4a35-8e72-c05f3d9a6b18",
            "name": TENANT,
            "users": [f"User {number:05d}" for number in range(USERS + 2)],
            "groups": [{"name": f"group.{number:03d}", "display_name": f"Group {number}"} for number in range(GROUPS)],
            "sites": [f"Site {number:03d}" for number in range(SITES + 1)],
            "teams": [],
        }
    )
    return state


def user(number: int, **flags: bool) -> dict[str, t.Any]:
    return {"type": "user", "name": f"user.{number:05d}@{TENANT}", **(flags or {"mailbox": True, "one_drive": True})}


def site(number: int) -> dict[str, t.Any]:
    return {"type": "site", "url": f"https://big.sharepoint.com/sites/site-{number:03d}"}


def large() -> list[dict[str, t.Any]]:
    """The items of the job: 3,000 users, 200 groups, 500 sites."""
    groups = [
        {"type": "group", "name": f"group.{number:03d}@{TENANT}", "members": True, "member_mailbox": True}
        for number in range(GROUPS)
    ]
    return [*map(user, range(USERS)), *groups, *map(site, range(SITES))]


def changed() -> list[dict[str, t.Any]]:
    """Return the items with five differences: two users added, a user and a site removed, another flag of a user."""
    return [user(0, mailbox=True), *large()[2:-1], user(USERS), user(USERS + 1)]


def observe(tasks: Tasks, step: str, items: list[dict[str, t.Any]]) -> tuple[dict[str, t.Any], Requests]:
    """Run one task, and count its requests."""
    tasks.server.forget()
    begin = time.monotonic()
    result = tasks.raw("vbo_job", **JOB, selected_items=items)
    seconds = time.monotonic() - begin
    assert not result.get("failed"), result["msg"]
    log = tasks.server.log()
    last = collections.Counter(entry["path"].rsplit("/", 1)[-1] for entry in log if entry["method"] == "GET")
    objects = {name: last[name] for name in ("Users", "Groups", "Sites", "Teams") if last[name]}
    return result, Requests(step, seconds, len(log), tasks.server.writes(), objects, last["SelectedItems"])


def truth(tasks: Tasks) -> collections.Counter[str]:
    """Return how many items of each type the server has."""
    job = tasks.server.job(JOB["name"])
    assert job is not None
    return collections.Counter(entry["type"] for entry in job["selected_items"])


#: the most requests for creation, an unchanged run, and a change of five items. v8 returns the items of a job in
#: pages, v5 in one answer; v5 has no logout.
LIMITS = {"v8": (17, 9, 21), "v5": (13, 5, 14)}


@pytest.mark.parametrize("version", LIMITS)
def test_a_large_job_takes_a_handful_of_requests(server: Server, version: str) -> None:
    server.replace(big_state(server))
    tasks = Tasks(server, version, "controller")
    pages = 4 if version == "v8" else 1
    at_creation, unchanged, at_change = LIMITS[version]
    whole = {"User": USERS, "Group": GROUPS, "Site": SITES}

    result, seen = observe(tasks, "creation", large())
    assert result["action"] == "create" and truth(tasks) == whole, seen
    assert seen.objects == {"Users": 4, "Groups": 1, "Sites": 1}, seen
    assert len(seen.writes) == 1 and seen.items == pages and seen.total <= at_creation, seen

    result, seen = observe(tasks, "unchanged", list(reversed(large())))
    assert not result["changed"] and truth(tasks) == whole, seen
    assert seen.objects == {}, f"a run without changes must list no objects: {seen}"
    assert seen.writes == [] and seen.items == pages and seen.total <= unchanged, seen

    result, seen = observe(tasks, "change of five", changed())
    assert len(result["changes"]) == 5 and truth(tasks) == {**whole, "Site": SITES - 1, "User": USERS + 1}, seen
    assert seen.objects == {"Users": 4}, f"only users are new, so only they are listed: {seen}"
    # both additions in one request, the flag in another, both removals in the last
    assert [write.split(" ")[0] for write in seen.writes] == ["POST", "PUT", "DELETE"], seen
    assert seen.items == 2 * pages and seen.total <= at_change, seen
