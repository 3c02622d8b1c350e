# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The pure parts of the benchmark: calculations with samples, without measuring anything."""

from __future__ import annotations

import json

import pytest
from ansible_collections.backupops.vbo365.tools.bench import cases, cli, report, rows

REQUIRED = {"name", "value", "unit", "target", "ratio_to", "processor", "met"}


def sample(wall: float) -> report.Sample:
    return report.Sample(wall, wall / 2, 80.0, {"reads": 1, "writes": 0})


def result(value: float, target: float, processor: float | None = None) -> report.Result:
    return report.Result("work", value, "x", target, "other work", processor)


def test_an_item_costs_the_difference_of_the_medians() -> None:
    # one slow outlier on either side must not matter
    assert report.per_iteration([6.0, 99.0, 5.0], [1.0, 0.5, 50.0], 10) == pytest.approx(0.5)


@pytest.mark.parametrize(("loop", "empty", "count"), [([1.0], [1.0], 5), ([1.0], [2.0], 5), ([2.0], [1.0], 0)])
def test_what_says_nothing_is_no_measurement(loop: list[float], empty: list[float], count: int) -> None:
    with pytest.raises(ValueError):
        report.per_iteration(loop, empty, count)


def test_ratio() -> None:
    assert report.ratio(3.0, 4.0) == 0.75
    with pytest.raises(ValueError):
        report.ratio(1.0, 0.0)


@pytest.mark.parametrize(("value", "met"), [(0.1, True), (0.15, True), (0.1501, False)])
def test_a_target_is_met_up_to_its_value(value: float, met: bool) -> None:
    assert result(value, 0.15).met is met
    assert result(value, 0.15).as_dict()["met"] is met


def test_the_document_has_the_promised_shape() -> None:
    document = report.document([result(0.063219, 0.15), result(2, 1.3)], {"cpus": 2}, {"python": "3"}, {"uri": {}})
    again = json.loads(json.dumps(document))
    assert [set(row) for row in again["rows"]] == [REQUIRED, REQUIRED]
    assert [(row["value"], row["met"]) for row in again["rows"]] == [(0.0632, True), (2, False)]
    assert again["machine"] == {"cpus": 2}
    assert again["versions"] == {"python": "3"}


def test_the_table_is_aligned_markdown() -> None:
    assert report.table(("a", "long"), [("value", "1")]).splitlines() == [
        "| a     | long |",
        "| ----- | ---- |",
        "| value | 1    |",
    ]


@pytest.mark.parametrize("row", rows.ROWS)
def test_each_row_alone_can_be_shown(row: str) -> None:
    """Also without the empty play, from which the time of one item is derived."""
    counts = dict.fromkeys(("logins", "logouts", "probes", "reads", "writes"), 1)
    taken = {name: [report.Sample(2.0, 1.0, 80.0, counts)] for name in rows.cases_of([row])}
    shown = cli.cases_table(cli.summaries(taken))
    assert all(cases.CASES[name].text in shown for name in taken)


def test_the_table_of_results_names_values_and_targets() -> None:
    lines = report.results_table([result(0.0632, 0.15, 0.07), result(1.58, 1.3)]).splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[2] == ["work", "other work", "0.0632 x", "at most 0.15 x", "yes", "0.07 x"]
    assert cells[3] == ["work", "other work", "1.58 x", "at most 1.3 x", "NO", "-"]


def test_a_missed_target_is_said_plainly() -> None:
    assert report.verdict([result(0.1, 0.15)], {}) == "All targets met."
    assert report.verdict([result(1.58, 1.3)], {}) == "Target not met: work: 1.58 x, wanted 1.3 x"
    assert report.verdict([], {"work": "no server"}) == "Could not be measured: work: no server"
    assert report.verdict([], {}) == "Nothing was measured."


def test_a_busy_machine_is_named() -> None:
    assert report.busy(2.0, 2) == ""
    assert "load 3.5 on 2 processors" in report.busy(3.5, 2)


def test_rows_and_cases_fit_together() -> None:
    assert all(name in cases.CASES for row in rows.ROWS.values() for name in row.cases)
    assert all(case.server in cases.SERVERS for case in cases.CASES.values())
    names = [row.name for row in rows.ROWS.values()]
    assert len(set(names)) == len(names)


def test_cases_are_shared_and_in_order() -> None:
    assert rows.cases_of(["module", "loop"]) == [
        "empty",
        "uri",
        "nothing",
        "controller",
        "module",
        "token",
        "list",
        "script",
    ]
    assert rows.cases_of(["module"]) == ["empty", "uri", "module"]


def test_rows_compare_one_item_with_one_item() -> None:
    counts = {name: case.count for name, case in cases.CASES.items()}
    samples = {
        "empty": [sample(1.0)] * 3,
        "uri": [sample(1.0 + 0.4 * counts["uri"])] * 3,
        "controller": [sample(1.0 + 0.02 * counts["controller"])] * 3,
        "module": [sample(1.0 + 0.5 * counts["module"])] * 3,
    }
    assert rows.ROWS["loop"].value(samples, "wall") == pytest.approx(0.05)
    assert rows.ROWS["module"].value(samples, "wall") == pytest.approx(1.25)


@pytest.mark.parametrize("case", ["uri", "controller", "module"])
def test_a_case_that_wrote_proves_nothing(case: str) -> None:
    entry = cases.CASES[case]
    logins = {"controller": 1, "module": entry.count}.get(case, 0)
    fine = {"reads": entry.count, "writes": 0, "logins": logins, "logouts": logins}
    assert entry.proof(fine)
    assert not entry.proof({**fine, "writes": 1})
    assert not entry.proof({**fine, "reads": entry.count - 1})


@pytest.mark.parametrize("step", ["create", "unchanged", "change"])
def test_the_large_job_is_counted_in_requests(step: str) -> None:
    row = rows.ROWS[f"large_{step}"]
    taken = [report.Sample(wall, wall, 80.0, {"total": 9}) for wall in (2.0, 3.0)]
    assert (row.value({f"large_{step}": taken}, "wall"), row.unit) == (9, "requests")
    # a job must exist before it can be unchanged or changed
    assert rows.cases_of([f"large_{step}"])[:2] == ["empty", "large_create"]


def test_the_change_of_the_large_job_is_one_of_five_items() -> None:
    before, after = cases.large_items(), cases.large_items(changed=True)
    assert len(before) == len(after) == 3700
    names = [{item.get("name") or item["url"] for item in items} for items in (before, after)]
    assert (len(names[1] - names[0]), len(names[0] - names[1])) == (2, 2)
    assert sum(item not in before for item in after) == 3
