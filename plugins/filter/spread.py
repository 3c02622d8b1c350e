# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter that chooses the starts of jobs with a range of start times."""

from __future__ import annotations

import typing as t

from ..module_utils._errors import InputError
from ..plugin_utils._plain import MOST, checked, plain, unsafe
from ..plugin_utils._spreading import spread


def spread_jobs(jobs: t.Any, live: t.Any = ()) -> list[dict[str, t.Any]]:
    """Plain jobs with a start in place of each range."""

    def work() -> list[dict[str, t.Any]]:
        given, known = plain(jobs, MOST), plain(live, MOST) or []
        for name, value in (("jobs", given), ("live", known)):
            if not isinstance(value, list) or not all(isinstance(job, dict) for job in value):
                raise InputError(name, "must be a list of jobs")
        return spread(given, known)[0]

    return unsafe(checked("spread_jobs", work))


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"spread_jobs": spread_jobs}
