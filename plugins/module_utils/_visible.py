# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Safe display of text: different texts never look the same, and control characters have no effect.

Names in all scripts stay unchanged. A character without a shape of its own is written as an escape such as
V(\\u200b); that includes the joiners and selectors of emoji, because most fonts show the same without them.
"""

from __future__ import annotations

import re
import typing as t
import unicodedata

#: invisible characters that Python considers printable: fillers, blanks, and variation selectors
UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U00013441\U00013442\U00016fe4\U0001d159\U000e0000-\U000e0fff]"
)
#: text that looks like an escape; an even number of backslashes means that it is none
_LIKE_ESCAPE = re.compile(r"(\\+)(?=x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})")
_BACKSLASHES = re.compile(r"(\\+)\Z")
#: invisible blanks: at the ends, and beside another blank
_BLANKS = re.compile(r"^ +| +\Z|(?<= ) +")
LINE_BREAK = "\u21b5"


def visible(text: str) -> str:
    """Return a sentence as a single line."""
    if _is_plain(text):
        return text
    line = text.replace("\r\n", " ").replace("\n", " ")
    return "".join(char if seen else escape(char) for char, seen in _characters(line))


def visible_lines(text: str) -> str:
    """Sentences with their line breaks."""
    return "\n".join(visible(line) for line in text.replace("\r\n", "\n").split("\n"))


def exact(text: str) -> str:
    """Format a name or value as one unambiguous line."""
    blanks = {place for match in _BLANKS.finditer(text) for place in range(*match.span())} if " " in text else set()
    if _is_plain(text) and not blanks and "\\" not in text:
        return text
    line, literal = "", ""
    for place, (char, seen) in enumerate(_characters(text)):
        if seen and place not in blanks and char != LINE_BREAK:
            literal += char
            continue
        sign = LINE_BREAK if char == "\n" else escape(char)
        line += _literal(literal, before_escape=sign != LINE_BREAK) + sign
        literal = ""
    return line + _literal(literal)


def _literal(text: str, before_escape: bool = False) -> str:
    """Return a text in which no backslash can be mistaken for that of an escape."""
    if "\\" not in text:
        return text
    if before_escape:
        text = _BACKSLASHES.sub(lambda match: match[1] * 2, text)
    return _LIKE_ESCAPE.sub(lambda match: match[1] * 2, text)


def escape(char: str) -> str:
    """The escape of a character, as Python and YAML know it, without the short forms: C(\\t) is often two letters."""
    number = ord(char)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def unseen(text: str) -> set[int]:
    """The places of the characters that are not seen."""
    if _is_plain(text):
        return set()
    return {place for place, (_unused, seen) in enumerate(_characters(text)) if not seen}


def _is_plain(text: str) -> bool:
    """Return whether a text needs no further checks, which is nearly always the case."""
    return text.isascii() and text.isprintable()


def _characters(text: str) -> t.Iterator[tuple[str, bool]]:
    """Yield each character, and whether it is visible and unambiguous."""
    composed = unicodedata.is_normalized("NFC", text)
    cluster = ""  # the previous character, with combining ones
    for char in text:
        mark = unicodedata.category(char).startswith("M")
        seen = char.isprintable() and not UNSEEN.match(char) and not (mark and not cluster)
        if seen and not composed:  # its composed form would look the same
            seen = unicodedata.is_normalized("NFC", cluster + char)
        yield char, seen
        cluster = "" if not seen else cluster + char if mark else char
