# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every link and every path with every id is followed, in every version; the answers never contradict each other."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from in_process import VERSIONS, Local, generated
from support import openapi
from vbo_sandbox.api.routing import table

#: links that servers return although they lead nowhere: the rel and its versions
LEAD_NOWHERE = {("jobsessions", 7), ("jobsessions", 8), ("log", 3), ("log", 4), ("log", 5)}
#: answers that are not errors: a job without a copy job has none
MAY_BE_MISSING = ("CopyJob",)


@dataclass
class Site:
    """The answers of one version, by path without version and query."""

    version: int
    answers: dict[str, Any] = field(default_factory=dict)
    #: rel, href, path of the answer, status
    links: list[tuple[str, str, str, int]] = field(default_factory=list)
    #: path and status of paths that no link leads to
    paths: list[tuple[str, int]] = field(default_factory=list)

    def entries(self, path: str) -> list[dict[str, Any]]:
        """The entries of a list, or nothing where the version has none."""
        data = self.answers.get(path, [])
        found: list[dict[str, Any]] = data if isinstance(data, list) else data["results"]
        return found

    def of_type(self, *words: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """The lists whose path ends with one of the words."""
        for path, body in self.answers.items():
            if path.lower().rsplit("/", 1)[-1] in map(str.lower, words) and (
                isinstance(body, list) or "results" in body
            ):
                yield path, self.entries(path)


def links_of(value: Any) -> Iterator[tuple[str, str]]:
    """All links of an answer."""
    if isinstance(value, dict):
        for rel, link in (value.get("_links") or {}).items():
            yield rel, link["href"]
        value = [inner for key, inner in value.items() if key != "_links"]
    if isinstance(value, list):
        for inner in value:
            yield from links_of(inner)


def key(path: str) -> str:
    return unquote(path).lower().strip("/")


def crawl(local: Local, version: int) -> Site:
    """Begin with every path without an id, and follow the links and ids in the answers."""
    site = Site(version)
    served = [entry for entry in table(version) if entry.method == "GET" and entry.served]
    seen: dict[str, int] = {}
    names: dict[str, str] = {}

    def visit(path: str, query: str = "limit=10000&includePersonalSites=true&extendedView=true") -> int:
        query = "from=latest" if path == "Events" else query
        place = key(path)
        if place in seen:
            return seen[place]
        reply = local.call("GET", f"{path}?{query}", version=version)
        seen[place] = reply.status
        if reply.status != 200:
            return reply.status
        if version >= 6 and os.environ.get(openapi.VARIABLE):
            check(version, path, reply.body)
        names[place] = path
        site.answers[path] = reply.body
        todo.append(path)
        return 200

    todo: list[str] = []
    for entry in served:
        if "{" not in entry.template:
            site.paths.append((entry.template, visit(entry.template)))
    while todo:
        path = todo.pop()
        body = site.answers[path]
        for rel, href in set(links_of(body)):
            target = urlsplit(href)
            number, rest = target.path.strip("/").split("/", 1)
            if number == f"v{version}":
                site.links.append((rel, href, path, visit(rest)))
            else:
                status = local.call("GET", rest, version=int(number[1:])).status
                site.links.append((rel, href, path, status))
        listed = body["results"] if isinstance(body, dict) and "results" in body else body
        for row in listed if isinstance(listed, list) else ():
            below = f"{path}/{quote(row['id'])}" if "id" in row else ""
            methods, _values = table(version).find(below) or ({}, [])
            if below and methods.get("GET") and methods["GET"].served:
                site.paths.append((below, visit(below)))
        for entry in served:  # paths below this one
            head, _slash, last = entry.template.rpartition("/")
            if "{" not in last and head == template_of(version, path):
                below = f"{path}/{last}"
                status = visit(below)
                if not (last in MAY_BE_MISSING and status == 404):
                    site.paths.append((below, status))
    return site


def template_of(version: int, path: str) -> str:
    methods, _values = table(version).find(path) or ({}, [])
    return methods["GET"].template if "GET" in methods else ""


def check(version: int, path: str, body: Any) -> None:
    """The answer matches the schema of the document, if the document has this path."""
    if openapi.operation(version, "GET", f"/v{version}/{path}"):
        openapi.check_response(version, "GET", f"/v{version}/{path}", 200, body)


# --- the rules: each yields what breaks it ---------------------------------------------------------------------------


def every_link_can_be_followed(site: Site) -> Iterator[Any]:
    for rel, href, where, status in site.links:
        if (status != 200) is not ((rel, site.version) in LEAD_NOWHERE):
            yield rel, href, where, status


def every_path_with_an_id_can_be_read(site: Site) -> Iterator[Any]:
    yield from ((path, status) for path, status in site.paths if status != 200)


def what_is_listed_is_what_is_read(site: Site) -> Iterator[Any]:
    index = {key(path): body for path, body in site.answers.items()}
    for path in site.answers:
        body = site.answers[path]
        rows = body if isinstance(body, list) else body.get("results", [])
        for row in rows:
            alone = index.get(key(f"{path}/{row['id']}")) if isinstance(row, dict) and "id" in row else None
            if alone is not None and alone != row:
                yield path, row, alone


def an_id_is_listed_once_and_counts_are_right(site: Site) -> Iterator[Any]:
    for path, body in site.answers.items():
        rows = body if isinstance(body, list) else body.get("results", [])
        ids = [row["id"].lower() for row in rows if isinstance(row, dict) and "id" in row]
        if len(set(ids)) != len(ids) or (isinstance(body, dict) and body.get("totalCount", len(rows)) != len(rows)):
            yield path, len(ids), len(rows)


def names_of_others_are_known(site: Site) -> Iterator[Any]:
    """An id that refers to another object is the id of a listed one."""
    lists = {
        "organizationId": "Organizations", "repositoryId": "BackupRepositories", "proxyId": "Proxies",
        "proxyPoolId": "ProxyPools", "backupJobId": "Jobs", "mainSessionId": "JobSessions",
    }  # fmt: skip
    known = {name: {row["id"] for row in site.entries(path)} for name, path in lists.items()}
    for path, body in site.answers.items():
        for row in body if isinstance(body, list) else body.get("results", []):
            for name, ids in known.items():
                if ids and isinstance(row, dict) and name in row and row[name] not in ids:
                    yield path, name, row[name]


def licences_add_up(site: Site) -> Iterator[Any]:
    counts = [body["licensedUsers"] for path, body in site.answers.items() if path.endswith("LicensingInformation")]
    users = site.entries("LicensedUsers")
    used = site.answers["License"]["usedNumber"]
    if (
        used != sum(counts)
        or (site.version >= 4 and used != len(users))
        or not used <= site.answers["License"]["totalNumber"]
    ):
        yield used, counts, len(users)
    people = {row["name"] for _path, rows in site.of_type("Users") for row in rows}
    yield from (row for row in users if row["name"] not in people or not row["isBackedUp"])
    if site.version == 4:
        backed_up = {row["name"] for _path, rows in site.of_type("Users") for row in rows if row["isBackedUp"]}
        yield from (row for row in users if row["name"] not in backed_up)


def backups_of_an_organization_are_those_of_its_jobs(site: Site) -> Iterator[Any]:
    if site.version < 8:
        return
    for owner in site.entries("Organizations"):
        ends = [
            job["lastBackup"]
            for job in site.entries("Jobs")
            if job["organizationId"] == owner["id"] and "lastBackup" in job
        ]
        if owner["isBackedup"] is not bool(ends) or (ends and owner["lastBackuptime"] < max(ends)):
            yield owner["name"], owner.get("lastBackuptime"), ends


def restore_points_are_what_runs_left(site: Site) -> Iterator[Any]:
    if site.version < 7:
        return
    ends = {(row["jobId"], row["backupTime"]) for row in site.entries("RestorePoints")}
    jobs = site.entries("Jobs") + site.entries("CopyJobs")
    sessions = site.entries("JobSessions")
    good = [row for row in sessions if row["status"] in ("Success", "Warning")]
    runs = {(row["_links"]["job"]["href"].rsplit("/", 1)[1], row["endTime"]) for row in good}
    known = {job["id"] for job in jobs}
    if ends != {run for run in runs if run[0] in known}:
        yield ends ^ runs


def space_fits(site: Site) -> Iterator[Any]:
    """The space that organizations use is not more than the occupied space."""
    used: Counter[str] = Counter()
    for _path, rows in site.of_type("usedRepositories"):
        for row in rows:
            used[row["_links"]["backupRepository"]["href"].rsplit("/", 1)[1]] += row["usedSpaceBytes"]
    for row in site.entries("BackupRepositories"):
        if "capacityBytes" in row and used[row["id"]] > row["capacityBytes"] - row["freeSpaceBytes"]:
            yield row["name"], used[row["id"]]
        if "capacityBytes" in row and not 0 <= row["freeSpaceBytes"] <= row["capacityBytes"]:
            yield row["name"]


def what_is_protected_exists(site: Site) -> Iterator[Any]:
    if site.version < 8:
        return
    for kind in ("Users", "Groups", "Sites", "Teams"):
        known = {row["id"] for path, rows in site.of_type(kind) if path.startswith("Organizations/") for row in rows}
        protected = site.entries(f"Protected{kind}")
        yield from (row for row in protected if row["id"] not in known)
        if not protected:
            yield kind, "nothing is protected"
    people = {row["displayName"] for row in site.entries("ProtectedUsers") if row["accountType"] == "User"}
    if len(people) != len(site.entries("LicensedUsers")):
        yield len(people), len(site.entries("LicensedUsers"))


RULES: tuple[Callable[[Site], Iterator[Any]], ...] = (
    every_link_can_be_followed, every_path_with_an_id_can_be_read, what_is_listed_is_what_is_read,
    an_id_is_listed_once_and_counts_are_right, names_of_others_are_known, licences_add_up,
    backups_of_an_organization_are_those_of_its_jobs, restore_points_are_what_runs_left, space_fits,
    what_is_protected_exists,
)  # fmt: skip


def states() -> Iterator[tuple[str, Local]]:
    yield "default", Local()
    yield "generated", generated()
    night = Local()
    night.advance(hours=20)
    yield "a night later", night


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["default", "generated", "a night later"])
def test_no_link_leads_nowhere_and_nothing_contradicts_itself(version: int, name: str) -> None:
    site = crawl(dict(states())[name], version)
    assert len(site.links) > 300 and len(site.answers) > 150, (len(site.links), len(site.answers))
    broken = {rule.__name__: list(rule(site))[:3] for rule in RULES}
    assert {rule: found for rule, found in broken.items() if found} == {}


def test_the_rules_find_what_is_wrong() -> None:
    """Each rule reports an answer that violates it."""
    site = crawl(Local(), 8)
    row = site.entries("Jobs")[0]
    row["repositoryId"] = "nowhere"
    site.answers["License"]["usedNumber"] += 1
    site.entries("RestorePoints").pop()
    site.entries("ProtectedTeams").append({"id": "gone"})
    site.entries("BackupRepositories")[0]["freeSpaceBytes"] = 1 << 50
    site.entries("Organizations")[0]["lastBackuptime"] = "2000-01-01T00:00:00Z"
    site.entries("JobSessions").append(site.entries("JobSessions")[0])
    site.links.append(("self", "/v8/nowhere", "here", 404))
    site.paths.append(("nowhere", 404))
    assert [rule.__name__ for rule in RULES if not list(rule(site))] == []
