# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Selects whether tests run all their cases (versions, places, sizes), as with C(make test-all)."""

from __future__ import annotations

import os
import typing as t

Case = t.TypeVar("Case")

FULL = bool(os.environ.get("VBO365_TEST_FULL"))


def ends(cases: t.Sequence[Case]) -> list[Case]:
    """Return the first and last of ordered values such as versions; all of them in a full run."""
    return list(cases) if FULL else [cases[0], cases[-1]]
