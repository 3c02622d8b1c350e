# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A private CA, a certificate for the loopback names, and optional certificates that clients must reject."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import trustme

#: value of the setting ``tls`` of a server: file with the key and certificate
FILES = {
    "trusted": "server.pem",
    "expired": "server_expired.pem",
    "other_host": "server_other_host.pem",
    "self_signed": "server_self_signed.pem",
}
OTHER_HOST = "elsewhere.example.com"


class Issuer:
    """Issues the certificates that the servers of a process need, each once."""

    def __init__(self, directory: Path, names: list[str]) -> None:
        self.directory = directory
        self.names = names
        self.authority = directory / "ca.pem"
        self._ca = trustme.CA()
        self._ca.cert_pem.write_to_path(str(self.authority))
        self._made: dict[str, Path] = {}

    def certificate(self, kind: str) -> Path:
        """Return the file with key and certificate for a value of ``tls``, and create it if needed."""
        if kind not in self._made:
            self._made[kind] = self.directory / FILES[kind]
            _write(self._made[kind], self._pem(kind))
        return self._made[kind]

    def _pem(self, kind: str) -> bytes:
        if kind == "self_signed":
            alone = trustme.CA()
            return alone.private_key_pem.bytes() + alone.cert_pem.bytes()
        names = [OTHER_HOST] if kind == "other_host" else self.names
        end = datetime.now(timezone.utc) - timedelta(days=1) if kind == "expired" else None
        issued = self._ca.issue_cert(*names, not_after=end)
        return issued.private_key_and_cert_chain_pem.bytes()


def _write(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)  # an old file would keep its permissions
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
