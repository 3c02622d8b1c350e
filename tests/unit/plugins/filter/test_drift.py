# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The data of drift reports: states from results, ignored differences, merged reports."""

from __future__ import annotations

import copy
import datetime
import json
import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.filter.drift import (
    FilterModule,
    drift_fleet,
    drift_merge,
    drift_report,
)
from ansible_collections.backupops.vbo365.plugins.plugin_utils._drift._week import start_week, window_week

from .drift_samples import (
    CONTOSO,
    DOWN,
    NOW,
    TEXT,
    TIME,
    WINDOW,
    broken,
    everything,
    failure,
    job,
    report,
    result,
    unmanaged,
)


def kinds(found: dict[str, t.Any]) -> dict[str, str]:
    return {entry["name"]: entry["kind"] for server in found["servers"] for entry in server["jobs"]}


def state(found: dict[str, t.Any]) -> str:
    (server,) = found["servers"]
    return server["state"]


def test_the_filters_are_those_that_are_documented() -> None:
    assert list(FilterModule().filters()) == ["drift_report", "drift_fleet", "drift_merge", "drift_files"]


# --- what a result says ----------------------------------------------------------------------------------------------


def test_kinds_of_jobs() -> None:
    found = report(
        "one",
        result(
            job("Same"),
            job("New", "create", {"field": "name", "before": None, "after": "New"}),
            job("Other", "update", TIME),
            job("Doomed", "delete"),
            broken("Broken", "repository 'x' does not exist."),
            others=[unmanaged("Foreign")],
        ),
    )
    assert kinds(found) == {
        "New": "missing",
        "Other": "changed",
        "Doomed": "unexpected",
        "Foreign": "unexpected",
        "Broken": "failed",
        "Same": "same",
    }
    assert list(kinds(found)) == ["New", "Other", "Doomed", "Foreign", "Broken", "Same"], "the worst first"
    jobs = {entry["name"]: entry for entry in found["servers"][0]["jobs"]}
    assert jobs["Other"]["changes"] == [TIME]
    assert jobs["New"]["changes"] == [] and jobs["New"]["id"] is None
    assert jobs["New"]["before"] == {} and jobs["New"]["after"]["repository"] == "repo-fra-01"
    assert jobs["Foreign"]["before"]["repository"] == "repo-fra-01" and jobs["Foreign"]["after"] == {}
    assert jobs["Broken"]["message"] == "repository 'x' does not exist."
    assert set(jobs["Same"]["before"]) == {"enabled", "schedule_policy"}, "what the charts need, and no more"


@pytest.mark.parametrize(
    ("copy_job", "changes"),
    [
        ({"action": "none", "changes": []}, []),
        ({"action": "create", "changes": [TEXT]}, [{"field": "copy_job", "before": "absent", "after": "present"}]),
        ({"action": "delete", "changes": []}, [{"field": "copy_job", "before": "present", "after": "absent"}]),
        (
            {"action": "update", "changes": [TIME]},
            [{"field": "copy_job.schedule_policy.daily_time", "before": "22:00", "after": "23:30"}],
        ),
    ],
)
def test_copy_jobs_belong_to_their_jobs(copy_job: dict[str, t.Any], changes: list[dict[str, t.Any]]) -> None:
    found = report("one", result({**job("Mail"), "copy_job": copy_job}))
    assert found["servers"][0]["jobs"][0]["changes"] == changes
    assert state(found) == ("drift" if changes else "ok")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (result(job("Mail")), "ok"),
        (result(), "ok"),
        (result(job("Mail", "update", TIME)), "drift"),
        ({}, "unreachable"),
        (None, "unreachable"),
        ({"unreachable": True, "msg": "no ssh"}, "unreachable"),
        (DOWN, "unreachable"),
        (failure("late", "POST"), "unreachable"),
        (failure("bad gateway", status=502), "unreachable"),
        (failure("wrong password", "POST", 401), "failed"),
        (failure("crash", status=500), "failed"),
        (failure("organization 'x' does not exist", None), "failed"),
        ({"failed": True, "msg": "Unsupported parameters"}, "failed"),
        ({"failed": False, "msg": "MODULE FAILURE", "module_stdout": ""}, "failed"),
        (failure("1 of 2 jobs failed", None, jobs=[job("Mail", "update", TIME), broken("x", "y")]), "failed"),
    ],
)
def test_states_of_servers(found: dict[str, t.Any], expected: str) -> None:
    """The play removes C(failed); a server that was not compared must not be reported as good."""
    entry = report("one", found)["servers"][0]
    assert entry["state"] == expected
    assert bool(entry["message"]) == (expected in ("unreachable", "failed"))


def test_what_could_be_compared_counts_although_the_server_failed() -> None:
    found = report("one", failure("1 of 2", None, jobs=[job("Mail", "update", TIME), broken("x", "y")]))
    assert (found["totals"]["failed"], found["totals"]["changed"], found["totals"]["jobs_failed"]) == (1, 1, 1)
    assert found["summary"] == "2 jobs on 1 server compared: 1 changed, 1 not comparable; servers: 1 failed."


def test_an_address_never_shows_an_account() -> None:
    found = drift_report(result(), "one", "https://user:secret@vbo.example.com:4443/x", [], NOW)
    assert found["servers"][0]["url"] == "https://vbo.example.com:4443/x"
    assert "secret" not in json.dumps(found)
    for url in (
        "https://svc:secret[1@vbo.example.com",
        "https://svc:secret/1@[::1",
        "https://a[b].example.com",
        "//x@y",
    ):
        assert "secret" not in json.dumps(drift_report(result(), "one", url, [], NOW)), "whatever it looks like"


def test_totals() -> None:
    assert everything()["totals"] == {
        "servers": 4,
        "ok": 1,
        "drift": 1,
        "failed": 1,
        "unreachable": 1,
        "jobs": 49,
        "missing": 1,
        "changed": 2,
        "unexpected": 2,
        "ignored": 2,
        "jobs_failed": 1,
    }
    assert everything()["format"] == 1 and everything()["generated"] == NOW


def test_the_input_is_left_alone() -> None:
    found = result(job("Mail", "update", TIME))
    before = copy.deepcopy(found)
    report("one", found, [{"job": "*", "reason": "x", "until": "2027-01-01"}])
    assert found == before


# --- ignore rules ----------------------------------------------------------------------------------------------------

UNTIL = {"reason": "why", "until": "2026-11-24"}
NOTE = dict(UNTIL)


@pytest.mark.parametrize(
    "rule",
    [
        {"job": "Mail"},
        {"job": "mAI?"},
        {"server": "one"},
        {"organization": "contoso.*"},
        {"field": "*"},
        {"field": "schedule_policy.*"},
        {"job": "Mail", "kind": "changed"},
        {"server": "o*", "organization": CONTOSO, "job": "M*", "field": "*daily_time", "kind": "changed"},
    ],
)
def test_rules_that_cover_a_change(rule: dict[str, str]) -> None:
    found = report("one", result(job("Mail", "update", TIME)), [{**rule, **UNTIL}])
    (entry,) = found["servers"][0]["jobs"]
    assert entry["kind"] == "changed" and entry["ignored"] == NOTE and entry["changes"][0]["ignored"] == NOTE
    assert state(found) == "ok" and found["totals"]["ignored"] == 1 and found["totals"]["changed"] == 0


@pytest.mark.parametrize(
    "rule",
    [
        {"job": "Mai"},
        {"server": "two"},
        {"organization": "fabrikam.*"},
        {"field": "description"},
        {"job": "Mail", "kind": "missing"},
        {"job": "Mail", "until": "2026-11-23"},
    ],
)
def test_rules_that_do_not(rule: dict[str, str]) -> None:
    found = report("one", result(job("Mail", "update", TIME)), [{**UNTIL, **rule}])
    assert state(found) == "drift" and found["totals"]["ignored"] == 0


def test_a_job_drifts_as_long_as_one_change_is_not_covered() -> None:
    found = report("one", result(job("Mail", "update", TIME, TEXT)), [{"field": "description", **UNTIL}])
    (entry,) = found["servers"][0]["jobs"]
    assert "ignored" not in entry and [change.get("ignored") for change in entry["changes"]] == [None, NOTE]
    assert state(found) == "drift"


def test_rules_for_whole_jobs() -> None:
    rules = [{"job": "*", "kind": "missing", **UNTIL}]
    found = report("one", result(job("New", "create"), others=[unmanaged("Foreign")]), rules)
    assert (found["totals"]["ignored"], found["totals"]["unexpected"]) == (1, 1)


def test_a_rule_for_fields_covers_no_missing_job() -> None:
    found = report("one", result(job("New", "create")), [{"field": "*", **UNTIL}])
    assert found["totals"]["missing"] == 1


def test_expired_rules_are_listed_once() -> None:
    rule = {"job": "Mail", "reason": "why", "until": "2026-11-23"}
    reports = [report(name, result(), [rule, {"job": "x", **UNTIL}]) for name in ("one", "two")]
    assert drift_merge(reports)["expired_rules"] == [rule]


def test_dates_of_yaml_are_dates() -> None:
    rule = {"job": "Mail", "reason": "why", "until": datetime.date(2026, 12, 31)}
    found = report("one", result(job("Mail", "update", TIME)), [rule])
    assert found["servers"][0]["jobs"][0]["ignored"]["until"] == "2026-12-31"


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("Mail", "ignore[0]: must be a dictionary."),
        ({"job": "Mail", "until": "2026-12-31"}, "ignore[0].reason: required."),
        ({"job": "Mail", "reason": " ", "until": "2026-12-31"}, "ignore[0].reason: required."),
        ({"job": "Mail", "reason": "x"}, "ignore[0].until: required."),
        (
            {"job": "Mail", "reason": "x", "until": "soon"},
            "ignore[0].until: 'soon' is not a date; write YYYY-MM-DD.",
        ),
        ({**UNTIL}, "ignore[0]: needs at least one of server, organization, job, field."),
        ({"kind": "missing", **UNTIL}, "ignore[0]: needs at least one of server, organization, job, field."),
        (
            {"job": "Mail", "kind": "other", **UNTIL},
            "ignore[0].kind: must be one of missing, changed, unexpected (got 'other').",
        ),
        (
            {"jobs": "Mail", **UNTIL},
            "ignore[0].jobs: unsupported option; available: server, organization, job, field, kind, reason, until.",
        ),
    ],
)
def test_wrong_rules(rule: t.Any, text: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        report("one", result(), [rule])
    assert str(caught.value) == f"drift_report: {text}"


def test_rules_that_are_no_list() -> None:
    with pytest.raises(AnsibleFilterError, match=r"ignore: must be a list of rules\."):
        drift_report(result(), "one", "", {"job": "Mail"}, NOW)


# --- merging ---------------------------------------------------------------------------------------------------------


def test_slices_become_one_report() -> None:
    first, second = report("b", result(job("Mail", "update", TIME))), report("A", DOWN)
    merged = drift_merge([first, second])
    assert [server["name"] for server in merged["servers"]] == ["A", "b"]
    assert merged["totals"]["servers"] == 2 and merged["totals"]["jobs"] == 1
    assert merged == drift_merge([second, first]) == drift_merge([merged]) == drift_merge([merged, first, second])


def test_the_newest_report_of_a_server_counts() -> None:
    old = report("one", result(job("Mail", "update", TIME)), now="2026-11-24T01:00:00Z")
    new = report("one", result(job("Mail")), now="2026-11-24T03:00:00Z")
    for reports in ([old, new], [new, old]):
        merged = drift_merge(reports)
        assert merged["totals"]["ok"] == 1 and merged["generated"] == "2026-11-24T03:00:00Z"


def test_servers_without_a_report_are_unreachable() -> None:
    merged = drift_merge([report("one", result())], ["one", "two"])
    assert {server["name"]: server["state"] for server in merged["servers"]} == {"one": "ok", "two": "unreachable"}
    assert "no result" in merged["servers"][1]["message"]


def test_a_report_survives_its_file() -> None:
    assert drift_merge([json.loads(json.dumps(everything()))]) == everything()


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("text", "reports[1] is not a drift report."),
        ({}, "reports[1] is not a drift report."),
        ({"servers": [], "format": 2}, "reports[1] has format 2; this release reads format 1."),
    ],
)
def test_what_is_no_report_is_refused(entry: t.Any, text: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        drift_merge([report("one", result()), entry])
    assert str(caught.value) == f"drift_merge: {text}"


# --- weeks -----------------------------------------------------------------------------------------------------------


def test_two_windows_as_one_week() -> None:
    week = window_week(WINDOW["before"], WINDOW["after"])
    assert week is not None
    rows = dict(week["rows"])
    assert list(rows) == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert (rows["Mon"][17], rows["Mon"][18], rows["Mon"][19]) == ("neither", "before", "both")
    assert rows["Tue"][7] == "after" and set(rows["Sun"]) == {"after"}
    assert week["only_before"] == "Mon-Fri 18:00-19:00"
    assert week["only_after"] == "Tue-Fri 07:00-08:00, Sun"


def test_no_window_restricts_nothing() -> None:
    week = window_week(None, ["Sat"])
    assert week is not None and week["only_before"] == "Mon-Fri,Sun" and week["both"] == "Sat"
    assert window_week(["always"], None)["only_after"] == ""  # type: ignore[index]


@pytest.mark.parametrize("value", ["Sat 19:30-20:00", ["<script>"], {"a": 1}, 7])
def test_what_is_no_window_is_not_drawn(value: t.Any) -> None:
    assert window_week(value, ["Sat"]) is None


def starts(**policy: t.Any) -> list[tuple[str, int]]:
    """Return days and hours of the starts of one job."""
    week = start_week([{"before": {"enabled": True, "schedule_policy": policy}, "after": {}}])
    return [(day, hour) for day, counts in week["rows"] for hour, count in enumerate(counts) if count]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (
            {"type": "daily", "daily_type": "workdays", "daily_time": "22:30"},
            [(d, 22) for d in ("Mon", "Tue", "Wed", "Thu", "Fri")],
        ),
        ({"type": "daily", "daily_type": "weekends", "daily_time": "00:00"}, [("Sat", 0), ("Sun", 0)]),
        ({"type": "daily", "daily_type": "wednesday", "daily_time": "23:59"}, [("Wed", 23)]),
        ({"type": "daily", "daily_type": "someday", "daily_time": "23:59"}, []),
        ({"type": "daily", "daily_type": "monday"}, []),
        ({"type": "daily", "daily_type": "monday", "daily_time": "late"}, []),
        (
            {"type": "periodically", "periodically_every": "hours8", "periodically_window": ["Tue 06:00-17:00"]},
            [("Tue", 6), ("Tue", 8), ("Tue", 16)],
        ),
        (
            {"type": "periodically", "periodically_every": "minutes5", "periodically_window": ["Sun 06:00-08:00"]},
            [(d, hour) for d in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun") for hour in range(24)],
        ),
        ({"type": "periodically", "periodically_every": "hours0", "periodically_window": ["never"]}, []),
        ({"type": "periodically", "periodically_every": "sometimes"}, []),
        ({"type": "periodically", "periodically_every": "hours4", "periodically_window": ["<b>"]}, []),
        ({"type": "manual_only"}, []),
        ({}, []),
    ],
)
def test_start_times(policy: dict[str, t.Any], expected: list[tuple[str, int]]) -> None:
    assert starts(**policy) == expected


def test_start_times_of_many_jobs() -> None:
    jobs = report("one", result(job("a"), job("b"), job("off"), job("new", "create", daily_time="03:00")))["servers"][
        0
    ]["jobs"]
    next(entry for entry in jobs if entry["name"] == "off")["before"]["enabled"] = False
    week = start_week(jobs)
    assert (week["jobs"], week["most"], week["busiest"]) == (3, 2, "Mon-Sun 22:00-23:00")
    assert start_week([])["most"] == 0 and start_week([])["busiest"] == ""


def test_a_fleet_is_read_from_what_was_registered() -> None:
    """The result equals that of the single servers; rules of one server apply only to it."""
    rules = [{"job": "*", "reason": "CHG-4711", "until": "2020-12-31"}]
    begun = {"options": {"ignore": rules}, "url": "https://u:p@a.example.com:4443", "overrides": [], "frozen": {}}
    hostvars = {
        "b": {
            "__vbo_drift": {**begun, "problem": "jobs[0].template: there is none"},
            "__vbo_drift_result": {"skipped": True},
        },
        "a": {"__vbo_drift": begun, "__vbo_drift_result": result(job("mail", "update", TIME))},
        "gone": {},
        "wrong": {"__vbo_drift": {"failed": True}, "__vbo_drift_result": result(job("of an earlier run"))},
    }
    found = drift_fleet(hostvars, list(hostvars))
    states = {server["name"]: (server["state"], server["message"]) for server in found["servers"]}
    assert states["a"] == ("drift", "") and found["servers"][0]["url"] == "https://a.example.com:4443"
    assert states["b"] == ("failed", "jobs[0].template: there is none")
    assert states["gone"] == states["wrong"] and states["gone"][0] == "unreachable"
    assert found["expired_rules"] == rules and found["generated"]
    alone = drift_report(result(job("mail", "update", TIME)), "a", begun["url"], rules, found["generated"])
    assert found["servers"][0] == alone["servers"][0]
