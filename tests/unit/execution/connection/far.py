# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection whose commands start from an empty environment, as with ssh: represents another machine."""

from __future__ import annotations

import shlex
import typing as t

from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = """
name: far
short_description: Another machine
description:
  - Runs commands on this machine in an environment of their own.
options:
  become_success_timeout:
    type: int
    default: 10
    description: As for the local connection.
  become_strip_preamble:
    type: bool
    default: true
    description: As for the local connection.
extends_documentation_fragment:
  - connection_pipelining
"""


class Connection(Local):
    """The local connection under another name and without the environment."""

    transport: t.ClassVar[str] = "far"

    def exec_command(self, cmd: str, *args: t.Any, **keywords: t.Any) -> tuple[int, bytes, bytes]:
        fresh = f'env -i PATH="$PATH" HOME="$HOME" LC_ALL=C.UTF-8 sh -c {shlex.quote(cmd)}'
        return super().exec_command(fresh, *args, **keywords)
