# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The options of the modules for copy jobs."""

from __future__ import annotations

from ..._core._levels import options_of
from ..._input._argspec import ArgSpec
from ..._input._groups import WHEN_EDITED
from ..._input._mistakes import Options
from ._model import OF_THE_JOB, OWN

#: the fields of a copy job besides its job
COPY_OPTIONS: Options = {
    **options_of(OWN),
    "when_running": {"type": "str", "choices": ["proceed", "wait", "fail"]},
    "when_edited": WHEN_EDITED,
}

COPY_JOB = ArgSpec(
    {
        **options_of(OF_THE_JOB),
        "job_id": {"type": "str"},
        **COPY_OPTIONS,
    },
    required_one_of=(("job", "job_id"),),
)


COPY_JOB_FILTERS = ArgSpec({**options_of(OF_THE_JOB), "id": {"type": "str"}})
