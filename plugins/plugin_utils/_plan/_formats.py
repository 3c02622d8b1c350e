# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The formats in which a plan can be written: name, file, renderer."""

from __future__ import annotations

import json
import re
import typing as t

from ...module_utils._types import Data
from .._formats import Formats, render
from . import _data as data
from ._html import render_html
from ._markdown import render_markdown

_HALVES = re.compile("[\ud800-\udfff]")


def render_json(plan: Data) -> str:
    """Return the plan as JSON; a lone surrogate, which no file can contain, is escaped."""
    text = json.dumps(plan, indent=1, ensure_ascii=False) + "\n"
    return _HALVES.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


FORMATS: Formats = {
    "json": ("plan.json", lambda plan, source: render_json(plan)),
    "markdown": ("plan.md", lambda plan, source: render_markdown(plan)),
    "html": ("plan.html", lambda plan, source: render_html(plan)),
}


def files_of(plan: Data, formats: t.Sequence[str]) -> list[dict[str, str]]:
    """The files of a plan: name and text.

    :raises ValueError: when a format is not known
    :raises VboError: when it is not a plan
    """
    data.check(plan, "the input")
    return render(plan, formats, "plan.json", FORMATS)
