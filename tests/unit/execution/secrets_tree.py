# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that leaves as many traces as possible in one folder, with unique secrets."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import tempfile
import typing as t
from pathlib import Path

import pytest
import yaml

from ..support.sandbox import Sandbox
from . import marked_tokens
from .playbooks import Playbooks, Run, Task, prepare
from .secrets_search import ProcessList, search

#: so that nothing of another run or test is mistaken for a secret of this one
RUN = secrets.token_hex(3)
PASSWORD = f"Tin'Drum{RUN}\"<b>&{{{{ 1 }}}}%41+=Grüße\\n Lantern{RUN} "
WRONG_PASSWORD = f"Wrong'Harbor{RUN}\"<&%+=\\ü Kite5521{RUN}"
WRONG_TOKEN = f"Marble{RUN}Harvest.2098-token_Quartz{RUN}=="
IN_URL = f"Cobalt{RUN}Viaduct"
SANDBOX_PASSWORD = f"Saffron'{RUN}Orchard\"&%+\\ Pebble{RUN}"
#: a marker in every token of the sandbox
MARK = f"Zebra{RUN}Token"
#: the secret of a cloud account or an encryption key
OBJECT_SECRET = f"Juniper'{RUN}Anchor\"&%+\\ Ferry{RUN}"
SECRETS = (PASSWORD, WRONG_PASSWORD, WRONG_TOKEN, IN_URL, SANDBOX_PASSWORD, OBJECT_SECRET, MARK)
#: files that contain secrets because a test cannot pass them on otherwise
HANDED_OVER = ("sandbox/settings.yml", "playbooks/run-1/secrets.yml")
PROTECTED = "^/v\\d+/(?!token)"


def refusal(status: int, secret: str) -> Task:
    """Return an answer of a server that repeats the request."""
    return {"status": status, "body": {"message": f"'{secret}' may not do that"}}


#: the faults of each server of the sandbox
SERVERS: dict[str, list[Task]] = {
    "good": [],
    "also_good": [],
    "refusing": [{"match": {"path": PROTECTED}, "then": refusal(403, "{token}")}],
    "refusing_log_in": [{"match": {"path": "/token"}, "then": refusal(400, PASSWORD)}],
    "breaking": [{"match": {"path": PROTECTED}, "then": {"truncate": True}}],
    "breaking_log_in": [{"match": {"path": "/token"}, "then": {"reset_after": True}}],
}


class MarkedSandbox(Sandbox):
    """A sandbox whose tokens can be searched for."""

    program = (str(Path(marked_tokens.__file__)),)


class Tree:
    """The folder and the runs in it; a context manager."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __enter__(self) -> Tree:
        servers = [{"name": name, "versions": ["v8"], "faults": faults} for name, faults in SERVERS.items()]
        sandbox = MarkedSandbox(self.root / "sandbox", servers, password=PASSWORD)
        with contextlib.ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
            patch.setenv(marked_tokens.VARIABLE, MARK)
            self.servers = stack.enter_context(sandbox).servers
            short = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vbo365-")), "t")
            self._stack = stack.pop_all()
        self.playbooks = Playbooks(prepare(self.root / "playbooks"), self.servers["good"], password=PASSWORD)
        self.playbooks.secrets = {
            "wrong_password": WRONG_PASSWORD,
            "wrong_token": WRONG_TOKEN,
            "wrong_url": f"https://x:{IN_URL}@127.0.0.1:9",
            "sandbox_password": SANDBOX_PASSWORD,
            "object_secret": OBJECT_SECRET,
        }
        self.playbooks.environment = self._surroundings(short)
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def _surroundings(self, short: Path) -> dict[str, str]:
        """Make Ansible write everything that it can write into the folder.

        :arg short: a link to the folder of temporary files: ansible-core 2.21 makes a socket there, whose path must not
            be longer than 107 bytes
        """
        for name in ("user", "temporary"):
            (self.root / name).mkdir()
        short.symlink_to(self.root / "temporary")
        return {
            "HOME": str(self.root / "user"),
            "TMPDIR": str(short),
            "ANSIBLE_LOG_PATH": str(self.root / "ansible.log"),
            "ANSIBLE_CACHE_PLUGIN": "jsonfile",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(self.root / "facts"),
            "ANSIBLE_CALLBACKS_ENABLED": "record,ansible.builtin.tree,ansible.builtin.junit",
            "ANSIBLE_CALLBACK_TREE_DIR": str(self.root / "results"),
            "JUNIT_OUTPUT_DIR": str(self.root / "junit"),
        }

    def inventory(self, hosts: dict[str, Task]) -> Path:
        """Return an inventory in which all of these hosts are this machine."""
        near = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        path = self.root / "playbooks" / "hosts.yml"
        path.write_text(yaml.safe_dump({"cases": {"hosts": hosts, "vars": near}}), encoding="utf-8")
        return path

    def run(self, plays: list[Task], hosts: dict[str, Task], fails: bool = False, **variables: t.Any) -> Run:
        """Run plays; write their output, the list of processes, and the data of the sandbox to files."""
        arguments = ("-vvvv", "--diff", "--forks=8", f"--inventory={self.inventory(hosts)}")
        with ProcessList(self.root / "processes"):
            run = self.playbooks.run(plays=plays, arguments=arguments, fails=fails, warns=True, **variables)
        (self.root / "output").write_text(run.output, encoding="utf-8")
        for name, server in self.servers.items():
            for what in ("requests", "state"):
                path = self.root / "sandbox" / f"{name}.{what}"
                path.write_text(json.dumps(server.control("GET", what)), encoding="utf-8")
        return run

    def assert_clean(self, *handed_over: str) -> None:
        """No secret is anywhere except in the files where the test, or a role by its purpose, has put it."""
        found = search(self.root, SECRETS, [self.root / name for name in (*HANDED_OVER, *handed_over)])
        assert not found, "\n".join(found[:40])

    def assert_found_when_planted(self, *places: str, folder: Path) -> None:
        """The search that found nothing finds a secret at the end of any of these files, which a run has written.

        :arg places: patterns of files
        :arg folder: where copies are made
        """
        for place in places:
            files = [path for path in self.root.glob(place) if path.is_file() and path.stat().st_size]
            assert files, f"the run has left nothing in {place}"
            copy = folder / files[0].relative_to(self.root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(files[0].read_bytes())
            assert search(folder, SECRETS) == []
            for secret in SECRETS:
                copy.write_bytes(files[0].read_bytes() + secret.encode())
                assert len(search(folder, SECRETS)) == 1, (place, secret)
            os.unlink(copy)
