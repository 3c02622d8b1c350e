# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests of other clients, and the level of leniency at which they are accepted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from in_process import JOB, ORGANIZATION, VERSIONS, Local, one

PERIODIC = {"type": "Periodically", "periodicallyEvery": "Minutes30"}
GROUP = "66666666-0000-4000-8000-000000000001"
LEVELS = ("strict", "documented", "lenient")
#: the fields from which a body is made
TAKEN = {"strict": 0, "documented": 1, "lenient": 2}


def state() -> dict[str, Any]:
    made = one(job={"schedule_policy": {"type": "Daily", "retry_enabled": True}}).control("GET", "state")
    made["organizations"][0]["groups"] = [{"id": GROUP, "name": "staff", "display_name": "Staff"}]
    return made


def server(level: str) -> Local:
    return Local(state=state(), switches={"leniency": level, "automatic_runs": False})


def policy(**fields: Any) -> dict[str, Any]:
    return {"schedulePolicy": fields}


#: what is sent in a PUT, the versions in which some client sends it, the level from which on it is accepted,
#: and the resulting job
BODIES: list[tuple[dict[str, Any], tuple[int, ...], str, dict[str, Any]]] = [
    ({"id": JOB, "description": "x"}, (3, 4, 5, 8), "lenient", {"description": "x"}),
    ({"id": JOB, "description": "x"}, (6, 7), "strict", {"description": "x"}),
    (policy(type="Periodically", PeriodicInterval="Minutes30"), (4, 5), "documented", policy(**PERIODIC)),
    (policy(type="Periodically", PeriodicInterval="Minutes30", periodicallyEvery="Hours1"), (4, 5), "lenient",
     policy(periodicallyEvery="Hours1")),
    (policy(retryNumber="7"), VERSIONS, "lenient", policy(retryNumber=7)),
    (policy(retryEnabled="true", retryNumber=8), (3, 4, 5), "strict", policy(retryNumber=8)),
    (policy(retryEnabled="true", retryNumber=8), (6, 7, 8), "lenient", policy(retryNumber=8)),
    ({"proxyId": JOB, "description": "x"}, (6, 7, 8), "lenient", {"description": "x"}),
    ({**policy(type="Daily", dailyTime=None, dailyType="Sunday")}, (6, 7, 8), "lenient", policy(dailyType="Sunday")),
    ({**policy(type="Daily", dailyTime=None, dailyType="Sunday")}, (3, 4, 5), "strict", policy(dailyType="Sunday")),
    ({"excludedItems": None, "description": "x"}, (6, 7), "lenient", {"description": "x"}),
    ({"excludedItems": None, "description": "x"}, (3, 4, 5, 8), "strict", {"description": "x"}),
    ({"bogus": {"deep": [1]}, "description": "x"}, VERSIONS, "lenient", {"description": "x"}),
    (policy(retryNumber=7, futureOption=1), VERSIONS, "lenient", policy(retryNumber=7)),
]  # fmt: skip


@pytest.fixture(scope="module", params=LEVELS)
def local(request: pytest.FixtureRequest) -> tuple[str, Local]:
    return request.param, server(request.param)


def fits(shown: Any, expected: Any) -> bool:
    if isinstance(expected, dict):
        return all(fits(shown.get(key), value) for key, value in expected.items())
    return bool(shown == expected)


@pytest.mark.parametrize(
    ("version", "body", "taken", "shown"),
    [(version, body, taken, shown) for body, versions, taken, shown in BODIES for version in versions],
    ids=lambda value: json.dumps(value)[:60],
)
def test_a_body_is_taken_from_its_level_on(
    local: tuple[str, Local], version: int, body: dict[str, Any], taken: str, shown: dict[str, Any]
) -> None:
    level, one_server = local
    one_server.control("PUT", "state", state(), status=204)
    before = one_server.control("GET", "state")
    reply = one_server.call("PUT", f"Jobs/{JOB}", body, version)
    if TAKEN[level] >= TAKEN[taken]:
        assert reply.status in (200, 204), reply.body
        assert fits(one_server.get(f"Jobs/{JOB}", version), shown)
    else:
        assert reply.status == 400, reply.body
        assert one_server.control("GET", "state")["jobs"] == before["jobs"]


@pytest.mark.parametrize("version", VERSIONS)
def test_flags_of_items_that_nobody_knows(version: int) -> None:
    for level in LEVELS:
        local = server(level)
        group = local.results(f"Organizations/{ORGANIZATION}/Groups", version)[0]
        item = {
            "type": "Group",
            "group": group,
            "members": True,
            "memberMailbox": True,
            "teams": True,
            "someFlag": None,
        }
        reply = local.call("POST", f"Jobs/{JOB}/SelectedItems", [item], version)
        assert (reply.status < 300) is (level == "lenient"), (level, reply.body)
        items = local.control("GET", "state")["jobs"][0]["selected_items"]
        assert [entry["type"] for entry in items] == ["PartialOrganization"] + ["Group"] * (level == "lenient")
        if level == "lenient":
            assert items[1]["members"] and items[1]["member_mailbox"] and not items[1].get("teams")


@pytest.mark.parametrize("version", VERSIONS)
def test_by_itself_the_level_is_what_the_clients_of_a_version_need(version: int) -> None:
    for automatic, level in (("auto", "lenient" if version <= 7 else "documented"),):
        unknown = server(automatic).call("PUT", f"Jobs/{JOB}", {"bogus": 1}, version).status
        assert unknown == server(level).call("PUT", f"Jobs/{JOB}", {"bogus": 1}, version).status


@pytest.mark.parametrize("version", VERSIONS)
def test_lenient_is_not_careless(version: int) -> None:
    """Wrong requests are still rejected."""
    local = server("lenient")
    for body in (
        policy(retryNumber="seven"), policy(retryNumber="7777"), policy(type="Daily", dailyType="Someday"),
        policy(type="Daily", dailyTime="25:00:00"), {"schedulePolicy": []}, [], {"name": 5},
    ):  # fmt: skip
        assert local.call("PUT", f"Jobs/{JOB}", body, version).status == 400, body
