# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long properties are searched for a counterexample, and the limits of every example.

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
#: seconds of processor time for one example: far more than any needs, and far less than exponential growth takes
PATIENCE = 5.0
#: characters of a message: enough to describe one mistake with its path and request
LONGEST = 3000

Test = t.TypeVar("Test", bound=t.Callable[..., None])


class TooSlow(BaseException):
    """An example took too long; not an Exception, so that no code under test can swallow it."""


def search(examples: int) -> t.Callable[[Test], Test]:
    """A property that C(make test) tries with this many examples, each within limits of time."""

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
            deadline=None,  # real time, which depends on other processes; see patience
            suppress_health_check=list(HealthCheck),
        )(test)

    return decorate


@contextlib.contextmanager
def patience(seconds: float = PATIENCE) -> t.Iterator[None]:
    """Interrupts code that takes longer, in processor time."""

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
    """Return whether a message is readable: of limited length, and without control characters for terminals."""
    lines = message.split("\n")
    return all(len(line) <= LONGEST and line.isprintable() for line in lines) and len(lines) <= 12
