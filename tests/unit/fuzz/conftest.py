# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Marks for ansible-test, which runs only unit tests without a server; see tools/ansible-test."""

from __future__ import annotations

import os

collect_ignore_glob: list[str] = []
# the pytest of ansible-test knows these files under other names
if "ansible_test" in os.environ.get("PYTEST_PLUGINS", ""):
    collect_ignore_glob = ["test_*.py"]
