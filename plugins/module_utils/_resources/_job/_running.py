# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Jobs that are running while somebody wants to change or delete them."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._api._waiting import wait_until
from ..._errors import Conflict, Timeout
from ..._types import Raw

RUNNING = ("Running", "Queued")


@dataclasses.dataclass(frozen=True)
class WhenRunning:
    """What to do about a job that is running: V(proceed), V(wait) or V(fail).

    :arg choice: the user's word; without one edits proceed and deletions fail
    :arg timeout, interval: seconds, for waiting
    """

    choice: str | None = None
    timeout: int = 3600
    interval: int = 10

    def _for(self, action: str) -> str:
        return self.choice or ("fail" if action == "delete" else "proceed")

    def check(self, raw: Raw, action: str) -> None:
        """Fail in the plan, and so in check mode too."""
        if is_running(raw) and self._for(action) == "fail":
            raise Conflict("it is running", advice="Wait for its end, or set when_running to wait or proceed.")

    def wait(self, raw: Raw, action: str, look: t.Callable[[str], Raw]) -> None:
        """Wait for the end of the run, if that is what the user wants."""
        if self._for(action) != "wait" or not is_running(raw):
            return
        seen, over = wait_until(lambda: look(raw["id"]), lambda job: not is_running(job), self.timeout, self.interval)
        if not over:
            raise Timeout(
                f"it is still running ({seen.get('lastStatus')}) after {self.timeout} s", advice="Raise wait_timeout."
            )


def is_running(raw: Raw) -> bool:
    """Whether a run is under way or about to begin (rest-api §5.5)."""
    return raw.get("lastStatus") in RUNNING
