# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the stories are told with: servers seen past the collection, playbooks, steps and their summary."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import secrets
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import requests

ROOT = Path(__file__).resolve().parents[2]
SANDBOX = "backupops.vbo365.sandbox"
INVENTORY = "inventory/sandbox.yml"
WIDTH = 100


class NotShown(Exception):
    """A step did not show what it should."""


def expect(condition: object, otherwise: str) -> None:
    """Fail the step unless the condition holds."""
    if not condition:
        raise NotShown(otherwise)


@dataclasses.dataclass
class Step:
    """A row of the summary."""

    title: str
    expected: str
    seen: str = "not reached"
    ok: bool = False


class Scene(NamedTuple):
    """A step before it is played: its row of the summary, what is said about it, and what happens.

    :ivar play: returns what was seen, or raises :class:`NotShown`
    """

    title: str
    expected: str
    text: str
    play: Callable[[], str]


@dataclasses.dataclass
class Server:
    """A server of the sandbox, seen past the collection: its log, its truth, and its REST API."""

    name: str
    url: str
    ca_path: str
    versions: list[str]
    account: dict[str, str] = dataclasses.field(repr=False)

    def __post_init__(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = False  # a proxy or another CA bundle of the user has no part in this

    def call(self, method: str, path: str, **arguments: Any) -> Any:
        """Send a request and return the data of the answer."""
        reply = self._session.request(method, self.url + path, verify=self.ca_path, timeout=30, **arguments)
        reply.raise_for_status()
        return reply.json() if reply.content else None

    def forget(self) -> None:
        """Empty the log of requests."""
        self.call("DELETE", "/_sandbox/requests")

    def counts(self) -> dict[str, Any]:
        """How many requests of each kind came since the log was emptied."""
        return self.call("GET", "/_sandbox/counts")

    def log(self) -> list[dict[str, Any]]:
        """The requests since the log was emptied."""
        return self.call("GET", "/_sandbox/requests")

    def writes(self) -> list[str]:
        """The jobs that were written, one entry for each write."""
        names = {job["id"]: job["name"] for job in self.jobs().values()}
        paths = [entry["path"] for entry in self.log() if entry["write"]]
        return [next((name for id_, name in names.items() if id_ in path), path) for path in paths]

    def jobs(self) -> dict[str, dict[str, Any]]:
        """The jobs as the server holds them."""
        return {job["name"]: job for job in self.call("GET", "/_sandbox/state")["jobs"]}

    def plans(self) -> dict[str, Any]:
        """The schedules as the server holds them."""
        return {name: job["schedule_policy"] for name, job in self.jobs().items()}

    def sessions(self, job: str) -> list[dict[str, Any]]:
        """The sessions of a job as the server holds them."""
        state = self.call("GET", "/_sandbox/state")
        ids = {entry["id"] for entry in state["jobs"] if entry["name"] == job}
        return [session for session in state["sessions"] if session["job"] in ids]

    def items(self, job: dict[str, Any]) -> list[tuple[str, str, set[str]]]:
        """Type, name and flags of the selected items of a job, sorted; the server keeps ids, so they are looked up."""
        organizations = self.call("GET", "/_sandbox/state")["organizations"]
        owner = next(entry for entry in organizations if entry["id"] == job["organization"])
        keys = {"User": "name", "Group": "name", "Site": "url", "Team": "mail"}
        names = {(kind, entry["id"]): entry[key] for kind, key in keys.items() for entry in owner[f"{kind.lower()}s"]}
        found = [
            (item["type"], names[item["type"], item["object"]], {flag for flag, on in item.items() if on is True})
            for item in job["selected_items"]
        ]
        return sorted(found, key=lambda item: item[:2])

    def change_by_hand(self, job: str, body: dict[str, Any]) -> None:
        """What somebody with a script does: log in, send a PUT, log out."""
        form = {"grant_type": "password", **self.account, "disable_antiforgery_token": "true"}
        header = {"Authorization": f"Bearer {self.call('POST', '/v8/token', data=form)['access_token']}"}
        self.call("PUT", f"/v8/Jobs/{self.jobs()[job]['id']}", json=body, headers=header)


class Stage:
    """A folder of an example, the sandbox that plays its servers, and the environment of its playbooks."""

    def __init__(self, folder: Path, example: Path) -> None:
        self.folder = folder
        self.example = example
        self.servers: dict[str, Server] = {}
        self.account = {"username": "administrator", "password": secrets.token_urlsafe(18)}
        self.record = folder / "results.jsonl"
        self.environment = {
            **os.environ,
            "VBO365_USERNAME": self.account["username"],
            "VBO365_PASSWORD": self.account["password"],
            "VBO_SANDBOX_DIRECTORY": str(folder / "sandbox"),
            "VBO_SANDBOX_PYTHON": sys.executable,
            "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tools" / "callbacks"),
            "ANSIBLE_CALLBACKS_ENABLED": "record",
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
            "ANSIBLE_NOCOWS": "1",
            "NO_PROXY": "127.0.0.1",  # a proxy cannot see this machine's loopback
            "no_proxy": "127.0.0.1",
            "RECORD_FILE": str(self.record),
        }

    def start(self) -> dict[str, list[str]]:
        """The product's own playbook starts the product's own simulator; returns the versions of each server."""
        self.play(SANDBOX, quiet=True)
        found = json.loads((self.folder / "sandbox" / "run" / "servers.json").read_text(encoding="utf-8"))
        for name, entry in found.items():
            self.servers[name] = Server(name, entry["url"], entry["ca_path"], entry["versions"], self.account)
            print(f"  {name:<10} {entry['url']}  API {', '.join(entry['versions'])}")
        expect(not any(server.counts()["total"] for server in self.servers.values()), "requests before the first task")
        return {name: entry["versions"] for name, entry in found.items()}

    def stop(self) -> str:
        """The product's own playbook stops the simulator."""
        self.play(SANDBOX, "-e", "vbo_sandbox_state=stopped", quiet=True)
        for server in self.servers.values():
            try:
                server.counts()
            except requests.ConnectionError:
                continue
            raise NotShown(f"{server.name} still answers")
        expect(not processes_of(self.folder), "the process still runs")
        return "no server answers"

    def play(
        self, playbook: str, *options: str, quiet: bool = False, fails: bool = False, **environment: str
    ) -> Results:
        """Run ansible-playbook for people to see, and return what the tasks returned."""
        command = ["ansible-playbook", "-i", INVENTORY, playbook, *options]
        shown = [f"{name}={value}" for name, value in environment.items()] + command
        print(f"$ {shlex.join(shown)}", flush=True)
        for server in self.servers.values():
            server.forget()
        self.record.unlink(missing_ok=True)
        code, output = run(command, self.example, {**self.environment, **environment}, quiet)
        if code and not fails:
            print(output, flush=True)
        results = Results()
        if self.record.exists():
            for line in self.record.read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                results.setdefault((entry["host"], entry["action"].rsplit(".", 1)[-1]), []).append(entry["result"])
        expect((code != 0) == fails, f"{playbook} ended with code {code}")
        return results

    def plans(self) -> dict[str, dict[str, Any]]:
        """The schedules that the servers hold."""
        return {name: server.plans() for name, server in self.servers.items()}

    def jobs(self) -> dict[str, dict[str, Any]]:
        """The jobs that the servers hold."""
        return {name: server.jobs() for name, server in self.servers.items()}

    def expect_writes(self, *jobs: tuple[str, str], asked: Sequence[str] = ()) -> None:
        """Exactly one write for each of these jobs, none else; all servers, or these, were asked and left properly."""
        writes = [(name, job) for name, server in self.servers.items() for job in server.writes()]
        expect(sorted(writes) == sorted(jobs), f"writes: {writes or 'none'}")
        for name, server in self.servers.items():
            counts = server.counts()
            if asked and name not in asked:
                expect(not counts["total"], f"{name}: {counts['total']} requests, though it is not concerned")
                continue
            logouts = 1 if {"v7", "v8"} & set(server.versions) else 0  # older versions have none
            once = counts["reads"] > 0 and counts["logins"] == 1 and counts["logouts"] == logouts
            expect(once, f"{name}: {counts['reads']} reads, {counts['logins']} logins, {counts['logouts']} logouts")


class Results(dict[tuple[str, str], list[dict[str, Any]]]):
    """What tasks returned, by host and module."""


class Telling:
    """Plays scenes in turn, and keeps a row for each; the first that does not show what it should ends the story."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.broken = False
        self._bold, self._plain = ("\033[1m", "\033[0m") if colourful() else ("", "")

    def tell(self, story: Sequence[Scene]) -> None:
        """Play these scenes, unless a story before has broken."""
        first = len(self.steps) + 1
        self.steps += [Step(scene.title, scene.expected) for scene in story]
        for number, scene in enumerate(story, start=first):
            if self.broken:
                return
            step = self.steps[number - 1]
            heading = f"{number}. {step.title}"
            print(
                f"\n{self._bold}{heading}\n{'-' * len(heading)}{self._plain}\n{textwrap.fill(scene.text, WIDTH)}\n",
                flush=True,
            )
            try:
                step.seen = scene.play()
                step.ok = True
            except NotShown as problem:
                step.seen = str(problem)
            except (requests.RequestException, OSError, KeyError, StopIteration, ValueError) as problem:
                step.seen = f"{type(problem).__name__}: {problem}"
            self.broken = not step.ok

    def summary(self) -> bool:
        """Print the table; true if every step has shown what it should."""
        rows = [("step", "expected", "seen", "ok")]
        for number, step in enumerate(self.steps, start=1):
            rows.append((f"{number}. {step.title}", step.expected, step.seen, "yes" if step.ok else "NO"))
        widths = [max(len(row[column]) for row in rows) for column in range(2)]
        widths.append(max(len(row[2]) for row in rows if len(row[2]) <= 60))
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)) + f"  {row[3]}"
            for row in rows
        ]
        lines.insert(1, "  ".join("-" * width for width in [*widths, 3]))
        print(f"\n{self._bold}Summary{self._plain}\n\n" + "\n".join(lines), flush=True)
        return bool(self.steps) and all(step.ok for step in self.steps)


def run(command: list[str], folder: Path, environment: dict[str, str], quiet: bool) -> tuple[int, str]:
    """Run a command in a folder; a quiet one returns what it would have printed."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
    )
    try:
        output, _unused = process.communicate()
    except BaseException:
        process.terminate()  # it ends its own workers then, if it is given the time
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise
    return process.returncode, output or ""


def colourful() -> bool:
    """Whether the screen wants colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def processes_of(folder: Path) -> list[int]:
    """The processes whose command line names the folder of this run; nobody else's can."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if os.fsencode(folder) in path.read_bytes() and int(path.parent.name) != os.getpid():
                found.append(int(path.parent.name))
    return found


def end_processes(folder: Path) -> None:
    """End what a broken run has left: ask first, then insist."""
    for number, patience in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)):
        end = time.monotonic() + patience
        while (left := processes_of(folder)) and time.monotonic() < end:
            for process in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, number)
            time.sleep(0.2)


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that goes away with everything that runs in it, whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="vbo365-demo-"))
    try:
        yield folder
    except KeyboardInterrupt:
        time.sleep(1)  # a task that was about to start the sandbox may still do so
        raise
    finally:
        # an impatient second Ctrl-C must not leave a server behind
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        end_processes(folder)
        shutil.rmtree(folder, ignore_errors=True)
