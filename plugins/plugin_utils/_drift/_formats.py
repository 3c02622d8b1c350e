# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The formats in which a report can be written: name, file, renderer."""

from __future__ import annotations

import json
import typing as t

from ._html import render_html
from ._junit import render_junit
from ._markdown import render_markdown
from ._sarif import render_sarif

Entry = t.Dict[str, t.Any]


def render_json(report: Entry) -> str:
    """The report itself; what a merge reads."""
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"


FORMATS: dict[str, tuple[str, t.Callable[[Entry], str]]] = {
    "json": ("drift.json", render_json),
    "markdown": ("drift.md", render_markdown),
    "junit": ("drift.junit.xml", render_junit),
    "sarif": ("drift.sarif", render_sarif),
    "html": ("drift.html", render_html),
}


def files_of(report: Entry, formats: t.Sequence[str]) -> list[dict[str, str]]:
    """The files of a report: name and text.

    :raises ValueError: when a format is not known
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise ValueError(f"format '{unknown[0]}' is not one of {', '.join(FORMATS)}.")
    found = []
    for name in formats:
        path, render = FORMATS[name]
        # half a surrogate pair fits in no file
        found.append({"name": path, "content": render(report).encode("utf-8", "replace").decode("utf-8")})
    return found
