# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables of the guides that repeat other sources: environment variables, switches, requests of the sandbox."""

from __future__ import annotations

import json
import re
import runpy

import yaml
from ansible_collections.backupops.vbo365.plugins.module_utils._api._connection import CONNECTION
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._items import TYPES
from ansible_collections.backupops.vbo365.plugins.plugin_utils._lint._rules import RULES
from ansible_collections.backupops.vbo365.tools.bench.rows import ROWS
from vbo_sandbox.api.control import CONTROL
from vbo_sandbox.store.switches import BY_NAME

from .pages import GUIDES, ROOT


def guide(name: str) -> str:
    return (GUIDES / f"{name}.rst").read_text(encoding="utf-8")


def test_environment_variables() -> None:
    shown = re.findall(r"^``(\w+)`` +``(\w+)``$", guide("connect"), re.MULTILINE)
    assert shown == [(name, option["fallback"][1][0]) for name, option in CONNECTION.options.items()]


def test_types_of_items() -> None:
    assert re.findall(r"^``(\w+)``  +", guide("items"), re.MULTILINE) == list(TYPES)


def test_requests_of_the_control_interface() -> None:
    shown = re.findall(r"^``(\w+) /_sandbox/([\w/]+)``", guide("sandbox"), re.MULTILINE)
    assert {path for _method, path in shown} == set(CONTROL)
    for method, path in shown:
        assert method in CONTROL[path]


def test_switches() -> None:
    names = re.findall(r"``(\w+_(?:seconds|result|ms))``", guide("sandbox"))
    assert names and set(names) <= set(BY_NAME)


def test_generated_tables_of_the_sandbox() -> None:
    """The routes and switches of the sandbox; C(tools/run-in-env python tools/sandbox_page.py) writes them."""
    made = runpy.run_path(str(ROOT / "tools" / "sandbox_page.py"), run_name="tables")
    text = guide("sandbox_reference")
    assert made["page"](text) == text, "run tools/run-in-env python tools/sandbox_page.py"
    assert text.count(".. table: ") == len(made["TABLES"])
    assert all(f"``{name}``" in text for name in BY_NAME)


def test_settings_of_a_server() -> None:
    path = ROOT / "roles" / "vbo_sandbox" / "meta" / "argument_specs.yml"
    options = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
    table = guide("sandbox").split("\nSettings\n")[1].split("\nControl interface\n")[0]
    assert re.findall(r"^``(\w+)``  +", table, re.MULTILINE) == list(options["vbo_sandbox_servers"]["options"])
    for name in re.findall(r"vbo_sandbox_\w+", guide("sandbox")):
        assert name in options or name == "vbo_sandbox_addresses", name


def test_rules_about_the_design_of_jobs() -> None:
    """Every rule is in the table of its guide, with its severity, numbers and source."""
    rows = [("Rule", "Severity", "It finds", "Numbers", "Source")]
    for rule in RULES:
        numbers = ", ".join(f"``{key}: {json.dumps(value)}``" for key, value in rule.parameters.items())
        rows.append((f"``{rule.id}``", rule.severity, f"{rule.title}.", numbers, rule.source))
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in rows:
        lines += [f"   {'*' if cell is row[0] else ' '} - {cell}".rstrip() for cell in row]
    assert "\n".join(lines) in guide("lint")


#: the cmdlets of the product about jobs, by noun
CMDLETS = {
    "Job": "Add Get Set Remove Enable Disable Start Stop",
    "JobSession": "Get",
    "JobLog": "Export",
    "BackupItem": "New Set Add Remove Get",
    "ExcludedBackupItem": "Add Remove Get",
    "JobSchedulePolicy": "New Set",
    "BackupWindowSettings": "New Set",
    "CopyJobSchedulePolicy": "New Set",
    "CopyJob": "Add Get Set Remove Enable Disable Start Stop",
}


def test_cmdlets_about_jobs() -> None:
    """Each has one row, which names a module or an option, or says that there is none."""
    table = guide("from_powershell").split("\nEvery cmdlet about jobs\n")[1].split("\nWhat jobs refer to\n")[0]
    rows = dict(re.findall(r"^   \* - ``(\S+)``\n     - (.+)$", table, re.MULTILINE))
    assert set(rows) == {f"{verb}-VBO{noun}" for noun, verbs in CMDLETS.items() for verb in verbs.split()}
    assert all(re.match(r".*:ans(plugin|opt):|None|The same", row) for row in rows.values()), rows


def test_speed_has_the_rows_of_the_benchmark() -> None:
    """All columns but the measurements, which are copied from a run."""
    pattern = r"^   \* - (.+)\n     - (.+)\n     - .+\n     - (.+)$"
    shown = re.findall(pattern, guide("speed"), re.MULTILINE)
    rows = [(row.name, row.ratio_to or "nothing", f"{row.target:g} {row.unit}") for row in ROWS.values()]
    assert shown[1:] == rows


def test_speed_of_the_readme_is_that_of_the_guide() -> None:
    section = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## Speed\n")[1].split("\n## ")[0]
    numbers = re.findall(r"\*\*(.+?)\*\*", section)
    assert len(numbers) == 3
    assert [number for number in numbers if number not in guide("speed")] == []


def test_tests_that_hold_what_the_page_about_security_says() -> None:
    """Every test that the page names exists in the file to which its link leads."""
    links = re.findall(r"`(test_\w+) <\S+/blob/main/(\S+)>`__", guide("security"))
    assert len(links) > 20
    for name, path in links:
        assert re.search(rf"^def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE), (name, path)


def test_the_first_page_leads_to_every_guide() -> None:
    for path in GUIDES.glob("*.rst"):
        assert path.stem == "start" or f"docsite.{path.stem}>`" in guide("start"), path.stem
