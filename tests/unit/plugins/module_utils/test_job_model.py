# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A job without a server: reading, merging, comparing, sending."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import VERSIONS
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import InputError
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job import _model as model

DAILY_RAW = {"type": "Daily", "dailyType": "Everyday", "dailyTime": "22:00:00", "backupWindowEnabled": False}
DAILY = {"type": "daily", "daily_type": "everyday", "daily_time": "22:00"}
OFF = {"backup_window_enabled": False, "retry_enabled": False}


class Names:
    """Names of one organization and one repository."""

    def name(self, target: t.Any, identifier: str | None) -> str | None:
        return {"o1": "contoso", "r1": "repo"}.get(identifier or "", identifier)

    def identifier(self, target: t.Any, wanted: str) -> str:
        return {"contoso": "o1", "repo": "r1"}[wanted]


def raw_job(number: int) -> dict[str, t.Any]:
    """Return a job as a version shows it: ids in fields or in links."""
    raw = {
        "id": "j1",
        "name": "Mail",
        "backupType": "EntireOrganization",
        "isEnabled": True,
        "lastStatus": "NotConfigured",
    }
    links = {"organization": {"href": f"https://h:4443/v{number}/organizations/o1"}}
    if number < 6:
        links["backupRepository"] = {"href": f"https://h:4443/v{number}/backuprepositories/r1"}
    else:
        raw["repositoryId"] = "r1"
    if number >= 8:
        raw["organizationId"], links = "o1", {}
    switch = {"scheduleEnabled": True} if number >= 5 else {}
    return {**raw, "schedulePolicy": {**DAILY_RAW, **switch}, "_links": links}


@pytest.mark.parametrize("number", range(3, 9))
def test_a_job_reads_the_same_on_every_version(number: int) -> None:
    view = model.read_job(raw_job(number), Names(), VERSIONS[f"v{number}"])
    awake = {"schedule_enabled": True} if number >= 5 else {}
    assert view == {
        "name": "Mail",
        "organization": "contoso",
        "repository": "repo",
        "description": "",
        "enabled": True,
        "backup_type": "entire_organization",
        "schedule_policy": {**DAILY, **awake, **OFF},
    }
    assert [key for key in model.FIELDS if key in view] == list(view)


@pytest.mark.parametrize("number", range(3, 9))
def test_owner_and_repository_are_found_in_fields_and_in_links(number: int) -> None:
    raw = raw_job(number)
    assert (model.organization_id(raw), model.repository_id(raw)) == ("o1", "r1")


def test_a_job_may_lack_its_owner_and_its_repository() -> None:
    assert (model.organization_id({"id": "j1"}), model.repository_id({"id": "j1"})) == (None, None)


def test_missing_null_and_empty_are_the_same() -> None:
    version = VERSIONS["v8"]
    views = [
        model.read_job({"id": "1", **extra}, Names(), version)
        for extra in ({}, {"description": None}, {"description": ""})
    ]
    assert views[0] == views[1] == views[2]
    assert (views[0]["name"], views[0]["enabled"], views[0]["backup_type"]) == ("", False, "")


def test_items_are_in_the_view_when_they_were_read() -> None:
    items = [{"type": "PersonalSites"}, {"type": "User", "user": {"name": "b"}, "mailbox": True}]
    view = model.read_job({**raw_job(8), "selectedItems": items, "excludedItems": []}, Names(), VERSIONS["v8"])
    assert [item["type"] for item in view["selected_items"]] == ["user", "personal_sites"]
    assert view["excluded_items"] == []


def test_a_description_is_text() -> None:
    view = model.read_job({**raw_job(8), "description": "Managed by Git"}, Names(), VERSIONS["v8"])
    assert view["description"] == "Managed by Git"


def test_the_life_of_a_job_is_shown_apart() -> None:
    assert model.read_status(raw_job(8)) == {
        "last_status": "not_configured",
        "last_run": None,
        "last_backup": None,
        "next_run": None,
    }
    life = {"lastStatus": "Success", "lastRun": "a", "lastBackup": "b", "nextRun": "c"}
    assert model.read_status(life) == {
        "last_status": "success",
        "last_run": "a",
        "last_backup": "b",
        "next_run": "c",
    }
    assert model.read_status({})["last_status"] is None


@pytest.mark.parametrize("option", ["name", "organization", "repository"])
@pytest.mark.parametrize("value", ["", "  "])
def test_empty_names_are_refused(option: str, value: str) -> None:
    with pytest.raises(InputError) as caught:
        model.parse_job({option: value})
    assert caught.value.message == f"{option}: must not be empty; leave it out, or set a name or an id."


def test_what_is_given_is_what_is_managed() -> None:
    assert model.parse_job(dict.fromkeys((*model.FIELDS, "run_now", "proxy"))) == {}
    given = model.parse_job({"name": "Mail", "description": "", "run_now": True, "proxy": "p", "excluded_items": []})
    assert given == {"name": "Mail", "description": "", "excluded_items": []}
    with pytest.raises(InputError, match="time of day") as caught:
        model.parse_job({"schedule_policy": {"daily_time": "25:00"}})
    assert caught.value.option == "schedule_policy.daily_time"
    with pytest.raises(InputError) as caught:
        model.parse_job({"excluded_items": [{"type": "site"}]})
    assert caught.value.option == "excluded_items[0].url"


def test_a_start_may_be_a_range_only_in_a_list_of_jobs() -> None:
    options = {"schedule_policy": {"daily_time": {"between": ["22:00", "23:00"], "step": 10}}}
    with pytest.raises(InputError) as caught:
        model.parse_job(options)
    assert caught.value.option == "schedule_policy.daily_time"
    assert model.parse_job(options, spreads=True)["schedule_policy"]["daily_time"].count == 7


def test_wanted_is_what_is_with_what_is_given() -> None:
    version, raw = VERSIONS["v8"], raw_job(8)
    view = model.read_job(raw, Names(), version)
    assert model.overlay_job(view, {}, raw, version) == view
    given = model.parse_job({"description": "new", "schedule_policy": {"daily_time": "23:30"}})
    wanted = model.overlay_job(view, given, raw, version)
    assert model.job_changes(view, wanted) == [
        {"field": "description", "before": "", "after": "new"},
        {"field": "schedule_policy.daily_time", "before": "22:00", "after": "23:30"},
    ]
    new = model.overlay_job(None, model.parse_job({"name": "Mail"}), None, version)
    assert new == {"name": "Mail", "enabled": True}
    assert model.overlay_job(None, {"enabled": False}, None, version) == {"enabled": False}


LINES = "first\nsecond"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (LINES, LINES, True),
        (LINES, "first\r\nsecond", True),
        (LINES, "first\rsecond", True),
        (LINES, f"  {LINES}\n", True),
        (None, "", True),
        (None, " \r\n", True),
        (None, "text", False),
        ("text", "", False),
        (LINES, "first\n\nsecond", False),
        (LINES, "first second", False),
        ("text", "Text", False),
    ],
)
def test_servers_may_trim_descriptions_and_change_line_breaks(one: str | None, other: str | None, same: bool) -> None:
    assert [model.same_text(*texts) for texts in ((one, other), (other, one))] == [same, same]


@pytest.mark.parametrize(
    ("current", "given", "wanted"),
    [
        ("first\r\nsecond", LINES, "first\r\nsecond"),
        ("text", " text\n", "text"),
        ("text", "other", "other"),
        ("text", "", ""),
        ("", "text", "text"),
    ],
)
def test_a_description_changes_only_when_its_text_does(current: str, given: str, wanted: str) -> None:
    view = {"name": "Mail", "description": current}
    assert model.overlay_job(view, {"description": given}, {}, VERSIONS["v8"]) == {**view, "description": wanted}
    changes = [] if wanted == current else [{"field": "description", "before": current, "after": given}]
    assert model.job_changes(view, {**view, "description": given}) == changes


def test_a_missing_description_is_an_empty_one() -> None:
    assert model.job_changes({"name": "Mail", "description": ""}, {"name": "Mail"}) == []
    change = {"field": "description", "before": "text", "after": None}
    assert model.job_changes({"name": "Mail", "description": "text"}, {"name": "Mail"}) == [change]


def test_items_change_one_by_one_and_are_lines_in_diffs() -> None:
    user = {"type": "user", "name": "a", "mailbox": True}
    before = {"name": "Mail", "selected_items": [user]}
    after = {"name": "Mail 2", "selected_items": [user, {"type": "personal_sites"}], "excluded_items": []}
    assert model.job_changes(before, after) == [
        {"field": "name", "before": "Mail", "after": "Mail 2"},
        {"field": "selected_items[personal_sites]", "before": None, "after": {"type": "personal_sites"}},
    ]
    assert model.diff_view(after) == {
        "name": "Mail 2",
        "selected_items": ["user a: mailbox", "personal_sites"],
        "excluded_items": [],
    }
    assert model.diff_view(None) is None


def test_only_the_fields_asked_for_are_sent() -> None:
    version, raw = VERSIONS["v8"], raw_job(8)
    view = model.read_job(raw, Names(), version)
    given = model.parse_job({"schedule_policy": {"daily_time": "23:30"}, "backup_type": "selected_items"})
    wanted = model.overlay_job(view, given, raw, version)

    def body(*fields: str) -> dict[str, t.Any]:
        return model.write_fields(wanted, view, raw, given, fields, Names(), version)

    assert body() == {}
    assert body("name", "description") == {"name": "Mail", "description": ""}
    assert body("backup_type") == {"backupType": "SelectedItems"}
    assert body("repository") == {"repositoryId": "r1"}
    assert body("organization", "enabled", "selected_items") == {}, "others see to these"
    assert body("schedule_policy") == {
        "schedulePolicy": {**DAILY_RAW, "dailyTime": "23:30:00", "scheduleEnabled": True, "retryEnabled": False}
    }


def test_a_schedule_that_sleeps_is_woken_without_repeating_it() -> None:
    version, raw = VERSIONS["v8"], raw_job(8)
    raw["schedulePolicy"]["scheduleEnabled"] = False
    view = model.read_job(raw, Names(), version)
    assert view["schedule_policy"] == {"type": "manual_only", "schedule_enabled": False, **OFF}
    wanted = model.overlay_job(view, {"schedule_policy": {"schedule_enabled": True}}, raw, version)
    assert wanted["schedule_policy"] == {**DAILY, "schedule_enabled": True, **OFF}


def test_a_schedule_that_is_put_to_sleep_is_sent_as_it_is() -> None:
    version, raw = VERSIONS["v8"], raw_job(8)
    window = {"backupWindow": [True, False] * 84, "minuteOffset": 7}
    raw["schedulePolicy"].update(backupWindowEnabled=True, backupWindowSettings=window)
    view = model.read_job(raw, Names(), version)
    for given in ({"schedule_policy": {"schedule_enabled": False}}, {}):
        wanted = model.overlay_job(view, given, raw, version)
        body = model.write_fields(wanted, view, raw, given, ["schedule_policy"], Names(), version)["schedulePolicy"]
        assert body == {**raw["schedulePolicy"], "scheduleEnabled": not given, "retryEnabled": False}


def test_a_new_job_that_sleeps_has_the_time_that_was_given() -> None:
    version = VERSIONS["v8"]
    given = model.parse_job({"schedule_policy": {"type": "manual_only", "daily_time": "23:30"}})
    wanted = model.overlay_job(None, given, None, version)
    assert wanted["schedule_policy"] == {"type": "manual_only", "schedule_enabled": False, **OFF}
    body = model.write_schedule(wanted, None, None, given, version)
    assert body == {**DAILY_RAW, "dailyTime": "23:30:00", "scheduleEnabled": False, "retryEnabled": False}


def test_what_does_not_fit_the_schedule_is_named_by_path() -> None:
    version, raw = VERSIONS["v8"], raw_job(8)
    with pytest.raises(InputError) as caught:
        model.overlay_job(
            model.read_job(raw, Names(), version), {"schedule_policy": {"periodically_every": "hours4"}}, raw, version
        )
    assert caught.value.option == "schedule_policy.periodically_every"


USERS = [{"type": "user", "name": "cfo@contoso.com"}]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"backup_type": "entire_organization", "selected_items": USERS}, model.ONLY_SELECTED),
        ({"backup_type": "entire_organization"}, None),
        ({"backup_type": "selected_items", "selected_items": USERS}, None),
        ({"selected_items": []}, model.EMPTY_SELECTION),
        ({"selected_items": [], "items_mode": "exact"}, model.EMPTY_SELECTION),
        ({"selected_items": [], "items_mode": "add"}, None),
        ({"selected_items": [], "state": "absent"}, None),
        ({"selected_items": [], "state": "present"}, model.EMPTY_SELECTION),
    ],
)
def test_a_selection_that_no_job_can_have(options: dict[str, t.Any], text: str | None) -> None:
    if text is None:
        assert model.parse_job({"name": "Mail", **options})["name"] == "Mail"
        return
    with pytest.raises(InputError) as caught:
        model.parse_job({"name": "Mail", **options})
    assert (caught.value.option, caught.value.text) == ("selected_items", text)
