# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The minimum for an action: accepts any arguments, does nothing, and returns a recorded result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """Measures the cost of Ansible itself: templating the arguments and passing on the result."""

    TRANSFERS_FILES = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the recorded result from the file in the option V(bench_result)."""
        super().run(tmp, task_vars)
        result: dict[str, Any] = json.loads(Path(self._task.args["bench_result"]).read_text(encoding="utf-8"))
        return result
