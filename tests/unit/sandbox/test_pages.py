# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Following the links of a page returns all requested entries, and no others."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from in_process import Local

CONTOSO = "8d1f2b4e-6c3a-4f57-9a0e-2b7c5d914e60"
FABRIKAM = "63e92db4-8c0a-46df-ba92-15f46011c4a5"
FINANCE = "51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95"
PROXY = "3b6d80f4-1c9e-4a75-8e2d-f59a07c4b611"

#: versions, a list with a filter, and a check that an entry matches it
FILTERED: list[tuple[tuple[int, ...], str, Any]] = [
    ((8,), f"Jobs?organizationId={CONTOSO}", lambda job: job["organizationId"] == CONTOSO),
    ((8,), f"jobs?ORGANIZATIONID={FABRIKAM}&", lambda job: job["organizationId"] == FABRIKAM),
    ((8,), f"BackupRepositories?proxyId={PROXY}&longTerm=false", lambda found: not found["isLongTerm"]),
    ((7, 8), f"JobSessions?jobId={FINANCE}", lambda session: session["_links"]["job"]["href"].endswith(FINANCE)),
    ((6, 7, 8), "JobSessions?jobType=Copy", lambda session: "/CopyJobs/" in session["_links"]["job"]["href"]),
    ((8,), "JobSessions?status=Succeeded", lambda session: session["status"] == "Success"),
    (
        (8,),
        "JobSessions?endTimeLowerBound=2026-02-04T09:00:00%2B01:00",
        lambda session: session["creationTime"] >= "2026-02-04T08:00:00",
    ),
    ((7, 8), f"Organizations/{CONTOSO}/Users?displayName=*a%3F", lambda user: user["displayName"][-2].lower() == "a"),
    ((3, 4), f"Organizations/{CONTOSO}/Users?name=info", lambda user: "info" in user["name"]),
    ((3, 5, 8), f"Organizations/{CONTOSO}/Sites?includePersonalSites=true", lambda site: site["url"]),
    ((7, 8), f"Organizations/{CONTOSO}/Sites?filter=a%26b%3Dc", lambda site: False),
    ((8,), "Organizations?extendedView=true", lambda owner: "isBackedup" in owner),
]
CASES = [(version, path, fits) for versions, path, fits in FILTERED for version in versions]


@pytest.fixture(scope="module")
def local() -> Local:
    local = Local()
    local.advance(days=1)
    return local


def follow(local: Local, version: int, path: str, limit: int) -> list[Any]:
    """Return all entries, page by page."""
    found: list[Any] = []
    path = f"{path}{'&' if '?' in path else '?'}limit={limit}"
    while path:
        page = local.get(path, version)
        found += page["results"]
        assert page["_links"]["self"]["href"]
        link = urlsplit(page["_links"].get("next", {}).get("href", ""))
        path = f"{link.path.lstrip('/').split('/', 1)[1]}?{link.query}" if link.path else ""
    return found


@pytest.mark.parametrize(
    ("version", "path", "fits"), CASES, ids=[f"v{version}-{path}" for version, path, _fits in CASES]
)
def test_the_filter_is_kept_on_every_page(local: Local, version: int, path: str, fits: Any) -> None:
    whole = follow(local, version, path, 10000)
    assert all(fits(entry) for entry in whole)
    assert whole or "%26" in path
    assert follow(local, version, path, 1) == whole
    everything = local.results(path.split("?")[0], version)
    assert len(whole) < len(everything) or "true" in path, "a filter that leaves something out"


def test_a_set_is_kept_too() -> None:
    local = Local(switches={"set_id": True})
    for version in (7, 8):
        page = local.get(f"Organizations/{CONTOSO}/Users?displayName=a&limit=2", version)
        following = local.get(page["_links"]["next"]["href"].split("/", 2)[2], version)
        assert following["setId"] == page["setId"] and following["offset"] == 2
        assert all("a" in user["displayName"].lower() for user in following["results"])
