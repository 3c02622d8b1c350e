# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""vbo_jobs: many jobs in one task, on every version and both hosts; each task is predicted in check mode first."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._core import _plan

from ...support.sandbox import Server
from ...support.tasks import Tasks

CONTOSO, FABRIKAM = "contoso.onmicrosoft.com", "fabrikam.onmicrosoft.com"
USER = {"type": "user", "name": "cfo@contoso.com"}
Job = dict[str, t.Any]


def new(name: str, **options: t.Any) -> Job:
    return {
        "name": name,
        "organization": CONTOSO,
        "repository": "repo-fra-01",
        "backup_type": "selected_items",
        "selected_items": [USER],
        "schedule_policy": {"type": "daily", "daily_time": "01:00"},
        **options,
    }


def change(name: str, **options: t.Any) -> Job:
    return {"name": name, "organization": CONTOSO, **options}


def names(server: Server) -> set[str]:
    return {job["name"] for job in server.state()["jobs"]}


def actions(result: dict[str, t.Any]) -> list[tuple[str, str, str]]:
    return [(job["name"], job["action"], job["status"]) for job in result["jobs"]]


# --- the twelve steps ------------------------------------------------------------------------------------------------


def test_create_change_and_delete_a_list(tasks: Tasks) -> None:
    """Each step in check mode, for real, and both again; the state of the server is checked after each."""
    before = names(tasks.server)
    made = tasks.twice_bulk([new("B"), new("A", enabled=False), change("Finance mail", description="x")])
    assert actions(made) == [("B", "create", "ok"), ("A", "create", "ok"), ("Finance mail", "update", "ok")]
    assert names(tasks.server) == before | {"A", "B"}
    assert tasks.server.job("A")["is_enabled"] is False and tasks.server.job("Finance mail")["description"] == "x"
    assert [diff["before_header"] for diff in made["diff"]] == [
        f"{CONTOSO} / {name}" for name in ("B", "A", "Finance mail")
    ]
    assert made["diff"][0]["before"] == "" and made["diff"][0]["after"].startswith("name: B\n")
    assert made["summary"] == {
        "create": 2,
        "update": 1,
        "delete": 0,
        "none": 0,
        "failed": 0,
        "skipped": 0,
        "unmanaged": len(before) - 1,
    }
    policy = {"daily_time": "02:30", "backup_window": ["Mon-Fri 01:00-05:00", "Sat"]}
    changed = tasks.twice_bulk([change("A", schedule_policy=policy), change("B", enabled=False)])
    assert actions(changed) == [("A", "update", "ok"), ("B", "update", "ok")]
    assert tasks.server.job("A")["schedule_policy"]["daily_time"].startswith("02:30")
    assert tasks.server.job("B")["is_enabled"] is False
    gone = tasks.twice_bulk([change("A", state="absent"), change("B", state="absent")])
    assert actions(gone) == [("A", "delete", "ok"), ("B", "delete", "ok")]
    assert names(tasks.server) == before
    assert [diff["after"] for diff in gone["diff"]] == ["", ""]


def test_what_the_information_module_returns_changes_nothing(tasks: Tasks) -> None:
    read = tasks.raw("vbo_job_info", items=True)
    result = tasks.run("vbo_jobs", warnings=True, jobs=read["config"], details=True)
    assert not result["changed"] and result["summary"]["none"] == len(read["config"])
    assert tasks.server.writes() == [] and result["unmanaged"] == []
    for job, config in zip(result["jobs"], read["config"], strict=True):
        assert job["before"] == job["after"]
        assert {key: job["after"][key] for key in config if key != "schedule_policy"} == {
            key: value for key, value in config.items() if key != "schedule_policy"
        }


def test_an_empty_list_does_nothing(v8: Tasks) -> None:
    result = v8.run("vbo_jobs", jobs=[])
    assert not result["changed"] and len(result["unmanaged"]) == len(names(v8.server))


# --- requests --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("most", [1, 4, 10])
def test_requests_do_not_grow_with_the_jobs_and_results_keep_their_order(v8: Tasks, most: int) -> None:
    """One login and one listing for any number of jobs; one write for each change."""
    listed = [f"J{number:02d}" for number in range(12)]
    v8.run("vbo_jobs", jobs=[new(name) for name in listed], max_parallel=most)
    plain = [change(name, schedule_policy={"daily_time": "01:00"}) for name in reversed(listed)]
    totals = []
    for jobs in (plain[:2], plain):
        assert not v8.run("vbo_jobs", jobs=jobs, max_parallel=most)["changed"]
        totals.append({key: v8.server.counts()[key] for key in ("total", "logins", "reads", "writes")})
    assert totals[0] == totals[1] and totals[1]["logins"] == 1 and totals[1]["writes"] == 0
    later = [
        {**job, "schedule_policy": {"daily_time": "05:00"}} if number % 3 == 0 else job
        for number, job in enumerate(plain)
    ]
    result = v8.run("vbo_jobs", jobs=later, max_parallel=most)
    assert [job["name"] for job in result["jobs"]] == listed[::-1]
    assert v8.server.counts()["writes"] == 4 and v8.server.counts()["logins"] == 1
    assert result["summary"]["update"] == 4 and result["summary"]["none"] == 8


# --- failures --------------------------------------------------------------------------------------------------------

LIST = [change("Finance mail", description="a"), new("Second", repository="nowhere"), change("Tenant", description="c")]


def test_a_plan_that_fails_writes_nothing(tasks: Tasks) -> None:
    result = tasks.fails("vbo_jobs", jobs=LIST)
    assert result["failed_jobs"] == ["Second"] and "jobs[1] 'Second'" in result["msg"]
    assert "1 of 3 jobs failed, and nothing was written." in result["msg"]
    assert actions(result)[0] == ("Finance mail", "update", "skipped")
    assert result["error"]["message"] == "repository 'nowhere' does not exist"


def test_a_plan_that_fails_leaves_the_others_alone_if_asked_to(v8: Tasks) -> None:
    result = v8.raw("vbo_jobs", jobs=LIST, on_error="continue")
    assert result["failed"] and [status for _name, _action, status in actions(result)] == ["ok", "failed", "ok"]
    assert v8.server.job("Finance mail")["description"] == "a" and v8.server.job("Tenant")["description"] == "c"
    assert len(result["diff"]) == 2 and result["summary"]["failed"] == 1


REFUSED = {
    "match": {"method": "PUT", "path": "/Jobs/51e0c7aa"},
    "then": {"status": 500, "body": {"message": "disk full"}},
}


@pytest.mark.parametrize(
    ("on_error", "statuses"), [("stop", ["ok", "failed", "skipped"]), ("continue", ["ok", "failed", "ok"])]
)
def test_a_write_that_fails(v8: Tasks, on_error: str, statuses: list[str]) -> None:
    v8.server.control("PUT", "faults", [REFUSED])
    jobs = [
        change("Tenant", description="1"),
        change("Finance mail", description="2"),
        change("On demand", description="3"),
    ]
    more = {"prune": True, "scope": {"organizations": [FABRIKAM, CONTOSO]}, "max_deletions": 100}
    jobs += [{"name": "test_job", "organization": FABRIKAM}]
    result = v8.raw("vbo_jobs", jobs=jobs, on_error=on_error, max_parallel=1, **more)
    before = names(v8.server)
    assert result["failed"] and [job["status"] for job in result["jobs"][:3]] == statuses
    assert "disk full" in result["msg"] and result["error"]["status"] == 500
    assert v8.server.job("Tenant")["description"] == "1"
    assert (v8.server.job("On demand").get("description") == "3") == (on_error == "continue")
    assert all(job["status"] == "skipped" for job in result["jobs"][4:]) and names(v8.server) == before
    v8.server.control("DELETE", "faults")


def test_all_wrong_options_are_said_at_once_before_any_request(v8: Tasks) -> None:
    jobs = [
        change("a", schedule_policy={"daily_time": "25:00"}),
        change("b"),
        change("c", copy_job={"schedule_policy": {"daily_time": "x"}}),
        change("B"),
        change("d", state="absent", copy_job={}),
    ]
    v8.server.forget()
    message = v8.raw("vbo_jobs", jobs=jobs)["msg"].splitlines()
    assert [line.partition(": ")[0] for line in message] == [
        "jobs[0].schedule_policy.daily_time",
        "jobs[2].copy_job.schedule_policy.daily_time",
        "jobs[3].name",
        "jobs[4].copy_job",
    ]
    assert v8.server.counts()["total"] == 0


@pytest.mark.parametrize(
    "jobs", [[change("Finance mail"), {"name": "FINANCE MAIL"}], [change("Finance mail"), {"id": "ID"}]]
)
def test_one_job_by_two_names_is_declared_twice(v8: Tasks, jobs: list[Job]) -> None:
    known = v8.server.job("Finance mail")["id"]
    result = v8.fails("vbo_jobs", jobs=[{**job, "id": known} if "id" in job else job for job in jobs])
    assert "jobs[1]: means the same job as jobs[0]" in result["msg"]


def test_options_that_a_version_lacks_are_named_by_their_path(server: Server) -> None:
    old = Tasks(server, "v5", "controller")
    assert "jobs[1].copy_job: " in old.fails("vbo_jobs", jobs=[change("a"), new("b", copy_job={})])["msg"]
    result = old.fails(
        "vbo_jobs", jobs=[new("a", schedule_policy={"type": "periodically", "periodically_every": "hours12"})]
    )
    assert result["msg"].startswith("jobs[0].schedule_policy.periodically_every: ")


@pytest.mark.parametrize(("option", "value"), [("max_parallel", 0), ("max_parallel", 11), ("max_deletions", -1)])
def test_numbers_have_limits(v8: Tasks, option: str, value: int) -> None:
    assert v8.fails("vbo_jobs", jobs=[], **{option: value})["msg"].startswith(f"{option}: ")


@pytest.mark.parametrize(("times", "then"), [(1, {"forget_tokens": True}), (3, {"reset_after": True})])
def test_nothing_is_doubled_when_answers_get_lost(v8: Tasks, times: int, then: dict[str, t.Any]) -> None:
    """The token expires, or connections fail, during many concurrent writes."""
    v8.server.control(
        "PUT", "faults", [{"match": {"method": "POST", "path": "/Jobs$"}, "skip": 2, "times": times, "then": then}]
    )
    listed = [f"N{number}" for number in range(8)]
    result = v8.raw("vbo_jobs", jobs=[new(name) for name in listed])
    v8.server.control("DELETE", "faults")
    assert not result.get("failed"), result["msg"]
    found = [job["name"] for job in v8.server.state()["jobs"] if job["name"] in listed]
    assert sorted(found) == listed


# --- copy jobs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["v6", "v7", "v8"])
def test_a_copy_job_with_its_job(server: Server, version: str, host: str) -> None:
    tasks = Tasks(server, version, host)
    count = len(server.state()["copy_jobs"])
    (copy,) = server.state()["copy_jobs"]
    places = {repository["id"]: repository["name"] for repository in server.state()["repositories"]}
    source = next(job["repository"] for job in server.state()["jobs"] if job["id"] == copy["backup_job"])
    job = new("Copied", repository=places[source], copy_job={"repository": places[copy["repository"]]})
    made = tasks.twice_bulk([job])
    assert made["jobs"][0]["copy_job"]["action"] == "create" and len(server.state()["copy_jobs"]) == count + 1
    policy = {"type": "daily_at_time", "daily_time": "08:00"}
    changed = tasks.twice_bulk([change("Copied", copy_job={"schedule_policy": policy})])
    assert changed["jobs"][0]["action"] == "none" and changed["jobs"][0]["copy_job"]["action"] == "update"
    assert [diff["before_header"] for diff in changed["diff"]] == [f"{CONTOSO} / Copied (copy)"]
    gone = tasks.twice_bulk([change("Copied", copy_job={"state": "absent"})])
    assert gone["jobs"][0]["copy_job"]["action"] == "delete" and len(server.state()["copy_jobs"]) == count


# --- prune and scope -------------------------------------------------------------------------------------------------

MINE = {"scope": {"description": "Mine", "organizations": [CONTOSO]}, "prune": True}


@pytest.fixture
def mine(tasks: Tasks) -> Tasks:
    """Three jobs with a mark in their descriptions, among those of others."""
    tasks.run("vbo_jobs", jobs=[new(name, description=f"Mine {name}") for name in ("m1", "m2", "m3")])
    return tasks


def test_prune_deletes_what_is_in_the_scope_and_not_declared(mine: Tasks) -> None:
    before = names(mine.server)
    kept = mine.run("vbo_jobs", jobs=[change("m1")], protected=["M2"], **MINE)
    assert actions(kept) == [("m1", "none", "ok"), ("m3", "delete", "ok")]
    assert [job["name"] for job in kept["unmanaged"]] == ["m2"]
    assert names(mine.server) == before - {"m3"}
    again = mine.twice_bulk([change("m1")], **MINE)
    assert actions(again) == [("m1", "none", "ok"), ("m2", "delete", "ok")] and names(mine.server) == before - {
        "m2",
        "m3",
    }


GUARDS: list[tuple[str, dict[str, t.Any], list[Job], str]] = [
    ("no scope", {"scope": None}, [change("m1")], "scope: required with prune"),
    ("an empty scope", {"scope": {"name": ""}}, [change("m1")], "scope: required with prune"),
    ("no job", {}, [], "jobs: must not be empty with prune"),
    ("only jobs that shall go", {}, [change("m1", state="absent")], "jobs: must not be empty with prune"),
    (
        "an organization without a declared job",
        {"scope": {"organizations": [CONTOSO, FABRIKAM]}},
        [change("m1")],
        "scope.organizations: no job of 'fabrikam.onmicrosoft.com' is declared",
    ),
    (
        "too many",
        {"max_deletions": 1},
        [change("m1")],
        "max_deletions: prune would delete 2 jobs, but the limit is 1. Raise it to delete: 'm2', 'm3'",
    ),
    ("an unknown organization", {"scope": {"organizations": ["x"]}}, [change("m1")], "organization 'x' does not exist"),
]


@pytest.mark.parametrize(("given", "jobs", "text"), [guard[1:] for guard in GUARDS], ids=[guard[0] for guard in GUARDS])
def test_each_guard_holds(v8: Tasks, given: dict[str, t.Any], jobs: list[Job], text: str) -> None:
    v8.run("vbo_jobs", jobs=[new(name, description=f"Mine {name}") for name in ("m1", "m2", "m3")])
    before = names(v8.server)
    result = v8.fails("vbo_jobs", jobs=jobs, **{**MINE, **given})
    assert text in result["msg"] and names(v8.server) == before


def test_a_job_that_cannot_be_planned_is_never_pruned(v8: Tasks) -> None:
    v8.run("vbo_jobs", jobs=[new(name, description="Mine") for name in ("m1", "m2")])
    before = names(v8.server)
    wrong = [change("m1"), {"name": "M2", "organization": "typo.onmicrosoft.com"}]
    result = v8.raw("vbo_jobs", jobs=wrong, on_error="continue", **MINE)
    assert result["failed"] and names(v8.server) == before
    assert [job["name"] for job in result["unmanaged"]] == []


def test_prune_deletes_copy_jobs_first(v8: Tasks) -> None:
    (copy,) = v8.server.state()["copy_jobs"]
    copied = next(job["name"] for job in v8.server.state()["jobs"] if job["id"] == copy["backup_job"])
    scope = {"name": copied, "organizations": [CONTOSO]}
    result = v8.twice_bulk([new("keep")], prune=True, scope=scope)
    assert actions(result)[1] == (copied, "delete", "ok") and v8.server.job(copied) is None
    assert v8.server.state()["copy_jobs"] == []


def test_prune_deletes_no_running_job(v8: Tasks) -> None:
    v8.server.switch(running_seconds=60)
    assert not v8.raw("vbo_job_run", name="Finance mail", organization=CONTOSO, wait=False).get("failed")
    scope = {"name": "Finance mail", "organizations": [CONTOSO]}
    before = names(v8.server)
    result = v8.fails("vbo_jobs", jobs=[change("Tenant", description="x")], prune=True, scope=scope)
    assert "it is running" in result["msg"] and names(v8.server) == before
    assert v8.server.job("Tenant")["description"] != "x"


def test_the_scope_limits_what_is_listed_as_unmanaged(v8: Tasks) -> None:
    everything = v8.run("vbo_jobs", jobs=[change("Tenant")])["unmanaged"]
    assert len(everything) == len(names(v8.server)) - 1 and {"name", "organization", "id"} == set(everything[0])
    some = v8.run("vbo_jobs", jobs=[], scope={"organizations": [FABRIKAM]}, details=True)["unmanaged"]
    assert {job["organization"] for job in some} == {FABRIKAM} and all(
        job["before"]["name"] == job["name"] for job in some
    )
    read = {job["name"]: job for job in v8.raw("vbo_job_info", organization=FABRIKAM)["config"]}
    assert all(job["before"] == read[job["name"]] for job in some)
    assert [job["name"] for job in v8.run("vbo_jobs", jobs=[], scope={"name": "TEN*"})["unmanaged"]] == ["Tenant"]


def test_read_only_lets_nothing_out(v8: Tasks) -> None:
    result = v8.raw("vbo_jobs", jobs=[change("Tenant", description="x")], read_only=True)
    assert result["failed"] and v8.server.writes() == []
    assert not v8.raw("vbo_jobs", check=True, jobs=[change("Tenant", description="x")], read_only=True).get("failed")


# --- confirmation ----------------------------------------------------------------------------------------------------

SAME = [f"S{number}" for number in range(6)]


def changed(**options: t.Any) -> list[Job]:
    return [change(name, description="changed", **options) for name in SAME]


def asked_after_writes(server: Server) -> list[str]:
    """Return the reads after the last write, without the version."""
    log = [(entry["method"], entry["path"].split("/", 2)[2]) for entry in server.log()]
    last = max(number for number, (method, path) in enumerate(log) if method != "GET" and not path.startswith("token"))
    return [path for method, path in log[last:] if method == "GET"]


@pytest.fixture
def several(v8: Tasks) -> Tasks:
    v8.run("vbo_jobs", jobs=[new(name) for name in SAME])
    v8.server.forget()
    return v8


@pytest.mark.parametrize("on_error", ["stop", "continue"])
def test_many_changes_are_confirmed_by_one_list(several: Tasks, on_error: str) -> None:
    result = several.run("vbo_jobs", jobs=changed(), on_error=on_error)
    assert result["summary"]["update"] == len(SAME)
    assert all(several.server.job(name)["description"] == "changed" for name in SAME)
    assert [path.partition("?")[0] for path in asked_after_writes(several.server)] == ["Jobs"]
    several.server.forget()
    gone = several.run("vbo_jobs", jobs=[change(name, state="absent") for name in SAME], on_error=on_error)
    assert gone["summary"]["delete"] == len(SAME) and not names(several.server) & set(SAME)
    assert [path.partition("?")[0] for path in asked_after_writes(several.server)] == ["Jobs"]


def test_a_change_that_the_list_does_not_show_is_looked_at_by_itself(several: Tasks) -> None:
    """The server returns an old list for a moment: nothing fails, and each job is verified individually."""
    several.server.switch(old_reads=0.4)
    assert several.run("vbo_jobs", jobs=changed(), on_error="continue")["summary"]["update"] == len(SAME)
    assert len(asked_after_writes(several.server)) > len(SAME)
    assert all(several.server.job(name)["description"] == "changed" for name in SAME)


def test_a_list_that_cannot_be_read_leaves_a_look_at_each(several: Tasks) -> None:
    rule = {"match": {"method": "GET", "path": "/Jobs$"}, "skip": 2, "times": 9, "then": {"status": 404}}
    several.server.control("PUT", "faults", [rule])
    assert several.run("vbo_jobs", jobs=changed(), on_error="continue")["summary"]["update"] == len(SAME)
    assert len(asked_after_writes(several.server)) == len(SAME) + 1


def test_a_job_that_does_not_take_its_change_is_named_alone(several: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_plan, "LOOKS", (0.0, 0.1))
    identifier = several.server.job("S3")["id"]
    rule = {"match": {"method": "PUT", "path": f"/Jobs/{identifier}$"}, "then": {"status": 204}}
    several.server.control("PUT", "faults", [rule])
    result = several.raw("vbo_jobs", jobs=changed(), on_error="continue")
    assert result["failed_jobs"] == ["S3"] and "description" in result["msg"]
    assert [job["status"] for job in result["jobs"]] == ["ok", "ok", "ok", "failed", "ok", "ok"]


def test_a_server_that_applies_nothing_gets_one_write_when_a_failure_is_to_stop_the_others(
    several: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_plan, "LOOKS", (0.0, 0.1))
    several.server.control("PUT", "faults", [{"match": {"method": "PUT"}, "then": {"status": 204}}])
    result = several.raw("vbo_jobs", jobs=changed(), on_error="stop")
    assert [job["status"] for job in result["jobs"]] == ["failed"] + ["skipped"] * 5
    assert several.server.counts()["writes"] == 1
