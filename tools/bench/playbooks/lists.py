# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The minimum for many jobs: log in, read what vbo_jobs reads, log out; no comparison, no check, no error handling."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import requests

PAGE = 1000


def read(host: dict[str, str]) -> None:
    """Send the requests to one server that vbo_jobs sends if there is nothing to change."""
    base = f"{host['bench_url']}/{host['bench_version']}/"
    session = requests.Session()
    session.trust_env = False
    session.verify = host["bench_ca_path"]
    form = {"grant_type": "password", "username": host["bench_username"], "password": host["bench_password"]}
    login = session.post(base + "token", data={**form, "disable_antiforgery_token": "true"}, timeout=60).json()
    session.headers["Authorization"] = f"Bearer {login['access_token']}"
    for collection in ("Organizations?extendedView=false", "Jobs", "BackupRepositories"):
        offset, size = 0, PAGE
        while size == PAGE:
            page = session.get(base + collection, params={"limit": PAGE, "offset": offset}, timeout=60).json()
            size = len(page["results"])
            offset += size
    session.post(base + "token/logout", timeout=60)


if __name__ == "__main__":
    read(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["all"]["hosts"]["localhost"])
