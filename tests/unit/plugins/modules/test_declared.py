# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every declared resource through the twelve steps, on every version that has it, in both ways to run.

The steps are create, change and delete, each in check mode, for real, in check mode again, and for real again. The
resulting state is read from the sandbox itself.
"""

from __future__ import annotations

import hashlib
import typing as t

import pytest
import yaml
from ansible_collections.backupops.vbo365.plugins.module_utils._core._fields import EDIT

from ...contract.documents import KINDS
from ...support.hosts import HOSTS
from ...support.sandbox import Server
from ...support.tasks import Tasks
from ..conftest import VERSIONS
from .samples import SAMPLES, SECRET, Sample, Values

CASES = [
    pytest.param(module.kind, version, id=f"{module.kind.noun}-{version}")
    for module in KINDS
    if module.kind is not None
    for version in VERSIONS
    if module.kind.since <= int(version[1:]) <= module.kind.until
]


def kept(server: Server, sample: Sample) -> Values | None:
    """Return the object in the state of the sandbox."""
    collection, key, value = sample.state
    found = [entry for entry in server.state()[collection] if entry.get(key) == value]
    assert len(found) <= 1, found
    return found[0] if found else None


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def test_each_declaration_has_a_sample() -> None:
    """With each of its secrets, except those of edits only."""
    assert {noun: set(sample.secrets) for noun, sample in SAMPLES.items()} == {
        module.kind.noun: {path for path in module.kind.secrets if module.kind.paths[path].on != EDIT}
        for module in KINDS
        if module.kind is not None
    }


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize(("kind", "version"), CASES)
def test_twelve_steps(server: Server, kind: t.Any, version: str, host: str) -> None:
    sample, module = SAMPLES[kind.noun], f"vbo_{kind.noun}"
    tasks = Tasks(server, version, host)

    assert kept(server, sample) is None
    created = step(tasks, module, kind, sample, **sample.new())
    assert created["action"] == "create" and created["diff"]["before"] == ""
    there = kept(server, sample)
    assert there is not None
    assert {key: there.get(key) for key in sample.created} == sample.created
    for key in sample.secrets.values():
        assert there[key] == digest(SECRET), "another secret has arrived"
    shown = yaml.safe_load(created["diff"]["after"])
    assert {option: shown[option] for option in sample.secrets} == dict.fromkeys(sample.secrets, "(secret)")
    assert created[kind.noun]["id"] == there["id"]

    info = tasks.raw(f"{module}_info", id=there["id"])
    assert [entry["id"] for entry in info[kind.plural]] == [there["id"]]
    again = tasks.raw(module, **info["config"][0])
    assert again["action"] == "none" and "secret_not_compared" not in again, "what is read is what is written"

    if sample.change:
        changed = step(tasks, module, kind, sample, **sample.identity, **sample.change)
        assert changed["action"] == "update"
        assert [change["field"] for change in changed["changes"]] == list(sample.change)
        now = kept(server, sample)
        assert now == {**there, **sample.changed}, "the rest has changed too"

    deleted = step(tasks, module, kind, sample, **sample.identity, state="absent")
    assert deleted["action"] == "delete" and deleted[kind.noun] == {} and deleted["diff"]["after"] == ""
    assert kept(server, sample) is None


def step(tasks: Tasks, module: str, kind: t.Any, sample: Sample, **options: t.Any) -> Values:
    """Run in check mode, for real, in check mode again and for real again; return the second result."""
    before = tasks.server.state()
    predicted = tasks.raw(module, check=True, **options)
    assert tasks.server.state() == before, "check mode has written"
    result = tasks.run(module, **options)
    assert len(tasks.server.writes()) == 1
    assert predicted["changes"] == result["changes"] and result["changed"]
    after = tasks.server.state()
    for check in (True, False):
        last = tasks.raw(module, check=check, **options)
        assert not last.get("failed"), last
        assert (last["changed"], last["action"], last["changes"]) == (False, "none", [])
        given = [option for option in sample.secrets if option in options]
        assert last.get("secret_not_compared") == (True if given else None)
        assert last[kind.noun] == result[kind.noun]
    assert tasks.server.state() == after, "a task without changes has written"
    return result


@pytest.mark.parametrize(("kind", "version"), CASES)
def test_what_is_in_use_stays(server: Server, kind: t.Any, version: str) -> None:
    """The error lists its users, also in check mode; a use that only the server knows is reported by the server."""
    sample, module = SAMPLES[kind.noun], f"vbo_{kind.noun}"
    tasks = Tasks(server, version, "controller")
    before = server.state()
    failed = tasks.fails(module, **sample.in_use, state="absent")
    assert "repo-s3-01" in failed["msg"]
    assert server.state() == before

    state = server.state()
    server.replace({**state, "repositories": [{**entry, "name": ""} for entry in state["repositories"]]})
    failed = tasks.fails(module, **sample.in_use, state="absent")
    assert "in use" in failed["msg"], "nameless ones are told by id"


@pytest.mark.parametrize("module", KINDS, ids=repr)
def test_older_versions_are_refused(server: Server, module: t.Any) -> None:
    sample = SAMPLES[module.kind.noun]
    tasks = Tasks(server, f"v{module.kind.since - 1}", "controller")
    failed = tasks.fails(module.name, **sample.new())
    assert f"v{module.kind.since}" in failed["msg"] and failed["error"]["code"] == "Unsupported"
    assert tasks.raw(f"{module.name}_info")["error"]["code"] == "Unsupported"


@pytest.mark.parametrize(("kind", "version"), CASES)
def test_every_option_of_a_version_is_refused_in_the_others(server: Server, kind: t.Any, version: str) -> None:
    """With its path, before the first write."""
    sample, number = SAMPLES[kind.noun], int(version[1:])
    tasks = Tasks(server, version, "controller")
    options = kind.options()
    for path, field in kind.paths.items():
        if "." in path or field.exists(number) or path not in options:
            continue
        failed = tasks.fails(f"vbo_{kind.noun}", **{**sample.new(), path: "x"})
        assert (failed["error"]["option"], failed["error"]["code"]) == (path, "Unsupported")


@pytest.mark.parametrize("module", KINDS, ids=repr)
def test_required_options_are_named(server: Server, module: t.Any) -> None:
    """All options that a new object needs are listed together."""
    sample = SAMPLES[module.kind.noun]
    first = module.kind.identity[0].name
    tasks = Tasks(server, "v8", "controller")
    failed = tasks.fails(module.name, **{first: sample.identity[first]})
    for field in module.kind.fields:
        if field.required and field.name != first:
            assert f"{field.name}: required to create" in failed["msg"]
    assert "id" in tasks.fails(module.name)["msg"]


@pytest.mark.parametrize("module", KINDS, ids=repr)
def test_a_lost_answer_makes_no_second_object(server: Server, module: t.Any) -> None:
    """The server has carried out a creation whose answer was lost."""
    sample, tasks = SAMPLES[module.kind.noun], Tasks(server, "v8", "controller")
    fault = {"match": {"method": "POST", "path": f"/{module.kind.path}"}, "then": {"reset_after": True}, "times": 1}
    server.control("PUT", "faults", [fault])
    result = tasks.raw(module.name, **sample.new())
    server.control("PUT", "faults", [])
    assert result["action"] == "create" and kept(server, sample) is not None
    assert len(server.writes()) == 1


@pytest.mark.parametrize("module", KINDS, ids=repr)
def test_what_only_the_server_knows_it_tells(server: Server, module: t.Any) -> None:
    """The API does not show the reason; the message of the server reaches the user."""
    sample, tasks = SAMPLES[module.kind.noun], Tasks(server, "v8", "controller")
    fault = {"match": {"path": "/BackupRepositories"}, "then": {"status": 404}}
    server.control("PUT", "faults", [fault])
    before = server.state()
    failed = tasks.raw(module.name, **sample.in_use, state="absent")
    server.control("PUT", "faults", [])
    assert failed["error"]["code"] == "OperationConflict" and failed["error"]["status"] == 409
    assert failed["msg"].startswith(f"Cannot delete {module.kind.title} ") and "'repo-s3-01'" in failed["msg"]
    assert server.state() == before
