# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Issue, check, expire and revoke the tokens of a server."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass


@dataclass
class Token:
    """An access or refresh token."""

    user: str
    expires: float
    antiforgery: str
    partner: str
    uses: int = 0


class Tokens:
    """The tokens of one server; they are valid for all its API versions."""

    def __init__(self) -> None:
        self.access: dict[str, Token] = {}
        self.refresh: dict[str, Token] = {}

    def issue(self, user: str, antiforgery: str, lifetime: int, refresh_lifetime: int) -> tuple[str, str]:
        """Return a new pair of access and refresh token."""
        now = time.time()
        access, refresh = secrets.token_urlsafe(96), secrets.token_urlsafe(48)
        self.access[access] = Token(user, now + lifetime, antiforgery, refresh)
        self.refresh[refresh] = Token(user, now + refresh_lifetime, antiforgery, access)
        return access, refresh

    def check(self, value: str, most: int = 0) -> Token | None:
        """Return the access token if it is valid and has requests left; count this request."""
        token = self.access.get(value)
        if token is None or token.expires <= time.time():
            return None
        token.uses += 1
        return None if most and token.uses > most else token

    def revoke(self, value: str) -> None:
        """Revoke an access token and its refresh token."""
        token = self.access.pop(value, None)
        if token is not None:
            self.refresh.pop(token.partner, None)

    def revoke_all(self) -> None:
        """Revoke all tokens."""
        self.access.clear()
        self.refresh.clear()

    def expire_access(self) -> int:
        """Expire all access tokens now; refresh tokens stay valid."""
        count = len(self.access)
        for token in self.access.values():
            token.expires = 0.0
        return count
