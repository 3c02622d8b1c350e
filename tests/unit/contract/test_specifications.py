# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The specification of a module agrees with its documentation, and each option group with its fragment."""

from __future__ import annotations

import re
import typing as t
from collections import Counter

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api import _settings, _versions

from .documents import COLLECTION, GROUPS, KINDS, MODULES, Document, Module, fragment, fragment_names

NEWEST = max(_versions.NUMBERS)
#: keys of an option that documentation and specification share, with the value of a missing one
SHARED: dict[str, t.Any] = {
    "type": "str",
    "required": False,
    "default": None,
    "choices": None,
    "elements": None,
    "aliases": [],
}
#: other keys that a specification may have
PRIVATE = {"no_log", "fallback", "options", "required_one_of"}
#: other keys that documentation may have
PROSE = {"description", "suboptions", "version_added"}


def same_options(spec: Document, documented: Document, where: str) -> None:
    """Compare options, including their suboptions."""
    assert sorted(spec) == sorted(documented), where
    for name, option in spec.items():
        document, path = documented[name], f"{where}.{name}"
        for key, missing in SHARED.items():
            assert option.get(key, missing) == document.get(key, missing), f"{path}: {key}"
        assert set(option) <= {*SHARED, *PRIVATE}, path
        assert set(document) <= {*SHARED, *PROSE}, path
        assert document["description"], path
        assert ("suboptions" in document) == ("options" in option), path
        if "options" in option:
            same_options(option["options"], document["suboptions"], path)


def test_each_module_documents_exactly_its_options(module: Module) -> None:
    same_options(module.spec.options, module.options, module.name)


@pytest.mark.parametrize("name", fragment_names())
def test_each_fragment_documents_the_option_group_of_its_name(name: str) -> None:
    group = name.removeprefix("_").upper()
    assert group in GROUPS, "a fragment without an option group"
    same_options(GROUPS[group].options, fragment(f"{COLLECTION}.{name}")["options"], name)


def test_each_option_group_that_is_shared_has_a_fragment() -> None:
    """Options of a single module may be documented in the module."""
    used = Counter(group for module in MODULES for group in module.groups)
    assert set(used) == set(GROUPS), "an option group that no module uses"
    for group, times in used.items():
        assert times == 1 or f"_{group.lower()}" in fragment_names(), group


def test_each_module_extends_the_fragments_of_its_option_groups(module: Module) -> None:
    """And no other fragments, so that only existing options are documented."""
    wanted = {f"_{group.lower()}" for group in module.groups} & set(fragment_names())
    extended = {reference.split(".")[2] for reference in module.fragments} - {"_attributes"}
    assert extended == wanted
    combined: Document = {}
    if module.kind is not None:
        combined.update(module.kind.options() if module.manages else module.kind.filters())
    for group in module.groups:
        overlap = set(combined) & set(GROUPS[group].options)
        assert not overlap, f"two groups have the options {overlap}"
        combined.update(GROUPS[group].options)
    assert combined == module.spec.options, "options from elsewhere"


LIMITED = {option for module in MODULES for option in module.spec.limits}


def test_limits_are_of_options_that_exist(module: Module) -> None:
    assert set(module.spec.limits) <= set(module.spec.options)


@pytest.mark.parametrize("option", sorted({*LIMITED, *_settings.LIMITS}))
def test_limits_are_documented(option: str) -> None:
    having = [module for module in MODULES if option in (module.spec.limits if option in LIMITED else module.options)]
    assert having, f"no module has {option}"
    for module in having:
        limits = {**_settings.LIMITS, **module.spec.limits}[option]
        assert f"{limits[0]} to {limits[1]}" in str(module.options[option]["description"]), module.name


def test_rules_name_options_that_exist(module: Module) -> None:
    rules = module.spec.rules()
    for rule in ("mutually_exclusive", "required_together", "required_one_of"):
        for names in rules[rule]:
            assert set(names) <= set(module.spec.options), rule
    for name, value, needed, *_unused in rules["required_if"]:
        assert value in module.spec.options[name].get("choices", [value])
        assert set(needed) <= set(module.spec.options)
    for name, needed in rules["required_by"].items():
        assert (
            {name, needed} <= set(module.spec.options)
            if isinstance(needed, str)
            else {name, *needed} <= set(module.spec.options)
        )


def walk(options: Document, path: str = "") -> t.Iterator[tuple[str, Document]]:
    for name, option in options.items():
        yield path + name, option
        yield from walk(option.get("options") or {}, f"{path}{name}.")


def test_lists_have_elements_and_choices_hold_the_default(module: Module) -> None:
    for path, option in walk(module.spec.options):
        assert (option["type"] == "list") == ("elements" in option), path
        default = option.get("default")
        if "choices" in option and default is not None:
            values = default if isinstance(default, list) else [default]
            assert set(values) <= set(option["choices"]), path
            assert len(set(option["choices"])) == len(option["choices"]), path
        assert not (option.get("required") and default is not None), path


def test_secrets_are_marked_and_nothing_that_looks_like_one_is_forgotten(module: Module) -> None:
    for path, option in walk(module.spec.options):
        looks_like_one = any(word in path.rsplit(".", 1)[-1] for word in ("password", "token", "secret", "key"))
        assert looks_like_one == ("no_log" in option), path
        assert option.get("no_log", True) or "choices" in option, f"{path} is a secret"


def test_environment_fall_backs_are_those_that_are_documented(module: Module) -> None:
    for name, option in module.spec.options.items():
        text = " ".join(module.options[name]["description"])
        if "fallback" in option:
            variables = option["fallback"][1]
            assert variables == [f"VBO365_{name.upper()}"]
            assert f"E({variables[0]})" in text, name
        assert text.count("E(VBO365_") == (1 if "fallback" in option else 0), name


def test_every_connection_option_has_a_variable() -> None:
    assert all("fallback" in option for option in GROUPS["CONNECTION"].options.values())


def test_every_module_has_the_same_connection(module: Module) -> None:
    assert "CONNECTION" in module.groups


def test_check_mode_and_group_are_documented(module: Module) -> None:
    assert module.attributes["check_mode"]["support"] == "full"
    assert module.attributes["action_group"]["membership"] == [f"{COLLECTION}.vbo365"]
    assert module.attributes["action"]["support"] == "full"
    reads = module.attributes["diff_mode"]["support"] == "N/A"
    if module.name.endswith("_info"):
        assert reads
    elif "state" in module.options and "changes" in module.returned:
        assert module.attributes["diff_mode"]["support"] == "full"
    for name, attribute in module.attributes.items():
        assert {"description", "support"} <= set(attribute), name


SPAN = re.compile(r"From API v(\d) on|In API v(\d) and v(\d) only")


@pytest.mark.parametrize("module", KINDS, ids=repr)
def test_the_documentation_names_the_api_versions_of_the_declaration(module: Module) -> None:
    """Those of the resource, and those of each option that only some of them have."""
    kind = module.kind
    assert kind is not None
    assert versions_in(module.own["description"]) == (kind.since, NEWEST)
    documented = dict(walk_documented(module.options))
    for path, field in kind.paths.items():
        if path in documented:
            span = (max(field.since, kind.since), min(field.until, kind.until))
            named = versions_in(documented[path]["description"])
            assert named == (None if span == (kind.since, NEWEST) else span), path


def versions_in(description: t.Any) -> tuple[int, int] | None:
    found = SPAN.search(" ".join(description) if isinstance(description, list) else description)
    if not found:
        return None
    return (int(found[1]), NEWEST) if found[1] else (int(found[2]), int(found[3]))


def walk_documented(options: Document, path: str = "") -> t.Iterator[tuple[str, Document]]:
    for name, option in options.items():
        yield path + name, option
        yield from walk_documented(option.get("suboptions") or {}, f"{path}{name}.")


def test_the_head_of_the_documentation(module: Module) -> None:
    assert module.own["module"] == module.name
    assert not module.own["short_description"].endswith(".")
    assert module.own["version_added"]
    for link in module.own.get("seealso", []):
        assert link["module"].removeprefix(f"{COLLECTION}.") in {other.name for other in MODULES}
