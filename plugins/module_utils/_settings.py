# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""How to reach a server: the connection options of a task, checked before the first request."""

from __future__ import annotations

import dataclasses
import os
import re
import ssl
import typing as t
from urllib.parse import urlsplit

from ._errors import InputError, shown
from ._models._options import beyond

DEFAULT_PORT = 4443  # of the product's REST service (rest-api §2.1)
#: option: (least, most); the clocks of systems do not count to infinity
LIMITS = {"timeout": (1, 86_400), "retries": (0, 100)}
HELD_MORE = "holds more than scheme, host, port and path; credentials have options of their own"


@dataclasses.dataclass(frozen=True)
class Settings:
    """How to reach a server; secrets are left out of the representation."""

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
        if not settings.token and not (settings.username and settings.password):
            missing = "password" if settings.username else "username"
            raise InputError(missing, "give username and password, or a token")
        for error in beyond(dataclasses.asdict(settings), LIMITS):
            raise error
        if settings.ca_path and not os.path.exists(settings.ca_path):
            raise InputError(
                "ca_path", f"{shown(settings.ca_path)} does not exist; name a file or folder of certificate authorities"
            )
        return dataclasses.replace(settings, url=_base_url(settings))


def _base_url(settings: Settings) -> str:
    text = settings.url.strip()
    if "@" in text:  # not shown: what stands before it may be a password
        raise InputError("url", HELD_MORE)
    try:
        parts = urlsplit(text if "//" in text else f"https://{text}")
        right = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0 and not re.search(r"\s", text)
    except ValueError:  # of the port, for example
        right = False
    if not right:
        raise InputError(
            "url", f"{shown(settings.url)} is not an address; write for example https://vbo.example.com:{DEFAULT_PORT}"
        )
    if parts.query or parts.fragment:
        raise InputError("url", HELD_MORE)
    if parts.scheme == "http" and not settings.allow_http:
        raise InputError(
            "url", "is plain HTTP, which would send the password readably; use https, or set allow_http: true"
        )
    steps = parts.path.lower().strip("/").split("/")
    if "swagger" in steps:
        raise InputError("url", f"ends with {shown(parts.path)}, the page that describes the API; leave that out")
    last = steps[-1]
    if last[:1] == "v" and last[1:].isdigit():
        raise InputError("url", f"ends with {shown(last)}; leave that out and set api_version: {last}")
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    return f"{parts.scheme}://{host}:{parts.port or DEFAULT_PORT}{parts.path.rstrip('/')}"


def check_certificates(path: str | None) -> None:
    """Tell a file that holds no certificates from a server that speaks no TLS; asked only once a connection failed."""
    if path and os.path.isfile(path):
        try:
            ssl.create_default_context(cafile=path)
        except (ssl.SSLError, OSError):
            raise InputError(
                "ca_path", f"{shown(path)} holds no certificates that can be read; name a PEM file"
            ) from None
