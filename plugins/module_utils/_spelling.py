# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Comparison of names, lookalikes, and the spelling of the API's words."""

from __future__ import annotations

import functools
import re
import typing as t
import unicodedata
from urllib.parse import unquote_to_bytes, urlsplit

from ._visible import UNSEEN, unseen

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


# --- the same name ---------------------------------------------------------------------------------------------------


def folded(name: t.Any) -> str:
    """Fold the case of a name: two names are the same if their folded forms are equal.

    The server compares names without regard to case (assumed; not documented), and .NET does so character by character:
    each is replaced by the one capital letter that it has. Nothing else is folded: V(Straße) is not V(Strasse), V(ﬁ) is
    not V(fi), and the dotless i, the long s and the Kelvin sign are letters of their own. C(str.casefold) and
    C(str.lower) fold more than that, so they are not used on names anywhere. The form has as many characters as the
    name, and is in small letters.
    """
    text = "" if name is None else str(name)
    return text.lower() if text.isascii() else "".join(map(_folded_char, text))


@functools.lru_cache(maxsize=4096)
def _folded_char(char: str) -> str:
    capital = _capital(char)
    small = capital.lower()
    return small if len(small) == 1 and _capital(small) == capital else capital


def _capital(char: str) -> str:
    """The one capital letter of a character; itself if it has none, or several."""
    if char in "\u0131\u017f":  # dotless i and long s: their capitals belong to i and s, and .NET leaves them alone
        return char
    # Letters with a iota below have several capitals in full mapping, and one in simple mapping, as in titles.
    return next((form for form in (char.upper(), char.title()) if len(form) == 1), char)


def same_name(one: t.Any, other: t.Any) -> bool:
    """Whether two names are the same for the server; see :func:`folded`."""
    return folded(one) == folded(other)


def job_key(organization: t.Any, name: t.Any) -> tuple[str, str]:
    """The identity of a job: organization and name, ignoring case."""
    return folded(organization), folded(name)


# --- a name that looks the same --------------------------------------------------------------------------------------


def looks(name: t.Any) -> str:
    """Return a name as it looks on a screen; names with equal results are visually identical.

    Composed and decomposed letters are the same then, all blanks are one, and invisible characters are nothing.
    """
    text = "" if name is None else str(name)
    if not (text.isascii() and text.isprintable()):
        text = "".join(_seen(char) for char in unicodedata.normalize("NFD", text))
    return " ".join(folded(text).split())


def _seen(char: str) -> str:
    if _is_control(char) or char == "\u2800":  # an empty pattern of Braille is a blank
        return " "
    return "" if _shows_nothing(char) else char


def _shows_nothing(char: str) -> bool:
    return bool(UNSEEN.match(char)) or unicodedata.category(char) == "Cf"


def _is_control(char: str) -> bool:
    return unicodedata.category(char) == "Cc"


def alike(name: t.Any, names: t.Iterable[str]) -> list[str]:
    """Return the names that look like this one but are different."""
    seen, own = looks(name), folded(name)
    return [other for other in names if seen and folded(other) != own and looks(other) == seen]


def spelled(name: str) -> str:
    """Quote a name, and add the code of each character that is invisible or easily confused with another."""
    hidden = unseen(name)
    return (
        "'"
        + "".join(f"<{code(char)}>" if n in hidden or _is_blank(name, n) else char for n, char in enumerate(name))
        + "'"
    )


def _is_blank(name: str, place: int) -> bool:
    """Whether a character is an invisible space: an unusual one, or one at an end or next to another space."""
    edge = place in (0, len(name) - 1) or name[place - 1].isspace()
    return name[place].isspace() and (name[place] != " " or edge)


def code(char: str) -> str:
    """The code of a character, with its name: V(U+00AD SOFT HYPHEN)."""
    return f"U+{ord(char):04X} {unicodedata.name(char, '')}".rstrip()


def told_apart(name: str, other: str) -> str:
    """Return two names that look the same, for use within a sentence."""
    return f"{spelled(name)} and {spelled(other)}"


def unfit(name: str) -> str:
    """Return why a name is not acceptable for a new object, as the end of a sentence; empty if it is."""
    for char, where in ((name[:1], "begins"), (name[-1:], "ends")):
        if char and (char.isspace() or _seen(char) in ("", " ")):
            what = _CONTROLS.get(char, "a space" if char.isspace() else "an invisible character")
            return f"{where} with {what}; remove it"
    return ""


_CONTROLS = {"\n": "a line break", "\r": "a line break", "\t": "a tab"}


def foreign(text: str) -> str:
    """The characters that are not ASCII, for the end of a sentence about a text that should be; empty without any.

    Word processors insert some that look like these.
    """
    found = [f"'{char}' is {code(char)}" if char.isprintable() else code(char) for char in text if not char.isascii()]
    return f" ({', '.join(list(dict.fromkeys(found))[:3])})" if found else ""


# --- addresses -------------------------------------------------------------------------------------------------------

_PORTS = {"https": ":443", "http": ":80"}
#: characters that have another meaning in an address if they are not escaped
_KEPT_ESCAPES = str.maketrans({char: f"%{ord(char):02x}" for char in "%/?#"})


@functools.lru_cache(maxsize=4096)
def site_key(url: str) -> str:
    """An address in the one form of all its spellings: two sites are the same when their keys are equal.

    Scheme and host have no case, a port that everybody assumes and a slash at the end mean nothing, the host may be
    written in its own letters or in ASCII, and a character of the path by itself or as its code. C(%2F) is no slash.
    """
    text = url.strip()
    try:
        parts = urlsplit(text)
        host = folded(parts.netloc)
        port = _PORTS.get(parts.scheme, "")
        if port and host.endswith(port):
            host = host[: -len(port)]
        host = ".".join(map(_ascii_label, host.split(".")))
    except ValueError:  # brackets, lone surrogates, and other text that is no address
        host = ""
    if not host:
        return folded(text.rstrip("/"))
    path = "/".join(map(_decoded, parts.path.split("/"))).rstrip("/")
    return parts._replace(netloc=host, path=folded(path)).geturl()


def _decoded(segment: str) -> str:
    """Decode the percent-encoded characters of a part of a path."""
    try:
        text = unquote_to_bytes(segment).decode()
    except UnicodeError:  # lone surrogates, or codes that are no UTF-8
        return segment
    return text.translate(_KEPT_ESCAPES)


def _ascii_label(label: str) -> str:
    """Encode a part of a host name for DNS; Python's own codec would turn V(ß) into V(ss)."""
    if label.isascii():
        return label
    return "xn--" + unicodedata.normalize("NFC", label).encode("punycode").decode()


# --- patterns --------------------------------------------------------------------------------------------------------


def matches(pattern: str | None, text: str | None) -> bool:
    """Whether a name matches a pattern with C(*) and C(?), ignoring case; without a pattern, everything matches."""
    if not pattern:
        return True
    pattern, text = folded(pattern), folded(text)
    first, *rest = map(_piece, pattern.split("*"))
    if not rest:
        return first.fullmatch(text) is not None
    *middle, last = rest
    start, end = len(pattern.split("*", 1)[0]), len(text) - len(pattern.rsplit("*", 1)[1])
    if start > end or not first.match(text) or not last.match(text, end):
        return False
    for piece in middle:  # each as early as possible: trying all combinations could take forever
        found = piece.search(text, start, end)
        if not found:
            return False
        start = found.end()
    return True


@functools.lru_cache(maxsize=1024)
def _piece(part: str) -> t.Pattern[str]:
    """Compile a part of a pattern between stars; it matches as many characters as it has."""
    return re.compile("".join("." if char == "?" else re.escape(char) for char in part), re.DOTALL)


# --- ids and words ---------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=1024)
def snake(value: str) -> str:
    """Turn an API enum value into an option value: V(ManualOnly) becomes V(manual_only), V(Hours4) V(hours4).

    Values that the collection does not know pass through the same rule, so that a newer server never breaks a read.
    """
    return _WORD_START.sub("_", value).lower()


def pascal(value: str) -> str:
    """Turn an option value into the API's enum value; the reverse of :func:`snake` for every documented enum."""
    return "".join(word[:1].upper() + word[1:] for word in value.split("_"))


def camel(word: str) -> str:
    """Turn an option's name into the API's key: V(daily_type) becomes V(dailyType)."""
    text = pascal(word)
    return text[:1].lower() + text[1:]


def truth(value: t.Any) -> bool:
    """Parse a boolean of the API, which may be a string (REST API reference of v1, "/Jobs"). A missing one is false."""
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def id_key(identifier: t.Any) -> str:
    """Fold the case of an id, because a server may return it in a different case (observed; not documented)."""
    return str(identifier).lower()


def same_id(one: str | None, other: str | None) -> bool:
    """Return whether both ids are given and equal."""
    return bool(one) and bool(other) and id_key(one) == id_key(other)


def last_segment(href: str | None) -> str | None:
    """The id at the end of a link.

    Links are used for nothing else because they can be wrong (observed; not documented).
    """
    return href.rstrip("/").rsplit("/", 1)[-1] if href else None


def link_id(resource: dict[str, t.Any], rel: str) -> str | None:
    """The id that the link C(rel) of an API resource ends with, or None."""
    link = (resource.get("_links") or {}).get(rel)
    return last_segment(link.get("href")) if isinstance(link, dict) else None
