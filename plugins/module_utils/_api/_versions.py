# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Differences between API versions in paths, pages and features.

The versions of options and values are in the fields of the resource declarations. Most of these differences are in the
changelog of a version (REST API reference of v5 to v8, "Resource Changes" and "Breaking Changes").
"""

from __future__ import annotations

import dataclasses
import typing as t

from .._errors import Unsupported

NUMBERS = (8, 7, 6, 5, 4, 3)  # the order in which C(api_version=auto) probes
NAMES = tuple(f"v{number}" for number in reversed(NUMBERS))

#: collections that come in pages in every version
PAGED = ("Users", "Groups", "Sites", "Teams", "LogItems", "LicensedUsers")
#: collections that are arrays in every version (REST API reference, "Get Accounts", "Get Azure Service Accounts",
#: "Get Encryption Passwords" and "Get All Restore Operator Roles")
ARRAYS = ("Accounts", "AzureServiceAccounts", "EncryptionKeys", "RbacRoles")


@dataclasses.dataclass(frozen=True)
class ApiVersion:
    """One API version, with the paths and shapes in which it differs from the others."""

    number: int

    @property
    def name(self) -> str:
        return f"v{self.number}"

    @property
    def has_service_instance(self) -> bool:
        """C(GET /ServiceInstance) (REST API reference, "Get Version and Installation ID").

        Earlier versions are probed with C(GET /Jobs).
        """
        return self.number >= 6

    @property
    def probe_path(self) -> str:
        return "ServiceInstance" if self.has_service_instance else "Jobs"

    @property
    def has_logout(self) -> bool:
        return self.number >= 7

    @property
    def has_antiforgery(self) -> bool:
        return self.number >= 7

    @property
    def has_schedule_enabled(self) -> bool:
        return self.number >= 5

    @property
    def has_periodically_window(self) -> bool:
        return self.number >= 6

    @property
    def has_periodically_window_flag(self) -> bool:
        """Whether the window has a separate switch.

        There is none in v6 (REST API reference of v6 and v7, schema "RESTJobSchedulePolicy").
        """
        return self.number >= 7

    @property
    def has_proxy_in_job(self) -> bool:
        return self.number <= 5

    @property
    def has_enabled_at_creation(self) -> bool:
        return self.number >= 6

    @property
    def has_extended_view(self) -> bool:
        return self.number >= 6

    @property
    def has_proxy_pools(self) -> bool:
        return self.number >= 8

    @property
    def has_health(self) -> bool:
        return self.number >= 8

    @property
    def has_licence(self) -> bool:
        return self.number >= 5

    @property
    def has_organization_in_copy_job(self) -> bool:
        return self.number >= 8

    @property
    def has_copy_jobs(self) -> bool:
        return self.number >= 6

    def pages(self, resource: str) -> bool:
        """Whether the collection takes C(limit) and C(offset): nearly all do in v8, few before.

        Jobs and others have pages from v8 on, sessions from v5 on (REST API reference of v8, "Resource Changes", and of
        v5, "Breaking Changes"). Users, groups and sites have pages up to v5, too (observed; not documented).
        """
        collection = resource.rsplit("/", 1)[-1]
        if collection in ARRAYS:
            return False
        return self.number >= 8 or collection in PAGED or (collection == "JobSessions" and self.number >= 5)

    def jobs_path(self, organization_id: str | None) -> tuple[str, dict[str, str]]:
        """Path and query that list the jobs of an organization, or all jobs."""
        if organization_id is None:
            return "Jobs", {}
        if self.number >= 8:
            return "Jobs", {"organizationId": organization_id}
        return f"Organizations/{organization_id}/Jobs", {}

    def create_job(self, organization_id: str) -> tuple[str, dict[str, str]]:
        """Return the path of the creating POST, and the part of its body about the organization."""
        if self.number >= 8:
            return "Jobs", {"organizationId": organization_id}
        return f"Organizations/{organization_id}/Jobs", {}

    def job_action(self, job_id: str, action: str, full: bool = False) -> tuple[str, t.Any]:
        """Path and body of an action: C(enable), C(disable), C(start), C(stop).

        The paths differ from v6 on (REST API reference of v5, "Managing Backup Jobs", and of v6, "Global Changes").

        :arg full: start an active full backup, which versions before v6 do not support
        """
        if self.number <= 5:
            return f"Jobs/{job_id}/Action", {action: None}
        return f"Jobs/{job_id}/{action}", {"full": full} if action == "start" else None

    def sessions_path(self, job_id: str | None) -> tuple[str, dict[str, str]]:
        """Path and query that list sessions, all or those of a job (REST API reference of v7, "Resource Changes")."""
        if job_id is None:
            return "JobSessions", {}
        if self.number >= 7:
            return "JobSessions", {"jobId": job_id}
        return f"Jobs/{job_id}/JobSessions", {}

    def require(self, what: str, first: int, option: str) -> None:
        """Fail if a feature requires a later API version."""
        if self.number < first:
            raise Unsupported(option, f"{what} require API v{first} or later (in use: {self.name})")


VERSIONS = {f"v{number}": ApiVersion(number) for number in NUMBERS}
