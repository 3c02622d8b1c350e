# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Items of C(vbo_job): all types and flags, on every version, changed with the fewest requests."""

from __future__ import annotations

import typing as t

import pytest

from ...support.tasks import Tasks

CONTOSO = "contoso.onmicrosoft.com"
NEW = {
    "name": "Chosen",
    "organization": CONTOSO,
    "repository": "repo-fra-01",
    "backup_type": "selected_items",
    "schedule_policy": {"type": "daily", "daily_time": "21:00"},
}
JOB = {"name": "Chosen", "organization": CONTOSO}


def known(tasks: Tasks) -> dict[str, list[dict[str, t.Any]]]:
    """Return some objects of the organization, from its state."""
    organization = tasks.server.state()["organizations"][0]
    return {kind: organization[kind] for kind in ("users", "groups", "sites", "teams")}


def name_of(user: dict[str, t.Any]) -> str:
    return user["name"]


def item(result: dict[str, t.Any], field: str = "selected_items") -> list[dict[str, t.Any]]:
    return result["job"][field]


def truth(tasks: Tasks, field: str = "selected_items") -> list[dict[str, t.Any]]:
    job = tasks.server.job("Chosen")
    assert job is not None
    return job[field]


def everything(tasks: Tasks) -> list[dict[str, t.Any]]:
    """Return one item of each type that the version has, with flags of the version."""
    things = known(tasks)
    office = next(group for group in things["groups"] if group.get("type", "Office365") == "Office365")
    items: list[dict[str, t.Any]] = [
        {
            "type": "user",
            "name": name_of(things["users"][0]),
            "mailbox": True,
            "one_drive": True,
            "personal_site": True,
        },
        {"type": "group", "name": office["display_name"], "members": True, "member_mailbox": True, "mailbox": True},
        {"type": "group", "name": things["groups"][1]["name"], "members": True, "member_onedrive": True},
        {"type": "site", "url": things["sites"][0]["url"]},
        {"type": "partial_organization", "mailbox": True, "sites": True},
        {"type": "personal_sites"},
        {"type": "one_drive_folders", "folders": ["Reports", "Archive/2025"]},
    ]
    if tasks.number >= 5:
        items.append({"type": "team", "name": things["teams"][0]["display_name"]})
    return items


def test_the_life_of_items(tasks: Tasks) -> None:
    items = everything(tasks)
    created = tasks.twice(**NEW, selected_items=items)
    assert len(created["writes"]) == 1, created["writes"]
    assert len(truth(tasks)) == len(items)
    user = next(entry for entry in truth(tasks) if entry["type"] == "User")
    assert (user["mailbox"], user["one_drive"], user["personal_site"]) == (True, True, True)
    assert not user.get("archive_mailbox")

    reordered = [dict(reversed(list(entry.items()))) for entry in reversed(items)]
    assert not tasks.run(**JOB, selected_items=reordered)["changed"]

    users = known(tasks)["users"]
    fewer = [entry for entry in items if entry["type"] in ("user", "site")]
    fewer[0] = {"type": "user", "name": name_of(users[0]).upper(), "archive_mailbox": True}
    more = [*fewer, {"type": "user", "name": name_of(users[1])}]
    changed = tasks.twice(**JOB, selected_items=more)
    labels = [change["field"] for change in changed["changes"]]
    assert f"selected_items[user {name_of(users[1])}]" in labels
    methods = [write.split(" ")[0] for write in changed["writes"]]
    removals = len(items) - len(fewer)
    assert methods[:2] == ["POST", "PUT"], "additions, then flags, then removals"
    assert methods[2:] == ["DELETE"] * (removals if tasks.number == 3 else 1)
    left = {(entry["type"], bool(entry.get("archive_mailbox")), bool(entry.get("mailbox"))) for entry in truth(tasks)}
    assert left == {("User", True, False), ("User", True, True), ("Site", False, False)}


def test_exclusions(tasks: Tasks) -> None:
    users = known(tasks)["users"]
    tasks.run(
        **NEW,
        selected_items=[{"type": "partial_organization", "mailbox": True}, {"type": "user", "name": users[2]["name"]}],
    )
    excluded = [{"type": "user", "name": users[0]["name"]}, {"type": "user", "name": users[1]["name"], "mailbox": True}]
    result = tasks.twice(**JOB, excluded_items=excluded)
    assert len(result["writes"]) == 1
    assert len(truth(tasks, "excluded_items")) == 2

    both = tasks.fails(**JOB, selected_items=[{"type": "user", "name": users[0]["name"]}], excluded_items=excluded)
    assert "is also in selected_items; an item cannot be in both lists" in both["msg"]

    moved = tasks.twice(
        **JOB,
        selected_items=[{"type": "partial_organization", "mailbox": True}, {"type": "user", "name": users[0]["name"]}],
        excluded_items=[{"type": "user", "name": users[2]["name"]}],
    )
    assert moved["changed"]
    assert len(truth(tasks)) == 2 and len(truth(tasks, "excluded_items")) == 1
    assert tasks.twice(**JOB, excluded_items=[])["changed"]
    assert truth(tasks, "excluded_items") == []


def test_add_and_remove(tasks: Tasks) -> None:
    users = [user["name"] for user in known(tasks)["users"]]
    tasks.run(**NEW, selected_items=[{"type": "user", "name": users[0]}, {"type": "user", "name": users[1]}])
    added = tasks.twice(**JOB, items_mode="add", selected_items=[{"type": "user", "name": users[2], "mailbox": True}])
    assert [change["field"] for change in added["changes"]] == [f"selected_items[user {users[2]}]"]
    assert len(truth(tasks)) == 3
    flags = tasks.twice(**JOB, items_mode="add", selected_items=[{"type": "user", "name": users[2], "one_drive": True}])
    assert [write.split(" ")[0] for write in flags["writes"]] == ["PUT"]
    removed = tasks.twice(
        **JOB,
        items_mode="remove",
        selected_items=[{"type": "user", "name": users[0]}, {"type": "user", "name": "left-long-ago@contoso.com"}],
    )
    assert [change["field"] for change in removed["changes"]] == [f"selected_items[user {users[0]}]"]
    assert len(truth(tasks)) == 2
    last = [{"type": "user", "name": name} for name in users]
    assert "selected_items: must not be empty" in tasks.fails(**JOB, items_mode="remove", selected_items=last)["msg"]


def test_the_type_switches_both_ways(tasks: Tasks) -> None:
    fabrikam = {"organization": "fabrikam.onmicrosoft.com", "name": "Switch"}
    state = tasks.server.state()
    user = next(org for org in state["organizations"] if org["name"] == fabrikam["organization"])["users"][0]["name"]
    selected = [{"type": "user", "name": user, "mailbox": True}]
    tasks.run(
        **fabrikam,
        repository="repo-east-01",
        backup_type="entire_organization",
        schedule_policy={"type": "daily", "daily_time": "20:00"},
    )
    assert "list at least one item" in tasks.fails(**fabrikam, backup_type="selected_items")["msg"]
    result = tasks.twice(**fabrikam, backup_type="selected_items", selected_items=selected)
    assert len(result["writes"]) == 1
    job = tasks.server.job("Switch")
    assert (
        job is not None
        and job.get("backup_type", "SelectedItems") == "SelectedItems"
        and len(job["selected_items"]) == 1
    )
    refused = tasks.fails(**fabrikam, backup_type="entire_organization", selected_items=selected)
    assert "selected_items: requires backup_type: selected_items" in refused["msg"]
    back = tasks.twice(**fabrikam, backup_type="entire_organization")
    assert len(back["writes"]) == 1
    assert tasks.server.job("Switch")["backup_type"] == "EntireOrganization"


def test_all_flags_when_none_is_said(v8: Tasks) -> None:
    things = known(v8)
    office = next(group for group in things["groups"] if group.get("type", "Office365") == "Office365")
    security = next(group for group in things["groups"] if group.get("type") == "Security")
    result = v8.twice(
        **NEW,
        selected_items=[
            {"type": "user", "name": things["users"][0]["name"], "mailbox": False},
            {"type": "group", "name": office["name"]},
            {"type": "group", "name": security["name"]},
            {"type": "team", "name": things["teams"][0]["mail"]},
        ],
    )
    by_name = {(entry["type"], entry["name"]): entry for entry in item(result)}
    user = by_name["user", things["users"][0]["name"]]
    assert "mailbox" not in user and user["archive_mailbox"] and user["one_drive"] and user["personal_site"]
    assert by_name["group", office["name"]]["group_site"] and by_name["group", office["name"]]["mailbox"]
    assert (
        "group_site" not in by_name["group", security["name"]] and by_name["group", security["name"]]["member_mailbox"]
    )
    assert "teams_chats" not in by_name["team", things["teams"][0]["mail"]]


def test_an_unchanged_run_lists_no_objects(tasks: Tasks) -> None:
    items = everything(tasks)
    tasks.run(**NEW, selected_items=items)
    tasks.server.forget()
    assert not tasks.raw("vbo_job", **NEW, selected_items=items)["changed"]
    listed = [
        entry["path"]
        for entry in tasks.server.log()
        if entry["path"].rsplit("/", 1)[-1] in ("Users", "Groups", "Sites", "Teams")
    ]
    assert listed == []


def test_deleted_objects_do_not_disturb(tasks: Tasks) -> None:
    """C(Former staff) has a user who no longer exists in Microsoft 365."""
    job = {"name": "Former staff", "organization": CONTOSO}
    (shown,) = tasks.run("vbo_job_info", name="Former staff", items=True)["config"]
    assert not tasks.run(**shown)["changed"]
    users = known(tasks)["users"]
    kept = [*shown["selected_items"], {"type": "user", "name": users[3]["name"], "mailbox": True}]
    assert tasks.twice(**job, selected_items=kept)["changed"]
    assert tasks.twice(**job, description="Still there")["changed"]
    gone = {entry["name"] for entry in shown["selected_items"] if "name" in entry} - {user["name"] for user in users}
    assert len(gone) == 1, "the default state has exactly one such user"
    without = [entry for entry in kept if entry.get("name") not in gone]
    assert tasks.twice(**job, selected_items=without)["changed"]


def test_long_lists_go_in_few_requests(v8: Tasks) -> None:
    users = [user["name"] for user in known(v8)["users"]]
    everyone = [{"type": "user", "name": name, "mailbox": True} for name in users]
    created = v8.twice(**NEW, selected_items=everyone)
    assert len(created["writes"]) == 1
    fewer = v8.twice(**JOB, selected_items=everyone[:2])
    assert all(write.startswith("DELETE") for write in fewer["writes"])
    assert 1 < len(fewer["writes"]) < len(users) / 4, "removed in batches whose addresses stay short"
    for entry in v8.server.log():
        assert len(entry["query"]) < 2048


def test_the_same_item_twice(v8: Tasks) -> None:
    user = known(v8)["users"][0]["name"]
    twice = [{"type": "user", "name": user}, {"type": "user", "name": user.upper(), "mailbox": True}]
    assert "selected_items[1]: duplicate of selected_items[0]" in v8.fails(**NEW, selected_items=twice)["msg"]


def test_a_name_that_two_objects_share(v8: Tasks) -> None:
    state = v8.server.state()
    groups = state["organizations"][0]["groups"]
    groups[1]["display_name"] = groups[0]["display_name"]
    v8.server.replace(state)
    ambiguous = [{"type": "group", "name": groups[0]["display_name"]}]
    message = v8.fails(**NEW, selected_items=ambiguous)["msg"]
    assert "selected_items[0].name" in message and "is not unique" in message and groups[1]["name"] in message
    assert v8.run(**NEW, selected_items=[{"type": "group", "name": groups[1]["name"]}])["changed"]


@pytest.mark.parametrize("form", ["ids", "path", "both"])
def test_both_forms_of_removing(tasks: Tasks, form: str) -> None:
    """The documents of v3 and v4 disagree: the other form is tried once."""
    if tasks.version != "v4":
        form = "ids"
    tasks.server.switch(delete_items_form=form)
    users = [user["name"] for user in known(tasks)["users"]]
    tasks.run(**NEW, selected_items=[{"type": "user", "name": name} for name in users[:4]])
    assert tasks.run(**JOB, selected_items=[{"type": "user", "name": users[0]}])["changed"]
    assert len(truth(tasks)) == 1
