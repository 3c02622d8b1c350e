# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A sandbox that cannot start reports the reason immediately, and leaves no process behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

from ..execution.playbooks import Playbooks, prepare
from ..support.sandbox import Server


@pytest.fixture
def taken_port() -> t.Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def background(folder: Path, settings: dict[str, t.Any], timeout: float = 600) -> subprocess.CompletedProcess[str]:
    (folder / "settings.yml").write_text(json.dumps(settings), encoding="utf-8")
    options = [f"--directory={folder}/run", f"--settings={folder}/settings.yml", f"--background={folder}/start.log"]
    return subprocess.run(
        [sys.executable, "-m", "vbo_sandbox", *options, f"--timeout={timeout}"],
        capture_output=True,
        encoding="utf-8",
        timeout=60,  # far below the time that it would wait for a process that starts to listen late
        check=False,
    )


def test_it_goes_on_after_the_start(tmp_path: Path) -> None:
    settings = {"servers": [{"name": "main"}]}
    done = background(tmp_path, settings)
    assert (done.returncode, done.stderr) == (0, "")
    pid = int((tmp_path / "run" / "pid").read_text(encoding="utf-8"))
    try:
        assert "main" in json.loads((tmp_path / "run" / "servers.json").read_text(encoding="utf-8"))
        assert os.getsid(pid) == pid, "it survives the session that started it"
        again = background(tmp_path, settings)
        assert again.returncode == 1 and str(pid) in again.stderr
        assert (tmp_path / "run" / "servers.json").exists(), "the one that runs keeps its files"
    finally:
        os.kill(pid, signal.SIGTERM)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"servers": [{"name": "main", "versions": ["v99"]}]}, "v99"),
        ({"servers": [{"name": "main"}], "bind": "192.0.2.1"}, "192.0.2.1"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_reasons(tmp_path: Path, settings: dict[str, t.Any], words: str) -> None:
    done = background(tmp_path, settings)
    assert done.returncode == 1 and words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "run" / "pid").exists()


def test_one_that_does_not_listen_in_time_is_ended(tmp_path: Path) -> None:
    done = background(tmp_path, {"servers": [{"name": "main"}]}, timeout=0)
    assert done.returncode == 1 and "start.log" in done.stderr


def test_the_role_names_a_port_that_is_in_use(tmp_path: Path, taken_port: int) -> None:
    playbooks = Playbooks(prepare(tmp_path), t.cast(Server, None))
    role = {"name": "Start", "ansible.builtin.include_role": {"name": "backupops.vbo365.vbo_sandbox"}}
    run = playbooks.run(
        plays=[{"name": "Play", "hosts": "localhost", "gather_facts": False, "tasks": [role]}],
        fails=True,
        vbo_sandbox_directory=str(tmp_path / "own"),
        vbo_sandbox_python=sys.executable,
        vbo_sandbox_servers=[{"name": "main", "port": taken_port}],
        vbo_sandbox_timeout=240,
    )
    failed = next(record for record in run.records if record.status == "failed")
    assert str(taken_port) in failed.result["msg"] and "did not start" in failed.result["msg"]
