# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists that are kept by hand: action group, actions, tests, versions."""

from __future__ import annotations

import re
import typing as t

import pytest
import yaml
from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import NAMES

from ..plugins.modules.samples import SAMPLES
from .documents import CONTROLLER_ONLY, MODULES, PLUGINS, ROOT, Module

RUNTIME = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
TESTS = ROOT / "tests" / "unit" / "plugins" / "modules"


def test_the_action_group_holds_all_modules_in_order() -> None:
    assert RUNTIME["action_groups"] == {"vbo365": [module.name for module in MODULES]}


def test_each_module_has_the_one_action() -> None:
    """The action with the name of the module is loaded before the controller forks; all are the same file."""
    actions = {path.stem: path for path in (PLUGINS / "action").glob("*.py")}
    own = {name: actions.pop(name) for name in CONTROLLER_ONLY}
    assert set(actions) == {module.name for module in MODULES}
    assert all((PLUGINS / "modules" / f"{name}.py").is_file() for name in own)
    for path in actions.values():
        assert not path.is_symlink(), "documentation tools take links for aliases of one module"
        assert path.read_text(encoding="utf-8") == actions["vbo_job"].read_text(encoding="utf-8"), path.name


def test_each_module_has_tests(module: Module) -> None:
    """In a file of its own, or as a sample of test_declared.py."""
    if module.kind is not None:
        assert module.kind.noun in SAMPLES
    else:
        assert module.name in (TESTS / f"test_{module.name}.py").read_text(encoding="utf-8")


def parts(value: t.Any) -> t.Iterator[str]:
    """All keys and texts of a YAML document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for part in value:
            yield from parts(part)
        if isinstance(value, dict):
            yield from parts(list(value.values()))


def test_each_module_and_role_has_an_integration_target() -> None:
    files = (ROOT / "tests" / "integration" / "targets").rglob("*.yml")
    used = {part for path in files for part in parts(yaml.safe_load(path.read_text(encoding="utf-8")))}
    names = {module.name for module in MODULES} | {path.parent.name for path in ROOT.glob("roles/*/tasks")}
    assert {f"backupops.vbo365.{name}" for name in names} <= used


def test_modules_are_executable_by_convention(module: Module) -> None:
    lines = module.path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/python"
    assert lines[-2:] == ['if __name__ == "__main__":', "    main()"]


#: headings that Galaxy and reviewers of certified collections expect, in this order; others may be in between
HEADINGS = (
    "Description",
    "Requirements",
    "Installation",
    "Use Cases",
    "Testing",
    "Support",
    "Release Notes",
    "Related Information",
    "License",
)


def test_the_readme_has_the_headings_of_a_certified_collection() -> None:
    headings = [text for text in re.findall(r"^## (.+)$", README, re.MULTILINE) if text in HEADINGS]
    assert headings == list(HEADINGS)


def test_versions_agree() -> None:
    """The version of the collection, and the oldest ansible-core that it runs on."""
    version = GALAXY["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    required = RUNTIME["requires_ansible"]
    match = re.fullmatch(r">=(\d+\.\d+)\.0", required)
    assert match, "the floor in three parts"
    assert match[1] in README, "the README names another ansible-core"
    for module in MODULES:
        added = tuple(int(part) for part in module.own["version_added"].split("."))
        assert added <= tuple(int(part) for part in version.split(".")), module.name


def test_the_changelog_does_not_run_ahead() -> None:
    path = ROOT / "changelogs" / "changelog.yaml"
    if path.exists():
        released = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("releases") or {}
        ours = tuple(int(part) for part in GALAXY["version"].split("."))
        assert all(tuple(int(part) for part in version.split(".")) <= ours for version in released)


def test_requirements_agree() -> None:
    """requests has one lower bound wherever it is mentioned."""
    pattern = re.compile(r"requests *>= *([0-9.]+)")
    places = [ROOT / "meta" / "ee-requirements.txt", ROOT / "README.md", PLUGINS / "doc_fragments" / "_connection.py"]
    bounds = {path.name: set(pattern.findall(path.read_text(encoding="utf-8"))) for path in places if path.exists()}
    assert len(set().union(*bounds.values())) == 1, bounds
    assert bounds["_connection.py"]


@pytest.mark.parametrize(("environment", "word"), [("requests-oldest", "oldest"), ("dev", "newest")])
def test_the_readme_names_the_requests_that_are_tested(environment: str, word: str) -> None:
    """The oldest one is also the lower bound for users."""
    pins = (ROOT / "requirements" / f"{environment}.txt").read_text(encoding="utf-8")
    version = re.search(r"^requests==(\d+\.\d+)", pins, re.MULTILINE)
    assert version
    named = re.search(r"`requests` ([0-9.]+) or newer, .*tested with ([0-9.]+) and ([0-9.]+)", README)
    assert named, "the README says what is tested"
    assert version[1] == {"oldest": named[2], "newest": named[3]}[word] and named[1] == named[2]


@pytest.mark.parametrize(
    "key",
    [
        "namespace",
        "name",
        "version",
        "readme",
        "authors",
        "description",
        "license",
        "tags",
        "repository",
        "documentation",
        "issues",
        "build_ignore",
    ],
)
def test_galaxy_has_what_it_needs(key: str) -> None:
    assert GALAXY[key]


def test_galaxy_tags_are_accepted() -> None:
    assert len(GALAXY["tags"]) <= 20
    assert {"infrastructure", "storage", "cloud"} & set(GALAXY["tags"])
    assert all(re.fullmatch(r"[a-z0-9]+", tag) for tag in GALAXY["tags"])
    assert "license_file" not in GALAXY


def test_options_of_roles_agree() -> None:
    """Variables of several roles mean the same in each, and versions are those of the client."""
    found: dict[str, list[list[str]]] = {"file_mode": [], "versions": []}
    for path in sorted(ROOT.glob("roles/*/meta/argument_specs.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"].values():
            for name, option in entry["options"].items():
                if name.endswith("_mode"):
                    found["file_mode"].append(option["choices"])
                if "versions" in option.get("options", {}):
                    found["versions"].append(option["options"]["versions"]["choices"])
    assert len(found["file_mode"]) > 4 and all(choices == found["file_mode"][0] for choices in found["file_mode"])
    assert found["versions"] == [list(NAMES)]
