# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The measured values: one entry of ROWS for each row of the result, one of CASES for each timed command.

Rows share cases. All cases of the chosen rows are run in turn, round after round, so that a machine that gets slower
or faster meanwhile does it to all of them.
"""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Callable, Mapping

from .cases import BULK, BULK_CHANGED, CASES, LATENCY, MANY, PARALLEL
from .report import Sample, per_iteration, ratio

Samples = Mapping[str, list[Sample]]


#: seconds of wall time (V(wall)) or processor time (V(cpu)), or megabytes of the largest process (V(memory))
Kind = str


@dataclasses.dataclass(frozen=True)
class Row:
    """A row of the result: how its value is computed from the samples of its cases.

    A value of the unit V(x) is a ratio of times: of wall time, which has the target, and of processor time beside it.
    """

    name: str
    target: float
    unit: str
    ratio_to: str | None
    cases: tuple[str, ...]
    value: Callable[[Samples, Kind], float]

    @property
    def timed(self) -> bool:
        return self.unit == "x"


def median(samples: Samples, case: str, kind: Kind) -> float:
    """The median of a case."""
    return statistics.median(getattr(sample, kind) for sample in samples[case])


def item(samples: Samples, case: str, kind: Kind) -> float:
    """The seconds of one item of a case's loop."""
    loop, empty = ([getattr(sample, kind) for sample in samples[name]] for name in (case, "empty"))
    return per_iteration(loop, empty, CASES[case].count)


def item_ratio(case: str, base: str) -> Callable[[Samples, Kind], float]:
    """The time of one item of a case's loop as a multiple of that of another case."""
    return lambda samples, kind: ratio(item(samples, case, kind), item(samples, base, kind))


def times(case: str, *bases: str) -> Callable[[Samples, Kind], float]:
    """The time of a case as a multiple of the sum of others."""
    return lambda samples, kind: ratio(median(samples, case, kind), sum(median(samples, base, kind) for base in bases))


def requests(case: str) -> Callable[[Samples, Kind], float]:
    """All requests of a case, including login and logout; they do not depend on the machine."""
    return lambda samples, kind: statistics.median(sample.counts["total"] for sample in samples[case])


#: requests for 100 changes: login, logout, three lists; a read before each write, and the write; one list to verify
NEEDED_TRIPS = 5 + BULK_CHANGED + BULK_CHANGED + 1


def slow_ratio(samples: Samples, kind: Kind) -> float:
    """The time of the work without Ansible's part, as a multiple of the unavoidable waiting time."""
    work = median(samples, "slow", kind) - median(samples, "slow_nothing", kind)
    return ratio(work, NEEDED_TRIPS / PARALLEL * LATENCY)


def extra_job(samples: Samples, kind: Kind) -> float:
    """The client's milliseconds of processor time for one more job, without Ansible's part."""
    more, less = (median(samples, case, "cpu") - median(samples, f"{case}_nothing", "cpu") for case in ("many", "bulk"))
    return (more - less) / (MANY - BULK) * 1000


def extra_memory(samples: Samples, kind: Kind) -> float:
    """The megabytes of the largest process, minus those of the empty action with the same jobs."""
    return median(samples, "many", "memory") - median(samples, "many_nothing", "memory")


# The targets of the large job count pages of 1,000. Every run logs in and out and lists organizations, jobs and
# repositories (5), and reads the job's items (4 pages). A creation lists objects instead (4 pages of users, one of
# groups, one of sites), sends the job (1), and reads it back with its items (5). A change of five lists the users (4),
# adds, edits and removes (3), and reads back (5).
ROWS: dict[str, Row] = {
    "loop": Row(
        name="vbo_job in a loop, in the controller, nothing to change",
        target=0.05,
        unit="x",
        ratio_to="ansible.builtin.uri in a loop",
        cases=("empty", "uri", "nothing", "controller", "token", "list", "script"),
        value=item_ratio("controller", "uri"),
    ),
    "module": Row(
        name="vbo_job as a module process, nothing to change",
        target=1.15,
        unit="x",
        ratio_to="ansible.builtin.uri in a loop",
        cases=("empty", "uri", "module"),
        value=item_ratio("module", "uri"),
    ),
    "bulk": Row(
        name="vbo_jobs, 1,000 jobs on one server, nothing to change",
        target=1.15,
        unit="x",
        ratio_to="the play with an empty action + a bare script that reads the same",
        cases=("bulk_nothing", "bulk_script", "bulk"),
        value=times("bulk", "bulk_nothing", "bulk_script"),
    ),
    "slow": Row(
        name="vbo_jobs, 1,000 jobs, 100 to change, 50 ms latency",
        target=1.25,
        unit="x",
        ratio_to=f"{NEEDED_TRIPS} round trips / {PARALLEL} x 50 ms",
        cases=("slow_nothing", "slow"),
        value=slow_ratio,
    ),
    "extra_job": Row(
        name="vbo_jobs, processor time for one more unchanged job (10,000 against 1,000)",
        target=0.5,
        unit="ms",
        ratio_to=None,
        cases=("bulk_nothing", "bulk", "many_nothing", "many"),
        value=extra_job,
    ),
    "memory": Row(
        name="vbo_jobs, 10,000 jobs on one server, memory above the play with an empty action",
        target=60,
        unit="MB",
        ratio_to=None,
        cases=("many_nothing", "many"),
        value=extra_memory,
    ),
    "fleet": Row(
        name="fleet of 200 servers x 50 jobs, one vbo_jobs task each",
        target=1.5,
        unit="x",
        ratio_to="the same fleet with an empty action + a bare script with 10 threads",
        cases=("fleet_nothing", "fleet_script", "fleet"),
        value=times("fleet", "fleet_nothing", "fleet_script"),
    ),
    "export": Row(
        name="export of 1,000 jobs, one file for each",
        target=1.5,
        unit="x",
        ratio_to="the export into one file",
        cases=("export_server", "export_job"),
        value=times("export_job", "export_server"),
    ),
    "drift": Row(
        name="drift of 200 servers x 50 jobs, the whole playbook with all formats",
        target=1.3,
        unit="x",
        ratio_to="one vbo_jobs task each on the same fleet",
        cases=("fleet", "drift", "lint", "calendar"),
        value=times("drift", "fleet"),
    ),
    "rollout": Row(
        name="rollout of one change to 50 servers x 20 jobs, three waves",
        target=4,
        unit="x",
        ratio_to="one vbo_jobs task each that makes the same change",
        cases=("change", "rollout"),
        value=times("rollout", "change"),
    ),
    "large_create": Row(
        name="large job (3,000 users, 200 groups, 500 sites), creation: 5 + 6 pages of objects + 1 write + 5",
        target=17,
        unit="requests",
        ratio_to=None,
        cases=("empty", "large_create"),
        value=requests("large_create"),
    ),
    "large_unchanged": Row(
        name="large job, nothing to change: 5 + 4 pages of items, no listing of objects",
        target=9,
        unit="requests",
        ratio_to=None,
        cases=("empty", "large_create", "large_unchanged"),
        value=requests("large_unchanged"),
    ),
    "large_change": Row(
        name="large job, five items changed: 5 + 4 pages of items + 4 of users + 3 writes + 5 to read back",
        target=21,
        unit="requests",
        ratio_to=None,
        cases=("empty", "large_create", "large_unchanged", "large_change"),
        value=requests("large_change"),
    ),
}


def cases_of(rows: list[str]) -> list[str]:
    """Return the cases that these rows need, each once, in the order of CASES."""
    needed = {case for row in rows for case in ROWS[row].cases}
    return [case for case in CASES if case in needed]
