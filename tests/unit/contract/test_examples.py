# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Examples: valid tasks of this collection, with options and values that exist."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from .documents import COLLECTION, MODULES, Document, Module

KEYWORDS = {
    *("name", "register", "loop", "loop_control", "when", "vars", "no_log", "check_mode", "diff", "tags"),
    *("delegate_to", "run_once", "failed_when", "changed_when", "until", "retries", "delay", "environment"),
    *("module_defaults", "block", "always", "rescue", "become", "async", "poll", "throttle", "ignore_errors"),
}
BUILT_IN = "ansible.builtin."
SPECS = {f"{COLLECTION}.{module.name}": module for module in MODULES}
#: options that examples leave to module_defaults
CONNECTION = {"url": "https://vbo.example.com", "username": "u", "password": "p"}


def tasks_of(entries: t.Iterable[Document]) -> t.Iterator[Document]:
    """Tasks, including those inside plays and blocks."""
    for entry in entries:
        if "hosts" in entry:
            for section in ("pre_tasks", "tasks", "post_tasks", "handlers"):
                yield from tasks_of(entry.get(section) or [])
        elif "block" in entry:
            for section in ("block", "rescue", "always"):
                yield from tasks_of(entry.get(section) or [])
        else:
            yield entry


def test_there_are_examples_of_the_module(module: Module) -> None:
    tasks = list(tasks_of(module.examples))
    assert any(f"{COLLECTION}.{module.name}" in task for task in tasks)
    assert all(task.get("name") for task in tasks), "a task without a name"


def test_every_task_calls_something_that_exists_by_its_full_name(module: Module) -> None:
    for task in tasks_of(module.examples):
        actions = [key for key in task if key not in KEYWORDS]
        assert len(actions) == 1, task
        assert actions[0] in SPECS or actions[0].startswith(BUILT_IN), actions[0]


def templated(value: t.Any) -> bool:
    return isinstance(value, str) and "{{" in value


def test_every_option_and_value_exists(module: Module) -> None:
    for task in tasks_of(module.examples):
        for action, options in task.items():
            if action not in SPECS or templated(options):
                continue
            spec = SPECS[action].spec
            known = {**CONNECTION, **(options or {})}
            # a template can become any value, and its value is not known here
            unknown = [
                name for name, value in known.items() if templated(value) and name not in ("password", "token", "url")
            ]
            given = {name: value for name, value in known.items() if name not in unknown}
            if "token" in given:
                given = {key: value for key, value in given.items() if key not in ("username", "password")} | {
                    "token": "t"
                }
            checked = ArgumentSpecValidator(spec.options, **({} if unknown else spec.rules())).validate(given)
            assert set(unknown) <= set(spec.options)
            errors = [text for text in checked.error_messages if not (unknown and "required arguments" in text)]
            assert not errors, (task["name"], errors)


def test_no_example_holds_a_secret(module: Module) -> None:
    for task in tasks_of(module.examples):
        for action, options in task.items():
            if action in SPECS:
                for name in ("password", "token"):
                    assert templated((options or {}).get(name, "{{ x }}")), task["name"]


def test_times_are_quoted(module: Module) -> None:
    """YAML reads an unquoted 22:00 as a number."""

    def walk(value: t.Any) -> t.Iterator[tuple[str, t.Any]]:
        if isinstance(value, dict):
            for key, inner in value.items():
                yield key, inner
                yield from walk(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner)

    for source in (module.examples, module.returned):
        for key, value in walk(source):
            if key == "daily_time" and not isinstance(value, dict):  # a range, or the time that was chosen within it
                assert isinstance(value, str), value
