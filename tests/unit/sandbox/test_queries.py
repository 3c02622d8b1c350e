# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Query parameters: the results of filters, and rejected values."""

from __future__ import annotations

import re
from typing import Any

import pytest
from in_process import VERSIONS, Local, one, stamp_at
from support import openapi
from vbo_sandbox.api.routing import table

CONTOSO = "8d1f2b4e-6c3a-4f57-9a0e-2b7c5d914e60"
TENANT, EVERYTHING = "2c8b6f15-47da-4e90-93b7-d10e5a68f3c4", "8f5a1d3e-b276-4c09-ae41-3f7d9c0b52e8"
NO_ID = "00000000-0000-0000-0000-000000000002"


@pytest.fixture(scope="module")
def local() -> Local:
    return Local()


def names(local: Local, query: str, version: int, kind: str = "Users") -> set[str]:
    return {entry["displayName"] for entry in local.results(f"Organizations/{CONTOSO}/{kind}?{query}", version)}


@pytest.mark.parametrize("version", (6, 7, 8))
@pytest.mark.parametrize("kind", ("Users", "Groups"))
def test_locations_are_unions(version: int, kind: str) -> None:
    state = Local().control("GET", "state")
    things = state["organizations"][0][kind.lower()]
    for number, thing in enumerate(things):
        thing["location_type"] = ("Cloud", "OnPremises", "Hybrid")[number % 3]
    local = Local(state=state)

    def found(where: str) -> set[str]:
        return names(local, f"locationFilter={where}", version, kind)

    cloud, premises, hybrid = found("Cloud"), found("OnPremises"), found("Hybrid")
    assert cloud and premises and hybrid and not cloud & premises
    assert found("CloudOrHybrid") == cloud | hybrid
    assert found("OnPremisesOrHybrid") == premises | hybrid
    assert found("Any") == found("any") == found("") == names(local, "", version, kind) == cloud | premises | hybrid


@pytest.mark.parametrize("version", (6, 7, 8))
def test_wildcards_of_display_names(local: Local, version: int) -> None:
    wild = version >= 7
    for kind, pattern, expected in (
        ("Users", "*ferro", {"Carla Ferro"}),
        ("Users", "A???n*", {"Anton Weber"}),
        ("Users", "ferro?", set()),
        ("Groups", "VIP*", {"VIP"}),
        ("Groups", "?ip", {"VIP"}),
        ("Teams", "Project*", {"Project Apollo"}),
    ):
        assert names(local, f"displayName={pattern.replace('?', '%3F')}", version, kind) == (
            expected if wild else set()
        )
    assert names(local, "displayName=[a-c]*", version) == set(), "brackets are no wildcards"
    assert names(local, "displayName=ferro", version) == {"Carla Ferro"}


@pytest.mark.parametrize("version", (6, 7, 8))
def test_bounds_of_the_end_time(version: int) -> None:
    """As documented, they limit the start, and include runs in progress; with a switch, they limit the end."""
    local = one(
        {"type": "Daily", "daily_time": "10:00"}, switches={"scheduled_seconds": 3600, "end_time_bounds": "created"}
    )
    local.plan({"job": "Nightly", "seconds": 3600, "times": 2})
    local.advance(to="2026-02-05T10:30:00")  # one run has ended, one is in progress
    first, second = "2026-02-04T09:00:00Z", "2026-02-05T09:00:00Z"
    now = stamp_at(local.server.clock.now())

    def found(query: str) -> list[str]:
        return sorted(entry["creationTime"] for entry in local.results(f"JobSessions?{query}", version))

    assert found("") == [first, second]
    assert found(f"endTimeLowerBound={second}") == [second]
    assert found("endTimeLowerBound=2026-02-04T09:30:00Z") == [second]
    if version >= 7:
        assert found(f"endTimeUpperBound={first}") == [first] and found(f"endTimeUpperBound={now}") == [first, second]
    local.control("PATCH", "switches", {"end_time_bounds": "ended"})
    assert found("endTimeLowerBound=2026-02-04T09:30:00Z") == [first], "the run under way has no end"
    assert found(f"endTimeLowerBound={second}") == []


@pytest.mark.parametrize("version", (6, 7, 8))
def test_a_value_of_a_wrong_type_is_refused_wherever_it_is_documented(local: Local, version: int) -> None:
    """Every typed parameter of every list."""
    document = openapi.document(version)
    wrong = {"uuid": "abc", "int32": "99999999999", "boolean": "maybe", "date-time": "yesterday", "enum": "Nonsense"}
    seen = 0
    for path, operations in document["paths"].items():
        template = re.sub(r"\{[^}]*\}", NO_ID, path).split("/", 2)[2]
        methods, _values = table(version).find(template) or ({}, [])
        if "get" not in operations or not methods.get("GET") or not methods["GET"].served:
            continue
        for parameter in operations["get"].get("parameters", []):
            schema: dict[str, Any] = parameter["schema"]
            if "$ref" in schema:
                schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
            kind = "enum" if "enum" in schema else schema.get("format") or schema["type"]
            if parameter["in"] == "query" and kind in wrong:
                reply = local.call("GET", f"{template}?{parameter['name']}={wrong[kind]}", version=version)
                assert reply.status == 400 and parameter["name"] in reply.body["message"], (path, parameter["name"])
                seen += 1
    assert seen > 30


@pytest.mark.parametrize("version", VERSIONS)
def test_numbers_and_empty_values(local: Local, version: int) -> None:
    path = f"Organizations/{CONTOSO}/Users"
    for bad in ("offset=-1", "limit=x", "offset=99999999999", "limit=2147483648", "offset=" + "9" * 5000):
        assert local.call("GET", f"{path}?{bad}", version=version).status == 400, bad
    for good in ("offset=", "limit=2147483647", "limit=", "displayName="):
        assert local.call("GET", f"{path}?{good}", version=version).status == 200, good


def test_a_filter_that_a_list_does_not_have_is_ignored(local: Local) -> None:
    assert local.results("Jobs?organizationId=abc", 7) == local.results("Jobs", 7)
    assert local.results("BackupRepositories?proxyId=abc", 3) == local.results("BackupRepositories", 3)


def test_the_row_of_a_whole_organization_can_be_read(local: Local) -> None:
    (row,) = local.results(f"Jobs/{TENANT}/SelectedItems")
    assert local.get(f"Jobs/{TENANT}/SelectedItems/{row['id']}") == row
    assert local.call("GET", f"Jobs/{TENANT}/SelectedItems/{row['id']}", version=7).status == 404
    assert local.call("DELETE", f"Jobs/{TENANT}/SelectedItems?ids={row['id']}").status in (400, 409)
    assert local.results(f"Jobs/{TENANT}/SelectedItems") == [row]


@pytest.mark.parametrize("version", VERSIONS)
def test_two_slashes_and_any_case(local: Local, version: int) -> None:
    headers = {"authorization": ""}
    local.get("Jobs", version)
    headers = local._headers
    for path in (f"//v{version}/Jobs", f"//V{version}/jobs/{EVERYTHING}/selectedItems", f"/v{version}/JOBS/"):
        assert local.server.answer("GET", path, "", headers, b"").status == 200, path
    assert local.server.answer("GET", f"//v{version}/jobs/{EVERYTHING}/EXCLUDEDITEMS", "", headers, b"").status == 200


def test_nothing_ends_with_zeros() -> None:
    """Times have at most seven fractional digits and no trailing zero; nextRun has no fraction."""
    local = Local(switches={"queued_seconds": 0.125})
    local.advance(days=3, seconds=0.5)
    for version in VERSIONS:
        jobs = local.results("Jobs", version) + (local.results("CopyJobs", version) if version >= 6 else [])
        sessions = local.results("JobSessions", version)
        lines = [
            line for entry in sessions[:20] for line in local.results(f"JobSessions/{entry['id']}/LogItems", version)
        ]
        owners = local.results("Organizations?extendedView=true", version)
        text = str([jobs, sessions, lines, owners])
        fractions = re.findall(r"\d\d:\d\d:\d\d(?:\.(\d*))?Z", text)
        assert len(fractions) > 50 and {len(digits) for digits in fractions} >= {0, 3}
        assert not [digits for digits in fractions if digits.endswith("0") or len(digits) > 7]
        assert all("." not in job.get("nextRun", "") for job in jobs)
