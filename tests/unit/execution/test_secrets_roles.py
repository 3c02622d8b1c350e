# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No secret leaks: every role and every playbook, succeeding and failing, at ``-vvvv`` with ``--diff``."""

from __future__ import annotations

import os
import signal
import stat
import sys
import typing as t
from pathlib import Path

import pytest

from .playbooks import COLLECTION, Task
from .secrets_tree import Tree

CONTOSO = "contoso.onmicrosoft.com"
ROLES = sorted(path.name for path in (COLLECTION / "roles").iterdir())
PLAYBOOKS = sorted(path.stem for path in (COLLECTION / "playbooks").glob("*.yml"))
#: one host for each case; only the first has a good connection
HOSTS = ("good", "refused", "no_mapping")
JOBS: list[Task] = [
    {"name": "Finance mail", "organization": CONTOSO, "schedule_policy": {"daily_time": "01:23"}},
    {"template": "exchange_daily", "name": "New", "organization": CONTOSO, "repository": "repo-fra-01"},
]
LATER: list[Task] = [{"name": "Finance mail", "organization": CONTOSO, "description": "Rolled out"}]
#: which host fails where; in a drift report, servers that cannot be compared are not failures
FAILED = {
    "vbo_sandbox": {"no_mapping"},
    "vbo_jobs": {"no_mapping", "refused"},
    "vbo_job_templates": {"no_mapping"},
    "vbo_calendar": {"no_mapping", "refused"},
    "vbo_drift": {"no_mapping"},
    "vbo_plan": {"no_mapping"},
    "vbo_lint": {"no_mapping"},
    "vbo_export": {"no_mapping", "refused"},
    "vbo_rollout": {"good", "refused"},
}
WRITTEN = ("plans", "plan", "drift", "merged", "lint", "exports", "rollouts", "calendar", "own-good")
PLACES = (
    *("output", "processes", "ansible.log", "playbooks/run-1/record.jsonl", "facts/*", "results/*", "junit/*.xml"),
    *("plans/*", "exports/*", "rollouts/one/good.yml", "rollouts/one/report.json", "rollouts/one/report.md"),
    *(f"{kind}/{kind}.{name}" for kind in ("drift", "lint") for name in ("html", "md", "json", "sarif", "junit.xml")),
    *(f"plan/plan.{name}" for name in ("html", "md", "json")),
    *("calendar/calendar.html", "calendar/calendar.json", "calendar/calendar.md", "calendar/good.ics"),
    *("own-good/run/sandbox.log", "sandbox/good.requests", "playbooks/remote/*/*"),
)
WATCH = Path(__file__).parent / "watch"
#: Ansible omits hosts that have failed
FORGIVE: Task = {
    "name": "Forgive",
    "hosts": "all",
    "gather_facts": False,
    "tasks": [{"name": "Forgive", "ansible.builtin.meta": "clear_host_errors"}],
}
KEEP: Task = {
    "name": "Keep",
    "hosts": "cases",
    "gather_facts": False,
    "tasks": [
        {
            "name": "Keep",
            "ansible.builtin.set_fact": {"{{ item }}": "{{ lookup('vars', item, default='') }}", "cacheable": True},
            "loop": [
                "vbo_jobs_result",
                "vbo_drift_report",
                "vbo_plan_report",
                "vbo_lint_report",
                "vbo_job_templates_expanded",
                "vbo_rollout_report",
            ],
        },
        {"name": "Show", "ansible.builtin.debug": {"var": "vbo_jobs_result"}},
    ],
}


def plays(root: Path) -> list[Task]:
    """Return all playbooks as one run; where a host fails, the good one continues."""
    common = {
        "vbo365_hosts": "cases",
        "vbo_jobs_list": "{{ own_jobs | default(jobs) }}",
        "jobs": JOBS,
        "vbo_drift_directory": str(root / "drift"),
        "vbo_lint_directory": str(root / "lint"),
        "vbo_plan_directory": str(root / "plan"),
        "vbo_export_directory": str(root / "exports"),
        "vbo_rollout_directory": str(root / "rollouts"),
        "vbo_rollout_waves": ["100%"],
        "vbo_rollout_id": "one",
        "vbo_sandbox_hosts": "good,no_mapping",
        "vbo_sandbox_directory": f"{root}/own-{{{{ inventory_hostname }}}}",
        "vbo_sandbox_servers": [{"name": "main", "versions": ["{{ own_version | default('v8') }}"]}],
        "vbo_sandbox_timeout": 2,
        "vbo_sandbox_password": "{{ sandbox_password }}",
        "vbo_sandbox_python": sys.executable,
    }

    def book(name: str, **variables: t.Any) -> Task:
        return {"name": name, "import_playbook": f"backupops.vbo365.{name}", "vars": {**common, **variables}}

    merged = {"vbo_drift_directory": str(root / "merged"), "vbo_drift_formats": ["json"]}
    good = {"vbo365_hosts": "good", "vbo_jobs_list": LATER}
    return [
        book("sandbox"),
        FORGIVE,
        book("apply"),
        FORGIVE,
        book("validate", vbo_validate_directory=str(root / "plans")),
        FORGIVE,
        book(
            "calendar",
            vbo_time_zone="Europe/Berlin",
            vbo_calendar_compare=True,
            vbo_calendar_directory=str(root / "calendar"),
        ),
        FORGIVE,
        book("drift"),
        FORGIVE,
        book("plan", vbo_plan_fail_on="none"),
        FORGIVE,
        book("drift_merge", vbo_drift_slices=[str(root / "drift")], **merged),
        book("lint", vbo_lint_live=True),
        book("lint_merge", vbo_lint_slices=[str(root / "lint")], vbo_lint_directory=str(root / "merged" / "lint")),
        FORGIVE,
        book("export"),
        FORGIVE,
        book("rollout", **good),
        book("rollout_restore", **good),
        KEEP,
        book("sandbox", vbo_sandbox_state="stopped"),
        book("rollout", vbo_jobs_list=LATER, vbo_rollout_id="two", vbo365_hosts="cases:!no_mapping"),
    ]


def test_no_role_and_no_playbook_is_left_out(tmp_path: Path) -> None:
    imported = {play["import_playbook"].split(".")[-1] for play in plays(tmp_path) if "import_playbook" in play}
    assert sorted(imported) == PLAYBOOKS
    texts = [(COLLECTION / "playbooks" / f"{name}.yml").read_text(encoding="utf-8") for name in PLAYBOOKS]
    assert all(any(f"backupops.vbo365.{role}\n" in text for text in texts) for role in ROLES)


def assert_private(root: Path) -> None:
    """Nobody else can read the files of roles, not even for a moment, and independently of the umask."""
    for place in WRITTEN:
        files = [path for path in root.glob(f"{place}/**/*") if path.is_file()]
        assert files, place
        assert {oct(stat.S_IMODE(path.stat().st_mode)) for path in files} == {"0o600"}, place
    for place in ("merged", "calendar", "rollouts", "rollouts/*", "own-good", "own-good/run"):
        assert {oct(stat.S_IMODE(path.stat().st_mode)) for path in root.glob(place)} == {"0o700"}, place
    readable = root / "readable"
    assert not readable.exists(), readable.read_text(encoding="utf-8")


def test_every_role(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in ("plans", "drift", "lint", "exports"):  # existing ones keep their permissions
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o777)
    with Tree(tmp_path) as tree:
        tree.playbooks.umask = 0
        tree.playbooks.environment |= {
            "ANSIBLE_KEEP_REMOTE_FILES": "1",
            "PYTHONPATH": str(WATCH),
            "VBO365_TEST_WATCH": os.pathsep.join(str(tmp_path / name) for name in ("readable", *WRITTEN)),
        }
        changes: dict[str, Task] = {
            "good": {},
            "refused": {"url": tree.servers["refusing_log_in"].url},
        }
        hosts: dict[str, t.Any] = {
            name: {"vbo365_connection": tree.playbooks.connection(retries=0, **changed)}
            for name, changed in changes.items()
        }
        hosts["no_mapping"] = {
            "vbo365_connection": ["{{ vbo365_password }}"],
            "own_version": "v99",
            "own_jobs": [{"name": "x", "template": "there_is_none"}],
        }
        try:
            run = tree.run(plays(tmp_path), hosts, fails=True)
        finally:
            for pid in tmp_path.glob("own-*/run/pid"):
                os.kill(int(pid.read_text(encoding="utf-8")), signal.SIGTERM)
    failed: dict[str, set[str]] = {}
    for record in run.records:
        if record.status == "failed":
            failed.setdefault(record.task.split(" : ")[0].rsplit(".", 1)[-1], set()).add(record.host)
    assert failed == FAILED
    assert_private(tmp_path)
    tree.assert_clean("own-good/settings.yml", "own-no_mapping/settings.yml")
    tree.assert_found_when_planted(*PLACES, folder=tmp_path_factory.mktemp("planted"))
