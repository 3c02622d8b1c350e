# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""A plan: the changes on every server, and the state that it was made from.

A plan of one server and one of many have the same form, so that hosts of a play and slices of a fleet are merged by
the same function. It is made on one machine and applied on another: nothing in it depends on either.
"""

from __future__ import annotations

import datetime
import hashlib
import typing as t

from ...module_utils._errors import VboError, shown
from ...module_utils._input._masking import IN_RESULT, is_masked
from ...module_utils._resources._jobs._planned import canonical
from ...module_utils._resources._times._instant import parse_instant
from ...module_utils._spelling import folded
from ...module_utils._types import Data
from .._drift._data import NO_RESULT, trouble_of, without_account
from .._duration import minutes
from .._temporary_report import notes_of
from .._words import counted

KIND, FORMAT = "backupops.vbo365 plan", 1
#: server states, the worst first
STATES = ("unreachable", "failed", "changes", "unchanged")
NOT_PLANNED = ("unreachable", "failed")
ACTIONS = ("create", "update", "delete")
#: clocks of two machines may differ by so much
SKEW = datetime.timedelta(minutes=5)


# --- one server ------------------------------------------------------------------------------------------------------


def server_of(host: str, result: Data, url: str = "", overrides: t.Any = (), freeze: t.Any = None) -> Data:
    """Convert the result of C(vbo_jobs) in check mode, with fingerprints, to the plan of one server.

    :arg result: the result, also that of a failed task; empty if there is none
    :arg overrides, freeze: see :func:`.._temporary_report.notes_of`
    """
    server: Data = {
        "name": host,
        "url": without_account(url),
        "api_version": result.get("api_version"),
        "state": "failed",
        "message": "",
        "plan": None,
        **notes_of(overrides, freeze),
    }
    plan = result.get("plan")
    if is_masked([result.get("jobs"), plan]):
        return {**server, "message": IN_RESULT}
    trouble = trouble_of(result)
    if trouble or not plan:
        return {**server, "state": trouble or "failed", "message": str(result.get("msg") or NO_RESULT)}
    state = "changes" if any(map(changes, jobs_of(plan))) else "unchanged"
    return {**server, "state": state, "plan": plan}


def jobs_of(plan: Data | None) -> list[Data]:
    """The jobs of a server's plan, declared and pruned ones."""
    return [*plan["jobs"], *plan["pruned"]] if plan else []


def copy_action(job: Data) -> str:
    """Return the action on the copy job of a job."""
    return str((job["copy_job"] or {}).get("action", "none"))


def changes(job: Data) -> bool:
    """Return whether a job or its copy job is changed."""
    return job["action"] != "none" or copy_action(job) != "none"


def action_of(job: Data) -> str:
    """Return the action for a job as a whole; a change of its copy job counts as a change of the job."""
    return "update" if job["action"] == "none" and changes(job) else job["action"]


def all_changes(job: Data) -> list[Data]:
    """The changes of a job and of its copy job, by the paths within the job."""
    found = list(job["changes"])
    action = copy_action(job)
    if action == "delete":
        found.append({"field": "copy_job", "before": "present", "after": "absent"})
    elif job["copy_job"]:
        found += [{**change, "field": f"copy_job.{change['field']}"} for change in job["copy_job"]["changes"]]
    return found


# --- many servers ----------------------------------------------------------------------------------------------------


def plan_of(servers: t.Iterable[Data], generated: str) -> Data:
    """A whole plan.

    :arg generated: the time in UTC
    """
    ordered = sorted(servers, key=lambda server: (folded(server["name"]), server["name"]))
    totals = totals_of(ordered)
    plan = {
        "kind": KIND,
        "format": FORMAT,
        "generated": generated,
        "summary": summary(totals),
        "totals": totals,
        "servers": ordered,
    }
    return {**plan, "checksum": checksum(plan)}


def merge(plans: t.Sequence[t.Any], expected: t.Sequence[str] = (), generated: str = "") -> Data:
    """Merge plans; if a server is in several, the newest one is used.

    :arg expected: names of servers that ought to be there; one that is not counts as unreachable
    :arg generated: the time in UTC; without it that of the oldest plan, whose servers are that old
    :raises VboError: for data that is not a plan
    """
    for number, plan in enumerate(plans):
        check(plan, f"plans[{number}]")
    servers: dict[str, Data] = {}
    for plan in sorted(plans, key=lambda plan: str(plan["generated"])):
        servers.update((server["name"], server) for server in plan["servers"])
    for name in expected:
        servers.setdefault(name, server_of(name, {}))
    oldest = min((str(plan["generated"]) for plan in plans), default="")
    return plan_of(servers.values(), generated or oldest)


def totals_of(servers: t.Sequence[Data]) -> Data:
    """Count the servers by state and the jobs by action."""
    actions = [action_of(job) for server in servers for job in jobs_of(server["plan"])]
    return {
        "servers": len(servers),
        **{state: sum(server["state"] == state for server in servers) for state in reversed(STATES)},
        "jobs": len(actions),
        **{action: actions.count(action) for action in (*ACTIONS, "none")},
    }


def summary(totals: Data) -> str:
    """Summarize the plan in a sentence."""
    found = ", ".join(f"{totals[action]} to {action}" for action in ACTIONS if totals[action]) or "nothing to do"
    trouble = ", ".join(f"{totals[state]} {state}" for state in NOT_PLANNED if totals[state])
    whole = f"{counted(totals['jobs'], 'job')} on {counted(totals['servers'], 'server')}: {found}"
    return f"{whole}; not planned: {trouble}." if trouble else f"{whole}."


# --- using it --------------------------------------------------------------------------------------------------------


def checksum(plan: Data) -> str:
    """Return the checksum of everything else in a plan, independent of the order of keys."""
    content = canonical({key: value for key, value in plan.items() if key != "checksum"})
    return f"sha256:{hashlib.sha256(content.encode('ascii')).hexdigest()}"


def check(plan: t.Any, what: str) -> None:
    """Make sure that something is a plan of this release, as it was written.

    :arg what: its name in a message
    :raises VboError: when it is not
    """
    if not isinstance(plan, dict) or plan.get("kind") != KIND:
        raise VboError(f"{what} is not a plan of backupops.vbo365", advice="Specify the plan.json of a plan.")
    if plan.get("format") != FORMAT:
        raise VboError(
            f"{what} has format {shown(plan.get('format'))}, but this release reads format {FORMAT}",
            advice="Make a new plan with the release that applies it.",
        )
    if plan.get("checksum") != checksum(plan):
        raise VboError(f"{what} was changed after it was made: its checksum does not match", advice="Make a new plan.")


def check_age(generated: t.Any, most: t.Any, now: str, what: str) -> None:
    """Refuse a plan that is too old.

    :arg most: a length of time, or nothing for any age
    :arg now: the time in UTC
    :raises VboError: when it is older, or from the future
    """
    if most in (None, ""):
        return
    limit = datetime.timedelta(minutes=minutes(most, "max_age"))
    age = parse_instant(now) - parse_instant(str(generated))
    if age > limit:
        raise VboError(f"{what} was made {generated} and is older than {most}", advice="Make a new plan and review it.")
    if -age > SKEW:
        raise VboError(
            f"{what} was made {generated}, which is in the future", advice="Compare the clocks of both machines."
        )


def part_of(server: Data | None, name: str, what: str) -> Data:
    """Return the input for the option C(plan) of C(vbo_jobs) for a server.

    :arg server: the server's entry in the plan, if there is one
    :raises VboError: when the plan has nothing for it
    """
    if server is None:
        raise VboError(
            f"{what} does not contain the server {shown(name)}",
            advice="Limit the play to the servers of the plan, or make a new plan.",
        )
    if not server["plan"]:
        reason = str(server["message"]).partition("\n")[0]
        raise VboError(
            f"{what} contains no changes for the server {shown(name)}, which was {server['state']}: {reason}"
        )
    part: Data = server["plan"]
    return part


def server_in(plan: Data, name: str) -> Data | None:
    """The entry of a server."""
    return next((server for server in plan["servers"] if server["name"] == name), None)
