# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The request log of one server, without secrets."""

from __future__ import annotations

import time
from collections import Counter
from datetime import datetime, timezone
from typing import Any

READ_METHODS = ("GET", "HEAD", "OPTIONS")
LIMIT = 100_000
#: request properties that hold secrets, in lower case; the log keeps their names, not their values
SECRETS = (
    "password",
    "oldpassword",
    "newpassword",
    "userpassword",
    "accountpassword",
    "rootpassword",
    "serviceaccountpassword",
    "applicationcertificate",
    "applicationcertificatepassword",
    "applicationsecret",
    "clientsecret",
    "usercode",
    "code",
    "privatekeybase64",
    "privatekeypassphrase",
    "licensefile",
)
HIDDEN = "(secret)"


def without_secrets(body: Any) -> Any:
    """Return a copy of a body with secrets masked at every level."""
    if isinstance(body, dict):
        return {
            key: HIDDEN if key.lower() in SECRETS and isinstance(value, str) else without_secrets(value)
            for key, value in body.items()
        }
    return [without_secrets(value) for value in body] if isinstance(body, list) else body


class Journal:
    """Recorder and counter of requests."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Delete all records and counters."""
        self.entries: list[dict[str, Any]] = []
        self.counts: Counter[str] = Counter()
        self.by_route: Counter[str] = Counter()
        self.serial = 0
        self.faults = 0

    def record(
        self,
        *,
        method: str,
        path: str,
        query: str,
        status: int,
        started: float,
        version: str | None,
        route: str | None,
        kind: str,
        body: Any,
        response: Any,
    ) -> None:
        """Record one request; *kind* is read, write, login, refresh, logout or probe."""
        self.serial += 1
        token_call = kind in ("login", "refresh", "logout")
        entry = {
            "n": self.serial,
            "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds"),
            "method": method,
            "path": path,
            "query": query,
            "status": status,
            "ms": round((time.perf_counter() - started) * 1000, 2),
            "version": version,
            "write": kind == "write",
            "token_call": token_call,
        }
        if not token_call:
            entry["body"] = without_secrets(body)
            if response is not None:
                entry["response"] = response
        if len(self.entries) < LIMIT:
            self.entries.append(entry)
        self.counts[kind] += 1
        if route:
            self.by_route[f"{method} /{route}"] += 1

    def summary(self) -> dict[str, Any]:
        """Return the counters."""
        counts = self.counts
        return {
            "reads": counts["read"],
            "writes": counts["write"],
            "logins": counts["login"],
            "refreshes": counts["refresh"],
            "logouts": counts["logout"],
            "probes": counts["probe"],
            "total": self.serial,
            "faults": self.faults,
            "by_route": dict(sorted(self.by_route.items())),
        }
