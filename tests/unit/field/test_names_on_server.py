# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that only look the same, on a server: no task confuses two objects, or claims that an object does not exist."""

from __future__ import annotations

import copy
import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.filter.drift import drift_report
from ansible_collections.backupops.vbo365.plugins.filter.export import FilterModule as Export

from ..support.sandbox import Server
from ..support.tasks import Tasks

CONTOSO = "contoso.onmicrosoft.com"
JOB = {
    "organization": CONTOSO,
    "repository": "repo-fra-01",
    "description": "new",
    "backup_type": "selected_items",
    "selected_items": [{"type": "group", "name": "engineering@contoso.com"}],
    "schedule_policy": {"type": "daily", "daily_time": "22:00"},
}
#: a name on the server, and spellings that look the same
TWINS = {
    "Büro": [
        "Bu\u0308ro",
        "BU\u0308RO",
        "Büro ",
        "Büro\n",
        " Büro",
        "Bü\u200bro",
        "\ufeffBüro",
        "Bü\u00adro",
        "Büro\u061c",
    ],
    "Finance mail": ["Finance mail ", "Finance mail\n", "finance\u00a0mail"],
}


@pytest.fixture
def named(server: Server) -> Server:
    """A server whose job, repository and organization have letters that can be composed."""
    state = server.state()
    first = next(job for job in state["jobs"] if job["name"] == "Finance mail")
    state["jobs"].append({**copy.deepcopy(first), "id": "51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d96", "name": "Büro"})
    place = next(place for place in state["repositories"] if place["name"] == "repo-fra-01")
    state["repositories"].append({**place, "id": "0c1de0aa-93b4-4d26-b8f1-6a2e7f3c0d96", "name": "Ablage Büro"})
    organization = state["organizations"][0]
    organization["sites"].append({"url": "https://contoso.sharepoint.com/sites/R&D", "title": "R&D"})
    organization["groups"].append({"name": "buero@contoso.com", "display_name": "Büro"})
    server.replace(state)
    return server


def told(result: dict[str, t.Any], option: str) -> None:
    """The task failed; the message names the option and the character that differs."""
    assert result["error"].get("option") == option, result["msg"]
    assert "U+" in result["msg"] and result["msg"].replace("\n", "").isprintable()


@pytest.mark.parametrize("name", TWINS)
def test_jobs(named: Server, v8: Tasks, name: str) -> None:
    before = named.state()
    for twin in TWINS[name]:
        given = {"name": twin, "organization": CONTOSO}
        told(v8.fails("vbo_job", **{**JOB, **given}), "name")
        told(v8.fails("vbo_job", name=twin, state="absent"), "name")
        told(v8.fails("vbo_job", **given, state="absent"), "name")
        told(v8.fails("vbo_copy_job", job=twin, repository="copy-eu-01"), "job")
        told(v8.fails("vbo_copy_job", job=twin, state="absent"), "job")
        told(v8.fails("vbo_job_run", **given), "name")
        told(v8.raw("vbo_job_session_info", **given), "name")
        for state in ("present", "absent"):
            entries = [{"name": "Tenant", "description": "x"}, {**given, "description": "new", "state": state}]
            told(v8.fails("vbo_jobs", jobs=entries), "jobs[1].name")
        prune = v8.raw("vbo_jobs", jobs=[given], prune=True, scope={"organizations": [CONTOSO]}, max_deletions=99)
        told(prune, "jobs[0].name")
        assert name not in [job["name"] for job in prune["unmanaged"]], "the report would show it twice"
        renamed = v8.fails("vbo_job", id=job_id(before, "Tenant"), name=twin)
        told(renamed, "name")
    assert named.state() == before


def test_what_nobody_can_mean(v8: Tasks) -> None:
    """New names with blanks or invisible characters at an end are rejected; existing jobs with such names are found."""
    for name in ("New ", " New", "New\n", "\tNew", "\ufeffNew", "New\u200b", "New\u00a0"):
        told(v8.fails("vbo_job", **{**JOB, "name": name}), "name")
        told(v8.fails("vbo_jobs", jobs=[{**JOB, "name": name}]), "jobs[0].name")
        told(v8.fails("vbo_job", id=job_id(v8.server.state(), "Tenant"), name=name), "name")
        assert not v8.run("vbo_job", name=name, state="absent")["changed"]
        state = v8.server.state()
        state["jobs"][0]["name"] = name
        v8.server.replace(state)
        assert not v8.run("vbo_job", name=name, repository="repo-fra-01")["changed"]
        assert v8.run("vbo_job", id=state["jobs"][0]["id"], description=f"of {name!r}")["action"] == "update"
        v8.server.reset(("v8",))


def test_two_names_in_one_list(v8: Tasks) -> None:
    """One of two new jobs could not be distinguished from the other; existing jobs are both managed."""
    both = [{**JOB, "name": name} for name in ("Büro", "Bu\u0308ro")]
    told(v8.fails("vbo_jobs", jobs=both), "jobs[1].name")
    state = v8.server.state()
    for number, job in enumerate(both):
        twin = {
            **copy.deepcopy(state["jobs"][0]),
            "name": job["name"],
            "id": f"51e0c7aa-93b4-4d26-b8f1-6a2e7f3c0d9{number}",
        }
        state["jobs"].append(twin)
    v8.server.replace(state)
    assert v8.twice_bulk([{"name": job["name"], "description": job["name"]} for job in both])["summary"]["update"] == 2
    for job in both:
        assert (v8.server.job(job["name"]) or {})["description"] == job["name"]


def test_names_of_other_objects(named: Server, v8: Tasks) -> None:
    before = named.state()
    finance = {"name": "Finance mail", "organization": CONTOSO}
    for spelling in ("Ablage Bu\u0308ro", "Ablage Büro ", "Ablage\u00a0Büro", "repo-fra-02\n", "repo\u00ad-fra-02"):
        for result in (
            v8.fails("vbo_job", **finance, repository=spelling),
            v8.fails("vbo_jobs", jobs=[{**finance, "repository": spelling}]),
            v8.raw("vbo_job_info", repository=spelling),
        ):
            assert result["failed"] and "U+" in result["msg"], result["msg"]
    for spelling in (f"{CONTOSO}\n", f"\ufeff{CONTOSO}"):
        for result in (
            v8.fails("vbo_job", name="Finance mail", organization=spelling, state="absent"),
            v8.fails("vbo_jobs", jobs=[{"name": "Finance mail", "organization": spelling, "state": "absent"}]),
        ):
            assert result["failed"] and "U+" in result["msg"], result["msg"]
    for spelling in ("Bu\u0308ro", "Bü\u200bro"):
        item = {"type": "group", "name": spelling}
        result = v8.fails("vbo_job", **finance, selected_items=[item])
        assert "selected_items[0]" in result["msg"] and "U+" in result["msg"]
    assert named.state() == before


def test_an_item_that_is_to_be_removed(named: Server, v8: Tasks) -> None:
    """Another item is not removed in its place, and the mistake is reported."""
    finance = {"name": "Finance mail", "organization": CONTOSO}
    v8.twice("vbo_job", **finance, selected_items=[{"type": "group", "name": "Büro"}], items_mode="add")
    for spelling in ("buero@\u200bcontoso.com", "\ufeffBüro", "Bu\u0308ro"):
        gone = {"selected_items": [{"type": "group", "name": spelling}], "items_mode": "remove"}
        result = v8.fails("vbo_job", **finance, **gone)
        assert "selected_items[0]" in result["msg"] and "U+" in result["msg"], result["msg"]
    assert not v8.run("vbo_job", **finance, selected_items=[{"type": "group", "name": "Bureau"}], items_mode="remove")[
        "changed"
    ]


def test_information_says_what_it_does_not_find(named: Server, v8: Tasks) -> None:
    for module, key, options in (
        ("vbo_job_info", "jobs", {"name": "Bu\u0308ro"}),
        ("vbo_job_info", "jobs", {"name": "Finance mail ", "organization": CONTOSO}),
        ("vbo_copy_job_info", "copy_jobs", {"job": "Finance\u00a0mail"}),
        ("vbo_repository_info", "repositories", {"name": "Ablage Büro\n"}),
        ("vbo_organization_info", "organizations", {"name": f"{CONTOSO}\u200b"}),
        ("vbo_proxy_info", "proxies", {"name": "proxy\u00ad-01.contoso.example"}),
        ("vbo_organization_object_info", "objects", {"type": "group", "name": "Bu\u0308ro", "organization": CONTOSO}),
    ):
        result = v8.raw(module, **options)
        assert result[key] == [], module
        (warning,) = result["warnings"]
        assert "U+" in warning and warning.isprintable(), module
        option = "job" if "job" in options else "name"
        assert warning.startswith(f"{option}: ")
        assert not v8.raw(module, **{**options, option: "nothing"}).get("warnings"), module
        assert not v8.raw(module, **{**options, option: None}).get("warnings"), module


def test_letters_that_others_fold(v8: Tasks, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two different jobs, in a task, a list, an export, and a deletion."""
    v8.twice("vbo_job", **JOB, name="Strasse")
    first = v8.server.job("Strasse")
    assert v8.twice("vbo_job", **JOB, name="Straße")["action"] == "create"
    assert v8.server.job("Strasse") == first
    v8.twice_bulk([{"name": "STRASSE", "description": "one"}, {"name": "straße", "description": "two"}])
    assert [(v8.server.job(name) or {})["description"] for name in ("Strasse", "Straße")] == ["one", "two"]
    config = v8.raw("vbo_job_info", items=True)["config"]
    exported = Export().filters()["export_jobs"](config, [])
    assert {"Strasse", "Straße"} <= {job["name"] for job in exported}
    assert not v8.run("vbo_jobs", jobs=exported)["changed"]
    assert [job["name"] for job in v8.raw("vbo_job_info", name="stra?e")["jobs"]] == ["Straße"]
    assert v8.run("vbo_job", id=job_id(v8.server.state(), "Straße"), name="STRAßE")["changed"]
    v8.twice("vbo_job", name="strasse", state="absent")
    assert v8.server.job("Strasse") is None and v8.server.job("STRAßE") is not None


def test_a_protected_job_stays(named: Server, v8: Tasks) -> None:
    """In doubt a job is protected."""
    for pattern in ("Bu\u0308*", " büro ", "B\u00ad*"):
        result = v8.run(
            "vbo_jobs",
            jobs=[{"name": "Finance mail"}],
            prune=True,
            scope={"organizations": [CONTOSO], "name": "B*"},
            protected=[pattern],
        )
        assert not result["changed"] and [job["name"] for job in result["unmanaged"]] == ["Büro"]


def test_drift_tells_both(named: Server, v8: Tasks) -> None:
    """A spelling that the server does not have is an error with a reason, not one missing and one additional job."""
    result = v8.raw(
        "vbo_jobs", check=True, jobs=[{**JOB, "name": "Bu\u0308ro"}], details=True, on_error="continue",
        scope={"organizations": [CONTOSO], "name": "B*"},
    )  # fmt: skip
    report = drift_report(result, "vbo-1", now="2026-11-26T12:00:00Z")
    kinds = [(job["name"], job["kind"]) for server in report["servers"] for job in server["jobs"]]
    assert kinds == [("Bu\u0308ro", "failed")]


# --- sites -----------------------------------------------------------------------------------------------------------


def test_a_site_as_the_browser_copies_it(named: Server, v8: Tasks) -> None:
    job = {"name": "Finance mail", "organization": CONTOSO}
    sites = "https://contoso.sharepoint.com/sites"
    users = [{"type": "user", "name": user["name"]} for user in named.state()["organizations"][0]["users"][:1]]
    v8.twice("vbo_job", **job, selected_items=[*users, {"type": "site", "url": f"{sites}/R&D"}], excluded_items=[])
    for url in (
        f"{sites}/R%26D",
        f"{sites}/r%26d/",
        "https://CONTOSO.sharepoint.com:443/sites/R%26D",
        f" {sites}/R&D\n",
    ):
        assert not v8.run("vbo_job", **job, selected_items=[*users, {"type": "site", "url": url}])["changed"], url
        selected = {"selected_items": [*users, {"type": "site", "url": f"{sites}/R&D"}]}
        result = v8.fails("vbo_job", **job, **selected, excluded_items=[{"type": "site", "url": url}])
        assert result["error"]["option"] == "excluded_items", "it is selected already"
        found = v8.raw("vbo_organization_object_info", organization=CONTOSO, type="site", name=url)["objects"]
        assert [site["title"] for site in found] == ["R&D"]
    twice = [{"type": "site", "url": f"{sites}/R&D"}, {"type": "site", "url": f"{sites}/R%26D"}]
    assert "list each item once" in v8.fails("vbo_job", **job, selected_items=twice)["msg"]
    gone = {"selected_items": [{"type": "site", "url": f"{sites}/R%26D"}], "items_mode": "remove"}
    v8.twice("vbo_job", **job, **gone)


def job_id(state: dict[str, t.Any], name: str) -> str:
    return next(job["id"] for job in state["jobs"] if job["name"] == name)
