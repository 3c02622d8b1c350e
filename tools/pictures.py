# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Draw the pictures of the guides that are no screenshots: C(tools/run-in-env python tools/pictures.py)."""

from __future__ import annotations

import typing as t
from html import escape
from pathlib import Path

from ansible_collections.backupops.vbo365.plugins.module_utils._resources._times._window import parse_window

FOLDER = Path(__file__).parents[1] / "docs" / "images"
HEAD = """\
<!-- GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt) -->
<!-- SPDX-License-Identifier: GPL-3.0-or-later -->
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
DAYS = ("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat")


class Picture:
    """An SVG that grows from top to bottom in the file."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self.parts = [HEAD.format(width=width, height=height, title=escape(title))]

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
    """What belongs to the collection, and what it works on."""
    title = "Files in Git go through playbooks, roles and modules to the REST API of servers; reports come back"
    drawn = Picture(760, 380, title)
    drawn.box(20, 20, 200, 80, ["Your repository", "inventory, templates,", "jobs of each server"])
    drawn.box(280, 20, 200, 80, ["Playbooks and roles", "plan, apply, rollout,", "drift, lint, calendar, export"])
    drawn.box(540, 20, 200, 80, ["Files for people", "plans, reports, pages,", "calendars, snapshots"])
    drawn.box(280, 150, 200, 80, ["Modules", "one kind of object each:", "jobs, copy jobs, keys …"])
    drawn.box(20, 150, 200, 80, ["Filters", "windows, start times,", "templates, weeks"])
    drawn.box(180, 280, 180, 80, ["Your servers", "REST API v3 to v8"])
    drawn.box(400, 280, 180, 80, ["The sandbox", "a simulated server", "to learn and test on"], "good")
    drawn.arrow((220, 60), (278, 60))
    drawn.arrow((480, 60), (538, 60))
    drawn.arrow((380, 100), (380, 148))
    drawn.arrow((220, 170), (304, 102))
    drawn.arrow((350, 230), (290, 278))
    drawn.arrow((410, 230), (470, 278))
    return drawn.done()


def task() -> str:
    """How one task goes."""
    title = "A task checks its options, reads, compares; in check mode it ends; else it writes and reads again"
    drawn = Picture(760, 270, title)
    steps = [
        ("Check options", "no request yet"),
        ("Read the server", "names become ids"),
        ("Compare", "both in your words"),
        ("Write", "one whole object"),
        ("Read again", "is it as planned?"),
    ]
    for number, (name, more) in enumerate(steps):
        drawn.box(12 + 150 * number, 30, 136, 70, [name, more])
        if number:
            drawn.arrow((148 + 150 * (number - 1), 65), (160 + 150 * (number - 1), 65))
    ends = [
        (0, "bad", ["Fails", "names the option"]),
        (1, "bad", ["Fails", "says what is missing"]),
        (2, "good", ["Ends here", "in check mode, or", "if nothing differs"]),
        (3, "bad", ["Fails", "says if it was written"]),
        (4, "good", ["Changed", "with the differences"]),
    ]
    for number, kind, lines in ends:
        drawn.box(4 + 150 * number, 165, 146, 80, lines, kind)
        drawn.arrow((80 + 150 * number, 100), (80 + 150 * number, 163))
    return drawn.done()


def waves() -> str:
    """A rollout, and what a failed wave does."""
    title = "A rollout: a canary, then bigger waves; a wave that fails is restored, and later waves do not start"
    drawn = Picture(760, 300, title)
    sizes = ("Wave 1", "1 server"), ("Wave 2", "5 servers"), ("Wave 3", "25 servers"), ("Wave 4", "the rest")
    for number, (name, size) in enumerate(sizes):
        kind = ("good", "good", "bad", "off")[number]
        drawn.box(20 + 190 * number, 50, 150, 90, [name, size, ("done", "done", "fails", "not started")[number]], kind)
        if number:
            drawn.arrow((170 + 190 * (number - 1), 95), (208 + 190 * (number - 1), 95))
    drawn.text(95, 32, "the canary", "small")
    drawn.box(20, 200, 340, 70, ["On each server of a wave", "save its jobs, change them, check the result"])
    drawn.box(400, 200, 340, 70, ["A wave with a failure", "its servers get their saved jobs back"], "bad")
    drawn.arrow((95, 140), (95, 198))
    drawn.arrow((475, 140), (475, 198))
    return drawn.done()


def week() -> str:
    """A backup window as a grid of 168 hours."""
    ranges = ["Mon-Fri 19:00-07:00", "Sat", "Sun"]
    drawn = Picture(760, 290, f"The hours of a week that {', '.join(ranges)} allows")
    hours = parse_window(ranges, "backup_window")
    drawn.text(400, 28, ", ".join(ranges), "strong")
    for hour in range(0, 25, 6):
        drawn.text(60 + 28 * hour, 55, f"{hour}:00", "small")
    for day, name in enumerate(DAYS):
        drawn.text(30, 83 + 28 * day, name)
        for hour in range(24):
            kind = "on" if hours[24 * day + hour] else "off"
            spot = f'x="{60 + 28 * hour}" y="{65 + 28 * day}" width="26" height="26"'
            drawn.parts.append(f'<rect class="{kind}" {spot}/>\n')
    drawn.text(400, 280, "Green hours are permitted. The night from Sunday to Monday is not: it needs Sun-Fri.", "small")
    return drawn.done()


PICTURES = {"parts.svg": parts, "task.svg": task, "waves.svg": waves, "week.svg": week}


def main() -> None:
    """Write all pictures."""
    for name, draw in PICTURES.items():
        (FOLDER / name).write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    main()
