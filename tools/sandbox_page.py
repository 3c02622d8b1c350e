# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the tables of docs/docsite/rst/sandbox_reference.rst: ``tools/run-in-env python tools/sandbox_page.py``.

A table stands between the comments ``.. table: NAME`` and ``.. end of table``; the text around them is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "docsite" / "rst" / "sandbox_reference.rst"
sys.path.insert(0, str(ROOT / "roles" / "vbo_sandbox" / "files"))

from vbo_sandbox.api.routing import route_rows  # noqa: E402
from vbo_sandbox.store.settings import ALL_VERSIONS  # noqa: E402
from vbo_sandbox.store.switches import TABLE  # noqa: E402

MARKED = re.compile(r"(?<=^\.\. table: )(\w+)\n.*?\n(?=\.\. end of table$)", re.MULTILINE | re.DOTALL)


def simple(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of reStructuredText."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    rule = "  ".join("=" * width for width in widths)
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([rule, text[0], rule, *text[1:], rule])


def span(versions: list[str]) -> str:
    """``v6 to v8``"""
    return versions[0] if len(versions) == 1 else f"{versions[0]} to {versions[-1]}"


def routes() -> str:
    """Return the table of routes: a row for each method of a path."""
    rows = [row for row in route_rows(ALL_VERSIONS) if row["served"]]
    return simple(
        ("Request", "Versions"), ((f"``{row['method']} {row['path']}``", span(row["versions"])) for row in rows)
    )


def value(given: object) -> str:
    """Format a default or a choice as YAML."""
    text = str(given).lower() if isinstance(given, bool) else str(given)
    return f"``{text}``"


def switches() -> str:
    """Every switch: name, default, other choices, meaning."""
    return simple(
        ("Switch", "Default", "Others", "Meaning"),
        (
            (
                f"``{switch.name}``",
                value(switch.default),
                " ".join(value(choice) for choice in switch.allowed if choice != switch.default)
                if isinstance(switch.allowed, tuple)
                else value(not switch.default)
                if switch.allowed is bool
                else "from 0",
                switch.doc,
            )
            for switch in TABLE
        ),
    )


TABLES = {"routes": routes, "switches": switches}


def page(text: str) -> str:
    """The page with its tables as the code has them."""
    return MARKED.sub(lambda found: f"{found[1]}\n\n{TABLES[found[1]]()}\n\n", text)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
