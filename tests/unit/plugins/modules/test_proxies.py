# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Proxies and certificate authorities from the environment: errors name the variable, and never an account."""

from __future__ import annotations

import json
import os
import socket
import ssl
import typing as t
import warnings
from pathlib import Path

import pytest
import requests
from ansible_collections.backupops.vbo365.plugins.module_utils._api import _http

from ...support.hosts import HOSTS
from ...support.proxy import CUT, OPEN, SILENT, Proxy
from ...support.sandbox import Server
from ...support.tasks import Tasks

JOB = {"name": "Finance mail", "organization": "contoso.onmicrosoft.com"}
SECRET = "Quartz-Harbour-5512"
FOREIGN = ("_proxy", "_ca_bundle", "ssl_cert_file", "ssl_cert_dir")


@pytest.fixture(autouse=True)
def only_what_a_test_sets(monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    monkeypatch.setattr(server.session, "trust_env", False)  # the tests themselves connect to the server directly
    for name in os.environ:
        if name.startswith("VBO365_") or name.lower().endswith(FOREIGN):
            monkeypatch.delenv(name)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Replace waiting between repetitions; return how long it would have taken."""
    pauses: list[float] = []
    monkeypatch.setattr(_http.time, "sleep", pauses.append)
    return pauses


@pytest.fixture(params=HOSTS)
def given(request: pytest.FixtureRequest, server: Server) -> Tasks:
    return Tasks(server, "v8", request.param)


VARIABLES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "Https_Proxy")
FORMS = (
    "http://svc:{secret}@{address}",
    "http://{address}/",
    "{address}",
    "HTTP://svc@{address}",
    "http://:@{address}",
)


@pytest.mark.parametrize(("variable", "form"), list(zip(VARIABLES, FORMS, strict=True)))
def test_a_proxy_that_works(given: Tasks, monkeypatch: pytest.MonkeyPatch, variable: str, form: str) -> None:
    with Proxy() as proxy:
        monkeypatch.setenv(variable, form.format(secret=SECRET, address=proxy.address))
        assert given.raw("vbo_job", **JOB, description="through the proxy")["changed"]
    assert proxy.seen and all(line.startswith("CONNECT 127.0.0.1:") for line in proxy.seen)


#: answers of a proxy: how often the first request is tried with two repetitions, and the message
REFUSALS = {
    "407 Proxy Authentication Required": (1, "refused the connection to"),
    "403 Forbidden": (1, "refused the connection to"),
    "404 Not Found": (1, "refused the connection to"),
    "502 Bad Gateway": (3, "refused the connection to"),
    "503 Service Unavailable": (3, "refused the connection to"),
    CUT: (3, "did not open a connection to"),
}


@pytest.mark.parametrize("answer", REFUSALS)
def test_a_proxy_that_refuses(given: Tasks, monkeypatch: pytest.MonkeyPatch, slept: list[float], answer: str) -> None:
    tries, says = REFUSALS[answer]
    variable = "https_proxy" if given.host == "module" else "ALL_PROXY"
    with Proxy(answer) as proxy:
        monkeypatch.setenv(variable, f"http://svc:{SECRET}@{proxy.address}")
        result = given.raw("vbo_job", **JOB, retries=2)
        assert len(proxy.seen) == tries and len(slept) == tries - 1
    assert result["failed"]
    assert f"The proxy {proxy.address} ({variable}) {says} {given.server.url}" in result["msg"]
    assert "NO_PROXY" in result["msg"] and (answer.split()[0] in result["msg"] or answer == CUT)
    assert "svc" not in result["msg"].replace("svc-ansible", "") and SECRET not in json.dumps(result)
    assert given.server.counts()["total"] == 0


@pytest.mark.parametrize("answer", ["407 Proxy Authentication Required", CUT])
def test_a_write_that_a_proxy_refuses_was_never_sent(
    server: Server, monkeypatch: pytest.MonkeyPatch, slept: list[float], answer: str
) -> None:
    """So the server is not searched for its effect."""
    tasks = Tasks(server, "v8", "controller")
    token = tasks.raw("vbo_auth_token")["token"]
    with Proxy(answer) as proxy:
        monkeypatch.setenv("https_proxy", f"http://{proxy.address}")
        session = _http.Transport(_settings(tasks), slept.append, print)  # type: ignore[arg-type]
        with pytest.raises(_http.ConnectionFailed) as caught:
            session.send("POST", "/v8/Jobs", body={"name": "never"}, token=token)
        assert not isinstance(caught.value, _http.LostAnswer)
    assert server.job("never") is None


def test_a_proxy_that_comes_back(given: Tasks, monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> None:
    with Proxy("503 Service Unavailable", CUT, OPEN) as proxy:
        monkeypatch.setenv("https_proxy", f"http://{proxy.address}")
        result = given.raw("vbo_job", **JOB, description="late", retries=3)
    assert result["changed"] and slept[:2] == [0.5, 1.0]


def test_a_proxy_that_says_nothing(given: Tasks, monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> None:
    with Proxy(SILENT) as proxy:
        monkeypatch.setenv("https_proxy", f"http://{proxy.address}")
        result = given.raw("vbo_job", **JOB, description="late", retries=0, timeout=1)
    assert f"The proxy {proxy.address} (https_proxy) did not open a connection" in result["msg"]


def test_nothing_listens_at_the_proxy(given: Tasks, monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{unused.getsockname()[1]}"
        monkeypatch.setenv("HTTPS_PROXY", f"http://svc:{SECRET}@{address}")
        result = given.raw("vbo_job", **JOB, retries=1)
        assert f"through the proxy {address} (HTTPS_PROXY): Connection refused" in result["msg"]
        assert "NO_PROXY" in result["msg"] and SECRET not in json.dumps(result) and len(slept) == 1
        for name, value in {"NO_PROXY": "127.0.0.1", "no_proxy": "*"}.items():
            monkeypatch.setenv(name, value)
            assert not given.raw("vbo_job", **JOB).get("failed")
            monkeypatch.delenv(name)


def test_a_proxy_that_speaks_no_tls(given: Tasks, monkeypatch: pytest.MonkeyPatch, slept: list[float]) -> None:
    with Proxy("400 Bad Request") as proxy:
        monkeypatch.setenv("https_proxy", f"https://{proxy.address}")
        result = given.raw("vbo_job", **JOB, retries=0, timeout=2)
    assert proxy.address in result["msg"] and "https_proxy" in result["msg"]


#: addresses that are invalid, or that the library would interpret as another host
NOT_PROXIES = [
    *(f"http://svc:Quartz{sign}Harbour-5512@proxy.example:3128" for sign in "[]#?/\\ "),
    *(f"http://svc:5512{sign}Harbour@proxy.example:3128" for sign in "#?/"),
    "http://EXAMPLE\\svc:Quartz-5512@proxy.example:3128",
    "http://svc:Quartz-5512@proxy.example:3128\n",
    "http://svc:Quartz-5512@proxy.example:99999",
    "http://svc:Quartz-5512@proxy.example:port",
    "http://svc:Quartz-5512@",
    "http://svc:Quartz-5512%E2%82%AC@proxy.example:3128",
    "http://svc:Quartz-5512\u20ac@proxy.example:3128",
    "ftp://svc:Quartz-5512@proxy.example:3128",
    "socks://svc:Quartz-5512@proxy.example:1080",
    "socks5h://svc:Quartz-5512@proxy.example:1080",
    "http://[::1:3128",
    "http://",
    "://",
]


@pytest.mark.parametrize("value", NOT_PROXIES)
def test_what_is_no_address_of_a_proxy(given: Tasks, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    for variable in ("https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(variable, value)
        result = given.raw("vbo_job", **JOB)
        assert result["msg"].startswith(f"{variable}: "), result
        for part in ("Quartz", "5512", "Harbour", "svc"):
            assert part not in json.dumps(result).replace("svc-ansible", ""), result
        monkeypatch.delenv(variable)
    assert given.server.counts()["total"] == 0


# --- certificate authorities ------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path, server: Server) -> dict[str, Path]:
    """Files that are given by mistake in place of a file of certificates."""
    pem = Path(server.ca_path).read_text(encoding="utf-8")
    contents = {
        "empty": b"",
        "key": b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "DER": ssl.PEM_cert_to_DER_cert(pem),
        "cut": pem[: len(pem) // 2].encode(),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "ca.pem").write_text(pem, encoding="utf-8")
    return {name: tmp_path / name for name in [*contents, "folder", "missing"]}


KINDS = ("empty", "key", "DER", "cut", "folder", "missing")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("variable", ["ca_path", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_what_holds_no_authorities(
    given: Tasks, monkeypatch: pytest.MonkeyPatch, files: dict[str, Path], kind: str, variable: str
) -> None:
    options: dict[str, t.Any] = {"ca_path": str(files[kind]) if variable == "ca_path" else None}
    if variable != "ca_path":
        monkeypatch.setenv(variable, str(files[kind]))
    result = given.raw("vbo_job", **JOB, **options)
    assert result["msg"].startswith(f"{variable}: ") and str(files[kind]) in result["msg"], result
    assert result["error"]["option"] == variable
    if variable != "ca_path":  # the options win
        assert not given.raw("vbo_job", **JOB).get("failed")
        assert not given.raw("vbo_job", **JOB, ca_path=None, validate_certs=False).get("failed")
    assert given.server.counts()["writes"] == 0


def test_a_bundle_of_the_environment_is_used(given: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURL_CA_BUNDLE", given.server.ca_path)
    assert not given.raw("vbo_job", **JOB, ca_path=None).get("failed")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", requests.certs.where())
    assert "is not trusted" in given.raw("vbo_job", **JOB, ca_path=None)["msg"]
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "  ")
    assert not given.raw("vbo_job", **JOB, ca_path=None).get("failed")


def test_certificates_that_are_not_verified_are_not_warned_about(
    given: Tasks, capfd: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for names_proxy in (False, True):
        with Proxy() as proxy, warnings.catch_warnings(record=True) as caught:
            warnings.resetwarnings()
            if names_proxy:
                monkeypatch.setenv("https_proxy", f"http://{proxy.address}")
            assert not given.raw("vbo_job", **JOB, ca_path=None, validate_certs=False).get("failed")
        assert caught == []
    assert capfd.readouterr().err == ""


def _settings(tasks: Tasks) -> t.Any:
    return _http.Settings.from_params({**tasks.connection, "retries": 1})
