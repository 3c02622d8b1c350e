# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Turn what antsibull-docs generates into the documentation site: C(site.py FOLDER), called by C(tools/docs).

antsibull-docs makes a list of all plugins the first page. Here the guide ``start`` becomes the first page, the list
becomes a page of its own, and the side bar has the sections of ``extra-docs.yml``.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
#: the guide that is the first page of the site
START = "start"
#: where the guides find pictures when they are read on a public host
PICTURES = "https://raw.githubusercontent.com/backupops/vbo365/main/docs/images"
SETTINGS = """
# The inventories of other projects cannot be read without a network, and a missing one is no error of ours.
intersphinx_mapping = {}
suppress_warnings = ["ref.ref"]
project = "backupops.vbo365"
title = html_title = html_short_title = "Microsoft 365 backup jobs as code"
html_static_path = ["static"]
html_css_files = ["site.css"]
"""
STYLE = """\
/* Tables wrap instead of running out of the page, and pictures never get wider than the text. */
.wy-table-responsive table.docutils td, .wy-table-responsive table.docutils th { white-space: normal; }
.wy-table-responsive { overflow-x: auto; }
.rst-content img { max-width: 100%; height: auto; }
.rst-content code, .rst-content a, .rst-content h1 { overflow-wrap: anywhere; }
@media (max-width: 768px) {
  html.writer-html5 .rst-content dl.field-list { display: block; }
  html.writer-html5 .rst-content dl.field-list > dd { margin-left: 12px; }
  .rst-content table.docutils:not(.ansible-option-table) :is(td, th) { padding: 6px 8px; }
  .rst-content table.docutils:not(.ansible-option-table) td { overflow-wrap: anywhere; }
  .rst-content h1 { font-size: 145%; }
}
"""


def toctrees(sections: list[dict[str, object]]) -> str:
    """The side bar: one hidden list of contents for each section, and the list of all plugins."""
    lines: list[str] = []
    for section in sections:
        pages = [name for name in _names(section) if name != START]
        if pages:
            lines += ["", ".. toctree::", "   :hidden:", f"   :caption: {section['title']}", ""]
            lines += [f"   docsite/{name}" for name in pages]
    lines += ["", ".. toctree::", "   :hidden:", "   :caption: Reference", "", "   collection", ""]
    return "\n".join(lines)


def _names(section: dict[str, object]) -> list[str]:
    names = section["toctree"]
    assert isinstance(names, list)
    return names


def reference(index: str) -> str:
    """The generated first page without the guides, which the new first page lists."""
    start = index.index("\n.. toctree::")
    end = index.index("\n.. _plugin_index_for_")
    text = index[:start] + index[end:]
    return re.sub(r"^Backupops\.Vbo365\n=+$", "All modules, filters and roles\n" + "=" * 30, text, flags=re.MULTILINE)


def arrange(rst: Path) -> None:
    """Move the pages, and let them use the pictures of this checkout."""
    data = yaml.safe_load((ROOT / "docs" / "docsite" / "extra-docs.yml").read_text(encoding="utf-8"))
    (rst / "collection.rst").write_text(reference((rst / "index.rst").read_text(encoding="utf-8")), encoding="utf-8")
    start = rst / "docsite" / f"{START}.rst"
    text = start.read_text(encoding="utf-8") + toctrees(data["sections"])
    start.unlink()
    (rst / "index.rst").write_text(text, encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "images", rst / "images")
    for page in [rst / "index.rst", *(rst / "docsite").glob("*.rst")]:
        page.write_text(page.read_text(encoding="utf-8").replace(PICTURES, "/images"), encoding="utf-8")


def main() -> None:
    """Change the folder that antsibull-docs made."""
    folder = Path(sys.argv[1])
    with (folder / "conf.py").open("a", encoding="utf-8") as conf:
        conf.write(SETTINGS)
    (folder / "static").mkdir()
    (folder / "static" / "site.css").write_text(STYLE, encoding="utf-8")
    arrange(folder / "rst")


if __name__ == "__main__":
    main()
