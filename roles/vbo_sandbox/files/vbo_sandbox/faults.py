# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Faults: what can go wrong between the client and the handlers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .app import Server


async def before(server: Server) -> None:
    """Called before a request is handled: latency."""
    latency = server.switches.latency_ms
    if latency:
        await asyncio.sleep(latency / 1000)
