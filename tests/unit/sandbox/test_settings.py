# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Settings, state files, switches, the control interface and faults."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from sandbox_client import FILES, SETTINGS, Sandbox, create, start, stop
from vbo_sandbox.loader import DataError, load
from vbo_sandbox.store.settings import Settings, read_settings
from vbo_sandbox.store.state import DEFAULT_STATE, State, initial_data
from vbo_sandbox.store.switches import TABLE, Switches


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"sevrers": []}, r"^sevrers: unknown key"),
        ({"servers": [{"name": "a", "prot": 1}]}, r"^servers\[0\]\.prot: unknown key"),
        ({"servers": [{"port": "1"}]}, r"^servers\[0\]\.port: expected int"),
        ({"servers": [{"port": 70000}]}, r"^servers\[0\]: port: must be between 0 and 65535 \(got 70000\)"),
        ({"servers": [{"versions": ["v2"]}]}, r"^servers\[0\]: versions\[0\]: 'v2'"),
        ({"servers": [{"versions": []}]}, r"^servers\[0\]: versions: must not be empty"),
        ({"servers": [{"time_zone": "Mars/Base"}]}, r"^servers\[0\]: time_zone"),
        ({"servers": [{"switches": {"nope": 1}}]}, r"^servers\[0\]: switches\.nope: unknown switch"),
        ({"servers": [{"switches": {"full_put": "yes"}}]}, r"switches\.full_put: expected true or false"),
        ({"servers": [{"switches": {"token_lifetime": -1}}]}, r"switches\.token_lifetime: expected a number"),
        ({"servers": [{"switches": {"edit_running": "maybe"}}]}, r"switches\.edit_running: 'maybe' is not one of"),
        ({"servers": [{"state": 5}]}, r"^servers\[0\]: state"),
        ({"servers": [{"state": {}, "generate": {}}]}, r"^servers\[0\]: generate"),
        ({"servers": [{"name": "a"}, {"name": "a"}]}, r"^servers: the name 'a' is used twice"),
        ({"password": ""}, r"must not be empty"),
        ({"servers": [{"name": "x", "clock": "noon"}]}, r"^servers\[0\]: clock: 'noon' is not a date"),
        ({"servers": [{"name": "x", "clock": 5}]}, r"^servers\[0\]: clock: 5 is not a date"),
        ({"servers": [{"name": "x", "outcomes": [{"job": "y"}]}]}, r"^servers\[0\]: outcomes\[0\]: one of result"),
        ([], r"^top level: expected a mapping"),
    ],
)
def test_wrong_settings(data: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        load(Settings, data)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.update(jbos=[]), r"^jbos: unknown key"),
        (lambda data: data["jobs"][0].update(colour=1), r"^jobs\[0\]\.colour: unknown key"),
        (lambda data: data["jobs"][0].update(organization="nobody"), r"^jobs\[0\]\.organization: 'nobody'"),
        (lambda data: data["jobs"][0].update(id="x"), r"^jobs\[0\]\.id: 'x' is not a GUID"),
        (lambda data: data["jobs"][1].update(id=data["jobs"][0]["id"]), r"^jobs\[1\]\.id: .* is used twice"),
        (
            lambda data: data["jobs"][0]["selected_items"][0].update(object="x"),
            r"^jobs\[0\]\.selected_items\[0\]\.object",
        ),
        (lambda data: data["jobs"][1]["schedule_policy"]["backup_window"].update(hours="1"), r"backup_window: hours"),
        (lambda data: data["repositories"][0].pop("proxy"), r"^repositories\[0\]: one of proxy"),
    ],
)
def test_wrong_state(change: Any, message: str) -> None:
    data = State(initial_data(None)).snapshot()
    change(data)
    with pytest.raises(DataError, match=message):
        State(data)


def test_state_survives_a_round_trip() -> None:
    data = State(initial_data(None)).snapshot()
    assert State(data).snapshot() == data


def test_state_file_next_to_the_settings(tmp_path: Path) -> None:
    (tmp_path / "state.yml").write_text(DEFAULT_STATE.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "settings.yml").write_text("servers: [{name: x, state: state.yml}]", encoding="utf-8")
    server = read_settings(tmp_path / "settings.yml").servers[0]
    assert len(State(initial_data(server.state)).jobs) == 8


def test_clock_of_the_settings() -> None:
    """With an offset, or in the time zone of the server; YAML reads an unquoted one as a date."""
    for text in ("2026-02-04 18:00:00", '"2026-02-04T18:00"', "2026-02-04T23:00:00Z", '"2026-02-04T23:00:00.0Z"'):
        data = yaml.safe_load(f"{{servers: [{{name: x, time_zone: America/New_York, clock: {text}}}]}}")
        assert load(Settings, data).servers[0].start == 1770246000.0
    fleet = load(Settings, {"generate": {"servers": 2, "clock": "2026-02-04"}})
    assert [server.start for server in fleet.servers] == [1770159600.0] * 2


def test_fleet() -> None:
    settings = load(Settings, {"generate": {"servers": 3, "jobs": 4, "versions": ["v8"]}})
    assert [server.name for server in settings.servers] == ["server-001", "server-002", "server-003"]


def test_every_switch_has_a_test() -> None:
    folder = Path(__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("test_*.py"))
    missing = [switch.name for switch in TABLE if not re.search(rf"\b{switch.name}\b", text)]
    assert missing == []


def test_switch_table(sandbox: Sandbox) -> None:
    rows = sandbox.control("GET", "switches/table").json()
    assert {row["name"] for row in rows} == set(Switches().as_dict())
    assert sandbox.control("GET", "switches").json() == {**Switches().as_dict(), "leniency": "strict"}
    assert sandbox.control("PATCH", "switches", {"nope": 1}).status_code == 400
    assert sandbox.control("GET", "nothing").status_code == 404


def test_latency_and_refresh_lifetime(sandbox: Sandbox) -> None:
    client = sandbox.client(8, login=False)
    sandbox.switch(refresh_lifetime=0, latency_ms=600)
    begin = time.monotonic()
    token = client.login().json()["refresh_token"]
    assert time.monotonic() - begin > 0.59
    sandbox.switch(latency_ms=0)
    begin = time.monotonic()
    assert client.login(grant_type="refresh_token", refresh_token=token).status_code == 400
    assert time.monotonic() - begin < 0.5


def test_replacing_the_state(sandbox: Sandbox) -> None:
    state = sandbox.control("GET", "state").json()
    state["jobs"] = state["jobs"][:1]
    state["copy_jobs"] = state["sessions"] = []
    assert sandbox.control("PUT", "state", state).status_code == 204
    client = sandbox.client(8)
    assert len(client.results("Jobs")) == 1
    reply = sandbox.control("PUT", "state", {"jobs": 1})
    assert reply.status_code == 400 and reply.json()["message"].startswith("jobs:")
    assert len(client.results("Jobs")) == 1


def test_versions_can_change(sandbox: Sandbox) -> None:
    assert sandbox.control("POST", "reset", {"versions": ["v6"]}).status_code == 204
    assert sandbox.client(8, login=False).call("GET", "Jobs").status_code == 404
    assert sandbox.client(6).get("ServiceInstance")["version"].startswith("6.")
    assert sandbox.control("POST", "reset", {"versions": ["v1"]}).status_code == 400


def faults(sandbox: Sandbox, *rules: dict[str, Any]) -> None:
    assert sandbox.control("PUT", "faults", list(rules)).status_code == 200


def test_fault_status(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    then = {"status": 503, "headers": {"Retry-After": "1"}, "body": "busy"}
    faults(sandbox, {"match": {"method": "GET", "path": "/jobs$"}, "skip": 1, "times": 2, "then": then})
    assert [client.call("GET", "Jobs").status_code for _number in range(4)] == [200, 503, 503, 200]
    assert client.call("GET", "Organizations").status_code == 200
    assert sandbox.control("GET", "faults").json()[0]["hits"] == 4
    assert sandbox.control("DELETE", "faults").status_code == 204
    assert sandbox.control("PUT", "faults", [{"match": {"path": "("}, "then": {}}]).status_code == 400


@pytest.mark.parametrize(("kind", "created"), [("reset_before", False), ("reset_after", True), ("truncate", True)])
def test_fault_connection(sandbox: Sandbox, kind: str, created: bool) -> None:
    client = sandbox.client(8)
    faults(sandbox, {"match": {"method": "POST", "path": "/Jobs"}, "times": 1, "then": {kind: True}})
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        create(client)
    assert any(job["name"] == "Fresh" for job in client.results("Jobs")) is created


def test_fault_delay(sandbox: Sandbox) -> None:
    client = sandbox.client(8)
    faults(sandbox, {"times": 1, "then": {"delay": 0.2}})
    begin = time.monotonic()
    client.get("Jobs")
    assert time.monotonic() - begin > 0.19


def test_wrong_settings_end_the_process(tmp_path: Path) -> None:
    settings = tmp_path / "settings.yml"
    settings.write_text("servers: [{name: x, versions: [v1]}]", encoding="utf-8")
    command = [sys.executable, "-m", "vbo_sandbox", "--directory", str(tmp_path / "run"), "--settings", str(settings)]
    done = subprocess.run(
        command, env={"PYTHONPATH": str(FILES)}, capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("vbo_sandbox: servers[0]: versions[0]")


def test_directory(tmp_path: Path) -> None:
    directory = tmp_path / "run"
    directory.mkdir()
    (directory / "ca.pem").write_text("not ours", encoding="utf-8")
    with pytest.raises(RuntimeError, match="files that no sandbox wrote"):
        start(directory, SETTINGS)
    (directory / "ca.pem").unlink()
    process = start(directory, SETTINGS)
    with pytest.raises(RuntimeError, match="already uses"):
        (directory / "servers.json").rename(directory / "kept.json")
        start(directory, SETTINGS)
    assert stop(process) == 0
    assert not (directory / "pid").exists() and not (directory / "servers.json").exists()
    process = start(directory, None)
    assert stop(process) == 0


def test_control_can_be_off(tmp_path: Path) -> None:
    directory = tmp_path / "run"
    process = start(directory, "control: false")
    try:
        server = Sandbox(directory)
        assert server.control("GET", "state").status_code == 404
    finally:
        stop(process)
