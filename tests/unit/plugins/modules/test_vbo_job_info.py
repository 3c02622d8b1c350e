# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""C(vbo_job_info): its results, its filters, and that applying its C(config) changes nothing on any version."""

from __future__ import annotations

import copy
import typing as t

import pytest

from ...support.tasks import Tasks

MODULE = "vbo_job_info"
CONTOSO = "contoso.onmicrosoft.com"
FABRIKAM = "fabrikam.onmicrosoft.com"
FINANCE = "51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d95"
TEST_JOB = "3c407448-4d05-432f-a651-144827bed5ce"
FORMER = "6d41f8a3-c95e-4b07-a2f6-08b3d7e15c9a"
JOBS = [
    "Engineering sites",
    "Everything selected",
    "Finance mail",
    "Former staff",
    "On demand",
    "Tenant",
    "test_job",
    "Workshop",
]
#: how the window in the documentation of v3 is shown
V3_WINDOW_HOURS = [
    "111111111111111111111111",
    "111111000111111111101111",
    "111111000111110000001111",
    "111111111111111111111111",
    "111001111111111111001111",
    "111110000000000000111111",
    "111111111111111111111111",
]

one_host = pytest.mark.parametrize("host", ["controller"])
some_versions = pytest.mark.parametrize("version", ["v3", "v6", "v8"])


def names(result: dict[str, t.Any]) -> list[str]:
    return [job["name"] for job in result["jobs"]]


def one(tasks: Tasks, name: str, **options: t.Any) -> dict[str, t.Any]:
    (job,) = tasks.run(MODULE, name=name, **options)["jobs"]
    return job


def test_what_is_returned(tasks: Tasks) -> None:
    """Every job, ordered by organization and name; names in place of ids, words in place of enum values."""
    before = tasks.server.state()
    result = tasks.run(MODULE)
    assert (result["changed"], result["api_version"]) == (False, tasks.version)
    assert names(result) == JOBS
    finance = copy.deepcopy(result["jobs"][2])
    status = finance.pop("status")
    policy = finance.pop("schedule_policy")
    assert finance == {
        "id": FINANCE,
        "name": "Finance mail",
        "organization": CONTOSO,
        "repository": "repo-fra-01",
        "description": "Finance department, nightly",
        "enabled": True,
        "backup_type": "selected_items",
    }
    enabled = {"schedule_enabled": True} if tasks.number >= 5 else {}
    assert {key: value for key, value in policy.items() if "window" not in key and key != "schedule_enabled"} == {
        "type": "daily",
        "daily_type": "everyday",
        "daily_time": "22:00",
        "retry_enabled": True,
        "retry_number": 3,
        "retry_wait_interval": 20,
    }
    assert {key: policy[key] for key in enabled} == enabled
    assert (status["last_status"], status["last_run"]) == ("success", "2026-02-03T21:00:04.221671Z")
    assert (status["last_backup"] is not None) is (tasks.number >= 7)
    assert status["next_run"]
    config = result["config"][2]
    assert config["name"] == "Finance mail" and not {"id", "status"} & set(config)
    assert ("schedule_enabled" in config["schedule_policy"]) is (tasks.number >= 5)
    assert len(result["config"]) == len(result["jobs"])
    assert tasks.server.state() == before
    lists = [entry for entry in tasks.server.log() if "Items" in entry["path"] or "JobSessions" in entry["path"]]
    assert lists == [], "items and sessions are read on request only"


@pytest.mark.parametrize("version", ["v3", "v7", "v8"])
@one_host
def test_filters(tasks: Tasks) -> None:
    """Name pattern, id, organization, repository, status, enabled, and several at once."""

    def found(**options: t.Any) -> list[str]:
        return names(tasks.run(MODULE, **options))

    assert found(name="finance MAIL") == ["Finance mail"]
    assert found(name="E*e*") == ["Engineering sites", "Everything selected"]
    assert found(name="T?nant") == ["Tenant"]
    assert found(name="[T]enant") == [] and found(name="Ten") == []
    assert found(id=FINANCE.upper()) == ["Finance mail"]
    assert found(id="00000000-0000-4000-8000-000000000000") == []
    assert found(id=FINANCE, organization=FABRIKAM) == []
    assert found(id=FINANCE, name="Tenant") == []
    assert found(organization="FABRIKAM.onmicrosoft.com") == ["test_job", "Workshop"]
    assert found(organization="CONTOSO.onmicrosoft.com") == JOBS[:6]
    assert found(repository="repo-FRA-01") == ["Engineering sites", "Finance mail", "On demand"]
    assert found(repository="ce19de31-329d-4f0f-b85e-4424cc2e6821") == ["test_job", "Workshop"]
    assert found(enabled=False) == ["Former staff"]
    assert found(enabled=True) == [name for name in JOBS if name != "Former staff"]
    assert found(status=["warning", "failed"]) == ["Former staff", "Tenant"]
    assert found(status=["stopped"]) == ["Engineering sites", "On demand", "Workshop"]
    assert found(status=["success"], organization=CONTOSO, repository="repo-s3-01") == ["Everything selected"]
    assert found(repository="repo-glacier") == []


@some_versions
@one_host
def test_unknown_names_are_errors(tasks: Tasks) -> None:
    """A mistyped organization or repository is not an empty list; similar names are listed."""
    organization = tasks.fails(MODULE, organization="contosso.onmicrosoft.com")
    assert "organization 'contosso.onmicrosoft.com' does not exist" in organization["msg"]
    assert f"Did you mean '{CONTOSO}'" in organization["msg"]
    repository = tasks.fails(MODULE, repository="repo-fra-1")
    assert "repository 'repo-fra-1' does not exist" in repository["msg"] and "'repo-fra-01'" in repository["msg"]
    nothing = tasks.fails(MODULE, repository="repo-fra-1", name="no job has this exact name")
    assert "repository 'repo-fra-1' does not exist" in nothing["msg"]


def test_items(tasks: Tasks) -> None:
    """On request, in the form that people write, whatever the names of flags in the version are."""
    job = one(tasks, "Finance mail", items=True)
    assert job["selected_items"] == [
        {
            "type": "user",
            "name": "cfo@contoso.com",
            "mailbox": True,
            "archive_mailbox": True,
            "one_drive": True,
        },
        {
            "type": "group",
            "name": "finance@contoso.com",
            "members": True,
            "member_mailbox": True,
            "mailbox": True,
        },
    ]
    assert job["excluded_items"] == [{"type": "user", "name": "anton.weber@contoso.com", "mailbox": True}]
    assert "selected_items" not in one(tasks, "Finance mail")

    tenant = one(tasks, "Tenant", items=True)
    assert "selected_items" not in tenant, "a job for everything selects nothing"
    assert tenant["excluded_items"] == [{"type": "site", "url": "https://contoso.sharepoint.com/sites/legal"}]

    everything = one(tasks, "Everything selected", items=True)["selected_items"]
    shown = [item["type"] for item in everything]
    others = ["user", "group", "site", "partial_organization", "personal_sites", "one_drive_folders"]
    assert [kind for kind in shown if kind != "team"] == others
    assert shown.count("team") == 1 or tasks.number <= 4, "teams came with v5"
    by_type = {item["type"]: item for item in everything}
    assert by_type["user"]["personal_site"] is True
    assert by_type["group"]["group_site"] is True and by_type["group"]["member_onedrive"] is True
    assert by_type["one_drive_folders"]["folders"] == ["Archive/2025", "Reports"]
    if tasks.number >= 6:
        assert by_type["team"] == {"type": "team", "name": "engineering@contoso.com", "teams_chats": True}


@some_versions
@one_host
def test_a_stale_user_does_not_break(tasks: Tasks) -> None:
    """A user who left the tenant is shown as such, and the job can be declared with that user."""
    job = one(tasks, "Former staff", items=True)
    assert [item["name"] for item in job["selected_items"]] == [
        "former.employee@contoso.com",
        "paul.becker@contoso.com",
    ]
    (config,) = tasks.run(MODULE, id=FORMER, items=True)["config"]
    assert not tasks.run(**config)["changed"]
    assert tasks.twice(**{**config, "description": "With one who is gone"})["action"] == "update"
    assert one(tasks, "Former staff", items=True)["selected_items"] == job["selected_items"]


@one_host
def test_last_session(tasks: Tasks) -> None:
    """On request: the newest session, or none."""
    assert "last_session" not in one(tasks, "Finance mail")
    session = one(tasks, "Finance mail", last_session=True)["last_session"]
    assert (session["id"], session["status"]) == ("0e7b5c92-d4a1-4f38-b6e9-83c2a1d0f574", "success")
    assert one(tasks, "Workshop", last_session=True)["last_session"] is None
    tasks.server.switch(queued_seconds=0, running_seconds=0)
    newer = tasks.raw("vbo_job_run", id=FINANCE)["session"]["id"]
    (job,) = (result := tasks.run(MODULE, id=FINANCE, last_session=True))["jobs"]
    assert job["last_session"]["id"] == newer
    assert "last_session" not in result["config"][0]


@pytest.mark.parametrize("items", [False, True], ids=["plain", "items"])
def test_fed_back_it_changes_nothing(tasks: Tasks, items: bool) -> None:
    """Every job of the default state, on every version, complete and unchanged."""
    before = tasks.server.state()
    config = tasks.raw(MODULE, items=items)["config"]
    assert len(config) == len(JOBS)
    tasks.server.forget()
    for options in config:
        result = tasks.raw("vbo_job", **options)
        assert not result.get("failed"), (options["name"], result.get("msg"))
        assert (result["changed"], result["changes"], result["action"]) == (False, [], "none"), options["name"]
        assert not result.get("warnings"), options["name"]
        assert result["diff"]["before"] == result["diff"]["after"]
    assert tasks.server.writes() == []
    assert tasks.server.state() == before


@some_versions
@one_host
def test_fed_back_it_recreates(tasks: Tasks) -> None:
    """Deleted and created again from its configuration, a job is the same as before."""
    for name in ("Finance mail", "test_job", "Engineering sites"):
        (config,) = tasks.run(MODULE, name=name, items=True)["config"]
        tasks.run(name=name, state="absent")
        assert tasks.run(**config)["action"] == "create"
        assert tasks.run(MODULE, name=name, items=True)["config"] == [config]


def test_the_documented_job(tasks: Tasks) -> None:
    """The example in the documentation of v3: its window as ranges, no change when applied, edits keep the rest."""
    (config,) = tasks.run(MODULE, id=TEST_JOB)["config"]
    policy = config["schedule_policy"]
    assert policy["backup_window_enabled"] is True
    assert policy["backup_window"] == [
        "Mon 09:00-19:00",
        "Mon 20:00-06:00",
        "Tue 09:00-14:00",
        "Tue 20:00 - Thu 03:00",
        "Thu 05:00-18:00",
        "Thu 20:00-05:00",
        "Fri 18:00 - Mon 06:00",
    ]
    assert (policy["type"], policy["daily_type"], policy["daily_time"]) == ("daily", "friday", "19:00")
    assert not tasks.run(**config)["changed"]

    state = tasks.server.state()
    window = next(job for job in state["jobs"] if job["id"] == TEST_JOB)["schedule_policy"]["backup_window"]
    assert window["hours"] == V3_WINDOW_HOURS
    window["minute_offset"] = -420
    tasks.server.replace(state)
    timed = tasks.twice(id=TEST_JOB, schedule_policy={"daily_time": "20:30"})
    assert timed["changes"] == [{"field": "schedule_policy.daily_time", "before": "19:00", "after": "20:30"}]
    truth = tasks.server.job("test_job")["schedule_policy"]
    assert truth["daily_time"] == "20:30:00"
    assert truth["backup_window"] == {"hours": V3_WINDOW_HOURS, "minute_offset": -420}
    assert (truth["daily_type"], truth["backup_window_enabled"]) == ("Friday", True)

    renewed = tasks.run(id=TEST_JOB, schedule_policy={"backup_window": policy["backup_window"]})
    assert not renewed["changed"], "the same hours as text are the same hours"


@some_versions
@one_host
def test_more_than_a_page(tasks: Tasks) -> None:
    """Seventy jobs and forty items in short pages, and links to another version."""
    state = tasks.server.state()
    model = next(job for job in state["jobs"] if job["name"] == "Workshop")
    for number in reversed(range(70)):
        state["jobs"].append(
            {**model, "id": f"00000000-0000-4000-8000-{number:012d}", "name": f"Many {number:02d}", "e_tag": 0}
        )
    users = next(entry for entry in state["organizations"] if entry["name"] == CONTOSO)["users"][:40]
    finance = next(job for job in state["jobs"] if job["id"] == FINANCE)
    finance["selected_items"] = [{"type": "User", "object": user["id"], "mailbox": True} for user in users]
    tasks.server.replace(state)
    tasks.server.switch(page_size_max=15, v8_next_links_v7=True, set_id=True)
    many = [f"Many {number:02d}" for number in range(70)]
    assert names(tasks.run(MODULE, organization=FABRIKAM)) == [*many, "test_job", "Workshop"]
    assert names(tasks.run(MODULE, name="many 6*")) == many[60:]
    assert {entry["version"] for entry in tasks.server.log()} == {tasks.version}
    items = one(tasks, "Finance mail", items=True)["selected_items"]
    assert {item["name"] for item in items} == {user["name"] for user in users}
    (config,) = tasks.run(MODULE, id=FINANCE, items=True)["config"]
    assert not tasks.run(**config)["changed"]


#: variants of servers, and the versions on which they have an effect
SWITCHES: list[tuple[dict[str, t.Any], list[str]]] = [
    ({"extra_fields": True, "set_id": True}, ["v3", "v6", "v8"]),
    ({"null_instead_of_missing": True}, ["v3", "v5", "v6", "v7", "v8"]),
    ({"v8_next_links_v7": True, "page_size_max": 2}, ["v8"]),
    ({"schedule_off_reply": "manual_only"}, ["v7", "v8"]),
    ({"schedule_off_reply": "keep"}, ["v7", "v8"]),
    ({"v3_v4_schedule_enabled": True}, ["v3", "v4"]),
    ({"job_repository_id_in_old": True}, ["v3", "v5"]),
    ({"group_mailbox_key": "mail"}, ["v3", "v4"]),
    ({"entire_organization_row": False}, ["v8"]),
]


@one_host
@pytest.mark.parametrize(
    ("switches", "version"),
    [
        pytest.param(switches, version, id=f"{'-'.join(map(str, switches))}-{number}-{version}")
        for number, (switches, versions) in enumerate(SWITCHES)
        for version in versions
    ],
)
def test_what_servers_may_do(tasks: Tasks, switches: dict[str, t.Any]) -> None:
    """On every variant of a server, the result can be applied and changes nothing."""
    tasks.server.switch(**switches)
    before = tasks.server.state()
    result = tasks.raw(MODULE, items=True)
    assert not result.get("failed"), result.get("msg")
    assert names(result) == JOBS
    # the jobs for which the switches can make a difference
    for options in result["config"]:
        if options["name"] in ("Everything selected", "On demand", "Tenant", "test_job"):
            applied = tasks.raw("vbo_job", **options)
            assert not applied.get("failed"), applied.get("msg")
            assert (applied["changed"], applied["changes"]) == (False, []), options["name"]
    assert tasks.server.state() == before


def test_names_that_are_not_unique(v8: Tasks) -> None:
    """Two organizations with the same name are shown as ids, and the result can still be applied."""
    state = v8.server.state()
    twin = {"id": "00000000-0000-4000-8000-000000000001", "name": FABRIKAM}
    state["organizations"].append(twin)
    v8.server.replace(state)
    (config,) = v8.run(MODULE, id=TEST_JOB, items=True)["config"]
    assert config["organization"] == "63e92db4-8c0a-46df-ba92-15f46011c4a5"
    assert not v8.run(**config)["changed"]
    ambiguous = v8.fails(MODULE, organization=FABRIKAM)
    assert "not unique" in ambiguous["msg"] and twin["id"] in ambiguous["msg"]


def test_items_that_left_microsoft_365_are_marked_on_request(tasks: Tasks) -> None:
    """Only in the list of jobs: config returns them unchanged."""
    state = tasks.server.state()
    owner = next(entry for entry in state["organizations"] if entry["name"] == "contoso.onmicrosoft.com")
    gone = {item["snapshot"]["name"] for job in state["jobs"] for item in job["selected_items"] if "snapshot" in item}
    assert gone and owner["users"]
    plain = tasks.run("vbo_job_info", items=True)
    marked = tasks.run("vbo_job_info", items=True, deleted_items=True)
    found = [
        item for job in marked["jobs"] for key in ("selected_items", "excluded_items") for item in job.get(key, [])
    ]
    assert {item["name"] for item in found if item.get("deleted")} == gone
    assert marked["config"] == plain["config"] and "deleted" not in str(plain["jobs"]) + str(marked["config"])
    assert all(set(item.values()) & {True} for item in found if item.get("deleted"))


def test_deleted_items_need_items(v8: Tasks) -> None:
    assert v8.fails("vbo_job_info", deleted_items=True)["msg"].startswith("deleted_items: ")
