# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The imports between files, and between packages (folders, or single files beside them), as graphs."""

from __future__ import annotations

import ast
import typing as t
from pathlib import Path

Graph = dict[str, set[str]]


def imported(path: Path, root: Path, package: str) -> list[str]:
    """All modules that a file imports, also inside functions, by their full names.

    :arg root: the folder of the package
    """
    here = [*package.split("."), *path.relative_to(root).parts[:-1]]
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            module = ".".join([*base, *((node.module or "").split(".") if node.module else [])])
            inside = f"{module}.".startswith(f"{package}.")
            if inside and root.joinpath(*module.split(".")[len(package.split(".")) :]).is_dir():
                found += [f"{module}.{alias.name}" for alias in node.names]
            else:
                found.append(module)
    return found


def files(folder: Path) -> list[str]:
    """The Python files below a folder, as paths without their suffix."""
    return sorted(str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.py") if path.stat().st_size)


def graph_of(folder: Path, root: Path, package: str) -> Graph:
    """Each file below a folder, and the other files that it imports."""
    prefix = ".".join([package, *folder.relative_to(root).parts]) + "."
    return {
        name: {
            module.removeprefix(prefix).replace(".", "/")
            for module in imported(folder / f"{name}.py", root, package)
            if module.startswith(prefix)
        }
        for name in files(folder)
    }


def rooms_of(graph: Graph, folder: str = "") -> Graph:
    """The packages of a folder, and the other packages that their files import."""
    start = f"{folder}/" if folder else ""

    def room(name: str) -> str:
        return name.removeprefix(start).split("/")[0]

    inside = {name: used for name, used in graph.items() if name.startswith(start)}
    rooms: Graph = {room(name): set() for name in inside}
    for name, used in inside.items():
        rooms[room(name)] |= {room(other) for other in used if other.startswith(start)} - {room(name)}
    return rooms


def circles(graph: Graph) -> list[str]:
    """The circular imports that a walk through the graph finds, for a message."""
    found: list[str] = []
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            found.append(" -> ".join([*path[path.index(name) :], name]))
        elif name not in done:
            for used in sorted(graph.get(name, ())):
                visit(used, (*path, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())
    return found


def upwards(graph: Graph, floors: t.Sequence[t.Sequence[str]]) -> list[str]:
    """The imports that point upwards.

    :arg floors: what stands on each floor, from the bottom to the top
    """
    floor = {name: number for number, names in enumerate(floors) for name in names}
    return [
        f"{name} imports {other}"
        for name, used in sorted(graph.items())
        for other in sorted(used)
        if floor[other] >= floor[name]
    ]
