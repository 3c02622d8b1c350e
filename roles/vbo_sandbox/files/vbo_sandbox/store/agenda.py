# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The event queue of a server. There is no timer: due events are processed when the next request arrives."""

from __future__ import annotations

import heapq
from collections import Counter

from .model import CopyJob, Job, Session


class Agenda:
    """Future events, runs in progress, and the jobs whose next start has not been computed yet."""

    def __init__(self, now: float) -> None:
        #: all events up to this time have been processed
        self.played = now
        self.active: dict[str, Session] = {}
        self.unplanned: set[str] = set()
        #: number of starts by kind, and of ends by status
        self.tally: Counter[str] = Counter()
        self._heap: list[tuple[float, int, str, str]] = []
        self._serial = 0

    def add(self, at: float, kind: str, key: str) -> None:
        """Add an event; events with the same time are processed in the order in which they were added.

        An event that is obsolete when it is due, because the job was changed in the meantime, has no effect.
        """
        self._serial += 1
        heapq.heappush(self._heap, (at, self._serial, kind, key))

    def take(self, until: float) -> tuple[float, str, str] | None:
        """Remove and return the next event that is due by *until*, or None."""
        if not self._heap or self._heap[0][0] > until:
            return None
        at, _serial, kind, key = heapq.heappop(self._heap)
        return at, kind, key

    def replan(self, entry: Job | CopyJob) -> None:
        """Request a new computation of the next start, after the job was created or changed."""
        entry.planned = None
        self.unplanned.add(entry.id)
