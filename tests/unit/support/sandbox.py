# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox process for tests, with its control interface.

Used by tests/unit/plugins and tests/unit/execution; the sandbox's own tests have helpers of their own.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
import typing as t
from pathlib import Path

import requests
import yaml

FILES = Path(__file__).parents[3] / "roles" / "vbo_sandbox" / "files"
USERNAME = "EXAMPLE\\svc-ansible"
PASSWORD = "Copper-Meadow-Signal-4471-unit"


@dataclasses.dataclass
class Server:
    """One server of the sandbox: its address, and its control interface."""

    name: str
    url: str
    ca_path: str
    session: requests.Session = dataclasses.field(repr=False)

    def control(self, method: str, path: str, body: t.Any = None) -> t.Any:
        """Call the control interface; it is not part of the log."""
        reply = self.session.request(method, f"{self.url}/_sandbox/{path}", json=body, verify=self.ca_path, timeout=30)
        assert reply.status_code < 300, (method, path, reply.status_code, reply.text)
        return reply.json() if reply.content else None

    def reset(self, versions: t.Sequence[str] = (), **switches: t.Any) -> None:
        """Restore the initial state without tokens, empty the log, and set these switches."""
        body: dict[str, t.Any] = {"switches": switches}
        if versions:
            body["versions"] = list(versions)
        self.control("POST", "reset", body)

    def forget(self) -> None:
        """Empty the log."""
        self.control("DELETE", "requests")

    def log(self) -> list[dict[str, t.Any]]:
        """Return all requests since the last :meth:`forget`, with their bodies except those of token calls."""
        return self.control("GET", "requests")

    def writes(self) -> list[str]:
        """Return method and path (without version) of all writes in the log, except token calls."""
        return [f"{entry['method']} {entry['path'].split('/', 2)[2]}" for entry in self.log() if entry["write"]]

    def counts(self) -> dict[str, t.Any]:
        return self.control("GET", "counts")

    def state(self) -> dict[str, t.Any]:
        """Return the internal state of the server, which is independent of API versions."""
        return self.control("GET", "state")

    def replace(self, state: dict[str, t.Any]) -> None:
        self.control("PUT", "state", state)

    def job(self, name: str) -> dict[str, t.Any] | None:
        """Return a job from the internal state."""
        return next((job for job in self.state()["jobs"] if job["name"] == name), None)

    def switch(self, **switches: t.Any) -> None:
        self.control("PATCH", "switches", switches)

    def expire_tokens(self) -> None:
        self.control("POST", "tokens/expire")


def by_request(server: dict[str, t.Any]) -> dict[str, t.Any]:
    """Return the settings of a strict server whose jobs run on request only, unless the settings differ."""
    own = {"automatic_runs": False, "leniency": "strict"}
    return {**server, "switches": {**own, **server.get("switches", {})}}


class Sandbox:
    """A sandbox process; a context manager.

    :arg servers: the C(servers) of its settings, one mapping each
    """

    #: the module or file that Python runs
    program: t.ClassVar[tuple[str, ...]] = ("-m", "vbo_sandbox")

    def __init__(self, directory: Path, servers: list[dict[str, t.Any]], **settings: t.Any) -> None:
        self.directory = directory
        servers = [by_request(server) for server in servers]
        if "generate" in settings:
            settings["generate"] = by_request(settings["generate"])
        self.settings = {"username": USERNAME, "password": PASSWORD, "servers": servers, **settings}
        self.servers: dict[str, Server] = {}

    def __enter__(self) -> Sandbox:
        self.directory.mkdir(parents=True, exist_ok=True)
        settings = self.directory / "settings.yml"
        settings.write_text(yaml.safe_dump(self.settings), encoding="utf-8")
        run = self.directory / "run"
        command = [sys.executable, *self.program, "--directory", str(run), "--settings", str(settings)]
        environment = {**os.environ, "PYTHONPATH": str(FILES)}
        self._log = (self.directory / "output.log").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(command, env=environment, stdout=self._log, stderr=subprocess.STDOUT)
        ready = run / "servers.json"
        end = time.monotonic() + 120
        while not ready.exists():
            if self._process.poll() is not None or time.monotonic() > end:
                self._log.seek(0)
                raise RuntimeError(f"The sandbox did not start: {self._log.read()}")
            time.sleep(0.05)
        session = requests.Session()
        session.trust_env = False  # reading the environment takes as long as the rest of a call
        for name, entry in json.loads(ready.read_text(encoding="utf-8")).items():
            self.servers[name] = Server(name, entry["url"], entry["ca_path"], session)
        return self

    def __exit__(self, *exc: object) -> None:
        for server in self.servers.values():
            server.session.close()  # otherwise the process would wait for it
        self._process.terminate()
        self._process.wait(timeout=20)
        self._log.close()
