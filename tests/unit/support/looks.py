# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of report pages in a real browser: sizes, colour schemes, and whether texts are readable."""

from __future__ import annotations

import typing as t

import pytest

from .chromium import CHROMIUM, Page
from .full import FULL

NEEDS_CHROMIUM = pytest.mark.skipif(CHROMIUM is None and not FULL, reason="chromium is not installed")
LOOKS: dict[str, dict[str, t.Any]] = {
    "light": {},
    "dark": {"dark": True},
    "phone": {"width": 390},
    "small phone": {"width": 320},
    "paper": {"media": "print", "width": 800},
}
#: the widest look on a screen, and the narrowest
SIZES = ("light", "small phone")
#: the contrast of every text with its background; WCAG requires 4.5
CONTRAST = """
(() => {
  const parse = text => { const n = text.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const part = value => value <= .03928 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * part(r / 255) + .7152 * part(g / 255) + .0722 * part(b / 255);
  const back = element => {
    for (let at = element; at; at = at.parentElement) {
      const found = parse(getComputedStyle(at).backgroundColor);
      if (found[3]) return found;
    }
    return [255, 255, 255, 1];
  };
  const bad = [];
  for (const element of document.querySelectorAll("body *:not(svg *)")) {
    if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue;
    const pair = [light(parse(getComputedStyle(element).color)), light(back(element))].sort((x, y) => y - x);
    const ratio = (pair[0] + .05) / (pair[1] + .05);
    if (ratio < 4.5) bad.push(`${element.tagName}.${element.className}: ${ratio.toFixed(2)}`);
  }
  return [...new Set(bad)];
})()
"""


def width(page: Page) -> tuple[int, int]:
    """Return the width of the page and its maximum."""
    return tuple(page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]"))


def looked_at(pages: t.Iterable[str]) -> list[tuple[str, str]]:
    """Return each page with each look; without C(VBO365_TEST_FULL), only the first page has all of them."""
    names = list(pages)
    return [(name, look) for name in names for look in LOOKS if FULL or name == names[0] or look in SIZES]
