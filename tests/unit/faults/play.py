# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays one fault in one operation at one place, and then checks the state of the server."""

from __future__ import annotations

import collections
import dataclasses
import itertools
import typing as t

from ..plugins.modules.samples import SAMPLES
from ..support.full import FULL
from ..support.sandbox import Sandbox
from ..support.tasks import Tasks
from .catalogue import Documented, Fault
from .operations import DECOY, MEANWHILE, Operation, State

RETRIES = 2
#: the requests that a fault can affect, by kind, with the method and path of the rule of the sandbox
CLASSES = {
    "read": {"method": "GET", "path": "^/v8/"},  # other versions are only asked whether they exist
    "write": {"method": "POST|PUT|DELETE", "path": "^(?!.*/token)"},
    "login": {"method": "POST", "path": "/token$"},
}
#: where the objects of declared resources are, and the key that identifies them
COLLECTIONS = {sample.state[0]: sample.state[1] for sample in SAMPLES.values()}
#: what differs from run to run, or is not caused by the operation
VOLATILE = ("id", "e_tag", "last_run", "last_backup", "last_status", "next_run_override", "backup_job")
#: reactions in the words of the guide, and whether a task that meets the fault once succeeds (None: either)
ONCE: dict[str, bool | None] = {
    "goes on": True,
    "sent again": True,
    "logs in again": True,
    "looks first": True,
    "fails": False,
    "taken as absent": None,
    "fails where it matters": None,
}


@dataclasses.dataclass
class Numbers:
    """The counts of a run."""

    runs: int = 0
    faults: int = 0
    retries: int = 0
    logins: int = 0


@dataclasses.dataclass
class Stage:
    """The sandbox with one operation on it.

    :arg version: API version
    """

    sandbox: Sandbox
    operation: Operation
    version: str = "v8"
    numbers: Numbers = dataclasses.field(default_factory=Numbers)

    def __post_init__(self) -> None:
        self.server = self.sandbox.servers["main"]
        self.tasks = Tasks(self.server, self.version, "controller")
        self.reference: State = {}

    def reset(self, fault: Fault | None = None) -> State:
        """Restore the state in which the operation starts."""
        self.server.reset(("v3", "v6", "v7", "v8"), queued_seconds=0, running_seconds=900)
        state = self.server.state()
        state["jobs"].insert(0, {**state["jobs"][1], "id": "00000000-0000-4000-8000-000000000001", "name": DECOY})
        self.operation.prepare(state)
        self.server.replace(state)
        if fault:
            self.server.switch(**fault.switches)
        return self.server.state()

    def run(self, **options: t.Any) -> State:
        """Run one task; an exception other than a result fails the test."""
        result = self.tasks.raw(self.operation.module, retries=RETRIES, **{**self.operation.options, **options})
        assert isinstance(result.get("msg", ""), str) and "Traceback" not in str(result)
        self.numbers.runs += 1
        return result

    def undisturbed(self) -> State:
        """Return the end state of a run without faults, determined once."""
        if not self.reference:
            self.reset()
            result = self.run()
            assert not result.get("failed"), result["msg"]
            self.reference = essence(self.server.state())
        return self.reference

    def places(self, kind: str, fault: Fault) -> list[int]:
        """Return the numbers of requests that pass before the fault: all for writes, some for reads."""
        self.reset(fault)
        self.server.control("PUT", "faults", [{"match": CLASSES[kind], "skip": 10**6, "then": {}}])
        self.run()
        count = self.server.control("GET", "faults")[0].get("hits", 0)
        places = list(range(fault.first if kind == "read" else 0, count))
        if kind == "read" and len(places) > 3:
            places = [*places[:2], places[-1]]
        return places[:1] if fault.slow or not FULL else places

    def play(self, fault: Fault, says: Documented, kind: str, place: int | None) -> None:
        """Play a run with the fault, once at a place or permanently (None), then one without it, which repairs all."""
        undisturbed = self.undisturbed()
        before = self.reset(fault)
        other = self.sandbox.servers["other"]
        other.reset()
        rule: State = {"match": CLASSES[kind], "skip": fault.first if kind == "read" else 0}
        if place is not None:
            rule.update(skip=place, times=1)
        then = {**fault.then}
        if "headers" in then:
            then["headers"] = {key: text.replace("{other}", other.url) for key, text in then["headers"].items()}
        self.server.control("PUT", "faults", [{**rule, "then": then}])
        result = self.run(**fault.options)
        counts = self.server.counts()
        retries = [text for text in result.get("warnings", ()) if "trying again" in text]
        self.numbers.faults += counts["faults"]
        self.numbers.retries += len(retries)
        self.numbers.logins += max(0, counts["logins"] - 1)
        where = (
            f"{fault.name}: {self.operation.name}, {kind} {'always' if place is None else place}: {result.get('msg')}"
        )

        reaction = says.write if kind == "write" else says.read
        succeeds = ONCE[reaction]
        if place is None:
            succeeds = True if reaction == "goes on" else None if reaction != "fails" else False
        if counts["faults"] == 0:
            succeeds = True
        assert succeeds in (None, not result.get("failed")), where
        if result.get("failed"):
            assert says.allows(result["msg"]), where
            assert result["error"], where
        if counts["faults"] and reaction == "sent again" and not ("cut_text" in fault.then and self._missing(place)):
            assert retries, where
            assert place is not None or not result.get("failed") or len(retries) >= RETRIES, where
        if reaction in ("goes on", "fails", "logs in again"):
            assert not retries, where
        if place is not None and reaction == "logs in again":
            # The health of the server is public and needs no session; a logout has none to end.
            denied = [entry for entry in self.server.log() if entry["status"] == 401 and not entry["token_call"]]
            refused = [entry for entry in denied if entry["version"] == self.version]
            assert counts["logins"] == 1 + bool(refused), where
            assert refused or "forget_tokens" in fault.then, where
        assert other.counts()["total"] == 0, f"{where}: something was sent to another host"
        after = self.server.state()
        self.check_nothing_lost_or_doubled(before, after, where)
        if not result.get("failed") and succeeds:
            assert essence(after) == undisturbed, where

        self.server.control("DELETE", "faults")
        again = self.run()
        assert not again.get("failed"), f"{where}; then, without faults: {again.get('msg')}"
        assert essence(self.server.state()) == undisturbed, where

    def _missing(self, place: int | None) -> bool:
        """Whether the read at this place was answered with 404, which says enough without its text."""
        reads = [entry for entry in self.server.log() if entry["method"] == "GET" and entry["version"] == self.version]
        return place is not None and reads[place]["status"] == 404

    def check_nothing_lost_or_doubled(self, before: State, after: State, where: str) -> None:
        """Each job exists exactly once, and jobs that the task does not concern are unchanged."""
        names = collections.Counter((job["organization"], job["name"]) for job in after["jobs"])
        assert max(names.values()) == 1, where
        copied = [copy["backup_job"] for copy in after["copy_jobs"]]
        assert len(copied) == len(set(copied)), where
        old, new = essence(before)["jobs"], essence(after)["jobs"]
        for name in old.keys() | new.keys():
            if name not in self.operation.jobs:
                assert old.get(name) == new.get(name), (where, name)
        for name in set(self.operation.jobs) & old.keys() - {"test_job"}:
            assert name in new, (where, name)
        for collection, key in COLLECTIONS.items():
            here = [thing[key] for thing in after[collection]]
            assert len(here) == len(set(here)), where
            mine = self.operation.thing[2] if self.operation.thing else None
            old, new = essence(before)[collection], essence(after)[collection]
            for name in (old.keys() | new.keys()) - {mine}:
                assert old.get(name) == new.get(name), (where, name)
        assert len(after["sessions"]) <= len(before["sessions"]) + 1, where


def essence(state: State) -> State:
    """Return what is the same in every run: jobs, copy jobs and declared objects by name; number of sessions."""
    names = {job["id"]: job["name"] for job in state["jobs"]}

    def plain(thing: State) -> State:
        return {key: value for key, value in thing.items() if key not in VOLATILE}

    ours = [job for job in state["jobs"] if job["name"] != DECOY and not job["name"].startswith(MEANWHILE)]
    return {
        "jobs": {job["name"]: plain(job) for job in ours},
        "copy_jobs": {names.get(copy["backup_job"]): plain(copy) for copy in state["copy_jobs"]},
        "sessions": len(state["sessions"]),
        **{name: {thing[key]: plain(thing) for thing in state[name]} for name, key in COLLECTIONS.items()},
    }


def cells(stage: Stage, fault: Fault, says: Documented) -> t.Iterator[tuple[str, int | None]]:
    """Yield where a fault is played in an operation: once at each place, and permanently."""
    for kind in ("read", "write", "login"):
        if (kind == "write" and not stage.operation.writes) or (kind == "login" and says.read != "sent again"):
            continue
        for place in stage.places(kind, fault):
            yield kind, place
        if fault.lasting and not fault.slow:
            yield kind, None


def pairs(faults: t.Sequence[Fault], operations: t.Sequence[Operation]) -> list[tuple[Fault, Operation]]:
    """Return the tests: all faults in all operations, or a short selection."""
    everything = list(itertools.product(faults, operations))
    if FULL:
        return everything
    return [
        (fault, operation)
        for row, fault in enumerate(faults)
        for column, operation in enumerate(operations)
        if (5 * row + column) % len(operations) == 0
    ]
