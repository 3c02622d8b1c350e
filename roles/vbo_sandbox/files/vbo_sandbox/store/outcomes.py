# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Results and durations of runs: seeded random values, or those planned for the next runs of a job."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from ..loader import DataError, dump, load
from .model import CopyJob, Job, Kind, Outcome
from .switches import Switches

SCALE = float(1 << 64)
TEXTS = {
    "Warning": "Some objects were not processed: the server of Microsoft 365 was busy (429)",
    "Failed": "The connection to Microsoft 365 was lost",
    "Stopped": "The job was stopped",
}


@dataclass
class Plan:
    """The planned result of the next runs of a job; ``job`` is the id or name of a job or copy job."""

    job: str
    result: Outcome | None = None
    times: int = 1
    seconds: float | None = None
    message: str = ""
    left: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.times < 1:
            raise DataError("times: must be at least 1")
        if self.seconds is not None and self.seconds < 0:
            raise DataError("seconds: must be at least 0")
        if self.result is None and self.seconds is None:
            raise DataError("one of result, seconds is required")
        self.left = self.times


class Outcomes:
    """The plans of one server; the first remaining plan for a job applies to its next run."""

    def __init__(self, data: Any = None) -> None:
        self.plans: list[Plan] = []
        self.replace(data or [])

    def replace(self, data: Any, path: str = "outcomes") -> None:
        """Validate and replace all plans."""
        if not isinstance(data, list):
            raise DataError(f"{path}: expected a list")
        self.plans = [load(Plan, entry, f"{path}[{index}]") for index, entry in enumerate(data)]

    def take(self, *names: str) -> Plan | None:
        """Return the plan for the next run of the job with one of these names and use it up by one, or None."""
        if not self.plans:
            return None
        wanted = {name.lower() for name in names}
        for plan in self.plans:
            if plan.job.lower() in wanted:
                plan.left -= 1
                if not plan.left:
                    self.plans.remove(plan)
                return plan
        return None

    def dump(self) -> list[dict[str, Any]]:
        """Return the plans as plain data; ``times`` is the number of runs left."""
        return [{**dump(plan), "times": plan.left} for plan in self.plans]


@dataclass(frozen=True)
class Dice:
    """The random values of a run: its id, and two numbers from 0 to 1."""

    id: str
    chance: float
    pace: float


def throw(seed: int, job: str, at: float) -> Dice:
    """Return the random values of a run; the same seed, job and moment always give the same values."""
    raw = blake2b(f"{seed}/{job}/{at!r}".encode(), digest_size=32).digest()
    numbers = (int.from_bytes(raw[16:24], "big") / SCALE, int.from_bytes(raw[24:], "big") / SCALE)
    return Dice(str(uuid.UUID(bytes=raw[:16], version=4)), *numbers)


def decide(switches: Switches, kind: Kind, chance: float) -> Outcome:
    """Return the result of a run without a plan."""
    chosen: Outcome | str = switches.session_result
    if chosen != "auto":
        return chosen  # type: ignore[return-value]
    if kind == "manual":
        return "Success"
    if chance < switches.failed_share:
        return "Failed"
    return "Warning" if chance < switches.failed_share + switches.warning_share else "Success"


def seconds(switches: Switches, kind: Kind, pace: float) -> float:
    """Return the seconds that a run without a plan takes; scheduled runs take 1/4 to 4 times the usual duration."""
    if kind == "manual":
        return float(switches.running_seconds)
    return round(float(switches.scheduled_seconds) * 4 ** (2 * pace - 1), 3)


def objects_of(entry: Job | CopyJob) -> int:
    """Return the number of objects a job processes, an arbitrary number derived from its id."""
    return 40 + int(entry.id[:4], 16) % 960
