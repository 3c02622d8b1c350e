# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The structure of the code: imports point downwards, private files have private names, files stay small."""

from __future__ import annotations

from pathlib import Path

import pytest

from .documents import PACKAGE, PLUGINS, ROOT
from .imports import Graph, circles, files, graph_of, imported, rooms_of, upwards

UTILS = PLUGINS / "module_utils"
SANDBOX = ROOT / "roles/vbo_sandbox/files/vbo_sandbox"
#: the packages of a folder from the bottom to the top; packages on the same floor do not import each other
FLOORS: dict[str, list[tuple[str, ...]]] = {
    "module_utils": [
        ("_archive", "_types", "_visible"),
        ("_errors", "_spelling"),
        ("_input",),
        ("_api",),
        ("_core",),
        ("_resources",),
        ("_hosts",),
    ],
    "module_utils/_resources": [
        ("_times", "_organization", "_proxy", "_repository", "_server", "_token"),
        ("_cloud_account", "_encryption_key"),
        ("_job",),
        ("_copy_job",),
        ("_jobs",),
    ],
    "plugin_utils": [
        (
            *("_duration", "_file_set", "_junit", "_markdown", "_plain", "_role_options", "_sessions", "_spreading"),
            "_words",
        ),
        ("_temporary_report", "_numbers"),
        ("_action", "_fleet", "_page", "_sarif"),
        ("_calendar", "_formats"),
        ("_drift", "_temporary"),
        ("_lint", "_plan"),
    ],
    "vbo_sandbox": [
        ("__init__", "loader"),
        ("faults",),
        ("store",),
        ("api",),
        ("process",),
        ("__main__",),
    ],
}
#: imports that only some files may have (pure functions use no clock, network or global state)
OUTSIDE = {
    "_input/_argspec": {"ansible", "os"},
    "_api/_connection": {"ansible", "os"},
    "_api/_settings": {"os"},
    "_api/_route": {"os", "requests"},
    "_api/_broken": {"requests", "urllib3"},
    "_api/_http": {"os", "requests", "time", "urllib3"},
    "_api/_client": {"threading"},
    "_api/_waiting": {"time"},
    "_core/_plan": {"time"},
    "_resources/_jobs/_bulk": {"threading"},
    "_hosts/_process": {"ansible"},
    "_hosts/_controller": {"ansible"},
}
IMPURE = {
    *("os", "socket", "subprocess", "time", "random", "threading", "pathlib"),
    *("ansible", "requests", "urllib3"),
}
#: names that modules import besides the function that does their work
OF_MODULES = {"_api/_connection", "_hosts/_declared", "_hosts/_process", "_input/_groups"}
PRIVATE = "# This file is private to the collection; it can change in any release."

GRAPHS: dict[str, Graph] = {
    "module_utils": graph_of(UTILS, PLUGINS, PACKAGE),
    "plugin_utils": graph_of(PLUGINS / "plugin_utils", PLUGINS, PACKAGE),
    "vbo_sandbox": graph_of(SANDBOX, SANDBOX, "vbo_sandbox"),
}


def used_utils(path: Path) -> set[str]:
    prefix = f"{PACKAGE}.module_utils."
    return {
        name.removeprefix(prefix).replace(".", "/")
        for name in imported(path, PLUGINS, PACKAGE)
        if name.startswith(prefix)
    }


@pytest.mark.parametrize("folder", FLOORS)
def test_imports_go_downwards_only(folder: str) -> None:
    top, _slash, below = folder.partition("/")
    rooms = rooms_of(GRAPHS[top], below)
    placed = [name for names in FLOORS[folder] for name in names]
    assert sorted(placed) == sorted(rooms), "give each room a floor in this test"
    assert upwards(rooms, FLOORS[folder]) == []


@pytest.mark.parametrize("folder", GRAPHS)
def test_nothing_goes_in_circles(folder: str) -> None:
    graph = GRAPHS[folder]
    assert circles(graph) == []
    for inner in {name.rpartition("/")[0] for name in graph}:
        assert circles(rooms_of(graph, inner)) == []
    for name, used in graph.items():
        assert used <= set(graph), f"{name} imports what is not there"


def test_a_circle_would_be_found() -> None:
    graph = {"a/one": {"b/two"}, "b/two": {"c"}, "c": {"a/three"}, "a/three": set()}
    assert circles(graph) == []
    assert circles(rooms_of(graph)) == ["a -> b -> c -> a"]
    assert upwards(rooms_of(graph), [("c",), ("b",), ("a",)]) == ["c imports a"]


@pytest.mark.parametrize("name", files(UTILS))
def test_only_some_know_ansible_the_network_and_the_clock(name: str) -> None:
    outside = {module.split(".")[0] for module in imported(UTILS / f"{name}.py", PLUGINS, PACKAGE)}
    assert outside & IMPURE == OUTSIDE.get(name, set())


@pytest.mark.parametrize("name", ["_core/_fields", "_core/_levels", "_core/_blocks", "_core/_kind"])
def test_declarations_know_no_server(name: str) -> None:
    """Declarations are pure, so that they can be tested as tables."""
    assert not [used for used in GRAPHS["module_utils"][name] if used.startswith("_api/")]


@pytest.mark.parametrize("path", sorted(PLUGINS.glob("modules/vbo_*.py")), ids=lambda path: path.stem)
def test_modules_name_options_host_and_one_function_only(path: Path) -> None:
    used = used_utils(path) - OF_MODULES
    resources = {name for name in used if not name.endswith("/_options")}
    assert all(name.startswith("_resources/") for name in used) and len(resources) == 1
    assert {module.split(".")[0] for module in imported(path, PLUGINS, PACKAGE)} <= {
        "__future__",
        "ansible_collections",
    }


@pytest.mark.parametrize(
    ("module", "most"), [("vbo_server_info", 22), ("vbo_auth_token", 21), ("vbo_repository_info", 25)]
)
def test_a_managed_node_gets_what_a_module_needs(module: str, most: int) -> None:
    """Ansible sends every file that is imported directly or indirectly; the files of jobs must not be among these."""
    needed: set[str] = set()
    ahead = used_utils(PLUGINS / "modules" / f"{module}.py")
    while ahead - needed:
        needed |= ahead
        ahead = set().union(*(GRAPHS["module_utils"][name] for name in needed))
    assert not [name for name in needed if name.startswith(("_resources/_job", "_resources/_copy_job"))]
    assert len(needed) + 1 <= most


@pytest.mark.parametrize("path", sorted(PLUGINS.glob("filter/*.py")), ids=lambda path: path.stem)
def test_filters_use_nothing_that_asks_a_server(path: Path) -> None:
    assert not [
        name
        for name in used_utils(path)
        if name.startswith(("_api", "_hosts"))
        or name.endswith(("/_object", "/_modules", "/_infos", "/_run", "/_session"))
    ]


def test_nothing_below_knows_the_controller() -> None:
    """Code that runs on managed nodes must not import packages that only controllers have."""
    for path in [*UTILS.rglob("*.py"), *PLUGINS.glob("modules/*.py")]:
        for name in imported(path, PLUGINS, PACKAGE):
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
    assert head[2] == "# SPDX-License-Identifier" + ": GPL-3.0-or-later"
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
