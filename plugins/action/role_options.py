# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks and converts the variables of a role before any request; for the roles of this collection."""

from __future__ import annotations

import os
import typing as t

from ansible.errors import AnsibleActionFail, AnsibleError, AnsibleFilterError
from ansible.plugins.action import ActionBase
from ansible_collections.backupops.vbo365.plugins.filter import calendar, drift, export, lint, plan, rollout
from ansible_collections.backupops.vbo365.plugins.filter.freeze import active_freeze
from ansible_collections.backupops.vbo365.plugins.filter.jobs import expand_and_list
from ansible_collections.backupops.vbo365.plugins.module_utils._errors import VboError
from ansible_collections.backupops.vbo365.plugins.module_utils._types import Data
from ansible_collections.backupops.vbo365.plugins.plugin_utils._drift._rules import parse_rules
from ansible_collections.backupops.vbo365.plugins.plugin_utils._formats import moment
from ansible_collections.backupops.vbo365.plugins.plugin_utils._plain import is_left_out, plain
from ansible_collections.backupops.vbo365.plugins.plugin_utils._role_options import (
    converted,
    declared,
    once,
    refuse_strategy,
    url_of,
)

#: Ansible loads this file before it forks: every task that uses a filter finds what the filters import, all of which it
#: would have to import itself otherwise
LOADED = (calendar, drift, export, lint, plan, rollout)
#: the role with the variables for templates
TEMPLATES = "vbo_job_templates"


class ActionModule(ActionBase):
    """Never touches the host of the task."""

    _requires_connection = False
    _supports_check_mode = True
    _VALID_ARGS = frozenset(("entry", "once", "linear", "prepare", "tolerant"))

    def run(self, tmp: str | None = None, task_vars: Data | None = None) -> Data:
        del tmp
        self._vars = task_vars or {}
        result: Data = super().run(None, self._vars)
        args = plain(self._task.args)
        try:
            if args.get("linear"):
                refuse_strategy(str(self._task.get_play().strategy))
            role = str(self._vars["role_path"])
            prefix = str(self._vars["ansible_role_name"]).rsplit(".", 1)[-1] + "_"
            raw = {name: self._evaluated(name) for name in declared(role, args.get("entry", "main"))}
            values = {name: plain(value) for name, value in raw.items() if value is not None}
            for name in set(args.get("once", ())) & set(values):
                values[name] = once(name, self._vars[name], values[name])
            result["options"] = converted(declared(role, args.get("entry", "main")), values, prefix)
            result["check_mode"] = bool(self._task.check_mode)
            if "prepare" in args:
                result["begun"] = moment("")
                result["url"] = url_of(values.get(f"{prefix}connection"))
                result.update(
                    self._prepared(
                        args,
                        result["options"],
                        raw.get(f"{prefix}jobs", raw.get(f"{prefix}list")),
                        os.path.dirname(role),
                    )
                )
        except VboError as error:
            raise AnsibleActionFail(error.message) from None
        except (AnsibleFilterError, ValueError) as error:
            raise AnsibleActionFail(str(error)) from None
        return result

    def _prepared(self, args: Data, options: Data, jobs: t.Any, roles: str) -> Data:
        """Compute what C(prepare) asks for; or return the problem, for the report of the role."""
        if "calendar" in args["prepare"]:
            calendar.span_of(options)
        if "lint" in args["prepare"]:
            lint.check_options(options)
        if "ignore" in args["prepare"]:
            parse_rules(options.get("ignore") or [])
        found: Data = {"frozen": {}, "overrides": [], "problem": ""}
        try:
            if "freeze" in args["prepare"]:
                reason = options.get("freeze_override", self._evaluated("vbo_freeze_override"))
                found["frozen"] = active_freeze(options.get("freeze"), options.get("time_zone"), reason)
            if "jobs" in args["prepare"] and not options.get("live"):
                found.update(self._expanded(options, jobs, os.path.join(roles, TEMPLATES)))
        except (VboError, AnsibleFilterError) as error:
            if not args.get("tolerant"):
                raise
            found["problem"] = error.message if isinstance(error, VboError) else str(error)
        return found

    def _expanded(self, options: Data, jobs: t.Any, role: str) -> Data:
        """The plain jobs and their overrides, by the day at which the role begins."""
        declared_there = declared(role, "main")
        given = {
            name: plain(self._evaluated(name)) for name in declared_there if not name.endswith(("_jobs", "_time_zone"))
        }
        converted(declared_there, {name: value for name, value in given.items() if value is not None}, f"{TEMPLATES}_")
        today = str(options["begin"])[:10] if "begin" in options else given.get(f"{TEMPLATES}_today")
        about = (self._evaluated(f"{TEMPLATES}_all"), today, options.get("time_zone", "UTC"))
        expanded, overrides = expand_and_list(jobs, *about)
        found: Data = {"jobs": expanded, "overrides": overrides}
        if options.get("before") is not None:
            found["before"] = expand_and_list(options["before"], *about, "before")[0]
        return found

    def _evaluated(self, name: str) -> t.Any:
        """The value of a variable, for plain() to copy; None for none."""
        try:
            value = self._templar.template(self._vars[name]) if name in self._vars else None
        except AnsibleError as error:
            if type(error).__name__ != "AnsibleValueOmittedError":  # ansible-core 2.19 and later
                raise
            return None
        return None if is_left_out(value) else value
