# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks the requests of the client against the vendor's documents, if a folder with them is given."""

from __future__ import annotations

import os
import typing as t

from . import openapi

DOCUMENTED = ("v6", "v7", "v8")


def check_log(log: t.Iterable[dict[str, t.Any]]) -> int:
    """Check each request of a log; returns how many were checked.

    Without the folder nothing is checked here; C(test_openapi.py) shows that as a skip.
    """
    if not os.environ.get(openapi.VARIABLE):
        return 0
    checked = 0
    for entry in log:
        if entry["version"] in DOCUMENTED and not entry["token_call"]:
            url = f"{entry['path']}?{entry['query']}" if entry["query"] else entry["path"]
            openapi.check_request(int(entry["version"][1:]), entry["method"], url, entry.get("body"))
            checked += 1
    return checked
