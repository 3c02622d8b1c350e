# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The HTTP application of one server."""

from __future__ import annotations

import json
import re
import time
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from ..faults.rules import Action
from ..store.journal import READ_METHODS
from ..store.server import Server
from . import before, control, deliver, documented, events, past, queries, sessions
from .auth import authenticate, bearer
from .routing import table, variables
from .versions import VERSIONS
from .web import ApiError, Broken, Context, Reply, Route

VERSION_PATH = re.compile(r"^/+v(\d{1,2})(?:/(.*))?$", re.IGNORECASE)


class Application(Server):
    """ASGI application of one server."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        request = Request(scope, receive)
        raw_path = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
        try:
            body = await request.body()
        except ClientDisconnect:
            return  # the client has disconnected
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope["query_string"].decode("latin-1")
        fault = None
        if raw_path.startswith("/_sandbox"):
            reply = control.handle(self, scope["method"], raw_path, query, body)
        else:
            fault = await before.acting(self, scope["method"], raw_path)
            if fault is not None and fault.reset_before:
                deliver.cut(receive)
                return
            await events.wait(self, scope["method"], raw_path, query)
            reply = self.answer(scope["method"], raw_path, query, headers, body, fault)
        if fault is None:
            await deliver.response(reply)(scope, receive, send)
        else:
            await deliver.deliver(reply, fault, scope, receive, send)

    def answer(
        self,
        method: str,
        raw_path: str,
        query: str,
        headers: dict[str, str],
        body: bytes,
        fault: Action | None = None,
    ) -> Reply:
        """Handle an API request and log it."""
        started = time.perf_counter()
        match = VERSION_PATH.match(raw_path)
        number = int(match.group(1)) if match else 0
        entry: Route | None = None
        ctx: Context | None = None
        if match is None or number not in self.numbers:
            reply = Reply(404)
        else:
            path = "/" + raw_path.lstrip("/")  # some clients put two slashes between address and path
            ctx = Context(self, VERSIONS[number], method, path, query, headers, body)
            path = match.group(2) or ""
            if fault is not None and fault.status is not None:
                found = table(number).find(path)
                entry = found[0].get(method) if found else None
                reply = Reply(fault.status, fault.content(bearer(headers) or ""))
            else:
                entry, reply = self.dispatch(ctx, path)
            if fault is not None:
                reply = Reply(reply.status, fault.spoiled(reply.body), {**reply.headers, **fault.present_headers()})
        self.journal.record(
            method=method,
            path=raw_path,
            query=query,
            status=reply.status,
            started=started,
            version=f"v{number}" if ctx else None,
            route=entry.template if entry else None,
            kind=self.kind(method, match.group(2) if match else "", headers, body),
            body=parsed(body) if method not in READ_METHODS else None,
            response=reply.body if self.switches.log_responses and loggable(entry, reply) else None,
        )
        return reply

    def dispatch(self, ctx: Context, path: str) -> tuple[Route | None, Reply]:
        """Find the handler, check access, and convert errors to responses."""
        number = ctx.version.number
        methods, values = table(number).find(path) or ({}, [])
        entry = methods.get(ctx.method) or documented.in_area(number, ctx.method, path)
        if entry is None:
            return None, Reply(405, None, {"Allow": ", ".join(sorted(methods))}) if methods else Reply(404)
        ctx.params = dict(zip(variables(entry.template), values, strict=False))
        try:
            sessions.tick(self)
            if not entry.anonymous:
                ctx.user = authenticate(ctx).user
            if ctx.method in READ_METHODS and entry.served:
                queries.check(ctx, entry)
            return entry, past.answered(entry, ctx)
        except ApiError as error:
            return entry, self.failure(ctx, error)

    def failure(self, ctx: Context, error: ApiError) -> Reply:
        """Return the response for an error, in the format of the version."""
        number = ctx.version.number
        status = error.status
        if isinstance(error, Broken):
            chosen = self.switches.domain_error_status
            if chosen != "auto":
                status = int(chosen)
            elif number >= 8:
                status = 409 if error.conflict else 400
            else:
                status = 500
        if error.message is None:
            return Reply(status)
        oauth = getattr(error, "oauth", None)
        if oauth:
            return Reply(status, {"error": oauth, "error_description": error.message})
        body = {"message": error.message}
        if error.code and (number >= 8 or (number == 7 and error.code == "ProxyOffline")):
            body["errorCode"] = error.code
        return Reply(status, body)

    @staticmethod
    def kind(method: str, path: str | None, headers: dict[str, str], body: bytes) -> str:
        """Return the kind of a request for the counters; a login at a version that is not served is a login too."""
        asked = (path or "").strip("/").lower()
        if method == "POST" and asked.split("/")[0] == "token":
            if asked != "token":
                return "logout" if asked.endswith("logout") else "login"
            return "refresh" if _grant(body) == "refresh_token" else "login"
        if method in READ_METHODS:
            return "read" if "authorization" in headers else "probe"
        return "write"


def _grant(body: bytes) -> str:
    data = parsed(body)
    if isinstance(data, dict):
        return str(data.get("grant_type"))
    return parse_qs(body.decode("latin-1")).get("grant_type", [""])[0]


def loggable(entry: Route | None, reply: Reply) -> bool:
    """Return whether a response may be logged; responses to token requests never are."""
    return not (entry is not None and entry.template.startswith("token")) and not isinstance(reply.body, bytes)


def parsed(body: bytes) -> Any:
    """Return the JSON value of a body, or None."""
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None
