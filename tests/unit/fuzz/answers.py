# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Recorded answers of the sandbox, and a small server that replays them with one answer spoilt."""

from __future__ import annotations

import atexit
import copy
import dataclasses
import functools
import json
import tempfile
import typing as t
from pathlib import Path

import requests
from hypothesis import strategies as st

from ..faults.operations import OPERATIONS, Operation
from ..plugins.module_utils.scripted import Answer, Scripted, Seen
from ..support.hosts import Result, run
from ..support.sandbox import PASSWORD, USERNAME, Sandbox
from .values import ANYTHING, ODD_NUMBERS, ODD_TEXTS, SCALARS, Made, made, phrases

VERSIONS = ("v3", "v5", "v6", "v8")
TOKEN = "token"  # the end of the address that returns one
#: keys with a meaning somewhere, each of which may appear anywhere
KEYS = (
    *("results", "limit", "offset", "setId", "_links", "next", "href", "id", "name", "type", "error", "message"),
    *("schedulePolicy", "backupWindowSettings", "backupWindow", "minuteOffset", "scheduleEnabled", "dailyTime"),
    *("dailyType", "periodicallyEvery", "periodicallyOffsetMinutes", "periodicallyWindowSettings", "retryNumber"),
    *("retryWaitInterval", "retryEnabled", "selectedItems", "excludedItems", "folders", "user", "group", "site"),
    *("organizationId", "repositoryId", "backupJobId", "jobId", "proxyId", "usn", "status", "lastStatus", "version"),
    *("organization", "backupRepository", "job", "proxy", "creationTime", "endTime", "eTag", "errorCode"),
    *("access_token", "expires_in", "mailbox", "isEnabled", "backupType", "title", "lastRun", "nextRun", "url"),
)
WORDS = phrases(["Daily", "ManualOnly", "Periodically", "22:00:00", "Hours4", "true", "2026-02-03T22:00:05.12Z"], [""])
#: bodies that are not JSON, or that no server would send
BODIES = [
    Made(label, make)
    for label, make in {
        "nothing": lambda: b"",
        "null": lambda: b"null",
        "no UTF-8": lambda: b'{"name": "\xff\xfe\xfa"}',
        "UTF-16": lambda: '{"results": []}'.encode("utf-16"),
        "a page": lambda: b"<html>" + b"x" * 100_000,
        "deep lists": lambda: b"[" * 100_000,
        "deep lists that end": lambda: b"[" * 900 + b"]" * 900,
        "deep objects": lambda: b'{"results": [' + b'{"a":' * 400 + b"1" + b"}" * 400 + b"]}",
        "deep messages": lambda: b'{"message": ' + b"[" * 400 + b"]" * 400 + b"}",
        "a huge number": lambda: b'{"retryNumber": ' + b"9" * 5000 + b"}",
        "no number": lambda: b'[{"id": "1", "name": "x", "usn": NaN, "offset": Infinity}]',
        "half a character": lambda: b'{"results": [{"id": "\\ud800", "name": "\\udfff"}]}',
        "the same key twice": lambda: b'{"results": [], "results": 5}',
        "only half": lambda: b'{"results": [{"id": "1", "na',
    }.items()
]
STATUSES = (200, 201, 204, 301, 400, 401, 403, 404, 409, 429, 500, 503)


@dataclasses.dataclass(frozen=True)
class Recorded:
    """The answers of a server to one task: addresses with their JSON."""

    operation: Operation
    version: str
    answers: dict[str, t.Any]


@functools.lru_cache(maxsize=1)
def recorded() -> list[Recorded]:
    """Record every operation of the fault matrix in check mode against the sandbox, on some versions."""
    found = []
    servers = [{"name": "main", "versions": list(VERSIONS)}]
    with tempfile.TemporaryDirectory() as folder, Sandbox(Path(folder), servers) as sandbox:
        server = sandbox.servers["main"]
        begin = server.state()

        def forward(seen: Seen) -> Answer:
            reply = requests.request(
                seen.method,
                f"{server.url}{seen.path}",
                data=seen.body,
                headers={key: seen.headers[key] for key in ("Authorization", "Content-Type") if seen.headers[key]},
                verify=server.ca_path,
                timeout=30,
            )
            if reply.status_code == 200 and reply.content:
                answers[seen.path] = reply.json()
            return Answer(reply.status_code, reply.content)

        for version in VERSIONS:
            for operation in OPERATIONS:
                answers: dict[str, t.Any] = {}
                state = copy.deepcopy(begin)
                operation.prepare(state)
                server.replace(state)
                with Answering(forward) as proxy:
                    result = play(proxy, operation, version, "controller")
                if result.get("failed"):
                    assert result["error"]["code"] == "Unsupported", result["msg"]
                else:
                    found.append(Recorded(operation, version, answers))
    return found


class Answering(Scripted):
    """A server that calls one function for every answer."""

    def __init__(self, answer: t.Callable[[Seen], Answer]) -> None:
        super().__init__(Answer())
        self._ask = answer

    def _route(self, path: str) -> t.Callable[[Seen], Answer]:
        del path
        return self._ask


def play(server: Scripted, operation: Operation, version: str, host: str) -> Result:
    """Play the task of an operation, in check mode only."""
    connection = {
        "url": server.url,
        "allow_http": True,
        "username": USERNAME,
        "password": PASSWORD,
        "api_version": version,
        "retries": 0,
        "timeout": 5,
    }
    return run(host, operation.module, {**connection, **operation.options}, check=True)


class Replay:
    """The server of all examples."""

    def __init__(self) -> None:
        self.answers: dict[str, t.Any] = {}
        self.writes: list[str] = []
        self.server = Answering(self.answer)
        self.server.__enter__()
        atexit.register(self.server.__exit__)

    def answer(self, seen: Seen) -> Answer:
        """Return the recorded answer of the address, or HTTP 404."""
        self.server.seen.clear()
        if seen.method != "GET" and "/token" not in seen.path.lower():
            self.writes.append(f"{seen.method} {seen.path}")
        answer = self.answers.get(seen.path, Answer(404, {"message": "There is no such object."}))
        return answer if isinstance(answer, Answer) else Answer(body=answer)


@functools.lru_cache(maxsize=1)
def replay() -> Replay:
    return Replay()


def places(value: t.Any, path: tuple[t.Any, ...] = ()) -> t.Iterator[tuple[t.Any, ...]]:
    """Return the paths of all values within a value; the first entries stand for whole lists."""
    yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value[:3]) if isinstance(value, list) else ()
    for key, entry in entries:
        yield from places(entry, (*path, key))


def replaced(value: t.Any, path: t.Sequence[t.Any], change: t.Callable[[t.Any], t.Any]) -> t.Any:
    """Return a copy with another value at a path."""
    if not path:
        return change(value)
    found = copy.copy(value)
    found[path[0]] = replaced(found[path[0]], path[1:], change)
    return found


def _long(value: t.Any) -> t.Any:
    return value * 300 if isinstance(value, (str, list)) else value


def _twice(value: t.Any) -> t.Any:
    return [*value, *value] if isinstance(value, list) else [value, value]


#: ways to spoil a value
WAYS: list[t.Callable[[t.Any], t.Any]] = [
    lambda value: None,
    lambda value: [value],
    lambda value: {"x": value},
    lambda value: [],
    lambda value: {},
    str,
    _long,
    _twice,
    lambda value: value[:-1] if isinstance(value, (str, list)) else value,
]
ODD = st.one_of(SCALARS, WORDS, ODD_TEXTS, ODD_NUMBERS, ANYTHING)


@st.composite
def spoilt(draw: st.DrawFn, value: t.Any) -> t.Any:
    """Return a JSON value of a server with a few errors in it."""
    for _unused in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(places(value))))
        kind = draw(st.integers(0, 3))
        if kind == 0:
            way = draw(st.sampled_from(WAYS))
            value = replaced(value, path, way)
        elif kind == 1:
            odd = made(draw(ODD))
            value = replaced(value, path, lambda old, odd=odd: odd)
        else:
            key, odd = draw(st.sampled_from(KEYS)), made(draw(ODD))

            def put(old: t.Any, key: str = key, odd: t.Any = odd) -> t.Any:
                return {**old, key: odd} if isinstance(old, dict) else odd if isinstance(old, str) else old

            def drop(old: t.Any) -> t.Any:
                return {name: old[name] for name in list(old)[1:]} if isinstance(old, dict) else old

            value = replaced(value, path, put if kind == 2 else drop)
    return value


def content(value: t.Any) -> bytes:
    """Return a value as the body of an answer, without the parts that cannot be written."""
    try:
        return json.dumps(value).encode()
    except (ValueError, RecursionError):
        return b"{}"


class Example(t.NamedTuple):
    """A task, and the answers that differ from the recorded ones."""

    operation: str
    version: str
    spoilt: dict[str, Answer]


@st.composite
def examples(draw: st.DrawFn) -> Example:
    """Return any task with any answers."""
    entry = draw(st.sampled_from([entry for entry in recorded() if entry.answers]))
    found = {}
    for address in draw(st.lists(st.sampled_from(list(entry.answers)), min_size=1, max_size=2, unique=True)):
        status = draw(st.sampled_from([200, 200, 200, 200, *STATUSES]))
        kind = draw(st.sampled_from(["application/json", "application/json", "text/html", "json;\x80"]))
        body = draw(
            st.one_of(
                spoilt(entry.answers[address]).map(content),
                spoilt(entry.answers[address]).map(content),
                st.sampled_from(BODIES).map(made),
                st.binary(max_size=20),
                ANYTHING.map(made).map(content),
                st.fixed_dictionaries({"message": ODD, "errorCode": ODD}).map(made).map(content),
            )
        )
        found[address] = Answer(status, body, kind)
    return Example(entry.operation.name, entry.version, found)
