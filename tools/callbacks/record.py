# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A callback plugin that writes what tasks returned, as JSON lines, next to what people see on the screen."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record
type: aggregate
short_description: Write the results of tasks to the file named by the environment variable RECORD_FILE
description:
  - One JSON object for each result, with host, task and result; the items of a loop come one by one.
options: {}
"""


class CallbackModule(CallbackBase):
    """Writes one line for each result, and one for each item of a loop."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "record"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, kind: str, outcome: Any) -> None:
        task = outcome._task
        entry = {
            "kind": kind,
            "host": outcome._host.get_name(),
            "action": task.resolved_action or task.action,
            "task": task.get_name(),
            "result": outcome._result,
        }
        with open(os.environ["RECORD_FILE"], "a", encoding="utf-8") as file:
            file.write(json.dumps(entry, default=str) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        """A task went well; of a loop only the items are written."""
        if "results" not in result._result:
            self._write("ok", result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """A task failed."""
        self._write("failed", result)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """A host could not be reached."""
        self._write("failed", result)

    def v2_runner_item_on_ok(self, result: Any) -> None:
        """One item of a loop went well."""
        self._write("ok", result)

    def v2_runner_item_on_failed(self, result: Any) -> None:
        """One item of a loop failed."""
        self._write("failed", result)
