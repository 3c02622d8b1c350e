# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever a server answers to a read, a task ends with a result, writes nothing, and reveals no secret."""

from __future__ import annotations

import functools
import gzip
import itertools
import json
import resource
import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api import _client
from hypothesis import given
from hypothesis import strategies as st

from ..plugins.module_utils.scripted import Answer, Seen
from ..support.hosts import HOSTS
from ..support.sandbox import PASSWORD
from . import answers
from .search import FULL, is_readable, patience, search

#: values that may replace another value
ODD = (None, "x", 7, -1.5, float("nan"), True, ["x"], [None], {"x": 1}, [{"x": 1}], "\ud800", [[]])
MORE = ("x", 7, ["x"], {"x": 1}, [None], None)
#: C(make test) plays one of this many spoilt answers
ONE_OF = 499 if FULL else 19_997
#: spoilt answers that once caused a traceback: operation, version, end of the address, path, value
CASES: list[tuple[str, str, str, tuple[t.Any, ...], t.Any]] = [
    ("job info", "v8", "/Jobs", ("limit",), "x"),
    ("job info", "v8", "/Jobs", ("_links",), ["x"]),
    ("job info", "v8", "/Jobs", ("results", 0, "schedulePolicy", "retryNumber"), "x"),
    ("job info", "v8", "/Jobs", ("results", 0, "schedulePolicy", "retryNumber"), float("nan")),
    ("jobs", "v8", "/Jobs", ("results", 0, "selectedItems"), None),
    ("jobs", "v8", "/Jobs", ("results", 0, "selectedItems"), [None]),
    ("jobs", "v8", "/Jobs", ("results", 0, "excludedItems"), 7),
    ("sessions", "v8", "/LogItems", ("results", 0, "usn"), "x"),
    ("sessions", "v8", "/JobSessions", ("results", 0, "jobId"), None),
    ("job info", "v8", "/SelectedItems", ("results", 0, "user"), {"name": ["x"]}),
    ("job info", "v3", "/Jobs", (0, "_links", "organization"), None),
    ("job info", "v8", "/Jobs", ("results", 0, "id"), "\ud800"),
    ("server", "v8", "/License", ("x",), [[[]]]),
]


def entry_of(operation: str, version: str) -> answers.Recorded:
    return next(one for one in answers.recorded() if (one.operation.name, one.version) == (operation, version))


def play(entry: answers.Recorded, spoilt: dict[str, t.Any], host: str = "controller") -> answers.Result:
    """Play one task with these answers in place of the recorded ones."""
    server = answers.replay()
    server.answers, server.writes = {**entry.answers, **spoilt}, []
    result = answers.play(server.server, entry.operation, entry.version, host)
    assert server.writes == []
    assert json.loads(json.dumps(result)) is not None
    assert PASSWORD not in json.dumps(result)
    if result.get("failed"):
        assert is_readable(result["msg"]), result["msg"][:500]
        assert result["error"]["message"], result
    return result


@search(60)
@given(answers.examples(), st.sampled_from(HOSTS))
def test_a_task_ends_with_a_result(example: answers.Example, host: str) -> None:
    play(entry_of(example.operation, example.version), example.spoilt, host)


def put(value: t.Any, place: tuple[t.Any, ...], odd: t.Any) -> t.Any:
    """Put an odd value at a path of an answer; the path may not exist yet."""
    key = place[-1]

    def change(old: t.Any) -> t.Any:
        return {**old, key: odd} if isinstance(old, dict) else [odd if key == n else one for n, one in enumerate(old)]

    return answers.replaced(value, place[:-1], change)


@pytest.mark.parametrize(("operation", "version", "end", "place", "odd"), CASES)
def test_what_was_found(operation: str, version: str, end: str, place: tuple[t.Any, ...], odd: t.Any) -> None:
    entry = entry_of(operation, version)
    spoilt = {
        address: put(value, place, odd)
        for address, value in entry.answers.items()
        if address.split("?")[0].endswith(end)
        and value
        and not (isinstance(value, dict) and value.get("results") == [])
    }
    assert spoilt, list(entry.answers)
    play(entry, spoilt)


def spoils(value: t.Any) -> t.Iterator[t.Callable[[], t.Any]]:
    """Yield answers with every value replaced by each other type, and with every key added to every object."""
    seen = set()
    for path in answers.places(value):
        pattern = tuple("" if isinstance(key, int) else key for key in path)
        if pattern in seen:
            continue
        seen.add(pattern)
        for odd in ODD:
            yield functools.partial(answers.replaced, value, path, lambda old, odd=odd: odd)
        for key, odd in itertools.product(answers.KEYS, MORE):
            yield functools.partial(
                answers.replaced,
                value,
                path,
                lambda old, key=key, odd=odd: {**old, key: odd} if isinstance(old, dict) else old,
            )


@pytest.mark.parametrize("version", answers.VERSIONS if FULL else ("v8",))
def test_every_value_of_every_other_type(version: str) -> None:
    failed: dict[str, str] = {}
    number = 0
    for entry in answers.recorded():
        if entry.version != version:
            continue
        for address, value in entry.answers.items():
            for make in spoils(value):
                number += 1
                if number % ONE_OF == 0:
                    spoilt = make()
                    try:
                        play(entry, {address: spoilt})
                    except Exception as error:  # noqa: BLE001 - all of them are reported at once
                        failed.setdefault(repr(error), f"{entry.operation.name} {address} {spoilt}"[:2000])
    assert failed == {}


def test_a_list_without_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_client, "MAX_PAGES", 40)
    fresh = itertools.count()

    def answer(seen: Seen) -> Answer:
        del seen
        return Answer(body={"limit": 2, "results": [{"id": f"{next(fresh)}", "name": "x"} for _unused in range(2)]})

    entry = entry_of("repositories", "v8")
    address = next(address for address in entry.answers if "BackupRepositories" in address)
    server = answers.replay()
    server.answers = Endless(entry.answers, address.split("?")[0], answer)
    result = answers.play(server.server, entry.operation, entry.version, "controller")
    assert (result["failed"] and "does not end" in result["msg"]) or "again and again" in result["msg"]


class Endless(dict[str, t.Any]):
    """Recorded answers, and a new one each time for one address."""

    def __init__(self, known: dict[str, t.Any], address: str, answer: t.Callable[[Seen], Answer]) -> None:
        super().__init__(known)
        self.address, self.fresh = address, answer

    def get(self, key: str, default: t.Any = None) -> t.Any:
        return self.fresh(t.cast(Seen, None)) if key.startswith(self.address) else super().get(key, default)


def test_a_small_answer_that_unpacks_to_a_huge_one() -> None:
    entry = entry_of("repositories", "v8")
    address = next(address for address in entry.answers if "BackupRepositories" in address)
    packed = gzip.compress(b" " * 100_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with patience(20):
        result = play(entry, {address: Answer(200, packed, headers={"Content-Encoding": "gzip"})})
    assert "larger than 64 MiB" in result["msg"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 << 10


def test_what_is_recorded_is_enough() -> None:
    """Without spoilt answers, every task succeeds as on the sandbox."""
    for entry in answers.recorded():
        result = play(entry, {})
        assert not result.get("failed"), (entry.operation.name, entry.version, result["msg"])
