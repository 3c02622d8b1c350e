# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Text filters of lists."""

from __future__ import annotations

import re
from typing import Any


def text_filter(entries: list[Any], field: str, wanted: str | None, wildcards: bool) -> list[Any]:
    """Return the entries whose field contains a text, or matches a pattern with ``*`` and ``?``."""
    if not wanted:
        return entries
    wanted = wanted.lower()
    if wildcards and ("*" in wanted or "?" in wanted):
        pattern = re.compile(re.escape(wanted).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)
        return [entry for entry in entries if pattern.fullmatch(getattr(entry, field).lower())]
    return [entry for entry in entries if wanted in getattr(entry, field).lower()]
