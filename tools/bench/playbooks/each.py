# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The minimum for a loop over jobs: log in, read one job after another, log out."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import requests

host = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["all"]["hosts"]["localhost"]
count = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))["bench_count"]
base = f"{host['bench_url']}/{host['bench_version']}/"
session = requests.Session()
session.trust_env = False
session.verify = host["bench_ca_path"]
form = {"grant_type": "password", "username": host["bench_username"], "password": host["bench_password"]}
login = session.post(base + "token", data={**form, "disable_antiforgery_token": "true"}, timeout=60).json()
session.headers["Authorization"] = f"Bearer {login['access_token']}"
for job in host["bench_jobs"][:count]:
    session.get(f"{base}Jobs/{job['id']}", timeout=60).json()
session.post(base + "token/logout", timeout=60)
