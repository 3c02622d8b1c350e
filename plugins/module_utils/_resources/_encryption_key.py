# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Encryption keys: passwords that encrypt repositories, known by their hints."""

from __future__ import annotations

from .._api._references import ORGANIZATION
from .._core._fields import CREATE, EDIT, Ref, Request, Secret, Text
from .._core._kind import Kind, Use, Write
from .._core._object import Managed
from .._core._plan import Plan
from .._errors import InputError, Unsupported


def replaceable(plan: Plan, key: Managed) -> None:
    """Fail for a new password that the API cannot set: it needs v7 or earlier and the old password.

    In v8 there is no edit of keys (REST API reference of v8, "Breaking Changes").
    """
    if plan.action != "update" or "encryption_password" not in plan.fields:
        return
    if key.number >= 8:
        raise Unsupported(
            "update_password",
            "API v8 cannot replace the password of an encryption key. Create a key with another description, "
            "assign it to the repositories, and delete this one when no repository uses it",
        )
    if "old_encryption_password" not in key.given:
        raise InputError("old_encryption_password", "required to replace the password of an encryption key")


def replace(write: Write) -> Request:
    """Return the request of an edit in v6 and v7, which has different keys.

    They are those of v5 (REST API reference of v5, "Editing Passwords").
    """
    body = {
        "description": write.after["description"],
        "oldPassword": write.secrets["old_encryption_password"],
        "newPassword": write.secrets["encryption_password"],
    }
    return Request("PUT", write.path, body)


ENCRYPTION_KEY = Kind(
    "encryption_key",
    "EncryptionKeys",
    [
        Text("description", on=CREATE, required=CREATE, exact=True),
        Ref("organization", "organizationId", ORGANIZATION, since=8, on=CREATE),
        Secret("encryption_password", "password", required=CREATE),
        Secret("old_encryption_password", "oldPassword", until=7, on=EDIT),
    ],
    identity=("description",),
    rules=[replaceable],
    used_by=[Use("repository", "BackupRepositories", "encryptionKeyId")],
    update=replace,
)
