# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The connection options of a task, checked before the first request."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import typing as t
import unicodedata
from urllib.parse import urlsplit

from .._errors import InputError, shown, shown_path
from .._input._mistakes import beyond
from .._input._text import NOT_UTF8, trimmed
from .._visible import visible

DEFAULT_PORT = 4443  # of the product's REST service (User Guide, "REST API Settings")
#: option: (least, most); the clocks of systems do not count to infinity
LIMITS = {"timeout": (1, 86_400), "retries": (0, 100)}
HELD_MORE = "must contain only scheme, host, port and path; set credentials in username and password, or in token"
#: invisible characters that are never part of an account: byte order marks, and marks from copying out of a window
UNSEEN = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
LETTERS = {
    NOT_UTF8: "bytes that are not UTF-8",
    "\n": "a line break",
    "\r": "a line break",
    "\t": "a tab",
    " ": "a space",
    "\ufeff": "a byte order mark",
}
TOKEN = re.compile(r"[!-~]+")  # the characters that a header may have


#: ways to write a secret: trimmed, escaped, and in the quotes of Python and JSON
SPELLINGS: tuple[t.Callable[[str], str], ...] = (
    trimmed,
    visible,
    lambda text: repr(text)[1:-1],
    lambda text: json.dumps(text)[1:-1],
)


def spellings(secret: str) -> set[str]:
    """Return a secret in all spellings in which a message may contain it."""
    ways = {secret}
    for _unused in range(2):  # libraries would quote it twice
        ways |= {form(way) for way in ways for form in SPELLINGS}
    return {way for way in ways if way}


@dataclasses.dataclass(frozen=True)
class Settings:
    """The settings of a connection; the representation contains no secrets."""

    url: str
    username: str | None = None
    password: str | None = dataclasses.field(default=None, repr=False)
    token: str | None = dataclasses.field(default=None, repr=False)
    api_version: str = "auto"
    validate_certs: bool = True
    ca_path: str | None = None
    timeout: int = 60
    retries: int = 3
    allow_http: bool = False

    @classmethod
    def from_params(cls, params: dict[str, t.Any]) -> Settings:
        """Read the connection options of a task and check them.

        :raises InputError: with the option's name
        """
        names = [field.name for field in dataclasses.fields(cls)]
        settings = cls(**{name: params[name] for name in names if params.get(name) is not None})
        settings = dataclasses.replace(settings, token=_token(settings.token), username=_username(settings.username))
        _check_password(settings.password)
        if not settings.token and not (settings.username and settings.password):
            missing = "password" if settings.username else "username"
            raise InputError(missing, "give username and password, or a token")
        for error in beyond(dataclasses.asdict(settings), LIMITS):
            raise error
        if settings.ca_path and not os.path.exists(settings.ca_path):
            raise InputError(
                "ca_path",
                f"{shown_path(settings.ca_path)} does not exist; specify a file or folder of CA certificates",
            )
        return dataclasses.replace(settings, url=_base_url(settings))


def _base_url(settings: Settings) -> str:
    text = settings.url.strip()
    if "@" in text:  # not shown, because the part before it may be a password
        raise InputError("url", HELD_MORE)
    try:
        parts = urlsplit(text if "//" in text else f"https://{text}")
        right = (
            parts.scheme in ("https", "http") and parts.hostname and parts.port != 0 and _is_plain(text, parts.netloc)
        )
    except ValueError:  # of the port, for example
        right = False
    if not right:
        raise InputError(
            "url", f"{shown(settings.url)} is not a valid URL; write for example https://vbo.example.com:{DEFAULT_PORT}"
        )
    if parts.query or parts.fragment:
        raise InputError("url", HELD_MORE)
    if parts.scheme == "http" and not settings.allow_http:
        raise InputError("url", "plain HTTP would send the password unencrypted; use https, or set allow_http: true")
    steps = parts.path.lower().strip("/").split("/")
    if "swagger" in steps:
        raise InputError("url", f"ends with {shown(parts.path)}, the page that describes the API; leave that out")
    last = steps[-1]
    if last[:1] == "v" and last[1:].isdigit():
        raise InputError("url", f"ends with {shown(last)}; leave that out and set api_version: {last}")
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    return f"{parts.scheme}://{host}:{parts.port or DEFAULT_PORT}{parts.path.rstrip('/')}"


def _is_plain(address: str, netloc: str) -> bool:
    """Whether all libraries parse an address the same way; they end a host at different characters."""
    host = netloc.partition("]")[2] if netloc.startswith("[") else netloc
    return (
        address.isprintable() and not set(address) & set(" " + UNSEEN + NOT_UTF8) and not set(host) & set('\\<>"^`{}|%')
    )


def _token(text: str | None) -> str | None:
    """Return the token without a trailing line break, and check that it fits into a header."""
    token = trimmed(text or "")
    if token and not TOKEN.fullmatch(token):
        more = "; leave out the word Bearer" if token.lower().startswith("bearer ") else ""
        wrong = next(char for char in token if not TOKEN.fullmatch(char))
        raise InputError("token", f"contains {_named(wrong)}, which is not allowed in a token{more}")
    return token or None


def _username(text: str | None) -> str | None:
    """Return the user name unchanged; fail for control characters, which come from YAML escapes or files."""
    unseen = UNSEEN + NOT_UTF8
    wrong = next((char for char in text or "" if unicodedata.category(char) == "Cc" or char in unseen), None)
    if wrong:
        raise InputError(
            "username",
            f"contains {_named(wrong)}; write the name in single quotes, because YAML interprets a backslash in double "
            "quotes, and trim a name that is read from a file",
        )
    return text if text and text.strip() else None


def _check_password(text: str | None) -> None:
    """Fail for a password with bytes that are not UTF-8; any other text is accepted."""
    if NOT_UTF8 in (text or ""):
        raise InputError("password", f"contains {LETTERS[NOT_UTF8]}")


def _named(char: str) -> str:
    """Describe an invisible character, or one that is part of a secret, without showing it."""
    kind = "a control character" if unicodedata.category(char) == "Cc" else "a non-ASCII character"
    return LETTERS.get(char) or f"{kind} (U+{ord(char):04X})"
