# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Check that a release may be made: ``tools/run-in-env python tools/release.py TAG``.

The tag is the version of galaxy.yml, and the changelog has been written for it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]


def problems(root: Path, tag: str) -> Iterator[str]:
    """Return the problems that prevent the release of the project below C(root) as C(tag)."""
    version = yaml.safe_load((root / "galaxy.yml").read_text(encoding="utf-8"))["version"]
    if not re.fullmatch(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}", tag):
        yield f"The tag {tag!r} is no version such as 1.0.0."
    if tag != str(version):
        yield f"The tag is {tag!r}, but galaxy.yml has the version {version!r}."
    changelog = yaml.safe_load((root / "changelogs" / "changelog.yaml").read_text(encoding="utf-8")) or {}
    if tag not in (changelog.get("releases") or {}):
        yield f"The changelog has no release {tag!r}: run antsibull-changelog release."
    left = sorted(path.name for path in (root / "changelogs" / "fragments").glob("*.y*ml"))
    if left:
        yield f"The changelog was written without {', '.join(left)}: run antsibull-changelog release again."


def main() -> int:
    found = list(problems(ROOT, sys.argv[1]))
    print("\n".join(found) or f"{sys.argv[1]} may be released.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
