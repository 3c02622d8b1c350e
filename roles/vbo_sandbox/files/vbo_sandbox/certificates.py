# SPDX-License-Identifier: GPL-3.0-or-later
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A private authority and a certificate for the loopback names."""

from __future__ import annotations

import os
from pathlib import Path

import trustme


def make(directory: Path, names: list[str]) -> tuple[Path, Path]:
    """Write ``ca.pem`` and the server's key and certificate; return the paths of both."""
    authority = trustme.CA()
    issued = authority.issue_cert(*names)
    authority.cert_pem.write_to_path(str(directory / "ca.pem"))
    server = directory / "server.pem"
    handle = os.open(server, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(issued.private_key_and_cert_chain_pem.bytes())
    return directory / "ca.pem", server
