# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Branches of models, diff and client that tests take, from a report of coverage.py: ``make coverage``.

Coverage's own limit is about lines and branches together, and knows nothing of files that were not measured.
"""

from __future__ import annotations

import json
import sys
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
UTILS = ROOT / "plugins" / "module_utils"
#: what is measured, as patterns of files
PARTS = {
    "models": ("_models/*.py",),
    "diff": ("_diff.py",),
    "client": ("_client.py", "_http.py", "_settings.py", "_answers.py", "_errors.py", "_names.py", "_versions.py"),
}
LEAST = 98.0  # percent of branches, in each part


def table(files: dict[str, t.Any]) -> tuple[list[str], list[str]]:
    """Lines to print, and what is wrong."""
    lines = [f"{'':34}{'branches':>10}{'taken':>10}{'':>10}  not taken"]
    wrong = []
    for part, patterns in PARTS.items():
        there = taken = 0
        for path in sorted(path for pattern in patterns for path in UTILS.glob(pattern) if path.stat().st_size):
            name = path.relative_to(ROOT).as_posix()
            if name not in files:
                wrong.append(f"{name} was not measured")
                continue
            found = files[name]["summary"]
            missing = ", ".join(f"{start}->{end}" for start, end in files[name]["missing_branches"])
            lines.append(
                _line(f"  {path.relative_to(UTILS)}", found["num_branches"], found["covered_branches"], missing)
            )
            there += found["num_branches"]
            taken += found["covered_branches"]
        lines.append(_line(part, there, taken))
        if not there or 100 * taken / there <= LEAST:
            wrong.append(f"{part}: {taken} of {there} branches are not more than {LEAST:g} %")
    return lines, wrong


def _line(name: str, there: int, taken: int, missing: str = "") -> str:
    share = f"{100 * taken / there:.1f} %" if there else "-"
    return f"{name:34}{there:10}{taken:10}{share:>10}  {missing}".rstrip()


def main() -> int:
    """Print the table; 1 when it is not good enough."""
    report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    lines, wrong = table(report["files"])
    print("\n".join(lines))
    print("\n".join(f"coverage: {sentence}" for sentence in wrong) or f"coverage: each above {LEAST:g} % of branches")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
