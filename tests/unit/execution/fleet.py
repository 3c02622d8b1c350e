# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A fleet of generated servers, its inventory, and the playbooks of the collection that run on it."""

from __future__ import annotations

import dataclasses
import json
import typing as t
from pathlib import Path

import yaml

from ..support.playbook_command import ansible_playbook
from ..support.sandbox import PASSWORD, USERNAME, Server

Job = dict[str, t.Any]
NOWHERE = "https://127.0.0.1:9"
COPY = {"repository": "repo-s3-02", "schedule_policy": {"type": "daily_at_time", "daily_time": "08:00"}}
MANAGED = 5


@dataclasses.dataclass
class GeneratedFleet:
    """The hosts of the inventory are the servers; their declared jobs are in C(host_vars)."""

    folder: Path
    servers: dict[str, Server]
    environment: dict[str, str]
    #: servers that do not listen
    down: set[str] = dataclasses.field(default_factory=set)

    @property
    def inventory(self) -> Path:
        return self.folder / "inventory"

    def write_inventory(self, names: t.Collection[str] = (), directory: Path | None = None) -> Path:
        """Write the inventory of all servers, or of these, with links to their declared jobs."""
        directory = directory or self.inventory
        directory.mkdir(exist_ok=True)
        hosts = {
            name: {
                "vbo365_connection": {
                    "url": NOWHERE if name in self.down else server.url,
                    "ca_path": server.ca_path,
                    "retries": 0 if name in self.down else 2,
                }
            }
            for name, server in self.servers.items()
            if not names or name in names
        }
        (directory / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": hosts}}), encoding="utf-8")
        return directory

    def variables(self) -> dict[str, str]:
        """Return the environment of Ansible, including the account of the servers."""
        return {**self.environment, "VBO365_USERNAME": USERNAME, "VBO365_PASSWORD": PASSWORD}

    def play(self, name: str, *arguments: str, fails: bool = False, **variables: t.Any) -> str:
        """Run a playbook of the collection; return its output."""
        command = ["-i", str(self.inventory), f"backupops.vbo365.{name}", *arguments, "-e", json.dumps(variables)]
        done = ansible_playbook(command, self.variables(), Path.cwd(), timeout=900)
        assert (done.returncode != 0) == fails, done.stdout[-20000:]
        return done.stdout

    def declared(self, name: str) -> list[Job]:
        """Return the declared jobs of a server."""
        text = (self.inventory / "host_vars" / f"{name}.yml").read_text(encoding="utf-8")
        return yaml.safe_load(text)["vbo_jobs_list"]

    def declare(self, name: str, jobs: list[Job]) -> None:
        path = self.inventory / "host_vars" / f"{name}.yml"
        path.write_text(yaml.safe_dump({"vbo_jobs_list": jobs}, allow_unicode=True), encoding="utf-8")

    def declare_changes(self) -> None:
        """Declare another description for MANAGED jobs of every server, and a copy job for two of them."""
        for name in self.servers:
            jobs = self.declared(name)
            for number, job in enumerate(jobs[1 : MANAGED + 1]):
                job["description"] = "Managed by Git"
                if number < 2:
                    job.update(repository="repo-s3-01", copy_job=COPY)
            self.declare(name, jobs)

    def writes(self) -> dict[str, int]:
        """Return how many writes each server received since the log was emptied."""
        return {name: server.counts()["writes"] for name, server in self.servers.items()}

    def forget(self) -> None:
        for server in self.servers.values():
            server.forget()


def slices(names: t.Iterable[str], count: int) -> list[list[str]]:
    """Return the hosts of each slice, dealt in turn as AWX does."""
    ordered = sorted(names)
    return [ordered[number::count] for number in range(count)]
