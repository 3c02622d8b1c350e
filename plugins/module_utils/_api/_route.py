# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The route to the server: the proxy in between, and the trusted certificate authorities.

Both come from the environment too, which other tools fill, so a mistake there is named by its variable. An account in
the address of a proxy is never repeated.
"""

from __future__ import annotations

import dataclasses
import importlib.util
import os
import re
import ssl
import typing as t
from urllib.parse import unquote, urlsplit

from .._errors import InputError, shown_path
from ._settings import Settings

try:
    import requests
except ImportError:  # reported by _http
    requests = None  # type: ignore[assignment]

#: of certificate authorities, in the order in which the HTTP library asks them
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
SYSTEM = "the settings of the system"  # where a proxy comes from on macOS and Windows
_PROXY = re.compile(
    r"""(?:(?P<scheme>https?|socks4a?|socks5h?)://)?
        (?:(?P<account>[^@/?#\\\[\]\s]*)@)?
        (?P<address>(?:\[[0-9a-f:.%]+\]|[^@/?#\\\[\]:\s]+)(?::(?P<port>[0-9]{1,5}))?)
        /?""",
    re.VERBOSE | re.IGNORECASE,
)
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")  # how OpenSSL finds a certificate in a folder


@dataclasses.dataclass(frozen=True)
class Proxy:
    """A proxy, and the source of its address; the representation contains no credentials.

    :arg address: host and port
    :arg secrets: the account as it is written, and its password
    """

    variable: str
    address: str
    secrets: tuple[str, ...] = dataclasses.field(default=(), repr=False)

    def __str__(self) -> str:
        return f"the proxy {self.address} ({self.variable})"


def proxy_for(url: str) -> Proxy | None:
    """Return the proxy that the HTTP library would use for an address.

    :raises InputError: naming the variable, if it is unusable or ambiguous
    """
    used = requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url))
    if not used:
        return None
    variable = _variable_of(used, urlsplit(url).scheme)
    parts = _PROXY.fullmatch(used)
    if not parts or int(parts["port"] or 1) > 65535:
        raise InputError(
            variable,
            "is not the address of a proxy; write http://host:port, and percent-encode characters like / ? # [ \\ in "
            "the user name and password, for example %23 for #",
        )
    if (parts["scheme"] or "").lower().startswith("socks") and not importlib.util.find_spec("socks"):
        raise InputError(variable, "names a SOCKS proxy, which needs the Python package PySocks")
    account = parts["account"] or ""
    try:
        unquote(account).encode("latin-1")
    except UnicodeError:
        raise InputError(
            variable, "contains a user name or password with characters that cannot be sent to a proxy"
        ) from None
    secrets = (account, account.partition(":")[2], unquote(account), unquote(account).partition(":")[2])
    return Proxy(variable, parts["address"], tuple(text for text in secrets if text))


def _variable_of(value: str, scheme: str) -> str:
    """Return the environment variable that defines a proxy; lowercase takes precedence, as in the library."""
    for wanted in (f"{scheme}_proxy", "all_proxy"):
        for name in sorted(os.environ, reverse=True):
            if name.lower() == wanted and os.environ[name] == value:
                return name
    return SYSTEM


def authorities(settings: Settings) -> tuple[str, bool | str]:
    """Return the option or variable with the certificate authorities, and the value for the HTTP library.

    :raises InputError: if a variable names a missing file or folder
    """
    if not settings.validate_certs:
        return "validate_certs", False
    if settings.ca_path:
        return "ca_path", settings.ca_path
    given = {name: os.environ[name] for name in BUNDLES if os.environ.get(name)}
    for name, path in given.items():
        if path.strip() and settings.url.startswith("https:"):
            if not os.path.exists(path):
                raise InputError(
                    name, f"{shown_path(path)} does not exist; specify a file of CA certificates, or set ca_path"
                )
            return name, path
    # The library would accept a variable with blanks only as a file name.
    return "", requests.utils.DEFAULT_CA_BUNDLE_PATH if given else True


def check_certificates(name: str, path: bool | str) -> None:
    """Fail if a file contains no certificates; called after a connection has failed.

    :raises InputError: naming the option or the variable
    """
    if not isinstance(path, str):
        return
    if os.path.isdir(path):
        if not any(_HASHED.fullmatch(entry) for entry in _entries(path)):
            raise InputError(
                name,
                f"the folder {shown_path(path)} contains no certificates under the names that OpenSSL expects; "
                "specify a file, or create the names with 'openssl rehash'",
            )
        return
    try:
        ssl.create_default_context(cafile=path)
    except (ssl.SSLError, OSError):
        raise InputError(name, f"{shown_path(path)} contains no readable certificates; specify a PEM file") from None


def _entries(folder: str) -> t.Sequence[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return ()
