# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""RETURN documents the actual results of modules, on the oldest, a middle and the newest version."""

from __future__ import annotations

import typing as t

import pytest

from ..plugins.modules.samples import SAMPLES
from ..support.sandbox import Server
from ..support.tasks import Tasks
from .documents import MODULES, Document, Module

CONTOSO = "contoso.onmicrosoft.com"
#: keys that every result may have
ALWAYS = {"changed", "failed", "invocation", "warnings", "msg", "exception", "deprecations"}
JOB: dict[str, t.Any] = {"name": "Finance mail", "organization": CONTOSO}
#: a successful task of each module; several where the results differ
RUNS: dict[str, list[dict[str, t.Any]]] = {
    "vbo_auth_token": [{}],
    "vbo_copy_job": [{"job": "Everything selected", "enabled": False}],
    "vbo_copy_job_info": [{}],
    "vbo_job": [{**JOB, "description": "new"}, {**JOB, "state": "absent", "when_running": "proceed"}],
    "vbo_job_info": [{}, {"items": True, "last_session": True, "name": "f*"}],
    "vbo_job_run": [JOB],
    "vbo_job_session_info": [{"log_items": True, "newest": 2}],
    "vbo_jobs": [{"jobs": [JOB, {**JOB, "name": "Tenant", "description": "new"}]}, {"jobs": [JOB], "details": True}],
    "vbo_organization_info": [{"extended": True}],
    "vbo_organization_object_info": [{"organization": CONTOSO, "type": "user"}],
    "vbo_proxy_info": [{}],
    "vbo_repository_info": [{}],
    "vbo_server_info": [{}],
    **{f"vbo_{noun}": [sample.edit()] for noun, sample in SAMPLES.items()},
    **{f"vbo_{noun}_info": [{}] for noun in SAMPLES},
}
#: first version of a module, if it is not the first of all
SINCE = {
    "vbo_copy_job": 6,
    "vbo_copy_job_info": 6,
    **{module.name: module.kind.since for module in MODULES if module.kind is not None},
}
#: keys whose entries contain any data of the server, and keys of entries that no sample can show together
OPEN = {
    "sessions",
    "objects",
    "organizations",
    "proxies",
    "proxy_pools",
    "repositories",
    "health",
    "license",
    "session",
    "sessions.log_items",
}
JOB_VIEW = {
    "name",
    "organization",
    "repository",
    "description",
    "enabled",
    "backup_type",
    "selected_items",
    "excluded_items",
    "schedule_policy",
}
EXTRA = {
    "jobs": {"selected_items", "excluded_items", "last_session"},
    "config": {"selected_items", "excluded_items"},
    "job": {"selected_items", "excluded_items"},
    "jobs.before": JOB_VIEW,
    "jobs.after": JOB_VIEW,
    "jobs.copy_job": set(),
    "unmanaged.before": JOB_VIEW,
}


def test_each_module_is_run_here() -> None:
    assert sorted(RUNS) == [module.name for module in MODULES]


@pytest.mark.parametrize("version", ["v3", "v6", "v8"])
def test_every_key_that_is_returned_is_documented(server: Server, module: Module, version: str) -> None:
    if int(version[1:]) < SINCE.get(module.name, 3):
        version = f"v{SINCE[module.name]}"
    seen: set[str] = set()
    for host in ("module", "controller"):
        server.reset(("v3", "v6", "v8"), queued_seconds=0.1, running_seconds=0.2)
        for options in RUNS[module.name]:
            result = (
                Tasks(server, version, host).raw(module.name, wait_interval=1, **options)
                if "WAIT" in module.groups
                else Tasks(server, version, host).raw(module.name, **options)
            )
            assert not result.get("failed"), result
            keys = set(result) - ALWAYS
            assert keys <= set(module.returned), keys - set(module.returned)
            for key in keys:
                check(module.returned[key], result[key], key)
            seen |= keys
    promised = {key for key, document in module.returned.items() if document["returned"] in ("success", "always")}
    assert promised <= seen, promised - seen


def check(document: Document, value: t.Any, key: str) -> None:
    """Check the type of a value, and its keys."""
    kinds = {"str": str, "list": list, "dict": dict, "int": int, "bool": bool, "raw": object}
    if value is None:
        assert "From API" in str(document["description"]), f"{key} is null, which nobody says"
        return
    assert isinstance(value, kinds[document["type"]]), f"{key}: {value!r}"
    if "choices" in document:
        assert value in document["choices"], key
    for entry in value if isinstance(value, list) else [value]:
        if not isinstance(entry, dict) or not entry:
            continue
        if "contains" in document:
            fixed = {name for name, part in document["contains"].items() if part["returned"] == "always"}
            assert fixed <= set(entry), f"{key}: {fixed - set(entry)}"
            if key not in OPEN:
                assert set(entry) <= set(document["contains"]), key
            for name, part in document["contains"].items():
                if entry.get(name) is not None:
                    check(part, entry[name], f"{key}.{name}")
        elif key not in OPEN:
            samples = document["sample"] if isinstance(document["sample"], list) else [document["sample"]]
            shown = {name for sample in samples for name in sample} | EXTRA.get(key, set())
            # config shows only some of its possible keys: every option of the module that it is for
            if key == "config":
                shown |= {"description", "schedule_policy", "job", "enabled", "backup_type"}
            assert set(entry) <= shown, f"{key}: {set(entry) - shown}"


FAILING: dict[str, dict[str, t.Any]] = {
    "vbo_cloud_account": {"name": "AKIAEXAMPLEFRANKFURT", "state": "absent"},
    "vbo_encryption_key": {
        "description": "Frankfurt 2026",
        "encryption_password": "Willow-Harbour-3307",
        "update_password": "always",
    },
    "vbo_copy_job": {"job": "No such job"},
    "vbo_job": {"name": "x", "repository": "y"},
    "vbo_job_run": {"name": "No such job"},
    "vbo_jobs": {"jobs": [{"name": "x", "repository": "y"}]},
}


def test_the_error_is_documented_where_something_is_changed() -> None:
    """Playbooks use the errors of these modules."""
    assert sorted(FAILING) == [module.name for module in MODULES if "error" in module.returned]
    assert sorted(FAILING) == [module.name for module in MODULES if {"action", "summary"} & set(module.returned)]


@pytest.mark.parametrize("host", ["module", "controller"])
@pytest.mark.parametrize("name", FAILING)
def test_a_failure_returns_the_documented_error(server: Server, name: str, host: str) -> None:
    returned = next(module for module in MODULES if module.name == name).returned
    result = Tasks(server, "v8", host).raw(name, **FAILING[name])
    assert result["failed"] and result["msg"]
    assert set(returned["error"]["sample"]) <= set(result["error"])
    assert set(result) - ALWAYS <= set(returned)


def test_samples_have_the_type_that_is_documented(module: Module) -> None:
    kinds = {"str": str, "list": list, "dict": dict, "int": int, "bool": bool}
    for key, document in module.returned.items():
        assert {"description", "returned", "type"} <= set(document), key
        assert (document["type"] == "list") == ("elements" in document), key
        if "sample" in document:
            assert isinstance(document["sample"], kinds[document["type"]]), key
            if "choices" in document:
                assert document["sample"] in document["choices"], key


def test_secrets_have_no_sample() -> None:
    returned = next(module for module in MODULES if module.name == "vbo_auth_token").returned
    assert "sample" not in returned["token"]
