# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The console of a device: a connection that cannot run programs."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleError
from ansible.plugins.connection import ConnectionBase

DOCUMENTATION = """
name: network_cli
short_description: The console of a device
description:
  - Runs nothing.
options: {}
"""


class Connection(ConnectionBase):
    """Fails as soon as it is used."""

    transport: t.ClassVar[str] = "network_cli"
    has_pipelining = False

    def _connect(self) -> Connection:
        raise AnsibleError("nothing runs here")

    def exec_command(self, *args: t.Any, **keywords: t.Any) -> t.Any:
        raise AnsibleError("nothing runs here")

    def put_file(self, in_path: str, out_path: str) -> None:
        raise AnsibleError("nothing runs here")

    def fetch_file(self, in_path: str, out_path: str) -> None:
        raise AnsibleError("nothing runs here")

    def close(self) -> None:
        pass
