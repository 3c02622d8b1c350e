# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The differences between two views, each with the path of its field. Knows no particular field."""

from __future__ import annotations

import re
import typing as t

from .._types import Change, View


def changes_between(before: View, after: View, prefix: str = "") -> list[Change]:
    """List the fields that differ, nested ones by their dotted path, in the order of the views.

    A missing field and one that is None are equal; lists are compared as a whole.
    """
    changes: list[Change] = []
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key), after.get(key)
        if isinstance(old, dict) or isinstance(new, dict):
            changes.extend(changes_between(old or {}, new or {}, f"{prefix}{key}."))
        elif old != new:
            changes.append({"field": prefix + key, "before": old, "after": new})
    return changes


def fields_of(changes: t.Iterable[Change]) -> set[str]:
    """Return the top-level fields that differ; the only place that parses the path of a change."""
    return {re.split(r"[.\[]", change["field"])[0] for change in changes}
