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
from ._sarif import SOURCE, parse_source, render_sarif

Entry = t.Dict[str, t.Any]


def render_json(report: Entry) -> str:
    """The report itself; what a merge reads."""
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"


#: the renderers take the report, and the path in which a host is declared
FORMATS: dict[str, tuple[str, t.Callable[[Entry, str], str]]] = {
    "json": ("drift.json", lambda report, source: render_json(report)),
    "markdown": ("drift.md", lambda report, source: render_markdown(report)),
    "junit": ("drift.junit.xml", lambda report, source: render_junit(report)),
    "sarif": ("drift.sarif", render_sarif),
    "html": ("drift.html", lambda report, source: render_html(report)),
}


def files_of(report: Entry, formats: t.Sequence[str], source: t.Any = SOURCE) -> list[dict[str, str]]:
    """The files of a report: name and text.

    :arg source: the path in which a host is declared, with C({host}) for the host
    :raises ValueError: when a format is not known, or the path is not one of a repository
    """
    path_of_hosts = parse_source(source)
    report = {"common": [], **report}  # earlier releases did not say it
    unknown = [name for name in formats if name not in FORMATS]
    if unknown:
        raise ValueError(f"format '{unknown[0]}' is not one of {', '.join(FORMATS)}.")
    found = []
    for name in formats:
        path, render = FORMATS[name]
        # half a surrogate pair fits in no file
        text = render(report, path_of_hosts).encode("utf-8", "replace").decode("utf-8")
        found.append({"name": path, "content": text})
    return found
