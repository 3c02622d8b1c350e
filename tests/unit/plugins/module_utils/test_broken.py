# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every exception of the HTTP library and its dependencies becomes an error of the collection."""

from __future__ import annotations

import http.client
import inspect
import json
import socket
import ssl
import typing as t

import pytest
import requests
import urllib3
from ansible_collections.backupops.vbo365.plugins.module_utils._api._http import Transport
from ansible_collections.backupops.vbo365.plugins.module_utils._api._settings import Settings
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import ConnectionFailed, LostAnswer, VboError

PASSWORD, TOKEN = "Quartz-Harbour\n5512", "Lantern-Meadow-7731"
ACCOUNT = "svc:Copper-Signal%23"
PLACES = (requests.exceptions, urllib3.exceptions, http.client, ssl, socket)
BUILTIN = (OSError, ConnectionResetError, BrokenPipeError, TimeoutError, PermissionError, ValueError, UnicodeError)


def classes() -> list[type[Exception]]:
    found = {
        value
        for place in PLACES
        for value in vars(place).values()
        if inspect.isclass(value) and issubclass(value, Exception)
        if not issubclass(value, Warning) and not value.__name__.startswith("_")
    }
    return sorted({*found, *BUILTIN} - {Exception}, key=lambda kind: f"{kind.__module__}.{kind.__name__}")


def made(kind: type[Exception], text: str) -> Exception:
    """Return an instance, whatever the class requires; each repeats the text."""
    failure = kind.__new__(kind, text)
    failure.args = (text,)
    if isinstance(failure, http.client.IncompleteRead):
        failure.partial, failure.expected = text.encode(), 1
    if isinstance(failure, urllib3.exceptions.IncompleteRead):
        failure.partial, failure.expected = 1, 2  # type: ignore[assignment]
    if isinstance(failure, urllib3.exceptions.InvalidChunkLength):
        failure.length, failure.partial, failure.response = text.encode(), 1, None  # type: ignore[assignment]
    return failure


@pytest.fixture
def transport(monkeypatch: pytest.MonkeyPatch) -> Transport:
    monkeypatch.setenv("https_proxy", f"http://{ACCOUNT}@proxy.example:3128")
    monkeypatch.setenv("no_proxy", "")
    options = {"url": "https://vbo.example.com", "username": "svc", "password": PASSWORD, "retries": 0}
    return Transport(Settings.from_params(options), print, print)


@pytest.mark.parametrize("kind", classes(), ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_exception(
    transport: Transport, monkeypatch: pytest.MonkeyPatch, kind: type[Exception], method: str
) -> None:
    text = f"b'Bearer {TOKEN}' {PASSWORD!r} {json.dumps(PASSWORD)} {PASSWORD} http://{ACCOUNT}@proxy.example:3128"

    def fails(*_args: t.Any, **_options: t.Any) -> None:
        raise made(kind, text)

    monkeypatch.setattr(transport._session, "request", fails)
    with pytest.raises(VboError) as caught:
        transport.send(method, "/v8/Jobs", token=TOKEN)
    assert isinstance(caught.value, ConnectionFailed)
    for secret in (TOKEN, PASSWORD, "Quartz", "5512", "Copper-Signal"):
        assert secret not in caught.value.message, caught.value.message
    assert "vbo.example.com" in caught.value.message


#: errors before anything is sent, and errors after which a request may have been carried out
NEVER_SENT = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidHeader,
    requests.exceptions.InvalidProxyURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.MissingSchema,
    requests.exceptions.ConnectTimeout,
    requests.exceptions.SSLError,
    urllib3.exceptions.LocationParseError,
    urllib3.exceptions.LocationValueError,
    urllib3.exceptions.ProxySchemeUnknown,
    urllib3.exceptions.NewConnectionError,
    ssl.SSLCertVerificationError,
    UnicodeError,
)
PERHAPS = (
    requests.exceptions.ConnectionError,
    requests.exceptions.ReadTimeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    urllib3.exceptions.ProtocolError,
    urllib3.exceptions.IncompleteRead,
    urllib3.exceptions.ReadTimeoutError,
    http.client.RemoteDisconnected,
    http.client.BadStatusLine,
    ssl.SSLEOFError,
    ssl.SSLZeroReturnError,
    ConnectionResetError,
    BrokenPipeError,
    TimeoutError,
    OSError,
)


@pytest.mark.parametrize("kind", [*NEVER_SENT, *PERHAPS], ids=lambda kind: kind.__name__)
def test_a_write_that_may_have_been_carried_out_is_a_lost_answer(
    transport: Transport, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    def fails(*_args: t.Any, **_options: t.Any) -> None:
        raise made(kind, "")

    monkeypatch.setattr(transport._session, "request", fails)
    with pytest.raises(ConnectionFailed) as caught:
        transport.send("PUT", "/v8/Jobs/1")
    assert isinstance(caught.value, LostAnswer) == (kind in PERHAPS), caught.value
