# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Cleans text from forms, files and environment variables: surrounding blanks, byte order marks, invalid bytes."""

from __future__ import annotations

import unicodedata

NOT_UTF8 = "\ufffd"  # replaces such bytes


def trimmed(text: str) -> str:
    """Strip blanks, line breaks and byte order marks, which files and stored secrets often have at their ends."""
    return text.strip().strip("\ufeff").strip()


def readable(text: str) -> str:
    """Remove the lone surrogates that Python makes of bytes that are not UTF-8; they cannot be encoded."""
    return "".join(NOT_UTF8 if unicodedata.category(char) == "Cs" else char for char in text)
