# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Edit a job without losing fields, whether the server merges the body of a PUT or replaces the job by it.

C(PUT /Jobs/{id}) is partial (REST API reference, "PUT Method" and "Edit Backup Job Settings"; PowerShell reference,
"Set-VBOJob"), so only differences are sent. This is not confirmed for every version, and the page "Editing Backup Job
Settings" of v6 can be read otherwise, so the first edits of a session then check the fields that were not sent, and
restore those that are gone.
"""

from __future__ import annotations

import typing as t

from ..._api._client import Client
from ..._core._plan import patiently, settle
from ..._spelling import truth
from ..._types import Raw
from ._item_lists import JobItems
from ._items import nested_object, read_item, write_item
from ._model import repository_id

PARTIAL = "PUT of jobs is partial"  # key of the session's cache


class JobEdit:
    """The edit of one job.

    :arg raw: the job as it was before
    :arg excluded: the items that it excludes when the edit is sent
    :arg switched: whether this task has just switched the job off, which a server may show later
    :arg announce: called with a sentence when something had to be put back
    """

    def __init__(
        self,
        client: Client,
        items: JobItems,
        raw: Raw,
        excluded: list[Raw],
        switched: bool,
        announce: t.Callable[[str], None],
    ) -> None:
        self.client = client
        self.items = items
        self.raw = raw
        self.excluded = excluded
        self.switched = switched
        self.announce = announce

    def send(self, body: Raw, done: t.Callable[[], bool], shows: t.Callable[[Raw], bool]) -> None:
        """Send a PUT with the properties that differ, and make sure that the others are still there.

        :arg done: checks on the server whether the write has taken place, after a lost answer
        :arg shows: whether the server's job is as the write makes it
        """
        self._put(body, done)
        if self.client.cache.get(PARTIAL):
            return
        after = self._after(body, shows)
        if not shows(after):
            return  # the server may show the write late; the last read decides
        lost = self._lost(after, body) + self._lost_items()
        if lost:
            self._put_back(body, lost, done)
        elif self.excluded or self.raw.get("description") or not truth(self.raw.get("isEnabled")):
            self.client.cache[PARTIAL] = True  # the fields that could be lost are still there

    def _after(self, body: Raw, shows: t.Callable[[Raw], bool]) -> Raw:
        """Return the job once it shows the write and the preceding switches."""

        def good(job: Raw) -> bool:
            return shows(job) and not (self.switched and self._lost(job, body) == ["isEnabled"])

        return patiently(lambda: self.client.get(f"Jobs/{self.raw['id']}"), good)

    def _lost(self, after: Raw, body: Raw) -> list[str]:
        """Properties that are not as they were."""
        lost = {
            "description": (self.raw.get("description") or "") != (after.get("description") or ""),
            "isEnabled": not truth(self.raw.get("isEnabled")) and truth(after.get("isEnabled")),
            "schedulePolicy": self.raw.get("schedulePolicy") != after.get("schedulePolicy"),
        }
        return [key for key, gone in lost.items() if gone and key not in body]

    def _lost_items(self) -> list[str]:
        """The exclusions, if none is left."""
        gone = self.excluded and not self.items.read(self.raw["id"], "excluded_items")
        return ["excludedItems"] if gone else []

    def _put_back(self, body: Raw, lost: list[str], done: t.Callable[[], bool]) -> None:
        whole: Raw = {
            "name": self.raw.get("name"),
            "description": self.raw.get("description") or "",
            "repositoryId": repository_id(self.raw),
            "schedulePolicy": self.raw.get("schedulePolicy"),
            "excludedItems": [self._as_sent(item) for item in self.excluded],
        }
        if self.client.version.has_enabled_at_creation:
            whole["isEnabled"] = truth(self.raw.get("isEnabled"))
        self._put({**{key: value for key, value in whole.items() if value is not None}, **body}, done)
        if "isEnabled" in lost and "isEnabled" not in whole:
            path, action = self.client.version.job_action(
                self.raw["id"], "enable" if truth(self.raw.get("isEnabled")) else "disable"
            )
            self.client.request("POST", path, body=action)
        path = f"Jobs/{self.raw['id']}"
        patiently(lambda: self._lost(self.client.get(path), body) + self._lost_items(), lambda left: not left)
        self.announce(
            f"The server replaced job '{self.raw.get('name')}' instead of changing it; "
            f"the properties that were lost have been restored ({', '.join(lost)})."
        )

    def _as_sent(self, item: Raw) -> Raw:
        return write_item(read_item(item), nested_object(item), self.client.version, item)

    def _put(self, body: Raw, done: t.Callable[[], bool]) -> None:
        path, query = f"Jobs/{self.raw['id']}", self.items.query()
        settle(lambda: self.client.request("PUT", path, query=query, body=body), done)
