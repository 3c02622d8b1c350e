# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether tests play everything that they know: every version, every place, every size; C(make test-all) says so."""

from __future__ import annotations

import os

FULL = bool(os.environ.get("VBO365_TEST_FULL"))
