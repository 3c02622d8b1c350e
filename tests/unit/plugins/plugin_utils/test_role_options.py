# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables of roles as texts, as in extra variables and surveys: every option of every role."""

from __future__ import annotations

import json
import re
import typing as t
from pathlib import Path

import pytest
import yaml
from ansible import constants
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import VboError
from ansible_collections.backupops.vbo365.plugins.plugin_utils import _role_options as subject

from ...contract.documents import ROOT

ROLES = sorted(path for path in (ROOT / "roles").iterdir() if (path / "meta" / "argument_specs.yml").exists())
OPTIONS = [
    (role, entry, name)
    for role in ROLES
    for entry in yaml.safe_load((role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
    for name in subject.declared(str(role), entry)
]
TYPED = ("bool", "int", "list", "dict")
#: roles that pass their variables to a module or a filter, which converts them
CONVERTED_LATER = ("vbo_job_templates", "vbo_jobs")


def convert(role: Path, entry: str, name: str, value: t.Any) -> t.Any:
    options = {name: {**subject.declared(str(role), entry)[name], "required": False}}
    return subject.converted(options, {name: value}, f"{role.name}_")[name.removeprefix(f"{role.name}_")]


def complaint(call: t.Callable[..., t.Any], *arguments: t.Any) -> str:
    with pytest.raises(VboError) as caught:
        call(*arguments)
    return caught.value.message


def of_type(*kinds: str) -> list[t.Any]:
    return [
        pytest.param(*entry, id=f"{entry[1]}-{entry[2]}")
        for entry in OPTIONS
        if subject.declared(str(entry[0]), entry[1])[entry[2]]["type"] in kinds
        and entry[2].removeprefix(f"{entry[0].name}_") not in subject.HANDED_ON
    ]


@pytest.mark.parametrize(("role", "entry", "name"), of_type("bool"))
@pytest.mark.parametrize(
    ("text", "value"),
    [("false", False), ("False", False), ("no", False), ("0", False), ("off", False), ("true", True), ("yes", True)],
)
def test_booleans(role: Path, entry: str, name: str, text: str, value: bool) -> None:
    assert convert(role, entry, name, text) is value


@pytest.mark.parametrize(("role", "entry", "name"), of_type("int"))
def test_numbers(role: Path, entry: str, name: str) -> None:
    assert convert(role, entry, name, " 7") == 7
    assert complaint(convert, role, entry, name, "many").startswith(f"{name}: must be a whole number (got 'many')")


def sample(option: dict[str, t.Any]) -> list[t.Any]:
    """Return two entries that an option of type list accepts."""
    if option.get("elements") == "dict":
        inner = {key: (value.get("choices") or ["a"])[0] for key, value in (option.get("options") or {}).items()}
        return [{key: 1 if option["options"][key]["type"] == "int" else text for key, text in inner.items()}] * 2
    return list((option.get("choices") or ["a", "b"])[:2])


@pytest.mark.parametrize(("role", "entry", "name"), of_type("list"))
def test_lists(role: Path, entry: str, name: str) -> None:
    option = subject.declared(str(role), entry)[name]
    if any(inner["type"] in ("list", "dict", "bool") for inner in (option.get("options") or {}).values()):
        option = {**option, "options": {k: v for k, v in option["options"].items() if v["type"] in ("str", "int")}}
    wanted = sample(option)
    for text in [json.dumps(wanted), f" {json.dumps(wanted)} "]:
        assert convert(role, entry, name, text) == wanted
    assert convert(role, entry, name, "") == convert(role, entry, name, "  ") == []
    if option.get("elements") != "dict":
        one, two = wanted
        for text in [f"{one},{two}", f"{one}, {two}", f" {one} ,{two} ", [f"{one} ", f" {two}"]]:
            assert convert(role, entry, name, text) == wanted
        assert complaint(convert, role, entry, name, f"{one},,{two}").startswith(f"{name}[1]: ")


@pytest.mark.parametrize(("role", "entry", "name"), of_type("dict"))
def test_mappings(role: Path, entry: str, name: str) -> None:
    assert convert(role, entry, name, '{"a": {"b": 1}}') == {"a": {"b": 1}}
    assert convert(role, entry, name, "") == {}
    assert complaint(convert, role, entry, name, "nothing of the kind").startswith(f"{name}: must be a dictionary")


def test_everything_wrong_is_told_at_once() -> None:
    options = subject.declared(str(ROOT / "roles" / "vbo_rollout"), "main")
    given = {"vbo_rollout_restore": "perhaps", "vbo_rollout_max_parallel": "many", "vbo_rollout_file_mode": "0777"}
    told = complaint(subject.converted, options, given, "vbo_rollout_").splitlines()
    assert [line.split(":")[0] for line in told] == [
        "vbo_rollout_restore",
        "vbo_rollout_max_parallel",
        "vbo_rollout_file_mode",
        "vbo_rollout_id",
    ]


def test_secrets_and_lists_of_jobs_are_not_among_the_values() -> None:
    for role in ROLES:
        specs = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]
        for spec in specs.values():
            for name, option in spec["options"].items():
                short = name.removeprefix(f"{role.name}_")
                assert not option.get("no_log") or short in subject.HANDED_ON, name
                assert "connection" not in name or short in subject.HANDED_ON, name


@pytest.mark.parametrize(
    "role", [role for role in ROLES if role.name not in CONVERTED_LATER], ids=lambda role: role.name
)
def test_roles_use_converted_values_only(role: Path) -> None:
    """Tasks use no variable of another type directly: C(when) would evaluate the text V(false) as true."""
    code = "".join(
        path.read_text(encoding="utf-8") for folder in ("tasks", "vars") for path in (role / folder).glob("*")
    )
    used = set(re.findall(rf"(?<![_\w]){role.name}_\w+", code))
    typed = {
        name
        for owner, entry, name in OPTIONS
        if owner == role
        and subject.declared(str(role), entry)[name]["type"] in TYPED
        and name.removeprefix(f"{role.name}_") not in subject.HANDED_ON
    }
    assert typed, "there is something to test"
    allowed = {"vbo_drift_slices", "vbo_lint_slices"}  # in messages
    assert not (used & typed) - allowed


@pytest.mark.parametrize(
    "name", ["linear", "ansible.builtin.linear", "debug", "ansible.builtin.debug", "mitogen_linear"]
)
def test_strategies_that_wait(name: str) -> None:
    subject.refuse_strategy(name)


@pytest.mark.parametrize("name", ["free", "ansible.builtin.free", "host_pinned", "mitogen_free", "my.own.strategy"])
def test_strategies_that_do_not_wait(name: str) -> None:
    assert "write strategy: linear" in complaint(subject.refuse_strategy, name)


def test_the_first_value_counts_for_the_whole_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(tmp_path))
    assert subject.once("id", "{{ now() }}", "12:00:01") == "12:00:01"
    assert subject.once("id", "{{ now() }}", "12:00:02") == "12:00:01"
    assert subject.once("id", "other", "other") == "other"
    assert subject.once("name", "{{ now() }}", "12:00:03") == "12:00:03"
    assert [path.stat().st_mode & 0o777 for path in tmp_path.iterdir()] == [0o600]
