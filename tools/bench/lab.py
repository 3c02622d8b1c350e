# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the measurements: a sandbox process, and playbooks timed from another process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests

from .cases import ALL, FLEET, SOME, Case
from .report import Sample

PLAYBOOKS = Path(__file__).with_name("playbooks")
SANDBOX_FILES = Path(__file__).resolve().parents[2] / "roles" / "vbo_sandbox" / "files"
USERNAME, PASSWORD = "administrator", "Vesper-Quiet-Lantern-7319-sandbox"
FORKS = "10"
COUNTERS = ("reads", "writes", "logins", "logouts", "probes", "total")


class NotMeasured(Exception):
    """A case did not do its work, so its time is meaningless."""


class Lab:
    """A running sandbox and a folder for files; a context manager."""

    def __init__(self, folder: Path, servers: Mapping[str, Mapping[str, Any]]) -> None:
        self.folder = folder
        self.servers = servers
        self.session = requests.Session()
        self.session.trust_env = False

    def __enter__(self) -> Lab:
        settings = self.folder / "settings.json"
        quiet = {"automatic_runs": False}  # measurements must not depend on the time of day
        named = [
            {"name": name, **server, "switches": {**quiet, **server.get("switches", {})}}
            for name, server in self.servers.items()
            if name != ALL
        ]
        fleet = {"generate": {**FLEET, "switches": quiet}} if ALL in self.servers else {}
        settings.write_text(
            json.dumps({"username": USERNAME, "password": PASSWORD, "servers": named, **fleet}), encoding="utf-8"
        )
        run = self.folder / "run"
        self._log = (self.folder / "sandbox.log").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "vbo_sandbox", "--directory", str(run), "--settings", str(settings)],
            env={**os.environ, "PYTHONPATH": str(SANDBOX_FILES)},
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C ends the measurement, which stops the sandbox
        )
        try:
            self._wait_for(run / "servers.json")
            self.addresses = json.loads((run / "servers.json").read_text(encoding="utf-8"))
            for name in self.servers:
                self._write_variables(name)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _wait_for(self, path: Path) -> None:
        end = time.monotonic() + 60
        while not path.exists():
            if self._process.poll() is not None or time.monotonic() > end:
                self._log.seek(0)
                raise NotMeasured(f"the sandbox did not start: {self._log.read()}")
            time.sleep(0.05)

    def _call(self, server: str, method: str, path: str, **arguments: Any) -> Any:
        entry = self.addresses[server]
        reply = self.session.request(method, entry["url"] + path, verify=entry["ca_path"], timeout=60, **arguments)
        reply.raise_for_status()
        return reply.json() if reply.content else None

    def _hosts(self, server: str) -> dict[str, str]:
        """Return the hosts of the inventory for a server: the server itself, or every server of the fleet."""
        if server != ALL:
            return {"localhost": server}
        return {name: name for name in self.addresses if name not in self.servers}

    def _write_variables(self, server: str) -> None:
        """Write the variables of the playbooks: connection options, and the jobs as vbo_job_info returns them."""
        hosts = {host: self._connection(name) for host, name in self._hosts(server).items()}
        self._write_inventory(server, hosts)
        output = self.folder / f"{server}-jobs.json"
        self._play("jobs.yml", server, {"bench_output": str(output)})
        for host, jobs in json.loads(output.read_text(encoding="utf-8")).items():
            hosts[host]["bench_jobs"] = [
                {key: value for key, value in job.items() if key != "status" and (key != "id" or server == "jobs")}
                for job in jobs
            ]
            hosts[host]["bench_result"] = str(self.folder / f"{server}-{host}-result.json")
        self._write_inventory(server, hosts)
        self._play("results.yml", server, {"bench_single": server == "jobs"})

    def _connection(self, server: str) -> dict[str, Any]:
        form = {
            "grant_type": "password",
            "username": USERNAME,
            "password": PASSWORD,
            "disable_antiforgery_token": "true",
        }
        entry = self.addresses[server]
        version = entry["versions"][-1]
        return {
            "ansible_connection": "local",
            "bench_url": entry["url"],
            "bench_ca_path": entry["ca_path"],
            "bench_username": USERNAME,
            "bench_password": PASSWORD,
            "bench_version": version,
            "bench_token": self._call(server, "POST", f"/{version}/token", data=form)["access_token"],
        }

    def _write_inventory(self, server: str, hosts: Mapping[str, Any]) -> None:
        inventory = {
            "all": {"hosts": {host: dict(variables) for host, variables in hosts.items()}},
            "some": {"hosts": {host: {} for host in sorted(hosts)[:SOME]}},
        }
        self._inventory(server).write_text(json.dumps(inventory), encoding="utf-8")

    def _inventory(self, server: str) -> Path:
        return self.folder / f"{server}-inventory.json"

    def _play(self, playbook: str, server: str, variables: Mapping[str, Any]) -> tuple[float, float, float]:
        """Run a playbook or script; return seconds of wall and processor time, and megabytes."""
        log, given = self.folder / "play.log", self.folder / "play-variables.json"
        given.write_text(json.dumps(dict(variables)), encoding="utf-8")  # a large job is too long for a command line
        inventory = str(self._inventory(server))
        if playbook.endswith(".py"):
            command = [sys.executable, str(PLAYBOOKS / playbook), inventory, str(given)]
        else:
            # a name without .yml is a playbook of the collection
            path = str(PLAYBOOKS / playbook) if playbook.endswith(".yml") else playbook
            command = ["ansible-playbook", "-i", inventory, "-f", FORKS, path, "-e", f"@{given}"]
        with log.open("w", encoding="utf-8") as output:
            begin = time.perf_counter()
            process = subprocess.Popen(
                command,
                env={**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                _unused, status, usage = os.wait4(process.pid, 0)
            except BaseException:
                process.terminate()
                process.wait()
                raise
            wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise NotMeasured(f"{playbook} ended with {process.returncode}: {log.read_text(encoding='utf-8')[-1500:]}")
        return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024

    def warm_up(self, case: Case) -> None:
        """Run a case with two items, so that files are cached and compiled before the measurement."""
        self._play(case.playbook, case.server, {**case.variables, "bench_count": min(case.count, 2)})

    def measure(self, case: Case) -> Sample:
        """Run a case once, and check that it did the work to be measured."""
        servers = self._hosts(case.server).values()
        for server in servers:
            if case.reset:
                self._call(server, "POST", "/_sandbox/reset")
            self._call(server, "DELETE", "/_sandbox/requests")
        variables = {**case.variables, "bench_count": case.count}
        wall, cpu, memory = self._play(case.playbook, case.server, variables)
        logged = [self._call(server, "GET", "/_sandbox/counts") for server in servers]
        counts = {name: sum(entry[name] for entry in logged) for name in COUNTERS}
        if not case.proof(counts):
            raise NotMeasured(f"{case.text}: unexpected requests: {counts}")
        return Sample(wall, cpu, memory, counts)
