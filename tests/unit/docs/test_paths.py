# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files, anchors, scripts in tools/ and targets of make that texts of the project name exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TEXTS = sorted(
    path.relative_to(ROOT)
    for pattern in ("*.md", ".github/**/*.md", "docs/docsite/rst/*.rst", "roles/*/README.md", "examples/**/*.md")
    for path in ROOT.glob(pattern)
)
REPOSITORY = (
    r"https://(?:github\.com/backupops/vbo365/(?:blob|tree|raw)|raw\.githubusercontent\.com/backupops/vbo365)/main/"
)
LINK = re.compile(r"\]\(([^)\s]+)\)|<((?:https?://|\.\.?/)[^>\s]+)>`")
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def anchors(text: str) -> set[str]:
    """The anchors of the headings of a text in Markdown."""
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }


def missing(path: Path, text: str) -> list[str]:
    """Names in a text that do not exist in the project."""
    found = []
    for pair in LINK.findall(text):
        link = pair[0] or pair[1]
        file, _hash, anchor = re.sub("^" + REPOSITORY, "/", link).partition("#")
        if re.match(r"\w+:", file):
            if not re.fullmatch(r"https://[\w.-]+(?:/\S*)?", file):
                found.append(link)
            continue
        # relative to the root of the repository or to the folder of the text, or the text itself
        target = ROOT / file[1:] if file.startswith("/") else (ROOT / path.parent / file if file else ROOT / path)
        known = anchors(target.read_text(encoding="utf-8")) if target.suffix == ".md" and target.exists() else {anchor}
        if not target.exists() or (anchor and anchor not in known):
            found.append(link)
    # a command or a path in code; "examples" contains folders with the same names
    if path.parts[0] != "examples":
        found += [
            name
            for name in re.findall(r"(?<![\w/.-])((?:tools|tests/unit|\.ci)/[\w./-]*\w)", text)
            if not (ROOT / name).exists()
        ]
    return found + [f"make {name}" for name in re.findall(r"(?:`|\$ )make ([a-z][a-z-]*)", text) if name not in TARGETS]


@pytest.mark.parametrize("path", TEXTS, ids=str)
def test_what_a_text_names_exists(path: Path) -> None:
    assert missing(path, (ROOT / path).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](https://github.com/backupops/vbo365/blob/main/README.md#installation)", []),
        ("[a](https://github.com/backupops/vbo365/blob/main/README.md#nothing)", ["README.md#nothing"]),
        ("[a](https://github.com/backupops/vbo365/tree/main/nothing)", ["nothing"]),
        ("[a](SECURITY.md), [a](nothing.md), [a](#nothing)", ["nothing.md", "#nothing"]),
        ("[a](http://example.com), [a](https://example.com/a)", ["http://example.com"]),
        ("`make lint`, `make nothing`", ["make nothing"]),
        ("`tools/test -k a`, `tools/nothing`", ["tools/nothing"]),
    ],
)
def test_what_does_not_exist_is_found(text: str, found: list[str]) -> None:
    missed = missing(Path("README.md"), text)
    assert len(missed) == len(found)
    assert all(name.endswith(end) for name, end in zip(missed, found, strict=True))
