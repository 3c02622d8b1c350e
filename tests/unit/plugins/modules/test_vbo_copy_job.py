# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(vbo_copy_job): its life cycle on every version with copy jobs, the rules of the product, variants of servers."""

from __future__ import annotations

import copy
import itertools
import typing as t

import pytest
import requests
import yaml
from ansible_collections.backupops.vbo365.plugins.module_utils._core import _plan as _resource

from ...support.sandbox import PASSWORD, USERNAME, Server
from ...support.tasks import Tasks

CONTOSO = "contoso.onmicrosoft.com"
JOB = "Everything selected"
JOB_ID = "8f5a1d3e-b276-4c09-ae41-3f7d9c0b52e8"
COPY_ID = "a9d3f6b2-7e15-48c0-9b64-0c1f8e5d2a37"
REPOSITORIES = {
    "repo-s3-copy": "7e3c5b20-9a64-4f1d-b8e7-06c2d5f9a143",
    "repo-glacier": "b51e7d94-0c38-4a6f-92d5-e84f1a7c3062",
}
MODULE = "vbo_copy_job"
IDENTITY = {"job": JOB, "organization": CONTOSO}

with_copy_jobs = pytest.mark.parametrize("version", ["v6", "v7", "v8"])
one_host = pytest.mark.parametrize("host", ["controller"])
State = dict[str, t.Any]


def fields(result: State) -> dict[str, tuple[t.Any, t.Any]]:
    """The changes of a result as field: (before, after)."""
    return {change["field"]: (change["before"], change["after"]) for change in result["changes"]}


def edit(server: Server, change: t.Callable[[State], None]) -> None:
    """Change the state of the server without its API."""
    state = server.state()
    change(state)
    server.replace(state)


def drop_copy_jobs(state: State) -> None:
    state["copy_jobs"] = []


def repository(state: State, name: str) -> State:
    return next(entry for entry in state["repositories"] if entry["name"] == name)


def truth(server: Server) -> State | None:
    """Return the only copy job of the server; the state omits default values."""
    copies = server.state()["copy_jobs"]
    assert len(copies) <= 1
    if not copies:
        return None
    policy = {"daily_type": "Everyday", "backup_window_enabled": False, **copies[0]["schedule_policy"]}
    return {"is_enabled": True, **copies[0], "schedule_policy": policy}


def behind(server: Server, method: str, path: str, body: t.Any = None) -> None:
    """Return what somebody else does in the meantime, over API v8."""
    form = {"grant_type": "password", "username": USERNAME, "password": PASSWORD, "disable_antiforgery_token": "true"}
    login = requests.post(f"{server.url}/v8/token", data=form, verify=server.ca_path, timeout=10)
    headers = {"Authorization": f"Bearer {login.json()['access_token']}"}
    reply = requests.request(
        method, f"{server.url}/v8/{path}", json=body, headers=headers, verify=server.ca_path, timeout=10
    )
    assert reply.status_code < 300, reply.text


@with_copy_jobs
def test_the_life_of_a_copy_job(tasks: Tasks) -> None:
    """Create, schedule, window, interval, target, enabled, several at once, delete; each twice, each predicted."""
    server = tasks.server
    edit(server, drop_copy_jobs)
    others = {key: server.state()[key] for key in ("jobs", "repositories", "organizations")}

    created = tasks.twice(MODULE, **IDENTITY, repository="repo-s3-copy")
    assert created["action"] == "create"
    assert created["writes"] == ["POST CopyJobs"]
    there = truth(server)
    assert there is not None
    copy_id = there["id"]
    assert (there["backup_job"], there["repository"]) == (JOB_ID, REPOSITORIES["repo-s3-copy"])
    assert there["is_enabled"] is True
    assert there["schedule_policy"]["type"] == "Immediate"
    assert created["copy_job"]["id"] == copy_id
    assert created["copy_job"]["name"].startswith(JOB)
    assert created["copy_job"]["job"] == JOB
    assert created["copy_job"]["organization"] == CONTOSO
    assert created["copy_job"]["repository"] == "repo-s3-copy"
    assert created["copy_job"]["schedule_policy"] == {"type": "immediate", "backup_copy_window_enabled": False}
    assert created["diff"]["before"] == ""
    shown = yaml.safe_load(created["diff"]["after"])
    assert shown["repository"] == "repo-s3-copy" and not {"id", "status"} & set(shown)

    daily = tasks.twice(MODULE, **IDENTITY, schedule_policy={"type": "daily_at_time", "daily_time": "08:00"})
    assert daily["action"] == "update"
    assert fields(daily) == {
        "schedule_policy.type": ("immediate", "daily_at_time"),
        "schedule_policy.daily_type": (None, "everyday"),
        "schedule_policy.daily_time": (None, "08:00"),
    }
    assert daily["writes"] == [f"PUT CopyJobs/{copy_id}"]
    policy = truth(server)["schedule_policy"]
    assert (policy["type"], policy["daily_type"], policy["daily_time"]) == ("DailyAtTime", "Everyday", "08:00:00")

    window = tasks.twice(
        MODULE, **IDENTITY, schedule_policy={"backup_copy_window": ["Sun 08:00-10:00", "Mon-Fri 20:00-24:00"]}
    )
    assert fields(window) == {
        "schedule_policy.backup_copy_window_enabled": (False, True),
        "schedule_policy.backup_copy_window": (None, ["Mon-Fri 20:00-24:00", "Sun 08:00-10:00"]),
    }
    assert window["writes"] == [f"PUT CopyJobs/{copy_id}"]
    policy = truth(server)["schedule_policy"]
    working_day = "0" * 20 + "1" * 4
    assert policy["backup_window_enabled"] is True
    assert policy["backup_window"]["hours"] == ["0" * 8 + "11" + "0" * 14, *[working_day] * 5, "0" * 24]
    assert (policy["type"], policy["daily_time"]) == ("DailyAtTime", "08:00:00"), "the window changed the schedule"

    often = tasks.twice(MODULE, **IDENTITY, schedule_policy={"type": "periodically", "periodically_every": "hours4"})
    assert fields(often) == {
        "schedule_policy.type": ("daily_at_time", "periodically"),
        "schedule_policy.daily_type": ("everyday", None),
        "schedule_policy.daily_time": ("08:00", None),
        "schedule_policy.periodically_every": (None, "hours4"),
    }
    assert often["writes"] == [f"PUT CopyJobs/{copy_id}"]
    assert truth(server)["schedule_policy"]["periodically_every"] == "Hours4"
    assert truth(server)["schedule_policy"]["backup_window"] == policy["backup_window"]

    moved = tasks.twice(MODULE, **IDENTITY, repository="repo-glacier")
    assert fields(moved) == {"repository": ("repo-s3-copy", "repo-glacier")}
    assert moved["writes"] == [f"PUT CopyJobs/{copy_id}"]
    assert truth(server)["repository"] == REPOSITORIES["repo-glacier"]

    disabled = tasks.twice(MODULE, **IDENTITY, enabled=False)
    assert fields(disabled) == {"enabled": (True, False)}
    assert disabled["writes"] == [f"POST CopyJobs/{copy_id}/disable"]
    assert truth(server)["is_enabled"] is False

    both = tasks.twice(
        MODULE,
        **IDENTITY,
        enabled=True,
        repository="repo-s3-copy",
        schedule_policy={"type": "immediate", "backup_copy_window": []},
    )
    assert both["writes"] == [f"PUT CopyJobs/{copy_id}", f"POST CopyJobs/{copy_id}/enable"]
    there = truth(server)
    assert (there["is_enabled"], there["repository"]) == (True, REPOSITORIES["repo-s3-copy"])
    assert (there["schedule_policy"]["type"], there["schedule_policy"]["backup_window_enabled"]) == ("Immediate", False)

    deleted = tasks.twice(MODULE, **IDENTITY, state="absent")
    assert (deleted["action"], deleted["changes"], deleted["copy_job"]) == ("delete", [], {})
    assert yaml.safe_load(deleted["diff"]["before"])["job"] == JOB and deleted["diff"]["after"] == ""
    assert deleted["writes"] == [f"DELETE CopyJobs/{copy_id}"]
    assert truth(server) is None
    assert {key: server.state()[key] for key in others} == others, "the copy job's life changed something else"


@with_copy_jobs
@one_host
def test_created_disabled_with_everything(tasks: Tasks) -> None:
    """A creation with every option is one write."""
    edit(tasks.server, drop_copy_jobs)
    policy = {
        "type": "daily_at_time",
        "daily_type": "workdays",
        "daily_time": "06:30",
        "backup_copy_window": ["Mon-Fri"],
    }
    created = tasks.twice(MODULE, **IDENTITY, repository="repo-glacier", enabled=False, schedule_policy=policy)
    assert created["writes"] == ["POST CopyJobs"]
    there = truth(tasks.server)
    assert there["is_enabled"] is False
    stored = there["schedule_policy"]
    assert (stored["type"], stored["daily_type"], stored["daily_time"]) == ("DailyAtTime", "Workdays", "06:30:00")
    assert stored["backup_window"]["hours"] == ["0" * 24, *["1" * 24] * 5, "0" * 24]


POLICIES: dict[str, State] = {
    "immediate": {"type": "immediate"},
    "periodically": {"type": "periodically", "periodically_every": "minutes30"},
    "daily_at_time": {"type": "daily_at_time", "daily_type": "sunday", "daily_time": "23:15"},
}


@with_copy_jobs
@one_host
def test_every_type_becomes_every_other(tasks: Tasks) -> None:
    """The answer has only the settings of the new type, and a window survives the change."""
    tasks.twice(MODULE, **IDENTITY, schedule_policy={**POLICIES["immediate"], "backup_copy_window": ["Sat-Sun"]})
    order = ["periodically", "daily_at_time", "immediate", "daily_at_time", "periodically", "immediate"]
    for before, after in itertools.pairwise(["immediate", *order]):
        changed = tasks.run(MODULE, **IDENTITY, schedule_policy=POLICIES[after])
        assert fields(changed)["schedule_policy.type"] == (before, after)
        assert changed["copy_job"]["schedule_policy"] == {
            **POLICIES[after],
            "backup_copy_window_enabled": True,
            "backup_copy_window": ["Sat-Sun"],
        }
        assert not tasks.raw(MODULE, **IDENTITY, schedule_policy=POLICIES[after])["changed"]
    assert truth(tasks.server)["schedule_policy"]["backup_window"]["hours"][1:6] == ["0" * 24] * 5


def test_windows(v8: Tasks) -> None:
    """Booleans, text and switches; an offset that is not given is sent back unchanged."""

    def offset(state: State) -> None:
        policy = state["copy_jobs"][0]["schedule_policy"]
        policy.update(backup_window_enabled=True, backup_window={"hours": ["1" * 24] * 7, "minute_offset": 120})

    edit(v8.server, offset)
    timed = v8.twice(MODULE, **IDENTITY, schedule_policy={"daily_time": "05:00"})
    assert fields(timed) == {"schedule_policy.daily_time": ("04:00", "05:00")}
    assert truth(v8.server)["schedule_policy"]["backup_window"] == {"hours": ["1" * 24] * 7, "minute_offset": 120}

    mask = [day in (0, 6) for day in range(7) for _hour in range(24)]
    changed = v8.twice(MODULE, **IDENTITY, schedule_policy={"backup_copy_window": mask})
    assert fields(changed) == {"schedule_policy.backup_copy_window": (["always"], ["Sat-Sun"])}
    stored = truth(v8.server)["schedule_policy"]["backup_window"]
    assert stored["hours"] == ["1" * 24, *["0" * 24] * 5, "1" * 24] and stored["minute_offset"] == 120

    moved = v8.twice(MODULE, **IDENTITY, schedule_policy={"backup_copy_window_minute_offset": 0})
    assert fields(moved) == {"schedule_policy.backup_copy_window_minute_offset": (120, None)}
    assert truth(v8.server)["schedule_policy"]["backup_window"].get("minute_offset", 0) == 0

    off = v8.twice(MODULE, **IDENTITY, schedule_policy={"backup_copy_window_enabled": False})
    assert fields(off)["schedule_policy.backup_copy_window_enabled"] == (True, False)
    assert truth(v8.server)["schedule_policy"]["backup_window_enabled"] is False

    missing = v8.fails(MODULE, **IDENTITY, schedule_policy={"backup_copy_window_enabled": True})
    assert missing["msg"].startswith("schedule_policy.backup_copy_window: ")
    never = v8.run(MODULE, warnings=True, **IDENTITY, schedule_policy={"backup_copy_window": ["never"]})
    assert any("never" in warning for warning in never["warnings"])
    assert truth(v8.server)["schedule_policy"]["backup_window"]["hours"] == ["0" * 24] * 7


MISTAKES: dict[str, tuple[State, list[str]]] = {
    "time": ({"schedule_policy": {"daily_time": "8 am"}}, ["schedule_policy.daily_time: '8 am' is not a time of day"]),
    "half hour": (
        {"schedule_policy": {"backup_copy_window": ["Sat 08:30-12:00"]}},
        ["schedule_policy.backup_copy_window[0]: '08:30' is not a whole hour"],
    ),
    "no interval": (
        {"schedule_policy": {"type": "periodically"}},
        ["schedule_policy.periodically_every: required for a schedule of type 'periodically'"],
    ),
    "other type": (
        {"schedule_policy": {"periodically_every": "hours1"}},
        ["schedule_policy.periodically_every: ", "'daily_at_time'", "add type: periodically"],
    ),
    "unknown repository": (
        {"repository": "repo-s3-cop"},
        ["repository 'repo-s3-cop' does not exist", "'repo-s3-copy'"],
    ),
    "own repository": ({"repository": "repo-s3-01"}, ["repository: ", "'repo-s3-01'", "job itself"]),
    "retention": ({"repository": "repo-fra-02"}, ["repository: ", "the same retention type", "repo-s3-01"]),
    "unknown job": ({"job": "Everything selectd"}, ["job 'Everything selectd'", "does not exist"]),
    "unknown organization": ({"organization": "contosso"}, ["organization 'contosso' does not exist", "contoso"]),
    "no such job": ({"job": None, "job_id": COPY_ID}, [COPY_ID, "does not exist"]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_end_before_the_first_write(v8: Tasks, mistake: str) -> None:
    """The message names the option and the correct form."""
    before = v8.server.state()
    options, texts = MISTAKES[mistake]
    result = v8.fails(MODULE, **{**IDENTITY, **options})
    for text in texts:
        assert text in result["msg"]
    assert result["error"]["message"]
    assert v8.server.state() == before


@with_copy_jobs
@one_host
def test_rules_that_the_client_can_see(tasks: Tasks) -> None:
    """Same repository, other retention, no repository: reported before any write, also in check mode."""

    def snapshots(state: State) -> None:
        drop_copy_jobs(state)
        repository(state, "repo-glacier")["retention_type"] = "SnapshotBased"

    edit(tasks.server, snapshots)
    for target, text in (
        ("repo-s3-01", "the repository of the backup job itself"),
        ("repo-glacier", "the same retention type"),
    ):
        result = tasks.fails(MODULE, **IDENTITY, repository=target)
        assert result["msg"].startswith(f"repository: '{target}'") and text in result["msg"]
        assert result["error"]["option"] == "repository"
    needed = tasks.fails(MODULE, **IDENTITY)
    assert needed["msg"].startswith("repository: required")
    assert truth(tasks.server) is None


def test_another_pool(v8: Tasks) -> None:
    """Pools exist from v8 on."""

    def pools(state: State) -> None:
        pool = "1f0e9d8c-7b6a-4594-8372-615049382716"
        state["proxy_pools"].append({"id": pool, "name": "pool-muc", "description": ""})
        other = {**repository(state, "repo-pool-01"), "id": pool, "name": "repo-pool-02", "proxy_pool": pool}
        same = {**repository(state, "repo-pool-01"), "id": JOB_ID, "name": "repo-pool-03"}
        state["repositories"] += [other, same]

    edit(v8.server, pools)
    identity = {"job": "Former staff", "organization": CONTOSO}
    result = v8.fails(MODULE, **identity, repository="repo-pool-02")
    assert "repository: 'repo-pool-02' must have the same proxy or proxy pool as" in result["msg"]
    assert "repo-pool-01" in result["msg"]
    assert v8.run(MODULE, **identity, repository="repo-pool-03")["action"] == "create"


@with_copy_jobs
@one_host
@pytest.mark.parametrize("status", ["auto", "400", "409", "422", "500"])
def test_refusals_of_the_server_are_passed_on(tasks: Tasks, status: str) -> None:
    """The message of the server, with the request that caused it, whatever the status; nothing is changed."""
    edit(tasks.server, drop_copy_jobs)
    tasks.server.switch(domain_error_status=status, unknown_copy_job="204")
    before = tasks.server.state()
    result = tasks.raw(MODULE, **IDENTITY, repository="repo-fra-01")
    assert result["failed"]
    assert "'repo-fra-01' is not an object storage repository" in result["msg"]
    if result["error"]["status"] is not None:  # the error comes from the server, not the client
        assert result["msg"].startswith(f"Cannot create copy job of job '{JOB}' in organization '{CONTOSO}': ")
        assert f"POST /{tasks.version}/CopyJobs" in result["msg"]
        assert (result["error"]["method"], result["error"]["path"]) == ("POST", f"/{tasks.version}/CopyJobs")
        assert str(result["error"]["status"]) == status or status == "auto"
        assert f"HTTP {result['error']['status']}" in result["msg"]
    assert tasks.server.state() == before
    assert sum(write == "POST CopyJobs" for write in tasks.server.writes()) <= 1, "a refused create was repeated"


@with_copy_jobs
@one_host
@pytest.mark.parametrize("answer", ["404", "204"])
def test_no_copy_job_is_found_without_guessing(tasks: Tasks, answer: str) -> None:
    """Absent is absent, in whichever way the server answers for a job without a copy job."""
    tasks.server.switch(unknown_copy_job=answer)
    absent = tasks.run(MODULE, job="Finance mail", organization=CONTOSO, state="absent")
    assert (absent["changed"], absent["action"], absent["copy_job"]) == (False, "none", {})
    assert tasks.twice(MODULE, **IDENTITY, state="absent")["action"] == "delete"
    assert tasks.twice(MODULE, **IDENTITY, repository="repo-s3-copy")["action"] == "create"


@pytest.mark.parametrize("version", ["v3", "v4", "v5"])
def test_versions_without_copy_jobs_refuse(tasks: Tasks) -> None:
    """Before any request, with the option, the version in use and the first version that supports it."""
    for state in ("present", "absent"):
        tasks.server.forget()
        result = tasks.raw(MODULE, **IDENTITY, state=state)
        assert result["failed"]
        assert result["msg"].startswith("job: ") and "v6" in result["msg"] and tasks.version in result["msg"]
        assert (result["error"]["code"], result["error"]["option"]) == ("Unsupported", "job")
        assert tasks.server.log() == []


@pytest.mark.parametrize("version", ["v6", "v7"])
@one_host
def test_a_value_of_v8_is_refused_before(tasks: Tasks) -> None:
    """C(hours12) is not sent to versions that do not support it."""
    policy = {"type": "periodically", "periodically_every": "hours12"}
    result = tasks.fails(MODULE, **IDENTITY, schedule_policy=policy)
    assert result["msg"].startswith("schedule_policy.periodically_every: ") and "v8" in result["msg"]
    assert result["error"]["code"] == "Unsupported"


@with_copy_jobs
def test_identified_by_name_in_any_case_or_by_id(tasks: Tasks) -> None:
    """The same copy job, also after the backup job was renamed."""
    for identity in ({"job_id": JOB_ID}, {"job": JOB.upper(), "organization": CONTOSO.upper()}, {"job": JOB}):
        found = tasks.run(MODULE, **identity, repository="repo-s3-copy")
        assert (found["changed"], found["copy_job"]["id"]) == (False, COPY_ID)
        assert (found["copy_job"]["job"], found["copy_job"]["organization"]) == (JOB, CONTOSO)
    renamed = tasks.run("vbo_job", id=JOB_ID, name="Renamed")
    assert renamed["changed"]
    for identity in ({"job_id": JOB_ID}, {"job": "Renamed", "organization": CONTOSO}):
        found = tasks.run(MODULE, **identity, repository="repo-s3-copy", schedule_policy={"daily_time": "04:00"})
        assert (found["changed"], found["copy_job"]["id"], found["copy_job"]["job"]) == (False, COPY_ID, "Renamed")
        assert found["copy_job"]["name"].startswith("Renamed")
    assert len(tasks.server.state()["copy_jobs"]) == 1


def test_a_name_of_two_organizations(v8: Tasks) -> None:
    """Without the organization, the name is ambiguous, and the candidates are listed."""

    def twin(state: State) -> None:
        workshop = next(job for job in state["jobs"] if job["name"] == "Workshop")
        workshop["name"] = JOB

    edit(v8.server, twin)
    result = v8.fails(MODULE, job=JOB, repository="repo-glacier")
    assert "not unique" in result["msg"] and JOB_ID in result["msg"] and "fabrikam" in result["msg"]
    assert v8.run(MODULE, **IDENTITY, repository="repo-glacier")["copy_job"]["id"] == COPY_ID


def run_copy(state: State) -> None:
    """Start a copy job that never ends."""
    state["copy_jobs"][0]["last_status"] = "Running"


@with_copy_jobs
@one_host
def test_while_it_runs(tasks: Tasks) -> None:
    """Edits proceed and deletions fail unless configured otherwise; waiting has a time limit."""
    server = tasks.server
    edit(server, run_copy)
    assert tasks.run(MODULE, **IDENTITY, schedule_policy={"daily_time": "04:30"})["changed"]
    refused = tasks.fails(MODULE, **IDENTITY, schedule_policy={"daily_time": "04:45"}, when_running="fail")
    assert "running" in refused["msg"] and "when_running" in refused["msg"]
    refused = tasks.fails(MODULE, **IDENTITY, state="absent")
    assert "running" in refused["msg"] and "when_running" in refused["msg"]
    unchanged = tasks.run(MODULE, **IDENTITY, schedule_policy={"daily_time": "04:30"}, when_running="fail")
    assert not unchanged["changed"], "what changes nothing need not wait"

    server.forget()
    waited = tasks.raw(MODULE, **IDENTITY, state="absent", when_running="wait", wait_timeout=0, wait_interval=1)
    assert waited["failed"] and "still running" in waited["msg"] and server.writes() == []
    assert truth(server) is not None

    refused = tasks.raw(MODULE, **IDENTITY, state="absent", when_running="proceed")
    assert refused["failed"]
    assert refused["msg"].startswith(f"Cannot delete copy job of job '{JOB}'") and "is running" in refused["msg"]
    server.switch(delete_running="accept")
    assert tasks.run(MODULE, **IDENTITY, state="absent", when_running="proceed")["action"] == "delete"
    assert truth(server) is None


@pytest.mark.parametrize("options", [{"state": "absent"}, {"repository": "repo-glacier"}])
def test_waiting_for_the_end(v8: Tasks, options: State) -> None:
    """The write is sent after the end of the run."""
    v8.server.switch(edit_running="reject", queued_seconds=0.1, running_seconds=0.4)
    behind(v8.server, "POST", f"CopyJobs/{COPY_ID}/start")
    v8.server.forget()
    result = v8.raw(MODULE, **IDENTITY, **options, when_running="wait", wait_timeout=20, wait_interval=1)
    assert not result.get("failed"), result.get("msg")
    assert result["changed"]
    runs = [session for session in v8.server.state()["sessions"] if session["job"] == COPY_ID]
    assert len(runs) == 2
    assert all(session.get("status", "Success") == "Success" for session in runs), "the run was not left to its end"


@with_copy_jobs
@one_host
def test_what_servers_may_do(tasks: Tasks) -> None:
    """Unknown fields, explicit nulls, late changes and short pages make no difference to the user."""
    for switches in (
        {"extra_fields": True},
        {"null_instead_of_missing": True},
        {"enable_delay": 0.3},
        {"page_size_max": 1, "v8_next_links_v7": True},
    ):
        tasks.server.reset(["v6", "v7", "v8"], **switches)
        assert not tasks.run(MODULE, **IDENTITY, repository="repo-s3-copy", enabled=True)["changed"], switches
        assert tasks.run(MODULE, **IDENTITY, enabled=False)["changed"]
        assert truth(tasks.server)["is_enabled"] is False, switches


@pytest.mark.parametrize(
    ("method", "options", "action"),
    [
        ("POST", {"repository": "repo-s3-copy"}, "create"),
        ("PUT", {"schedule_policy": {"type": "immediate"}}, "update"),
        ("DELETE", {"state": "absent"}, "delete"),
    ],
)
def test_a_lost_answer_is_looked_up(v8: Tasks, method: str, options: State, action: str) -> None:
    """A write that took place is not sent again."""
    if action == "create":
        edit(v8.server, drop_copy_jobs)
    rule = {"match": {"method": method, "path": "/CopyJobs"}, "times": 1, "then": {"reset_after": True}}
    v8.server.control("PUT", "faults", [rule])
    v8.server.forget()
    result = v8.raw(MODULE, **IDENTITY, **options)
    v8.server.control("DELETE", "faults")
    assert not result.get("failed"), result.get("msg")
    assert (result["changed"], result["action"]) == (True, action)
    assert len(v8.server.writes()) == 1
    assert len(v8.server.state()["copy_jobs"]) == (0 if action == "delete" else 1)


def test_a_write_that_does_not_stick_is_an_error(v8: Tasks, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that accepts a change without applying it: the error names field, expected and actual value."""
    monkeypatch.setattr(_resource, "LOOKS", (0.0, 0.1))
    rule = {"match": {"method": "POST", "path": "/disable$"}, "then": {"status": 204}}
    v8.server.control("PUT", "faults", [rule])
    result = v8.raw(MODULE, **IDENTITY, enabled=False)
    v8.server.control("DELETE", "faults")
    assert result["failed"]
    assert "did not apply" in result["msg"] and "enabled is True, expected False" in result["msg"]


def test_what_is_not_given_is_not_managed(v8: Tasks) -> None:
    """A copy job with every setting stays unchanged except for the one that is given."""
    before = copy.deepcopy(truth(v8.server))
    v8.twice(MODULE, **IDENTITY, enabled=False)
    after = truth(v8.server)
    assert {key: value for key, value in before.items() if after[key] != value}.keys() <= {"is_enabled", "e_tag"}
