# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Draw the pictures of the guides that are no screenshots: C(tools/run-in-env python tools/pictures.py)."""

from __future__ import annotations

import typing as t
from html import escape
from pathlib import Path

from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._window import parse_window

FOLDER = Path(__file__).parents[1] / "docs" / "images"
#: the first lines of this file, as every file has them
LICENCE = "\n".join(line.removeprefix("# ") for line in Path(__file__).read_text(encoding="utf-8").splitlines()[:3])
HEAD = """\
<!--
{licence}
-->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>{title}</title>
<style>
  text {{ font: 15px sans-serif; fill: #1f2328; text-anchor: middle; }}
  text.small {{ font-size: 13px; fill: #57606a; }}
  text.strong {{ font-weight: bold; }}
  .ground {{ fill: #ffffff; }}
  .box {{ fill: #f3f6fa; stroke: #6e7781; }}
  .good, .on {{ fill: #cfe8d5; stroke: #2f7d46; }}
  .bad {{ fill: #fbdcd9; stroke: #b3261e; }}
  .off {{ fill: #f3f6fa; stroke: #c4cbd3; }}
  .line {{ fill: none; stroke: #57606a; stroke-width: 1.6; }}
  .tip {{ fill: #57606a; }}
  @media (prefers-color-scheme: dark) {{
    text {{ fill: #e6edf3; }}
    text.small {{ fill: #b1bac4; }}
    .ground {{ fill: #0d1117; }}
    .box {{ fill: #1c2531; stroke: #8b949e; }}
    .good, .on {{ fill: #17452a; stroke: #57ab6f; }}
    .bad {{ fill: #5c1d1a; stroke: #f0857d; }}
    .off {{ fill: #161b22; stroke: #30363d; }}
    .line {{ stroke: #b1bac4; }}
    .tip {{ fill: #b1bac4; }}
  }}
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>
<rect class="ground" width="{width}" height="{height}"/>
"""
#: narrow enough to be read on a phone
WIDTH = 560
DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


class Picture:
    """An SVG that grows from top to bottom in the file."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self.parts = [HEAD.format(licence=LICENCE, width=width, height=height, title=escape(title))]

    def text(self, x: int, y: int, text: str, kind: str = "") -> None:
        """A line of text around a point."""
        self.parts.append(f'<text x="{x}" y="{y}" class="{kind}">{escape(text)}</text>\n')

    def box(self, x: int, y: int, width: int, height: int, lines: t.Sequence[str], kind: str = "box") -> None:
        """A box; its first line is its name, the others say what it holds."""
        self.parts.append(f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>\n')
        top = y + height // 2 - 9 * (len(lines) - 1) + 5
        for number, line in enumerate(lines):
            self.text(x + width // 2, top + 19 * number, line, "small" if number else "strong")

    def arrow(self, *points: tuple[int, int]) -> None:
        """A line through points, with a tip at its end."""
        path = " ".join(f"{'L' if number else 'M'}{x} {y}" for number, (x, y) in enumerate(points))
        self.parts.append(f'<path class="line" marker-end="url(#tip)" d="{path}"/>\n')

    def done(self) -> str:
        """The whole file."""
        return "".join(self.parts) + "</svg>\n"


def parts() -> str:
    """Draw the parts of the collection and the systems that it works with."""
    title = "Files in Git go through playbooks, roles and modules to the REST API of servers; reports come back"
    drawn = Picture(WIDTH, 350, title)
    drawn.box(5, 15, 155, 80, ["Your repository", "inventory, templates,", "jobs of each server"])
    drawn.box(190, 15, 180, 80, ["Playbooks and roles", "plan, apply, rollout,", "drift, lint, week, export"])
    drawn.box(400, 15, 155, 80, ["Files for people", "plans, reports, weeks,", "snapshots"])
    drawn.box(5, 135, 155, 80, ["Filters", "windows, start times,", "templates"])
    drawn.box(190, 135, 180, 80, ["Modules", "one kind of object each:", "jobs, copy jobs, keys …"])
    drawn.box(100, 255, 165, 80, ["Your servers", "REST API v3 to v8"])
    drawn.box(295, 255, 165, 80, ["The sandbox", "a simulated server", "to learn and test on"], "good")
    drawn.arrow((160, 55), (188, 55))
    drawn.arrow((370, 55), (398, 55))
    drawn.arrow((280, 95), (280, 133))
    drawn.arrow((150, 135), (210, 97))
    drawn.arrow((250, 215), (200, 253))
    drawn.arrow((310, 215), (360, 253))
    return drawn.done()


def task() -> str:
    """Draw the steps of a task."""
    title = "A task checks its options, reads, compares; in check mode it ends; else it writes and reads again"
    drawn = Picture(WIDTH, 440, title)
    steps = [
        ("Check the options", "no request yet", "bad", "Fails: the option is named"),
        ("Read the server", "names become ids", "bad", "Fails: what is missing is named"),
        ("Compare", "both sides in your words", "good", "In check mode, or if equal: ends here"),
        ("Write", "one whole object", "bad", "Fails: it says whether it was written"),
        ("Read again", "is it as planned?", "good", "Changed, with the differences"),
    ]
    for number, (name, more, kind, end) in enumerate(steps):
        top = 10 + 86 * number
        drawn.box(5, top, 200, 60, [name, more])
        drawn.box(255, top + 8, 300, 44, [end], kind)
        drawn.arrow((205, top + 30), (253, top + 30))
        if number:
            drawn.arrow((105, top - 26), (105, top - 2))
    return drawn.done()


def waves() -> str:
    """Draw a rollout and the effect of a failed wave."""
    title = "A rollout: a canary, then bigger waves; a wave that fails is restored, and later waves do not start"
    drawn = Picture(WIDTH, 265, title)
    sizes = (("Canary", "1 server"), ("Wave 2", "5 servers"), ("Wave 3", "25 servers"), ("Wave 4", "the rest"))
    for number, (name, size) in enumerate(sizes):
        kind = ("good", "good", "bad", "off")[number]
        left = 5 + 144 * number
        drawn.box(left, 15, 116, 90, [name, size, ("done", "done", "fails", "not started")[number]], kind)
        if number:
            drawn.arrow((left - 28, 60), (left - 2, 60))
    drawn.box(5, 165, 260, 85, ["On each server of a wave", "save its jobs, change them,", "check the result"])
    drawn.box(293, 165, 262, 85, ["After a failure", "all servers of the wave", "get their saved jobs back"], "bad")
    drawn.arrow((63, 105), (63, 163))
    drawn.arrow((351, 105), (351, 163))
    return drawn.done()


def week() -> str:
    """Draw a backup window as a grid of 168 hours."""
    ranges = ["Mon-Fri 19:00-07:00", "Sat", "Sun"]
    drawn = Picture(WIDTH, 250, f"The hours of a week that {', '.join(ranges)} permits, in green")
    hours = parse_window(ranges, "backup_window")
    drawn.text(300, 24, ", ".join(ranges), "strong")
    for hour in range(0, 25, 6):
        drawn.text(52 + 20 * hour, 48, f"{hour}:00", "small")
    for day, name in enumerate(DAYS):
        drawn.text(24, 72 + 26 * day, name)
        for hour in range(24):
            kind = "on" if hours[24 * day + hour] else "off"
            spot = f'x="{52 + 20 * hour}" y="{55 + 26 * day}" width="18" height="24"'
            drawn.parts.append(f'<rect class="{kind}" {spot}/>\n')
    return drawn.done()


PICTURES = {"parts.svg": parts, "task.svg": task, "waves.svg": waves, "week.svg": week}


def main() -> None:
    """Write all pictures."""
    for name, draw in PICTURES.items():
        (FOLDER / name).write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
