# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small proxy that opens tunnels, or rejects them like company proxies."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
import typing as t

OPEN = "open"
#: answer with this status line, or without one: close the connection, or send nothing for a while
CUT, SILENT = "cut", "silent"


class Proxy:
    """A proxy on a port of its own; a context manager.

    :arg answers: what becomes of each CONNECT, the last one for ever: C(open), C(cut), C(silent), or a status line
    """

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers or (OPEN,))
        self.seen: list[str] = []
        self._stopped = threading.Event()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Proxy:
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                head = b""
                while b"\r\n\r\n" not in head:
                    more = self.request.recv(4096)
                    if not more:
                        return
                    head += more
                    if not head.isascii():  # TLS, which this proxy does not speak
                        self.request.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                        return
                outer._answer(self.request, head.decode("latin-1"))

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, client: t.Any, head: str) -> None:
        line = head.splitlines()[0]
        self.seen.append(line)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer == SILENT:
            self._stopped.wait(30)
        if answer in (CUT, SILENT):
            return
        if answer != OPEN:
            client.sendall(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            return
        host, _colon, port = line.split()[1].rpartition(":")
        with socket.create_connection((host, int(port))) as server:
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_copy, args=(server, client), daemon=True)
            back.start()
            _copy(client, server)
            back.join()


def _copy(source: t.Any, target: t.Any) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            target.sendall(piece)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
