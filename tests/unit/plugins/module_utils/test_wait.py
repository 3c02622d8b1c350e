# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Waiting: number of reads, pauses, and the end of the time; with a clock of its own."""

from __future__ import annotations

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api import _waiting as _wait
from ansible_collections.backupops.vbo365.plugins.module_utils._api._waiting import wait_until
from hypothesis import given, settings
from hypothesis import strategies as st


class Clock:
    """Time that passes only while sleeping, plus C(cost) for each read."""

    def __init__(self, cost: float = 0.0) -> None:
        self.now, self.cost = 1000.0, cost
        self.slept: list[float] = []
        self.looks = 0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.now += seconds

    def look(self) -> int:
        self.now += self.cost
        self.looks += 1
        return self.looks


def wait(clock: Clock, wanted: int, timeout: float, interval: float) -> tuple[int, bool]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_wait, "time", clock)
        return wait_until(clock.look, lambda seen: seen >= wanted, timeout, interval)


def test_what_is_true_already_takes_no_time() -> None:
    clock = Clock()
    assert wait(clock, 1, timeout=60, interval=10) == (1, True)
    assert clock.slept == []


def test_it_sleeps_between_looks() -> None:
    clock = Clock()
    assert wait(clock, 4, timeout=60, interval=10) == (4, True)
    assert clock.slept == [10, 10, 10]


def test_the_last_look_is_at_the_end_of_the_time() -> None:
    """The last state is returned, so that an error can contain it."""
    clock = Clock()
    assert wait(clock, 99, timeout=25, interval=10) == (4, False)
    assert clock.slept == [10, 10, 5]


def test_no_time_is_one_look() -> None:
    clock = Clock()
    assert wait(clock, 2, timeout=0, interval=10) == (1, False)
    assert clock.slept == []


def test_slow_looks_count() -> None:
    clock = Clock(cost=9)
    assert wait(clock, 99, timeout=20, interval=1) == (3, False)


@settings(deadline=None, max_examples=80, database=None)
@given(st.integers(1, 20), st.floats(0, 100), st.floats(0.1, 50), st.floats(0, 20))
def test_it_never_sleeps_beyond_the_end(wanted: int, timeout: float, interval: float, cost: float) -> None:
    clock = Clock(cost)
    seen, reached = wait(clock, wanted, timeout, interval)
    assert reached == (seen >= wanted)
    assert sum(clock.slept) <= timeout + 1e-6
    assert all(pause <= interval for pause in clock.slept)
