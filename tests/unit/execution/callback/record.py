# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes every result that callbacks get to a file, one line of JSON each."""

from __future__ import annotations

import json
import os
import typing as t

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record
type: notification
short_description: Records results for tests
description:
  - Appends one line of JSON for each result to the file that E(VBO365_TEST_RECORD) names.
"""


class CallbackModule(CallbackBase):
    """Records results unchanged, without hiding anything for display."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "record"
    CALLBACK_NEEDS_ENABLED = True
    _play = ""

    def v2_playbook_on_play_start(self, play: t.Any) -> None:
        self._play = play.get_name()

    def _record(self, status: str, result: t.Any) -> None:
        # ansible-core 2.19 uses these names without the underscore
        data = result.result if hasattr(result, "result") else result._result
        task = result.task if hasattr(result, "task") else result._task
        host = result.host if hasattr(result, "host") else result._host
        names = {"play": self._play, "task": task.get_name(), "host": host.get_name()}
        with open(os.environ["VBO365_TEST_RECORD"], "a", encoding="utf-8") as stream:
            stream.write(json.dumps({"status": status, **names, "result": data}, default=str) + "\n")

    def v2_runner_on_ok(self, result: t.Any) -> None:
        self._record("ok", result)

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False) -> None:
        self._record("ignored" if ignore_errors else "failed", result)

    def v2_runner_on_unreachable(self, result: t.Any) -> None:
        self._record("unreachable", result)

    def v2_runner_on_skipped(self, result: t.Any) -> None:
        self._record("skipped", result)

    def v2_runner_retry(self, result: t.Any) -> None:
        self._record("retry", result)

    def v2_runner_item_on_ok(self, result: t.Any) -> None:
        self._record("item ok", result)

    def v2_runner_item_on_failed(self, result: t.Any) -> None:
        self._record("item failed", result)

    def v2_runner_item_on_skipped(self, result: t.Any) -> None:
        self._record("item skipped", result)
