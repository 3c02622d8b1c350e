# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether tests play everything that they know: every version, every place, every size; C(make test-all) says so."""

from __future__ import annotations

import os
import typing as t

Case = t.TypeVar("Case")

FULL = bool(os.environ.get("VBO365_TEST_FULL"))


def ends(cases: t.Sequence[Case]) -> list[Case]:
    """The first and the last of what is in an order, as versions are; all in full."""
    return list(cases) if FULL else [cases[0], cases[-1]]
