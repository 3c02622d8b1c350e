# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shorter waiting times of the collection in tests."""

from __future__ import annotations

import time
import types

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api import _http, _waiting
from ansible_collections.backupops.vbo365.plugins.module_utils._core import _plan


def hurry(monkeypatch: pytest.MonkeyPatch, faster: float = 50) -> None:
    """Shorten the waiting times of the collection; time limits and everything else stay unchanged."""
    fast = types.SimpleNamespace(monotonic=time.monotonic, sleep=lambda seconds: time.sleep(seconds / faster))
    for module in (_http, _plan, _waiting):
        monkeypatch.setattr(module, "time", fast)
