# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keeps the user and starts from an empty environment, as sudo does."""

from __future__ import annotations

import typing as t

from ansible.plugins.become import BecomeBase

DOCUMENTATION = """
name: fresh_environment
short_description: Stays the same user without the environment
description:
  - Runs the command in an environment of its own.
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
KEPT = 'env -i PATH="$PATH" HOME="$HOME" LC_ALL=C.UTF-8'


class BecomeModule(BecomeBase):
    """Runs the command without the environment of the caller, and prints the marker that connections wait for."""

    name = "fresh_environment"

    def build_become_command(self, cmd: str, shell: t.Any) -> str:
        super().build_become_command(cmd, shell)
        return f"{KEPT} {self._build_success_command(cmd, shell)}" if cmd else cmd
