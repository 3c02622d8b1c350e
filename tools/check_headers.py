# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check that each file which supports comments has a copyright line and a licence.

The file names come from standard input, separated by NUL. With C(--write), the copyright is added above the licence.
"""

from __future__ import annotations

import sys
from pathlib import Path

COPYRIGHT = "Copyright (c) backupops contributors"
HEADER = "GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)"
# in two parts, otherwise it would be taken for the licence of this file
SPDX = "SPDX-License-Identifier" + ": GPL-3.0-or-later"
SUFFIXES = {".py", ".sh", ".yml", ".yaml", ".toml", ".cfg", ".ini", ".in", ".j2", ".css", ".rst", ".md", ""}
# texts that are published unchanged, or written by a tool; REUSE.toml has their licences
EXEMPT = {"COPYING", "CHANGELOG.rst", "changelogs/changelog.yaml"}


def needed(path: Path) -> list[str]:
    """Return the lines that a file must have. Lists of packages have no copyright, as a change remakes environments."""
    return (
        [HEADER, SPDX] if "requirements" in str(path) and path.suffix in {".in", ".txt"} else [COPYRIGHT, HEADER, SPDX]
    )


def must_have_header(path: Path) -> bool:
    if (
        str(path) in EXEMPT
        or (path.suffix == ".md" and len(path.parts) == 1)
        or path.is_symlink()
        or not path.is_file()
        or path.stat().st_size == 0
    ):
        return False
    # test data was written by other programs
    if "fixtures" in path.parts:
        return False
    return path.suffix in SUFFIXES or (path.suffix == ".txt" and "requirements" in str(path))


def with_copyright(text: str) -> str:
    """Return the text with the copyright in a line above the licence, in the same comment style."""
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if HEADER in line and COPYRIGHT not in "".join(lines[:number]):
            return "".join([*lines[:number], line.replace(HEADER, COPYRIGHT), *lines[number:]])
    return text


def main() -> int:
    missing = []
    for name in sys.stdin.read().split("\0"):
        path = Path(name)
        if not name or not must_have_header(path):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if "--write" in sys.argv[1:] and COPYRIGHT in needed(path) and COPYRIGHT not in text[:1000]:
            text = with_copyright(text)
            path.write_text(text, encoding="utf-8")
        if not all(line in text[:1000] for line in needed(path)):
            missing.append(name)
    for name in missing:
        print(f"{name}: the copyright or the licence header is missing")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
