# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The messages of `make demo` about its steps, without playing them: only what was shown is reported as shown."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
from ansible_collections.backupops.vbo365.tools.demo.first_job import FirstJob
from ansible_collections.backupops.vbo365.tools.demo.fleet import Fleet
from ansible_collections.backupops.vbo365.tools.demo.review import Review
from ansible_collections.backupops.vbo365.tools.demo.stage import Scene, Telling, expect


def test_servers_that_are_started_are_stopped(tmp_path: Path) -> None:
    """The last two stories share their servers."""
    fleet = Fleet(tmp_path / "fleet", tmp_path)
    for story in (FirstJob(tmp_path / "first").story(), [*fleet.story(), *Review(fleet).story()]):
        titles = [scene.title for scene in story]
        assert titles[0].startswith("Start") and titles[-1].startswith("Stop")
        assert sum(title.startswith(("Start", "Stop")) for title in titles) == 2
        assert len(set(titles)) == len(titles)
        assert all(scene.expected and scene.text for scene in story)


@pytest.mark.parametrize("problem", [None, ValueError("not JSON"), KeyError("moved"), OSError("no file")])
def test_the_first_step_that_does_not_show_it_ends_the_story(
    capsys: pytest.CaptureFixture[str], problem: Exception | None
) -> None:
    played = []

    def scene(title: str, good: bool = True) -> Scene:
        def play() -> str:
            played.append(title)
            if not good and problem:
                raise problem
            expect(good, "something else")
            return "seen"

        return Scene(title, "it", "Text.", play)

    telling = Telling()
    telling.tell([scene("one"), scene("two", good=False), scene("three")])
    telling.tell([scene("four")])
    assert played == ["one", "two"]
    assert telling.summary() is False
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line[:2] in ("1.", "2.", "3.", "4.")]
    marks: dict[str, list[t.Any]] = {}
    for row in rows:
        marks.setdefault(row[1], []).append(row[-1])
    assert marks["one"][-1] == "yes"
    assert [marks[name][-1] for name in ("two", "three", "four")] == ["NO"] * 3


def test_a_story_that_went_well(capsys: pytest.CaptureFixture[str]) -> None:
    telling = Telling()
    assert telling.summary() is False, "nothing was shown"
    telling.tell([Scene("one", "it", "Text.", lambda: "seen")])
    assert telling.summary() is True
    assert "seen" in capsys.readouterr().out
