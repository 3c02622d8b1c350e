# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tells the stories on the sandbox, and checks every step: ``python tools/demo`` or ``python -m tools.demo``.

What a step has shown is taken from what the tasks returned and from what the servers logged and hold, not from the
screen.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from pathlib import Path


def main() -> int:
    """Tell the stories; 0 if all was as it should be."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from tools.demo.first_job import FirstJob
    from tools.demo.fleet import Fleet
    from tools.demo.review import Review
    from tools.demo.stage import Telling, temporary_folder

    parser = argparse.ArgumentParser(prog="demo", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--report",
        type=Path,
        default=Path(os.environ.get("VBO365_BUILD") or tempfile.gettempdir()) / "demo-reports",
        help="folder for the reports, which stay (default: %(default)s)",
    )
    report = parser.parse_args().report.resolve()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.default_int_handler)
    begin = time.monotonic()
    telling = Telling()
    try:
        with temporary_folder() as folder:
            print("backupops.vbo365: backup jobs as code. The playbooks are in examples/first_job.")
            telling.tell(FirstJob(folder / "first").story())
            if not telling.broken:
                print("\nFrom here on: many servers. The data are in examples/fleet, the playbooks in the collection.")
                fleet = Fleet(folder / "fleet", report)
                telling.tell([*fleet.story(), *Review(fleet).story()])
            fine = telling.summary()
        if fine:
            print("\nThe pages are there to be looked at:")
            for page in ("drift/drift", "lint/lint", "plan/plan", "week-before/calendar", "week-after/calendar"):
                print(f"  {report / page}.html")
    except KeyboardInterrupt:
        print("\nInterrupted; the sandbox is stopped and its files are removed.", file=sys.stderr)
        return 130
    seconds = time.monotonic() - begin
    print(
        f"\n{'Everything as it should be' if fine else 'Something was not as it should be'}, in {seconds:.0f} seconds."
    )
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
