# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The shape of the code: imports go downwards, private files say so, files stay small."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from .documents import PACKAGE, PLUGINS

UTILS = PLUGINS / "module_utils"
#: from the bottom to the top; a file imports from lower rows and, where marked so, from its own row
LAYERS: list[tuple[bool, tuple[str, ...]]] = [
    (False, ("_visible",)),
    (False, ("_errors", "_names", "_diff", "_wait", "_answers")),
    (False, ("_versions",)),
    (True, ("_models/*",)),
    (False, ("_settings",)),
    (False, ("_argspec", "_route")),
    (False, ("_broken",)),
    (False, ("_http",)),
    (False, ("_client",)),
    (False, ("_resource",)),
    (True, ("_resources/*", "_core/*")),
    (False, ("_tasks/*",)),
    (False, ("_module",)),
    (False, ("_core/_modules",)),
    (False, ("_controller",)),
]
#: packages that a part of the collection may use beside the standard library
OUTSIDE = {
    "_argspec": {"ansible"},
    "_module": {"ansible"},
    "_controller": {"ansible"},
    "_route": {"requests"},
    "_broken": {"requests", "urllib3"},
    "_http": {"requests", "urllib3"},
}
#: what pure functions have no business with (conventions: no clock, no network, no global state)
IMPURE = {"os", "socket", "subprocess", "time", "random", "threading", "pathlib", "requests", "ansible"}
PRIVATE = "# This file is private to the collection; it can change in any release."


def utils() -> list[str]:
    return sorted(
        str(path.relative_to(UTILS).with_suffix("")) for path in UTILS.rglob("*.py") if path.name != "__init__.py"
    )


def layer(name: str) -> int:
    """The row of a file of module_utils."""
    patterns = [name, f"{name.split('/')[0]}/*"]
    found = [number for pattern in patterns for number, (_unused, names) in enumerate(LAYERS) if pattern in names][:1]
    assert len(found) == 1, f"{name} has no layer; give it one in this test"
    return found[0]


def imports(path: Path) -> list[str]:
    """All modules that a file imports, also inside functions, by their full names."""
    package = [*PACKAGE.split("."), *path.relative_to(PLUGINS).parts[:-1]]
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *((node.module or "").split(".") if node.module else [])])
            target = (
                PLUGINS.joinpath(*module.removeprefix(f"{PACKAGE}.").split(".")) if module.startswith(PACKAGE) else None
            )
            if target is not None and target.is_dir():
                found += [f"{module}.{alias.name}" for alias in node.names]
            else:
                found.append(module)
    return found


def used_utils(path: Path) -> set[str]:
    prefix = f"{PACKAGE}.module_utils."
    return {name.removeprefix(prefix).replace(".", "/") for name in imports(path) if name.startswith(prefix)}


@pytest.mark.parametrize("name", utils())
def test_imports_go_downwards_only(name: str) -> None:
    own = layer(name)
    for used in used_utils(UTILS / f"{name}.py"):
        assert used in utils(), f"{name} imports {used}"
        assert used != name
        lowest_allowed = own if LAYERS[own][0] else own - 1
        assert layer(used) <= lowest_allowed, f"{name} imports {used}, which is above or beside it"


def test_files_of_one_layer_do_not_go_in_circles() -> None:
    graph = {name: used_utils(UTILS / f"{name}.py") for name in utils()}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join([*path, name])
        if name not in done:
            for used in graph[name]:
                visit(used, (*path, name))
            done.add(name)

    for name in graph:
        visit(name, ())


@pytest.mark.parametrize("name", utils())
def test_only_some_know_ansible_and_the_network(name: str) -> None:
    outside = {module.split(".")[0] for module in imports(UTILS / f"{name}.py") if not module.startswith(PACKAGE)}
    assert outside & {"ansible", "requests", "urllib3"} <= OUTSIDE.get(name, set())
    if layer(name) <= layer("_models/_job") and name != "_wait":
        assert not outside & IMPURE, name


@pytest.mark.parametrize("name", ["_core/_fields", "_core/_levels", "_core/_blocks", "_core/_kind"])
def test_declarations_are_pure(name: str) -> None:
    """No clock, no network, and no client."""
    outside = {module.split(".")[0] for module in imports(UTILS / f"{name}.py") if not module.startswith(PACKAGE)}
    assert not outside & IMPURE
    assert {used.rpartition("/")[2] for used in used_utils(UTILS / f"{name}.py")} <= {
        "_diff",
        "_errors",
        "_names",
        "_fields",
        "_levels",
    }


@pytest.mark.parametrize("path", sorted(PLUGINS.glob("modules/vbo_*.py")), ids=lambda path: path.stem)
def test_modules_use_options_host_and_one_task_only(path: Path) -> None:
    used = used_utils(path)
    if "_core/_modules" in used:  # made by a declaration
        assert used == {
            "_core/_modules",
            "_module",
            f"_resources/_{path.stem.removeprefix('vbo_').removesuffix('_info')}",
        }
        return
    tasks = {name for name in used if name.startswith("_tasks/")}
    assert used - tasks == {"_argspec", "_module"} and len(tasks) == 1
    assert {module.split(".")[0] for module in imports(path)} <= {"__future__", "ansible_collections"}


@pytest.mark.parametrize("path", sorted(PLUGINS.glob("filter/*.py")), ids=lambda path: path.stem)
def test_filters_use_errors_and_models_only(path: Path) -> None:
    assert {name.split("/")[0] for name in used_utils(path)} <= {"_argspec", "_errors", "_models", "_names", "_visible"}


def test_nothing_below_knows_the_controller() -> None:
    """What runs on managed nodes must not import what only controllers have."""
    for path in [*UTILS.rglob("*.py"), *PLUGINS.glob("modules/*.py")]:
        for name in imports(path):
            assert not name.startswith(
                (f"{PACKAGE}.plugin_utils", f"{PACKAGE}.action", "ansible.plugins", "ansible.constants")
            ), path
            assert not name.startswith("ansible.") or name.startswith("ansible.module_utils."), path


def sources() -> list[Path]:
    return sorted(path for path in PLUGINS.rglob("*.py") if path.stat().st_size and not path.is_symlink())


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(PLUGINS)))
def test_files_stay_small_and_carry_the_licence(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 400
    head = lines[1:] if lines[0].startswith("#!") else lines
    assert head[0].startswith("# Copyright (c) backupops contributors")
    assert head[1].startswith("# GNU General Public License v3.0+")
    assert head[2] == "# SPDX-License-Identifier: GPL-3.0-or-later"
    assert "from __future__ import annotations" in lines


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in sources()
        if path.relative_to(PLUGINS).parts[0] in ("module_utils", "plugin_utils", "doc_fragments")
    ],
    ids=lambda path: str(path.relative_to(PLUGINS)),
)
def test_what_is_private_says_so(path: Path) -> None:
    assert path.name.startswith("_")
    assert path.read_text(encoding="utf-8").splitlines()[4] == PRIVATE
    assert all(part.startswith("_") for part in path.relative_to(PLUGINS).parts[1:])
