# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs whole modules in both hosts from a test, with real requests but without a playbook."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import typing as t

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common import warnings as ansible_warnings
from ansible_collections.backupops.vbo365.plugins.module_utils._api._client import Client
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._controller import run_in_controller
from ansible_collections.backupops.vbo365.plugins.module_utils._hosts._process import failure
from ansible_collections.backupops.vbo365.plugins.module_utils._input._argspec import unquoted

MODULES = "ansible_collections.backupops.vbo365.plugins.modules"
HOSTS = ("module", "controller")
Result = dict[str, t.Any]


def run(host: str, module: str, options: dict[str, t.Any], check: bool = False, diff: bool = True) -> Result:
    """Run a module as one of the hosts does, including the checks of the action, and return the result of the task."""
    wrong = unquoted(importlib.import_module(f"{MODULES}.{module}").DEFINITION.spec, options)
    if wrong:
        return {"failed": True, **failure(wrong)}
    return {"module": run_module, "controller": run_controller}[host](module, options, check, diff)


def run_module(name: str, options: dict[str, t.Any], check: bool, diff: bool) -> Result:
    """Run C(main) of the module with the arguments that Ansible would pass to its process."""
    arguments = {
        **options,
        "_ansible_check_mode": check,
        "_ansible_diff": diff,
        "_ansible_remote_tmp": "/tmp",
        "_ansible_keep_remote_files": False,
    }
    module = importlib.import_module(f"{MODULES}.{name}")
    output = io.StringIO()
    _clear_warnings()
    with _as_process(), _arguments(arguments), contextlib.redirect_stdout(output), contextlib.suppress(SystemExit):
        module.main()
    result = json.loads(output.getvalue())
    if "warnings" in result:
        result["warnings"] = [
            entry if isinstance(entry, str) else entry["event"]["msg"] for entry in result["warnings"]
        ]
    return result


def run_controller(name: str, options: dict[str, t.Any], check: bool, diff: bool) -> Result:
    """Run the module like the action plugin, with a session for this task only."""

    @contextlib.contextmanager
    def open_session(settings: t.Any, read_only: bool) -> t.Iterator[Client]:
        client = Client(settings, read_only=read_only)
        try:
            yield client
        finally:
            client.close()

    definition = importlib.import_module(f"{MODULES}.{name}").DEFINITION
    arguments = json.loads(json.dumps(options))
    return run_in_controller(definition, arguments, check, diff, open_session, debug=lambda text: None)


@contextlib.contextmanager
def _as_process() -> t.Iterator[None]:
    """Make ansible-core 2.19 and later handle warnings as in a module process, although controller code is imported."""
    with pytest.MonkeyPatch.context() as patch:
        if hasattr(ansible_warnings, "_internal"):
            patch.setattr(ansible_warnings._internal, "is_controller", False)
        yield


def _clear_warnings() -> None:
    for name in ("_global_warnings", "_global_deprecations"):
        getattr(ansible_warnings, name).clear()


@contextlib.contextmanager
def _arguments(arguments: dict[str, t.Any]) -> t.Iterator[None]:
    try:
        from ansible.module_utils.testing import patch_module_args  # ansible-core 2.18 and later
    except ImportError:
        basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
        try:
            yield
        finally:
            basic._ANSIBLE_ARGS = None
    else:
        with patch_module_args(arguments):
            yield
