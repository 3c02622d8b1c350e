# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Branch coverage of pure parts and the client, from a report of coverage.py: ``make coverage``.

Coverage's own limit is about lines and branches together, and knows nothing of files that were not measured.
"""

from __future__ import annotations

import json
import sys
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLUGINS = ROOT / "plugins"
#: what is measured, as patterns of files
PARTS = {
    "models": (
        "module_utils/_input/_masking.py",
        "module_utils/_input/_mistakes.py",
        "module_utils/_core/_describe.py",
        "module_utils/_core/_yaml.py",
        "module_utils/_resources/_times/*.py",
        "module_utils/_resources/*/_model.py",
        "module_utils/_resources/*/_schedule.py",
        "module_utils/_resources/*/_items.py",
        "module_utils/_resources/*/_session.py",
        "plugin_utils/_fleet/_standard.py",
        "plugin_utils/_fleet/_templates.py",
        "plugin_utils/_fleet/_export*.py",
        "plugin_utils/_fleet/_rollout.py",
    ),
    "changes": ("module_utils/_core/_changes.py",),
    "declarations": tuple(f"module_utils/_core/{name}.py" for name in ("_fields", "_blocks", "_levels", "_kind")),
    "client": (
        *(f"module_utils/_api/{name}.py" for name in ("_client", "_http", "_settings", "_answers", "_versions")),
        *(f"module_utils/{name}.py" for name in ("_errors", "_spelling")),
    ),
}
LEAST = 98.0  # percent of branches, in each part


def table(files: dict[str, t.Any]) -> tuple[list[str], list[str]]:
    """Return the lines to print, and the parts below the minimum."""
    lines = [f"{'':54}{'branches':>10}{'taken':>10}{'':>10}  not taken"]
    wrong = []
    for part, patterns in PARTS.items():
        there = taken = 0
        for path in sorted(path for pattern in patterns for path in PLUGINS.glob(pattern) if path.stat().st_size):
            name = path.relative_to(ROOT).as_posix()
            if name not in files:
                wrong.append(f"{name} was not measured")
                continue
            found = files[name]["summary"]
            missing = ", ".join(f"{start}->{end}" for start, end in files[name]["missing_branches"])
            lines.append(
                _line(f"  {path.relative_to(PLUGINS)}", found["num_branches"], found["covered_branches"], missing)
            )
            there += found["num_branches"]
            taken += found["covered_branches"]
        lines.append(_line(part, there, taken))
        if not there or 100 * taken / there <= LEAST:
            wrong.append(f"{part}: {taken} of {there} branches are not more than {LEAST:g} %")
    return lines, wrong


def _line(name: str, there: int, taken: int, missing: str = "") -> str:
    share = f"{100 * taken / there:.1f} %" if there else "-"
    return f"{name:54}{there:10}{taken:10}{share:>10}  {missing}".rstrip()


def main() -> int:
    """Print the table; 1 when it is not good enough."""
    report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    lines, wrong = table(report["files"])
    print("\n".join(lines))
    print("\n".join(f"coverage: {sentence}" for sentence in wrong) or f"coverage: each above {LEAST:g} % of branches")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
