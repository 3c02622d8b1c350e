# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plays every fault of docs/docsite/rst/faults.rst in every operation, and prints the matrix: ``make faults``.

The work is done by tests/unit/faults; whatever is no success there is no success here.
"""

from __future__ import annotations

import collections
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COUNTS = ("runs", "faults", "retries", "logins")


def play(report: Path) -> int:
    """Run the tests in full; what they did is in the report, one JSON object for each fault and operation."""
    environment = {**os.environ, "VBO365_TEST_FULL": "1", "VBO365_TEST_FAULTS_REPORT": str(report)}
    command = [str(ROOT / "tools" / "test"), "-q", "tests/unit/faults", *sys.argv[1:]]
    return subprocess.run(command, env=environment, check=False).returncode


def table(lines: list[dict[str, object]]) -> str:
    """The matrix, with a column for each operation and the sums of each fault."""
    operations = list(dict.fromkeys(str(line["operation"]) for line in lines))
    operations.sort()
    played: dict[str, dict[str, int]] = collections.defaultdict(dict)
    sums: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for line in lines:
        fault = str(line["fault"])
        played[fault][str(line["operation"])] = int(str(line["runs"]))
        sums[fault].update({key: int(str(line[key])) for key in COUNTS})
    width = max(map(len, played), default=0)
    head = [f"{number:>3}" for number, _unused in enumerate(operations, start=1)]
    text = [f"{number:>3}  {name}" for number, name in enumerate(operations, start=1)]
    text += ["", f"{'':{width}} {''.join(head)} {''.join(f'{key:>9}' for key in COUNTS)}"]
    for fault in sorted(played):
        cells = "".join(f"{'ok' if name in played[fault] else '-':>3}" for name in operations)
        text.append(f"{fault:{width}} {cells} {''.join(f'{sums[fault][key]:>9}' for key in COUNTS)}")
    total = collections.Counter[str]()
    for row in sums.values():
        total.update(row)
    text.append(f"{'all':{width}} {'':{3 * len(operations)}} {''.join(f'{total[key]:>9}' for key in COUNTS)}")
    return "\n".join(text)


def main() -> int:
    """Play and print; 0 when every cell is as the guide says."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.jsonl"
        code = play(report)
        lines = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    print(f"\n{table(lines)}\n\n{'All as the guide says' if code == 0 else 'NOT all as the guide says, see above'}.")
    return code


if __name__ == "__main__":
    sys.exit(main())
