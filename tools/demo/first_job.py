# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The first story: two servers that are five API versions apart, a job that somebody changes, and a new one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .stage import ROOT, Results, Scene, Stage, expect

EXAMPLE = ROOT / "examples" / "first_job"
#: server, job, and how many writes bring it to its declared state
CHANGED_JOBS = [("frankfurt", "Engineering sites"), ("frankfurt", "Tenant"), ("munich", "test_job")]
#: what the declared window of the job Tenant looks like in a diff
NEW_WINDOW = """\
  backup_window:
    - Mon-Thu 20:00-06:00
    - Fri 20:00 - Mon 06:00
"""
#: server, job and items of the job that is created: type, name as the server shows it, flags that are on
NEW_JOB = ("frankfurt", "Quarter close")
NEW_ITEMS = [
    ("Group", "finance@contoso.com", {"members", "member_mailbox", "mailbox"}),
    ("Site", "https://contoso.sharepoint.com/sites/finance/budget", set()),
    ("Team", "finance@contoso.com", set()),
    ("User", "cfo@contoso.com", {"mailbox", "archive_mailbox", "one_drive"}),
]
RUNNING = ("Queued", "Running")


class FirstJob(Stage):
    """The playbooks of examples/first_job."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, EXAMPLE)

    def story(self) -> list[Scene]:
        """All scenes, in order."""
        return [
            Scene(
                "Start the sandbox",
                "two servers answer: API v6-v8, API v3",
                "The collection brings a server to try things on. It keeps state, and is as strict as the product.",
                self.begin,
            ),
            Scene(
                "List the jobs",
                "all jobs of both servers, nothing written",
                "One playbook for two servers that are five API versions apart.",
                self.list_jobs,
            ),
            Scene(
                "Look before the change",
                "3 jobs would change, nothing written",
                "The files declare other times and windows than the servers have. On the wire a window is 168 bits.",
                self.look,
            ),
            Scene(
                "Apply",
                "one write for each of the 3 jobs",
                "The same command without --check. Only the difference is sent, and read back.",
                self.apply,
            ),
            Scene(
                "Apply again",
                "nothing changed, nothing written",
                "What is as declared is left alone.",
                self.apply_again,
            ),
            Scene(
                "Somebody changes a job",
                "the server holds another schedule",
                "A colleague with a script, past the collection.",
                self.interfere,
            ),
            Scene(
                "See the drift",
                "1 job differs, nothing written",
                "The nightly run: check mode, and read_only so that nothing but reads can leave the machine.",
                self.see_drift,
            ),
            Scene(
                "Repair it",
                "one write, and the job is as declared",
                "The same command as at first.",
                self.repair,
            ),
            Scene(
                "A new job with items",
                "predicted, then created in one write",
                "A group, a user, a site and a team, by the names that people know; the ids are looked up.",
                self.create,
            ),
            Scene(
                "Run it, and wait",
                "one start, its session ends well",
                "What a change window needs: the backup is there before the next task begins.",
                self.run_job,
            ),
            Scene(
                "Stop the sandbox",
                "no server answers any more",
                "Nothing stays behind.",
                self.stop,
            ),
        ]

    def begin(self) -> str:
        """Both servers listen."""
        served = self.start()
        expect(served == {"frankfurt": ["v6", "v7", "v8"], "munich": ["v3"]}, f"servers: {served}")
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
        shown = tenant["diff"]["after"]
        expect(NEW_WINDOW in shown, f"the diff shows the job as\n{shown}")
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
        shown = predicted["diff"]["after"]
        items = [line for line in shown.splitlines() if line.startswith("  - ")]
        expect(len(items) == len(NEW_ITEMS), f"the diff shows the items {items}")
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


def changes(results: Results) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The changes of each job that a run changed, or would change."""
    return {
        (host, result["job"]["name"]): result["changes"]
        for (host, module), found in results.items()
        if module == "vbo_job"
        for result in found
        if result["changed"]
    }
