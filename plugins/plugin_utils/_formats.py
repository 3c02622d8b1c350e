# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Reports as files: a table of formats, whatever the report is about."""

from __future__ import annotations

import datetime
import json
import typing as t

from ..module_utils._types import Data
from ._sarif import parse_source

#: by name the file and its renderer, which takes the report, and the path in which a host is declared
Formats = t.Mapping[str, t.Tuple[str, t.Callable[[Data, str], str]]]


def render_json(report: Data) -> str:
    """Return the report itself, which can be merged."""
    return json.dumps(report, indent=1, ensure_ascii=False) + "\n"


def render(report: Data, formats: t.Sequence[str], source: t.Any, known: Formats) -> list[dict[str, str]]:
    """The files of a report: name and text.

    :arg source: the path in which a host is declared, with C({host}) for the host
    :arg known: the formats of this kind of report
    :raises ValueError: when a format is not known, or the path is not one of a repository
    """
    path_of_hosts = parse_source(source)
    unknown = [name for name in formats if name not in known]
    if unknown:
        raise ValueError(f"format must be one of {', '.join(known)} (got '{unknown[0]}').")
    found = []
    for name in formats:
        path, renderer = known[name]
        # half a surrogate pair fits in no file
        text = renderer(report, path_of_hosts).encode("utf-8", "replace").decode("utf-8")
        found.append({"name": path, "content": text})
    return found


def moment(now: t.Any) -> str:
    """The time in UTC; its day is the one by which rules expire."""
    return str(now) or datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
