# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Modules and their documentation, merged with its fragments."""

from __future__ import annotations

import copy
import functools
import importlib
import typing as t
from pathlib import Path

from ansible.module_utils.common.yaml import yaml_load
from ansible_collections.backupops.vbo365.plugins.module_utils._core._fields import Choice, Field
from ansible_collections.backupops.vbo365.plugins.module_utils._core._kind import Kind
from ansible_collections.backupops.vbo365.plugins.module_utils._core._levels import walk
from ansible_collections.backupops.vbo365.plugins.module_utils._input._argspec import ArgSpec

ROOT = Path(__file__).parents[3]
PLUGINS = ROOT / "plugins"
PACKAGE = "ansible_collections.backupops.vbo365.plugins"
COLLECTION = "backupops.vbo365"

Document = dict[str, t.Any]

#: modules that run in the controller only; their action reads its options itself, and no request is sent
CONTROLLER_ONLY = ("read_plan", "role_options", "write_files")


def _groups() -> t.Iterator[tuple[str, ArgSpec]]:
    """The option groups of the whole collection: shared ones, and those of each resource."""
    for path in sorted((PLUGINS / "module_utils").rglob("*.py")):
        holder = importlib.import_module(".".join((PACKAGE, *path.relative_to(PLUGINS).with_suffix("").parts)))
        yield from ((name, value) for name, value in vars(holder).items() if isinstance(value, ArgSpec))


#: option groups by name
GROUPS: dict[str, ArgSpec] = dict(_groups())


def fragment_names() -> list[str]:
    """The fragments that hold options; C(_attributes) holds none."""
    names = sorted(path.stem for path in (PLUGINS / "doc_fragments").glob("_*.py") if path.stem != "__init__")
    return [name for name in names if name != "_attributes"]


@functools.cache
def fragment(reference: str) -> Document:
    """A fragment by its reference, for example C(backupops.vbo365._attributes.info)."""
    name, _unused, variable = reference.removeprefix(f"{COLLECTION}.").partition(".")
    holder = importlib.import_module(f"{PACKAGE}.doc_fragments.{name}").ModuleDocFragment
    return yaml_load(getattr(holder, (variable or "documentation").upper()))


class Module:
    """A module's documentation, code and specification."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.path = path
        self.code = importlib.import_module(f"{PACKAGE}.modules.{path.stem}")
        self.own: Document = yaml_load(self.code.DOCUMENTATION)
        self.fragments: list[str] = self.own["extends_documentation_fragment"]
        self.options: Document = {}
        self.attributes: Document = {}
        for reference in self.fragments:
            shared = copy.deepcopy(fragment(reference))
            self.options.update(shared.get("options") or {})
            for name, attribute in (shared.get("attributes") or {}).items():
                self.attributes[name] = {**self.attributes.get(name, {}), **attribute}
        self.options.update(self.own.get("options") or {})
        self.spec: ArgSpec = self.code.DEFINITION.spec
        self.returned: Document = yaml_load(self.code.RETURN)
        self.examples: list[Document] = yaml_load(self.code.EXAMPLES)

    @property
    def groups(self) -> list[str]:
        """The option groups that the module imports, or that its declaration adds."""
        if self.kind is not None:
            return sorted(self.code.DEFINITION.groups)
        return sorted(name for name in GROUPS if getattr(self.code, name, None) is GROUPS[name])

    @property
    def kind(self) -> Kind | None:
        """The declaration that made the module."""
        return getattr(self.code.DEFINITION, "kind", None)

    @property
    def manages(self) -> bool:
        """Return whether the module changes the objects of its declaration."""
        return self.kind is not None and not self.name.endswith("_info")

    def __repr__(self) -> str:
        return self.name


MODULES = [Module(path) for path in sorted((PLUGINS / "modules").glob("vbo_*.py"))]
#: the declarations, each with the module that manages its objects
KINDS = [module for module in MODULES if module.manages]


def options_in_versions(fields: t.Iterable[Field], first: int = 3, last: int = 8) -> dict[str, tuple[int, int]]:
    """Options that only some of these API versions have, by path."""
    spans = {path: (max(field.since, first), min(field.until, last)) for path, field in walk(fields)}
    return {path: span for path, span in spans.items() if span != (first, last)}


def values_in_versions(fields: t.Iterable[Field]) -> dict[tuple[str, str], tuple[int, int]]:
    """Values that were added later than their options, by path and value."""
    return {
        (path, value): (since, field.until)
        for path, field in walk(fields)
        if isinstance(field, Choice)
        for value, since in field.new.items()
    }
