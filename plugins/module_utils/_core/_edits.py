# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Detects that somebody else has edited an object between our read and our write.

The API has no conditional writes, and C(eTag) of v8 may change with every run, too (what changes it is not documented),
so the object is read once more right before the first write, and its contents are compared.
"""

from __future__ import annotations

import typing as t

from .._errors import Edited
from .._types import Change, Raw, View


class Shown(t.Protocol):
    """An object that will be written."""

    def view(self, raw: Raw) -> View:
        """The managed view of the server's object."""

    def changes(self, before: View, after: View) -> list[Change]:
        """The fields in which two views differ."""


def check_edits(resource: Shown, known: Raw, fresh: Raw | None) -> None:
    """Compare an object with its state when it was read.

    Only fields in both answers count, because a list may show less of an object than the object itself.

    :raises Edited: with the fields that are different now
    """
    if fresh is None:
        raise Edited("it was deleted by somebody else after it was read", advice="Run it again.")
    common = set(known) & set(fresh)
    before, now = ({key: entry[key] for key in common} for entry in (known, fresh))
    fields = [change["field"] for change in resource.changes(resource.view(before), resource.view(now))]
    if not fields and before.get("schedulePolicy") != now.get("schedulePolicy"):
        fields = ["schedule_policy"]  # a setting that the server stores for another type of schedule
    if fields:
        raise Edited(
            f"{', '.join(fields)} changed on the server after it was read",
            advice="Run it again, or set when_edited: retry.",
        )
