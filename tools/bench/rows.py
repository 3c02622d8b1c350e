# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is measured: one entry of ROWS for each row of the result, one of CASES for each command that is timed.

Rows share cases. All cases of the chosen rows are run in turn, round after round, so that a machine that gets slower
or faster meanwhile does it to all of them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

from .report import Sample, per_iteration, ratio

Samples = Mapping[str, list[Sample]]


@dataclasses.dataclass(frozen=True)
class Case:
    """A playbook to time: on which server of SERVERS, with how many items, and what it must cost the server."""

    text: str
    playbook: str
    server: str = "jobs"
    count: int = 0
    variables: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    #: counters of the sandbox that prove that the work was done, and nothing else
    proof: Callable[[Mapping[str, int]], bool] = lambda counts: counts["writes"] == 0


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of the result: how its value follows from the samples of its cases."""

    name: str
    target: float
    unit: str
    ratio_to: str | None
    cases: tuple[str, ...]
    value: Callable[[Samples], float]


#: the servers of the sandbox, as its settings name them
SERVERS: dict[str, dict[str, Any]] = {
    "jobs": {"versions": ["v8"], "generate": {"jobs": 50, "users": 100, "seed": 7}},
}

CASES: dict[str, Case] = {
    "empty": Case("a play without tasks", "empty.yml"),
    "uri": Case(
        "ansible.builtin.uri in a loop, one GET of the job, token given",
        "uri.yml",
        count=50,
        proof=lambda counts: counts["reads"] == 50 and counts["writes"] == 0,
    ),
    "controller": Case(
        "vbo_job in a loop, in the controller, nothing to change",
        "vbo_job.yml",
        count=50,
        variables={"vbo365_execution": "controller"},
        proof=lambda counts: (
            counts["reads"] >= 50 and counts["writes"] == 0 and counts["logins"] == counts["logouts"] == 1
        ),
    ),
    "module": Case(
        "vbo_job in a loop, as module processes, nothing to change",
        "vbo_job.yml",
        count=25,
        variables={"vbo365_execution": "module"},
        proof=lambda counts: (
            counts["reads"] >= 25 and counts["writes"] == 0 and counts["logins"] == counts["logouts"] == 25
        ),
    ),
}


def item(samples: Samples, case: str) -> float:
    """Seconds of one item of a case's loop."""
    return per_iteration(
        [sample.wall for sample in samples[case]], [sample.wall for sample in samples["empty"]], CASES[case].count
    )


def item_ratio(case: str, base: str) -> Callable[[Samples], float]:
    """One item of a case's loop as a multiple of one of another's."""
    return lambda samples: ratio(item(samples, case), item(samples, base))


ROWS: dict[str, Row] = {
    "loop": Row(
        name="vbo_job in a loop, in the controller, nothing to change",
        target=0.15,
        unit="x",
        ratio_to="ansible.builtin.uri in a loop",
        cases=("empty", "uri", "controller"),
        value=item_ratio("controller", "uri"),
    ),
    "module": Row(
        name="vbo_job as a module process, nothing to change",
        target=1.3,
        unit="x",
        ratio_to="ansible.builtin.uri in a loop",
        cases=("empty", "uri", "module"),
        value=item_ratio("module", "uri"),
    ),
}


def cases_of(rows: list[str]) -> list[str]:
    """The cases that these rows need, each once, in the order of CASES."""
    needed = {case for row in rows for case in ROWS[row].cases}
    return [case for case in CASES if case in needed]
