# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Changing or deleting a job or copy job that may be running: proceed, wait or fail."""

from __future__ import annotations

import dataclasses
import typing as t

from ..._api._client import Client
from ..._api._waiting import wait_until
from ..._core._fields import Names
from ..._core._kind import Kind
from ..._core._object import Managed
from ..._core._plan import Plan
from ..._errors import Conflict, Timeout
from ..._types import Raw, View
from ._list import JobList
from ._model import read_status

#: values of C(lastStatus) (REST API reference, "Get Backup Job")
RUNNING = ("Running", "Queued")


@dataclasses.dataclass(frozen=True)
class WhenRunning:
    """The action for a job that is running: V(proceed), V(wait) or V(fail).

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
            raise Conflict(
                "it is running", advice="Wait until the run has ended, or set when_running to wait or proceed."
            )

    def wait(self, raw: Raw, action: str, look: t.Callable[[str], Raw]) -> None:
        """Wait for the run to end, if C(when_running) is C(wait)."""
        if self._for(action) != "wait" or not is_running(raw):
            return
        seen, over = wait_until(lambda: look(raw["id"]), lambda job: not is_running(job), self.timeout, self.interval)
        if not over:
            raise Timeout(
                f"it is still running ({seen.get('lastStatus')}) after {self.timeout} s", advice="Raise wait_timeout."
            )


USUALLY = WhenRunning()


def is_running(raw: Raw) -> bool:
    """Whether a run is under way or about to begin."""
    return raw.get("lastStatus") in RUNNING


class Runs(Managed):
    """An object that has runs.

    :arg when_running: what to do about a run in progress
    :arg jobs: the jobs of the server if they were listed already
    """

    def __init__(
        self,
        kind: Kind,
        client: Client,
        names: Names,
        given: View,
        identifier: str | None,
        when_running: WhenRunning,
        jobs: JobList | None,
        plans_again: bool,
    ) -> None:
        super().__init__(kind, client, names, given, identifier, plans_again=plans_again)
        self.when_running, self.jobs = when_running, jobs

    def find(self) -> Raw | None:
        return self._found_in(self.jobs)

    def _look_up(self) -> Raw | None:
        return self._found_in(None)

    def _found_in(self, jobs: JobList | None) -> Raw | None:
        """Return the object from the list, or from the server."""
        raise NotImplementedError

    def result(self, raw: Raw | None, view: View | None) -> View:
        raw = raw or {}
        return {"id": raw.get("id"), "name": raw.get("name"), **(view or {}), "status": read_status(raw)}

    def check(self, plan: Plan) -> None:
        super().check(plan)
        if plan.raw is not None:
            self.when_running.check(plan.raw, plan.action)

    def wait_for_end(self, plan: Plan) -> None:
        """Wait for the run to end before a change or a deletion, if C(when_running) is C(wait)."""
        path = self.kind.path
        self.when_running.wait(t.cast(Raw, plan.raw), plan.action, lambda one: self.client.get(f"{path}/{one}"))
