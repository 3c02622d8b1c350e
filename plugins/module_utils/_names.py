# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Words: the API writes C(EntireOrganization), Ansible users write C(entire_organization)."""

from __future__ import annotations

import functools
import re
import typing as t

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@functools.lru_cache(maxsize=1024)
def snake(value: str) -> str:
    """Turn an API enum value into an option value: V(ManualOnly) becomes V(manual_only), V(Hours4) V(hours4).

    Values that the collection does not know pass through the same rule, so that a newer server never breaks a read.
    """
    return _WORD_START.sub("_", value).lower()


def pascal(value: str) -> str:
    """Turn an option value into the API's enum value; the reverse of :func:`snake` for every documented enum."""
    return "".join(word[:1].upper() + word[1:] for word in value.split("_"))


def truth(value: t.Any) -> bool:
    """A boolean of the API; some servers write it as a string (rest-api §4.4). A missing one is false."""
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def matches(pattern: str | None, text: str | None) -> bool:
    """Whether a text fits a pattern with C(*) and C(?), in any case of letters; no pattern fits everything."""
    if not pattern:
        return True
    text = text or ""
    first, *rest = map(_piece, pattern.split("*"))
    if not rest:
        return first.fullmatch(text) is not None
    *middle, last = rest
    start, end = len(pattern.split("*", 1)[0]), len(text) - len(pattern.rsplit("*", 1)[1])
    if start > end or not first.match(text) or not last.match(text, end):
        return False
    for piece in middle:  # each as early as possible: trying all combinations could take for ever
        found = piece.search(text, start, end)
        if not found:
            return False
        start = found.end()
    return True


@functools.lru_cache(maxsize=1024)
def _piece(part: str) -> t.Pattern[str]:
    """A part of a pattern, between stars; it fits as many characters as it has."""
    return re.compile("".join("." if char == "?" else re.escape(char) for char in part), re.IGNORECASE | re.DOTALL)


def same_id(one: str | None, other: str | None) -> bool:
    """Ids are opaque, but their letters may come back in another case (rest-api §15, trap 3)."""
    return bool(one) and bool(other) and str(one).lower() == str(other).lower()


def last_segment(href: str | None) -> str | None:
    """The id at the end of a link; links are used for nothing else because they can be wrong (rest-api §4.3)."""
    return href.rstrip("/").rsplit("/", 1)[-1] if href else None


def link_id(resource: dict, rel: str) -> str | None:
    """The id that the link C(rel) of an API resource ends with, or None."""
    link = (resource.get("_links") or {}).get(rel)
    return last_segment(link.get("href")) if isinstance(link, dict) else None
