# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters for rollouts: the snapshot before, the verification after, and the report."""

from __future__ import annotations

import json
import typing as t

from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._input._masking import refuse_masked
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._instant import parse_instant
from ansible_collections.backupops.vbo365.plugins.module_utils._types import Data
from ansible_collections.backupops.vbo365.plugins.module_utils._visible import visible
from ansible_collections.backupops.vbo365.plugins.plugin_utils._fleet._rollout import (
    problems_of,
    should_run,
    snapshot_of,
)

from ..plugin_utils._fleet._rollout_report import markdown_of, report_of
from ..plugin_utils._plain import plain, unsafe


def rollout_snapshot(plan: t.Any, live: t.Any = None, earlier: t.Any = None) -> list[Data]:
    """The result of vbo_jobs in check mode, with details, as the jobs that undo it."""
    try:
        jobs = refuse_masked(plain(plan)["jobs"], "jobs")
        return unsafe(snapshot_of(jobs, refuse_masked(plain(live) or [], "live"), plain(earlier) or []))
    except (ValueError, InputError) as error:
        raise AnsibleFilterError(f"rollout_snapshot: {visible(str(error))}") from None


def rollout_problems(check: t.Any, plan: t.Any, now: t.Any) -> list[str]:
    """Return the problems that a check after the writes found in the jobs of the plan."""
    try:
        moment = parse_instant(str(now))
    except ValueError as error:
        raise AnsibleFilterError(f"rollout_problems: now: '{now}' is not a time: {error}") from None
    touched = [(job["organization"], job["name"]) for job in map(plain, _touched(plan)) if should_run(job)]
    return unsafe([visible(problem) for problem in problems_of(plain(check).get("jobs") or [], touched, moment)])


def rollout_changed(plan: t.Any) -> list[str]:
    """Names of the jobs that a plan changes."""
    return unsafe([plain(job["name"]) for job in _touched(plan)])


def _touched(plan: t.Any) -> list[t.Any]:
    """The jobs that a plan changes; of the others, which are most, Ansible need not read all values."""
    return [job for job in plan.get("jobs") or [] if changes(job)]


def rollout_report(entries: t.Any, rollout: t.Any, servers: t.Any) -> Data:
    """The states of all servers, and the same as Markdown."""
    known = [{**entry, "wave": int(entry["wave"])} for entry in plain(entries)]  # a text before ansible-core 2.19
    report = report_of(str(rollout), [str(server) for server in plain(servers)], known)
    return unsafe({**report, "markdown": markdown_of(report)})


def rollout_files(report: t.Any) -> list[dict[str, str]]:
    """A report as the files to write."""
    data = plain(report)
    text = data.pop("markdown")
    data_text = json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    return unsafe([{"name": "report.md", "content": text}, {"name": "report.json", "content": data_text}])


def changes(job: Data) -> bool:
    """Return whether a plan changes a job or its copy job."""
    return bool(job["action"] != "none" or (job.get("copy_job") or {}).get("action", "none") != "none")


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {
            "rollout_snapshot": rollout_snapshot,
            "rollout_problems": rollout_problems,
            "rollout_changed": rollout_changed,
            "rollout_report": rollout_report,
            "rollout_files": rollout_files,
        }
