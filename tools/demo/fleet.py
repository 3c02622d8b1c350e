# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The second story: a template changes for five servers, a wave fails and is undone, and a report says what differs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .stage import ROOT, Results, Scene, Stage, expect

EXAMPLE = ROOT / "examples" / "fleet"
NAMES = ["berlin", "frankfurt", "hamburg", "leipzig", "munich"]
#: the server that fails, and what it says then
BAD, REASON = "hamburg", "The repository is being upgraded."
TEMPLATES = ("exchange", "onedrive", "sharepoint-teams")
OLD, NEW = "20:00:00", "21:30:00"
CHANGE = "@later.yml"
BY_HAND = "frankfurt"


class Fleet(Stage):
    """The data of examples/fleet, and the playbooks of the collection.

    :arg report: the folder that the reports are written to; it stays
    """

    def __init__(self, folder: Path, report: Path) -> None:
        super().__init__(folder, EXAMPLE)
        self.report = report

    def story(self) -> list[Scene]:
        """All scenes, in order."""
        return [
            Scene(
                "Start five servers",
                "five servers, API v6 to v8",
                "Each has ten jobs that were made by hand.",
                self.begin,
            ),
            Scene(
                "Standard jobs for all",
                "3 new jobs on each server",
                "Twenty lines of YAML: three templates, the same for every server.",
                self.apply,
            ),
            Scene(
                "Change the template",
                "5 jobs would change, nothing written",
                "Mail is to start later, within a window. First the plan of the rollout.",
                self.plan,
            ),
            Scene(
                "Roll out, and one fails",
                "wave 2 restored, wave 3 not begun",
                f"One server first, then two, then two. {BAD.capitalize()} refuses its write.",
                self.roll_out,
            ),
            Scene(
                "What differs now",
                "4 servers differ, one as declared",
                "The nightly report, as a page, for merge requests, for test reports and for code scanners.",
                self.drift,
            ),
            Scene(
                "Roll out again",
                "4 servers change, none fails",
                f"{BAD.capitalize()} is well again. The same command: what is done already is left alone.",
                self.again,
            ),
            Scene(
                "Go back after all",
                "all servers as before the change",
                "The snapshot of the first attempt still counts.",
                self.go_back,
            ),
        ]

    def begin(self) -> str:
        """All servers listen."""
        served = self.start()
        expect(sorted(served) == NAMES, f"servers: {served}")
        expect({len(jobs) for jobs in self.jobs().values()} == {10}, "other jobs than expected")
        return f"{len(served)} servers, 50 jobs"

    def apply(self) -> str:
        """Each server gets its jobs, with one write for each; nothing else changes."""
        before = self.jobs()
        self.playbook("apply")
        after = self.jobs()
        for name in NAMES:
            wanted = {f"{name}-{template}" for template in TEMPLATES}
            expect(set(after[name]) - set(before[name]) == wanted, f"{name}: {sorted(after[name])}")
            expect(all(after[name][job] == before[name][job] for job in before[name]), f"{name}: other jobs changed")
        self.expect_counts(dict.fromkeys(NAMES, len(TEMPLATES)))
        return "15 jobs created, 15 writes"

    def plan(self) -> str:
        """Check mode shows the changes of each server, and writes nothing."""
        self.before = self.shown()
        self.playbook("rollout", "-e", CHANGE, "--check", "--diff")
        expect(self.shown() == self.before, "the servers hold other jobs than before")
        self.expect_counts({})
        return "planned for 5 servers, 0 writes"

    def roll_out(self) -> str:
        """The canary changes; the wave that fails is as before, the last one was not touched; the report says so."""
        refused = {"match": {"method": "PUT", "path": "/Jobs/"}, "then": {"status": 500, "body": {"message": REASON}}}
        self.servers[BAD].call("PUT", "/_sandbox/faults", json=[refused])
        self.waves(fails=True)
        self.servers[BAD].call("DELETE", "/_sandbox/faults")
        expect(self.times() == {name: NEW if name == "berlin" else OLD for name in NAMES}, f"times: {self.times()}")
        now = self.shown()
        expect(all(now[name] == self.before[name] for name in NAMES[1:]), "a server is not as before")
        expect(not any(self.servers[name].writes() for name in ("leipzig", "munich")), "the last wave was begun")
        states = self.states()
        expect(states["berlin"] == "changed" and states["frankfurt"] == "restored", f"report: {states}")
        expect(states[BAD] == "restored", f"report: {states}")
        expect(states["leipzig"] == states["munich"] == "not_reached", f"report: {states}")
        return f"canary changed, {BY_HAND} restored, {BAD} {states[BAD]}"

    def drift(self) -> str:
        """Four servers have the old time; nothing is written to any."""
        folder = self.report / "drift"
        self.playbook("drift", "-e", CHANGE, "-e", f"vbo_drift_directory={folder}")
        self.expect_counts({})
        report = json.loads((folder / "drift.json").read_text(encoding="utf-8"))
        states = {server["name"]: server["state"] for server in report["servers"]}
        expect(states == {name: "ok" if name == "berlin" else "drift" for name in NAMES}, f"report: {states}")
        expect(report["totals"]["changed"] == 4 and not report["totals"]["unexpected"], f"{report['totals']}")
        print(f"\nThe page: {folder / 'drift.html'}")
        return "4 jobs differ, 0 writes"

    def again(self) -> str:
        """Now every server has the new time, and the canary is left alone."""
        self.waves()
        expect(set(self.times().values()) == {NEW}, f"times: {self.times()}")
        self.expect_counts(dict.fromkeys(NAMES[1:], 1))
        states = self.states()
        expect(set(states.values()) == {"changed", "unchanged"}, f"report: {states}")
        return "4 changed, 1 unchanged, 4 writes"

    def go_back(self) -> str:
        """Every job is as it was before the first attempt."""
        self.playbook("rollout_restore", *self.where())
        expect(set(self.times().values()) == {OLD}, f"times: {self.times()}")
        expect(self.shown() == self.before, "a job is not as before")
        return f"5 servers start at {OLD[:5]} again"

    # What the scenes are made of

    def playbook(self, name: str, *options: str, fails: bool = False) -> Results:
        """Run a playbook of the collection on the servers."""
        return self.play(f"backupops.vbo365.{name}", "-e", "vbo365_hosts=vbo365", *options, fails=fails)

    def where(self) -> list[str]:
        """The options that name the rollout."""
        return ["-e", "vbo_rollout_id=later", "-e", f"vbo_rollout_directory={self.folder / 'rollouts'}"]

    def waves(self, fails: bool = False) -> None:
        """Roll out in waves of one, two and two servers."""
        waves = json.dumps({"vbo_rollout_waves": [1, 2, 2]})
        self.playbook("rollout", "-e", CHANGE, "-e", waves, *self.where(), fails=fails)

    def states(self) -> dict[str, str]:
        """What the report of the rollout says about each server."""
        text = (self.folder / "rollouts" / "later" / "report.json").read_text(encoding="utf-8")
        return {row["server"]: row["state"] for row in json.loads(text)["servers"]}

    def shown(self) -> dict[str, dict[str, Any]]:
        """The jobs of each server, without counters and without the hours of a window that is not in force."""
        return {name: {job: shown(entry) for job, entry in jobs.items()} for name, jobs in self.jobs().items()}

    def expect_counts(self, expected: dict[str, int]) -> None:
        """So many writes came to each of these servers, and none to the others."""
        found = {name: server.counts()["writes"] for name, server in self.servers.items()}
        expect(found == {**dict.fromkeys(NAMES, 0), **expected}, f"writes: {found}")

    def times(self) -> dict[str, str]:
        """When the mail of each server starts, as the servers hold it."""
        return {name: self.plans()[name][f"{name}-exchange"]["daily_time"] for name in NAMES}


def shown(job: dict[str, Any]) -> dict[str, Any]:
    """What a server shows of a job that it holds."""
    policy = job["schedule_policy"]
    unused = () if policy.get("backup_window_enabled") else ("backup_window",)
    return {
        **{key: job[key] for key in job if key != "e_tag"},
        "schedule_policy": {key: policy[key] for key in policy if key not in unused and policy[key] is not False},
    }
