# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check that each file of the project which can carry a comment names its licence.

The files to look at come from standard input, separated by NUL.
"""

from __future__ import annotations

import sys
from pathlib import Path

HEADER = "GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)"
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
SUFFIXES = {".py", ".sh", ".yml", ".yaml", ".toml", ".cfg", ".ini", ".in", ".j2", ".rst", ""}
# texts that are published as they are, or written by a tool
EXEMPT = {"COPYING", "CHANGELOG.rst", "changelogs/changelog.yaml"}


def must_have_header(path: Path) -> bool:
    if str(path) in EXEMPT or path.is_symlink() or not path.is_file() or path.stat().st_size == 0:
        return False
    # test data is what somebody else's program wrote
    if "fixtures" in path.parts:
        return False
    return path.suffix in SUFFIXES or (path.suffix == ".txt" and "requirements" in str(path))


def main() -> int:
    missing = []
    for name in sys.stdin.read().split("\0"):
        path = Path(name)
        if not name or not must_have_header(path):
            continue
        head = path.read_text(encoding="utf-8", errors="replace")[:1000]
        if HEADER not in head or SPDX not in head:
            missing.append(name)
    for name in missing:
        print(f"{name}: the licence header is missing")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
