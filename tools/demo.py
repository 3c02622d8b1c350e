# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shows the main story on the sandbox, with the playbooks of examples/first_job, and checks every step of it.

What a step has shown is taken from what the tasks returned and from what the servers logged and hold, not from the
screen.
"""

from __future__ import annotations

import argparse
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
from typing import Any

import requests

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "first_job"
INVENTORY = "inventory/sandbox.yml"
SANDBOX = "backupops.vbo365.sandbox"
#: server, job, and how many writes bring it to its declared state
CHANGED_JOBS = [("frankfurt", "Engineering sites"), ("frankfurt", "Tenant"), ("munich", "test_job")]
#: what the declared window of the job Tenant looks like in a diff
NEW_WINDOW = ["Mon-Thu 20:00-06:00", "Fri 20:00 - Mon 06:00"]
#: server, job and items of the job that is created: type, name as the server shows it, flags that are on
NEW_JOB = ("frankfurt", "Quarter close")
NEW_ITEMS = [
    ("Group", "finance@contoso.com", {"members", "member_mailbox", "mailbox"}),
    ("Site", "https://contoso.sharepoint.com/sites/finance/budget", set()),
    ("Team", "finance@contoso.com", set()),
    ("User", "cfo@contoso.com", {"mailbox", "archive_mailbox", "one_drive"}),
]
RUNNING = ("Queued", "Running")
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


class Demo:
    """The story, told step by step."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.steps: list[Step] = []
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
        self._bold, self._plain = ("\033[1m", "\033[0m") if colourful() else ("", "")

    # The story

    def tell(self) -> None:
        """All steps, in order; the first one that does not show what it should ends the story."""
        story: list[tuple[str, str, str, Callable[[], str]]] = [
            (
                "Start the sandbox",
                "two servers answer: API v6-v8, API v3",
                "The collection brings a server to try things on. It keeps state, and is as strict as the product.",
                self.start,
            ),
            (
                "List the jobs",
                "all jobs of both servers, nothing written",
                "One playbook for two servers that are five API versions apart.",
                self.list_jobs,
            ),
            (
                "Look before the change",
                "3 jobs would change, nothing written",
                "The files declare other times and windows than the servers have. On the wire a window is 168 bits.",
                self.look,
            ),
            (
                "Apply",
                "one write for each of the 3 jobs",
                "The same command without --check. Only the difference is sent, and read back.",
                self.apply,
            ),
            (
                "Apply again",
                "nothing changed, nothing written",
                "What is as declared is left alone.",
                self.apply_again,
            ),
            (
                "Somebody changes a job",
                "the server holds another schedule",
                "A colleague with a script, past the collection.",
                self.interfere,
            ),
            (
                "See the drift",
                "1 job differs, nothing written",
                "The nightly run: check mode, and read_only so that nothing but reads can leave the machine.",
                self.see_drift,
            ),
            (
                "Repair it",
                "one write, and the job is as declared",
                "The same command as at first.",
                self.repair,
            ),
            (
                "A new job with items",
                "predicted, then created in one write",
                "A group, a user, a site and a team, by the names that people know; the ids are looked up.",
                self.create,
            ),
            (
                "Run it, and wait",
                "one start, its session ends well",
                "What a change window needs: the backup is there before the next task begins.",
                self.run_job,
            ),
            (
                "Stop the sandbox",
                "no server answers any more",
                "Nothing stays behind.",
                self.stop,
            ),
        ]
        self.steps = [Step(entry[0], entry[1]) for entry in story]
        for number, (step, entry) in enumerate(zip(self.steps, story, strict=True), start=1):
            text, play = entry[2:]
            heading = f"{number}. {step.title}"
            print(
                f"\n{self._bold}{heading}\n{'-' * len(heading)}{self._plain}\n{textwrap.fill(text, WIDTH)}\n",
                flush=True,
            )
            try:
                step.seen = play()
                step.ok = True
            except NotShown as problem:
                step.seen = str(problem)
                return
            except (requests.RequestException, OSError, KeyError, StopIteration, ValueError) as problem:
                step.seen = f"{type(problem).__name__}: {problem}"
                return

    def start(self) -> str:
        """The product's own playbook starts the product's own simulator."""
        self.play(SANDBOX, quiet=True)
        found = json.loads((self.folder / "sandbox" / "run" / "servers.json").read_text(encoding="utf-8"))
        for name, entry in found.items():
            self.servers[name] = Server(name, entry["url"], entry["ca_path"], entry["versions"], self.account)
            print(f"  {name:<10} {entry['url']}  API {', '.join(entry['versions'])}")
        served = {name: entry["versions"] for name, entry in found.items()}
        expect(served == {"frankfurt": ["v6", "v7", "v8"], "munich": ["v3"]}, f"servers: {served}")
        expect(not any(server.counts()["total"] for server in self.servers.values()), "requests before the first task")
        return f"{len(served)} servers: {', '.join(f'{name} {versions[-1]}' for name, versions in served.items())}"

    def list_jobs(self) -> str:
        """vbo_job_info returns what the servers hold."""
        results = self.play("list.yml")
        for name, server in self.servers.items():
            listed = {job["name"] for job in results[name, "vbo_job_info"][0]["jobs"]}
            expect(listed == set(server.jobs()), f"{name} lists {sorted(listed)}")
        self.expect_writes()
        total = sum(len(server.jobs()) for server in self.servers.values())
        versions = {name: results[name, "vbo_job_info"][0]["api_version"] for name in self.servers}
        expect(versions == {"frankfurt": "v8", "munich": "v3"}, f"API versions {versions}")
        return f"{total} jobs (v8 and v3), 0 writes"

    def look(self) -> str:
        """Check mode predicts, shows windows as ranges, and writes nothing."""
        before = self.plans()
        results = self.play("jobs.yml", "--check", "--diff")
        self.predicted = changes(results)
        expect(sorted(self.predicted) == CHANGED_JOBS, f"would change: {sorted(self.predicted)}")
        tenant = next(result for result in results["frankfurt", "vbo_job"] if result["job"]["name"] == "Tenant")
        shown = tenant["diff"]["after"]["schedule_policy"]["backup_window"]
        expect(shown == NEW_WINDOW, f"the diff shows the window as {shown}")
        self.expect_writes()
        expect(self.plans() == before, "the servers hold other schedules than before")
        return "3 jobs would change, ranges in the diff, 0 writes"

    def apply(self) -> str:
        """Applying does what check mode predicted, with one write for each job."""
        before = self.plans()
        results = self.play("jobs.yml")
        expect(changes(results) == self.predicted, f"check mode predicted other changes: {changes(results)}")
        self.expect_writes(*CHANGED_JOBS)
        after = self.plans()
        differing = [
            (server, job) for server, plans in after.items() for job in plans if plans[job] != before[server][job]
        ]
        expect(sorted(differing) == CHANGED_JOBS, f"other schedules on the servers: {differing}")
        tenant = after["frankfurt"]["Tenant"]
        expect(tenant["daily_time"].startswith("22:30"), f"Tenant starts at {tenant['daily_time']}")
        expect(tenant.get("backup_window_enabled"), "Tenant has no window")
        self.declared = after
        return "3 jobs changed as predicted, 3 writes"

    def apply_again(self) -> str:
        """A second run changes nothing."""
        results = self.play("jobs.yml")
        expect(not changes(results), f"changed: {changes(results)}")
        self.expect_writes()
        expect(self.plans() == self.declared, "the servers hold other schedules than before")
        return "0 changed, 0 writes"

    def interfere(self) -> str:
        """A plain REST call, not through the collection."""
        body = {
            "name": "Tenant",
            "schedulePolicy": {"type": "Daily", "dailyTime": "12:00:00", "backupWindowEnabled": False},
        }
        print(f"$ curl -X PUT {self.servers['frankfurt'].url}/v8/Jobs/$TENANT --oauth2-bearer $TOKEN --json '")
        print(f"{json.dumps(body, indent=2)}'")
        self.servers["frankfurt"].change_by_hand("Tenant", body)
        plan = self.plans()["frankfurt"]["Tenant"]
        expect(plan["daily_time"].startswith("12:00"), f"Tenant starts at {plan['daily_time']}")
        expect(not plan.get("backup_window_enabled"), "the window is still in force")
        return "Tenant starts at 12:00, without its window"

    def see_drift(self) -> str:
        """Check mode with read_only finds exactly what was changed by hand."""
        before = self.plans()
        results = self.play("jobs.yml", "--check", "--diff", VBO365_READ_ONLY="true")
        self.predicted = changes(results)
        expect(list(self.predicted) == [("frankfurt", "Tenant")], f"drift in {list(self.predicted)}")
        fields = [change["field"] for change in self.predicted["frankfurt", "Tenant"]]
        expect("schedule_policy.daily_time" in fields, f"drift in {fields}")
        tasks = [result for name in self.servers for result in results[name, "vbo_job"]]
        expect(
            all(task["invocation"]["module_args"]["read_only"] is True for task in tasks), "read_only was not in force"
        )
        self.expect_writes()
        expect(self.plans() == before, "the servers hold other schedules than before")
        return "Tenant differs, 0 writes"

    def repair(self) -> str:
        """Applying brings the job back, and touches nothing else."""
        results = self.play("jobs.yml")
        expect(changes(results) == self.predicted, f"check mode predicted other changes: {changes(results)}")
        self.expect_writes(("frankfurt", "Tenant"))
        expect(self.plans() == self.declared, "the servers do not hold what was declared")
        return "Tenant as declared, 1 write"

    def create(self) -> str:
        """Check mode shows the job and its items; applying creates it as shown, with a single POST."""
        name, job = NEW_JOB
        server, before = self.servers[name], self.jobs()
        results = self.play("new_job.yml", "--check", "--diff")
        predicted = results[name, "vbo_job"][0]
        expect(predicted["action"] == "create" and predicted["changed"], f"would do: {predicted['action']}")
        shown = predicted["diff"]["after"]["selected_items"]
        expect(len(shown) == len(NEW_ITEMS), f"the diff shows the items {shown}")
        self.expect_writes(asked=[name])
        expect(self.jobs() == before, "the servers hold other jobs than before")
        results = self.play("new_job.yml")
        expect(changes(results) == {NEW_JOB: predicted["changes"]}, f"check mode predicted other changes: {results}")
        writes = [(entry["method"], entry["path"]) for entry in server.log() if entry["write"]]
        expect(writes == [("POST", "/v8/Jobs")], f"writes: {writes or 'none'}")
        after = self.jobs()
        made = after[name].pop(job, None)
        expect(made is not None, "the server has no such job")
        expect(after == before, "other jobs changed too")
        expect(server.items(made) == NEW_ITEMS, f"the server holds the items {server.items(made)}")
        expect(made.get("last_status") not in RUNNING, "the job runs already")
        return f"{len(NEW_ITEMS)} items as predicted, 1 POST"

    def run_job(self) -> str:
        """The task starts the job, and ends when the server holds a session that has ended."""
        name, job = NEW_JOB
        server = self.servers[name]
        known = {session["id"] for session in server.sessions(job)}
        results = self.play("run_job.yml")
        result = results[name, "vbo_job_run"][0]
        expect(result["changed"] and result["action"] == "start", f"it did: {result['action']}")
        self.expect_writes(NEW_JOB, asked=[name])
        made = [session for session in server.sessions(job) if session["id"] not in known]
        expect(len(made) == 1, f"{len(made)} new sessions")
        seen = (result["session"]["id"], result["session"]["status"])
        expect(seen == (made[0]["id"], "success"), f"the task returned session {seen}")
        expect(made[0].get("end_time"), "the session has no end")
        status = server.jobs()[job].get("last_status")
        expect(status == "Success", f"the job is {status}")
        return "waited for its session: success, 1 write"

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

    # What the steps are made of

    def play(self, playbook: str, *options: str, quiet: bool = False, **environment: str) -> Results:
        """Run ansible-playbook for people to see, and return what the tasks returned."""
        command = ["ansible-playbook", "-i", INVENTORY, playbook, *options]
        shown = [f"{name}={value}" for name, value in environment.items()] + command
        print(f"$ {shlex.join(shown)}", flush=True)
        for server in self.servers.values():
            server.forget()
        self.record.unlink(missing_ok=True)
        code, output = run(command, {**self.environment, **environment}, quiet)
        if code:
            print(output, flush=True)
        results = Results()
        if self.record.exists():
            for line in self.record.read_text(encoding="utf-8").splitlines():
                entry = json.loads(line)
                results.setdefault((entry["host"], entry["action"].rsplit(".", 1)[-1]), []).append(entry["result"])
        expect(code == 0, f"{playbook} ended with code {code}")
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


class Results(dict[tuple[str, str], list[dict[str, Any]]]):
    """What tasks returned, by host and module."""


def run(command: list[str], environment: dict[str, str], quiet: bool) -> tuple[int, str]:
    """Run a command in the folder of the example; a quiet one returns what it would have printed."""
    process = subprocess.Popen(
        command,
        cwd=EXAMPLE,
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


def changes(results: Results) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The changes of each job that a run changed, or would change."""
    return {
        (host, result["job"]["name"]): result["changes"]
        for (host, module), found in results.items()
        if module == "vbo_job"
        for result in found
        if result["changed"]
    }


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


def main() -> int:
    """Tell the story; 0 if it was as it should be."""
    argparse.ArgumentParser(prog="demo", description=(__doc__ or "").splitlines()[0]).parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.default_int_handler)
    begin = time.monotonic()
    try:
        with temporary_folder() as folder:
            demo = Demo(folder)
            print(f"backupops.vbo365: backup jobs as code. The playbooks are in {EXAMPLE.relative_to(ROOT)}.")
            demo.tell()
            fine = demo.summary()
    except KeyboardInterrupt:
        print("\nInterrupted; the sandbox is stopped and its files are removed.", file=sys.stderr)
        return 130
    seconds = time.monotonic() - begin
    print(
        f"\n{'Everything as it should be' if fine else 'Something was not as it should be'}, in {seconds:.0f} seconds."
    )
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
