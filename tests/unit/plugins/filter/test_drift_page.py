# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML page in a real browser: no messages, no requests, usable on phones, in dark mode and on paper."""

from __future__ import annotations

import functools
import http.server
import json
import threading
import typing as t
from pathlib import Path

import pytest
from ansible_collections.backupops.vbo365.plugins.filter.drift import drift_files

from ...support.chromium import Browser
from ...support.looks import CONTRAST, LOOKS, NEEDS_CHROMIUM, looked_at, width
from .drift_samples import HOSTILE, everything, fleet, hostile

pytestmark = NEEDS_CHROMIUM


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages."""
    folder = tmp_path_factory.mktemp("pages")
    for name, found in (("everything", everything()), ("hostile", hostile()), ("fleet", fleet(200, 50))):
        (folder / f"{name}.html").write_text(drift_files(found, ["html"])[0]["content"], encoding="utf-8")
    return folder


@pytest.mark.parametrize(("name", "look"), looked_at(["everything", "hostile", "fleet"]))
def test_the_page_is_quiet_and_fits(browser: Browser, pages: Path, name: str, look: str) -> None:
    url = (pages / f"{name}.html").as_uri()
    page = browser.open(url, **LOOKS[look])
    assert page.complaints() == []
    assert page.requests() == [url]
    shown, allowed = width(page)
    assert shown <= allowed == LOOKS[look].get("width", 1200)
    assert page.evaluate("document.title") == "Drift report"


@pytest.mark.parametrize("look", LOOKS)
def test_every_text_can_be_read(browser: Browser, pages: Path, look: str) -> None:
    page = browser.open((pages / "everything.html").as_uri(), **LOOKS[look])
    page.evaluate("document.querySelectorAll('details').forEach(entry => { entry.open = true; })")
    assert page.evaluate(CONTRAST) == []


def test_dark_and_light_differ(browser: Browser, pages: Path) -> None:
    url, colour = (pages / "everything.html").as_uri(), "getComputedStyle(document.body).backgroundColor"
    assert browser.open(url).evaluate(colour) == "rgb(246, 247, 249)"
    assert browser.open(url, dark=True).evaluate(colour) == "rgb(18, 22, 28)"


def test_nothing_hostile_runs(browser: Browser, pages: Path) -> None:
    """The policy of the page would block a script, and the console would report it."""
    page = browser.open((pages / "hostile.html").as_uri())
    intruders = "script, img, form, iframe, object, embed, link, base, textarea, meta[http-equiv=refresh]"
    assert page.evaluate(f"document.querySelectorAll({json.dumps(intruders)}).length") == 0
    assert page.evaluate("document.querySelectorAll('a:not([href^=\"#server-\"])').length") == 0
    handlers = "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on'))"
    assert page.evaluate(handlers) == []
    text = page.evaluate("document.body.textContent")
    assert HOSTILE[0] in text and HOSTILE[1] in text and HOSTILE[2] in text


def test_the_page_needs_no_scripts(browser: Browser, pages: Path) -> None:
    url = (pages / "everything.html").as_uri()
    with_scripts, without = browser.open(url), browser.open(url, scripts=False)
    text = "document.body.innerText"
    assert with_scripts.evaluate(text) == without.evaluate(text)


def test_a_screen_reader_gets_tables_headings_and_pictures(browser: Browser, pages: Path) -> None:
    for look in ("light", "phone"):
        roles = browser.open((pages / "everything.html").as_uri(), **LOOKS[look]).roles()
        assert ("heading", "Drift report") in roles
        assert ("table", "All servers, those with something to look at first") in roles
        assert ("table", "Differences of Finance mail") in roles
        assert ("image", "Week of schedule_policy.backup_window, as described below") in roles
        assert any(role == "columnheader" and name == "On the server" for role, name in roles), look
        assert any(role == "rowheader" and "schedule_policy.daily_time" in name for role, name in roles), look
        assert any(role == "cell" and name.endswith("23:30") for role, name in roles), look


def test_a_served_page_asks_for_nothing_else(browser: Browser, pages: Path) -> None:
    """Not even an icon, which browsers request by default."""
    asked: list[str] = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: t.Any) -> None:
            asked.append(self.path)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(pages))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = browser.open(f"http://127.0.0.1:{server.server_port}/everything.html")
        assert page.complaints() == []
        server.shutdown()
    assert asked == ["/everything.html"]


def test_the_large_page_loads_at_once(browser: Browser, pages: Path) -> None:
    page = browser.open((pages / "fleet.html").as_uri())
    timing = "performance.timing.loadEventEnd - performance.timing.navigationStart"
    assert page.evaluate(timing) < 10_000
    assert page.evaluate("document.querySelectorAll('.servers tbody tr').length") == 200
