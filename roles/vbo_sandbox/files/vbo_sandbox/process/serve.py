# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run all simulated servers in one process."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import ipaddress
import json
import logging
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn

from ..api.app import Application
from ..store.settings import Settings
from . import certificates

LOG = logging.getLogger("vbo_sandbox")
MARK = ".vbo_sandbox"
OWN_FILES = ("ca.pem", *certificates.FILES.values(), "servers.json", "pid", "sandbox.log")


class DirectoryError(Exception):
    """The directory cannot be used for a sandbox."""


class Listener(uvicorn.Server):
    """A uvicorn server that leaves signal handling to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Do nothing: one handler stops all servers."""
        yield


def prepare(directory: Path) -> None:
    """Create the directory, or check that it belongs to a sandbox and is not in use."""
    directory.mkdir(parents=True, exist_ok=True)
    mark = directory / MARK
    if not mark.exists():
        foreign = [name for name in OWN_FILES if (directory / name).exists()]
        if foreign:
            raise DirectoryError(f"{directory} contains files that no sandbox wrote: {', '.join(foreign)}")
        mark.write_text("This directory belongs to a vbo_sandbox.\n", encoding="utf-8")
    pid = running_pid(directory)
    if pid is not None:
        raise DirectoryError(f"a sandbox with the process id {pid} already uses {directory}")
    (directory / "servers.json").unlink(missing_ok=True)


def running_pid(directory: Path) -> int | None:
    """Return the process id of the sandbox that runs in the directory, or None."""
    try:
        pid = int((directory / "pid").read_text(encoding="utf-8"))
        os.kill(pid, 0)
    except (OSError, ValueError):
        return None
    command = Path(f"/proc/{pid}/cmdline")
    if command.exists() and b"vbo_sandbox" not in command.read_bytes():
        return None
    return pid if pid != os.getpid() else None


def write_atomically(path: Path, text: str) -> None:
    """Write a file atomically: readers see the old or the new content, never a part."""
    scratch = path.with_name(path.name + ".new")
    scratch.write_text(text, encoding="utf-8")
    os.replace(scratch, path)


def bound_socket(host: str, port: int, listens: bool = True) -> socket.socket:
    """Return a bound socket; without *listens* it reserves its port and refuses every connection."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With an explicit TCP protocol, asyncio disables Nagle's algorithm, which delays each response by 40 ms.
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise OSError(f"cannot listen on {host}, port {port}: {error.strerror}") from None
    if listens:
        sock.listen(256)
    sock.setblocking(False)
    return sock


def names_for(bind: str) -> list[str]:
    """Return the host names of the certificate."""
    names = ["127.0.0.1", "::1", "localhost"]
    with contextlib.suppress(ValueError):
        if not ipaddress.ip_address(bind).is_unspecified and bind not in names:
            names.append(bind)
    if bind in ("0.0.0.0", "::"):
        names.append(socket.gethostname())
    return names


def run(directory: Path, settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    write_atomically(directory / "pid", f"{os.getpid()}\n")
    try:
        asyncio.run(_serve(directory, settings))
    finally:
        for name in ("pid", "servers.json"):
            (directory / name).unlink(missing_ok=True)


async def _serve(directory: Path, settings: Settings) -> None:
    servers = [Application(settings, own) for own in settings.servers]
    issuer = certificates.Issuer(directory, names_for(settings.bind))
    listeners = []
    silent = []
    tasks = []
    addresses: dict[str, Any] = {}
    shown = settings.bind if settings.bind not in ("0.0.0.0", "::") else "127.0.0.1"
    shown = f"[{shown}]" if ":" in shown else shown
    for server in servers:
        sock = bound_socket(settings.bind, server.own.port, server.own.listens)
        addresses[server.own.name] = {
            "url": f"https://{shown}:{sock.getsockname()[1]}",
            "versions": [f"v{number}" for number in server.own.numbers],
            "ca_path": str(issuer.authority),
            "username": settings.username,
        }
        if not server.own.listens:
            silent.append(sock)
            continue
        certificate = str(issuer.certificate(server.own.tls))
        config = uvicorn.Config(
            server,
            ssl_certfile=certificate,
            ssl_keyfile=certificate,
            lifespan="off",
            access_log=False,
            log_config=None,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=2,
            server_header=False,
            backlog=256,
        )
        listener = Listener(config)
        listeners.append(listener)
        tasks.append(asyncio.create_task(listener.serve(sockets=[sock])))
    gc.collect()
    gc.freeze()  # exclude the large, permanent state from garbage collection
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()

    def stop() -> None:
        LOG.info("Stopping")
        stopped.set()
        for listener in listeners:
            listener.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    while not all(listener.started or task.done() for listener, task in zip(listeners, tasks, strict=False)):
        await asyncio.sleep(0.01)
    write_atomically(directory / "servers.json", json.dumps(addresses, indent=2) + "\n")
    LOG.info("Serving %d server(s)", len(servers))
    try:
        await (asyncio.gather(*tasks) if tasks else stopped.wait())
    finally:
        for sock in silent:
            sock.close()
