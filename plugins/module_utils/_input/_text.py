# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Cleans text from forms, files and environment variables: surrounding blanks, byte order marks, invalid bytes."""

from __future__ import annotations

import unicodedata

NOT_UTF8 = "\ufffd"  # what stands for such bytes


def trimmed(text: str) -> str:
    """A text without blanks, line breaks and byte order marks at its ends, as files and secrets bring them along."""
    return text.strip().strip("\ufeff").strip()


def readable(text: str) -> str:
    """A text without the halves of characters that Python makes of bytes that are not UTF-8; nothing takes them."""
    return "".join(NOT_UTF8 if unicodedata.category(char) == "Cs" else char for char in text)
