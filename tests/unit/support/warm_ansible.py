# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A process that has loaded Ansible and runs each playbook in a fork of itself; see playbook_command.py.

It is a script for the Python of the Ansible under test: C(warm_ansible.py FD), where FD is a socket. Each message on
it is a JSON object (C(arguments), C(directory), C(environment), C(umask)) with one open file for all output; the
answer is the exit code in four bytes.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import pkgutil
import socket
import struct
import sys
import warnings

from ansible.cli.playbook import main
from ansible.plugins.loader import init_plugin_loader
from ansible.utils.path import cleanup_tmp_file

COLLECTION = "ansible_collections.backupops.vbo365"
#: the kinds of plugins that are loaded before a playbook needs them: those of Ansible, those of the collection
KINDS = ("action", "callback", "connection", "filter", "inventory", "lookup", "strategy", "test", "vars")
OURS = ("action", "filter", "module_utils", "modules", "plugin_utils")


def load() -> None:
    """Load what most playbooks need; Ansible itself would load it in every process."""
    init_plugin_loader()
    # each playbook repeats this without effect
    warnings.filterwarnings("ignore", "AnsibleCollectionFinder has already been configured")
    for package in [*(f"ansible.plugins.{kind}" for kind in KINDS), *(f"{COLLECTION}.plugins.{kind}" for kind in OURS)]:
        load_all(package)


def load_all(package: str) -> None:
    """Load all modules of a package; modules that cannot be loaded here are skipped."""
    with contextlib.suppress(ImportError):
        folders = importlib.import_module(package).__path__
        for found in pkgutil.iter_modules(map(str, folders)):
            load_all(f"{package}.{found.name}") if found.ispkg else load_one(f"{package}.{found.name}")


def load_one(name: str) -> None:
    with contextlib.suppress(ImportError):
        importlib.import_module(name)


def become(message: bytes, output: int) -> None:
    """Set up this fork as if it had just been started as C(ansible-playbook)."""
    given = json.loads(message)
    os.chdir(given["directory"])
    if given["umask"] >= 0:
        os.umask(given["umask"])
    os.environ.clear()
    os.environ.update(given["environment"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.close(nothing)
    os.close(output)
    sys.argv[:] = given["arguments"]
    # the folder for temporary files belongs to the process that created it
    atexit.unregister(cleanup_tmp_file)


def serve(channel: socket.socket) -> bool:
    """Start a fork for each message; true in a fork, false when there are no more messages."""
    while True:
        message, files, _flags, _address = socket.recv_fds(channel, 1 << 20, 1)
        if not message:
            return False
        pid = os.fork()
        if pid == 0:
            channel.close()
            become(message, files[0])
            return True
        os.close(files[0])
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        channel.sendall(struct.pack("i", code))


if __name__ == "__main__":
    load()
    gc.freeze()  # so that forks do not copy data that never changes
    if serve(socket.socket(fileno=int(sys.argv[1]))):
        sys.exit(main())
