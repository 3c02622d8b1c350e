# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Pictures of the guides: drawn ones are up to date; each is shown, exists, and has a text alternative."""

from __future__ import annotations

import re
import runpy
from xml.etree import ElementTree

import pytest

from .pages import GUIDE_PAGES, PAGES, ROOT

IMAGES = ROOT / "docs" / "images"
RAW = "https://raw.githubusercontent.com/backupops/vbo365/main/docs/images/"
DRAWN = runpy.run_path(str(ROOT / "tools" / "pictures.py"), run_name="pictures")["PICTURES"]


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_a_drawn_picture_is_what_the_script_draws(name: str) -> None:
    text = DRAWN[name]()
    assert (IMAGES / name).read_text(encoding="utf-8") == text, "run tools/run-in-env python tools/pictures.py"
    title = ElementTree.fromstring(text).find("{http://www.w3.org/2000/svg}title")
    assert title is not None and title.text


def test_every_picture_is_shown_and_every_shown_one_exists() -> None:
    shown = {name for page in PAGES for name in re.findall(re.escape(RAW) + r"([\w.-]+)", page.text)}
    assert shown == {path.name for path in IMAGES.iterdir()}


def test_every_picture_of_a_guide_has_a_text() -> None:
    for page in GUIDE_PAGES:
        for name, option in re.findall(r"^\.\. image:: \S+/([\w.-]+)\n(.*)$", page.text, re.MULTILINE):
            assert re.match(r" +:alt: \S", option), (page.name, name)
