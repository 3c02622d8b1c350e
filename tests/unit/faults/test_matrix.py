# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The fault matrix: every fault of the guide in every operation; C(make faults) plays and prints all of it.

The short form of C(make test) plays each fault in one operation or two, at the first place where it can strike.
"""

from __future__ import annotations

import dataclasses
import json
import os
import resource
from pathlib import Path

import pytest

from ..contract.documents import MODULES
from ..support.sandbox import Sandbox
from .catalogue import FAULTS, Fault, documented
from .operations import OPERATIONS, Operation
from .play import ONCE, RETRIES, Stage, cells, pairs

TABLE = documented()
STAGES: dict[str, Stage] = {}


def stage_of(sandbox: Sandbox, operation: Operation) -> Stage:
    """Return the stage of an operation, which determines its undisturbed end state on first use."""
    return STAGES.setdefault(operation.name, Stage(sandbox, operation))


@pytest.mark.parametrize(
    ("fault", "operation"),
    pairs(FAULTS, OPERATIONS),
    ids=lambda value: value.name,
)
def test_matrix(sandbox: Sandbox, fault: Fault, operation: Operation) -> None:
    stage, says = stage_of(sandbox, operation), TABLE[fault.name]
    stage.undisturbed()
    before = dataclasses.asdict(stage.numbers)
    if fault.then:
        played = list(cells(stage, fault, says))
        assert played
        for kind, place in played:
            stage.play(fault, says, kind, place)
    else:
        whole_server(sandbox, stage, fault)
    now = dataclasses.asdict(stage.numbers)
    report({"fault": fault.name, "operation": operation.name, **{key: now[key] - before[key] for key in now}})


def whole_server(sandbox: Sandbox, stage: Stage, fault: Fault) -> None:
    """A server that cannot be used at all: the task fails as the guide says, and nothing is written."""
    says, server = TABLE[fault.name], sandbox.servers[fault.server]
    result = stage.run(url=server.url)
    assert result.get("failed") and says.allows(result["msg"]), result
    retries = [text for text in result.get("warnings", ()) if "trying again" in text]
    assert len(retries) == (RETRIES if says.read == "sent again" else 0)
    stage.numbers.faults += 1
    stage.numbers.retries += len(retries)


def report(line: dict[str, object]) -> None:
    """Pass the numbers to C(tools/faults.py), which prints them."""
    path = os.environ.get("VBO365_TEST_FAULTS_REPORT")
    if path:
        with Path(path).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")


def test_every_module_that_reads_or_writes_is_an_operation() -> None:
    """The other modules are tested elsewhere: one only logs in, the others never send a request."""
    assert {operation.module for operation in OPERATIONS} == {module.name for module in MODULES} - {"vbo_auth_token"}
    assert len({operation.name for operation in OPERATIONS}) == len(OPERATIONS)


def test_the_guide_has_a_row_for_each_fault() -> None:
    assert list(TABLE) == [fault.name for fault in FAULTS]


@pytest.mark.parametrize("name", TABLE)
def test_rows_of_the_guide_are_complete(name: str) -> None:
    says = TABLE[name]
    assert says.read in ONCE and says.write in ONCE
    fails = not {says.read, says.write} <= {"goes on"}
    assert bool(says.messages) == fails, "a message for what can fail, and only for that"


def test_a_huge_answer_needs_little_memory(sandbox: Sandbox) -> None:
    """At most 64 MiB of 200 MB are read; the peak memory of this process shows it."""
    operation = next(entry for entry in OPERATIONS if entry.name == "organizations")
    stage = stage_of(sandbox, operation)
    stage.undisturbed()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    stage.reset()
    stage.server.control("PUT", "faults", [{"match": {"path": "/Organizations"}, "then": {"size": 200_000_000}}])
    result = stage.run()
    assert result.get("failed") and "larger than 64 MiB" in result["msg"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024
