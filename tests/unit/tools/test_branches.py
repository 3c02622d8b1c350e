# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The limit of the branch coverage check."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.tools import branches


def report(**taken: int) -> dict[str, t.Any]:
    """A report in which every file has 100 branches, all of them or this many taken."""
    paths = [
        path for patterns in branches.PARTS.values() for pattern in patterns for path in branches.PLUGINS.glob(pattern)
    ]
    return {
        path.relative_to(branches.ROOT).as_posix(): {
            "summary": {"num_branches": 100, "covered_branches": taken.get(path.stem, 100)},
            "missing_branches": [[1, -1]] * (100 - taken.get(path.stem, 100)),
        }
        for path in paths
    }


def test_every_branch_is_taken() -> None:
    lines, wrong = branches.table(report())
    assert wrong == []
    assert lines[-1].split() == ["client", *2 * [str(100 * len(branches.PARTS["client"]))], "100.0", "%"]


@pytest.mark.parametrize(("taken", "enough"), [(99, True), (98, False)])
def test_more_than_98_of_100(taken: int, enough: bool) -> None:
    lines, wrong = branches.table(report(_changes=taken))
    assert wrong == ([] if enough else ["changes: 98 of 100 branches are not more than 98 %"])
    assert any("_changes.py" in line and "1->-1" in line for line in lines)


def test_a_file_that_was_not_measured_is_no_success() -> None:
    measured = report()
    del measured["plugins/module_utils/_resources/_times/_window.py"]
    _lines, wrong = branches.table(measured)
    assert wrong == ["plugins/module_utils/_resources/_times/_window.py was not measured"]


def test_nothing_measured_is_no_success() -> None:
    _lines, wrong = branches.table({})
    assert {sentence.split(":")[0] for sentence in wrong if ":" in sentence} == set(branches.PARTS)
