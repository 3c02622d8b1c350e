# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Evaluates measurements: medians, ratios, tables and the machine-readable result; without input or output."""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


@dataclasses.dataclass(frozen=True)
class Sample:
    """One run of one case.

    ``wall`` and ``cpu`` are seconds of the whole process with its children, ``memory`` the megabytes of the largest
    one, ``counts`` the requests that the server logged.
    """

    wall: float
    cpu: float
    memory: float
    counts: Mapping[str, int]


@dataclasses.dataclass(frozen=True)
class Result:
    """A measured row; ``met`` is whether the target was reached, ``processor`` is the ratio of processor times."""

    name: str
    value: float
    unit: str
    target: float
    ratio_to: str | None
    processor: float | None = None

    @property
    def met(self) -> bool:
        return self.value <= self.target

    def as_dict(self) -> dict[str, Any]:
        processor = None if self.processor is None else round(self.processor, 4)
        return {**dataclasses.asdict(self), "value": round(self.value, 4), "processor": processor, "met": self.met}


def per_iteration(loop: Iterable[float], empty: Iterable[float], count: int) -> float:
    """Return the seconds of one item of a loop: medians of the play minus that of an empty one, divided by *count*.

    :raises ValueError: if the loop was not slower than the empty play, so that nothing was measured
    """
    if count < 1:
        raise ValueError("count must be at least 1")
    seconds = (statistics.median(loop) - statistics.median(empty)) / count
    if seconds <= 0:
        raise ValueError("the loop took no longer than the empty play")
    return seconds


def ratio(value: float, base: float) -> float:
    """Return *value* as a multiple of *base*."""
    if base <= 0:
        raise ValueError("the base of a ratio must be positive")
    return value / base


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table with aligned columns, so that its source is readable."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    texts = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    texts.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(texts)


def results_table(results: Iterable[Result]) -> str:
    """Return the table of rows and their targets."""
    return table(
        ("what", "compared with", "measured", "target", "met", "processor time"),
        (
            (
                result.name,
                result.ratio_to or "-",
                f"{result.value:.3g} {result.unit}",
                f"at most {result.target:g} {result.unit}",
                "yes" if result.met else "NO",
                "-" if result.processor is None else f"{result.processor:.3g} {result.unit}",
            )
            for result in results
        ),
    )


def verdict(results: Sequence[Result], failed: Mapping[str, str]) -> str:
    """Return the result in words."""
    lines = [f"Could not be measured: {name}: {reason}" for name, reason in failed.items()]
    lines += [
        f"Target not met: {result.name}: {result.value:.3g} {result.unit}, wanted {result.target:g} {result.unit}"
        for result in results
        if not result.met
    ]
    return "\n".join(lines) or ("All targets met." if results else "Nothing was measured.")


def busy(load: float, processors: int) -> str:
    """Return a warning if the machine was busy, which makes wall times, and with them the ratios, unreliable."""
    if load <= processors:
        return ""
    return (
        f"The machine was busy (load {load:.1f} on {processors} processors): wall times mean little, "
        "processor times are more reliable."
    )


def document(
    results: Iterable[Result], machine: Mapping[str, Any], versions: Mapping[str, str], cases: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the machine-readable result."""
    return {
        "rows": [result.as_dict() for result in results],
        "machine": dict(machine),
        "versions": dict(versions),
        "cases": dict(cases),
    }
