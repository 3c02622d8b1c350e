# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Start the sandbox: ``python -m vbo_sandbox --directory DIR [--settings FILE.yml]``."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path

from .loader import DataError
from .process.background import NotStarted, start
from .process.serve import DirectoryError, prepare, run
from .store.settings import read_settings


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and run the sandbox."""
    parser = argparse.ArgumentParser(prog="vbo_sandbox", description=__doc__)
    parser.add_argument(
        "--directory", type=Path, required=True, help="directory for ca.pem, servers.json, pid and the log"
    )
    parser.add_argument("--settings", type=Path, help="settings file (YAML)")
    parser.add_argument(
        "--background", type=Path, metavar="LOG", help="start in the background; the output goes to this file"
    )
    parser.add_argument("--timeout", type=float, default=30, help="seconds to wait with --background (default: 30)")
    options = parser.parse_args(arguments)
    directory = options.directory.resolve()
    if options.background:
        return in_background(options, directory)
    os.umask(0o077)  # only this user may read the keys, the log and the process id
    try:
        settings = read_settings(options.settings.resolve() if options.settings else None)
        prepare(directory)
        logging.basicConfig(
            filename=directory / "sandbox.log", level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s"
        )
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
        run(directory, settings)
    except (DataError, DirectoryError, OSError) as error:
        print(f"vbo_sandbox: {error}", file=sys.stderr)
        return 1
    return 0


def in_background(options: argparse.Namespace, directory: Path) -> int:
    """Start the sandbox in the background, and return the exit status."""
    arguments = ["--directory", str(directory)]
    if options.settings:
        arguments += ["--settings", str(options.settings.resolve())]
    try:
        start(arguments, options.background, directory, options.timeout)
    except (NotStarted, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
