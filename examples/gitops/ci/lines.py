# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Show the mistakes of C(lint.json) by file and line.

Prints one line for each, in GitHub's form where GitHub runs it, and writes C(codequality.json) beside the report, which
GitLab shows in a merge request.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from pathlib import Path

import yaml

INVENTORY = Path("inventory")
#: what a path in a message begins with, and the variable that this is
VARIABLES = {"jobs": "vbo_jobs_list", "templates": "vbo_job_templates_custom"}
MESSAGE = re.compile(rf"^({'|'.join(VARIABLES)})([\w.\[\]-]*): (.*)$", re.MULTILINE)
STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def line_of(node: yaml.Node, path: str) -> int:
    """The line of what a path names, or of the last part of the path that is there."""
    line = node.start_mark.line + 1
    for number, key in STEP.findall(path):
        if isinstance(node, yaml.MappingNode) and key:
            found = next(((name, value) for name, value in node.value if name.value == key), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and number and int(number) < len(node.value):
            node = node.value[int(number)]
            line = node.start_mark.line + 1
        else:
            break
    return line


def place(server: str, variable: str, path: str) -> tuple[Path, int]:
    """The file that declares a variable for a server, and the line in it."""
    own = INVENTORY / "host_vars" / f"{server}.yml"
    for file in (own, *sorted((INVENTORY / "group_vars").glob("*.yml"))):
        if file.exists():
            tree = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
            if isinstance(tree, yaml.MappingNode) and any(name.value == variable for name, _value in tree.value):
                return file, line_of(tree, f"{variable}{path}")
    return own, 1


def mistakes(report: dict) -> list[tuple[Path, int, str]]:
    """File, line and text of each mistake; one of all servers is there once."""
    found: dict[tuple[Path, int, str], None] = {}
    for server in report["servers"]:
        if server["state"] not in ("failed", "unreachable"):
            continue
        texts = MESSAGE.findall(server["message"])
        for root, path, text in texts:
            found[(*place(server["name"], VARIABLES[root], path), f"{root}{path}: {text}")] = None
        if not texts:
            found[(*place(server["name"], "vbo_jobs_list", ""), server["message"])] = None
    return list(found)


def main(report: Path) -> int:
    """Returns 1 when there is a mistake."""
    found = mistakes(json.loads(report.read_text(encoding="utf-8")))
    quality = []
    for file, line, text in found:
        if os.environ.get("GITHUB_ACTIONS"):
            escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
            print(f"::error file={file},line={line}::{escaped}")
        else:
            print(f"{file}:{line}: {text}")
        quality.append(
            {
                "description": text,
                "check_name": "backupops.vbo365.lint",
                "fingerprint": hashlib.sha256(f"{file} {text}".encode()).hexdigest(),
                "severity": "blocker",
                "location": {"path": str(file), "lines": {"begin": line}},
            }
        )
    (report.parent / "codequality.json").write_text(json.dumps(quality, indent=1), encoding="utf-8")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
