# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps the user: lets a task with ``become`` run where sudo is missing."""

from __future__ import annotations

import typing as t

from ansible.plugins.become import BecomeBase

DOCUMENTATION = """
name: nobody_else
short_description: Stays the same user
description:
  - Runs the command as it is.
options:
  become_user:
    description: Ignored.
    default: root
    vars:
      - name: ansible_become_user
  become_exe:
    description: Ignored.
  become_flags:
    description: Ignored.
  become_pass:
    description: Ignored.
"""


class BecomeModule(BecomeBase):
    """Runs the command unchanged, and prints the marker that connections wait for."""

    name = "nobody_else"

    def build_become_command(self, cmd: str, shell: t.Any) -> str:
        super().build_become_command(cmd, shell)
        return self._build_success_command(cmd, shell) if cmd else cmd
