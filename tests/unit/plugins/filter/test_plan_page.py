# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page of a plan in a real browser: no messages, usable on phones, in dark mode, on paper, by screen readers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible_collections.backupops.vbo365.plugins.filter.plan import plan_files

from ...support.chromium import Browser
from ...support.looks import CONTRAST, LOOKS, NEEDS_CHROMIUM, looked_at, width
from .plan_samples import HOSTILE, everything, fleet, hostile

pytestmark = NEEDS_CHROMIUM
OPEN = "document.querySelectorAll('details').forEach(entry => { entry.open = true; })"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages."""
    folder = tmp_path_factory.mktemp("pages")
    for name, plan in (("everything", everything()), ("hostile", hostile()), ("fleet", fleet(200, 50))):
        (folder / f"{name}.html").write_text(plan_files(plan, ["html"])[0]["content"], encoding="utf-8")
    return folder


@pytest.mark.parametrize(("name", "look"), looked_at(["everything", "hostile", "fleet"]))
def test_the_page_is_quiet_fits_and_can_be_read(browser: Browser, pages: Path, name: str, look: str) -> None:
    url = (pages / f"{name}.html").as_uri()
    page = browser.open(url, **LOOKS[look])
    page.evaluate(OPEN)
    assert page.complaints() == []
    assert page.requests() == [url]
    shown, allowed = width(page)
    assert shown <= allowed == LOOKS[look].get("width", 1200)
    assert name == "fleet" or page.evaluate(CONTRAST) == []


def test_the_numbers_are_those_of_the_plan(browser: Browser, pages: Path) -> None:
    page = browser.open((pages / "everything.html").as_uri())
    shown = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.card')].map("
        "card => [card.querySelector('dt').textContent, Number(card.querySelector('dd').textContent)]))"
    )
    totals = everything()["totals"]
    words = {"changes": "with changes", "none": "as declared"}
    words |= {action: f"to {action}" for action in ("create", "update", "delete")}
    assert shown == {words.get(name, name): number for name, number in totals.items()}
    targets = "[...document.querySelectorAll('a')].every(link => document.getElementById(link.hash.slice(1)))"
    assert page.evaluate(targets)


def test_nothing_hostile_runs(browser: Browser, pages: Path) -> None:
    page = browser.open((pages / "hostile.html").as_uri())
    intruders = "script, img, form, iframe, object, embed, link, base, textarea, meta[http-equiv=refresh]"
    assert page.evaluate(f"document.querySelectorAll({json.dumps(intruders)}).length") == 0
    assert HOSTILE.partition("\u202e")[0] in page.evaluate("document.body.textContent")


@pytest.mark.parametrize("look", ["light", "phone"])
def test_a_screen_reader_gets_the_same(browser: Browser, pages: Path, look: str) -> None:
    roles = browser.open((pages / "everything.html").as_uri(), **LOOKS[look]).roles()
    assert ("heading", "Backup plan") in roles and ("heading", "Update 2 jobs on 1 server") in roles
    assert ("table", "Planned changes of Mail") in roles
    assert any(role == "rowheader" and name.startswith("schedule_policy.daily_time") for role, name in roles)
    assert any(role == "columnheader" and name == "Planned" for role, name in roles)
