# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs with findings, and reports of them."""

from __future__ import annotations

import typing as t

import jinja2
from ansible_collections.backupops.vbo365.plugins.filter.lint import lint_files, lint_jobs, lint_merge, lint_report

from .drift_samples import DOWN, HOSTILE, HOSTS, NOW, failure

Dict = dict[str, t.Any]

ENVIRONMENT = jinja2.Environment()
CONTOSO = "contoso.onmicrosoft.com"


def job(name: str, time: str = "22:00", *items: Dict, **more: t.Any) -> Dict:
    """A job with a user of its own and without findings; C(policy) is merged into its schedule."""
    policy = {"type": "daily", "daily_type": "everyday", "daily_time": time, "retry_enabled": True}
    policy |= {"retry_number": 3, "retry_wait_interval": 20, **more.pop("policy", {})}
    return {
        "name": name,
        "organization": CONTOSO,
        "enabled": True,
        "backup_type": "selected_items",
        "selected_items": list(items) or [user(f"{name}@contoso.com")],
        "schedule_policy": policy,
        **more,
    }


def whole(name: str, time: str = "04:00", **more: t.Any) -> Dict:
    """A job for the whole organization."""
    found = job(name, time, backup_type="entire_organization", **more)
    del found["selected_items"]
    return found


def user(name: str, **flags: t.Any) -> Dict:
    return {"type": "user", "name": name, **(flags or {"mailbox": True})}


def everybody(**flags: t.Any) -> Dict:
    return {"type": "partial_organization", **flags}


def findings(jobs: t.Any, rules: t.Any = None, custom: t.Any = None) -> list[Dict]:
    return lint_jobs(ENVIRONMENT, jobs, rules, custom)


def report(name: str, result: t.Any, exceptions: t.Any = (), now: str = NOW, **more: t.Any) -> Dict:
    """The report of one server."""
    url = f"https://{name}.example.com:4443"
    return lint_report(ENVIRONMENT, result, name, url, exceptions=list(exceptions), now=now, **more)


def text(found: Dict, name: str, *source: t.Any) -> str:
    """One file of a report."""
    (entry,) = lint_files(found, [name], *source)
    return entry["content"]


def everything() -> Dict:
    """A report with one entry of each kind."""
    exceptions = [
        {"job": "legacy", "rule": "office_hours", "reason": "CHG-4711", "until": "2026-11-24"},
        {"job": "*", "reason": "New hardware", "until": "2026-01-31"},
    ]
    jobs = [job("good"), job("noon", "12:00"), job("legacy", "13:00"), job("off", "01:00", enabled=False)]
    jobs += [job("few", "03:00", policy={"retry_number": 1})]
    return lint_merge(
        [report("fra", {"jobs": jobs}, exceptions), report("ham", DOWN), report("muc", {"jobs": [job("good")]})],
        ["fra", "ham", "muc", "ber"],
        NOW,
    )


def hostile() -> Dict:
    """A report in which every text that may come from a server or the user is hostile."""
    reports = []
    for number, odd in enumerate(HOSTILE):
        jobs = [job(odd, "12:00", user(odd), organization=odd), job(f"{odd}.", "12:01", user(odd), organization=odd)]
        custom = [{"id": f"own_{number}", "require": {"field": odd, "test": "defined"}, "message": odd, "source": odd}]
        exceptions = [
            {"rule": "office_hours", "reason": odd.replace("\x00", ""), "until": "2027-01-01"},
            {"job": odd, "rule": odd, "reason": odd, "until": "2020-01-01"},
        ]
        reports.append(report(f"{number} {odd}", {"jobs": jobs}, exceptions, custom=custom))
        reports.append(report(f"down {number} {odd}", failure(odd)))
    return lint_merge(reports, [], NOW)


def fleet(servers: int, jobs: int) -> Dict:
    """A large report."""
    declared = [job(f"job-{number:04d}", "12:00") for number in range(jobs)]
    return lint_merge([report(f"vbo-{number:03d}", {"jobs": declared}) for number in range(servers)], [], NOW)


#: reports of every kind
REPORTS: dict[str, t.Callable[[], Dict]] = {
    "everything": everything,
    "hostile": hostile,
    "no job": lambda: report("one", {"jobs": []}),
    "no server": lambda: lint_merge([], [], NOW),
    "no answer": lambda: report("one", {}),
    "failed": lambda: report("one", failure("line one\nline two", None, 500)),
    "not readable": lambda: report("one", {"jobs": [job("bad", "25:00")]}),
    "all allowed": lambda: report(
        "one", {"jobs": [job("noon", "12:00")]}, [{"job": "*", "reason": "r", "until": "2999-01-01"}]
    ),
    "twins": lambda: report("one", {"jobs": [job("noon", "12:00"), job("noon", "14:00")]}),
    "hosts": lambda: lint_merge([report(host, {"jobs": [job(host, "12:00")]}) for host in HOSTS], [], NOW),
    "fleet": lambda: fleet(5, 40),
}
