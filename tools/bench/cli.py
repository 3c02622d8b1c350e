# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command line: which rows to measure, how often, and where to write the result."""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import statistics
import sys
import tempfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from .cases import CASES, SERVERS
from .lab import Lab, NotMeasured
from .report import Result, Sample, busy, document, results_table, table, verdict
from .rows import ROWS, Samples, cases_of

PACKAGES = ("ansible-core", "requests", "urllib3", "jinja2")


def options() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="bench", description="Measure the speed of the collection on the sandbox.")
    names = ", ".join(ROWS)
    parser.add_argument(
        "--rows", nargs="+", choices=ROWS, default=list(ROWS), metavar="ROW", help=f"only these: {names}"
    )
    parser.add_argument("--runs", type=int, default=3, help="rounds, of which the medians count (default: 3)")
    parser.add_argument(
        "--json", type=Path, help="file for the result (default: bench-results.json in the build folder)"
    )
    given = parser.parse_args()
    if given.runs < 1:
        parser.error("--runs: at least 1")
    return given


def collect(lab: Lab, names: list[str], runs: int) -> tuple[dict[str, list[Sample]], dict[str, str]]:
    """Measure all cases in turn after a warm-up round; return the samples, and the reasons for missing ones."""
    samples: dict[str, list[Sample]] = {name: [] for name in names}
    failed: dict[str, str] = {}
    for number in range(runs + 1):
        for name in names:
            if name in failed:
                continue
            case = CASES[name]
            label = f"run {number} of {runs}" if number else "warm-up"
            print(f"{label}: {case.text} ... ", end="", file=sys.stderr, flush=True)
            try:
                if number:
                    samples[name].append(lab.measure(case))
                    print(f"{samples[name][-1].wall:.1f} s", file=sys.stderr, flush=True)
                else:
                    lab.warm_up(case)
                    print("done", file=sys.stderr, flush=True)
            except NotMeasured as problem:
                failed[name] = str(problem)
                print("failed", file=sys.stderr, flush=True)
    return samples, failed


def evaluate(rows: list[str], samples: Samples, failed: Mapping[str, str]) -> tuple[list[Result], dict[str, str]]:
    """Return the results of the rows, and the reasons for rows that could not be measured."""
    results, missing = [], {}
    for name in rows:
        row = ROWS[name]
        reasons = [failed[case] for case in row.cases if case in failed]
        try:
            if reasons:
                raise NotMeasured(reasons[0])
            processor = row.value(samples, "cpu") if row.timed else None
            results.append(Result(row.name, row.value(samples, "wall"), row.unit, row.target, row.ratio_to, processor))
        except (NotMeasured, ValueError) as problem:
            missing[row.name] = str(problem)
    return results, missing


def summaries(samples: Samples) -> dict[str, dict[str, Any]]:
    """Return the medians of each case, and the requests in the log of the server."""
    found = {}
    for name, taken in samples.items():
        if not taken:
            continue
        case = CASES[name]
        empty = samples.get("empty") or []
        entry: dict[str, Any] = {
            "text": case.text,
            "items": case.count,
            "runs": len(taken),
            "requests": dict(taken[-1].counts),
        }
        for kind in ("wall", "cpu"):
            values = [getattr(sample, kind) for sample in taken]
            entry[f"{kind}_seconds"] = round(statistics.median(values), 3)
            entry[f"{kind}_spread"] = [round(min(values), 3), round(max(values), 3)]
            if case.count and empty:
                start = statistics.median(getattr(sample, kind) for sample in empty)
                entry[f"{kind}_ms_per_item"] = round((statistics.median(values) - start) / case.count * 1000, 2)
        entry["memory_mb"] = round(statistics.median(sample.memory for sample in taken), 1)
        found[name] = entry
    return found


def cases_table(cases: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the table of timed commands, with the requests in the log of the server."""
    counters = ("logins", "logouts", "probes", "reads", "writes")
    rows = [
        (
            case["text"],
            str(case["items"]),
            f"{case['wall_seconds']:.2f}",
            _each(case, "wall"),
            _each(case, "cpu"),
            *(str(case["requests"][counter]) for counter in counters),
        )
        for case in cases.values()
    ]
    return table(("case", "items", "s", "ms/item", "CPU ms/item", *counters), rows)


def _each(case: Mapping[str, Any], kind: str) -> str:
    """Return the milliseconds of one item, known only if the empty play was timed, too."""
    each = case.get(f"{kind}_ms_per_item")
    return "-" if each is None else f"{each:.1f}"


def machine() -> dict[str, Any]:
    """Describe the machine."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text(encoding="utf-8").splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model)
    return {
        "cpus": os.cpu_count(),
        "processor": model,
        "system": platform.platform(),
        "load": round(max(os.getloadavg()[:2]), 2),
    }


def main() -> int:
    """Measure, print and write; return non-zero only if a row could not be measured."""
    given = options()
    build = os.environ.get("VBO365_BUILD")
    if given.json is None and not build:
        print("bench: run it through tools/run-in-env, or give --json FILE.", file=sys.stderr)
        return 2
    target = given.json or Path(build or "") / "bench-results.json"
    names = cases_of(given.rows)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(prefix="vbo365-bench-") as folder:
            needed = {CASES[name].server for name in names}
            with Lab(Path(folder), {name: server for name, server in SERVERS.items() if name in needed}) as lab:
                samples, failed = collect(lab, names, given.runs)
    except NotMeasured as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nbench: interrupted", file=sys.stderr)
        return 130
    results, missing = evaluate(given.rows, samples, failed)
    cases, where = summaries(samples), machine()
    versions = {"python": platform.python_version(), **{package: metadata.version(package) for package in PACKAGES}}
    print(f"\n{cases_table(cases)}\n\n{results_table(results)}\n\n{verdict(results, missing)}")
    if note := busy(where["load"], where["cpus"]):
        print(f"\n{note}")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(document(results, where, versions, cases), indent=2) + "\n", encoding="utf-8")
    print(f"\n{target}")
    return 1 if missing else 0
