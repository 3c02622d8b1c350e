# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client: version, token, lists, read-only mode; against the sandbox, or scripted where it has no switch."""

from __future__ import annotations

import concurrent.futures
import contextlib
import itertools
import threading
import typing as t
from urllib.parse import parse_qsl, urlsplit

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api import _client, _http
from ansible_collections.backupops.vbo365.plugins.module_utils._api._client import Client
from ansible_collections.backupops.vbo365.plugins.module_utils._api._settings import Settings
from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import NUMBERS, VERSIONS
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import (
    AuthFailed,
    ConnectionFailed,
    LostAnswer,
    NotFound,
    ReadOnly,
    Rejected,
    ServerError,
    VboError,
)

from ...support.sandbox import PASSWORD, USERNAME, Server
from .scripted import RESET, TOKEN, Answer, Scripted, Seen

MakeClient = t.Callable[..., Client]
NO_JOB = "00000000-0000-0000-0000-00000000dead"


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Replace waiting; return how long it would have taken."""
    pauses: list[float] = []
    monkeypatch.setattr(_http.time, "sleep", pauses.append)
    return pauses


@pytest.fixture
def connect(slept: list[float]) -> t.Iterator[MakeClient]:
    """Create clients for the sandbox or a scripted server; close them at the end of the test."""
    with contextlib.ExitStack() as stack:

        def make(
            server: Server | Scripted, read_only: bool = False, announce: t.Any = None, **options: t.Any
        ) -> Client:
            params: dict[str, t.Any] = {"url": server.url, "username": USERNAME, "password": PASSWORD}
            if isinstance(server, Scripted):
                params.update(allow_http=True, api_version="v8", timeout=5)
            else:
                params["ca_path"] = server.ca_path
            params.update(options)
            hooks = {"announce": announce} if announce else {}
            client = Client(Settings.from_params(params), read_only=read_only, **hooks)
            stack.callback(client.close)
            return client

        yield make


def calls(server: Server) -> list[str]:
    """Return the log of a server as method and path."""
    return [f"{entry['method']} {entry['path']}" for entry in server.log()]


# --- version ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("newest", NUMBERS)
def test_the_newest_version_is_found_without_credentials(server: Server, connect: MakeClient, newest: int) -> None:
    server.reset([f"v{number}" for number in NUMBERS if number <= newest])
    client = connect(server)
    assert client.version.number == newest
    assert client.version is client.version
    probed = [f"GET /{VERSIONS[f'v{number}'].name}/{VERSIONS[f'v{number}'].probe_path}" for number in NUMBERS]
    assert calls(server) == probed[: NUMBERS.index(newest) + 1]
    assert not any(entry["token_call"] for entry in server.log())


def test_what_is_not_there_is_an_error_with_its_text_and_no_lost_session(server: Server, connect: MakeClient) -> None:
    """A route that this server lacks (501) is requested once, with one login."""
    client = connect(server, api_version="v8")
    for read in (client.get, lambda resource: list(client.list(resource))):
        server.forget()
        with pytest.raises(ServerError, match="not simulated: GET /v8/ManagementMode") as caught:
            read("ManagementMode")
        assert caught.value.status == 501
        assert [entry["path"] for entry in server.log() if not entry["token_call"]] == ["/v8/ManagementMode"]
    assert not any(entry["token_call"] for entry in server.log()), "the session is still good"


def test_a_fixed_version_asks_nothing(server: Server, connect: MakeClient) -> None:
    assert connect(server, api_version="v6").version.number == 6
    assert calls(server) == []


def test_no_version_is_served(connect: MakeClient) -> None:
    with Scripted(Answer(status=404)) as server, pytest.raises(ConnectionFailed) as caught:
        connect(server, api_version="auto").get("Jobs")
    assert caught.value.text == f"{server.url} serves none of the API versions v3 to v8"
    assert caught.value.advice == "Check url, and that the REST service is running there."
    assert len(server.seen) == len(NUMBERS)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=200, body={}),
        Answer(status=204),
        Answer(status=400),
        Answer(status=403),
        Answer(status=500, body=b"<html>", kind="text/html"),
    ],
    ids=lambda answer: str(answer.status),
)
def test_an_answer_that_does_not_tell_the_version(connect: MakeClient, answer: Answer) -> None:
    with Scripted(answer) as server, pytest.raises(ConnectionFailed) as caught:
        connect(server, api_version="auto").get("Jobs")
    assert caught.value.message == (
        "The answer of the server does not list its API versions "
        f"(HTTP {answer.status}, GET /v8/ServiceInstance). Set api_version, for example to v8."
    )
    assert server.paths() == ["GET /v8/ServiceInstance"], "no credentials to somebody unknown"


def test_a_server_that_sends_elsewhere(connect: MakeClient) -> None:
    elsewhere = Answer(status=302, headers={"Location": "https://192.0.2.7/"})
    with Scripted(elsewhere) as server, pytest.raises(ConnectionFailed) as caught:
        connect(server, api_version="auto").get("Jobs")
    assert caught.value.text == "The server answers with a redirect, which is never followed"
    assert server.paths() == ["GET /v8/ServiceInstance"]


def test_a_proxy_that_answers_everything_with_a_page(connect: MakeClient) -> None:
    page = Answer(body=b"<html>Sign in</html>", kind="text/html")
    with Scripted(page) as server, pytest.raises(ConnectionFailed) as caught:
        connect(server, api_version="auto").get("Jobs")
    assert "text/html instead of JSON" in caught.value.text
    assert len(server.seen) == 1


def test_probing_is_repeated_when_a_gateway_fails(connect: MakeClient) -> None:
    """A 503 does not mean that v8 is missing: a run must not fall back to an older version because of it."""
    with Scripted(Answer(status=503), Answer(status=401)) as server:
        assert connect(server, api_version="auto").version.number == 8
    assert server.paths() == ["GET /v8/ServiceInstance"] * 2


def test_which_versions_are_served(server: Server, connect: MakeClient) -> None:
    server.reset(["v6", "v8"])
    client = connect(server)
    assert [name for name, version in VERSIONS.items() if client.serves(version)] == ["v8", "v6"]


def test_a_version_that_the_server_lacks(server: Server, connect: MakeClient) -> None:
    server.reset(["v7"])
    with pytest.raises(NotFound) as caught:
        connect(server, api_version="v8").get("Jobs")
    assert caught.value.message == (
        "The server does not serve API v8 (HTTP 404, POST /v8/token). "
        "Set api_version: auto to use a version that it has."
    )


# --- token ------------------------------------------------------------------------------------------------------------


def test_the_log_in_is_lazy_and_single_and_ended(server: Server, version: str, connect: MakeClient) -> None:
    client = connect(server, api_version=version)
    assert calls(server) == []
    client.get("Jobs")
    client.get("Proxies")
    client.close()
    out = [f"POST /{version}/token/logout"] if int(version[1:]) >= 7 else []
    assert calls(server) == [f"POST /{version}/token", f"GET /{version}/Jobs", f"GET /{version}/Proxies", *out]
    client.close()
    assert len(calls(server)) == 3 + len(out), "closing twice logs out once"


def test_nothing_asked_nothing_sent(server: Server, connect: MakeClient) -> None:
    connect(server).close()
    assert calls(server) == []


def test_a_closed_client_can_be_used_again(server: Server, connect: MakeClient) -> None:
    client = connect(server, api_version="v8")
    client.get("Jobs")
    client.close()
    assert client.get("Jobs")["results"]
    assert calls(server).count("POST /v8/token") == 2


def test_the_antiforgery_token_is_switched_off_where_it_exists(connect: MakeClient) -> None:
    for number in NUMBERS:
        with Scripted(TOKEN, Answer(body=[])) as server:
            connect(server, api_version=f"v{number}").get("Jobs")
        form = dict(parse_qsl(server.seen[0].body.decode()))
        expected = {"grant_type": "password", "username": USERNAME, "password": PASSWORD}
        assert form == {**expected, **({"disable_antiforgery_token": "true"} if number >= 7 else {})}
        assert server.seen[1].headers["Authorization"] == "Bearer token-1"


@pytest.mark.parametrize("status", [200, 204, 400, 401, 404, 500])
def test_the_log_out_is_never_the_problem(connect: MakeClient, status: int) -> None:
    with Scripted(TOKEN, Answer(body=[]), Answer(status=status, body=b"<")) as server:
        client = connect(server)
        client.get("Jobs")
        client.close()
    assert server.paths()[-1] == "POST /v8/token/logout"
    assert server.seen[-1].headers["Authorization"] == "Bearer token-1"


@pytest.mark.parametrize(
    "last",
    [RESET, Answer(status=429, headers={"Retry-After": "60"}), Answer(status=503, headers={"Retry-After": "60"})],
)
def test_a_server_that_does_not_take_the_log_out_is_not_waited_for(
    connect: MakeClient, slept: list[float], last: Answer
) -> None:
    with Scripted(TOKEN, Answer(body=[]), last) as server:
        client = connect(server)
        client.get("Jobs")
        client.close()
        client.close()
    assert server.paths().count("POST /v8/token/logout") == 1
    assert slept == []


def test_a_failure_still_logs_out(server: Server, connect: MakeClient) -> None:
    client = connect(server, api_version="v8")
    with pytest.raises(NotFound):
        client.get(f"Jobs/{NO_JOB}")
    client.close()
    assert calls(server)[-1] == "POST /v8/token/logout"
    assert server.counts()["logouts"] == 1


def test_a_token_that_is_given_is_used_and_left_alone(server: Server, connect: MakeClient) -> None:
    token = connect(server, api_version="v8").log_in_for_others()["access_token"]
    server.forget()
    client = connect(server, api_version="v8", username=None, password=None, token=token)
    assert client.get("Jobs")["results"]
    client.close()
    assert client.get("Jobs")["results"], "closing has not taken the token away"
    client.close()
    assert calls(server) == ["GET /v8/Jobs"] * 2


def test_a_given_token_goes_before_a_password(connect: MakeClient) -> None:
    with Scripted(Answer(body=[])) as server:
        connect(server, token="given").get("Jobs")
    assert server.paths() == ["GET /v8/Jobs"]
    assert server.seen[0].headers["Authorization"] == "Bearer given"


@pytest.mark.parametrize("body", [b"", {"message": "No."}])
def test_a_given_token_that_is_refused(connect: MakeClient, body: t.Any) -> None:
    """The password is not tried instead, because the user chose the token."""
    with Scripted(Answer(status=401, body=body)) as server, pytest.raises(AuthFailed) as caught:
        connect(server, token="given").get("Jobs")
    assert caught.value.text == ("No." if body else "The server does not accept the token")
    assert caught.value.advice == "The token may have expired; get a new one."
    assert len(server.seen) == 1
    assert "given" not in caught.value.message


def test_wrong_credentials(server: Server, version: str, connect: MakeClient) -> None:
    with pytest.raises(AuthFailed) as caught:
        connect(server, api_version=version, password="Not-The-Right-One-19").get("Jobs")
    assert caught.value.text.startswith(f"The server refused the login of '{USERNAME}': ")
    assert caught.value.advice == "Check username (DOMAIN\\user or user@domain) and password."
    assert "Not-The-Right-One-19" not in caught.value.message
    assert calls(server) == [f"POST /{version}/token"], "accounts get locked by guessing"


@pytest.mark.parametrize(
    ("password", "end"),
    [("x\n", "the filter trim)."), ("x\r", "the filter trim)."), (" x", "a space."), ("x", "and password.")],
)
def test_a_refused_password_as_a_file_holds_it(connect: MakeClient, password: str, end: str) -> None:
    with Scripted(Answer(status=401)) as server, pytest.raises(AuthFailed) as caught:
        connect(server, password=password).get("Jobs")
    assert str(caught.value.advice).endswith(end)


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "it gave no reason"),
        ({"error": "invalid_grant"}, "invalid_grant"),
        ({"error": "x", "error_description": "Locked."}, "Locked"),
    ],
)
def test_forms_of_a_refused_log_in(connect: MakeClient, status: int, body: t.Any, reason: str) -> None:
    with Scripted(Answer(status=status, body=body)) as server, pytest.raises(AuthFailed) as caught:
        connect(server).get("Jobs")
    assert (
        f"The server refused the login of '{USERNAME}': {reason} (HTTP {status}, POST /v8/token)."
        in caught.value.message
    )


@pytest.mark.parametrize("body", [b"", [], {}, {"access_token": ""}, {"access_token": None}, {"token_type": "bearer"}])
def test_a_log_in_without_a_token(connect: MakeClient, body: t.Any) -> None:
    with Scripted(Answer(body=body)) as server, pytest.raises(ConnectionFailed) as caught:
        connect(server).get("Jobs")
    assert caught.value.text == "The answer to the login contains no token"


def test_a_log_in_is_repeated(connect: MakeClient) -> None:
    """A login has no side effects that matter."""
    announced: list[str] = []
    with Scripted(RESET, Answer(status=502), TOKEN, Answer(body=[])) as server:
        connect(server, announce=announced.append).get("Jobs")
    assert server.paths() == ["POST /v8/token"] * 3 + ["GET /v8/Jobs"]
    assert len(announced) == 2 and not any(PASSWORD in text for text in announced)


def test_a_log_in_on_a_broken_server(connect: MakeClient) -> None:
    down = Answer(status=500, body={"message": "Database is down."})
    with Scripted(down) as server, pytest.raises(ServerError) as caught:
        connect(server).get("Jobs")
    assert caught.value.text == "Database is down."


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_expired_session_is_renewed_once(server: Server, version: str, connect: MakeClient, method: str) -> None:
    client = connect(server, api_version=version)
    job = server.job("test_job")
    assert job is not None
    client.get("Jobs")
    server.expire_tokens()
    server.forget()
    body = {"name": job["name"], "description": "new"} if method == "PUT" else None
    client.request(method, f"Jobs/{job['id']}", body=body)
    path = f"{method} /{version}/Jobs/{job['id']}"
    assert calls(server) == [path, f"POST /{version}/token", path]
    after = server.job("test_job")
    assert (after is None) == (method == "DELETE")
    if method == "PUT":
        assert after is not None and after["description"] == "new"


def test_an_expired_session_makes_a_create_a_lost_answer(server: Server, connect: MakeClient) -> None:
    """The caller looks up the name before trying again; a new session exists already."""
    client = connect(server, api_version="v8")
    client.get("Jobs")
    server.expire_tokens()
    server.forget()
    with pytest.raises(LostAnswer) as caught:
        client.request("POST", "Jobs", body={"name": "x"})
    assert (caught.value.status, caught.value.method, caught.value.path) == (401, "POST", "/v8/Jobs")
    assert calls(server) == ["POST /v8/Jobs", "POST /v8/token"]
    client.get("Jobs")
    assert calls(server)[2:] == ["GET /v8/Jobs"]


def test_a_session_that_is_refused_at_once(connect: MakeClient) -> None:
    """A fresh token that is rejected is not renewed forever."""
    with Scripted(TOKEN, Answer(status=401)) as server, pytest.raises(AuthFailed) as caught:
        connect(server).get("Jobs")
    assert server.paths() == ["POST /v8/token", "GET /v8/Jobs"]
    assert caught.value.advice == "The account may lack the right."


def test_a_renewed_session_that_is_refused(connect: MakeClient) -> None:
    with Scripted(TOKEN, Answer(body=[]), Answer(status=401), TOKEN, Answer(status=401)) as server:
        client = connect(server)
        client.get("Jobs")
        with pytest.raises(AuthFailed):
            client.get("Jobs")
    assert server.paths() == ["POST /v8/token", "GET /v8/Jobs", "GET /v8/Jobs", "POST /v8/token", "GET /v8/Jobs"]


def test_a_session_that_ran_out_is_renewed_once_for_all_threads(
    connect: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both requests are rejected before either of them can log in."""
    tokens = itertools.count(1)
    routes = {
        "/v8/token": lambda _request: Answer(body={**TOKEN.body, "access_token": f"token-{next(tokens)}"}),
        "/v8/Organizations": Answer(body=[]),
        "/v8/Jobs": lambda request: (
            Answer(status=401) if request.headers["Authorization"] == "Bearer token-1" else Answer(body=[])
        ),
    }
    with Scripted(routes=routes) as server:
        client = connect(server)
        client.get("Organizations")
        send, refused = client._transport.send, threading.Barrier(2)

        def both_refused(*args: t.Any, **options: t.Any) -> t.Any:
            reply = send(*args, **options)
            if reply.status == 401:
                refused.wait(30)
            return reply

        monkeypatch.setattr(client._transport, "send", both_refused)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            assert list(pool.map(client.get, ["Jobs", "Jobs"])) == [[], []]
    assert server.paths().count("POST /v8/token") == 2
    assert server.paths().count("GET /v8/Jobs") == 4


def test_an_answer_of_another_form(connect: MakeClient) -> None:
    """Values that the code relies on are missing; answers to writes are not checked."""
    with Scripted(TOKEN, Answer(body=[{"id": "1"}])) as server:
        client = connect(server)
        client.request("PUT", "Jobs/1", body={})
        with pytest.raises(ConnectionFailed) as caught:
            client.get("Jobs")
    assert caught.value.text == "The answer does not have the documented form: 'name' is missing"
    assert caught.value.advice == "Check the server and any proxies in between."
    assert (caught.value.method, caught.value.path, caught.value.status) == ("GET", "/v8/Jobs", 200)


def test_revoking_a_token(server: Server, connect: MakeClient) -> None:
    token = connect(server, api_version="v8").log_in_for_others()["access_token"]
    client = connect(server, api_version="v8", token=token)
    client.get("Jobs")
    assert client.revoke(token) is True
    with pytest.raises(AuthFailed):
        client.get("Jobs")
    assert client.revoke(token) is False


def test_revoking_on_a_broken_server(connect: MakeClient) -> None:
    with Scripted(Answer(status=500)) as server, pytest.raises(ServerError):
        connect(server, token="t").revoke("t")


# --- requests ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_read_only_client_sends_no_write(server: Server, connect: MakeClient, method: str) -> None:
    client = connect(server, read_only=True, api_version="v8")
    with pytest.raises(ReadOnly) as caught:
        client.request(method, "Jobs", body={})
    assert caught.value.message == (
        f"only reads are allowed here (read_only, or check mode), so the request was not sent ({method} /v8/Jobs)."
    )
    assert calls(server) == [], "not even a log-in"
    assert client.get("Jobs")["results"]
    client.close()
    assert calls(server) == ["POST /v8/token", "GET /v8/Jobs", "POST /v8/token/logout"]


def test_errors_name_the_request(server: Server, version: str, connect: MakeClient) -> None:
    with pytest.raises(NotFound) as caught:
        connect(server, api_version=version).get(f"Jobs/{NO_JOB}")
    error = caught.value
    assert (error.method, error.path, error.status) == ("GET", f"/{version}/Jobs/{NO_JOB}", 404)
    if version == "v8":
        assert error.code == "ResourceNotFound"


def test_find_is_none_for_what_is_not_there_and_nothing_else(server: Server, connect: MakeClient) -> None:
    client = connect(server, api_version="v8")
    job = server.job("test_job")
    assert job is not None
    assert client.find(f"Jobs/{NO_JOB}") is None
    assert client.find(f"Jobs/{job['id']}")["name"] == "test_job"
    server.control("PUT", "faults", [{"match": {"path": "/Jobs"}, "then": {"status": 500, "body": {"message": "x"}}}])
    try:
        with pytest.raises(ServerError):
            client.find(f"Jobs/{job['id']}")
    finally:
        server.control("PUT", "faults", [])


def test_a_rejected_write(server: Server, connect: MakeClient) -> None:
    job = server.job("test_job")
    assert job is not None
    with pytest.raises((Rejected, ServerError)) as caught:
        connect(server, api_version="v8").request("PUT", f"Jobs/{job['id']}", body={"repositoryId": NO_JOB})
    assert caught.value.text and caught.value.method == "PUT"


def test_a_lost_answer_of_a_real_write(server: Server, connect: MakeClient) -> None:
    """The write was carried out, and the client must not claim otherwise."""
    job = server.job("test_job")
    assert job is not None
    server.control("PUT", "faults", [{"match": {"method": "DELETE"}, "times": 1, "then": {"reset_after": True}}])
    try:
        client = connect(server, api_version="v8")
        with pytest.raises(LostAnswer):
            client.request("DELETE", f"Jobs/{job['id']}")
        assert server.job("test_job") is None
        assert server.counts()["writes"] == 1
    finally:
        server.control("PUT", "faults", [])


def test_warnings_and_lines_reach_who_listens_now(connect: MakeClient) -> None:
    first: list[str] = []
    second: list[str] = []
    lines: list[str] = []
    with Scripted(TOKEN, Answer(status=502), Answer(body=[]), Answer(status=502), Answer(body=[])) as server:
        client = connect(server, announce=first.append)
        client.get("Jobs")
        client.report_to(second.append, lines.append)
        client.get("Jobs")
    assert len(first) == len(second) == 1
    assert [line.split(" ")[:3] for line in lines] == [["GET", "/v8/Jobs", "502"], ["GET", "/v8/Jobs", "200"]]


# --- lists ------------------------------------------------------------------------------------------------------------


def entries(first: int, last: int) -> list[dict[str, t.Any]]:
    return [{"id": f"id-{number}", "name": f"job {number}"} for number in range(first, last)]


def query(request: Seen) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(request.path).query))


class Collection:
    """Pages of a list as different servers make them; C(shape) builds a page from entries, offset and limit."""

    def __init__(
        self, total: int, shape: t.Callable[[list[dict[str, t.Any]], int, int], dict[str, t.Any]], most: int = 30
    ) -> None:
        self.total, self.shape, self.most = total, shape, most
        self.asked: list[dict[str, str]] = []

    def __call__(self, request: Seen) -> Answer:
        asked = query(request)
        self.asked.append(asked)
        offset, limit = int(asked.get("offset", 0)), min(self.most, int(asked.get("limit", 30)))
        return Answer(body=self.shape(entries(offset, min(self.total, offset + limit)), offset, limit))


def documented(results: list[dict[str, t.Any]], offset: int, limit: int) -> dict[str, t.Any]:
    return {"offset": offset, "limit": limit, "results": results, "_links": {}}


def with_set(results: list[dict[str, t.Any]], offset: int, limit: int) -> dict[str, t.Any]:
    return {**documented(results, offset, limit), "setId": "set-7"}


def without_limit(results: list[dict[str, t.Any]], offset: int, limit: int) -> dict[str, t.Any]:
    del limit
    return {"offset": offset, "results": results}


def null_limit(results: list[dict[str, t.Any]], offset: int, limit: int) -> dict[str, t.Any]:
    return {**documented(results, offset, limit), "limit": None, "_links": None, "setId": None}


def with_next_only(results: list[dict[str, t.Any]], offset: int, limit: int) -> dict[str, t.Any]:
    """Repeats the requested limit, returns fewer entries, and has a link while there are more (to another version)."""
    links = {"next": {"href": f"/v7/Jobs?offset={offset + limit}"}} if len(results) == limit else {}
    return {"offset": offset, "limit": 1000, "results": results, "_links": links}


SHAPES = [documented, with_set, without_limit, null_limit, with_next_only]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("total", [0, 1, 29, 30, 31, 60, 95])
def test_lists_are_read_to_the_end(connect: MakeClient, shape: t.Any, total: int) -> None:
    collection = Collection(total, shape)
    with Scripted(TOKEN, routes={"/v8/Jobs": collection}) as server:
        found = list(connect(server).list("Jobs", {"organizationId": "o 1"}))
    assert found == entries(0, total)
    assert {asked["organizationId"] for asked in collection.asked} == {"o 1"}
    # Each page begins with the last entry of the previous one, unless the server keeps the list unchanged.
    step, end = (30, total) if shape is with_set or total < 2 else (29, total - 1)
    assert [int(asked["offset"]) for asked in collection.asked] == [
        min(step * number, end) for number in range(len(collection.asked))
    ]
    assert all(asked["limit"] == str(_client.PAGE_SIZE) for asked in collection.asked)
    assert len(collection.asked) <= total // 30 + 2
    sets = ["setId" in asked for asked in collection.asked]
    assert sets == [False, *[shape is with_set] * (len(sets) - 1)]


def test_a_large_page_is_one_request(connect: MakeClient) -> None:
    collection = Collection(999, documented, most=10000)
    with Scripted(TOKEN, routes={"/v8/Jobs": collection}) as server:
        assert len(list(connect(server).list("Jobs"))) == 999
    assert len(collection.asked) == 1


@pytest.mark.parametrize("shape", [documented, without_limit, with_next_only])
def test_a_server_that_ignores_the_offset_does_not_hold_us_for_ever(connect: MakeClient, shape: t.Any) -> None:
    with Scripted(TOKEN, routes={"/v8/Jobs": lambda request: Answer(body=shape(entries(0, 30), 0, 30))}) as server:
        assert list(connect(server).list("Jobs")) == entries(0, 30)
    assert len(server.seen) <= 3


def test_nor_if_its_entries_have_no_ids(connect: MakeClient) -> None:
    page = {"offset": 0, "limit": 2, "results": [{"title": "a"}, {"title": "b"}]}
    with Scripted(TOKEN, Answer(body=page)) as server:
        found = list(itertools.islice(connect(server).list("JobSessions/1/LogItems"), 50))
    assert found == page["results"]


def test_entries_without_ids_are_all_yielded(connect: MakeClient) -> None:
    first = {"offset": 0, "limit": 2, "results": [{"title": "a"}, {"title": "a"}]}
    second = {"offset": 2, "limit": 2, "results": [{"title": "b"}]}
    with Scripted(TOKEN, Answer(body=first), Answer(body=second)) as server:
        found = list(connect(server).list("JobSessions/1/LogItems"))
    assert [entry["title"] for entry in found] == ["a", "a", "b"]


def test_an_entry_that_moves_between_pages_comes_once(connect: MakeClient) -> None:
    """Somebody creates a job while the list is read."""
    pages = [documented(entries(0, 30), 0, 30), documented(entries(29, 40), 30, 30)]
    with Scripted(TOKEN, *(Answer(body=page) for page in pages)) as server:
        assert list(connect(server).list("Jobs")) == entries(0, 40)


@pytest.mark.parametrize("gone", [1, 5, 29, 35])
@pytest.mark.parametrize("page", [1, 2, 3])
def test_no_entry_is_missed_when_others_are_deleted_meanwhile(connect: MakeClient, gone: int, page: int) -> None:
    """Entries at the front are deleted before a later page is read, so that all others move forward."""
    left = entries(0, 100)
    asked = 0

    def answer(request: Seen) -> Answer:
        nonlocal left, asked
        left = left[gone:] if asked == page else left
        asked += 1
        offset = int(query(request).get("offset", 0))
        return Answer(body=documented(left[offset : offset + 30], offset, 30))

    with Scripted(TOKEN, routes={"/v8/Jobs": answer}) as server:
        found = list(connect(server).list("Jobs"))
    names = [entry["id"] for entry in found]
    assert set(names) >= {entry["id"] for entry in left} and len(names) == len(set(names))


def test_a_list_that_never_stands_still(connect: MakeClient) -> None:
    """A list whose pages never overlap is an error instead of an endless loop."""
    numbers = itertools.count(0, 30)

    def answer(request: Seen) -> Answer:
        offset, first = int(query(request).get("offset", 0)), next(numbers)
        return Answer(body=documented(entries(first, first + 30), offset, 30))

    with Scripted(TOKEN, routes={"/v8/Jobs": answer}) as server, pytest.raises(ConnectionFailed) as caught:
        list(connect(server).list("Jobs"))
    assert caught.value.text == "The list kept changing while it was read"
    assert len(server.seen) < 100


@pytest.mark.parametrize("number", [3, 5, 7])
def test_arrays_are_lists_too(connect: MakeClient, number: int) -> None:
    with Scripted(TOKEN, Answer(body=entries(0, 100))) as server:
        assert list(connect(server, api_version=f"v{number}").list("Jobs")) == entries(0, 100)
    assert server.paths()[1:] == [f"GET /v{number}/Jobs"], "arrays know neither limit nor offset"


def test_a_page_where_an_array_is_expected(connect: MakeClient) -> None:
    collection = Collection(70, documented)
    with Scripted(TOKEN, routes={"/v7/Jobs": collection}) as server:
        assert list(connect(server, api_version="v7").list("Jobs")) == entries(0, 70)
    assert collection.asked[0] == {}


def test_an_array_where_a_page_is_expected(connect: MakeClient) -> None:
    with Scripted(TOKEN, Answer(body=entries(0, 100))) as server:
        assert list(connect(server).list("Jobs")) == entries(0, 100)
    assert len(server.seen) == 2


@pytest.mark.parametrize("body", [b"", 7, "x", {}, {"results": None}, {"results": {}}, [1], [None], {"results": ["x"]}])
def test_what_is_no_list(connect: MakeClient, body: t.Any) -> None:
    with Scripted(TOKEN, Answer(body=body)) as server, pytest.raises(ConnectionFailed) as caught:
        list(connect(server).list("Jobs"))
    assert caught.value.text == "The answer is not a list of objects"


@pytest.mark.parametrize("body", [b"", {"results": None}])
def test_null_where_a_list_may_be_null(connect: MakeClient, body: t.Any) -> None:
    with Scripted(TOKEN, Answer(body=body)) as server:
        assert list(connect(server).list("Jobs/1/SelectedItems", may_be_null=True)) == []


def test_lists_are_read_as_they_are_needed(connect: MakeClient) -> None:
    collection = Collection(300, documented)
    with Scripted(TOKEN, routes={"/v8/Jobs": collection}) as server:
        assert list(itertools.islice(connect(server).list("Jobs"), 5)) == entries(0, 5)
    assert len(collection.asked) == 1


def test_a_list_that_breaks_in_the_middle_fails(connect: MakeClient) -> None:
    """Half a list would look as if jobs had been deleted."""
    script = (TOKEN, Answer(body=documented(entries(0, 30), 0, 30)), Answer(status=500))
    with Scripted(*script) as server, pytest.raises(ServerError):
        list(connect(server).list("Jobs"))


def test_every_list_of_the_sandbox_on_every_version(server: Server, version: str, connect: MakeClient) -> None:
    """The same jobs in every shape, also if the server returns only small pages."""
    client = connect(server, api_version=version)
    names = sorted(job["name"] for job in server.state()["jobs"])
    assert sorted(job["name"] for job in client.list("Jobs")) == names
    for resource in ("Organizations", "BackupRepositories", "Proxies", "JobSessions"):
        query = {"extendedView": "false"} if resource == "Organizations" and version == "v6" else None
        found = list(client.list(resource, query))
        assert found and len({entry["id"] for entry in found}) == len(found)


def test_errors_of_a_session_hold_no_secret(server: Server, connect: MakeClient) -> None:
    """Whatever the error is."""
    client = connect(server, api_version="v8")
    client.get("Jobs")
    token = client._token
    assert token
    for resource in (f"Jobs/{NO_JOB}", "Nothing", "Organizations/x"):
        with pytest.raises(VboError) as caught:
            client.get(resource)
        text = f"{caught.value.message} {caught.value.result()} {caught.value!r}"
        assert PASSWORD not in text and token not in text


def test_a_list_without_end(connect: MakeClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page is full and has new entries."""
    monkeypatch.setattr(_client, "MAX_PAGES", 3)

    def answer(request: Seen) -> Answer:
        offset = int(query(request).get("offset", 0))
        return Answer(body={**documented(entries(offset, offset + 30), offset, 30), "setId": "s1"})

    with Scripted(TOKEN, routes={"/v8/Jobs": answer}) as server, pytest.raises(ConnectionFailed) as caught:
        list(connect(server).list("Jobs"))
    assert caught.value.text == "The list does not end within 3 pages"
