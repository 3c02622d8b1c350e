# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Markdown for merge requests and chats: names stay text, and a page fits into a comment."""

from __future__ import annotations

import re
import typing as t

#: bytes of a page: GitHub takes 65,536 characters, and a pipeline may add a heading or a marker of its own
LONGEST = 60_000
#: an invisible break, which keeps a reader of comments from seeing a mention, a reference or an emoji
BREAK = "<!-- -->"
_REFERENCE = re.compile(
    r"(?<!\w)@(?=\w)|[#%~](?=[\w\"])|[!&$^](?=\d)|:(?=//)|(?<!\d):(?=[\w+-]+:)|\bGH-(?=\d)", re.IGNORECASE
)
_SPECIAL = re.compile(r"([\\`*_{}\[\]#!|~$^]|(?<=www)\.)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MARK = "\0"


def plain(text: str) -> str:
    """Visible text that stays text within a line: no markup, no HTML, no mention of a person, no link."""
    marked = _REFERENCE.sub(lambda match: match[0] + _MARK, text)
    safe = re.sub(r"[&<>]", lambda match: _ENTITIES[match[0]], _SPECIAL.sub(r"\\\1", marked))
    return safe.replace(_MARK, BREAK)


def code(text: str) -> str:
    """Visible text as code inside a table."""
    text = text.replace("|", "\\|")
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


class Page:
    """Blocks of lines; each is either completely on the page or not at all."""

    def __init__(self, longest: int = LONGEST) -> None:
        self._lines: list[str] = []
        self._left = longest

    def add(self, *lines: str, keep: int = 0) -> bool:
        """Add a block and a blank line after it, if it fits.

        :arg keep: bytes that must be left for others
        """
        size = sum(len(line.encode("utf-8", "replace")) + 1 for line in (*lines, ""))
        if size > self._left - keep:
            return False
        self._left -= size
        self._lines += [*lines, ""]
        return True

    def table(self, head: t.Sequence[str], rows: t.Sequence[str], share: float = 1.0, keep: int = 0) -> int:
        """Add a table with as many of the rows as fit into a share of the remaining space; return how many do not."""
        room = int((self._left - keep) * share)
        room -= sum(len(line.encode("utf-8", "replace")) + 1 for line in (*head, ""))
        shown: list[str] = []
        for row in rows:
            room -= len(row.encode("utf-8", "replace")) + 1
            if room < 0:
                break
            shown.append(row)
        if shown and not self.add(*head, *shown):
            return len(rows)
        return len(rows) - len(shown)

    def text(self) -> str:
        return "\n".join(self._lines).rstrip() + "\n"
