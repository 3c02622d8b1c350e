# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One sample for each declared resource: the data of the twelve steps, and the resulting state of the sandbox."""

from __future__ import annotations

import dataclasses
import typing as t

Values = dict[str, t.Any]
SECRET = "Birch-Compass-7719"


@dataclasses.dataclass(frozen=True)
class Sample:
    """An object that is created, changed and deleted.

    :arg identity: the options that name it
    :arg creation: the other options that create it, but for its secrets, and the same in the sandbox's words
    :arg change: what is changed then; empty where nothing can be
    :arg state: where the sandbox keeps it, and by which key and value it is found
    :arg secrets: options with secrets, and the key under which the sandbox keeps the SHA-256 of each
    :arg in_use: the identity of an object of the sandbox's initial state that something uses
    """

    identity: Values
    creation: Values
    created: Values
    change: Values
    changed: Values
    state: tuple[str, str, str]
    secrets: Values
    in_use: Values

    def new(self) -> Values:
        """The options that create it."""
        return {**self.identity, **self.creation, **dict.fromkeys(self.secrets, SECRET)}

    def edit(self, secret: str = SECRET) -> Values:
        """The options that change the object in use, and give a secret."""
        return {**self.in_use, **self.change, **dict.fromkeys(self.secrets, secret)}


SAMPLES = {
    "cloud_account": Sample(
        identity={"name": "AKIAsample", "account_type": "amazon_s3_compatible_account"},
        creation={"description": "First"},
        created={
            "user_name": "AKIAsample",
            "account_type": "amazonS3CompatibleAccount",
            "description": "First",
        },
        change={"description": "Second"},
        changed={"description": "Second"},
        state=("cloud_accounts", "user_name", "AKIAsample"),
        secrets={"secret_key": "secret"},
        in_use={"name": "AKIAEXAMPLEFRANKFURT"},
    ),
    "encryption_key": Sample(
        identity={"description": "Sample 2026"},
        creation={},
        created={"description": "Sample 2026"},
        change={},
        changed={},
        state=("encryption_keys", "description", "Sample 2026"),
        secrets={"encryption_password": "secret"},
        in_use={"description": "Frankfurt 2026"},
    ),
}
