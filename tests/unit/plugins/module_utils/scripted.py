# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A tiny server with scripted answers, for answers that the sandbox never gives."""

from __future__ import annotations

import dataclasses
import http.server
import json
import socket
import struct
import threading
import typing as t

JSON = "application/json; charset=utf-8"


@dataclasses.dataclass
class Answer:
    """One answer.

    :arg body: bytes, or anything else as JSON
    :arg length: the announced length when it is not the body's own; the connection is closed after the body
    :arg reset: read the request and cut the connection without an answer
    :arg delay: wait so many seconds, or until the server stops
    """

    status: int = 200
    body: t.Any = b""
    kind: str = JSON
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    length: int | None = None
    reset: bool = False
    delay: float = 0.0

    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclasses.dataclass
class Seen:
    """One request as it arrived."""

    method: str
    path: str
    headers: t.Any
    body: bytes


RESET = Answer(reset=True)
TOKEN = Answer(body={"access_token": "token-1", "token_type": "bearer", "expires_in": 3600})


class Scripted:
    """Plain HTTP on a port of its own; a context manager.

    Requests take the answers of the script one after another, the last one for ever. Answers of C(routes) go first:
    they stand for a path and are not used up.
    """

    def __init__(
        self, *script: Answer, routes: t.Mapping[str, t.Callable[[Seen], Answer] | Answer] | None = None
    ) -> None:
        self.script = list(script)
        self.routes = dict(routes or {})
        self.seen: list[Seen] = []
        self._stopped = threading.Event()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def paths(self) -> list[str]:
        """The requests so far as method and path."""
        return [f"{entry.method} {entry.path}" for entry in self.seen]

    def __enter__(self) -> Scripted:
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # otherwise each body would wait until the headers are acknowledged

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:
                    self.close_connection = True

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer._answer(self, Seen(self.command, self.path, self.headers, body))

            do_GET = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, format: str, *args: t.Any) -> None:
                del format, args

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _route(self, path: str) -> t.Callable[[Seen], Answer] | Answer | None:
        return self.routes.get(path)

    def _answer(self, handler: t.Any, request: Seen) -> None:
        with self._lock:
            self.seen.append(request)
            route = self._route(request.path.split("?")[0])
            if route is not None:
                answer = route(request) if callable(route) else route
            else:
                answer = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if answer.delay:
            self._stopped.wait(answer.delay)
        if answer.reset:
            # no lingering: the client sees a reset, not an orderly end
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.close_connection = True
            handler.connection.close()
            return
        content = answer.content()
        handler.send_response(answer.status)
        handler.send_header("Content-Type", answer.kind)
        handler.send_header("Content-Length", str(len(content) if answer.length is None else answer.length))
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)
        if answer.length is not None:
            handler.wfile.flush()
            handler.close_connection = True
