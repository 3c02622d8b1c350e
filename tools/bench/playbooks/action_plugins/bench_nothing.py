# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The floor of an action: takes any arguments, does nothing, and returns a result that was recorded before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    """Measures Ansible's own cost: templating the arguments and passing the result on."""

    TRANSFERS_FILES = False

    def run(self, tmp: None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the recorded result of the option V(bench_result), a file."""
        super().run(tmp, task_vars)
        result: dict[str, Any] = json.loads(Path(self._task.args["bench_result"]).read_text(encoding="utf-8"))
        return result
