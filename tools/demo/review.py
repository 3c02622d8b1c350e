# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The third story, on the servers of the second: a change is checked, planned and reviewed before it is applied."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .fleet import CHANGE, NAMES, NEW, Fleet
from .stage import Scene, expect

NOON = '{"vbo_job_templates_changes": {"exchange_daily": {"schedule_policy": {"daily_time": "12:00"}}}}'
#: the server on which somebody changes a job, the field, and the new start
EDITED, FIELD, BY_HAND = "leipzig", "schedule_policy.daily_time", "20:15:00"
#: lines of the plan that are shown
MOST_LINES = 22


class Review:
    """Lint, plan, week and apply.

    :arg fleet: the servers, which hold what is declared
    """

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet

    def story(self) -> list[Scene]:
        """All scenes, in order."""
        return [
            Scene(
                "An unwise change",
                "office_hours on 5 servers, with its source",
                "Somebody proposes to back up mail at noon. The rules need no server.",
                self.lint,
            ),
            Scene(
                "Plan a better one",
                "5 jobs to update, nothing written",
                "What a merge request shows, and what will be done then, and nothing else.",
                self.plan,
            ),
            Scene(
                "The week before",
                "5 jobs will start at other times",
                "The same as a page of the week: today's starts above the planned ones.",
                self.week_before,
            ),
            Scene(
                "Somebody edits a job",
                "the server holds another start",
                f"On {EDITED}, by hand, after the plan was reviewed.",
                self.interfere,
            ),
            Scene(
                "Apply the plan",
                "4 servers as planned, one refused",
                "Where anything has moved since the review nothing is written, and the field is named.",
                self.apply,
            ),
            Scene(
                "The week after",
                "1 job would still move",
                "What is left to do, for the next plan.",
                self.week_after,
            ),
            Scene("Stop the servers", "no server answers any more", "Plan, weeks and reports stay.", self.fleet.stop),
        ]

    def lint(self) -> str:
        """Each server has the finding, with the source of the rule; no server is asked."""
        results = self._report("lint", "-e", NOON)
        findings = {
            server["name"]: [one for job in server["jobs"] for one in job["findings"] if one["rule"] == "office_hours"]
            for server in results["servers"]
        }
        expect(all(len(findings[name]) == 1 for name in NAMES), f"findings: {findings}")
        finding = findings[NAMES[0]][0]
        expect(finding["source"], "the finding has no source")
        expect(not any(server.counts()["total"] for server in self.fleet.servers.values()), "a server was asked")
        print(f"\n  {finding['message']}\n  {finding['advice']}\n  Source: {finding['source']}")
        return "office_hours on 5 servers, 0 requests"

    def plan(self) -> str:
        """The plan has one update for each server; nothing is written."""
        self.before = self.fleet.shown()
        self.planned = self._report("plan", "-e", CHANGE)
        expect(self.planned["totals"]["update"] == 5, f"plan: {self.planned['summary']}")
        expect(self.fleet.shown() == self.before, "the servers hold other jobs than before")
        self.fleet.expect_counts({})
        lines = (self._folder("plan") / "plan.md").read_text(encoding="utf-8").splitlines()
        print("\n" + "\n".join(f"  {line}" for line in lines[:MOST_LINES]))
        return "5 jobs to update, 0 writes"

    def week_before(self) -> str:
        """The calendar says which jobs move; nothing is written."""
        moved = self._week("week-before")
        expect(moved == {f"{name}-exchange" for name in NAMES}, f"moved: {moved}")
        return "5 jobs move, 0 writes"

    def interfere(self) -> str:
        """A plain REST call, not through the collection."""
        policy = {"type": "Daily", "dailyType": "Everyday", "dailyTime": BY_HAND}
        job = f"{EDITED}-exchange"
        self.fleet.servers[EDITED].change_by_hand(job, {"name": job, "schedulePolicy": policy})
        expect(self.fleet.times()[EDITED] == BY_HAND, f"times: {self.fleet.times()}")
        self.before = self.fleet.shown()
        return f"{job} starts at {BY_HAND[:5]}"

    def apply(self) -> str:
        """Four servers are as planned, with one write each; the one that was edited is left alone."""
        plan = self._folder("plan") / "plan.json"
        results = self.fleet.playbook(
            "apply", "-e", CHANGE, "-e", f"vbo_plan_file={plan}", "-e", "vbo_plan_max_age=12h", fails=True
        )
        refused = results[EDITED, "vbo_jobs"][-1]
        moved = [(one["name"], one["field"], one["reason"]) for one in refused["moved"]]
        expect(moved == [(f"{EDITED}-exchange", FIELD, "edited")], f"moved: {moved}")
        others = [name for name in NAMES if name != EDITED]
        self.fleet.expect_counts(dict.fromkeys(others, 1))
        expect(self.fleet.times() == {**dict.fromkeys(others, NEW), EDITED: BY_HAND}, f"times: {self.fleet.times()}")
        expect(self.fleet.shown()[EDITED] == self.before[EDITED], f"{EDITED} is not as before")
        return f"4 updated, {EDITED} refused: {FIELD}"

    def week_after(self) -> str:
        """Only the job that was refused would still move."""
        moved = self._week("week-after")
        expect(moved == {f"{EDITED}-exchange"}, f"moved: {moved}")
        return "1 job moves, 0 writes"

    # What the scenes are made of

    def _folder(self, name: str) -> Path:
        return self.fleet.report / name

    def _report(self, kind: str, *options: str, folder: str = "") -> Any:
        """Run a playbook that writes a report, and read the report."""
        where = self._folder(folder or kind)
        self.fleet.playbook(kind, *options, "-e", f"vbo_{kind}_directory={where}")
        return json.loads((where / f"{kind}.json").read_text(encoding="utf-8"))

    def _week(self, folder: str) -> set[str]:
        """Write the calendar of the change; the jobs that it moves."""
        options = ("-e", CHANGE, "-e", "vbo_time_zone=Europe/Berlin", "-e", "vbo_calendar_compare=true")
        reports = self._report("calendar", *options, folder=folder)
        self.fleet.expect_counts({})
        expect([report["server"] for report in reports] == NAMES, "a server is missing")
        changes = [job for report in reports for job in report["changes"]["jobs"]]
        expect({job["change"] for job in changes} == {"moved"}, f"changes: {changes}")
        print(f"\nThe page: {self._folder(folder) / 'calendar.html'}")
        return {job["name"] for job in changes}
