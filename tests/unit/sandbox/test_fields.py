# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The fields of each version, and their format."""

from __future__ import annotations

from typing import Any

import pytest
from in_process import VERSIONS, Local

CONTOSO = "8d1f2b4e-6c3a-4f57-9a0e-2b7c5d914e60"
PROXY = "3b6d80f4-1c9e-4a75-8e2d-f59a07c4b611"
S3, S3_COPY = "f04b9a6c-35d2-4e8b-a1c7-90de2f6b7718", "7e3c5b20-9a64-4f1d-b8e7-06c2d5f9a143"
ALL = (3, 8)

#: path, field (dots for nested ones), first and last version that show it
FIELDS: list[tuple[str, str, tuple[int, int]]] = [
    ("Organizations/{org}", "isBackedup", (3, 6)),
    ("Organizations/{org}", "firstBackuptime", (3, 6)),
    ("Organizations/{org}", "lastBackuptime", (3, 6)),
    ("Organizations/{org}?extendedView=true", "lastBackuptime", ALL),
    ("Organizations/{org}?extendedView=false", "lastBackuptime", (3, 5)),
    ("Organizations/{org}", "exchangeOnlineSettings.account", ALL),
    ("Organizations/{org}", "exchangeOnlineSettings.grantAdminAccess", ALL),
    ("Organizations/{org}", "sharePointOnlineSettings.useMfa", ALL),
    ("Organizations/{org}", "exchangeOnlineSettings.password", (0, 0)),
    ("Organizations/{org}", "_links.rbacRoles", (6, 8)),
    ("Proxies/{proxy}", "threadsNumber", (3, 6)),
    ("Proxies/{proxy}?extendedView=true", "threadsNumber", (3, 7)),
    ("Proxies/{proxy}?extendedView=false", "threadsNumber", (3, 5)),
    ("Proxies/{proxy}", "internetProxyType", (5, 7)),
    ("Proxies/{proxy}", "serviceAccount", (8, 8)),
    ("Proxies/{proxy}", "_links.repositories", ALL),
    ("BackupRepositories/{s3}", "capacityBytes", (3, 7)),
    ("BackupRepositories/{s3}", "freeSpaceBytes", (3, 7)),
    ("BackupRepositories/{s3}", "path", (0, 0)),
    ("BackupRepositories/{s3}", "objectStorage.accountId", (8, 8)),
    ("BackupRepositories/{s3}", "objectStorage.enableImmutabilityGovernanceMode", (8, 8)),
    ("BackupRepositories/{s3}", "objectStorage._links", (8, 8)),
    ("BackupRepositories/{s3}", "objectStorage.immutabilityPeriodDays", (0, 0)),
    ("BackupRepositories/{copy}", "objectStorage.immutabilityPeriodDays", (8, 8)),
    ("License", "gracePeriodExpires", (7, 8)),
    ("License", "package", (7, 8)),
    ("License", "expirationDate", (3, 6)),
    ("Organizations/{org}/usedRepositories", "results.0.localCacheUsedSpaceBytes", ALL),
    ("Organizations/{org}/usedRepositories", "results.0.objectStorageUsedSpaceBytes", ALL),
    ("Organizations/{org}/usedRepositories", "results.0.protectedObjectsCount", (8, 8)),
    ("Organizations/{org}/usedRepositories", "results.0.repositoryId", (8, 8)),
]


@pytest.fixture(scope="module")
def local() -> Local:
    return Local()


def inside(value: Any, path: str) -> bool:
    for part in path.split("."):
        if isinstance(value, list):
            value = value[int(part)]
        elif part in value:
            value = value[part]
        else:
            return False
    return True


@pytest.mark.parametrize(("path", "name", "versions"), FIELDS, ids=str)
def test_a_field_is_there_in_its_versions(local: Local, path: str, name: str, versions: tuple[int, int]) -> None:
    path = path.format(org=CONTOSO, proxy=PROXY, s3=S3, copy=S3_COPY)
    shown = [version for version in VERSIONS if inside(local.get(path, version), name)]
    assert shown == [version for version in VERSIONS if versions[0] <= version <= versions[1]]


def test_a_proxy_that_is_offline_tells_less() -> None:
    state = Local().control("GET", "state")
    state["proxies"][0]["status"] = "Offline"
    proxy = Local(state=state).get(f"Proxies/{PROXY}?extendedView=true", 7)
    assert proxy["status"] == "Offline" and "threadsNumber" not in proxy


@pytest.mark.parametrize("version", VERSIONS)
def test_names_of_an_organization(version: int) -> None:
    """officeName is the domain; name is the domain too, or the name that somebody gave the organization."""
    local = Local()
    shown = local.get(f"Organizations/{CONTOSO}", version)
    assert (shown["name"], shown["officeName"]) == ("contoso.onmicrosoft.com",) * 2
    local.control("PATCH", "switches", {"organization_name": "display"})
    shown = local.get(f"Organizations/{CONTOSO}", version)
    assert (shown["name"], shown["officeName"]) == ("Contoso", "contoso.onmicrosoft.com")
    assert shown["exchangeOnlineSettings"]["officeOrganizationName"] == "contoso.onmicrosoft.com"


def test_words_of_the_server(local: Local) -> None:
    assert set(local.get("Health")["entries"]) == {"nats", "configurationDb"}
    assert local.get("License")["package"] == "M365Suite"
    # the newest build whose answers have this format
    assert local.get("ServiceInstance")["version"].startswith("8.4.")


@pytest.mark.parametrize("version", [version for version in VERSIONS if version >= 4])
def test_repositories_of_a_proxy(local: Local, version: int) -> None:
    for proxy in local.results("Proxies", version):
        found = [entry["id"] for entry in local.results(f"BackupRepositories?proxyId={proxy['id']}", version)]
        known = [
            entry["id"] for entry in local.results("BackupRepositories", version) if entry.get("proxyId") == proxy["id"]
        ]
        assert found == known, "the filter follows the field"
        if version <= 7:
            assert found and found == [
                entry["id"] for entry in local.results(f"Proxies/{proxy['id']}/Repositories", version)
            ]


@pytest.mark.parametrize("version", VERSIONS)
def test_used_space_is_where_the_backups_are(local: Local, version: int) -> None:
    used = local.results(f"Organizations/{CONTOSO}/usedRepositories", version)
    state = local.control("GET", "state")
    jobs = {job["id"]: job["repository"] for job in state["jobs"] if job["organization"] == CONTOSO}
    copies = [copy["repository"] for copy in state["copy_jobs"] if copy["backup_job"] in jobs and version >= 6]
    shown = {entry["_links"]["backupRepository"]["href"].rsplit("/", 1)[1] for entry in used}
    assert shown == {*jobs.values(), *copies}
    for entry in used:
        assert (entry["usedSpaceBytes"] == 0) is (entry["objectStorageUsedSpaceBytes"] > 0)
