# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Cloud accounts: the credentials of object storage."""

from __future__ import annotations

from .._api._references import ORGANIZATION
from .._core._fields import CREATE, EDIT, Choice, Ref, Request, Secret, Text
from .._core._kind import Kind, Use, Write
from .._core._object import Managed
from .._core._plan import Plan
from .._errors import shown
from .._spelling import camel


def another_key(plan: Plan, account: Managed) -> list[str]:
    """Warn that a changed user name creates a second account, because the server identifies accounts by it."""
    wanted = plan.after or {}
    if plan.action != "create" or not wanted.get("description"):
        return []
    names = [
        str(other.get("userName"))
        for other in account.others
        if other.get("description") == wanted["description"]
        and other.get("accountType") == camel(str(wanted.get("account_type")))
    ]
    return [
        f"name: {shown(name)} has the same type and description. A different user name means a different account: "
        f"a second one is created, and {shown(name)} is kept."
        for name in names[:1]
    ]


def with_old_secret(write: Write) -> Request:
    """Add the old secret to an edit, which API versions up to v7 support (REST API reference of v7, "Edit Account")."""
    body = write.body
    if "old_secret_key" in write.secrets:
        body = {**body, "newPassword": write.secrets["secret_key"]}
    return Request("PUT", write.path, body)


CLOUD_ACCOUNT = Kind(
    "cloud_account",
    "Accounts",
    [
        Text("name", "userName", on=CREATE, required=CREATE, exact=True),
        Choice(
            "account_type",
            "azure_blob_account amazon_s3_account amazon_s3_compatible_account",
            wire=camel,
            on=CREATE,
            required=CREATE,
        ),
        Text("description", clear=""),
        Ref("organization", "organizationId", ORGANIZATION, since=8, on=CREATE),
        Secret("secret_key", "password", required=CREATE),
        Secret("old_secret_key", "oldPassword", until=7, on=EDIT),
    ],
    identity=("name", "account_type"),
    advice=[another_key],
    used_by=[
        Use("repository", "BackupRepositories", "objectStorage.accountId", since=8),
        Use("object storage", "ObjectStorageRepositories", "accountId", until=7),
    ],
    update=with_old_secret,
)
