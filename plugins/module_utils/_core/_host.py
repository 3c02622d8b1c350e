# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The interface of a host: what the function of a module can use."""

from __future__ import annotations

import typing as t

from .._api._client import Client
from .._types import Data


class Host(t.Protocol):
    """Runs a definition, in a module process or in the controller."""

    params: Data
    check_mode: bool
    diff: bool

    def warn(self, text: str) -> None:
        """Show a warning to the user."""

    def client(self) -> t.ContextManager[Client]:
        """A session with the server of the connection options; read-only in check mode."""
