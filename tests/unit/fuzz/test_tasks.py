# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arbitrary options for whole modules, in both hosts: a result that can be sent, never a traceback.

Nothing listens at the address of these tasks: what is wrong with their input has to be said before the first request.
"""

from __future__ import annotations

import importlib
import json
import re
import typing as t

from hypothesis import assume, example, given
from hypothesis import strategies as st

from ..contract.documents import MODULES as DOCUMENTED
from ..support.hosts import HOSTS, MODULES, run
from .options import JOBS, of_options, sendable
from .search import is_readable, search
from .values import ANYTHING, ODD_TEXTS, Made, made, mixed, nested, phrases

HERE: dict[str, t.Any] = {
    "url": "https://127.0.0.1:1",  # a port that nothing listens at
    "username": "svc",
    "password": "Copper-Meadow-Signal-4471-fuzz",
    "api_version": "v8",
    "retries": 0,
    "timeout": 1,
}
NAMES = sorted(module.name for module in DOCUMENTED)
CONNECTION = {
    "url": phrases(
        ["https://", "http://", "127.0.0.1", "[::1]", ":1", "/v8", "user@", "?q", "#f", "[", "%", "xn--"], [""]
    ),
    "username": ODD_TEXTS,
    "password": ODD_TEXTS,
    "token": ODD_TEXTS,
    "ca_path": st.one_of(ODD_TEXTS, st.sampled_from(["/", "/etc/hostname", "/dev/null"])),
    "api_version": st.sampled_from(["v3", "v6", "v8"]),
    "timeout": st.one_of(st.integers(-1, 2), st.sampled_from([10**9, 10**10, 10**20, 10**400])),
    "validate_certs": st.booleans(),
    "allow_http": st.booleans(),
    "read_only": st.booleans(),
}


def spec_of(module: str) -> dict[str, dict[str, t.Any]]:
    return importlib.import_module(f"{MODULES}.{module}").DEFINITION.spec.options


@st.composite
def tasks(draw: st.DrawFn) -> tuple[str, dict[str, t.Any]]:
    """A module, and options for it."""
    module = draw(st.sampled_from(NAMES))
    spec = {name: option for name, option in spec_of(module).items() if name not in HERE}
    return module, draw(of_options(spec))


def is_text(value: t.Any) -> bool:
    """Return whether a value has no surrogates, which Ansible's own class for modules cannot handle."""
    try:
        return bool(json.dumps(value, ensure_ascii=False).encode())
    except UnicodeEncodeError:
        return False


def play(host: str, module: str, options: t.Any, check: bool) -> dict[str, t.Any]:
    """Play one task; return its result, which Ansible must be able to send, or None if it cannot be played."""
    given_options = sendable(made({**HERE, **options}))
    assume(given_options is not None)
    assert isinstance(given_options, dict)
    if host == "module" and not is_text(given_options):
        return {}
    result = run(host, module, given_options, check=check)
    assert json.loads(json.dumps(result)) is not None
    assert HERE["password"] not in json.dumps(result)
    assert result["failed"], "there is no server"
    assert is_readable(result["msg"]), result["msg"][:500]
    error = result["error"]
    if "option" in error:
        # Ansible masks a secret wherever it occurs, even the token "a" within a code: Inv********lidInput
        code = ".+".join(re.escape(part) for part in error["code"].split("********"))
        assert any(re.fullmatch(code, known) for known in ("InvalidInput", "Unsupported")), error
    else:  # the options were valid: a request was sent
        assert error["method"] and error["status"] is None, result["msg"]
    return result


@search(50)
@given(tasks(), st.sampled_from(HOSTS), st.booleans())
@example(("vbo_job", {"id": ""}), "controller", True)
@example(("vbo_job", {"name": None}), "module", True)
@example(("vbo_job", {"id": "", "name": None}), "module", True)
@example(("vbo_job", {"name": "x", "selected_items": [{"type": None}]}), "controller", True)
@example(("vbo_job", {"name": "x", "selected_items": [{}]}), "module", True)
@example(("vbo_job", {"name": "x", "schedule_policy": {"daily_time": "²"}}), "module", True)
@example(("vbo_job", {"name": "x", "schedule_policy": {"backup_window": nested("x", 700)}}), "controller", True)
@example(("vbo_job", {"name": Made("a long name", lambda: "x" * 1_000_000)}), "controller", True)
@example(("vbo_job", {"id": "\ud800"}), "controller", True)
@example(("vbo_job_run", {"name": "x", "wait_timeout": -1, "wait_interval": 0}), "controller", True)
@example(("vbo_job_session_info", {"since": "9999-12-31T23:59:59-23:59"}), "controller", True)
@example(("vbo_job_session_info", {"newest": -5}), "controller", True)
@example(("vbo_job", {"token": "a"}), "module", False)
def test_a_task_ends_with_a_result(task: tuple[str, dict[str, t.Any]], host: str, check: bool) -> None:
    play(host, task[0], task[1], check)


@search(50)
@given(st.lists(st.one_of(JOBS, JOBS, ANYTHING), max_size=3), st.sampled_from(HOSTS))
@example([{"id": ""}], "controller")
@example([{"id": "", "name": None}], "module")
@example([{"name": "x"}, {"name": "x"}], "controller")
@example([{"name": "x", "copy_job": {"schedule_policy": False}}], "controller")
@example([{"name": "x", "copy_job": {"schedule_policy": False}}], "module")
@example([None, 1, "a=b", "{"], "controller")
@example([{"name": "x", "copy_job": {"schedule_policy": {"daily_time": "²"}}}], "controller")
def test_a_list_of_jobs_ends_with_a_result(jobs: t.Any, host: str) -> None:
    result = play(host, "vbo_jobs", {"jobs": jobs}, True)
    if not result:
        return
    option = result["error"].get("option", "jobs")
    assert option.split(".")[0].split("[")[0] == "jobs"
    for line in result["msg"].split("\n"):
        assert line.startswith(("jobs", "No connection", "and ")), line


@search(60)
@given(mixed(CONNECTION), st.sampled_from(HOSTS))
@example({"timeout": 10**20}, "controller")
@example({"username": "\ud800"}, "controller")
@example({"token": "東"}, "controller")
@example({"token": "a\nb"}, "controller")
@example({"ca_path": "/etc/hostname"}, "controller")
@example({"ca_path": "\x00"}, "controller")
@example({"url": "https://" + "a" * 300}, "controller")
@example({"url": "https://a..b"}, "controller")
@example({"url": "", "password": "I"}, "module")
def test_a_connection_is_tried_or_its_option_is_wrong(options: t.Any, host: str) -> None:
    play(host, "vbo_server_info", options, False)
