# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Converts exceptions of the HTTP library into errors of this collection.

An error that is C(transient) may be retried. If nothing was sent, it is a plain L(ConnectionFailed); a write
that may have been carried out is a L(LostAnswer).
"""

from __future__ import annotations

import dataclasses
import re
import ssl
import traceback
import typing as t

from .._errors import ConnectionFailed, LostAnswer, Timeout, VboError
from ._route import Proxy, check_certificates
from ._settings import Settings, spellings

try:
    import requests
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ReadTimeoutError
except ImportError:  # reported by _http
    requests = None  # type: ignore[assignment]

READS = ("GET", "HEAD")
GATEWAY = (502, 503, 504)
_TUNNEL = re.compile(r"Tunnel connection failed: ((\d{3}).*)")  # http.client, when a proxy refuses CONNECT


@dataclasses.dataclass(frozen=True)
class Journey:
    """The route of requests: the server, the proxy and the trusted certificates.

    :arg trusted: the option or variable that names the certificate authorities
    :arg verify: the authorities, as the library takes them
    """

    settings: Settings
    proxy: Proxy | None
    trusted: str
    verify: bool | str

    @property
    def server(self) -> str:
        """Name the server, and the proxy if there is one, for a message."""
        return f"{self.settings.url} through {self.proxy}" if self.proxy else self.settings.url

    def secrets(self) -> t.Iterator[str]:
        """Secrets that must not appear in an error message."""
        for secret in (self.settings.password, self.settings.token, *(self.proxy.secrets if self.proxy else ())):
            yield from spellings(secret or "")


def connection_error(
    failure: Exception, method: str, path: str, journey: Journey, token: t.Collection[str] = ()
) -> VboError:
    """Translate an exception of the HTTP library into an error of the collection.

    :arg token: spellings of the token of the request, which a reason may repeat
    :raises InputError: when the certificate authorities are the reason
    """
    causes = _causes(failure)
    reason = _reason(causes[-1], {*journey.secrets(), *token})
    kind, text, advice, transient = _meaning(causes, reason, method, journey)
    error = kind(text, advice=advice, method=method, path=path)
    error.transient = transient  # type: ignore[attr-defined]
    return error


def refused(journey: Journey, status: int, method: str, path: str) -> VboError:
    """Return the error for an answer that only a proxy gives."""
    kind, text, advice, transient = _refusal(journey, status, f"{status} Proxy Authentication Required")
    error = kind(text, advice=advice, method=method, path=path)
    error.transient = transient  # type: ignore[attr-defined]
    return error


Meaning = t.Tuple[t.Type[ConnectionFailed], str, str, bool]


def _meaning(causes: list[BaseException], reason: str, method: str, journey: Journey) -> Meaning:
    """Return the class of the error, the message, the advice, and whether a retry makes sense."""
    failure, where, lost = causes[0], journey.server, ConnectionFailed if method in READS else LostAnswer
    tunnel = next(filter(None, (_TUNNEL.search(str(cause)) for cause in causes)), None)
    if tunnel:
        return _refusal(journey, int(tunnel[2]), tunnel[1].rstrip("."))
    ended = _any(causes, ssl.SSLEOFError, ssl.SSLZeroReturnError) and not _within(causes, "do_handshake")
    if not ended and (_any(causes, ssl.SSLError, requests.exceptions.SSLError) or _is_not_trusted(causes)):
        return _no_trust(causes, reason, journey)
    if _any(causes, NewConnectionError, ConnectTimeoutError, requests.exceptions.ConnectTimeout):
        return ConnectionFailed, f"No connection to {where}: {reason}", _check(journey), True
    if _within(causes, "_tunnel"):  # nothing was sent to the server yet
        text = f"{journey.proxy} did not open a connection to {journey.settings.url}: {reason}"
        return ConnectionFailed, _capital(text), _check(journey), True
    if _any(causes, requests.exceptions.ReadTimeout, ReadTimeoutError):
        late = Timeout if method in READS else LostAnswer
        return late, f"{where} did not answer within {journey.settings.timeout} s", "Raise timeout.", True
    if isinstance(failure, ValueError):  # found before anything was sent
        return ConnectionFailed, f"Cannot send a request to {where}: {reason}", "", False
    return lost, f"The connection to {where} broke before the answer was complete: {reason}", "", True


def _refusal(journey: Journey, status: int, answer: str) -> Meaning:
    """Describe a proxy that rejected the connection; the server received no request."""
    proxy = journey.proxy or "a proxy in between"
    advice = "Add the server to NO_PROXY if it can be reached without a proxy, or allow it on the proxy."
    if status == 407:
        advice = "Add the user name and password to the address of the proxy, or add the server to NO_PROXY."
    text = f"{proxy} refused the connection to {journey.settings.url}: {answer}"
    return ConnectionFailed, _capital(text), advice, status in GATEWAY


def _no_trust(causes: list[BaseException], reason: str, journey: Journey) -> Meaning:
    """Describe a TLS failure: the certificate, the authorities, or a server without TLS."""
    check_certificates(journey.trusted, journey.verify)
    if _is_not_trusted(causes):
        text = f"The certificate of {journey.server} is not trusted"
        return (
            ConnectionFailed,
            f"{text}: {reason}",
            "Set ca_path to the certificate file of its certificate authority.",
            False,
        )
    advice = "Check url and port: does the REST service answer there?"
    if journey.proxy:
        advice = f"Check url, and the address of the proxy in {journey.proxy.variable}: most proxies expect http://."
    return ConnectionFailed, f"No TLS connection to {journey.server}: {reason}", advice, False


def _check(journey: Journey) -> str:
    if journey.proxy:
        return f"Check {journey.proxy.variable}, or add the server to NO_PROXY if it can be reached without a proxy."
    return "Check url, and that the REST service is running there."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _any(causes: list[BaseException], *kinds: type[BaseException]) -> bool:
    return any(isinstance(cause, kinds) for cause in causes)


def _within(causes: list[BaseException], function: str) -> bool:
    """Whether the exception was raised inside a function; its type does not show how far the connection got."""
    return any(
        frame.f_code.co_name == function for cause in causes for frame, _line in traceback.walk_tb(cause.__traceback__)
    )


def _is_not_trusted(causes: list[BaseException]) -> bool:
    """Whether the certificate is the problem; urllib3 before version 2 has a separate error for host names."""
    return any(
        isinstance(cause, ssl.SSLCertVerificationError) or type(cause).__name__ == "CertificateError"
        for cause in causes
    )


def _reason(cause: BaseException, secrets: t.Collection[str]) -> str:
    """Return the message of the innermost cause, without the library's wrapping and without secrets."""
    text = getattr(cause, "verify_message", None) or getattr(cause, "strerror", None) or str(cause)
    for secret in sorted(secrets, key=len, reverse=True):
        text = str(text).replace(secret, "********")
    return (str(text) or type(cause).__name__).splitlines()[0].rstrip(".")


def _causes(failure: BaseException) -> list[BaseException]:
    """List an exception and its causes, the innermost last; the library stores causes in several attributes."""
    seen: list[BaseException] = []
    cause: t.Any = failure
    while isinstance(cause, BaseException) and not any(cause is known for known in seen):
        seen.append(cause)
        inner = getattr(cause, "reason", None)
        nested = next((arg for arg in cause.args if isinstance(arg, BaseException)), None)
        cause = inner if isinstance(inner, BaseException) else nested or cause.__cause__ or cause.__context__
    return seen
