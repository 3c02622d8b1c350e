# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters for drift reports: one server's comparison, many of them together, and the files that show them."""

from __future__ import annotations

import typing as t

from ansible_collections.backupops.vbo365.plugins.module_utils._types import Data

from ..plugin_utils._drift._data import drift_of, merge, report_of
from ..plugin_utils._drift._formats import files_of
from ..plugin_utils._drift._rules import parse_rules
from ..plugin_utils._fleet._registered import registered
from ..plugin_utils._formats import moment
from ..plugin_utils._plain import checked, plain, unsafe
from ..plugin_utils._sarif import SOURCE


def drift_report(
    result: t.Any,
    server: str,
    url: str = "",
    ignore: t.Any = None,
    now: str = "",
    overrides: t.Any = None,
    freeze: t.Any = None,
) -> Data:
    """The result of vbo_jobs in check mode, with details, as the report of one server."""
    when = moment(now)
    rules = checked("drift_report", lambda: parse_rules(plain(ignore) or []))
    entry = drift_of(
        str(server), plain(result) or {}, rules, when[:10], str(url or ""), plain(overrides), plain(freeze)
    )
    return unsafe(report_of([entry], rules, when[:10], when))


def drift_fleet(hostvars: t.Any, servers: t.Any) -> Data:
    """Build one report for the servers of a play from the results that the role vbo_drift registered for each."""

    def work() -> Data:
        when = moment("")
        entries: list[Data] = []
        rules: list[Data] = []
        for known in registered(hostvars, servers, "vbo_drift"):
            own = parse_rules(known.begun.get("options", {}).get("ignore") or [])
            entries.append(drift_of(known.server, known.result, own, when[:10], known.url, *known.notes))
            rules += [rule for rule in own if rule not in rules]
        return report_of(entries, rules, when[:10], when)

    return unsafe(checked("drift_fleet", work))


def drift_merge(reports: t.Any, servers: t.Any = (), now: str = "") -> Data:
    """Several reports as one."""
    return unsafe(checked("drift_merge", lambda: merge(plain(list(reports)), plain(servers), str(now))))


def drift_files(report: t.Any, formats: t.Any, source: t.Any = SOURCE) -> list[dict[str, str]]:
    """A report as the files to write."""
    return unsafe(checked("drift_files", lambda: files_of(plain(report), plain(formats), plain(source))))


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {
            "drift_report": drift_report,
            "drift_fleet": drift_fleet,
            "drift_merge": drift_merge,
            "drift_files": drift_files,
        }
