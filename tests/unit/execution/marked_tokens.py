# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox with a marker in each of its tokens, by which a search finds them; run as a program."""

from __future__ import annotations

import os
import runpy
import secrets

#: the environment variable with the marker
VARIABLE = "VBO365_TEST_TOKEN_MARK"

if __name__ == "__main__":
    made = secrets.token_urlsafe
    secrets.token_urlsafe = lambda *size: os.environ[VARIABLE] + made(*size)
    runpy.run_module("vbo_sandbox", run_name="__main__", alter_sys=True)
