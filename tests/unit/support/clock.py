# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A collection that waits for a fraction of the time."""

from __future__ import annotations

import time
import types

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api import _http, _waiting
from ansible_collections.backupops.vbo365.plugins.module_utils._core import _plan


def hurry(monkeypatch: pytest.MonkeyPatch, faster: float = 50) -> None:
    """Let the collection wait a fraction of what it would; time limits and all else stay."""
    fast = types.SimpleNamespace(monotonic=time.monotonic, sleep=lambda seconds: time.sleep(seconds / faster))
    for module in (_http, _plan, _waiting):
        monkeypatch.setattr(module, "time", fast)
