# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters for plans: one server's comparison, many of them together, the files that show them, and a server's part."""

from __future__ import annotations

import typing as t

from ansible_collections.backupops.vbo365.plugins.module_utils._types import Data

from ..plugin_utils._fleet._registered import registered
from ..plugin_utils._formats import moment
from ..plugin_utils._plain import checked, plain, unsafe
from ..plugin_utils._plan import _data as data
from ..plugin_utils._plan._file import parse
from ..plugin_utils._plan._formats import files_of


def plan_report(
    result: t.Any, server: str, url: str = "", now: str = "", overrides: t.Any = None, freeze: t.Any = None
) -> Data:
    """The result of vbo_jobs in check mode, with fingerprints, as the plan of one server."""

    def made() -> Data:
        known = data.server_of(str(server), plain(result) or {}, str(url or ""), plain(overrides), plain(freeze))
        return data.plan_of([known], moment(now))

    return unsafe(checked("plan_report", made))


def plan_fleet(hostvars: t.Any, servers: t.Any) -> Data:
    """Build one plan for the servers of a play from the results that the role vbo_plan registered for each."""

    def made() -> Data:
        entries: list[Data] = []
        times: list[str] = []
        for known in registered(hostvars, servers, "vbo_plan"):
            entries.append(data.server_of(known.server, known.result, known.url, *known.notes))
            times += [known.begun["begun"]] if known.begun.get("begun") else []
        return data.plan_of(entries, min(times, default=moment("")))

    return unsafe(checked("plan_fleet", made))


def plan_merge(plans: t.Any, servers: t.Any = (), now: str = "") -> Data:
    """Several plans as one."""
    known = plain(list(plans))
    when = str(now) or ("" if known else moment(""))
    return unsafe(checked("plan_merge", lambda: data.merge(known, plain(servers), when)))


def plan_files(plan: t.Any, formats: t.Any) -> list[dict[str, str]]:
    """Return the files of a plan."""
    return unsafe(checked("plan_files", lambda: files_of(plain(plan), plain(formats))))


def plan_server(plan: t.Any, server: str, max_age: t.Any = None, now: str = "") -> Data:
    """Return the input for the option C(plan) of vbo_jobs for one server."""

    def found() -> Data:
        known, what = plain(plan), "the plan"
        if isinstance(known, str):
            known = parse(known, what)
        else:
            data.check(known, what)
        data.check_age(known["generated"], plain(max_age), moment(now), what)
        return data.part_of(data.server_in(known, str(server)), str(server), what)

    return unsafe(checked("plan_server", found))


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {
            "plan_report": plan_report,
            "plan_fleet": plan_fleet,
            "plan_merge": plan_merge,
            "plan_files": plan_files,
            "plan_server": plan_server,
        }
