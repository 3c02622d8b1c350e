# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each rule about the design of jobs: states that it finds, and similar states without findings."""

from __future__ import annotations

import dataclasses
import sys
import typing as t

import pytest
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.plugin_utils._lint._jobs import moment, read_jobs
from ansible_collections.backupops.vbo365.plugins.plugin_utils._lint._rules import RULES, SEVERITIES

from .lint_samples import CONTOSO, Dict, everybody, findings, job, user, whole

GROUP, SITE, TEAM = ({"type": kind, key: "x"} for kind, key in (("group", "name"), ("site", "url"), ("team", "name")))
OFF: Dict = {"enabled": False}
MANUAL: Dict = {"policy": {"type": "manual_only"}}
NIGHT: Dict = {"backup_window_enabled": True, "backup_window": ["Mon-Sun 21:00-06:00"]}
VIP: Dict = {"type": "periodically", "periodically_every": "hours4"}
USERS = [user(f"{number}@contoso.com") for number in range(2001)]


def vip(name: str, offset: int = 0, **more: t.Any) -> Dict:
    found = job(name, policy={**VIP, "periodically_offset_minutes": offset, **more})
    del found["schedule_policy"]["daily_time"], found["schedule_policy"]["daily_type"]
    return found


@dataclasses.dataclass
class Case:
    """Jobs, and those among them that the rule finds."""

    rule: str
    jobs: list[Dict]
    found: tuple[str, ...] = ()
    settings: t.Any = dataclasses.field(default_factory=dict)
    severity: str = ""


def both(rule: str, bad: list[Dict], found: str, *good: list[Dict], settings: t.Any = None) -> list[Case]:
    cases = [Case(rule, bad, (found,), settings or {})]
    return [*cases, *(Case(rule, jobs, (), settings or {}) for jobs in good)]


TWO = "object_in_two_jobs"
ONE = job("a", "22:00", user("x"))
LOST = "only_in_disabled_job"
FIRST = "entire_organization_first"
CUTS = "window_cuts_runs"
RPO = {"targets": [{"job": "*-vip", "rpo": "4h"}, {"organization": "fabrikam*", "rpo": "7d"}, {"rpo": "24h"}]}
CASES = [
    *both(
        TWO,
        [ONE, job("b", "23:00", user("X"))],
        "b",
        [ONE, job("b", "23:00", user("y"))],
        [ONE, job("b", "23:00", user("x", one_drive=True))],
        [ONE, job("b", "23:00", user("x"), **OFF)],
        [ONE, job("b", "23:00", user("x"), organization="fabrikam")],
        [ONE, job("b", "23:00", user("x"), state="absent")],
    ),
    *both(
        TWO,
        [ONE, job("b", "23:00", everybody(mailbox=True))],
        "a",
        [ONE, job("b", "23:00", everybody(mailbox=True), excluded_items=[user("x")])],
        [ONE, job("b", "23:00", everybody(one_drive=True))],
        [ONE, whole("b")],
    ),
    *both(
        TWO,
        [job("a", "22:00", everybody(sites=True)), job("b", "23:00", everybody(sites=True, teams=True))],
        "b",
        [job("a", "22:00", everybody(sites=True)), job("b", "23:00", everybody(teams=True))],
    ),
    *both(TWO, [job("a", "22:00", everybody(sites=True)), job("b", "23:00", SITE)], "b"),
    *both(TWO, [job("a", "22:00", everybody(teams=True)), job("b", "23:00", TEAM)], "b"),
    *both(
        TWO,
        [job("a", "22:00", {**GROUP, "members": True}), job("b", "23:00", {**GROUP, "member_mailbox": True})],
        "b",
        [
            job("a", "22:00", {**GROUP, "members": True, "member_mailbox": True}),
            job("b", "23:00", {**GROUP, "members": True, "member_onedrive": True}),
        ],
    ),
    *both(
        "second_entire_organization",
        [whole("a"), whole("b")],
        "b",
        [whole("a"), job("b")],
        [whole("a"), whole("b", organization="fabrikam")],
    ),
    *both(
        LOST,
        [job("a", **OFF), job("b", "23:00")],
        "a",
        [ONE, job("b", "23:00", user("x"), **OFF)],
        [job("a", **OFF), job("b", "23:00", everybody(mailbox=True))],
        [job("a", **MANUAL)],
    ),
    *both(LOST, [job("a", **OFF), whole("b")], "a"),
    *both(LOST, [whole("a", **OFF)], "a", [whole("a", **OFF), whole("b")]),
    *both(
        LOST,
        [job("a", "22:00", user("x"), **OFF), job("b", "23:00", everybody(mailbox=True), excluded_items=[user("x")])],
        "a",
    ),
    *both(
        FIRST,
        [whole("a", "20:00"), job("b", "22:00")],
        "a",
        [whole("a", "04:00"), job("b", "22:00")],
        [whole("a", "04:00"), job("b", "06:00", policy={"daily_type": "saturday"})],
        [whole("a", "20:00"), job("b", "22:00", **OFF)],
        [whole("a", "20:00"), job("b", "22:00", organization="fabrikam")],
    ),
    Case(FIRST, [whole("a", "20:00"), job("b", "22:00")], (), {"day_starts": "21:00"}),
    *both(
        CUTS,
        [job("a", "03:00", policy=NIGHT)],
        "a",
        [job("a", "22:00", policy=NIGHT)],
        [job("a", "03:00", policy={**NIGHT, "backup_window_enabled": False})],
        [job("a", "03:00", policy={**NIGHT, "backup_window": ["always"]})],
        [job("a", "03:00", policy={**NIGHT, "type": "manual_only"})],
    ),
    *both(CUTS, [job("a", "12:00", policy=NIGHT)], "a"),
    Case(CUTS, [job("a", "03:00", policy=NIGHT)], (), {"hours": 3}),
    *both(
        "retries_off",
        [job("a", policy={"retry_enabled": False})],
        "a",
        [job("a")],
        [job("a", policy={"retry_enabled": False}, **OFF)],
        [{"name": "a", "schedule_policy": {"daily_time": "22:00"}}],
    ),
    *both("too_few_retries", [job("a", policy={"retry_number": 1})], "a", [job("a", policy={"retry_number": 2})]),
    *both(
        "short_retry_wait",
        [job("a", policy={"retry_wait_interval": 19})],
        "a",
        [job("a", policy={"retry_wait_interval": "20"})],
        [job("a", policy={"retry_wait_interval": 10, "retry_enabled": False})],
    ),
    *both(
        "office_hours",
        [job("a", "08:00")],
        "a",
        [job("a", "18:00")],
        [job("a", "12:00", policy={"daily_type": "weekends"})],
        [vip("a")],
    ),
    Case("office_hours", [job("a", "12:00")], (), {"window": "Mon-Fri 09:00-12:00"}),
    *both(
        "rpo",
        [job("a"), vip("b-vip", periodically_window=["Mon-Fri 06:00-22:00"])],
        "b-vip",
        [job("a"), vip("b-vip")],
        [job("a", policy={"daily_type": "saturday"}, organization="fabrikam.com")],
        [job("a", policy={"daily_type": "saturday"}, **OFF)],
        settings=RPO,
    ),
    *both("rpo", [job("a", policy={"daily_type": "workdays"})], "a", settings={"targets": "24h"}),
    *both("rpo", [job("a", **MANUAL)], "a", [{"name": "a", "organization": "x"}], settings={"targets": "7d"}),
    *both("rpo", [vip("a", backup_window=["Mon-Sun 21:00-06:00"])], "a", settings={"targets": "8 h"}),
    Case("rpo", [job("a", policy={"daily_type": "saturday"})]),
    *both(
        "starts_too_close",
        [job("a", "22:00"), job("b", "22:29")],
        "b",
        [job("a", "22:00"), job("b", "22:30")],
        [job("a", "22:00"), job("b", "22:00", organization="fabrikam")],
        [job("a", "22:00"), job("b", "22:00", **OFF)],
        [
            job("a", "22:00", policy={"daily_type": "saturday"}),
            job("b", "22:00", policy={"daily_type": "sunday"}),
        ],
        [job("a", "00:00"), vip("b")],
    ),
    *both(
        "starts_too_close",
        [job("a", "23:50", policy={"daily_type": "saturday"}), job("b", "00:10", policy={"daily_type": "sunday"})],
        "b",
    ),
    *both("starts_too_close", [vip("a", 10), vip("b", 14)], "b", [vip("a", 10), vip("b", 15)]),
    *both(
        "starts_together",
        [job(f"{number:02d}", "22:00", organization=f"{number:02d}") for number in range(11)],
        "10",
        [job(f"{number:02d}", "22:00", organization=str(number)) for number in range(10)],
        [job(f"{number:02d}", f"22:{number * 5:02d}") for number in range(11)],
    ),
    Case("too_many_users", [job("a", "22:00", *USERS[:1201])], ("a",), severity="warning"),
    Case("too_many_users", [job("a", "22:00", *USERS)], ("a",), severity="error"),
    Case("too_many_users", [job("a", "22:00", *USERS[:1200])]),
    Case("too_many_sites", [job("a", "22:00", *[TEAM] * 117)], ("a",), severity="warning"),
    Case("too_many_sites", [job("a", "22:00", *[TEAM] * 117, *[SITE] * 150)], ("a",), severity="error"),
    Case("too_many_sites", [job("a", "22:00", *[TEAM] * 100, *[SITE] * 50)]),
    *both("users_instead_of_groups", [job("a", "22:00", *USERS[:501])], "a", [job("a", "22:00", *USERS[:500])]),
]


@pytest.mark.parametrize("number", range(len(CASES)), ids=lambda number: f"{number}-{CASES[number].rule}")
def test_rules(number: int) -> None:
    case = CASES[number]
    for jobs in (case.jobs, case.jobs[::-1]):
        found = [one for one in findings(jobs, {case.rule: case.settings}) if one["rule"] == case.rule]
        assert tuple(one["job"] for one in found) == case.found, found
        assert all(one["severity"] == case.severity for one in found if case.severity)
        assert findings(jobs, {case.rule: False}) == [
            one for one in findings(jobs, {case.rule: case.settings}) if one["rule"] != case.rule
        ]


def test_every_rule_has_a_case_that_it_finds_and_one_that_it_does_not() -> None:
    names = {rule.id for rule in RULES}
    assert {case.rule for case in CASES if case.found} == {case.rule for case in CASES if not case.found} == names


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rules_say_what_to_do_and_who_says_so(rule: t.Any) -> None:
    assert rule.severity in SEVERITIES and rule.source and rule.advice.endswith(".") and not rule.title.endswith(".")


def test_the_message_names_what_was_found() -> None:
    (one,) = findings([ONE, job("b", "23:00", user("x"), user("y"))])
    assert one["message"] == "Selects objects that another job also selects: user x (also in a)."
    assert one["advice"] and one["source"] and one["organization"] == CONTOSO
    (one,) = findings([job("a", policy={"daily_type": "workdays"})], {"rpo": {"targets": "24h", "severity": "note"}})
    assert (one["severity"], one["message"]) == (
        "note",
        "Does not start for 72 h after Fri 22:00; the target is 24 h.",
    )


def test_what_is_not_declared_is_not_guessed() -> None:
    assert findings([{"name": "a"}, {"id": "7", "organization": "x"}, {"name": "b", "schedule_policy": {}}]) == []
    assert findings([]) == []


# --- settings, own rules, and what is wrong with them ----------------------------------------------------------------

OWN: Dict = {"id": "own", "require": {"field": "name", "test": "eq", "value": "a"}, "message": "Call it a."}


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({}, ["b"]),
        ({"require": [{"field": "name", "test": "in", "value": ["a", "b"]}]}, []),
        ({"require": {"field": "name", "test": "eq", "value": "a", "negate": "yes"}}, ["a"]),
        ({"when": {"field": "schedule_policy.daily_time", "test": "ge", "value": "23:00"}}, ["b"]),
        ({"when": {"field": "repository", "test": "defined"}}, []),
        ({"when": {"field": "repository", "test": "undefined"}}, ["b"]),
        ({"require": {"field": "repository", "test": "eq", "value": "x"}}, ["a", "b"]),
        ({"require": {"field": "schedule_policy.retry_number", "test": "odd"}}, []),
        ({"require": [{"field": "name", "test": "lower"}, {"field": "name", "test": "ne", "value": "a"}]}, ["a"]),
    ],
)
def test_own_rules(change: Dict, found: list[str]) -> None:
    jobs = [job("a"), job("b", "23:00")]
    assert [one["job"] for one in findings(jobs, custom=[{**OWN, **change}])] == found


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([], None),
        ("office_hours", "rules: must be a dictionary of rules"),
        ({"office": False}, "rules.office: unknown rule; the rules are object_in_two_jobs, "),
        ({"rpo": "maybe"}, "rules.rpo: must be true or false (got 'maybe')."),
        (
            {"rpo": {"hours": 3}},
            "rules.rpo.hours: unsupported option of this rule; available: enabled, severity, targets.",
        ),
        (
            {"rpo": {"targets": "soon"}},
            "rules.rpo.targets: 'soon' is not a duration; write for example 12h, 90m or 7d.",
        ),
        ({"rpo": {"targets": [{"job": "x"}]}}, "rules.rpo.targets[0]: rpo is required, for example "),
        ({"rpo": {"targets": [{"jobs": "x", "rpo": "1h"}]}}, "rules.rpo.targets[0].jobs: unsupported option"),
        (
            {"too_few_retries": {"number": 0}},
            "rules.too_few_retries.number: must be a whole number of at least 1 (got 0).",
        ),
        ({"too_few_retries": {"number": 2.5}}, "rules.too_few_retries.number: must be a whole number"),
        (
            {"too_many_users": {"most": 900}},
            "rules.too_many_users.advised: must not be greater than most, which is 900 (got 1200).",
        ),
        ({"office_hours": {"window": "noon"}}, "rules.office_hours.window: 'noon' is not a day of the week;"),
        (
            {"office_hours": {"severity": "bad"}},
            "rules.office_hours.severity: must be one of error, warning, note (got 'bad').",
        ),
        ({"entire_organization_first": {"day_starts": 720}}, "'720' is a time that YAML read as a number"),
    ],
)
def test_settings_that_cannot_be_meant(rules: t.Any, said: str | None) -> None:
    if said is None:
        assert findings([job("a")], rules) == []
        return
    with pytest.raises(AnsibleFilterError) as caught:
        findings([job("a")], rules)
    assert str(caught.value).startswith("lint_jobs: rules") and said in str(caught.value)


@pytest.mark.parametrize(
    ("custom", "said"),
    [
        ("own", "custom: must be a list of rules."),
        (["own"], "custom[0]: must be a dictionary with the options of a rule (got 'own')."),
        ([{**OWN, "id": "Own rule"}], "custom[0].id: must consist of lowercase letters, digits and _ (got 'Own rule')"),
        ([{**OWN, "id": "rpo"}], "custom[0].id: another rule has the id 'rpo'."),
        ([OWN, OWN], "custom[1].id: another rule has the id 'own'."),
        ([{**OWN, "test": "x"}], "custom[0].test: unsupported option"),
        ([{**OWN, "message": ""}], "custom[0].message: required."),
        ([{**OWN, "severity": "high"}], "custom[0].severity: must be one of error, warning, note (got 'high')."),
        ([{**OWN, "when": "always"}], "custom[0].when: must be a condition with field and test (got 'always')."),
        ([{**OWN, "when": [{"field": "name"}]}], "custom[0].when[0].test: required, as text."),
        ([{**OWN, "when": [{"field": "name", "test": "eq", "args": 1}]}], "custom[0].when[0].args: unsupported option"),
        (
            [{**OWN, "require": {"field": "name", "test": "nice"}}],
            "custom[0].require.test: Jinja has no test 'nice'.",
        ),
        ([{**OWN, "require": {"field": "name", "test": "gt", "value": 1}}], "cannot be applied to job 'a': '>' not "),
    ],
)
def test_own_rules_that_cannot_be_meant(custom: t.Any, said: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        findings([job("a")], custom=custom)
    assert str(caught.value).startswith("lint_jobs: custom") and said in str(caught.value)


@pytest.mark.parametrize(
    ("jobs", "said"),
    [
        ("a", "jobs: must be a list of jobs."),
        ([job("a"), "b"], "jobs[1]: must be a dictionary with the options of a job (got 'b')."),
        ([job("a", "25:00")], "jobs[0].schedule_policy.daily_time: '25:00' is not a time of day"),
        ([job("a", policy={"backup_window": "x"})], "jobs[0].schedule_policy.backup_window: "),
        (
            [job("a", policy={"retry_number": "x"})],
            "jobs[0].schedule_policy.retry_number: must be a whole number of at least 0 (got 'x')",
        ),
        (
            [{"name": "a", "schedule_policy": "daily"}],
            "jobs[0].schedule_policy: must be a dictionary with the options of a schedule (got 'daily')",
        ),
        ([job("a", selected_items=[{"name": "x"}])], "jobs[0].selected_items: must be a list of items"),
    ],
)
def test_jobs_that_cannot_be_read(jobs: t.Any, said: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        findings(jobs)
    assert str(caught.value).startswith(f"lint_jobs: {said}")


def test_work_grows_with_the_number_of_jobs_only() -> None:
    """Organizations with many jobs at the same minute: four times the jobs, four times the calls."""

    def calls(count: int) -> int:
        jobs = [job(f"{number}", f"{18 + number % 6}:00", organization=str(number % 5)) for number in range(count)]
        done = 0

        def count_calls(_frame: object, event: str, _argument: object) -> None:
            nonlocal done
            done += event == "call"

        sys.setprofile(count_calls)
        try:
            found = findings(jobs)
        finally:
            sys.setprofile(None)
        assert len(found) > count
        return done

    assert calls(1_600) < 5 * calls(400)


def test_starts_are_those_of_the_calendar() -> None:
    """A periodic job also starts when its permitted hours begin, between two steps of its interval."""
    policy = {"type": "periodically", "periodically_every": "hours4", "periodically_window": ["Mon 06:00-13:00"]}
    (job,) = read_jobs([{"name": "Mail", "organization": "contoso", "schedule_policy": policy}])
    assert [moment(start) for start in job.starts] == ["Mon 06:00", "Mon 08:00", "Mon 12:00"]
