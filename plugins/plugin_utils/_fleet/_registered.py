# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""The results that a role registered for each server, for the task that merges them.

A task that notes it for each server would cost a process and two copies of the result for each.
"""

from __future__ import annotations

import typing as t

from ...module_utils._types import Data
from .._plain import plain


class Registered(t.NamedTuple):
    """The registered results of a server; missing ones are empty.

    :arg begun: the result of C(role_options)
    :arg result: the result of the comparison
    """

    server: str
    begun: Data
    result: Data

    @property
    def notes(self) -> tuple[t.Any, t.Any]:
        """The overrides of its jobs, and the active freeze."""
        return self.begun.get("overrides"), self.begun.get("frozen")

    @property
    def url(self) -> str:
        """Its address."""
        return str(self.begun.get("url") or "")


def registered(hostvars: t.Any, servers: t.Any, role: str) -> t.Iterator[Registered]:
    """Return the registered results of each server.

    :arg role: the variables are called C(__ROLE) and C(__ROLE_result)
    """
    read = getattr(hostvars, "raw_get", hostvars.__getitem__)  # results are no templates, so none is looked for
    for server in plain(servers):
        known = read(server)
        begun, result = (plain(known.get(name) or {}) for name in (f"__{role}", f"__{role}_result"))
        if begun.get("failed"):  # a result is that of an earlier run
            result = {}
        if begun.get("problem"):
            result = {"error": {}, "failed": True, "msg": begun["problem"]}
        yield Registered(server, begun, result)
