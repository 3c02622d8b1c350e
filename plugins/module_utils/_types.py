# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Types of data, by whose terms it uses: those of the API or those of the user."""

from __future__ import annotations

import typing as t

#: an object in the API's words, as a server returns and takes it
Raw = t.Dict[str, t.Any]
#: the same in the terms of the collection: options of a task, and objects in its result
View = t.Dict[str, t.Any]
#: anything else by name: parameters and results of tasks, rows of reports
Data = t.Dict[str, t.Any]


class Change(t.TypedDict):
    """One field in which two views differ; results of tasks list such changes."""

    field: str  # nested fields with dots, items in brackets: schedule_policy.daily_time, selected_items[user a@b.c]
    before: t.Any
    after: t.Any


class Target(t.Protocol):
    """The type of object that a reference refers to."""

    @property
    def title(self) -> str:
        """Return the word for one such object in a message."""

    @property
    def path(self) -> str:
        """The collection of the API."""

    @property
    def names(self) -> t.Sequence[str]:
        """The API's keys that contain a name, the most important one first."""
