# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is due on a server and when. Nothing ticks: what lies between two requests happens when the second arrives."""

from __future__ import annotations

import heapq
from collections import Counter

from .model import CopyJob, Job, Session


class Agenda:
    """The events to come, the runs under way, and the jobs whose next start is not known yet."""

    def __init__(self, now: float) -> None:
        #: up to this moment everything has happened
        self.played = now
        self.active: dict[str, Session] = {}
        self.unplanned: set[str] = set()
        #: how many starts of each kind, and ends of each status there were
        self.tally: Counter[str] = Counter()
        self._heap: list[tuple[float, int, str, str]] = []
        self._serial = 0

    def add(self, at: float, kind: str, key: str) -> None:
        """Note an event; events of the same moment happen in the order in which they were noted.

        An event that no longer fits when its time comes, since somebody changed the job, does nothing.
        """
        self._serial += 1
        heapq.heappush(self._heap, (at, self._serial, kind, key))

    def take(self, until: float) -> tuple[float, str, str] | None:
        """The next event up to a moment."""
        if not self._heap or self._heap[0][0] > until:
            return None
        at, _serial, kind, key = heapq.heappop(self._heap)
        return at, kind, key

    def replan(self, entry: Job | CopyJob) -> None:
        """The job was made or changed: its next start has to be found again."""
        entry.planned = None
        self.unplanned.add(entry.id)
