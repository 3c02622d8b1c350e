# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Searches each property of tests/unit/fuzz for a counterexample: ``make fuzz``, ``make fuzz ARGS="300 window"``.

The first argument is the number of seconds for each property, 20 by default; the second one a part of its name.
Examples are random, other ones in each run. A property that fails is told with its smallest example, which belongs
into the test.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
import traceback
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "unit" / "fuzz"
ROUND = 200  # examples between two looks at the clock


def properties(part: str) -> t.Iterator[tuple[str, t.Any]]:
    """The properties whose names have a part in them."""
    for path in sorted(FOLDER.glob("test_*.py")):
        module = importlib.import_module(f"tests.unit.fuzz.{path.stem}")
        for name, test in vars(module).items():
            label = f"{path.stem.removeprefix('test_')}: {name.removeprefix('test_').replace('_', ' ')}"
            if hasattr(test, "hypothesis") and part in label:
                yield label, test


def fuzz(test: t.Any, seconds: float) -> tuple[int, float, str]:
    """Examples tried, seconds needed, and the failure if there is one."""
    from hypothesis import settings

    count = 0
    inner = test.hypothesis.inner_test

    def counted(*args: t.Any, **kwargs: t.Any) -> None:
        nonlocal count
        count += 1
        inner(*args, **kwargs)

    test.hypothesis.inner_test = counted
    begun = time.monotonic()
    try:
        while time.monotonic() - begun < seconds:
            test._hypothesis_internal_use_settings = settings(
                test._hypothesis_internal_use_settings, max_examples=ROUND, derandomize=False
            )
            test()
    except Exception:  # noqa: BLE001 - whatever it is, it is a finding
        return count, time.monotonic() - begun, traceback.format_exc()
    return count, time.monotonic() - begun, ""


def main() -> int:
    """Fuzz and print a line for each property; 0 when nothing was found."""
    os.environ["VBO365_TEST_FULL"] = "1"
    sys.path.insert(0, str(ROOT))
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    findings = []
    print(f"{'property':70} {'examples':>9} {'seconds':>8}  finding")
    for label, test in properties(" ".join(sys.argv[2:])):
        count, needed, finding = fuzz(test, seconds)
        print(f"{label[:70]:70} {count:>9} {needed:>8.0f}  {'YES' if finding else '-'}", flush=True)
        findings += [f"\n{label}\n{finding}"] if finding else []
    print("".join(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
