# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every report shows overrides and freezes, the ended ones first, and texts of people as text."""

from __future__ import annotations

import typing as t

import jinja2
import pytest
from ansible_collections.backupops.vbo365.plugins.filter.calendar import calendar_files, calendar_report
from ansible_collections.backupops.vbo365.plugins.filter.drift import drift_files, drift_merge, drift_report
from ansible_collections.backupops.vbo365.plugins.filter.freeze import active_freeze
from ansible_collections.backupops.vbo365.plugins.filter.jobs import job_overrides
from ansible_collections.backupops.vbo365.plugins.filter.lint import lint_files, lint_merge, lint_report
from ansible_collections.backupops.vbo365.plugins.filter.plan import plan_files, plan_merge, plan_report

HOSTILE = "<script>alert(1)</script> | *x* @team"
JOBS = [
    {"name": "now", "enabled": True, "override": {"until": "2026-12-31", "reason": HOSTILE, "enabled": False}},
    {"name": "past", "enabled": True, "override": {"until": "2026-01-31", "reason": "CHG-1", "enabled": False}},
]
OVERRIDES = job_overrides(JOBS, today="2026-06-01")
FREEZE = active_freeze([{"until": "2026-12-31", "reason": HOSTILE}], "UTC", "CHG-911", "2026-06-01")
PLAIN = [{"name": "now", "organization": "contoso", "schedule_policy": {"daily_time": "22:00"}}]
NOTES: dict[str, t.Any] = {"overrides": OVERRIDES, "freeze": FREEZE}
NOW = "2026-06-01T12:00:00Z"


def drift(**notes: t.Any) -> list[dict[str, str]]:
    return drift_files(drift_merge([drift_report({"jobs": []}, "vbo-1", now=NOW, **notes)]), ["markdown", "html"])


def lint(**notes: t.Any) -> list[dict[str, str]]:
    report = lint_report(jinja2.Environment(), {"jobs": []}, "vbo-1", now=NOW, **notes)
    return lint_files(lint_merge([report]), ["markdown", "html"])


def plan(**notes: t.Any) -> list[dict[str, str]]:
    return plan_files(plan_merge([plan_report({}, "vbo-1", now=NOW, **notes)]), ["markdown", "html"])


def calendar(**notes: t.Any) -> list[dict[str, str]]:
    return calendar_files([calendar_report(PLAIN, "vbo-1", "UTC", NOW, now=NOW, **notes)], ["html"])


@pytest.mark.parametrize("files", [drift, lint, plan, calendar])
def test_every_report_shows_them(files: t.Callable[..., list[dict[str, str]]]) -> None:
    for file in files(**NOTES):
        text = file["content"]
        assert "Overrides" in text and "has ended; remove it" in text and "active" in text, file["name"]
        assert text.index("CHG-1") < text.rindex("active"), "what can be removed comes first"
        assert "Frozen" in text and "CHG-911" in text and "enabled" in text
        assert "<script>" not in text and "alert(1)" in text
        assert file["name"].endswith(".html") or "@team" not in text
    for file in files():
        assert "Overrides" not in file["content"] and "Frozen" not in file["content"]


@pytest.mark.parametrize(("merge", "report"), [(drift_merge, drift_report), (plan_merge, plan_report)])
def test_reports_of_servers_without_a_result_have_them(merge: t.Any, report: t.Any) -> None:
    found = merge([report({}, "down", now=NOW, **NOTES)], ["down", "other"])
    assert [len(server["overrides"]) for server in found["servers"]] == [2, 0]
