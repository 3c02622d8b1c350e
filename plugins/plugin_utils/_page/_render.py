# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Self-contained HTML pages: without scripts, requests or other files."""

from __future__ import annotations

import functools
import typing as t
from pathlib import Path

import jinja2

from ...module_utils._visible import exact, visible
from .._words import counted

#: the collection's folder for templates; below C(plugins) only code is allowed
TEMPLATES = Path(__file__).parents[3] / "playbooks" / "templates"

#: size of an hour and of the margins of a week, in units of the drawing
SIZE = {"hour": 20, "row": 20, "left": 36, "top": 18}

Rows = t.Sequence[t.Tuple[str, t.Sequence[int]]]


def render(template: str, **values: t.Any) -> str:
    """Render a page; all inserted values are escaped.

    :arg template: the name of a file in C(TEMPLATES)
    """
    return _environment().get_template(template).render(**values)


@functools.lru_cache
def _environment() -> jinja2.Environment:
    """Return the template environment, in which a missing name is an error."""
    environment = jinja2.Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FileSystemLoader(TEMPLATES),
    )
    environment.filters.update(counted=counted, exact=exact, visible=visible)
    environment.globals.update(hours=range(0, 24, 3), size=SIZE)
    return environment


def shaded(rows: Rows) -> list[tuple[str, list[tuple[int, int, int]]]]:
    """The days of a week with their hours: of each hour that has any, the number and a shade from 1 to 4."""
    most = max((max(counts) for _day, counts in rows), default=0)
    return [
        (day, [(hour, count, -(-4 * count // most)) for hour, count in enumerate(counts) if count])
        for day, counts in rows
    ]
