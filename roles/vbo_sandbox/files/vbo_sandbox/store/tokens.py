# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The tokens of a server: issued, used, expired, revoked."""

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
    """The tokens of one server; they hold for all its versions."""

    def __init__(self) -> None:
        self.access: dict[str, Token] = {}
        self.refresh: dict[str, Token] = {}

    def issue(self, user: str, antiforgery: str, lifetime: int, refresh_lifetime: int) -> tuple[str, str]:
        """A new pair of tokens."""
        now = time.time()
        access, refresh = secrets.token_urlsafe(96), secrets.token_urlsafe(48)
        self.access[access] = Token(user, now + lifetime, antiforgery, refresh)
        self.refresh[refresh] = Token(user, now + refresh_lifetime, antiforgery, access)
        return access, refresh

    def check(self, value: str, most: int = 0) -> Token | None:
        """The access token, if it is valid, and has been used less often than it may be."""
        token = self.access.get(value)
        if token is None or token.expires <= time.time():
            return None
        token.uses += 1
        return None if most and token.uses > most else token

    def revoke(self, value: str) -> None:
        """Forget an access token and its refresh token."""
        token = self.access.pop(value, None)
        if token is not None:
            self.refresh.pop(token.partner, None)

    def revoke_all(self) -> None:
        """Forget everything."""
        self.access.clear()
        self.refresh.clear()

    def expire_access(self) -> int:
        """Let all access tokens expire now; refresh tokens stay."""
        count = len(self.access)
        for token in self.access.values():
            token.expires = 0.0
        return count
