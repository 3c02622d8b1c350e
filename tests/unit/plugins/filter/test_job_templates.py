# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The templates of the role: changes to the standard ones, and invalid input, each with its path."""

from __future__ import annotations

import copy
import json
import typing as t

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.backupops.vbo365.plugins.filter.jobs import expand_and_list, expand_jobs, job_templates
from ansible_collections.backupops.vbo365.plugins.plugin_utils._fleet._standard import CHANGES, ENDS

from ...contract.documents import ROOT

ROLE = ROOT / "roles" / "vbo_job_templates"
TEXT = (
    (ROLE / "vars" / "main.yml")
    .read_text(encoding="utf-8")
    .replace("{{ vbo_job_templates_description }}", "Managed by Git")
    .replace('"{{ vbo_job_templates_retry_number | int }}"', "3")
    .replace('"{{ vbo_job_templates_retry_wait_interval | int }}"', "20")
)
STANDARD: dict[str, t.Any] = yaml.safe_load(TEXT)["vbo_job_templates_standard"]
NAMES = list(STANDARD)


def said(*arguments: t.Any) -> list[str]:
    with pytest.raises(AnsibleFilterError) as caught:
        job_templates(STANDARD, *arguments)
    first, *lines = str(caught.value).splitlines()
    assert first == "job_templates:"
    return lines


def job(name: t.Any, changes: t.Any, **options: t.Any) -> dict[str, t.Any]:
    """Return the result of a job that uses a template."""
    declared = {"template": name, "name": "x", "organization": "o", **options}
    return expand_jobs([declared], job_templates(STANDARD, changes), "2026-11-02")[0]


@pytest.mark.parametrize("given", [None, {}, "", "  ", "{}", "---\n"])
def test_without_changes_the_standard_templates_are_as_they_are(given: t.Any) -> None:
    before = copy.deepcopy(STANDARD)
    assert job_templates(STANDARD, given, given) == STANDARD == before


@pytest.mark.parametrize("name", NAMES)
def test_every_template_can_be_changed_and_no_other_changes(name: str) -> None:
    change = {name: {"description": "mine", "schedule_policy": {"retry_number": 5}}}
    made = job_templates(STANDARD, change)
    assert made[name]["description"] == "mine" and made[name]["schedule_policy"]["retry_number"] == 5
    assert {**made, name: None} == {**STANDARD, name: None}
    assert job_templates(STANDARD, json.dumps(change)) == job_templates(STANDARD, yaml.safe_dump(change)) == made


@pytest.mark.parametrize(
    ("name", "change", "wanted"),
    [
        ("exchange_daily", {"daily_time": "21:30"}, {"daily_time": "21:30", "daily_type": "everyday"}),
        ("exchange_daily", {"daily_time": {"between": ["20:00", "22:00"], "step": 15}}, {"daily_type": "everyday"}),
        ("exchange_daily", {"backup_window": ["Sat-Sun"]}, {"backup_window": ["Sat-Sun"], "daily_time": "20:00"}),
        ("archive_weekend", {"daily_type": "sunday"}, {"daily_type": "sunday", "daily_time": "06:00"}),
        (
            "vip_4h",
            {"periodically_every": "hours2"},
            {"periodically_every": "hours2", "periodically_offset_minutes": 0},
        ),
        ("exchange_daily", {"type": "periodically", "periodically_every": "hours8"}, {"periodically_every": "hours8"}),
        ("standard", {"retry_number": 5}, {"retry_number": 5}),
    ],
)
def test_changes_reach_the_job(name: str, change: t.Any, wanted: t.Any) -> None:
    policy = job(name, {name: {"schedule_policy": change}})["schedule_policy"]
    assert {key: policy.get(key) for key in wanted} == wanted
    assert ("daily_time" in policy) == (policy.get("type") == "daily")


def test_null_takes_away_and_lists_are_taken_whole() -> None:
    plain = job(
        ["exchange_daily", "paused"], {"paused": {"schedule_policy": None}}, vars={"reason": "r", "until": "2027-01-01"}
    )
    assert plain["schedule_policy"]["daily_time"] == "20:00" and plain["enabled"] is False
    items = [{"type": "partial_organization", "mailbox": True, "archive_mailbox": True}]
    assert job("exchange_daily", {"exchange_daily": {"selected_items": items}})["selected_items"] == items
    copied = job(
        ["exchange_daily", "copy_nightly"],
        {"copy_nightly": {"copy_job": {"schedule_policy": {"type": "immediate"}}}},
        vars={"copy_repository": "r"},
    )
    assert copied["copy_job"] == {"repository": "r", "schedule_policy": {"type": "immediate", "backup_copy_window": []}}


def test_a_template_of_ones_own_stands_over_a_changed_one() -> None:
    made = job_templates(STANDARD, {"vip_4h": {"description": "mine"}}, {"board": {"extends": "vip_4h"}})
    assert expand_jobs([{"template": "board", "name": "x", "organization": "o"}], made)[0]["description"] == "mine"


def policy(**options: t.Any) -> dict[str, t.Any]:
    return {"schedule_policy": options}


@pytest.mark.parametrize(
    ("change", "path", "hint"),
    [
        ({"exchange_dayly": {}}, "exchange_dayly", "Did you mean exchange_daily?"),
        ({"mail": {}}, "mail", "available: standard, exchange_daily"),
        ({5: {}}, "5", "there is no standard template"),
        ({"exchange_daily": None}, "exchange_daily", "must be a dictionary"),
        ({"exchange_daily": "20:00"}, "exchange_daily", "must be a dictionary"),
        ({"exchange_daily": {"time": "20:00"}}, "exchange_daily.time", "unsupported option"),
        ({"exchange_daily": {"daily_time": "20:00"}}, "exchange_daily.daily_time", "schedule_policy"),
        ({"vip_4h": policy(daily_tme="20:00")}, "vip_4h.schedule_policy.daily_tme", "daily_time"),
        ({"catch_all": policy(daily_time=1290)}, "catch_all.schedule_policy.daily_time", '"21:30"'),
        ({"catch_all": policy(daily_time="25:00")}, "catch_all.schedule_policy.daily_time", "25:00"),
        ({"catch_all": policy(daily_type="weekday")}, "catch_all.schedule_policy.daily_type", "workdays"),
        ({"catch_all": policy(backup_window=["Mon-Fry"])}, "catch_all.schedule_policy.backup_window", "'fry'"),
        ({"standard": policy(retry_number=0)}, "standard.schedule_policy.retry_number", "between 1 and 777"),
        ({"vip_4h": policy(periodically_every="hours3")}, "vip_4h.schedule_policy.periodically_every", "hours4"),
        ({"copy_nightly": {"copy_job": policy(daily_time="8")}}, "copy_nightly.copy_job", "'8'"),
        (
            {"onedrive_daily": {"selected_items": [{"type": "personal_site"}]}},
            "onedrive_daily.selected_items[0].type",
            "personal_sites",
        ),
        (
            {"exchange_daily": {"selected_items": [{"type": "user"}]}},
            "exchange_daily.selected_items[0].name",
            "is required",
        ),
        ({"exchange_daily": {"selected_items": [{}]}}, "exchange_daily.selected_items[0].type", "required"),
        (
            {"catch_all": {"selected_items": [{"type": "personal_sites"}]}},
            "catch_all.selected_items",
            "entire organization",
        ),
        ({"vip_4h": policy(backup_window=7)}, "vip_4h.schedule_policy.backup_window", "7 is not a window"),
        ({"vip_4h": {"schedule_policy": []}}, "vip_4h.schedule_policy", "must be a dictionary"),
        ({"vip_4h": {"override": {}}}, "vip_4h.override", "unsupported option"),
        ({"paused": {"enabled": "perhaps"}}, "paused.enabled", "perhaps"),
        ({"paused": {"state": "absent"}}, "paused.state", "not supported in templates"),
        ({"paused": {"id": "1"}}, "paused.id", "not supported in templates"),
        ({"paused": {"extends": "standard"}}, "paused.extends", "unsupported option"),
        ({"paused": {"description": False}}, "paused.description", "in quotes"),
    ],
)
def test_what_is_wrong_is_refused_by_its_path(change: t.Any, path: str, hint: str) -> None:
    (line,) = said(change)
    begin, _colon, rest = line.partition(": ")
    assert begin.startswith(f"{CHANGES}.{path}") and hint in rest, line


@pytest.mark.parametrize("given", ["exchange_daily", "[1]", [{"exchange_daily": {}}], 5, True, "{a: ["])
def test_what_is_no_mapping(given: t.Any) -> None:
    assert [line.split(":")[0] for line in said(given, given)] == [CHANGES, "vbo_job_templates_custom"]


def test_everything_wrong_is_said_at_once() -> None:
    changes = {"paused": {"a": 1, "state": "absent"}, "mail": {}, "vip_4h": {"schedule_policy": {"b": 1}}}
    paths = [line.split(":")[0].removeprefix(f"{CHANGES}.") for line in said(changes)]
    assert paths == ["paused.a", "mail", "vip_4h.schedule_policy.b"]


def test_a_change_that_a_template_of_ones_own_would_hide() -> None:
    (line,) = said({"vip_4h": {}}, {"vip_4h": {"extends": "standard"}})
    assert line.startswith(f"{CHANGES}.vip_4h: the template is defined in vbo_job_templates_custom; ")


def test_placeholders_are_for_the_job_to_fill_in() -> None:
    change = {"exchange_daily": {"repository": "{repo}", "schedule_policy": {"daily_time": "{at}"}}}
    made = job("exchange_daily", change, vars={"repo": "r", "at": "21:45"})
    assert (made["repository"], made["schedule_policy"]["daily_time"]) == ("r", "21:45")


@pytest.mark.parametrize(
    ("end", "way"),
    [
        ("exchange_daily_time", "{exchange_daily: {schedule_policy: {daily_time: …}}}"),
        ("archive_weekend_days", "{archive_weekend: {schedule_policy: {daily_type: …}}}"),
        ("archive_weekend_items", "{archive_weekend: {selected_items: …}}"),
        ("vip_4h_window", "{vip_4h: {schedule_policy: {backup_window: …}}}"),
        ("vip_4h_hours", "{vip_4h: {schedule_policy: {periodically_window: …}}}"),
        ("copy_nightly_window", "{copy_nightly: {copy_job: {schedule_policy: {backup_copy_window: …}}}}"),
        ("paused_schedule", "{paused: {schedule_policy: …}}"),
        ("paused_anything_else", "{paused: {…: …}}"),
    ],
)
def test_what_to_write_for_a_variable_of_one_template(end: str, way: str) -> None:
    variable = f"vbo_job_templates_{end}"
    assert said({}, {}, [variable]) == [f"{variable}: is not a variable of the role; write {CHANGES}: {way}."]


def test_variables_of_one_template_are_refused_by_their_form() -> None:
    for name in NAMES:
        variables = [f"vbo_job_templates_{name}_{end}" for end in ["also", *ENDS]]
        assert [line.split(":")[0] for line in said({}, {}, variables)] == sorted(variables)


def test_variables_of_the_role_are_none_of_these() -> None:
    declared = yaml.safe_load((ROLE / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    names = [*declared["argument_specs"]["main"]["options"], *yaml.safe_load(TEXT)]
    job_templates(STANDARD, {}, {}, [*names, "vbo_job_templates_expanded", "vbo_job_templates_overrides"])


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ([{"name": "a", "template": "none"}], "before[0].template: "),
        ([{"name": "a"}, {"name": "b", "descriptoin": "x"}], "before[1].descriptoin: "),
        (
            [{"name": "a"}, {"name": "b", "schedule_policy": {"daily_time": "25:00"}}],
            "before[1].schedule_policy.daily_time: ",
        ),
        ([{"name": "a"}, {"name": "a"}], "before[1].name: same job as before[0]; "),
        ([{"name": "a", "override": {"enabled": False}}], "before[0].override"),
        ([{"name": "a", "override": [{"until": "2026-12-01", "reason": "x", "enabled": "?"}]}], "before[0].override"),
        (["a"], "before[0]"),
    ],
)
def test_mistakes_are_told_by_the_option_that_holds_the_jobs(wrong: t.Any, expected: str) -> None:
    with pytest.raises(AnsibleFilterError) as caught:
        expand_and_list(wrong, STANDARD, "2026-11-02", "UTC", "before")
    assert expected in str(caught.value) and "jobs[" not in str(caught.value)
