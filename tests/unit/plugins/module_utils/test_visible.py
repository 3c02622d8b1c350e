# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Invisible characters: shown by their numbers, so that no two names look alike."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._core._yaml import yaml_text
from ansible_collections.backupops.vbo365.plugins.module_utils._visible import exact, visible, visible_lines
from hypothesis import given, settings
from hypothesis import strategies as st

QUICK = settings(deadline=None, max_examples=300, database=None)
#: one of each kind in Unicode, and characters that look like a blank
UNSEEN = [
    *("\u200b", "\u00ad", "\ufeff", "\u061c", "\u202e", "\u202c", "\u2066", "\u2069", "\u200e", "\u200c", "\u200d"),
    *("\u2060", "\u2064", "\u034f", "\u115f", "\u1160", "\u17b4", "\u180b", "\u180e", "\u2800", "\u3164", "\uffa0"),
    *("\ufe00", "\ufe0f", "\ufff9", "\U000e0020", "\U000e0041", "\U000e0100", "\U0001d159", "\U0001d173"),
    *("\u00a0", "\u2003", "\u202f", "\u3000", "\u2028", "\u2029", "\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9b"),
    *("\ud800", "\udfff", "\ufffe", "\uffff", "\ue000"),
]
READABLE = [
    *("Büro", "Straße", "Größe", "日本支社", "한국", "العربية", "עברית", "Ελλάδα", "Україна", "हिन्दी", "ไทย", "தமிழ்"),
    *("Tiếng Việt", "🗄 archive", "R&D (EU) <all> #1", "a_b-c.d", "x\u0301y"),
]


@pytest.mark.parametrize("char", UNSEEN, ids=lambda char: f"U+{ord(char):04X}")
def test_what_nobody_sees_is_shown(char: str) -> None:
    for text in (f"a{char}b", f"{char}ab", f"ab{char}", f"日{char}本", char):
        for show in (visible, exact):
            shown = show(text)
            assert char not in shown and f"{ord(char):x}" in shown, (show, text)
            assert shown.isprintable()
        assert char not in yaml_text({"name": text})


@pytest.mark.parametrize("text", READABLE)
def test_names_of_every_script_stay_readable(text: str) -> None:
    assert visible(text) == exact(text) == text
    assert text in yaml_text({"name": text})


def test_all_that_unicode_calls_invisible() -> None:
    """All control, format and blank characters of Unicode, except the ordinary blank."""
    for number in range(0x110000):
        char = chr(number)
        kind = unicodedata.category(char)
        if kind in ("Cc", "Cf", "Cs", "Zl", "Zp") or (kind == "Zs" and char != " "):
            assert char not in exact(f"a{char}b"), hex(number)


def test_marks_that_stand_alone() -> None:
    """They would change the preceding quote or word."""
    assert visible("\u0301a") == exact("\u0301a") == r"\u0301a"
    assert exact("a\u200b\u0301") == r"a\u200b\u0301"


def test_composed_and_decomposed_look_different() -> None:
    for composed in ("Büro", "Größe", "한국", "Tiếng Việt", "Å"):
        decomposed = unicodedata.normalize("NFD", composed)
        assert exact(composed) == composed and exact(decomposed) != composed
        assert unicodedata.normalize("NFC", exact(decomposed)) != composed
    assert exact("Bu\u0308ro") == r"Bu\u0308ro" and exact("\u212b") == r"\u212b", "the sign of a unit is no letter"


def test_sentences_are_one_line() -> None:
    assert visible("one\r\ntwo\tthree\nfour Größe 東京") == r"one two\x09three four Größe 東京"
    assert visible("red \x1b[31m\x9b1m\x07 \u202eright\rleft") == r"red \x1b[31m\x9b1m\x07 \u202eright\x0dleft"
    assert visible_lines("one\r\ntwo\n\u200bthree") == "one\ntwo\n" + r"\u200bthree"


def test_blanks_and_line_breaks_of_names() -> None:
    assert exact("Finance mail") == "Finance mail"
    assert exact("Finance mail ") == r"Finance mail\x20" and exact(" a") == r"\x20a" and exact("a  b") == r"a \x20b"
    assert exact("one\ntwo\r\n") == r"one↵two\x0d↵"
    assert exact("EXAMPLE\\svc EXAMPLE\\test") == "EXAMPLE\\svc EXAMPLE\\test", "backslashes are not doubled"


PARTS = [
    "\\",
    "\\x20",
    "\\u200b",
    "\\u21b5",
    "x",
    "2",
    "0",
    "u",
    "b",
    " ",
    "\n",
    "\r",
    "\t",
    "\u21b5",
    "\u200b",
    "ü",
    "u\u0308",
]


def test_no_two_names_look_alike() -> None:
    seen: dict[str, str] = {}
    for length in range(4):
        for parts in itertools.product(PARTS, repeat=length):
            text = "".join(parts)
            assert seen.setdefault(exact(text), text) == text
            assert unicodedata.normalize("NFC", exact(text)) == exact(text)


@QUICK
@given(
    st.lists(st.sampled_from(PARTS)).map("".join) | st.text(), st.lists(st.sampled_from(PARTS)).map("".join) | st.text()
)
def test_two_names_look_different(one: str, other: str) -> None:
    assert (exact(one) == exact(other)) == (one == other)
    assert exact(one).isprintable()
