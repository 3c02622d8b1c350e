# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Public names change only on purpose: C(tools/run-in-env python tools/public_names.py) writes their list."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from ansible_collections.backupops.vbo365.tools import public_names as subject


@pytest.fixture(scope="module")
def names() -> list[str]:
    return subject.names()


def test_the_list_is_what_there_is(names: list[str]) -> None:
    """The same as C(--check). Removed or changed lines must be in the changelog."""
    old = subject.LIST.read_text(encoding="utf-8").splitlines()
    assert subject.difference(old, [*subject.HEAD.splitlines(), *names]) == []


@pytest.mark.parametrize(
    "line",
    [
        "environment VBO365_URL",
        "filter window_to_hours",
        "filter job_templates positional: changes, custom, variables",
        'filter expand_jobs option time_zone: str, default "UTC"',
        'module vbo_job option state: str, one of present absent, default "present"',
        "module vbo_job option url: str, required",
        "module vbo_job option selected_items[].mailbox: bool",
        "module vbo_jobs option jobs[].schedule_policy.daily_time: raw",
        "module vbo_jobs result moved[].reason: str",
        "module write_files option files[].name: str",
        "playbook drift_merge",
        "role vbo_drift option vbo_drift_ignore[].reason: str, required",
        "role vbo_drift (merge) option vbo_drift_slices: list of path",
        "role vbo_jobs sets vbo_jobs_result",
        "role vbo_sandbox option vbo_sandbox_servers[].port: int, default 0",
        "variable vbo365_connection",
        "variable vbo365_execution",
        "variable vbo_rollout_waves",
        "variable vbo_time_zone",
    ],
)
def test_every_kind_of_name_is_in_it(names: list[str], line: str) -> None:
    assert line in names


def test_nothing_private_is_in_it(names: list[str]) -> None:
    assert not [line for line in names if " __" in line or " vbo_job_templates_exchange" in line]
    assert len(names) == len(set(names)) > 1000


def test_files_of_the_checkout_are_read(tmp_path: Path) -> None:
    """If a filter, role or playbook is renamed, one line is removed and another one added."""
    for folder in ("playbooks", "roles", "plugins/filter"):
        shutil.copytree(subject.ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("files", "*.pyc"))
    before = subject.names(tmp_path)
    (tmp_path / "playbooks" / "drift.yml").rename(tmp_path / "playbooks" / "compare.yml")
    for path, old, new in (
        ("roles/vbo_calendar/meta/argument_specs.yml", "vbo_calendar_days", "vbo_calendar_length"),
        ("roles/vbo_plan/tasks/main.yml", "vbo_plan_report", "vbo_plan_result"),
        ("plugins/filter/next_runs.yml", "max_runs", "most"),
    ):
        file = tmp_path / path
        file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    lines = subject.difference(before, subject.names(tmp_path))
    assert lines == [
        "-filter next_runs option max_runs: int",
        "-filter next_runs positional: time_zone, begin, days, max_runs",
        "-playbook drift",
        "-role vbo_calendar option vbo_calendar_days: int, default 7",
        "-role vbo_plan sets vbo_plan_report",
        "+filter next_runs option most: int",
        "+filter next_runs positional: time_zone, begin, days, most",
        "+playbook compare",
        "+role vbo_calendar option vbo_calendar_length: int, default 7",
        "+role vbo_plan sets vbo_plan_result",
        "+variable vbo_calendar_days",
    ]


def test_options_and_results_at_every_depth() -> None:
    options = {"a": {"type": "list", "elements": "dict", "suboptions": {"b": {"choices": ["x", "y"], "default": "x"}}}}
    assert list(subject._options(options)) == [" option a: list of dict", ' option a[].b: str, one of x y, default "x"']
    result = {"type": "dict", "contains": {"c": {"type": "list"}, "d": {"type": "dict", "sample": {"e": [{"f": 1}]}}}}
    assert list(subject._results("r", result)) == [
        " result r: dict",
        " result r.c: list",
        " result r.d: dict",
        " result r.d.e",
        " result r.d.e[].f",
    ]


def test_check_shows_what_differs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(subject, "LIST", tmp_path / "names.txt")
    monkeypatch.setattr(subject, "names", lambda: ["playbook apply"])
    monkeypatch.setattr("sys.argv", ["public_names.py", "--check"])
    assert subject.main() == 1 and not subject.LIST.exists()
    assert "+playbook apply\n" in capsys.readouterr().out
    monkeypatch.setattr("sys.argv", ["public_names.py"])
    assert subject.main() == 0
    monkeypatch.setattr("sys.argv", ["public_names.py", "--check"])
    assert subject.main() == 0
    subject.LIST.write_text(f"{subject.HEAD}playbook applied\n", encoding="utf-8")
    capsys.readouterr()
    assert subject.main() == 1 and capsys.readouterr().out == "-playbook applied\n+playbook apply\n"
