# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A plugin of pytest for mutation testing: tests of pure functions only, the same examples every time, no caches."""

from __future__ import annotations

import functools
import sys

import hypothesis
import pytest

#: an example that fails is enough, it need not be the smallest
hypothesis.settings.register_profile(
    "mutation",
    derandomize=True,
    database=None,
    deadline=None,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
)
hypothesis.settings.load_profile("mutation")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that needs the sandbox takes longer than all the others together."""
    slow = [item for item in items if "sandbox" in getattr(item, "fixturenames", ())]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


def pytest_runtest_setup() -> None:
    """What another test, or the code before it was changed, has left in a cache would hide the change."""
    for name, module in list(sys.modules.items()):
        if ".vbo365.plugins." in name:
            for value in list(vars(module).values()):
                if isinstance(value, functools._lru_cache_wrapper):
                    value.cache_clear()
