# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(vbo_copy_job_info): its results, its filters, and that applying its C(config) changes nothing."""

from __future__ import annotations

import copy
import typing as t

import pytest

from ...support.tasks import Tasks

CONTOSO = "contoso.onmicrosoft.com"
FABRIKAM = "fabrikam.onmicrosoft.com"
COPY_ID = "a9d3f6b2-7e15-48c0-9b64-0c1f8e5d2a37"
MODULE = "vbo_copy_job_info"

with_copy_jobs = pytest.mark.parametrize("version", ["v6", "v7", "v8"])


def add_copy_jobs(tasks: Tasks) -> None:
    """Add one copy job of each kind, in two organizations; one is disabled, one has a window."""
    state = tasks.server.state()
    kinds: dict[str, dict[str, t.Any]] = {
        "Finance mail": {"type": "Periodically", "periodically_every": "Hours2"},
        "Workshop": {
            "type": "Immediate",
            "backup_window_enabled": True,
            "backup_window": {"hours": ["1" * 24, *["0" * 12 + "1" * 12] * 6], "minute_offset": 60},
        },
        "test_job": {"type": "DailyAtTime", "daily_type": "Monday", "daily_time": "21:45:30"},
    }
    for number, (name, policy) in enumerate(kinds.items()):
        entry = copy.deepcopy(state["copy_jobs"][0])
        job = next(job for job in state["jobs"] if job["name"] == name)
        entry.update(id=f"{COPY_ID[:-1]}{number}", backup_job=job["id"], schedule_policy=policy)
        entry.update(is_enabled=name != "Workshop", last_status="Stopped")
        state["copy_jobs"].append(entry)
    tasks.server.replace(state)


@with_copy_jobs
def test_what_is_returned(tasks: Tasks) -> None:
    """The copy job of the default state, complete."""
    result = tasks.run(MODULE)
    assert (result["changed"], result["api_version"]) == (False, tasks.version)
    (found,) = result["copy_jobs"]
    status = found.pop("status")
    assert found == {
        "id": COPY_ID,
        "name": "Everything selected - copy job",
        "job": "Everything selected",
        "organization": CONTOSO,
        "repository": "repo-s3-copy",
        "enabled": True,
        "schedule_policy": {
            "type": "daily_at_time",
            "daily_type": "everyday",
            "daily_time": "04:00",
            "backup_copy_window_enabled": False,
        },
    }
    assert status["last_status"] == "success" and status["last_run"].startswith("2026-02-04T03:00:02")
    assert result["config"] == [{key: value for key, value in found.items() if key not in ("id", "name")}]
    assert tasks.server.writes() == []


@with_copy_jobs
def test_fed_back_it_changes_nothing(tasks: Tasks) -> None:
    """Every kind of schedule, and a window with an offset."""
    add_copy_jobs(tasks)
    before = tasks.server.state()["copy_jobs"]
    config = tasks.run(MODULE)["config"]
    assert len(config) == 4
    for options in config:
        result = tasks.run("vbo_copy_job", **options)
        assert (result["changed"], result["changes"]) == (False, [])
        assert tasks.server.writes() == []
    assert tasks.server.state()["copy_jobs"] == before


@with_copy_jobs
@pytest.mark.parametrize("host", ["controller"])
def test_fed_back_it_recreates(tasks: Tasks) -> None:
    """Deleted and created again from the configuration, it is the same as before."""
    (options,) = tasks.run(MODULE)["config"]
    tasks.run("vbo_copy_job", job=options["job"], organization=CONTOSO, state="absent")
    assert tasks.run(MODULE)["copy_jobs"] == []
    assert tasks.run("vbo_copy_job", **options)["action"] == "create"
    assert tasks.run(MODULE)["config"] == [options]


@with_copy_jobs
@pytest.mark.parametrize("host", ["controller"])
def test_filters(tasks: Tasks) -> None:
    """By job in any case, by id, by organization; ordered by organization and job."""
    add_copy_jobs(tasks)

    def jobs(**options: t.Any) -> list[str]:
        return [found["job"] for found in tasks.run(MODULE, **options)["copy_jobs"]]

    assert jobs() == ["Everything selected", "Finance mail", "test_job", "Workshop"]
    assert jobs(job="WORKSHOP") == ["Workshop"]
    assert jobs(id=COPY_ID.upper()) == ["Everything selected"]
    assert jobs(organization="fabrikam.onmicrosoft.com") == ["test_job", "Workshop"]
    assert jobs(organization="CONTOSO.onmicrosoft.com") == ["Everything selected", "Finance mail"]
    assert jobs(organization=FABRIKAM, job="Finance mail") == []
    assert jobs(job="Tenant") == []
    unknown = tasks.fails(MODULE, organization="fabrikan.onmicrosoft.com")
    assert "organization 'fabrikan.onmicrosoft.com' does not exist" in unknown["msg"] and FABRIKAM in unknown["msg"]


@with_copy_jobs
@pytest.mark.parametrize("host", ["controller"])
@pytest.mark.parametrize(
    "switches",
    [{"extra_fields": True}, {"null_instead_of_missing": True}, {"page_size_max": 2, "v8_next_links_v7": True}],
    ids=lambda switches: next(iter(switches)),
)
def test_what_servers_may_do(tasks: Tasks, switches: dict[str, t.Any]) -> None:
    """Unknown fields, nulls and short pages make no difference to the configuration."""
    add_copy_jobs(tasks)
    expected = tasks.run(MODULE)["config"]
    tasks.server.switch(**switches)
    assert tasks.run(MODULE)["config"] == expected
    for options in expected:
        assert not tasks.raw("vbo_copy_job", **options)["changed"]


@pytest.mark.parametrize("version", ["v3", "v5"])
def test_versions_without_copy_jobs_refuse(tasks: Tasks) -> None:
    """Before any request."""
    tasks.server.forget()
    result = tasks.raw(MODULE)
    assert result["failed"] and result["error"]["code"] == "Unsupported"
    assert "v6" in result["msg"] and tasks.version in result["msg"]
    assert tasks.server.log() == []
