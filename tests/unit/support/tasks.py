# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the tasks of a test, each in check mode first, and compares the prediction with the result."""

from __future__ import annotations

import dataclasses
import typing as t

from .hosts import Result, run
from .openapi_log import check_log
from .sandbox import PASSWORD, USERNAME, Server

#: the results that check mode must predict
PREDICTED = ("changed", "action", "changes", "diff", "failed", "msg", "warnings", "summary", "unmanaged")


@dataclasses.dataclass
class Tasks:
    """Runs modules against one server, on one API version and one host."""

    server: Server
    version: str
    host: str

    @property
    def number(self) -> int:
        return int(self.version[1:])

    @property
    def connection(self) -> dict[str, t.Any]:
        return {
            "url": self.server.url,
            "username": USERNAME,
            "password": PASSWORD,
            "ca_path": self.server.ca_path,
            "api_version": self.version,
        }

    def raw(self, module: str, check: bool = False, **options: t.Any) -> Result:
        """Run a task and return its result, also a failure; None removes a connection option."""
        merged = {**self.connection, **options}
        given = {key: value for key, value in merged.items() if value is not None}
        return run(self.host, module, given, check=check)

    def run(self, module: str = "vbo_job", warnings: bool = False, **options: t.Any) -> Result:
        """Run a task in check mode and for real, compare both, and check the log of requests of the real run.

        Fails the test when the task fails, warns unexpectedly, writes in check mode, or does other than predicted.
        """
        self.server.forget()
        predicted = self.raw(module, check=True, **options)
        assert self.server.counts()["writes"] == 0, self.server.writes()
        self.server.forget()
        result = self.raw(module, **options)
        assert not result.get("failed"), result["msg"]
        assert warnings or not result.get("warnings"), result["warnings"]
        self._compare(predicted, result)
        check_log(self.server.log())
        return result

    def fails(self, module: str = "vbo_job", **options: t.Any) -> Result:
        """Run a task that must fail without a write, also in check mode; return the result."""
        self.server.forget()
        predicted = self.raw(module, check=True, **options)
        result = self.raw(module, **options)
        assert result.get("failed"), result
        assert self.server.counts()["writes"] == 0, self.server.writes()
        self._compare(predicted, result)
        return result

    @staticmethod
    def _compare(predicted: Result, result: Result) -> None:
        for key in PREDICTED:
            assert predicted.get(key) == result.get(key), f"check mode predicted another {key}"

    def twice(self, module: str = "vbo_job", **options: t.Any) -> Result:
        """Run a task that must report a change first and none the second time; return the first result."""
        first = self.run(module, **options)
        assert first["changed"], first
        writes = self.server.writes()
        second = self.run(module, **options)
        assert not second["changed"], second["changes"]
        assert second["action"] == "none"
        assert self.server.writes() == []
        first["writes"] = writes
        return first

    def twice_bulk(self, jobs: list[dict[str, t.Any]], **options: t.Any) -> Result:
        """Apply a list of jobs that must report changes first and none the second time; return the first result."""
        first = self.run("vbo_jobs", jobs=jobs, **options)
        assert first["changed"], first["jobs"]
        second = self.run("vbo_jobs", jobs=jobs, **options)
        assert not second["changed"], second["jobs"]
        assert self.server.writes() == []
        return first
