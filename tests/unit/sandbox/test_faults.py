# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each kind of fault works as documented, by count and by probability, from the control interface and the settings."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
import requests
import sandbox_client as support
from sandbox_client import Client, Sandbox
from vbo_sandbox.faults.rules import Faults
from vbo_sandbox.faults.spoil import WAYS
from vbo_sandbox.loader import DataError

JOBS = {"method": "GET", "path": "/Jobs$"}


def play(sandbox: Sandbox, *, path: str = "Jobs", method: str = "GET", **rule: Any) -> Any:
    """Return the answer to a request that one rule affects."""
    client = sandbox.client(8)
    assert sandbox.control("PUT", "faults", [{"match": JOBS | {"method": method}, **rule}]).status_code == 200
    return client.call(method, path)


def injected(sandbox: Sandbox) -> int:
    return int(sandbox.control("GET", "counts").json()["faults"])


def test_by_chance_with_a_seed(sandbox: Sandbox) -> None:
    """The same seed fails the same requests, another one others; the share is about the configured one."""
    client = sandbox.client(8)
    runs = []
    for seed in (7, 7, 8):
        rule = {"match": JOBS, "probability": 0.3, "seed": seed, "then": {"status": 503}}
        assert sandbox.control("PUT", "faults", [rule]).status_code == 200
        runs.append([client.call("GET", "Jobs").status_code for _number in range(60)])
    assert runs[0] == runs[1] != runs[2]
    for run in runs:
        assert 8 <= run.count(503) <= 30
    shown = sandbox.control("GET", "faults").json()[0]
    assert shown["hits"] == 60 and shown["acted"] == runs[2].count(503)
    assert injected(sandbox) == sum(run.count(503) for run in runs)


def test_chance_and_count_together(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    rule = {"match": JOBS, "probability": 0.5, "seed": 3, "times": 2, "skip": 5, "then": {"status": 500}}
    sandbox.control("PUT", "faults", [rule])
    statuses = [client.call("GET", "Jobs").status_code for _number in range(40)]
    assert statuses.count(500) == 2 and 500 not in statuses[:5]


def test_several_methods(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    sandbox.control("PUT", "faults", [{"match": {"method": "put|Delete"}, "then": {"status": 409}}])
    assert client.call("DELETE", "Jobs/x").status_code == client.call("PUT", "Jobs/x", json={}).status_code == 409
    assert client.call("GET", "Jobs").status_code == 200


@pytest.mark.parametrize(("key", "done"), [("delay", False), ("delay_answer", True)])
def test_late_answers(sandbox: Sandbox, key: str, done: bool) -> None:
    """If the client does not wait, the request has been carried out, or not yet, depending on the fault."""
    client = sandbox.client(8)
    job = next(job["id"] for job in client.call("GET", "Jobs").json()["results"] if job["isEnabled"])
    sandbox.control("PUT", "faults", [{"match": {"path": "/disable$"}, "then": {key: 1.0}}])
    with pytest.raises(requests.Timeout):
        client.call("POST", f"Jobs/{job}/disable", timeout=0.4)
    assert client.call("GET", f"Jobs/{job}").json()["isEnabled"] is not done


def test_headers_of_an_answer_that_is_carried_out(sandbox: Sandbox) -> None:
    reply = play(sandbox, then={"headers": {"Content-Type": "text/plain", "X-Note": "{date+5} and {date}"}})
    assert reply.status_code == 200 and reply.json()["results"]
    assert reply.headers["Content-Type"] == "text/plain"
    later, now = map(parsedate_to_datetime, reply.headers["X-Note"].split(" and "))
    assert 4 <= (later - now).total_seconds() <= 6


def test_empty_401(sandbox: Sandbox) -> None:
    reply = play(sandbox, then={"status": 401})
    assert (reply.status_code, reply.content) == (401, b"")


def test_forgotten_tokens_stay_forgotten(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    sandbox.control("PUT", "faults", [{"match": JOBS, "times": 1, "then": {"forget_tokens": True}}])
    assert [client.call("GET", "Jobs").status_code for _number in range(2)] == [401, 401]
    client.login()
    assert client.call("GET", "Jobs").status_code == 200


def test_half_a_text_as_the_whole(sandbox: Sandbox) -> None:
    reply = play(sandbox, then={"cut_text": True})
    assert reply.status_code == 200 and int(reply.headers["Content-Length"]) == len(reply.content) > 100
    with pytest.raises(ValueError, match=r"."):
        reply.json()


def test_dribbled_bytes(sandbox: Sandbox) -> None:
    whole = len(sandbox.client(8).call("GET", "Jobs?limit=1").content)
    begin = time.monotonic()
    reply = play(sandbox, path="Jobs?limit=1", then={"bytes_per_second": whole * 2})
    assert 0.4 < time.monotonic() - begin < 20
    assert len(reply.json()["results"]) == 1


def test_a_huge_answer_is_streamed(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    size = 200_000_000
    sandbox.control("PUT", "faults", [{"match": JOBS, "then": {"size": size}}])
    with client.session.get(f"{client.url}/v8/Jobs", stream=True, timeout=10) as reply:
        assert int(reply.headers["Content-Length"]) == size
        assert next(reply.iter_content(5)) == b'["xxx'
    sandbox.control("PUT", "faults", [{"match": JOBS, "then": {"size": 100_000}}])
    assert len(client.get("Jobs")[0]) == 100_000 - 4


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_spoil_an_answer(sandbox: Sandbox, way: str) -> None:
    """Spoilt answers are still JSON, and differ from good ones as the name says."""
    good = sandbox.client(8).get("Jobs")
    spoiled = play(sandbox, then={"spoil": [way]}).json()
    assert spoiled != good
    if way == "shape":
        assert spoiled == [good]
        return
    first, was = spoiled["results"][0], good["results"][0]
    if way == "nulls":
        assert set(first.values()) == {None} and first.keys() == was.keys()
    elif way == "unknown":
        assert first["comingSoon"] and first["schedulePolicy"]["comingSoon"]
        assert {key: first[key] for key in ("id", "name")} == {key: was[key] for key in ("id", "name")}
    elif way == "enums":
        assert first["backupType"] == first["schedulePolicy"]["type"] == "Tomorrow" and first["name"] == was["name"]
    elif way == "dates":
        assert "2026-02-03T22:00:05.1234567Z" in json.dumps(spoiled)
    else:
        names = [job["name"] for job in spoiled["results"]]
        assert sorted(names) == sorted([job["name"] for job in good["results"]] * 2)
        assert len({job["id"] for job in spoiled["results"]}) == len(names)


def test_an_empty_answer_stays_empty(sandbox: Sandbox) -> None:
    """A body after HTTP 204 would be taken for the beginning of the next answer."""
    client = sandbox.client(8)
    job = client.job("test_job")["id"]
    sandbox.control("PUT", "faults", [{"match": {"method": "POST|DELETE"}, "then": {"spoil": ["shape"]}}])
    for _time in range(3):
        for verb in ("disable", "enable"):
            reply = client.call("POST", f"Jobs/{job}/{verb}")
            assert reply.status_code < 300 and not reply.content
        assert client.get("Jobs")["results"]


def test_only_some_keys_are_spoiled(sandbox: Sandbox) -> None:
    good = sandbox.client(8).get("Jobs")["results"][0]
    spoiled = play(sandbox, then={"spoil": ["nulls", "shape"], "fields": "^schedulePolicy$"}).json()["results"][0]
    assert spoiled == {**good, "schedulePolicy": [None]}


def test_what_somebody_else_does_meanwhile(sandbox: Sandbox) -> None:
    names = [job["name"] for job in sandbox.client(8).results("Jobs")]
    more = [job["name"] for job in play(sandbox, times=1, then={"meanwhile": "create"}).json()["results"]]
    assert more[1:] == names and more[0].startswith("Meanwhile")
    sandbox.control("PUT", "faults", [{"match": JOBS, "times": 2, "then": {"meanwhile": "delete"}}])
    client = sandbox.client(8)
    client.get("Jobs")
    assert [job["name"] for job in client.results("Jobs")] == names[1:]


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ({"then": {"spoil": ["sour"]}}, "[0].then: spoil: 'sour' is not one of"),
        ({"then": {"spoil": ["nulls"], "fields": "("}}, "[0].then: fields: not a regular expression"),
        ({"then": {"bytes_per_second": 0}}, "[0].then: bytes_per_second: must be at least 1"),
        ({"then": {"meanwhile": "sleep"}}, "[0].then.meanwhile: 'sleep' is not one of"),
        ({"probability": 1.5, "then": {}}, "[0]: probability: must be between 0 and 1 (got 1.5)"),
        ({"then": {"explode": True}}, "[0].then.explode: unknown key"),
    ],
)
def test_wrong_rules_are_refused(rule: dict[str, Any], text: str) -> None:
    with pytest.raises(DataError) as caught:
        Faults([rule])
    assert str(caught.value).startswith(text)


# --- settings of a server --------------------------------------------------------------------------------------------

SETTINGS = f"""
username: {support.USERNAME}
password: {support.PASSWORD}
servers:
  - name: failing
    faults: [{{match: {{path: /Jobs}}, times: 1, then: {{status: 500}}}}]
  - {{name: expired, tls: expired}}
  - {{name: other_host, tls: other_host}}
  - {{name: self_signed, tls: self_signed}}
  - {{name: silent, listens: false}}
"""


@pytest.fixture(scope="module")
def special(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    directory: Path = tmp_path_factory.mktemp("special") / "run"
    running = support.start(directory, SETTINGS)
    yield Sandbox(directory)
    assert support.stop(running) == 0


def test_faults_of_the_settings_come_back_with_a_reset(special: Sandbox) -> None:
    for _time in range(2):
        client = special.client(8, "failing")
        assert [client.call("GET", "Jobs").status_code for _number in range(2)] == [500, 200]
        special.reset("failing")


@pytest.mark.parametrize(
    ("name", "text"),
    [("expired", "expired"), ("other_host", "doesn't match|not valid for"), ("self_signed", "self.signed")],
)
def test_certificates_that_no_client_accepts(special: Sandbox, name: str, text: str) -> None:
    with pytest.raises(requests.exceptions.SSLError, match=text):
        special.client(8, name, login=False).call("GET", "Jobs")
    entry = special.servers[name]
    blind = Client(entry["url"], "", 8)
    blind.session.verify = False
    with pytest.warns(match="Unverified"):
        assert blind.call("GET", "Jobs").status_code == 401, "apart from that it is a server like any other"


def test_a_server_that_does_not_listen(special: Sandbox) -> None:
    with pytest.raises(requests.ConnectionError, match="refused"):
        special.client(8, "silent", login=False).call("GET", "Jobs")


def test_wrong_settings_of_a_server_name_the_fault(tmp_path: Path) -> None:
    for server, text in (
        ("faults: [{then: {spoil: [x]}}]", r"servers\[0\]: faults\[0\].then: spoil"),
        ("tls: old", r"servers\[0\].tls: 'old' is not one of"),
    ):
        with pytest.raises(RuntimeError, match=text):
            support.start(tmp_path / "run", f"servers: [{{name: x, {server}}}]")
