# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Unknown behaviour of the real server: C(vbo_job) works with every variant.

Each setting of each switch of the sandbox that concerns jobs is played, on every version in which it means something.
"""

from __future__ import annotations

import typing as t

import pytest

from ...support.full import FULL
from ...support.sandbox import Server
from ...support.tasks import Tasks
from ..conftest import QUICK, VERSIONS

FABRIKAM = "fabrikam.onmicrosoft.com"
JOB = {"name": "Unknown", "organization": FABRIKAM}

ALL = VERSIONS
OLD = ("v3", "v4", "v5")
NEW = ("v6", "v7", "v8")
#: (switch, setting other than the default): versions in which it has an effect
SETTINGS: list[tuple[str, t.Any, t.Sequence[str]]] = [
    ("schedule_merge", False, ALL),
    ("schedule_needs_type", False, ALL),
    ("items_needed_with_backup_type", False, ALL),
    ("empty_items_on_put", "ignore", ALL),
    ("remove_last_item", "accept", ALL),
    ("put_run_now_starts", False, ALL),
    ("edit_running", "reject", ALL),
    ("delete_running", "accept", ALL),
    ("default_schedule", "powershell", ALL),
    ("default_description", False, ALL),
    ("name_scope", "server", ALL),
    ("name_case_sensitive", True, ALL),
    ("leniency", "lenient", ALL),
    ("leniency", "auto", ALL),
    ("strict_casing", False, NEW),
    ("string_booleans", False, OLD),
    ("accept_manual_only", False, NEW),
    ("item_object", "id", ALL),
    ("duplicate_item", "replace", ALL),
    ("delete_items_form", "path", ("v4",)),
    ("delete_items_form", "both", ("v4",)),
    ("schedule_off_reply", "manual_only", ("v7", "v8")),
    ("schedule_off_reply", "keep", ("v7", "v8")),
    ("v3_v4_schedule_enabled", True, ("v3", "v4")),
    ("group_mailbox_key", "mail", ("v3", "v4")),
    ("job_repository_id_in_old", False, OLD),
    ("organization_name", "display", ALL),
    ("null_instead_of_missing", True, ALL),
    ("extra_fields", True, ALL),
    ("v8_next_links_v7", True, ("v8",)),
    ("set_id", True, ALL),
    ("page_size_max", 2, ALL),
    ("entire_organization_row", False, ("v8",)),
    ("unknown_copy_job", "204", NEW),
    ("domain_error_status", "400", ALL),
    ("domain_error_status", "409", ALL),
    ("action_url_in_v6", True, ("v6",)),
    ("enable_delay", 0.5, ALL),
    ("old_reads", 0.3, ALL),
    ("all_schedule_keys", True, ALL),
    ("empty_items", "array", ALL),
    ("empty_items", "null", ALL),
    ("empty_items", "null_results", ALL),
    ("empty_items", "404", ALL),
    ("texts", "trim", ALL),
    ("texts", "crlf", ALL),
    ("texts", "lf", ALL),
]
#: every version with VBO365_TEST_FULL, as C(make test-all) sets it; otherwise the oldest and the newest concerned
CASES = [
    (switch, value, version)
    for switch, value, versions in SETTINGS
    for version in (versions if FULL else dict.fromkeys((versions[0], versions[-1])))
]


def life(tasks: Tasks) -> None:
    """Do everything that C(vbo_job) can do to one job, each step predicted and repeated."""
    state = tasks.server.state()
    organization = next(entry for entry in state["organizations"] if entry["name"] == FABRIKAM)
    users = [user["name"] for user in organization["users"]]
    group = organization["groups"][0]["name"]
    chosen = [{"type": "user", "name": users[0], "mailbox": True}]
    if tasks.number <= 4:
        chosen.append({"type": "group", "name": group, "mailbox": True})
    tasks.twice(
        **JOB,
        repository="repo-east-01",
        backup_type="selected_items",
        description="",
        selected_items=chosen,
        enabled=False,
        schedule_policy={
            "type": "daily",
            "daily_time": "22:00",
            "retry_number": 2,
            "backup_window": ["Mon-Fri 19:00-07:00"],
        },
    )
    tasks.twice(**JOB, enabled=True)
    assert tasks.server.job("Unknown")["schedule_policy"]["daily_time"] == "22:00:00"
    tasks.twice(**JOB, schedule_policy={"daily_time": "23:00"})
    truth = tasks.server.job("Unknown")["schedule_policy"]
    assert truth["daily_time"] == "23:00:00" and truth["retry_number"] == 2, "the rest of the policy stays"
    assert truth["backup_window_enabled"] and truth["backup_window"]["hours"][1] == "0" * 19 + "1" * 5
    tasks.twice(**JOB, description="described")
    assert len(tasks.server.job("Unknown")["selected_items"]) == len(chosen), "items were not mentioned"
    tasks.twice(
        **JOB, selected_items=[{"type": "user", "name": users[1], "one_drive": True}], excluded_items=chosen[:1]
    )
    tasks.twice(**JOB, excluded_items=[])
    if tasks.number >= 5:
        tasks.twice(**JOB, schedule_policy={"schedule_enabled": False})
        tasks.twice(**JOB, schedule_policy={"retry_enabled": False})
    tasks.twice(
        **JOB,
        schedule_policy={"type": "periodically", "periodically_every": "hours2"}
        if tasks.number >= 5
        else {"backup_window": []},
    )
    identifier = tasks.server.job("Unknown")["id"]
    tasks.twice(id=identifier, name="Unknown 2")
    tasks.twice(id=identifier, backup_type="entire_organization")
    tasks.twice(name="Unknown 2", organization=FABRIKAM, state="absent")
    assert tasks.server.job("Unknown 2") is None


@pytest.mark.parametrize(("switch", "value", "version"), CASES, ids=str)
def test_every_setting(server: Server, switch: str, value: t.Any, version: str) -> None:
    server.reset(VERSIONS, **QUICK, **{switch: value})
    life(Tasks(server, version, "controller"))


def test_full_put_is_noticed(tasks: Tasks) -> None:
    """If PUT replaces whole objects, omitted values are restored, and the user is told."""
    tasks.server.switch(full_put=True)
    before = tasks.server.job("Finance mail")
    assert before is not None and before["description"] and before["excluded_items"]
    for given in ({"repository": "repo-fra-02"}, {"enabled": False, "repository": "repo-fra-01"}):
        result = tasks.raw("vbo_job", name="Finance mail", organization="contoso.onmicrosoft.com", **given)
        assert not result.get("failed"), result["msg"]
        assert "the properties that were lost have been restored" in result["warnings"][0]
        after = tasks.server.job("Finance mail")
        assert after is not None
        for field in ("description", "schedule_policy", "selected_items", "excluded_items"):
            assert after[field] == before[field], field
    assert after["is_enabled"] is False and after["repository"] == before["repository"]


def test_no_switch_is_forgotten(server: Server) -> None:
    """New questions add switches: each is played here, or belongs to tests of another module."""
    elsewhere = {
        "full_put",  # test_full_put_is_noticed
        "start_running", "stop_idle", "queued_seconds", "running_seconds", "session_result", "end_time_of_running",
        "antiforgery_required", "refresh_lifetime", "stopping_seconds", "token_lifetime", "latency_ms", "log_responses",
        "token_requests", "end_time_bounds",
        # automatic starts of jobs: tests/unit/sandbox/test_time.py
        "automatic_runs", "scheduled_seconds", "warning_share", "failed_share", "retry_after", "retry_manual",
        "start_outside_window", "copy_outside_window", "opening_start", "skipped_time", "repeated_time",
        # accounts and keys: test_declared_secrets, tests/unit/sandbox/test_simple.py
        "same_identity", "account_secret", "immutable_change", "legacy_on_8",
    }  # fmt: skip
    names = {row["name"] for row in server.control("GET", "switches/table")}
    played = {switch for switch, _value, _versions in SETTINGS}
    assert played <= names
    assert names - played - elsewhere == set()
