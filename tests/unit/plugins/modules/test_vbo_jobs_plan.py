# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""vbo_jobs with a saved plan: applied as planned, rejected after any change, completed after an interruption."""

from __future__ import annotations

import copy
import json
import time
import typing as t
from pathlib import Path

import jsonschema
import pytest
from ansible_collections.backupops.vbo365.plugins.filter.plan import plan_files, plan_report
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._jobs import _planned as saved

from ...support.full import FULL
from ...support.sandbox import Sandbox, Server
from ...support.tasks import Tasks
from .test_cut_off import held, run_and_die, without_copies
from .test_two_writers import meanwhile

SCHEMA = json.loads((Path(__file__).parents[4] / "docs" / "schemas" / "plan.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
CONTOSO = "contoso.onmicrosoft.com"
CFO = {"type": "user", "name": "cfo@contoso.com", "mailbox": True}
IVAN = {"type": "user", "name": "ivan.petrov@contoso.com", "mailbox": True}
SERVED = ("v3", "v4", "v5", "v6", "v7", "v8")
Job = dict[str, t.Any]
State = dict[str, t.Any]

FINANCE = {
    "name": "Finance mail",
    "organization": CONTOSO,
    "schedule_policy": {"daily_time": "01:11"},
    "selected_items": [CFO],
    "excluded_items": [IVAN],
}
EVERYTHING = {
    "name": "Everything selected",
    "organization": CONTOSO,
    "enabled": False,
    "copy_job": {"schedule_policy": {"daily_time": "08:15"}},
}
NEW = {
    "name": "New",
    "organization": CONTOSO,
    "description": "new",  # a default description contains the time
    "repository": "repo-fra-01",
    "backup_type": "selected_items",
    "selected_items": [CFO],
    "schedule_policy": {"type": "daily", "daily_time": "02:00"},
    "enabled": False,
}
GONE = {
    "name": "Engineering sites",
    "organization": CONTOSO,
    "state": "absent",
    "delete_copy_job": True,
    "when_running": "proceed",
}
SAME = {"name": "Tenant", "organization": CONTOSO, "backup_type": "entire_organization"}
JOBS: list[Job] = [FINANCE, EVERYTHING, NEW, GONE, SAME]


def save(tasks: Tasks, jobs: t.Sequence[Job] = tuple(JOBS), **options: t.Any) -> dict[str, t.Any]:
    """Return the plan of a server as it is read from a file on another machine."""
    result = tasks.raw("vbo_jobs", check=True, jobs=list(jobs), fingerprints=True, **options)
    assert not result.get("failed"), result
    return json.loads(json.dumps(result["plan"], sort_keys=True))


@pytest.fixture(scope="module")
def planned(sandbox: Sandbox) -> str:
    """The plan for JOBS on API v8 and a server in its initial state."""
    sandbox.servers["main"].reset(SERVED)
    return json.dumps(save(Tasks(sandbox.servers["main"], "v8", "controller")))


def truth(server: Server) -> State:
    return {key: value for key, value in server.state().items() if key != "sessions"}


def changes_of(result: dict[str, t.Any]) -> str:
    told = [[job["name"], job["changes"], (job.get("copy_job") or {}).get("changes")] for job in result]
    return json.dumps(told, sort_keys=True)


# --- nothing has moved -----------------------------------------------------------------------------------------------


def test_what_was_planned_is_done_and_nothing_else(tasks: Tasks) -> None:
    """On every version and in both hosts; the result on the server equals that of a run without a plan."""
    jobs = [without_copies(job) for job in JOBS] if tasks.number < 6 else JOBS
    jobs = [{key: value for key, value in job.items() if key != "copy_job" or tasks.number > 5} for job in jobs]
    tasks.raw("vbo_jobs", jobs=jobs)
    expected = held(tasks.server)
    tasks.server.reset(SERVED)
    plan = save(tasks, jobs)
    result = tasks.run("vbo_jobs", warnings=True, jobs=jobs, plan=plan)
    assert held(tasks.server) == expected
    assert changes_of(plan["jobs"]) == changes_of(result["jobs"])
    again = tasks.run("vbo_jobs", warnings=True, jobs=jobs, plan=plan)
    assert not again["changed"], "what is done counts as done"
    assert plan["api_version"] == tasks.version
    whole = plan_report({"plan": plan, "jobs": []}, "a", tasks.server.url)
    VALIDATOR.validate(json.loads(plan_files(whole, ["json"])[0]["content"]))
    assert ("e_tag" in plan["jobs"][0]) == (tasks.number == 8)


def test_a_plan_needs_no_more_requests_and_does_not_depend_on_order(v8: Tasks) -> None:
    v8.raw("vbo_jobs", check=True, jobs=JOBS)
    asked = v8.server.counts()["total"]
    v8.server.forget()
    plan = save(v8)
    assert v8.server.counts()["total"] == asked
    v8.server.forget()
    result = v8.raw("vbo_jobs", check=True, jobs=JOBS[::-1], plan=plan, max_parallel=1)
    assert not result.get("failed"), result["msg"]
    assert v8.server.counts()["total"] == asked


def test_a_job_that_has_run_since_has_not_moved(v8: Tasks) -> None:
    plan = save(v8)
    state = v8.server.state()
    for job in (*state["jobs"], *state["copy_jobs"]):
        job.update(last_run="2026-02-05T21:00:04Z", last_status="Warning", e_tag=9999)
    v8.server.replace(state)
    assert v8.run("vbo_jobs", jobs=JOBS, plan=plan)["changed"]


# --- something has moved behind our back -----------------------------------------------------------------------------


def job_of(state: State, name: str) -> Job:
    return next(job for job in state["jobs"] if job["name"] == name)


def edit(which: str, /, **fields: t.Any) -> t.Callable[[State], None]:
    def work(state: State) -> None:
        job_of(state, which).update(fields)

    return work


def reschedule(name: str, **fields: t.Any) -> t.Callable[[State], None]:
    def work(state: State) -> None:
        job_of(state, name)["schedule_policy"].update(fields)

    return work


def edit_copy(**fields: t.Any) -> t.Callable[[State], None]:
    def work(state: State) -> None:
        policy = {**state["copy_jobs"][0]["schedule_policy"], **fields.get("schedule_policy", {})}
        state["copy_jobs"][0].update({**fields, "schedule_policy": policy})

    return work


def edit_items(name: str, field: str, change: t.Callable[[list[t.Any]], t.Any]) -> t.Callable[[State], None]:
    def work(state: State) -> None:
        change(job_of(state, name)[field])

    return work


def remove(name: str) -> t.Callable[[State], None]:
    def work(state: State) -> None:
        identifier = job_of(state, name)["id"]
        state["jobs"] = [job for job in state["jobs"] if job["name"] != name]
        state["copy_jobs"] = [job for job in state["copy_jobs"] if job["backup_job"] != identifier]

    return work


def remove_copy(state: State) -> None:
    state["copy_jobs"] = []


def add(name: str, like: str, **fields: t.Any) -> t.Callable[[State], None]:
    def work(state: State) -> None:
        job = {**copy.deepcopy(job_of(state, like)), "id": "51e0c7aa-93b4-4d26-b8f1-000000000001", "name": name}
        state["jobs"].append({**job, **fields})

    return work


def add_copy(name: str) -> t.Callable[[State], None]:
    def work(state: State) -> None:
        job_id = job_of(state, name)["id"]
        identifier = "a9d3f6b2-7e15-48c0-9b64-000000000002"
        state["copy_jobs"].append({**copy.deepcopy(state["copy_jobs"][0]), "id": identifier, "backup_job": job_id})

    return work


def made_anew(name: str) -> t.Callable[[State], None]:
    return edit(name, id="51e0c7aa-93b4-4d26-b8f1-000000000003")


HOURS = {"hours": ["0" * 24] + ["1" * 24] * 6}
OTHER_REPOSITORY = "7e3c5b20-9a64-4f1d-b8e7-06c2d5f9a143"
SITES = "Engineering sites"
#: what somebody does, and the job and the fields in the error
MOVES: dict[str, tuple[t.Callable[[State], None], str, set[str]]] = {
    "name": (edit(SITES, name="Sites"), SITES, {"name"}),
    "description": (edit("Finance mail", description="by hand"), "Finance mail", {"description"}),
    "description of a job that stays": (edit("Tenant", description="by hand"), "Tenant", {"description"}),
    "description of a job that goes": (edit(SITES, description="by hand"), SITES, {"description"}),
    "enabled": (edit("Finance mail", is_enabled=False), "Finance mail", {"enabled"}),
    "repository": (edit("Finance mail", repository=OTHER_REPOSITORY), "Finance mail", {"repository"}),
    "backup type": (
        edit("Tenant", backup_type="SelectedItems", selected_items=[{"type": "PartialOrganization", "mailbox": True}]),
        "Tenant",
        {"backup_type"},
    ),
    "daily time": (
        reschedule("Finance mail", daily_time="23:15:00"),
        "Finance mail",
        {"schedule_policy.daily_time"},
    ),
    "daily type": (reschedule("Finance mail", daily_type="Monday"), "Finance mail", {"schedule_policy.daily_type"}),
    "retry number": (reschedule("Finance mail", retry_number=9), "Finance mail", {"schedule_policy.retry_number"}),
    "retry wait": (
        reschedule("Finance mail", retry_wait_interval=99),
        "Finance mail",
        {"schedule_policy.retry_wait_interval"},
    ),
    "retry": (reschedule("Finance mail", retry_enabled=False), "Finance mail", {"schedule_policy.retry_enabled"}),
    "window": (
        reschedule("Finance mail", backup_window_enabled=True, backup_window=HOURS),
        "Finance mail",
        {"schedule_policy.backup_window_enabled", "schedule_policy.backup_window"},
    ),
    "type of schedule": (reschedule("Tenant", type="ManualOnly"), "Tenant", {"schedule_policy.type"}),
    "interval": (
        reschedule("Everything selected", periodically_every="Hours8"),
        "Everything selected",
        {"schedule_policy.periodically_every"},
    ),
    "offset": (
        reschedule("Everything selected", periodically_offset_minutes=45),
        "Everything selected",
        {"schedule_policy.periodically_offset_minutes"},
    ),
    "hours of periodic runs": (
        reschedule("Everything selected", periodically_window=HOURS),
        "Everything selected",
        {"schedule_policy.periodically_window"},
    ),
    "an item more": (
        edit_items("Finance mail", "selected_items", lambda items: items.append({"type": "PersonalSites"})),
        "Finance mail",
        {"selected_items[personal_sites]"},
    ),
    "an item less": (
        edit_items("Finance mail", "selected_items", lambda items: items.pop(1)),
        "Finance mail",
        {"selected_items[user cfo@contoso.com]"},
    ),
    "another flag of an item": (
        edit_items("Finance mail", "selected_items", lambda items: items[0].update(member_mailbox=False)),
        "Finance mail",
        {"selected_items[group finance@contoso.com]"},
    ),
    "an exclusion more": (
        edit_items("Finance mail", "excluded_items", lambda items: items.append({"type": "PersonalSites"})),
        "Finance mail",
        {"excluded_items[personal_sites]"},
    ),
    "deleted": (remove("Finance mail"), "Finance mail", {""}),
    "deleted although it stays": (remove("Tenant"), "Tenant", {""}),
    "deleted and made again": (made_anew("Finance mail"), "Finance mail", {"id"}),
    "deleted and made again although it goes": (made_anew(SITES), SITES, {"id"}),
    "created": (
        add("New", "Finance mail"),
        "New",
        {
            "description",
            "enabled",
            "schedule_policy.daily_time",
            "selected_items[user cfo@contoso.com]",
            "selected_items[group finance@contoso.com]",
        },
    ),
    "one more in the scope": (add("By hand", "Finance mail"), "By hand", {""}),
    "one less in the scope": (remove("Workshop"), "Workshop", {""}),
    "another name in the scope": (edit("Workshop", name="Renamed"), "Workshop", {"name"}),
    "copy: time": (
        edit_copy(schedule_policy={"daily_time": "05:00:00"}),
        "Everything selected",
        {"copy_job.schedule_policy.daily_time"},
    ),
    "copy: days": (
        edit_copy(schedule_policy={"daily_type": "Monday"}),
        "Everything selected",
        {"copy_job.schedule_policy.daily_type"},
    ),
    "copy: type": (
        edit_copy(schedule_policy={"type": "Immediate"}),
        "Everything selected",
        {"copy_job.schedule_policy.type"},
    ),
    "copy: enabled": (edit_copy(is_enabled=False), "Everything selected", {"copy_job.enabled"}),
    "copy: repository": (
        edit_copy(repository="f04b9a6c-35d2-4e8b-a1c7-90de2f6b7718"),
        "Everything selected",
        {"copy_job.repository"},
    ),
    "copy: made again": (edit_copy(id="a9d3f6b2-7e15-48c0-9b64-000000000009"), "Everything selected", {"copy_job.id"}),
    "copy: deleted": (remove_copy, "Everything selected", {"copy_job"}),
    "copy: created": (add_copy(SITES), SITES, {"copy_job"}),
}


@pytest.mark.parametrize("what", MOVES)
def test_what_has_moved_is_refused_by_its_field(v8: Tasks, what: str, planned: str) -> None:
    work, name, fields = MOVES[what]
    plan = json.loads(planned)
    state = v8.server.state()
    work(state)
    v8.server.replace(state)
    before = truth(v8.server)
    result = v8.fails("vbo_jobs", jobs=JOBS, plan=plan)
    assert truth(v8.server) == before
    found: dict[str, set[str]] = {}
    for moved in result["moved"]:
        found.setdefault(moved["name"], set()).add(moved["field"])
    assert fields <= found.pop(name), result["moved"]
    assert not found or what == "name", "the other jobs have not moved"
    assert name in result["msg"] and all(field in result["msg"] for field in fields)
    assert result["error"]["code"] == "PlanRefused"


def test_both_hosts_refuse_alike(server: Server) -> None:
    plan = save(Tasks(server, "v8", "controller"))
    state = server.state()
    reschedule("Finance mail", daily_time="23:15:00")(state)
    server.replace(state)
    one, other = (
        Tasks(server, "v8", host).fails("vbo_jobs", jobs=JOBS, plan=plan) for host in ("controller", "module")
    )
    assert (one["moved"], one["msg"], one["error"]) == (other["moved"], other["msg"], other["error"])


def test_an_edit_between_the_comparison_and_the_write_is_not_planned_anew(v8: Tasks) -> None:
    job = {"name": "Finance mail", "organization": CONTOSO, "schedule_policy": {"daily_time": "01:11"}}
    plan = save(v8, [job])
    edited = edit("Finance mail", description="theirs")
    result = meanwhile(v8.server, lambda: v8.raw("vbo_jobs", jobs=[job], plan=plan), edited)
    assert result.get("failed") and "description changed on the server after it was read" in result["msg"]
    assert job_of(v8.server.state(), "Finance mail")["schedule_policy"]["daily_time"] == "22:00:00"


def test_a_job_that_is_busy_fails_by_itself(v8: Tasks) -> None:
    """Nothing has changed, so the others are applied if on_error is continue."""
    jobs = [{**FINANCE, "when_running": "fail"}, {"name": "Tenant", "organization": CONTOSO, "description": "x"}]
    plan = save(v8, jobs)
    v8.server.switch(queued_seconds=0, running_seconds=3600)
    v8.raw("vbo_job_run", name="Finance mail", wait=False)
    result = v8.raw("vbo_jobs", jobs=jobs, plan=plan, on_error="continue")
    assert result.get("failed_jobs") == ["Finance mail"], result["msg"]
    assert "moved" not in result
    assert job_of(v8.server.state(), "Tenant")["description"] == "x"


# --- something else is declared --------------------------------------------------------------------------------------

DECLARED: dict[str, tuple[list[Job], dict[str, t.Any], str | None, str]] = {
    "another value": (
        [{**FINANCE, "schedule_policy": {"daily_time": "01:12"}}],
        {},
        "Finance mail",
        "schedule_policy.daily_time",
    ),
    "one option more": ([{**FINANCE, "description": "x"}], {}, "Finance mail", "description"),
    "other items": (
        [{**FINANCE, "selected_items": [CFO, IVAN], "excluded_items": []}],
        {},
        "Finance mail",
        "selected_items",
    ),
    "other handling": ([{**FINANCE, "when_running": "wait"}], {}, "Finance mail", "when_running"),
    "no copy job": (
        [{key: EVERYTHING[key] for key in EVERYTHING if key != "copy_job"}],
        {},
        "Everything selected",
        "copy_job",
    ),
    "another copy job": (
        [{**EVERYTHING, "copy_job": {"enabled": False}}],
        {},
        "Everything selected",
        "copy_job.schedule_policy.daily_time",
    ),
    "one job more": ([{"name": "Workshop", "enabled": True}], {}, "Workshop", ""),
    "another scope": ([], {"scope": {"organizations": [CONTOSO]}}, None, "scope"),
    "prune": ([], {"scope": {"name": "no job"}, "prune": True}, None, "prune"),
}


@pytest.mark.parametrize("what", DECLARED)
def test_another_declaration_is_refused_by_its_option(v8: Tasks, what: str, planned: str) -> None:
    jobs, options, name, field = DECLARED[what]
    plan = json.loads(planned)
    names = [job["name"] for job in jobs]
    result = v8.fails(
        "vbo_jobs", jobs=[*jobs, *(job for job in JOBS if job["name"] not in names)], plan=plan, **options
    )
    assert (name, field) in [(moved["name"], moved["field"]) for moved in result["moved"]]


def test_a_job_that_is_not_declared_any_more_is_refused(v8: Tasks) -> None:
    plan = save(v8)
    result = v8.fails("vbo_jobs", jobs=JOBS[1:], plan=plan)
    assert [(moved["name"], moved["reason"]) for moved in result["moved"]] == [("Finance mail", "gone")]


def test_an_upgraded_server_is_refused_before_the_log_in(server: Server) -> None:
    plan = save(Tasks(server, "v7", "controller"))
    server.forget()
    result = Tasks(server, "v8", "controller").fails("vbo_jobs", jobs=JOBS, plan=plan)
    assert [moved["field"] for moved in result["moved"]] == ["api_version"]
    assert "v8" in result["msg"] and "v7" in result["msg"] and server.counts()["logins"] == 0


def spoiled(value: t.Any) -> t.Iterator[t.Any]:
    """The same data again and again, each time without another part or with a part of another type."""
    places = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in places:
        for other in (None, "x", [], {}, 7, [7], *spoiled(entry)):
            found = copy.copy(value)
            found[key] = other
            yield found


def test_no_form_of_a_plan_ends_in_a_traceback(v8: Tasks) -> None:
    """It is rejected with its path, rejected because of a change, or harmless; nothing is written."""
    jobs = [FINANCE, GONE]
    part = save(v8, jobs)
    for entry in (*part["jobs"], *part["unmanaged"]):
        for key in ("fingerprint", "declared", "before"):
            if key in entry:
                entry[key] = dict(list(entry[key].items())[:1])
    part["unmanaged"] = part["unmanaged"][:1]
    for number, broken in enumerate(spoiled(part)):
        try:
            saved.check_part(broken)
        except InputError as error:
            assert error.option == "plan"
            continue
        if number % 9 == 0:  # the others are checked with the pure functions only
            result = v8.raw("vbo_jobs", check=True, jobs=jobs, plan=broken)
            assert "Traceback" not in str(result) and (not result.get("failed") or result["error"]["code"]), result
    assert v8.server.writes() == []


WRONG: list[t.Any] = [
    {},
    {"jobs": []},
    {"api_version": "v8", "settings": {}, "jobs": {}, "pruned": [], "unmanaged": []},
]


@pytest.mark.parametrize("part", WRONG, ids=range(len(WRONG)))
def test_what_is_no_plan_is_refused_by_its_path(v8: Tasks, part: t.Any) -> None:
    result = v8.fails("vbo_jobs", jobs=JOBS, plan=part)
    assert result["error"]["option"] == "plan" and v8.server.counts()["total"] == 0


# --- prune -----------------------------------------------------------------------------------------------------------

PRUNE = {"scope": {"organizations": [CONTOSO]}, "prune": True, "max_deletions": 9}
KEEP = [FINANCE, SAME]


def test_a_planned_prune_is_done_once_and_finished(v8: Tasks) -> None:
    plan = save(v8, KEEP, **PRUNE)
    assert {job["name"] for job in plan["pruned"]} >= {SITES, "Everything selected"}
    v8.run("vbo_jobs", jobs=KEEP, plan=plan, **PRUNE)
    names = {job["name"] for job in v8.server.state()["jobs"]}
    assert not names & {job["name"] for job in plan["pruned"]} and "Workshop" in names
    assert not v8.run("vbo_jobs", jobs=KEEP, plan=plan, **PRUNE)["changed"]


@pytest.mark.parametrize(
    ("work", "name", "field"),
    [
        (add("By hand", "Finance mail"), "By hand", ""),
        (edit(SITES, description="by hand"), SITES, "description"),
        (
            edit_copy(schedule_policy={"daily_time": "05:00:00"}),
            "Everything selected",
            "copy_job.schedule_policy.daily_time",
        ),
        (add_copy(SITES), SITES, "copy_job"),
    ],
    ids=["one more", "edited", "copy edited", "copy created"],
)
@pytest.mark.parametrize("most", [9, 2])
def test_a_prune_that_would_delete_something_else_is_refused(
    v8: Tasks, work: t.Callable[[State], None], name: str, field: str, most: int
) -> None:
    """Also if the additional job is one too many."""
    only = {} if most == 9 else {"protected": ["Everything*", "Engineering*"] if name == "By hand" else []}
    options = {**PRUNE, **only}
    plan = save(v8, KEEP, **options)
    if most == 2:
        options["max_deletions"] = plan["settings"]["max_deletions"] = len(plan["pruned"])
    state = v8.server.state()
    work(state)
    v8.server.replace(state)
    result = v8.fails("vbo_jobs", jobs=KEEP, plan=plan, **options)
    assert [(moved["name"], moved["field"]) for moved in result["moved"]] == [(name, field)]


# --- cut off ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answered", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("version", SERVED if FULL else ("v8",))
def test_the_same_plan_finishes_a_run_that_was_cut_off(server: Server, version: str, answered: bool) -> None:
    """At every request with ``VBO365_TEST_FULL``, otherwise at every seventh."""
    tasks = Tasks(server, version, "controller")
    jobs = [{key: value for key, value in job.items() if key != "copy_job" or tasks.number > 5} for job in JOBS]
    prune = {"scope": {"name": "*o*"}, "prune": True, "max_deletions": 9}
    server.reset(SERVED)
    plan = save(tasks, jobs, **prune)
    options = {"jobs": jobs, "plan": plan, "max_parallel": 2, **prune}
    undisturbed = tasks.raw("vbo_jobs", **options)
    assert undisturbed["changed"] and not undisturbed.get("failed"), undisturbed.get("msg")
    expected, number, cut = held(server), 1, 0
    while True:
        server.reset(SERVED)
        if not run_and_die(tasks, "vbo_jobs", options, number, answered):
            break
        cut += 1
        again = tasks.raw("vbo_jobs", **options)
        assert not again.get("failed"), (number, again["msg"])
        assert held(server) == expected, f"cut off at request {number}"
        number += 1 if FULL else 7
    assert cut > 3


# --- size ------------------------------------------------------------------------------------------------------------


def test_a_plan_for_a_thousand_jobs_is_linear(v8: Tasks) -> None:
    """Ten times the jobs take at most about ten times as long to plan and to compare."""
    state = v8.server.state()
    like = job_of(state, "Finance mail")
    spent = {}
    for count in (100, 1000):
        names = [f"Job {number}" for number in range(count)]
        jobs = [{**like, "id": f"00000000-0000-4000-8000-{n:012d}", "name": name} for n, name in enumerate(names)]
        v8.server.replace({**state, "jobs": [*state["jobs"], *jobs]})
        declared = [{"name": name, "organization": CONTOSO, "description": "x"} for name in names]
        begin = time.process_time()
        plan = v8.raw("vbo_jobs", check=True, jobs=declared, fingerprints=True)["plan"]
        result = v8.raw("vbo_jobs", check=True, jobs=declared, plan=plan)
        spent[count] = time.process_time() - begin
        assert result["summary"]["update"] == count
    assert spent[1000] < 15 * spent[100], spent
