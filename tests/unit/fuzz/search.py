# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long properties are searched for a counterexample, and what every example has to keep to.

* C(make test): the same examples every time, so that a failure is always about the change at hand;
* C(VBO365_TEST_FULL), as C(make test-all) sets it: others each time, and many more;
* C(make fuzz): random ones for as long as asked, see tools/fuzz.py.
"""

from __future__ import annotations

import contextlib
import functools
import signal
import typing as t

from hypothesis import HealthCheck, settings

from ..support.full import FULL

MORE = 20  # times the examples in full
#: seconds of this process's own time for one example: far more than any needs, and far less than a blow-up takes
PATIENCE = 5.0
#: characters of a message: what people can be expected to read of one mistake, and paths and request around it
LONGEST = 3000

Test = t.TypeVar("Test", bound=t.Callable[..., None])


class TooSlow(BaseException):
    """An example took too long; not an Exception, so that no code under test can swallow it."""


def search(examples: int) -> t.Callable[[Test], Test]:
    """A property that is tried with so many examples in C(make test), each within bounds of time."""

    def decorate(test: Test) -> Test:
        inner = test.hypothesis.inner_test  # type: ignore[attr-defined]

        @functools.wraps(inner)
        def bounded(*args: t.Any, **kwargs: t.Any) -> None:
            with patience():
                inner(*args, **kwargs)

        test.hypothesis.inner_test = bounded  # type: ignore[attr-defined]
        return settings(
            max_examples=examples * (MORE if FULL else 1),
            derandomize=not FULL,
            database=None,
            deadline=None,  # of the clock, which other processes slow down; see patience
            suppress_health_check=list(HealthCheck),
        )(test)

    return decorate


@contextlib.contextmanager
def patience(seconds: float = PATIENCE) -> t.Iterator[None]:
    """Ends what takes longer, in the process's own time."""

    def stop(number: int, frame: t.Any) -> None:
        del number, frame
        raise TooSlow(f"more than {seconds:g} s of processor time")

    previous = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous)


def is_readable(message: str) -> bool:
    """Whether a message is a text that people can read: bounded, and without characters that act on a terminal."""
    lines = message.split("\n")
    return all(len(line) <= LONGEST and line.isprintable() for line in lines) and len(lines) <= 12
