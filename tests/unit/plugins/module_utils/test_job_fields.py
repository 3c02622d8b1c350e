# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rows of a job: its switch and its times in the form of the API."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.backupops.vbo365.plugins.module_utils._api._versions import VERSIONS
from ansible_collections.backupops.vbo365.plugins.module_utils._core._fields import Request
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import Unsupported
from ansible_collections.backupops.vbo365.plugins.module_utils._input._mistakes import Moment
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._fields import (
    JOB,
    check_supported,
    switch,
)
from ansible_collections.backupops.vbo365.plugins.module_utils._resources._job._items import ITEM_OPTIONS


@pytest.mark.parametrize(
    ("number", "value", "path", "body"),
    [
        (5, True, "Jobs/j1/Action", {"enable": None}),
        (5, False, "Jobs/j1/Action", {"disable": None}),
        (8, True, "Jobs/j1/enable", None),
        (8, False, "Jobs/j1/disable", None),
    ],
)
def test_a_job_is_switched_by_a_request(number: int, value: bool, path: str, body: t.Any) -> None:
    assert switch("j1", value, not value, number) == [Request("POST", path, body)]


def test_options_that_are_not_texts() -> None:
    items, start = JOB.paths["selected_items"], JOB.paths["schedule_policy.daily_time"]
    assert items.option() == {"type": "list", "elements": "dict", "options": ITEM_OPTIONS}
    assert isinstance(start.option(), Moment) and start.option() == {"type": "raw"}
    assert start.write("22:00", "22:00", t.cast(t.Any, None), 8) == "22:00:00"


def test_an_option_stands_by_itself_unless_a_prefix_is_given() -> None:
    with pytest.raises(Unsupported) as caught:
        check_supported({"proxy": "x"}, VERSIONS["v6"])
    assert caught.value.option == "proxy"
