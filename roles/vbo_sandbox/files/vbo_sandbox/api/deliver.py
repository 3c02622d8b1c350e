# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Delivery of responses: normally complete, or as a fault rule says."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from ..faults.rules import Action
from .web import Reply

try:
    import orjson
except ImportError:  # optional: the standard library is slower
    orjson = None

JSON = "application/json; charset=utf-8"
CHUNK = 1 << 16
TICKS = 20  # parts per second of a slow response


def encode(body: Any) -> bytes:
    """Return a body as JSON."""
    if orjson is not None:
        return orjson.dumps(body)
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


async def deliver(reply: Reply, fault: Action, scope: Scope, receive: Receive, send: Send) -> None:
    """Send the response to a request to which a fault rule applies."""
    if fault.delay_answer:
        await asyncio.sleep(fault.delay_answer)
    if fault.reset_after:
        cut(receive)
    elif fault.truncate:
        await _send_half(response(reply), receive, send)
    elif fault.size is not None:
        await _send_huge(fault.size, send)
    elif fault.bytes_per_second:
        await _send_slowly(response(reply), fault.bytes_per_second, send)
    else:
        answer = response(reply)
        if fault.cut_text:
            half = bytes(answer.body)[: len(answer.body) // 2]
            answer = Response(half, answer.status_code, reply.headers, JSON)
        await answer(scope, receive, send)


def response(reply: Reply) -> Response:
    """Return the complete HTTP response."""
    if reply.body is None:
        return Response(status_code=reply.status, headers=reply.headers)
    content = reply.body if isinstance(reply.body, bytes) else encode(reply.body)
    return Response(content, reply.status, reply.headers, JSON)


def cut(receive: Receive) -> None:
    """Abort the connection of a request; the client sees a reset."""
    cycle: Any = getattr(receive, "__self__", None)
    transport = getattr(cycle, "transport", None)
    if transport is None:  # pragma: no cover - not running under uvicorn
        raise RuntimeError("this HTTP server does not let connections be cut")
    transport.abort()


def _start(answer: Response) -> Message:
    return {"type": "http.response.start", "status": answer.status_code, "headers": answer.raw_headers}


def _part(content: bytes, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": content, "more_body": more}


async def _send_half(answer: Response, receive: Receive, send: Send) -> None:
    """Send the headers of the complete response and half of its body, then abort the connection."""
    content = bytes(answer.body)
    await send(_start(answer))
    await send(_part(content[: len(content) // 2]))
    await asyncio.sleep(0.02)
    cut(receive)


async def _send_slowly(answer: Response, rate: int, send: Send) -> None:
    """Send the response in small parts at *rate* bytes per second."""
    content = bytes(answer.body)
    size = max(1, rate // TICKS)
    await send(_start(answer))
    for begin in range(0, len(content), size):
        await asyncio.sleep(size / rate)
        await send(_part(content[begin : begin + size]))
    await send(_part(b"", more=False))


async def _send_huge(size: int, send: Send) -> None:
    """Send a JSON list with one long string, without holding it in memory."""
    head, tail, filler = b'["', b'"]', b"x" * CHUNK
    left = max(0, size - len(head) - len(tail))
    length = str(left + len(head) + len(tail)).encode()
    headers = [(b"content-type", JSON.encode()), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send(_part(head))
    while left:
        part = filler[:left]
        left -= len(part)
        await send(_part(part))
    await send(_part(tail, more=False))
