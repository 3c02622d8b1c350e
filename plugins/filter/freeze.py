# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter that checks whether changes are frozen."""

from __future__ import annotations

import typing as t

from ..plugin_utils._calendar._zones import zone_of
from ..plugin_utils._plain import checked, plain, unsafe
from ..plugin_utils._temporary._days import current
from ..plugin_utils._temporary._freeze import active, parse_freezes, parse_reason


def active_freeze(freezes: t.Any, time_zone: t.Any = "UTC", override: t.Any = "", now: t.Any = "") -> dict[str, t.Any]:
    """Return the active freeze, or an empty dictionary."""

    def work() -> dict[str, t.Any]:
        zone = zone_of(plain(time_zone) or "UTC", "time_zone")
        moment = current(plain(now, dates=True), zone)
        return active(parse_freezes(plain(freezes, dates=True), zone), moment, zone, parse_reason(plain(override)))

    return unsafe(checked("active_freeze", work))


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"active_freeze": active_freeze}
