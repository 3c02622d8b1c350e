# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fractions as YAML text: every reader of YAML 1.1 must read them as numbers."""

from __future__ import annotations

import math

import pytest
import yaml
from ansible_collections.backupops.vbo365.plugins.module_utils._core._yaml import yaml_text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.0, "0.0"),
        (-1.5, "-1.5"),
        (0.25, "0.25"),
        (1e300, "1.0e+300"),
        (1.5e300, "1.5e+300"),
        (1e-7, "1.0e-07"),
        (math.inf, ".inf"),
        (-math.inf, "-.inf"),
        (math.nan, ".nan"),
    ],
)
def test_numbers_with_a_fraction(number: float, text: str) -> None:
    written = yaml_text({"x": number})
    assert f"x: {text}" in written.splitlines()
    back = yaml.safe_load(written)["x"]
    assert isinstance(back, float) and (back == number or (math.isnan(back) and math.isnan(number)))
