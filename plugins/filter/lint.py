# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Filters that check the design of backup jobs: findings, reports, and the files that show them."""

from __future__ import annotations

import typing as t

import jinja2
import jinja2.defaults
from ansible.plugins.loader import test_loader
from ansible_collections.backupops.vbo365.plugins.module_utils._types import Data

from ..plugin_utils._fleet._registered import Registered, registered
from ..plugin_utils._formats import moment
from ..plugin_utils._lint._custom import own_rules
from ..plugin_utils._lint._findings import findings_of, merge, parse_exceptions, report_of, server_of
from ..plugin_utils._lint._formats import files_of
from ..plugin_utils._lint._rules import Rule, chosen
from ..plugin_utils._plain import MOST, checked, plain, unsafe
from ..plugin_utils._sarif import SOURCE


@jinja2.pass_environment
def lint_jobs(environment: jinja2.Environment, jobs: t.Any, rules: t.Any = None, custom: t.Any = None) -> list[Data]:
    """Return the findings of the rules in the jobs of one server."""
    return unsafe(checked("lint_jobs", lambda: findings_of(plain(jobs, MOST), _rules(environment, rules, custom))))


@jinja2.pass_environment
def lint_report(
    environment: jinja2.Environment,
    result: t.Any,
    server: str,
    url: str = "",
    rules: t.Any = None,
    custom: t.Any = None,
    exceptions: t.Any = None,
    now: str = "",
    overrides: t.Any = None,
    freeze: t.Any = None,
) -> Data:
    """The jobs of a server, or why they could not be read, as the report of one server."""

    def made() -> Data:
        when = moment(now)
        allowed = parse_exceptions(plain(exceptions, dates=True) or [])
        known = plain(result, MOST) or {}
        entry = server_of(str(server), known, _rules(environment, rules, custom), allowed, when[:10])
        return report_of([entry], allowed, when[:10], when, str(url or ""), plain(overrides), plain(freeze))

    return unsafe(checked("lint_report", made))


@jinja2.pass_environment
def lint_fleet(environment: jinja2.Environment, hostvars: t.Any, servers: t.Any) -> Data:
    """Build one report for the servers of a play from the results that the role vbo_lint registered for each."""

    def made() -> Data:
        when = moment("")
        known = [one for one in registered(hostvars, servers, "vbo_lint") if one.begun.get("options")]
        return merge([_report_of(environment, one, when) for one in known], plain(servers))

    return unsafe(checked("lint_fleet", made))


def _report_of(environment: jinja2.Environment, known: Registered, when: str) -> Data:
    options, result = known.begun["options"], known.result
    if not (options["live"] or known.begun.get("problem")):
        result = {"jobs": known.begun["jobs"]}
    rules = _rules(environment, options["rules"], options["custom"])
    allowed = parse_exceptions(options["exceptions"] or [])
    entry = server_of(known.server, result, rules, allowed, when[:10])
    return report_of([entry], allowed, when[:10], when, known.url if options["live"] else "", *known.notes)


def check_options(options: Data) -> None:
    """Check rules and exceptions, where there is no template and so no environment.

    :arg options: those of the role C(vbo_lint), without their prefix
    :raises InputError, ValueError: with the path of the mistake
    """
    chosen(options["rules"] or {})
    own_rules(options["custom"] or [], _LoadedTests())
    parse_exceptions(options["exceptions"] or [])


def lint_merge(reports: t.Any, servers: t.Any = (), now: str = "") -> Data:
    """Several reports as one."""
    return unsafe(checked("lint_merge", lambda: merge(plain(list(reports)), plain(servers), str(now))))


def lint_files(report: t.Any, formats: t.Any, source: t.Any = SOURCE) -> list[dict[str, str]]:
    """A report as the files to write."""
    return unsafe(checked("lint_files", lambda: files_of(plain(report), plain(formats), plain(source))))


class _Tests:
    """The tests of an environment, including those that Ansible loads from collections on demand."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self._environment = environment

    def knows(self, name: str) -> bool:
        try:
            return callable(self._environment.tests[name])
        except Exception:  # noqa: BLE001 - what is raised for a missing one depends on the version of ansible-core
            return False

    def holds(self, name: str, value: t.Any, arguments: t.Sequence[t.Any]) -> bool:
        return bool(self._environment.call_test(name, value, list(arguments)))


class _LoadedTests:
    """The names of the same tests; none is called."""

    def knows(self, name: str) -> bool:
        try:
            return name in jinja2.defaults.DEFAULT_TESTS or test_loader.get(name) is not None
        except Exception:  # noqa: BLE001 - what is raised for a missing one depends on the version of ansible-core
            return False

    def holds(self, name: str, value: t.Any, arguments: t.Sequence[t.Any]) -> bool:
        raise NotImplementedError


def _rules(environment: jinja2.Environment, rules: t.Any, custom: t.Any) -> list[Rule]:
    return [*chosen(plain(rules) or {}), *own_rules(plain(custom) or [], _Tests(environment))]


class FilterModule:
    """Entry point for Ansible."""

    def filters(self) -> dict[str, t.Callable[..., t.Any]]:
        return {
            "lint_jobs": lint_jobs,
            "lint_report": lint_report,
            "lint_fleet": lint_fleet,
            "lint_merge": lint_merge,
            "lint_files": lint_files,
        }
