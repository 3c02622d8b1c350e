# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starts the command C(ansible-playbook) for tests.

The first run in an environment starts the real command. Later runs in the same environment are forks of a process that
has loaded Ansible already (warm_ansible.py), which saves most of what a start costs; the tests of this file's functions
compare both.

``VBO365_TEST_ANSIBLE`` names the folder with the ``ansible-playbook`` to use, for example ``VENV/bin`` of another
ansible-core; without it the one beside the running Python is taken.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time
import typing as t
from pathlib import Path

from .command import Done, run

WARM = Path(__file__).with_name("warm_ansible.py")
#: beginnings of the names of variables that nothing reads before a playbook runs: those of the collection are for its
#: tasks, and ANSIBLE_HOME replaces the home folder that Ansible reads at its start
LATE = ("VBO365_", "PYTEST_", "HOME")
#: the number of loaded processes that are kept
KEPT = 2
Key = t.Hashable


@functools.lru_cache
def binaries() -> Path:
    """The folder of the Ansible under test."""
    return Path(os.environ.get("VBO365_TEST_ANSIBLE") or Path(sys.executable).parent)


def command() -> list[str]:
    """Return the command line."""
    if (binaries() / "ansible-playbook").exists():
        return [str(binaries() / "ansible-playbook")]
    return [sys.executable, "-m", "ansible.cli.playbook"]  # if ansible-core is only on the path of Python


def ansible_playbook(
    arguments: t.Sequence[str], environment: dict[str, str], directory: Path, umask: int = -1, timeout: float = 300
) -> Done:
    """Run the command without input; its standard output and standard error come back as one text.

    :arg environment: paths in variables of Ansible are absolute, as Ansible looks at them when it is loaded
    """
    return _chosen(environment)(list(arguments), environment, directory, umask, timeout)


def run_real(arguments: list[str], environment: dict[str, str], directory: Path, umask: int, timeout: float) -> Done:
    """Start the real command."""
    return run([*command(), *arguments], environment, directory, timeout, umask=umask)


class Warm:
    """A process that has loaded Ansible in an environment."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._channel, other = socket.socketpair()
        python = binaries() / "python"
        self._process = subprocess.Popen(
            [str(python), str(WARM), str(other.fileno())],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[other.fileno()],
        )
        other.close()

    def run(
        self, arguments: list[str], environment: dict[str, str], directory: Path, umask: int, timeout: float
    ) -> Done:
        """Run the command in a fork of the process."""
        given = [*command(), *arguments]
        message = {"arguments": given, "directory": str(directory), "environment": environment, "umask": umask}
        end = time.monotonic() + timeout
        read, write = os.pipe()
        with open(read, "rb") as stream:
            try:
                socket.send_fds(self._channel, [json.dumps(message).encode()], [write])
            finally:
                os.close(write)
            output = b""
            # it ends when all processes that the playbook started have ended, as with a real command
            while chunk := self._wait(stream.fileno(), end) and os.read(stream.fileno(), 1 << 16):
                output += chunk
        self._wait(self._channel.fileno(), end)
        answer = self._channel.recv(4)
        if not answer:
            self._process.wait()
            raise RuntimeError(f"The loaded process has ended with {self._process.returncode}.")
        (code,) = struct.unpack("i", answer)
        return subprocess.CompletedProcess(given, code, output.decode("utf-8"))

    def _wait(self, file: int, end: float) -> bool:
        if select.select([file], [], [], max(0, end - time.monotonic()))[0]:
            return True
        kill(self._process)
        raise TimeoutError("The playbook takes too long.")

    def ended(self) -> bool:
        """Return whether the process has ended, for example because it was killed with a playbook that timed out."""
        return self._process.poll() is not None

    def close(self) -> None:
        """End the process."""
        self._channel.close()
        self._process.wait(timeout=20)


_seen: set[Key] = set()
_warm: dict[Key, Warm] = {}


def _chosen(environment: dict[str, str]) -> t.Callable[..., Done]:
    """Choose how to run a playbook in this environment."""
    key = _key(environment)
    if key not in _seen or not (binaries() / "python").exists():
        _seen.add(key)
        return run_real
    warm = _warm.pop(key, None)
    if warm is not None and warm.ended():
        warm.close()
        warm = None
    warm = warm or Warm(environment)
    _warm[key] = warm  # the last one was used last
    while len(_warm) > KEPT:
        _warm.pop(next(iter(_warm))).close()
    return warm.run


@atexit.register
def _end() -> None:
    for warm in _warm.values():
        warm.close()


def _key(environment: dict[str, str]) -> Key:
    """Return the settings that may affect Ansible before it runs a playbook."""
    settings = Path(environment.get("ANSIBLE_CONFIG", os.devnull)).read_bytes()
    return settings, frozenset(item for item in environment.items() if not item[0].startswith(LATE))


def kill(process: subprocess.Popen) -> None:
    """Kill a playbook and all its processes; since ansible-core 2.19, its workers have sessions of their own.

    Each process has stopped before its children are looked for: it starts no more of them, and takes no notice of the
    end of one, whose number is therefore not given to another process.
    """
    if process.poll() is not None:
        return  # its number may belong to another process now
    family: list[int] = []
    found = {process.pid}
    while found:
        family += found
        _send(found, signal.SIGSTOP)
        _wait_until_stopped(found)
        found = {child for child, (_state, parent) in _processes().items() if parent in family} - set(family)
    _send(family, signal.SIGKILL)
    process.wait()


def _send(processes: t.Iterable[int], what: signal.Signals) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, what)


def _wait_until_stopped(wanted: set[int]) -> None:
    """Wait until the process has stopped: a signal takes effect only after the current system call, such as a fork."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        now = _processes()
        if all(process not in now or now[process][0] in "TtZX" for process in wanted):
            return
        time.sleep(0.005)


def _processes() -> dict[int, tuple[str, int]]:
    """The state and the parent of every process."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended in the meantime
            state, parent = path.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[:2]
            found[int(path.parent.name)] = state, int(parent)
    return found
