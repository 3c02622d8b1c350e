# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The requests that create, change and switch a copy job."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._core._fields import Request
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._copy_job._model import COPY_JOB

AFTER = {
    "job": "Mail",
    "organization": "contoso",
    "repository": "Copies",
    "enabled": False,
    "schedule_policy": {"type": "immediate", "backup_copy_window_enabled": False},
}
POLICY = {"type": "Immediate", "backupCopyWindowEnabled": False}
#: what every version knows (REST API reference, "Create Backup Copy Job")
NEW = {"backupJobId": "j1", "repositoryId": "r1", "isEnabled": False, "schedulePolicy": POLICY}


class Names:
    """The ids of one job, one organization and one repository."""

    def name(self, target: t.Any, identifier: str | None) -> str | None:
        raise AssertionError("a request contains ids")

    def identifier(self, target: t.Any, wanted: str) -> str:
        return {"Mail": "j1", "contoso": "o1", "Copies": "r1"}[wanted]


@pytest.mark.parametrize(
    ("number", "body"),
    [
        pytest.param(6, NEW, id="v6"),
        pytest.param(7, NEW, id="v7"),
        pytest.param(8, {**NEW, "organizationId": "o1"}, id="v8"),
    ],
)
def test_only_v8_expects_the_organization_of_a_new_copy_job(number: int, body: dict[str, t.Any]) -> None:
    request = COPY_JOB.request("create", None, AFTER, {}, Names(), number, set(AFTER))
    assert request == Request("POST", "CopyJobs", body)


@pytest.mark.parametrize(
    ("changed", "body"),
    [
        ({"repository"}, {"repositoryId": "r1"}),
        ({"schedule_policy"}, {"schedulePolicy": POLICY}),
        ({"repository", "schedule_policy", "enabled"}, {"repositoryId": "r1", "schedulePolicy": POLICY}),
    ],
)
def test_an_edit_contains_what_changes_and_never_the_job(changed: set[str], body: dict[str, t.Any]) -> None:
    request = COPY_JOB.request("update", {"id": "c1"}, AFTER, {}, Names(), 8, changed)
    assert request == Request("PUT", "CopyJobs/c1", body)


@pytest.mark.parametrize(("enabled", "path"), [(True, "CopyJobs/c1/enable"), (False, "CopyJobs/c1/disable")])
def test_a_copy_job_is_enabled_and_disabled_by_requests_of_their_own(enabled: bool, path: str) -> None:
    by = COPY_JOB.paths["enabled"].by
    assert by is not None
    assert by("c1", enabled, not enabled, 8) == [Request("POST", path)]
