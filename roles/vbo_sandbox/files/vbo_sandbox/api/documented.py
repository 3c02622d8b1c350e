# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Routes of the product that the sandbox does not simulate; they return 501 to tell them from unknown paths."""

from __future__ import annotations

from collections.abc import Iterator

from .web import Context, NotSimulated, Reply, Route

#: first path segment -> first version, for areas not simulated: restores, browsing of clouds, sign-in for mail
AREAS = {
    "auditemailsettings": 6,
    "azureresources": 6,
    "azureserviceaccounts": 6,
    "dataretrievals": 6,
    "dataretrievalsessions": 6,
    "ec2resources": 6,
    "licensing": 6,
    "organization": 6,
    "reports": 6,
    "restoresessions": 3,
    "s3compatibleresources": 6,
    "s3resources": 6,
    "vboemailsettings": 3,
    "veodemailsettings": 6,
    "vespemailsettings": 6,
    "vetemailsettings": 6,
    "vexemailsettings": 3,
}

#: (first version, last version, methods, path)
ROWS = """
3 8 POST                    BackupRepositories
3 8 DELETE,PUT              BackupRepositories/{repository}
3 8 GET                     BackupRepositories/{repository}/backedupOrganizations
8 8 POST                    BackupRepositories/{repository}/changeOwner
7 8 POST                    BackupRepositories/{repository}/explore
6 8 GET                     BackupRepositories/{repository}/GroupData
6 8 GET                     BackupRepositories/{repository}/GroupData/{data}
6 8 GET                     BackupRepositories/{repository}/MailboxData
6 8 GET                     BackupRepositories/{repository}/MailboxData/{data}
6 8 GET                     BackupRepositories/{repository}/OneDriveData
6 8 GET                     BackupRepositories/{repository}/OneDriveData/{data}
6 8 GET                     BackupRepositories/{repository}/OrganizationData
6 8 GET                     BackupRepositories/{repository}/OrganizationData/{data}
6 8 GET                     BackupRepositories/{repository}/SiteData
6 8 GET                     BackupRepositories/{repository}/SiteData/{data}
6 8 POST                    BackupRepositories/{repository}/Sync
6 8 GET                     BackupRepositories/{repository}/TeamData
6 8 GET                     BackupRepositories/{repository}/TeamData/{data}
6 8 GET                     BackupRepositories/{repository}/UserData
6 8 GET                     BackupRepositories/{repository}/UserData/{data}
8 8 GET,PUT                 Configuration/Updates
5 8 POST                    DeviceCode
5 8 POST                    DeviceCode/check
3 8 GET,PUT                 ExclusionSettings
6 8 GET,PUT                 GlobalRetentionExclusionSettings
3 8 GET,PUT                 HistorySettings
3 8 GET,PUT                 InternetProxySettings
6 8 POST                    Jobs/{job}/explore
7 7 GET                     JobSessions/Changes
6 8 PUT                     License/AutoUpdate
6 8 POST                    License/Install
6 8 POST                    License/Update
6 8 DELETE                  LicensedUsers/{user}
6 8 GET                     ManagementMode
6 7 PUT                     ManagementMode
4 7 POST                    ObjectStorageRepositories
4 7 DELETE,PUT              ObjectStorageRepositories/{storage}
3 8 POST                    Organizations
3 8 DELETE,PUT              Organizations/{organization}
6 8 GET,POST                Organizations/{organization}/Applications
6 8 GET,POST                Organizations/{organization}/AuditItems
6 8 POST                    Organizations/{organization}/AuditItems/remove
6 8 GET,PUT                 Organizations/{organization}/BackupAccounts
6 8 GET,PUT                 Organizations/{organization}/BackupApplications
8 8 DELETE,POST             Organizations/{organization}/BackupApplications
6 8 POST                    Organizations/{organization}/DeviceCode
6 8 POST                    Organizations/{organization}/explore
6 8 POST                    Organizations/{organization}/RbacRoles
6 8 DELETE,GET,PUT          Organizations/{organization}/RetentionExclusion
7 8 POST                    Organizations/{organization}/Sync
8 8 GET                     Organizations/{organization}/tenantInformation
6 8 GET                     Organizations/{organization}/Users/{object}/OneDrives/{drive}
8 8 GET,PUT                 Organizations/{organization}/versionBackupOptions
3 8 POST                    Proxies
8 8 POST                    Proxies/CheckSshConnectionConfig
6 8 POST                    Proxies/Rescan
3 8 PUT                     Proxies/{proxy}
3 5 POST                    Proxies/{proxy}/Action
8 8 POST                    Proxies/{proxy}/maintenance/disable
8 8 POST                    Proxies/{proxy}/maintenance/enable
6 8 POST                    Proxies/{proxy}/Remove
6 8 POST                    Proxies/{proxy}/Rescan
8 8 POST                    ProxyPools
8 8 DELETE,PUT              ProxyPools/{pool}
8 8 DELETE,POST             ProxyPools/{pool}/proxies
6 8 DELETE,PUT              RbacRoles/{role}
6 8 DELETE,POST             RbacRoles/{role}/excludedItems
6 8 GET                     RbacRoles/{role}/excludedItems/{item}
6 8 DELETE,POST             RbacRoles/{role}/operators
6 8 DELETE,POST             RbacRoles/{role}/selectedItems
6 8 GET                     RbacRoles/{role}/selectedItems/{item}
8 8 GET                     RepositoryOwnerChangeSessions
8 8 GET                     RepositoryOwnerChangeSessions/{session}
8 8 POST                    RepositoryOwnerChangeSessions/{session}/Stop
6 8 GET                     RepositorySynchronizeSessions
6 8 GET                     RepositorySynchronizeSessions/{session}
6 8 POST                    RepositorySynchronizeSessions/{session}/StopSynchronize
7 7 GET                     RestorePoints/Changes
6 6 GET                     RestorePoints/{point}/mailboxes
6 6 GET                     RestorePoints/{point}/onedrives
7 7 GET                     RestorePoints/{point}/protectedGroups
7 7 GET                     RestorePoints/{point}/protectedMailboxes
7 7 GET                     RestorePoints/{point}/protectedOnedrives
7 7 GET                     RestorePoints/{point}/protectedSites
7 7 GET                     RestorePoints/{point}/protectedTeams
7 7 GET                     RestorePoints/{point}/protectedUsers
6 6 GET                     RestorePoints/{point}/teams
6 6 GET                     RestorePoints/{point}/webs
"""


def refuse(ctx: Context) -> Reply:
    """Report that the sandbox does not simulate this request."""
    raise NotSimulated(f"not simulated: {ctx.method} {ctx.path}")


def routes() -> Iterator[Route]:
    """Yield the rows as routes, one for each method."""
    for row in ROWS.split("\n"):
        if row:
            since, until, methods, template = row.split()
            for method in methods.split(","):
                yield Route(method, template, refuse, int(since), int(until), anonymous=False, served=False)


def in_area(version: int, method: str, path: str) -> Route | None:
    """Return the route of a request in one of the areas, or None."""
    area = path.strip("/").split("/")[0]
    if version < AREAS.get(area.lower(), 99):
        return None
    return Route(method, f"{area}/...", refuse, version, version, anonymous=False, served=False)
