# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A release is rejected unless tag, version and changelog agree."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.backupops.vbo365.tools import check_headers, release


@pytest.mark.parametrize(
    ("tag", "version", "changelog", "fragments", "found"),
    [
        ("1.0.0", "1.0.0", "releases: {1.0.0: {}}", [], []),
        ("1.0.1", "1.0.0", "releases: {1.0.0: {}}", [], ["galaxy.yml", "no release"]),
        ("1.0.0", "1.0.0", "releases: {}", [], ["no release"]),
        ("1.0.0", "1.0.0", "ancestor: null", [], ["no release"]),
        ("1.0.0", "1.0.0", "releases: {1.0.0: {}}", ["1-a.yml", "2-b.yaml"], ["1-a.yml, 2-b.yaml"]),
        ("v1.0.0", "v1.0.0", "releases: {v1.0.0: {}}", [], ["no version"]),
        ("01.0.0", "01.0.0", "releases: {01.0.0: {}}", [], ["no version"]),
    ],
)
def test_what_keeps_a_release_back(
    tmp_path: Path, tag: str, version: str, changelog: str, fragments: list[str], found: list[str]
) -> None:
    (tmp_path / "changelogs" / "fragments").mkdir(parents=True)
    (tmp_path / "galaxy.yml").write_text(f"version: {version}\n", encoding="utf-8")
    (tmp_path / "changelogs" / "changelog.yaml").write_text(changelog, encoding="utf-8")
    for name in fragments:
        (tmp_path / "changelogs" / "fragments" / name).touch()
    problems = list(release.problems(tmp_path, tag))
    assert len(problems) == len(found)
    assert all(part in problem for part, problem in zip(found, problems, strict=True))


@pytest.mark.parametrize("prefix", ["# ", "  ", " * ", ""])
def test_owners_are_added_once_and_as_a_comment(prefix: str) -> None:
    text = f"first\n{prefix}{check_headers.HEADER}\nlast\n"
    added = check_headers.with_copyright(text)
    assert added == f"first\n{prefix}{check_headers.COPYRIGHT}\n{prefix}{check_headers.HEADER}\nlast\n"
    assert check_headers.with_copyright(added) == added
