# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The formats in which a drift report can be written: name, file, renderer."""

from __future__ import annotations

import typing as t

from ...module_utils._types import Data
from .._formats import Formats, render, render_json
from .._sarif import SOURCE
from ._html import render_html
from ._junit import render_junit
from ._markdown import render_markdown
from ._sarif import render_sarif

FORMATS: Formats = {
    "json": ("drift.json", lambda report, source: render_json(report)),
    "markdown": ("drift.md", lambda report, source: render_markdown(report)),
    "junit": ("drift.junit.xml", lambda report, source: render_junit(report)),
    "sarif": ("drift.sarif", render_sarif),
    "html": ("drift.html", lambda report, source: render_html(report)),
}


def files_of(report: Data, formats: t.Sequence[str], source: t.Any = SOURCE) -> list[dict[str, str]]:
    """The files of a report: name and text.

    :raises ValueError: when a format is not known, or the path is not one of a repository
    """
    return render({"common": [], **report}, formats, source, FORMATS)  # earlier releases had no common differences
