# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Polls the server until a condition is true or the time is up."""

from __future__ import annotations

import time
import typing as t

Seen = t.TypeVar("Seen")


def wait_until(
    look: t.Callable[[], Seen], done: t.Callable[[Seen], bool], timeout: float, interval: float
) -> tuple[Seen, bool]:
    """Poll every C(interval) seconds until C(done), for at most C(timeout) seconds.

    :return: the last state, and whether the condition was met
    """
    end = time.monotonic() + timeout
    while True:
        seen = look()
        if done(seen):
            return seen, True
        left = end - time.monotonic()
        if left <= 0:
            return seen, False
        time.sleep(min(interval, left))
