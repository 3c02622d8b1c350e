# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The order of reports: common differences before single servers; permitted differences are collapsed."""

from __future__ import annotations

from ansible_collections.backupops.vbo365.plugins.filter.drift import drift_files, drift_merge

from .drift_samples import (
    NOW,
    TEXT,
    TIME,
    WINDOW,
    Dict,
    broken,
    failure,
    job,
    report,
    result,
    same_field,
    text,
    unmanaged,
)


def test_what_servers_have_in_common_is_said_once() -> None:
    other = {**TIME, "before": "21:00"}
    slices = [
        same_field(35),
        drift_merge([report(f"x{number}", result(job("mail-0", "update", other))) for number in range(2)]),
    ]
    found = drift_merge([*slices, report("y", result(job("Lost", "create"), job("mail-1", "update", TEXT)))], [], NOW)
    assert found["common"] == [
        {
            "kind": "changed",
            "name": "schedule_policy.daily_time",
            "servers": 37,
            "jobs": 37,
            "values": [
                {"before": "22:00", "after": "23:30", "servers": 35, "jobs": 35},
                {"before": "21:00", "after": "23:30", "servers": 2, "jobs": 2},
            ],
            "more_values": 0,
        }
    ]
    assert "schedule_policy.daily_time differs on 37 servers" in found["summary"]
    for kind, mark in (("markdown", "\n## vbo-"), ("html", '<section class="server"')):
        page = text(found, kind)
        assert 0 < page.index("In common") < page.index(mark)
    assert "| changed: `schedule_policy.daily_time` | 37 | 37 | `22:00` → `23:30` (35 servers)<br>`21:00`" in text(
        found, "markdown"
    )


def test_what_counts_as_common() -> None:
    until = {"reason": "r", "until": "2999-01-01"}

    def common(*reports: Dict) -> list[tuple[str, str, int, int]]:
        entries = drift_merge(list(reports), [], NOW)["common"]
        return [(entry["kind"], entry["name"], entry["servers"], entry["jobs"]) for entry in entries]

    changed = [job(f"j{number}", "update", TIME) for number in range(3)]
    assert common(report("a", result(*changed[:2]))) == []
    assert common(report("a", result(*changed))) == [("changed", TIME["field"], 1, 3)]
    assert common(*(report(name, result(changed[0])) for name in "ab")) == [("changed", TIME["field"], 2, 2)]
    assert common(*(report(name, result(job("n", "create"))) for name in "ab")) == [("missing", "n", 2, 2)]
    assert common(*(report(name, result(others=[unmanaged("u")])) for name in "abc")) == [("unexpected", "u", 3, 3)]
    refused = [report(name, failure("wrong password (HTTP 401).", "POST", 401)) for name in "abc"]
    assert common(*refused) == [("failed", "wrong password (HTTP 401).", 3, 0)]
    down = [report(name, failure(f"No connection to https://{name}.example.com:4443: refused.")) for name in "abc"]
    assert common(*down) == [("unreachable", "No connection to the server: refused.", 3, 0)], "whatever the address"
    partly = [report(name, failure("1 of 1", None, jobs=[broken("x", "no repository")])) for name in "ab"]
    assert common(*partly) == [("failed", "no repository", 2, 2)]
    ignored = [report(name, result(changed[0]), [{"field": "*", **until}]) for name in "ab"]
    assert common(*ignored) == []
    many = [
        report(f"s{number}", result(job("m", "update", {**TIME, "before": f"0{number}:00"}))) for number in range(9)
    ]
    (entry,) = drift_merge(many, [], NOW)["common"]
    assert len(entry["values"]) == 5 and entry["more_values"] == 4


def test_ignored_differences_are_one_line_of_their_server() -> None:
    rules = [{"job": "legacy-*", "reason": "Migration", "until": "2999-12-31"}]
    jobs = [job(f"legacy-{number}", "update", TIME, WINDOW) for number in range(50)]
    found = report("one", result(*jobs, job("Finance mail", "update", TEXT)), rules)
    page = text(found, "html")
    assert page.count("<article") == 1 and page.count("<figure") == 1
    assert page.index("Finance mail</bdi>") < page.index("50 ignored differences</summary>")
    assert page.count("Migration") == 50, "each reason is there, folded away"
    shown = text(found, "markdown")
    assert "legacy-" not in shown and "50 more jobs with differences that ignore rules allow." in shown
    assert shown.count("### ") == 1


def test_a_page_with_everything_wrong_stays_small() -> None:
    found = drift_merge(
        [
            report(f"vbo-{number}", result(*[job(f"n{index}", "update", TIME, WINDOW) for index in range(30)]))
            for number in range(100)
        ],
        [],
        NOW,
    )
    files = drift_files(found, ["html", "markdown", "sarif"])
    sizes = {entry["name"]: len(entry["content"].encode()) for entry in files}
    assert sizes["drift.html"] < 3_000_000 and sizes["drift.md"] <= 65_536 and sizes["drift.sarif"] < 4_000_000, sizes
