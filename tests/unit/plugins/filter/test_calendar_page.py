# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of calendars in a real browser: no messages, usable on phones, in dark mode, on paper, by screen readers."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest
from ansible_collections.backupops.vbo365.plugins.filter.calendar import calendar_files

from ...support.chromium import Browser
from ...support.looks import CONTRAST, LOOKS, NEEDS_CHROMIUM, looked_at, width
from .calendar_samples import HOSTILE, Job, compared, fleet, hostile, night

pytestmark = NEEDS_CHROMIUM
OPEN = "document.querySelectorAll('details').forEach(entry => { entry.open = true; })"

PAGES: dict[str, t.Callable[[], list[Job]]] = {
    "night": lambda: [night()],
    "hostile": lambda: [hostile()],
    "compared": compared,
    "fleet": lambda: fleet(60, 20),
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages."""
    folder = tmp_path_factory.mktemp("pages")
    for name, reports in PAGES.items():
        (file,) = calendar_files(reports(), ["html"], ["gone.example.com"])
        (folder / f"{name}.html").write_text(file["content"], encoding="utf-8")
    return folder


@pytest.mark.parametrize(("name", "look"), looked_at(PAGES))
def test_the_page_is_quiet_fits_and_can_be_read(browser: Browser, pages: Path, name: str, look: str) -> None:
    url = (pages / f"{name}.html").as_uri()
    page = browser.open(url, **LOOKS[look])
    page.evaluate(OPEN)
    assert page.complaints() == []
    assert page.requests() == [url]
    shown, allowed = width(page)
    assert shown <= allowed == LOOKS[look].get("width", 1200)
    assert name == "fleet" or page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("name", ["hostile", "compared"])
def test_nothing_hostile_runs(browser: Browser, pages: Path, name: str) -> None:
    page = browser.open((pages / f"{name}.html").as_uri())
    intruders = "script, img, form, iframe, object, embed, link, base, textarea, meta[http-equiv=refresh]"
    assert page.evaluate(f"document.querySelectorAll({json.dumps(intruders)}).length") == 0
    assert page.evaluate("document.querySelectorAll('a:not([href^=\"#\"])').length") == 0
    assert HOSTILE in page.evaluate("document.body.textContent")


def test_the_page_needs_no_scripts_and_the_keyboard_opens_it(browser: Browser, pages: Path) -> None:
    url, text = (pages / "fleet.html").as_uri(), "document.body.innerText"
    page = browser.open(url)
    assert page.evaluate(text) == browser.open(url, scripts=False).evaluate(text)
    page = browser.open(url)
    assert page.evaluate("document.querySelectorAll('details[open]').length") == 0
    page.evaluate("document.querySelector('summary').focus()")
    for kind in ("keyDown", "keyUp"):
        page.call("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", text="\r", windowsVirtualKeyCode=13)
    assert page.evaluate("document.querySelectorAll('details[open]').length") == 1


@pytest.mark.parametrize("look", ["light", "phone"])
def test_a_screen_reader_gets_the_same(browser: Browser, pages: Path, look: str) -> None:
    roles = browser.open((pages / "night.html").as_uri(), **LOOKS[look]).roles()
    assert ("heading", "Backup calendar") in roles and ("heading", "vbo-1") in roles
    assert ("image", "Starts on vbo-1 over the week, as described below") in roles
    assert any(role == "table" and name.startswith("Jobs of vbo-1") for role, name in roles)
    assert any(role == "rowheader" and name.startswith("Mail 1") for role, name in roles)
    assert any(
        role == "cell" and "workdays 22:00" in name and "may run Mon-Thu 19:00-07:00" in name for role, name in roles
    )
    assert any(role == "columnheader" and name == "Starts" for role, name in roles)


def test_a_screen_reader_gets_what_changes(browser: Browser, pages: Path) -> None:
    roles = browser.open((pages / "compared.html").as_uri()).roles()
    assert ("heading", "What changes") in roles
    assert ("image", "More and fewer starts on vbo-1 over the week, as described below") in roles
    cells = [name for role, name in roles if role == "cell"]
    assert any("today: workdays 21:00" in name and "planned: workdays 22:15" in name for name in cells)
    assert any(role == "rowheader" and name.startswith("gone 1 job") and "Old" in name for role, name in roles)
