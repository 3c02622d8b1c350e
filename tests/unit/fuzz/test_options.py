# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Arbitrary arguments for the validation of options: each mistake has a path and a readable message."""

from __future__ import annotations

import typing as t

from ansible_collections.backupops.vbo365.plugins.module_utils._errors import VboError
from ansible_collections.backupops.vbo365.plugins.module_utils._input._argspec import complaints, input_error
from ansible_collections.backupops.vbo365.plugins.module_utils._input._mistakes import wrong_options
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._jobs._options import JOBS
from hypothesis import example, given
from hypothesis import strategies as st

from .options import accepted, of_options, sendable
from .search import is_readable, search
from .values import ANYTHING, Made, made, nested

ARGUMENTS = st.one_of(of_options(JOBS.options), ANYTHING)


@search(80)
@given(ARGUMENTS)
@example({"jobs": [{"name": "x", "selected_items": [{"type": None}]}]})
@example({"jobs": [{"id": ""}]})
@example({"jobs": [{"name": None}]})
@example({"jobs": None})
@example({"jobs": [{"name": "x", "description": {"a": Made("digits", lambda: 10**4000)}}]})
@example({"jobs": Made("many", lambda: [{"nmae": "x"}] * 3000)})
@example({"k" * 10_000: 1})
@example({"jobs": [{"name": "x", "copy_job": {"schedule_policy": 5}}]})
@example({"jobs": [], "max_deletions": float("inf")})
@example({"jobs": [], "validate_certs": None})
@example({"jobs": [], "api_version": None})
@example({"jobs": [{"name": "x", "state": None, "run_now": None}]})
@example({"jobs": [{"name": "x", "schedule_policy": {"type": None}, "selected_items": None}]})
@example({"jobs": nested("x", 700)})
def test_arguments_are_accepted_or_each_mistake_has_its_path(arguments: t.Any) -> None:
    given_arguments = sendable(made(arguments))
    if not isinstance(given_arguments, dict):
        return
    error = input_error(JOBS, given_arguments)
    taken = accepted(JOBS.options, given_arguments, **JOBS.rules())
    assert taken is not None or error is not None
    if error is not None:
        assert isinstance(error, VboError)
        assert is_readable(error.message), error.message[:500]
        assert isinstance(error.result()["option"], str)


@search(60)
@given(ARGUMENTS, st.booleans())
def test_what_is_wrong_is_found_on_every_level(arguments: t.Any, template: bool) -> None:
    arguments = sendable(made(arguments))
    wrong = wrong_options(arguments, JOBS.options, "p") if template else complaints(JOBS.options, arguments, "p")
    for error in wrong:
        assert error.option.startswith("p") and is_readable(error.message), error.message[:500]
