# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Requests, repetitions and failures of the transport; scripted where no real server would behave like this."""

from __future__ import annotations

import contextlib
import gzip
import os
import socket
import types
import typing as t
import warnings
from pathlib import Path

import pytest
import requests
from ansible_collections.backupops.vbo365.plugins.module_utils._api import _http
from ansible_collections.backupops.vbo365.plugins.module_utils._api._http import (
    MAX_LEVELS,
    Reply,
    Transport,
    raise_for,
    server_text,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._api._settings import Settings
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import (
    Conflict,
    ConnectionFailed,
    InputError,
    LostAnswer,
    NotFound,
    Rejected,
    ServerError,
    Timeout,
    VboError,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._input._text import NOT_UTF8

from ...support.sandbox import PASSWORD, USERNAME, Server
from .scripted import JSON, RESET, Answer, Scripted

LOGIN = {"username": "EXAMPLE\\svc", "password": "Quartz-Lantern-Harbour-5512"}


class Wire:
    """A transport with its notices, its log, and the times it slept."""

    def __init__(self, url: str, monkeypatch: pytest.MonkeyPatch, **settings: t.Any) -> None:
        self.announced: list[str] = []
        self.debugged: list[str] = []
        self.slept: list[float] = []
        monkeypatch.setattr(_http.time, "sleep", self.slept.append)
        options = {"url": url, "allow_http": True, "timeout": 5, **LOGIN, **settings}
        self.transport = Transport(Settings.from_params(options), self.announced.append, self.debugged.append)

    def send(self, method: str = "GET", path: str = "/v8/Jobs", **more: t.Any) -> Reply:
        return self.transport.send(method, path, **more)

    def fails(self, kind: type[VboError], method: str = "GET", path: str = "/v8/Jobs", **more: t.Any) -> VboError:
        with pytest.raises(kind) as caught:
            self.send(method, path, **more)
        assert caught.value.__class__ is kind
        assert (caught.value.method, caught.value.path) == (method, path)
        return caught.value


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> t.Iterator[t.Callable[..., Wire]]:
    with contextlib.ExitStack() as stack:

        def make(url: str, **settings: t.Any) -> Wire:
            made = Wire(url, monkeypatch, **settings)
            stack.callback(made.transport.close)
            return made

        yield make


# --- settings ---------------------------------------------------------------------------------------------------------

URLS = [
    ("https://vbo.example.com:4443", "https://vbo.example.com:4443"),
    ("https://vbo.example.com", "https://vbo.example.com:4443"),
    ("vbo.example.com", "https://vbo.example.com:4443"),
    ("vbo.example.com:9443", "https://vbo.example.com:9443"),
    ("//vbo.example.com", None),
    ("HTTPS://VBO.Example.com/", "https://vbo.example.com:4443"),
    ("  https://vbo.example.com:4443/  ", "https://vbo.example.com:4443"),
    ("https://vbo.example.com:443/veeam/", "https://vbo.example.com:443/veeam"),
    ("https://vbo.example.com/a/b", "https://vbo.example.com:4443/a/b"),
    ("https://192.0.2.7:4443", "https://192.0.2.7:4443"),
    ("https://[2001:db8::7]", "https://[2001:db8::7]:4443"),
    ("https://[2001:DB8::7]:9443/", "https://[2001:db8::7]:9443"),
    ("https://vbo.example.com/v8x", "https://vbo.example.com:4443/v8x"),
    ("https://vbo.example.com/v", "https://vbo.example.com:4443/v"),
]


@pytest.mark.parametrize(("written", "used"), URLS)
def test_forms_of_the_address(written: str, used: str | None) -> None:
    if used is None:
        with pytest.raises(InputError, match="is not a valid URL"):
            Settings.from_params({"url": written, **LOGIN})
    else:
        assert Settings.from_params({"url": written, **LOGIN}).url == used


NOT_ADDRESSES = [
    ("", "'' is not a valid URL; write for example https://vbo.example.com:4443"),
    ("https://", "'https://' is not a valid URL; write for example https://vbo.example.com:4443"),
    (
        "ftp://vbo.example.com",
        "'ftp://vbo.example.com' is not a valid URL; write for example https://vbo.example.com:4443",
    ),
    (
        "https://user@vbo.example.com",
        "must contain only scheme, host, port and path; set credentials in username and password, or in token",
    ),
    (
        "https://vbo.example.com?x=1",
        "must contain only scheme, host, port and path; set credentials in username and password, or in token",
    ),
    (
        "https://vbo.example.com/#top",
        "must contain only scheme, host, port and path; set credentials in username and password, or in token",
    ),
    (
        "http://vbo.example.com",
        "plain HTTP would send the password unencrypted; use https, or set allow_http: true",
    ),
    (
        "https://vbo.example.com:4443/swagger/ui/index.html",
        "ends with '/swagger/ui/index.html', the page that describes the API; leave that out",
    ),
    ("https://vbo.example.com/v8", "ends with 'v8'; leave that out and set api_version: v8"),
    ("https://vbo.example.com/api/V7/", "ends with 'v7'; leave that out and set api_version: v7"),
]


@pytest.mark.parametrize(("written", "text"), NOT_ADDRESSES)
def test_what_is_not_an_address(written: str, text: str) -> None:
    with pytest.raises(InputError) as caught:
        Settings.from_params({"url": written, **LOGIN})
    assert (caught.value.option, caught.value.text) == ("url", text)


@pytest.mark.parametrize(
    "written",
    [
        "https://vbo.example.com:99999",
        "https://vbo.example.com:abc",
        "https://[::1",
        "https://::1]",
        "https://exa\u2100mple.com",
        "https://[vbo]:4443",
    ],
)
def test_addresses_that_cannot_even_be_taken_apart(written: str) -> None:
    with pytest.raises(InputError) as caught:
        Settings.from_params({"url": written, **LOGIN})
    assert caught.value.option == "url"
    assert caught.value.text.startswith(f"'{written}' is not a valid URL")


def test_credentials_in_the_address_are_never_repeated() -> None:
    """Not even a password without a user name."""
    for url in ("https://user:Secret-Word-77@vbo.example.com", "https://:Secret-Word-77@vbo.example.com"):
        with pytest.raises(InputError) as caught:
            Settings.from_params({"url": url, **LOGIN})
        assert "Secret-Word-77" not in caught.value.message


@pytest.mark.parametrize(
    ("params", "option"),
    [
        ({}, "username"),
        ({"username": "a"}, "password"),
        ({"password": "b"}, "username"),
        ({"username": "", "password": "b"}, "username"),
        ({"username": None, "password": None, "token": ""}, "username"),
        ({**LOGIN, "timeout": 0}, "timeout"),
        ({**LOGIN, "timeout": -1}, "timeout"),
        ({**LOGIN, "retries": -1}, "retries"),
        ({**LOGIN, "ca_path": "no/such/file"}, "ca_path"),
        ({"token": "two words"}, "token"),
        ({"token": "Bearer x"}, "token"),
        ({**LOGIN, "username": "a\tb"}, "username"),
        ({**LOGIN, "password": NOT_UTF8}, "password"),
    ],
)
def test_settings_are_checked(params: dict[str, t.Any], option: str) -> None:
    with pytest.raises(InputError) as caught:
        Settings.from_params({"url": "https://vbo.example.com", **params})
    assert caught.value.option == option


def test_settings_from_a_task() -> None:
    params = {
        "url": "https://vbo.example.com",
        "token": "t",
        "retries": 0,
        "timeout": None,
        "name": "x",
        "read_only": True,
    }
    settings = Settings.from_params(params)
    assert (settings.retries, settings.timeout, settings.api_version, settings.token) == (0, 60, "auto", "t")


def test_secrets_are_not_in_the_representation() -> None:
    settings = Settings.from_params({"url": "https://vbo.example.com", **LOGIN, "token": "Token-Amber-9913"})
    for text in (repr(settings), str(settings), f"{settings}"):
        assert LOGIN["password"] not in text and "Token-Amber-9913" not in text
        assert "vbo.example.com" in text


# --- answers ----------------------------------------------------------------------------------------------------------


def test_a_request_and_its_answer(wire: t.Callable[..., Wire]) -> None:
    with Scripted(Answer(body={"a": [1, "ä"]})) as server:
        line = wire(server.url)
        reply = line.send("GET", "/v8/Jobs", query={"limit": 5, "name": "a b&c"}, token="abc")
    assert reply == Reply(200, {"a": [1, "ä"]})
    seen = server.seen[0]
    assert seen.path == "/v8/Jobs?limit=5&name=a+b%26c"
    assert seen.headers["Authorization"] == "Bearer abc"
    assert seen.headers["Accept"] == "application/json"
    assert line.announced == [] and line.slept == []
    assert (
        len(line.debugged) == 1
        and line.debugged[0].startswith("GET /v8/Jobs 200 ")
        and line.debugged[0].endswith(" ms")
    )


def test_bodies_and_forms_are_encoded_by_the_library(wire: t.Callable[..., Wire]) -> None:
    with Scripted(Answer(status=204)) as server:
        line = wire(server.url)
        assert line.send("PUT", "/v8/Jobs/1", body={"name": "ä"}) == Reply(204, None)
        line.send("POST", "/v8/token", form={"username": "A\\b", "password": "p&=+ %"})
        line.send("POST", "/v5/Jobs/1/Action", body={"start": None})
    put, post, action = server.seen
    assert put.headers["Content-Type"] == "application/json" and b"name" in put.body
    assert post.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert post.body == b"username=A%5Cb&password=p%26%3D%2B+%25"
    assert action.body == b'{"start": null}'
    assert "Authorization" not in put.headers
    assert not any("p&" in text or "%26" in text for text in line.debugged)


@pytest.mark.parametrize("body", [b"", b"  \r\n"])
def test_an_empty_answer_is_none(wire: t.Callable[..., Wire], body: bytes) -> None:
    with Scripted(Answer(status=401, body=body)) as server:
        assert wire(server.url).send() == Reply(401, None)


@pytest.mark.parametrize("status", [400, 401, 404, 500])
def test_an_error_may_be_any_text(wire: t.Callable[..., Wire], status: int) -> None:
    with Scripted(Answer(status=status, body=b"<html>no</html>", kind="text/html")) as server:
        assert wire(server.url).send() == Reply(status, "<html>no</html>")


HTML = Answer(body=b"<html>login</html>", kind="text/html")


def test_a_web_page_instead_of_json(wire: t.Callable[..., Wire]) -> None:
    """It is not repeated: a portal answers the same again."""
    with Scripted(HTML) as server:
        line = wire(server.url)
        error = line.fails(ConnectionFailed)
        assert error.text == "The answer is text/html instead of JSON"
        assert error.status == 200
        line.fails(LostAnswer, "PUT", "/v8/Jobs/1", body={})
    assert len(server.seen) == 2 and line.announced == []


def test_no_content_type(wire: t.Callable[..., Wire]) -> None:
    with Scripted(Answer(body=b"hello", kind="")) as server:
        assert wire(server.url).fails(ConnectionFailed).text == "The answer is of unknown type instead of JSON"


CUT = Answer(body=b'{"results": [{"id": "1"}, {"id"')
DAMAGED = [CUT, Answer(body=b"\xff\xfe{}"), Answer(body=b'{"a": 1, "b": "', length=90)]


@pytest.mark.parametrize("answer", DAMAGED, ids=["cut JSON", "not UTF-8", "cut connection"])
def test_a_damaged_answer_to_a_read_is_asked_for_again(wire: t.Callable[..., Wire], answer: Answer) -> None:
    with Scripted(answer, Answer(body=[])) as server:
        line = wire(server.url)
        assert line.send() == Reply(200, [])
    assert len(server.seen) == 2 and len(line.announced) == 1


@pytest.mark.parametrize("answer", DAMAGED, ids=["cut JSON", "not UTF-8", "cut connection"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_damaged_answer_to_a_write_is_a_lost_answer(wire: t.Callable[..., Wire], answer: Answer, method: str) -> None:
    """The write may have been carried out, so it is never sent again from here."""
    with Scripted(answer) as server:
        line = wire(server.url)
        line.fails(LostAnswer, method, "/v8/Jobs")
    assert len(server.seen) == 1 and line.announced == []


def test_deeply_nested_json_is_damaged_json(wire: t.Callable[..., Wire]) -> None:
    with Scripted(Answer(body=b"[" * 200_000 + b"]" * 200_000)) as server:
        wire(server.url, retries=0).fails(ConnectionFailed)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_too_large_an_answer(wire: t.Callable[..., Wire], monkeypatch: pytest.MonkeyPatch, packed: bool) -> None:
    """The unpacked size counts, and the request is not repeated."""
    monkeypatch.setattr(_http, "MAX_BODY", 1 << 20)
    body = b'"' + b" " * (1 << 20) + b'"'
    answer = Answer(body=gzip.compress(body), headers={"Content-Encoding": "gzip"}) if packed else Answer(body=body)
    with Scripted(answer) as server:
        line = wire(server.url)
        assert line.fails(ConnectionFailed).text == "The answer is larger than 1 MiB"
    assert len(server.seen) == 1
    with Scripted(Answer(body=b'"' + b" " * ((1 << 20) - 2) + b'"')) as server:
        assert len(wire(server.url).send().body) == (1 << 20) - 2


def test_a_proxy_that_wants_an_account(wire: t.Callable[..., Wire]) -> None:
    """Only a proxy answers like this; the server received nothing, so a write has no lost answer."""
    with Scripted(Answer(status=407)) as server:
        for method in ("GET", "POST"):
            advice = str(wire(server.url).fails(ConnectionFailed, method).advice)
            assert "Add the user name and password to the address of the proxy" in advice


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(wire: t.Callable[..., Wire], status: int) -> None:
    with Scripted(Answer(status=status, headers={"Location": "/elsewhere"}), Answer(body={})) as server:
        reply = wire(server.url).send("POST", "/v8/token", form={"password": "x"})
        assert reply.status == status
    assert server.paths() == ["POST /v8/token"]
    with pytest.raises(ConnectionFailed) as caught:
        raise_for(reply, "POST", "/v8/token")
    assert caught.value.text == "The server answers with a redirect, which is never followed"
    assert caught.value.advice == "Give the final address in url."


KINDS = [
    (400, Rejected),
    (403, Rejected),
    (404, NotFound),
    (405, Rejected),
    (409, Conflict),
    (422, Rejected),
    (500, ServerError),
    (502, LostAnswer),
    (503, LostAnswer),
    (504, LostAnswer),
]


@pytest.mark.parametrize(("status", "kind"), KINDS)
def test_each_status_is_its_error(status: int, kind: type[VboError]) -> None:
    body = {"message": "Repository is out of sync.", "errorCode": "OperationConflict", "stackTrace": None}
    with pytest.raises(kind) as caught:
        raise_for(Reply(status, body), "PUT", "/v8/Jobs/1")
    assert caught.value.__class__ is kind
    assert caught.value.message == f"Repository is out of sync (OperationConflict, HTTP {status}, PUT /v8/Jobs/1)."


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_error_of_a_read_is_no_lost_answer(status: int) -> None:
    with pytest.raises(ServerError):
        raise_for(Reply(status, None), "GET", "/v8/Jobs")


def test_an_answer_that_trickles_in(wire: t.Callable[..., Wire], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each part arrives in time, but the total time is limited."""
    monkeypatch.setattr(_http, "SLOWEST", 0)
    with Scripted(Answer(body=[1])) as server:
        line = wire(server.url)
        text = f"The answer of {server.url} is too slow: 3 bytes in 0 s"
        assert line.fails(ConnectionFailed).text == text
        assert line.fails(LostAnswer, "POST").text == text
    assert len(server.seen) == 2


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_success_is_no_error(status: int) -> None:
    raise_for(Reply(status, {"message": "x"}), "GET", "/")


TEXTS: list[tuple[t.Any, tuple[str, str | None]]] = [
    (None, ("", None)),
    ([], ("", None)),
    (7, ("", None)),
    ("", ("", None)),
    ({}, ("", None)),
    ({"message": "m", "error": "e"}, ("m", None)),
    ({"message": None, "error_description": "d", "error": "e"}, ("d", None)),
    ({"error": "invalid_grant"}, ("invalid_grant", None)),
    ({"message": "m", "errorCode": "HttpError"}, ("m", "HttpError")),
    ({"message": "m", "errorCode": None}, ("m", None)),
    ("  plain\nmore", ("plain", None)),
    ("x" * 500, ("x" * 200, None)),
    ("<!DOCTYPE html>\n<html>", ("a web page instead of an answer of the API", None)),
]


@pytest.mark.parametrize(("body", "found"), TEXTS)
def test_the_servers_own_words(body: t.Any, found: tuple[str, str | None]) -> None:
    assert server_text(Reply(400, body)) == found


def test_an_error_without_words() -> None:
    with pytest.raises(Rejected, match="the server gave no reason"):
        raise_for(Reply(400, None), "GET", "/")


# --- repetition -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("retries", [0, 1, 3])
def test_gateway_errors_of_reads_are_repeated(wire: t.Callable[..., Wire], status: int, retries: int) -> None:
    with Scripted(Answer(status=status)) as server:
        line = wire(server.url, retries=retries)
        assert line.send().status == status
    assert len(server.seen) == 1 + retries
    assert line.slept == [0.5, 1.0, 2.0][:retries]
    assert line.announced == [
        f"GET /v8/Jobs: HTTP {status}; trying again in {pause:g} s ({left} more after that)."
        for pause, left in zip(line.slept, range(retries - 1, -1, -1), strict=True)
    ]


def test_repeating_ends_with_the_first_good_answer(wire: t.Callable[..., Wire]) -> None:
    with Scripted(Answer(status=502), RESET, Answer(status=504), Answer(body=[1])) as server:
        line = wire(server.url)
        assert line.send() == Reply(200, [1])
        assert line.send() == Reply(200, [1])
    assert len(server.seen) == 5 and len(line.announced) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500, 501])
def test_other_errors_are_not_repeated(wire: t.Callable[..., Wire], status: int) -> None:
    with Scripted(Answer(status=status)) as server:
        line = wire(server.url)
        assert line.send().status == status
    assert len(server.seen) == 1 and line.announced == []


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("status", [502, 503, 504])
def test_gateway_errors_of_writes_are_not_repeated(wire: t.Callable[..., Wire], method: str, status: int) -> None:
    with Scripted(Answer(status=status)) as server:
        assert wire(server.url).send(method).status == status
    assert len(server.seen) == 1


def test_a_write_that_is_called_repeatable_is_repeated(wire: t.Callable[..., Wire]) -> None:
    with Scripted(Answer(status=502), RESET, Answer(body={})) as server:
        assert wire(server.url).send("POST", "/v8/token", repeatable=True).status == 200
    assert len(server.seen) == 3


AFTER = [
    ("7", 7.0),
    ("0", 1.0),
    ("1", 1.0),
    ("-5", 1.0),
    ("60", 60.0),
    ("3600", 60.0),
    ("soon", 1.0),
    ("", 1.0),
    (None, 1.0),
    ("Wed, 21 Oct 2015 07:28:00 GMT", 1.0),
    ("Wed, 21 Oct 2099 07:28:00 GMT", 60.0),
    ("9" * 400, 60.0),
]


@pytest.mark.parametrize(("header", "pause"), AFTER)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_busy_server_is_asked_again_when_it_says(
    wire: t.Callable[..., Wire], method: str, header: str | None, pause: float
) -> None:
    """429 means that nothing was carried out, so writes may be repeated; the pause stays within 1 to 60 seconds."""
    headers = {} if header is None else {"Retry-After": header}
    with Scripted(Answer(status=429, headers=headers), Answer(body={})) as server:
        line = wire(server.url)
        assert line.send(method).status == 200
    assert line.slept == [pause]
    assert line.announced == [f"{method} /v8/Jobs: HTTP 429; trying again in {pause:g} s (2 more after that)."]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unavailable_with_a_time_is_busy(wire: t.Callable[..., Wire], method: str) -> None:
    with Scripted(Answer(status=503, headers={"Retry-After": "5"}), Answer(body={})) as server:
        line = wire(server.url)
        assert line.send(method).status == 200
    assert line.slept == [5.0]


def test_a_server_that_stays_busy(wire: t.Callable[..., Wire]) -> None:
    with Scripted(Answer(status=429, headers={"Retry-After": "2"})) as server:
        line = wire(server.url, retries=2)
        assert line.send("POST").status == 429
    assert len(server.seen) == 3 and line.slept == [2.0, 2.0]


def test_a_reset_connection(wire: t.Callable[..., Wire]) -> None:
    with Scripted(RESET) as server:
        line = wire(server.url, retries=1)
        error = line.fails(ConnectionFailed)
        assert error.text.startswith(f"The connection to {server.url} broke before the answer was complete")
        assert len(server.seen) == 2 and len(line.announced) == 1
        line.fails(LostAnswer, "POST", "/v8/Jobs")
    assert len(server.seen) == 3


def test_a_late_answer(wire: t.Callable[..., Wire]) -> None:
    with Scripted(Answer(delay=30)) as server:
        line = wire(server.url, retries=1, timeout=1)
        error = line.fails(Timeout)
        assert error.text == f"{server.url} did not answer within 1 s" and error.advice == "Raise timeout."
        assert len(server.seen) == 2
        line.fails(LostAnswer, "PUT", "/v8/Jobs/1")
    assert len(server.seen) == 3


def test_an_answer_that_may_take_longer(wire: t.Callable[..., Wire]) -> None:
    with Scripted(Answer(delay=1.2)) as server:
        line = wire(server.url, retries=0, timeout=1)
        assert line.send("POST", slow=20).status == 200
        line.fails(LostAnswer, "POST", "/v8/Jobs")


def test_no_server(wire: t.Callable[..., Wire]) -> None:
    """Nothing can have been carried out, so writes are repeated too."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # and does not listen; no other process gets the port in the meantime
        port = silent.getsockname()[1]
        line = wire(f"https://127.0.0.1:{port}", retries=2)
        for method in ("GET", "POST"):
            line.slept.clear()
            error = line.fails(ConnectionFailed, method)
            assert error.text == f"No connection to https://127.0.0.1:{port}: Connection refused"
            assert error.advice == "Check url, and that the REST service is running there."
            assert line.slept == [0.5, 1.0]


def test_no_such_host(wire: t.Callable[..., Wire]) -> None:
    error = wire("https://no-such-host.invalid", retries=0).fails(ConnectionFailed)
    assert error.text.startswith("No connection to https://no-such-host.invalid:4443: ")


def test_an_impossible_host(wire: t.Callable[..., Wire]) -> None:
    line = wire("https://" + "a" * 70 + ".example.com")
    assert "a" * 70 in line.fails(ConnectionFailed).text


# --- certificates -----------------------------------------------------------------------------------------------------


def trusting(server: Server, **settings: t.Any) -> dict[str, t.Any]:
    return {"username": USERNAME, "password": PASSWORD, "ca_path": server.ca_path, "retries": 0, **settings}


def test_a_trusted_certificate(server: Server, wire: t.Callable[..., Wire]) -> None:
    assert wire(server.url, **trusting(server)).send("GET", "/v8/ServiceInstance").status == 401


def test_an_unknown_certificate(server: Server, wire: t.Callable[..., Wire]) -> None:
    line = wire(server.url, **trusting(server, ca_path=None, retries=3))
    error = line.fails(ConnectionFailed)
    assert error.text.startswith(f"The certificate of {server.url} is not trusted: ")
    assert error.advice == "Set ca_path to the certificate file of its certificate authority."
    assert line.announced == [], "asking again does not make a certificate trusted"


def test_a_file_without_certificates(server: Server, wire: t.Callable[..., Wire], tmp_path: Path) -> None:
    """The address is not to blame; a folder of certificates may be empty."""
    path = tmp_path / "authority.pem"
    path.write_text("no certificate", encoding="utf-8")
    line = wire(server.url, **trusting(server, ca_path=str(path)))
    with pytest.raises(InputError) as caught:
        line.send("GET", "/v8/Jobs")
    assert caught.value.option == "ca_path"
    assert caught.value.text == f"'{path}' contains no readable certificates; specify a PEM file"


@pytest.mark.parametrize(("levels", "accepted"), [(MAX_LEVELS, True), (MAX_LEVELS + 1, False)])
def test_answers_are_not_deep(wire: t.Callable[..., Wire], levels: int, accepted: bool) -> None:
    body: t.Any = []
    for _unused in range(levels - 1):
        body = [body]
    with Scripted(Answer(body=body)) as server:
        line = wire(server.url, retries=0)
        if accepted:
            assert line.send("GET", "/v8/Jobs").body == body
        else:
            assert line.fails(ConnectionFailed).text == "The answer is cut off or damaged"


def test_certificates_can_be_ignored(server: Server, wire: t.Callable[..., Wire]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ResourceWarning)  # of objects that an earlier test has left over
        line = wire(server.url, **trusting(server, ca_path=None, validate_certs=False))
        assert line.send("GET", "/v8/ServiceInstance").status == 401


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environment_never_wins_over_the_options(
    server: Server, wire: t.Callable[..., Wire], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    """Otherwise the library would use variables instead of settings of the session."""
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    monkeypatch.setenv(variable, str(empty))
    assert wire(server.url, **trusting(server)).send("GET", "/v8/ServiceInstance").status == 401
    line = wire(server.url, **trusting(server, ca_path=None, validate_certs=False))
    assert line.send("GET", "/v8/ServiceInstance").status == 401
    # and a bundle that trusts the server does not disable verification with another authority
    monkeypatch.setenv(variable, server.ca_path)
    line = wire(server.url, **trusting(server, ca_path=requests.certs.where()))
    assert "not trusted" in line.fails(ConnectionFailed).text


def test_plain_http_behind_https(wire: t.Callable[..., Wire]) -> None:
    """The message must contain the reason; a certificate authority would not help."""
    with Scripted(Answer(body={})) as server:
        error = wire(server.url.replace("http:", "https:"), retries=0).fails(ConnectionFailed)
    assert error.text.startswith("No TLS connection to https://127.0.0.1:")
    assert "ca_path" not in error.advice


def test_a_netrc_file_does_not_replace_the_token(
    wire: t.Callable[..., Wire], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Otherwise the library reads it if a request has no authentication of its own."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password Else-Where-3321\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with Scripted(Answer(body={})) as server:
        line = wire(server.url)
        line.send(token="abc")
        line.send("POST", "/v8/token", form={"grant_type": "password"})
    assert server.seen[0].headers["Authorization"] == "Bearer abc"
    assert "Authorization" not in server.seen[1].headers


def test_cookies_are_no_session(wire: t.Callable[..., Wire]) -> None:
    """A cookie must not cause a failure; only the token counts."""
    with Scripted(Answer(body={}, headers={"Set-Cookie": "a=b; Path=/"})) as server:
        line = wire(server.url)
        assert [line.send(token="abc").status for _unused in range(2)] == [200, 200]
    assert {seen.headers["Authorization"] for seen in server.seen} == {"Bearer abc"}


def test_the_kind_of_json_does_not_matter(wire: t.Callable[..., Wire]) -> None:
    for kind in (JSON, "application/problem+json", "text/plain"):
        with Scripted(Answer(body={"a": 1}, kind=kind)) as server:
            assert wire(server.url).send().body == {"a": 1}


def test_bodies_come_in_pieces_from_older_libraries_too() -> None:
    """Before urllib3 2.1, a response cannot return only the data that has arrived."""
    older = types.SimpleNamespace(raw=object(), iter_content=lambda size: iter([b"x" * size, b"y"]))
    assert list(_http._chunks(older)) == [b"x" * 4096, b"y"]


# --- a run that was ended ---------------------------------------------------------------------------------------------


def test_nothing_is_written_for_a_run_that_was_ended(
    wire: t.Callable[..., Wire], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reads continue; a process that inherited the transport has another parent process."""
    with Scripted(Answer(body=[])) as server:
        ended = wire(server.url)
        another = os.getppid() + 1  # the first process of all may be the parent already
        monkeypatch.setattr(_http.os, "getppid", lambda: another)
        for method in ("PUT", "POST", "DELETE"):
            error = ended.fails(ConnectionFailed, method)
            assert error.text == "Ansible has ended, so the request was not sent"
        assert ended.send("GET").status == 200
        child = os.getpid() + 1
        monkeypatch.setattr(_http.os, "getpid", lambda: child)
        assert ended.send("PUT").status == 200
        assert [seen.method for seen in server.seen] == ["GET", "PUT"]
