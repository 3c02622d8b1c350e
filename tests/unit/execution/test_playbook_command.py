# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A playbook that runs in a fork of a loaded Ansible behaves as with the real command."""

from __future__ import annotations

import json
import re
import subprocess
import time
import typing as t
from pathlib import Path

import pytest
import yaml

from ..support import playbook_command
from ..support.playbook_command import Warm, run_real
from .playbooks import JOB_INFO, Playbooks, task

READ = task("Read", JOB_INFO, name="Finance mail", keywords={"register": "found"})
PYTHON = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
#: the arguments of a process when it starts
GIVEN = {
    "name": "Given",
    "ansible.builtin.shell": "pwd; umask; echo $VBO365_MARK $HOME; cat",
    "register": "given",
}
MADE = {
    "name": "Made",
    "ansible.builtin.copy": {"content": "{{ given.stdout }} {{ '~' | expanduser }}", "dest": "made"},
}
#: tasks and additional arguments, by name; each ends with a different exit code
RUNS: dict[str, tuple[list[dict[str, t.Any]], list[str], int]] = {
    "succeeds": ([READ, {**READ, "name": "Process", "vars": {"vbo365_execution": "module"}}, GIVEN, MADE], ["-v"], 0),
    "fails": ([{"name": "Fail", "ansible.builtin.fail": {"msg": "{{ lookup('env', 'VBO365_MARK') }}"}}], [], 2),
    "is no playbook": ([{"name": "Nothing", "no_such_module": {}}], [], 4),
    "has no such option": ([], ["--no-such-option"], 2),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_fork_is_like_the_command(playbooks: Playbooks, tmp_path: Path, name: str) -> None:
    tasks, arguments, code = RUNS[name]
    record = tmp_path / "record.jsonl"
    environment = {**playbooks._environment(record), "VBO365_MARK": "Copper", "HOME": "/nobody"}
    variables = {**PYTHON, "vbo365_password": playbooks.password}
    given = ["-i", "localhost,", "-c", "local", "-e", json.dumps(variables), "play.yml"]
    warm = Warm({**environment, "VBO365_MARK": "of another run", "HOME": "/elsewhere"})
    found = []
    try:
        for run in (run_real, warm.run, warm.run):
            folder = tmp_path / str(len(found)) / "here"
            folder.mkdir(parents=True)
            record.write_text("", encoding="utf-8")
            (folder / "play.yml").write_text(yaml.safe_dump([playbooks.play(*tasks)]), encoding="utf-8")
            done = run([*arguments, *given], environment, folder, 0o027, 60)
            made = {path.name: (path.stat().st_mode, path.read_bytes()) for path in folder.iterdir()}
            texts = (done.stdout, record.read_text(encoding="utf-8"), str(sorted(made.items())))
            assert done.returncode == code, done.stdout
            found.append([steady(text, folder) for text in texts])
    finally:
        warm.close()
    assert found[0][0], "it says something"
    assert found[0] == found[1]
    assert found[0] == found[2]
    if name == "succeeds":
        assert "HERE\\n0027\\nCopper /nobody" in found[0][1] and "made" in found[0][2]


def steady(text: str, folder: Path) -> str:
    """Return a text without the parts that differ from run to run."""
    text = text.replace(str(folder), "HERE")
    return re.sub(r"\d{4}-\d\d-\d\d[T ][\d:.]+|[\d:]+\.\d+|-\d+-\d+|\b[0-9a-f]{32,40}\b|\.[a-z0-9_]{8}\b", "N", text)


def test_only_the_first_run_in_an_environment_is_a_real_one(
    playbooks: Playbooks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Variables of the collection belong to the run; all others, and the settings, to the environment."""
    monkeypatch.setattr(playbook_command, "Warm", Stub)
    monkeypatch.setattr(playbook_command, "_seen", set())
    monkeypatch.setattr(playbook_command, "_warm", {})
    settings = tmp_path / "ansible.cfg"
    settings.write_text("[defaults]\n", encoding="utf-8")
    one = {**playbooks._environment(tmp_path / "one"), "ANSIBLE_CONFIG": str(settings)}
    two = {
        **playbooks._environment(tmp_path / "two"),
        "ANSIBLE_CONFIG": str(settings),
        "VBO365_URL": "https://x",
        "HOME": "/x",
    }
    assert chosen(one) == "real"
    assert chosen(two) == chosen(one) == "warm"
    assert chosen({**one, "ANSIBLE_FORKS": "7"}) == "real"
    settings.write_text("[defaults]\nforks = 7\n", encoding="utf-8")
    assert chosen(one) == "real"


def test_a_loaded_process_that_has_ended_is_made_anew(
    playbooks: Playbooks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the run that it ended in fails."""
    monkeypatch.setattr(playbook_command, "_seen", set())
    monkeypatch.setattr(playbook_command, "_warm", {})
    environment = playbooks._environment(tmp_path / "record.jsonl")
    assert chosen(environment) == "real"

    def version() -> str:
        return playbook_command.ansible_playbook(["--version"], environment, tmp_path, timeout=60).stdout

    try:
        assert "ansible-playbook" in version()
        (first,) = playbook_command._warm.values()
        first._process.kill()
        first._process.wait()
        assert "ansible-playbook" in version()
        (second,) = playbook_command._warm.values()
        assert second is not first
    finally:
        for warm in playbook_command._warm.values():
            warm.close()


def test_nobody_is_killed_but_the_family() -> None:
    """These are the children, also in sessions of their own, and their children; other processes of the test stay."""
    bystander = subprocess.Popen(["sleep", "61.0041"])
    parent = subprocess.Popen(["sh", "-c", "setsid sh -c 'sleep 61.0043 & sleep 61.0043' & sleep 61.0043 & wait"])
    try:
        wait_for(lambda: len(running_with(b"sleep\x0061.0043")) == 3)
        playbook_command.kill(parent)
        wait_for(lambda: not running_with(b"61.0043"))
        assert bystander.poll() is None
        assert len(running_with(b"61.0041")) == 1
    finally:
        bystander.kill()
        bystander.wait()


class Stub:
    """Replaces a loaded process."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment

        self.gone = False

    def run(self) -> None:
        """Is never called."""

    def ended(self) -> bool:
        """Return whether it was killed."""
        return self.gone

    def close(self) -> None:
        """Do nothing."""


def chosen(environment: dict[str, str]) -> str:
    """Return how a playbook would run in this environment."""
    return "real" if playbook_command._chosen(environment) is run_real else "warm"


def test_a_playbook_that_hangs_ends(playbooks: Playbooks, tmp_path: Path) -> None:
    """With all of its processes, and with an error that says so."""
    play = playbooks.play({"name": "Hang", "ansible.builtin.command": "sleep 61.0037"}, module_defaults={})
    (tmp_path / "play.yml").write_text(yaml.safe_dump([play]), encoding="utf-8")
    environment = playbooks._environment(tmp_path / "record.jsonl")
    warm = Warm(environment)
    given = ["-i", "localhost,", "-c", "local", "-e", json.dumps(PYTHON), "play.yml"]
    with pytest.raises(TimeoutError):
        warm.run(given, environment, tmp_path, -1, 4)
    assert warm.ended()
    wait_for(lambda: not running_with(b"61.0037"))


def wait_for(holds: t.Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def running_with(text: bytes) -> list[Path]:
    """Return the processes whose command line contains a text."""
    return [path for path in Path("/proc").glob("[0-9]*") if text in command_line(path)]


def command_line(process: Path) -> bytes:
    """Return the command line of a process; empty if it has ended."""
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""
