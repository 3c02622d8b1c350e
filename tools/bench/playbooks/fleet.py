# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The minimum for a fleet: the requests of lists.py to all servers of the inventory, ten at a time."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lists import read  # type: ignore[import-not-found]

THREADS = 10

if __name__ == "__main__":
    hosts = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["all"]["hosts"]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(read, hosts.values()))
