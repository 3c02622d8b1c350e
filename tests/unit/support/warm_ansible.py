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
from pathlib import Path

from ansible import plugins
from ansible.cli.playbook import main
from ansible.utils.collection_loader import _collection_finder
from ansible.utils.path import cleanup_tmp_file

#: the kinds of plugins whose files are loaded before a playbook needs them
KINDS = ("action", "callback", "connection", "filter", "inventory", "lookup", "strategy", "test", "vars")
#: the compiled code of the collection under test: Ansible compiles it again in every process
CODE = {}


def load() -> None:
    """Load what most playbooks need."""
    with contextlib.suppress(ImportError):
        import requests  # noqa: F401
    for kind in KINDS:
        for found in pkgutil.iter_modules([str(Path(folder) / kind) for folder in plugins.__path__]):
            with contextlib.suppress(ImportError):
                importlib.import_module(f"ansible.plugins.{kind}.{found.name}")
    collection = Path(os.environ["ANSIBLE_COLLECTIONS_PATH"]) / "ansible_collections" / "backupops" / "vbo365"
    for path in collection.glob("plugins/**/*.py"):
        text = path.read_bytes()
        CODE[text, str(path)] = compile(text, str(path), "exec", 0, dont_inherit=True)
    _collection_finder.compile = compiled


def compiled(source, filename, mode, flags=0, dont_inherit=False):
    """C(compile), which knows the code of the collection already."""
    return CODE.get((source, filename)) or compile(source, filename, mode, flags, dont_inherit)


def become(message: bytes, output: int) -> None:
    """Let this fork be as if it had just been started as C(ansible-playbook)."""
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
    # the folder for temporary files belongs to the process that made it
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
    gc.freeze()  # forks need not copy what never changes
    if serve(socket.socket(fileno=int(sys.argv[1]))):
        sys.exit(main())
