# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Start sandbox processes and send requests to them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests

FILES = Path(__file__).resolve().parents[3] / "roles" / "vbo_sandbox" / "files"
PASSWORD = "Copper-Meadow-Signal-4471-test"
USERNAME = "sandbox-operator"
CONTOSO = "8d1f2b4e-6c3a-4f57-9a0e-2b7c5d914e60"
CLOCK = "2026-02-04T07:01:00Z"
SETTINGS = f"""
username: {USERNAME}
password: {PASSWORD}
servers:  # the clocks begin where no run is due for a while, at each reset
  - {{name: main, versions: [v3, v4, v5, v6, v7, v8], clock: "{CLOCK}", switches: &strict {{leniency: strict}}}}
  - {{name: newest, versions: [v6, v7, v8], time_zone: America/Los_Angeles, clock: "{CLOCK}", switches: *strict}}
  - {{name: five, versions: [v5], clock: "{CLOCK}", switches: *strict}}
  - {{name: many, versions: [v7, v8], clock: "{CLOCK}", switches: *strict, generate: {{jobs: 120, users: 90, seed: 7}}}}
"""


class Client:
    """A logged-in client of one version."""

    def __init__(self, url: str, ca_path: str, version: int) -> None:
        self.url, self.ca_path, self.version = url, ca_path, version
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = ca_path

    def login(self, **fields: Any) -> Any:
        """Get a token and use it."""
        data = {"grant_type": "password", "username": USERNAME, "password": PASSWORD}
        if self.version >= 7:
            data["disable_antiforgery_token"] = "true"
        reply = self.session.post(f"{self.url}/v{self.version}/token", data={**data, **fields}, timeout=10)
        if reply.status_code == 200:
            self.session.headers["Authorization"] = f"Bearer {reply.json()['access_token']}"
        return reply

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Send a request below the version."""
        return self.session.request(method, f"{self.url}/v{self.version}/{path}", **{"timeout": 10, **options})

    def get(self, path: str, **params: Any) -> Any:
        """The JSON of a successful GET."""
        reply = self.call("GET", path, params=params)
        assert reply.status_code == 200, (path, reply.status_code, reply.text)
        return reply.json()

    def results(self, path: str, **params: Any) -> list[Any]:
        """The entries of a list, whatever its format."""
        data = self.get(path, **params)
        return data if isinstance(data, list) else data["results"]

    def job(self, name: str) -> dict[str, Any]:
        """A job by its name."""
        return next(job for job in self.results("Jobs") if job["name"] == name)


class Sandbox:
    """The running process."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.servers = json.loads((directory / "servers.json").read_text(encoding="utf-8"))
        self._session = requests.Session()
        self._session.trust_env = False

    def client(self, version: int, server: str = "main", *, login: bool = True) -> Client:
        """A client, logged in."""
        entry = self.servers[server]
        client = Client(entry["url"], entry["ca_path"], version)
        if login:
            assert client.login().status_code == 200
        return client

    def control(self, method: str, path: str, data: Any = None, server: str = "main") -> Any:
        """Call the control API."""
        entry = self.servers[server]
        url = f"{entry['url']}/_sandbox/{path}"
        return self._session.request(method, url, json=data, verify=entry["ca_path"], timeout=10)

    def reset(self, server: str = "main", **switches: Any) -> None:
        """Restore the initial state, with these switches."""
        reply = self.control("POST", "reset", {"switches": switches}, server)
        assert reply.status_code == 204, reply.text

    def switch(self, **values: Any) -> None:
        """Set switches."""
        reply = self.control("PATCH", "switches", values)
        assert reply.status_code == 200, reply.text


def start(directory: Path, settings: str | None) -> subprocess.Popen[bytes]:
    """Start a sandbox and wait until it listens."""
    command = [sys.executable, "-m", "vbo_sandbox", "--directory", str(directory)]
    if settings is not None:
        path = directory.parent / f"{directory.name}.yml"
        path.write_text(settings, encoding="utf-8")
        command += ["--settings", str(path)]
    environment = {**os.environ, "PYTHONPATH": str(FILES)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + 120
    while not (directory / "servers.json").exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            output = process.communicate()[0].decode()
            raise RuntimeError(f"The sandbox did not start: {output}")
        time.sleep(0.02)
    return process


def stop(process: subprocess.Popen[bytes]) -> int:
    """Stop it by signal and return its exit code."""
    process.send_signal(signal.SIGTERM)
    code = process.wait(timeout=10)
    if process.stdout:
        process.stdout.close()
    return code


def user(client: Client, name: str = "yara.osman@contoso.com") -> dict[str, Any]:
    """A user as the server shows it."""
    (found,) = client.results(f"Organizations/{CONTOSO}/Users", userName=name)
    return {key: value for key, value in found.items() if key != "_links"}


def create(client: Client, **fields: Any) -> Any:
    """Send the request that creates a job; the fields replace the defaults, None removes one."""
    body: dict[str, Any] = {
        "name": "Fresh",
        "backupType": "SelectedItems",
        "repositoryId": "c2a7e5d1-0b94-4c1e-8f36-7d5a1e90b243",
        "schedulePolicy": {"type": "Daily", "dailyType": "Everyday", "dailyTime": "22:00:00"},
    }
    if client.version >= 8:
        body["organizationId"] = CONTOSO
    if "selectedItems" not in fields and fields.get("backupType") != "EntireOrganization":
        body["selectedItems"] = [{"type": "User", "user": user(client), "mailbox": True}]
    body.update(fields)
    body = {key: value for key, value in body.items() if value is not None}
    return client.call("POST", "Jobs" if client.version >= 8 else f"Organizations/{CONTOSO}/Jobs", json=body)
