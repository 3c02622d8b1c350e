# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A connection that works like ``local`` under another name: represents a host elsewhere."""

from __future__ import annotations

import typing as t

from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = """
name: elsewhere
short_description: A host somewhere else
description:
  - Runs commands on this machine.
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
    """The local connection under another name."""

    transport: t.ClassVar[str] = "elsewhere"
