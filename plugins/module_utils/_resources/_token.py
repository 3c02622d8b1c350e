# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The work of C(vbo_auth_token): one login for a whole play, revoked at its end."""

from __future__ import annotations

import typing as t

from .._core._host import Host
from .._errors import InputError
from .._input._argspec import ArgSpec
from .._types import Data

AUTH_TOKEN = ArgSpec({"state": {"type": "str", "choices": ["present", "absent"], "default": "present"}})


def seconds(value: t.Any) -> int:
    """Return the lifetime of a token in seconds, or 0 if the server does not give a number."""
    return int(value) if isinstance(value, (int, float)) and 0 < value < 1e9 else 0


def manage_token(host: Host) -> Data:
    """Log in and return the token, or revoke one."""
    params = host.params
    if params["state"] == "absent":
        if not params["token"]:
            raise InputError("token", "required to revoke it")
        with host.client() as client:
            # Check mode logs in, so it logs out too: neither changes anything that this collection manages.
            revoked = client.version.has_logout and client.revoke(params["token"])
            return {"changed": False, "revoked": bool(revoked), "api_version": client.version.name}
    if not (params["username"] and params["password"]):
        raise InputError("username", "username and password are required to log in")
    with host.client() as client:
        answer = client.log_in_for_others()
        return {
            "changed": False,
            "token": answer["access_token"],
            "expires_in": seconds(answer.get("expires_in")),
            "api_version": client.version.name,
        }
