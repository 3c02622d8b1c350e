# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ranges in templates, calendars, lint and exports: each shows the start that would be chosen."""

from __future__ import annotations

import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.filter.calendar import job_week, next_runs
from ansible_collections.backupops.vbo365.plugins.filter.export import export_jobs
from ansible_collections.backupops.vbo365.plugins.filter.jobs import expand_jobs
from ansible_collections.backupops.vbo365.plugins.filter.spread import spread_jobs

from .lint_samples import findings, job

NIGHT = {"between": ["20:00", "04:00"], "step": 10}
Job = dict[str, t.Any]


def asking(name: str, value: t.Any = None, **policy: t.Any) -> Job:
    return job(name, policy={"daily_time": NIGHT if value is None else value, **policy})


def start(one: Job) -> t.Any:
    return one["schedule_policy"]["daily_time"]


def test_a_range_of_a_template_and_its_parts() -> None:
    templates = {"nightly": {"schedule_policy": {"type": "daily", "daily_time": NIGHT}}}
    own: list[Job] = [
        {},
        {"schedule_policy": {"daily_time": {"step": 30}}},
        {"schedule_policy": {"daily_time": "21:15"}},
    ]
    found = expand_jobs(
        [{"name": f"j{number}", "template": "nightly", **one} for number, one in enumerate(own)], templates
    )
    assert [start(one) for one in found] == [NIGHT, {**NIGHT, "step": 30}, "21:15"]
    with pytest.raises(AnsibleFilterError, match=r"jobs\[0\]\.schedule_policy\.daily_time\.between\[0\]"):
        expand_jobs([{"name": "x", "schedule_policy": {"daily_time": {"between": ["25:00", "04:00"]}}}])
    with pytest.raises(AnsibleFilterError, match=r"jobs\[0\]\.copy_job\.schedule_policy\.daily_time"):
        expand_jobs([{"name": "x", "copy_job": {"schedule_policy": {"type": "daily_at_time", "daily_time": NIGHT}}}])


def test_the_start_is_the_same_everywhere() -> None:
    jobs = [asking(f"job-{number}") for number in range(6)]
    chosen = {one["name"]: start(one) for one in spread_jobs(jobs)}
    assert len(set(chosen.values())) == 6
    runs = next_runs(jobs, "UTC", "2026-06-01T12:00", 1)
    assert {run["job"]: run["start"][11:16] for run in runs} == chosen
    assert sum(job_week(jobs)["groups"][0]["starts"]) == 6 * 7
    assert findings(spread_jobs(jobs)) == findings(jobs)
    assert not [
        one for one in findings(jobs, {"starts_too_close": {"minutes": 10}}) if one["rule"] == "starts_too_close"
    ]


def test_jobs_of_the_server_keep_their_places() -> None:
    live = [job("Job-1", "23:40"), job("other", "23:50")]
    new = asking("job-2", {"between": ["23:20", "23:50"]})
    found = spread_jobs([asking("job-1"), new, job("plain", "23:30")], live)
    assert [start(one) for one in found] == ["23:40", "23:20", "23:30"]
    renamed = spread_jobs([{**asking("new name"), "id": "ABC"}], [{**job("old", "21:00"), "id": "abc"}])
    assert start(renamed[0]) == "21:00"


def test_an_export_writes_the_time_and_names_the_template() -> None:
    templates = {
        "nightly": {
            "enabled": True,
            "schedule_policy": {"type": "daily", "daily_type": "everyday", "daily_time": NIGHT},
        }
    }
    live = [
        {
            "name": "x",
            "organization": "c",
            "enabled": True,
            "schedule_policy": {"type": "daily", "daily_type": "everyday", "daily_time": "22:10"},
        }
    ]
    (found,) = export_jobs(live, [], templates)
    assert found["template"] == "nightly" and found["schedule_policy"] == {"daily_time": "22:10"}


def test_odd_input_reaches_the_right_place() -> None:
    texts = {"retry_number": "3", "retry_enabled": "yes"}
    assert len(start(spread_jobs([asking("a", **texts)])[0])) == 5
    assert spread_jobs([]) == [] and spread_jobs([{"name": "a", "schedule_policy": None}]) == [
        {"name": "a", "schedule_policy": None}
    ]
    assert start(spread_jobs([{**asking("a"), "state": "absent"}, asking("b")])[1])
    for wrong in ("x", {"a": 1}, [1]):
        with pytest.raises(AnsibleFilterError, match="spread_jobs: jobs"):
            spread_jobs(wrong)
    with pytest.raises(AnsibleFilterError, match=r"jobs\[1\]\.schedule_policy\.daily_time\.step"):
        spread_jobs([asking("a"), asking("b", {**NIGHT, "step": 0})])
