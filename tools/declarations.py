# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes what follows from the declared resources: ``tools/run-in-env python tools/declarations.py [--check]``.

A file ``plugins/module_utils/_resources/_x.py`` that declares ``X = Kind(...)`` has the modules ``vbo_x``, and
``vbo_x_info``, whose documentation is written by hand. From these follow the tails of the modules, the action of each
module, the action group, and a table of docs/docsite/rst/content.rst. With ``--check`` nothing is written; the files
that differ are named, and the exit code is 1.
"""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PLUGINS = ROOT / "plugins"
MODULES = PLUGINS / "modules"
PACKAGE = "ansible_collections.backupops.vbo365.plugins.module_utils"
UTILS = PLUGINS / "module_utils"
DECLARED = re.compile(r"^([A-Z_]+) = Kind\($", re.MULTILINE)
#: what makes a module of a declaration, and what its name ends with
MAKERS = {"": "manage", "_info": "inform"}
#: the code after the documentation of such a module
TAIL = """
from {package}._hosts._declared import {maker}
from {package}._hosts._process import run_module
from {package}._resources._{noun} import {kind}

DEFINITION = {maker}({kind})


def main() -> None:
    run_module(DEFINITION)


if __name__ == "__main__":
    main()
"""
#: the table of the declared resources in the documentation
TABLE = re.compile(r"(?<=^\.\. table of declared resources\n\n).*?\n(?=\.\. end of table$)", re.MULTILINE | re.DOTALL)


def declared() -> dict[str, str]:
    """The resources that have modules: noun and name of the declaration."""
    found = {}
    for path in sorted((UTILS / "_resources").glob("_*.py")):
        for name in DECLARED.findall(path.read_text(encoding="utf-8")):
            if path.stem == f"_{name.lower()}":
                found[name.lower()] = name
    return found


def tail(text: str, noun: str, kind: str, maker: str) -> str:
    """A module with the code that belongs below its documentation."""
    head, mark, rest = text.partition('RETURN = r"""')
    body, end, _code = rest.partition('"""\n')
    return head + mark + body + end + TAIL.format(package=PACKAGE, maker=maker, noun=noun, kind=kind)


def contents(text: str, kinds: dict[str, Any]) -> str:
    """The page of contents, whose table of declared resources has two rows for each of them."""
    rows = [("Module", "What it does")]
    for noun, kind in kinds.items():
        since = f" (API v{kind.since} and later)" if kind.since > 3 else ""
        module = f":ansplugin:`backupops.vbo365.vbo_{noun}{{}}#module`"
        rows.append((module.format(""), f"manages {kind.titles}{since}"))
        rows.append((module.format("_info"), f"reads {kind.titles}, also as options of ``vbo_{noun}``"))
    lines = [".. list-table::", "   :header-rows: 1", "   :widths: 45 55", ""]
    for first, second in rows:
        lines += [f"   * - {first}", f"     - {second}"]
    table = "\n".join([*lines, "", ""])
    return TABLE.sub(lambda _match: table, text)


def wanted() -> dict[Path, str]:
    """Every file that follows from the declarations, as it should be."""
    out: dict[Path, str] = {}
    kinds = {}
    for noun, name in declared().items():
        kinds[noun] = getattr(importlib.import_module(f"{PACKAGE}._resources._{noun}"), name)
        for suffix, maker in MAKERS.items():
            path = MODULES / f"vbo_{noun}{suffix}.py"
            if not path.exists():
                raise SystemExit(f"{path.relative_to(ROOT)}: write its documentation first, up to RETURN")
            out[path] = tail(path.read_text(encoding="utf-8"), noun, name, maker)
    names = sorted(path.stem for path in MODULES.glob("vbo_*.py"))
    action = (PLUGINS / "action" / "vbo_job.py").read_text(encoding="utf-8")
    out.update({PLUGINS / "action" / f"{name}.py": action for name in names})
    runtime = ROOT / "meta" / "runtime.yml"
    text = runtime.read_text(encoding="utf-8")
    group = "".join(f"    - {name}\n" for name in names)
    out[runtime] = re.sub(r"(?<=^  vbo365:\n)(    - \w+\n)+", group, text, flags=re.MULTILINE)
    page = ROOT / "docs" / "docsite" / "rst" / "content.rst"
    out[page] = contents(page.read_text(encoding="utf-8"), kinds)
    return out


def different() -> dict[Path, str]:
    """The files that are not as they should be."""
    return {
        path: text for path, text in wanted().items() if not path.exists() or path.read_text(encoding="utf-8") != text
    }


def main() -> int:
    """Write, or with --check name, what differs."""
    changed = different()
    for path, text in changed.items():
        print(path.relative_to(ROOT))
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
    return int(bool(changed) and "--check" in sys.argv)


if __name__ == "__main__":
    raise SystemExit(main())
