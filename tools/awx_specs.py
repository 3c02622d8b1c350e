# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the arguments of the modules that examples/awx uses: ``tools/run-in-env python tools/awx_specs.py FOLDER``.

The folder holds ``ansible_collections/awx/awx``, as ``ansible-galaxy collection install`` makes it; the package
``ansible`` on PyPI has it, too. Each module is started up to the point where it hands its arguments to Ansible. What is
inside options that the modules check themselves is taken from their documentation.
"""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import yaml
from ansible.module_utils import basic
from ansible.utils.collection_loader._collection_finder import _AnsibleCollectionFinder

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "tests" / "unit" / "examples" / "awx_modules.yml"
MODULES = [
    "credential",
    "credential_type",
    "execution_environment",
    "inventory",
    "inventory_source",
    "inventory_source_update",
    "job_template",
    "project",
    "role",
    "schedule",
    "workflow_job_template",
]
#: the licence of this file, and what the list is
HEADER = (
    "\n".join(["---", *Path(__file__).read_text(encoding="utf-8").splitlines()[:3]])
    + """

# What the modules of the collection awx.awx accept that examples/awx uses; written by tools/awx_specs.py.

"""
)
#: the keys of an option in the result
KEPT = ("type", "elements", "required", "choices", "aliases", "no_log", "default")
RULES = ("mutually_exclusive", "required_together", "required_one_of", "required_if", "required_by")


class Dumper(yaml.SafeDumper):
    """Without anchors, with short lists in one line, and indented as yamllint likes it."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write everything out."""
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        """Indent lists."""
        return super().increase_indent(flow, False)


def represent_list(dumper: Dumper, data: list[Any]) -> yaml.SequenceNode:
    """Fold no list."""
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=len(str(data)) < 110)


Dumper.add_representer(list, represent_list)


class Seen(BaseException):
    """Stops a module once its arguments are known."""


def arguments(module: Any) -> dict[str, Any]:
    """Return the arguments that a module passes to C(AnsibleModule)."""
    found: dict[str, Any] = {}

    def stop(_self: object, **given: Any) -> None:
        found.update(given)
        raise Seen

    real = basic.AnsibleModule.__init__
    basic.AnsibleModule.__init__ = stop
    try:
        module.main()
    except Seen:
        return found
    finally:
        basic.AnsibleModule.__init__ = real
    raise SystemExit(f"{module.__name__} has no arguments")


def plain(option: dict[str, Any], documented: dict[str, Any]) -> dict[str, Any]:
    """An option without descriptions and functions."""
    kept = {key: option[key] for key in KEPT if option.get(key) not in (None, [])}
    inner = documented.get("suboptions", {})
    if inner:
        kept["options"] = {name: plain(value, value) for name, value in sorted(inner.items())}
    return kept


def main(folder: Path) -> None:
    """Write the file."""
    _AnsibleCollectionFinder(paths=[str(folder)])._install()
    collection = "ansible_collections.awx.awx"
    manifest = json.loads((folder / "ansible_collections/awx/awx/MANIFEST.json").read_text(encoding="utf-8"))
    shared = importlib.import_module(f"{collection}.plugins.module_utils.controller_api").ControllerModule.AUTH_ARGSPEC
    result: dict[str, Any] = {"version": manifest["collection_info"]["version"], "modules": {}}
    for name in MODULES:
        module = importlib.import_module(f"{collection}.plugins.modules.{name}")
        given = arguments(module)
        documented = yaml.safe_load(module.DOCUMENTATION)["options"]
        result["modules"][name] = {
            "options": {
                option: plain(value, documented.get(option, {}))
                for option, value in sorted(given["argument_spec"].items())
                if option not in shared  # how to reach AWX
            },
            **{rule: given[rule] for rule in RULES if given.get(rule)},
        }
    TARGET.write_text(HEADER + yaml.dump(result, Dumper=Dumper, default_flow_style=None, width=150), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
