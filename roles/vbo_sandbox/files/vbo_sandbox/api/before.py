# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Steps before a request is handled: latency, faults, and simulated changes by other clients."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import replace

from ..faults.rules import Action
from ..store.server import Server
from ..store.state import State


async def acting(server: Server, method: str, path: str) -> Action | None:
    """Apply latency and the steps of a matching fault rule that come before handling; return its action, or None."""
    latency = server.switches.latency_ms
    if latency:
        await asyncio.sleep(latency / 1000)
    action = next((rule.then for rule in server.faults.rules if rule.takes(method, path)), None)
    if action is None:
        return None
    server.journal.faults += 1
    if action.delay:
        await asyncio.sleep(action.delay)
    if action.forget_tokens:
        server.tokens.revoke_all()
    if action.meanwhile:
        MEANWHILE[action.meanwhile](server.state)
    return action


def _create(state: State) -> None:
    """Create a job as another client would; it comes first in every list."""
    first = next(iter(state.jobs.values()))
    twin = replace(first, id=str(uuid.uuid4()), name=f"Meanwhile {state.next_tag()}", e_tag=state.next_tag())
    state.jobs = {twin.id: twin, **state.jobs}


def _delete(state: State) -> None:
    """Delete the job that comes first in every list, as another client would."""
    first = next(iter(state.jobs), None)
    if first is not None:
        del state.jobs[first]


MEANWHILE = {"create": _create, "delete": _delete}
