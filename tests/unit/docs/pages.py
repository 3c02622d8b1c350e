# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reads the code blocks of the README and the guides, and the comment before each block.

The comment is ``.. example: MODE (REASON)`` in a guide and ``<!-- example: MODE (REASON) -->`` in the README. Modes of
blocks in YAML, which hold plays or tasks unless the mode is ``data``:

* none: played in check mode, which must predict what the second, real play does; a third play changes nothing
* ``once``: the same without the third play, for what changes something every time
* ``real``: played for real only, for what check mode cannot know
* ``fails``: played in check mode; it must fail with the message in the next block
* ``mistake``: the same in a quicker way, one module at a time, in both of its hosts, in check mode and for real; the
  reason, if there is one, says what surrounds it (``test_mistakes.py``)
* ``syntax``: not played, but parsed by Ansible, and its options are compared with the specifications
* ``data``: no plays; only parsed as YAML

Modes other than these, and ``real``, ``syntax`` and ``data`` without a reason, are errors.
"""

from __future__ import annotations

import dataclasses
import re
import textwrap
import typing as t
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[3]
GUIDES = ROOT / "docs" / "docsite" / "rst"
MODES = ("", "once", "real", "fails", "mistake", "syntax", "data")
WITH_REASON = ("real", "syntax", "data")
PLAYED = ("", "once", "real", "fails")
#: followed by a block with the message
FAILING = ("fails", "mistake")
LANGUAGES = ("yaml", "console", "diff", "text", "python", "powershell")
_MARKER = re.compile(r"(?:\.\.|<!--) example: (?P<mode>\w*) ?(?:\((?P<reason>[^)]+)\))?(?: -->)?$")


@dataclasses.dataclass
class Block:
    """A block of code."""

    page: str
    line: int
    language: str
    text: str
    mode: str = ""
    reason: str = ""
    caption: str = ""

    @property
    def where(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def data(self) -> t.Any:
        return yaml.safe_load(self.text)

    def plays(self) -> list[dict[str, t.Any]]:
        """Return the plays of the block; tasks without a play become one play."""
        data = self.data
        assert isinstance(data, list) and data, f"{self.where}: neither plays nor tasks"
        if all("hosts" in play for play in data):
            return data
        return [{"name": "Tasks", "hosts": "localhost", "gather_facts": False, "tasks": data}]


@dataclasses.dataclass
class Page:
    """The README, or a guide."""

    path: Path

    def __post_init__(self) -> None:
        self.name = self.path.stem.lower()
        self.text = self.path.read_text(encoding="utf-8")
        self.blocks = list(_markdown(self) if self.path.suffix == ".md" else _rst(self))

    def __repr__(self) -> str:
        return self.name

    def message(self, block: Block) -> str:
        """Return the message in the block after a failing one."""
        shown = self.blocks[self.blocks.index(block) + 1]
        assert shown.language == "text", f"{block.where}: the message does not follow"
        return shown.text

    def of(self, *modes: str, language: str = "yaml") -> list[Block]:
        return [block for block in self.blocks if block.language == language and block.mode in modes]


def _marked(page: Page, lines: list[str], start: int) -> dict[str, str]:
    """Return the mode and reason in the comment before a block; the comment has blank lines around it."""
    before = next((line.strip() for line in reversed(lines[:start]) if line.strip()), "")
    if not re.match(r"(\.\.|<!--) example:", before):
        return {}
    match = _MARKER.match(before)
    assert match, f"{page.name}:{start}: not readable: {before}"
    return {"mode": match["mode"], "reason": match["reason"] or ""}


def _markdown(page: Page) -> t.Iterator[Block]:
    lines = page.text.splitlines()
    number = 0
    while number < len(lines):
        if lines[number].startswith("```"):
            end = lines.index("```", number + 1)
            text = "\n".join(lines[number + 1 : end]) + "\n"
            yield Block(page.name, number + 1, lines[number][3:], text, **_marked(page, lines, number))
            number = end
        number += 1


def _rst(page: Page) -> t.Iterator[Block]:
    lines = page.text.splitlines()
    for number, line in enumerate(lines):
        match = re.match(r"( *)\.\. code-block:: *(\w*)$", line)
        if not match:
            continue
        indent = len(match[1])
        body, caption, position = [], "", number + 1
        while position < len(lines) and re.match(r" +:\w+:", lines[position]):
            caption = lines[position].split(":caption:")[-1].strip()
            position += 1
        while position < len(lines) and (not lines[position].strip() or lines[position].startswith(" " * (indent + 1))):
            body.append(lines[position])
            position += 1
        text = textwrap.dedent("\n".join(body)).strip("\n") + "\n"
        yield Block(page.name, number + 1, match[2], text, caption=caption, **_marked(page, lines, number))


def reads(shown: str, message: str) -> bool:
    """Return whether a message equals that of a page, ignoring line breaks; an ellipsis at an end matches any text."""
    shown, message = " ".join(shown.split()), " ".join(message.split())
    core = shown.strip("…").strip()
    if shown.startswith("…") and shown.endswith("…"):
        return core in message
    if shown.startswith("…"):
        return message.endswith(core)
    return message.startswith(core) if shown.endswith("…") else message == shown


PAGES = [Page(ROOT / "README.md"), *(Page(path) for path in sorted(GUIDES.glob("*.rst")))]
GUIDE_PAGES = PAGES[1:]
BLOCKS = [block for page in PAGES for block in page.blocks]
