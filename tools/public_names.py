# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the list of public names: ``tools/run-in-env python tools/public_names.py [--check]``.

Options, results, filters, roles, playbooks and variables are what other people's playbooks rely on. The list holds each
of them on a line of its own, with its type, choices and default, so that a change of one is a line of a review. With
``--check`` nothing is written; the lines that differ are shown, and the exit code is 1.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible.module_utils.common.yaml import yaml_load

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "tests" / "unit" / "contract" / "public_names.txt"
PACKAGE = "ansible_collections.backupops.vbo365.plugins"
#: the licence of this file, and what the list is
HEAD = "".join(Path(__file__).read_text(encoding="utf-8").splitlines(keepends=True)[:3]) + (
    "# Written by tools/public_names.py. A line that goes, or becomes another one, breaks the playbooks of users.\n"
)
#: a variable in the text of a playbook or a role; those that begin with two underscores are private
VARIABLE = re.compile(r"(?<![\w.])vbo(?:365)?_\w*[^\W_](?=\W)")
#: what the documentation of modules names
ENVIRONMENT, SHARED = re.compile(r"E\((VBO365_\w+)\)"), re.compile(r"C\((vbo365_\w+)\)")


def names(root: Path = ROOT) -> list[str]:
    """Every public name, with what belongs to it, in order."""
    found: set[str] = set()
    for path in (root / "plugins" / "modules").glob("*.py"):
        found.update(f"module {path.stem}{rest}" for rest in ["", *_module(path.stem)])
        found.update(f"environment {name}" for name in ENVIRONMENT.findall(_documented(path.stem)))
        found.update(f"variable {name}" for name in SHARED.findall(_documented(path.stem)))
    for path in (root / "plugins" / "filter").glob("*.yml"):
        found.update(f"filter {path.stem}{rest}" for rest in ["", *_filter(_read(path)["DOCUMENTATION"])])
    options: set[str] = set()
    used: set[str] = set()
    for role in (root / "roles").iterdir():
        for entry, spec in _read(role / "meta" / "argument_specs.yml")["argument_specs"].items():
            place = f"role {role.name}" if entry == "main" else f"role {role.name} ({entry})"
            found.update(f"{place}{rest}" for rest in ["", *_options(spec["options"])])
            options.update(spec["options"])
        facts = set(_facts(role))
        found.update(f"role {role.name} sets {name}" for name in facts)
        options |= facts | {role.name}
        used.update(_variables(role / "defaults", role / "vars"))
    for path in (root / "playbooks").glob("*.yml"):
        found.add(f"playbook {path.stem}")
    used.update(_variables(root / "playbooks"))
    found.update(f"variable {name}" for name in used - options)
    return sorted(found)


def _read(path: Path) -> Any:
    return yaml_load(path.read_text(encoding="utf-8"))


# --- modules and filters ---------------------------------------------------------------------------------------------


def _fragments(module: Any) -> Iterator[dict[str, Any]]:
    """Return the parts of the documentation of a module: its fragments, then its own."""
    own = yaml_load(module.DOCUMENTATION)
    for reference in own.get("extends_documentation_fragment", ()):
        name, _dot, variable = reference.split(".", 2)[2].partition(".")
        holder = importlib.import_module(f"{PACKAGE}.doc_fragments.{name}").ModuleDocFragment
        yield yaml_load(getattr(holder, (variable or "documentation").upper()))
    yield own


def _code(name: str) -> Any:
    return importlib.import_module(f"{PACKAGE}.modules.{name}")


def _documented(name: str) -> str:
    return json.dumps(list(_fragments(_code(name))))


def _module(name: str) -> Iterator[str]:
    for document in _fragments(_code(name)):
        yield from _options(document.get("options") or {})
    for key, result in (yaml_load(_code(name).RETURN) or {}).items():
        yield from _results(key, result)


def _options(options: dict[str, Any], above: str = "") -> Iterator[str]:
    for name, option in options.items():
        kind = option.get("type", "str")
        several = "[]" if kind == "list" else ""
        words = [f"list of {option['elements']}" if "elements" in option else kind]
        if "choices" in option:
            words.append("one of " + " ".join(map(str, option["choices"])))
        if option.get("required"):
            words.append("required")
        if "default" in option:
            words.append(f"default {json.dumps(option['default'])}")
        yield f" option {above}{name}: {', '.join(words)}"
        yield from _options(option.get("suboptions") or option.get("options") or {}, f"{above}{name}{several}.")


def _results(path: str, result: dict[str, Any]) -> Iterator[str]:
    kind = result.get("type", "str")
    choices = f", one of {' '.join(map(str, result['choices']))}" if "choices" in result else ""
    yield f" result {path}: {kind}{choices}"
    below = f"{path}[]" if kind == "list" else path
    if "contains" in result:
        for name, inner in result["contains"].items():
            yield from _results(f"{below}.{name}", inner)
    else:
        yield from (f" result {place}" for place in _shown(result.get("sample"), path))


def _shown(sample: Any, path: str) -> Iterator[str]:
    """The keys that an example of a result shows, where none are documented."""
    if isinstance(sample, list):
        for entry in sample:
            yield from _shown(entry, f"{path}[]")
    elif isinstance(sample, dict):
        for key, value in sample.items():
            yield f"{path}.{key}"
            yield from _shown(value, f"{path}.{key}")


def _filter(document: dict[str, Any]) -> Iterator[str]:
    yield from _options(document["options"])
    if "positional" in document:
        yield f" positional: {document['positional']}"


# --- roles and playbooks ---------------------------------------------------------------------------------------------


def _facts(role: Path) -> Iterator[str]:
    """Return the public facts that a role sets, and its variables that others may read."""
    for path in (role / "vars").glob("*.yml"):
        yield from (name for name in _read(path) or {} if not name.startswith("_"))
    for path in (role / "tasks").glob("*.yml"):
        for task in _tasks(_read(path) or []):
            for name in [*task.get("ansible.builtin.set_fact", {}), task.get("register", "__")]:
                if not name.startswith("_"):
                    yield name


def _tasks(tasks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for task in tasks:
        yield task
        for part in ("block", "rescue", "always"):
            yield from _tasks(task.get(part, []))


def _variables(*folders: Path) -> Iterator[str]:
    for folder in folders:
        for path in folder.glob("*.yml"):
            text = "\n".join(line.partition("# ")[0] for line in path.read_text(encoding="utf-8").splitlines())
            yield from VARIABLE.findall(text)


# --- the file --------------------------------------------------------------------------------------------------------


def difference(old: list[str], new: list[str]) -> list[str]:
    """Return removed and added lines in the form of a diff."""
    return [f"-{line}" for line in old if line not in set(new)] + [f"+{line}" for line in new if line not in set(old)]


def main() -> int:
    """Write, or with --check show, what differs."""
    old = LIST.read_text(encoding="utf-8").splitlines() if LIST.exists() else []
    new = [*HEAD.splitlines(), *names()]
    lines = difference(old, new)
    if lines:
        print("\n".join(lines))
    if "--check" not in sys.argv:
        LIST.write_text("\n".join(new) + "\n", encoding="utf-8")
    return int(old != new and "--check" in sys.argv)


if __name__ == "__main__":
    raise SystemExit(main())
