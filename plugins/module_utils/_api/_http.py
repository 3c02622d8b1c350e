# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""HTTPS requests to one server, with retries and translated errors. It knows nothing about tokens and jobs."""

from __future__ import annotations

import dataclasses
import http.client
import json
import os
import re
import time
import traceback
import typing as t
import warnings
from urllib.parse import urlsplit

from .._errors import Conflict, ConnectionFailed, LostAnswer, NotFound, Rejected, ServerError, VboError
from .._types import Data
from ._broken import GATEWAY, READS, Journey, connection_error, refused
from ._route import authorities, proxy_for
from ._settings import Settings, spellings

try:
    import requests
    from requests.adapters import Retry
    from urllib3.exceptions import HTTPError, InsecureRequestWarning
except ImportError:
    requests = None  # type: ignore[assignment]
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

#: the exceptions that the library and its dependencies can raise for a request
FAILURES: tuple[type[Exception], ...] = (OSError, ValueError, http.client.HTTPException)
if requests is not None:
    FAILURES += (requests.exceptions.RequestException, HTTPError)

MAX_BODY = 64 * 1024 * 1024  # bytes; ten thousand jobs with windows need about a quarter of it
MAX_LEVELS = 50  # of objects and lists in an answer; the API needs about eight
SLOWEST = 10  # times the timeout: how long an answer may trickle in
MAX_PAUSE, MIN_PAUSE = 60.0, 1.0  # seconds between repetitions that the server requested


@dataclasses.dataclass(frozen=True)
class Reply:
    """An answer of the server: status and parsed body (None when there was none)."""

    status: int
    body: t.Any


class Transport:
    """Sends requests to one server, and repeats those that are safe to repeat.

    :arg announce: called with a sentence for each repetition
    :arg debug: called with method, path, status and milliseconds of each request, never with bodies or headers
    """

    def __init__(self, settings: Settings, announce: t.Callable[[str], None], debug: t.Callable[[str], None]) -> None:
        self.settings = settings
        self.announce = announce
        self.debug = debug
        self._session = requests.Session()
        self._session.headers.update({"Accept": "application/json"})
        self._policy = Retry(total=settings.retries, backoff_factor=0.5)
        trusted, self._verify = authorities(settings)
        self._journey = Journey(settings, proxy_for(settings.url), trusted, self._verify)
        if not self._verify:
            # Asked for, and since ansible-core 2.19 a process that prints is an error. The filter is for this server.
            host = re.escape(str(urlsplit(settings.url).hostname))
            warnings.filterwarnings("ignore", f".*request is being made to host '{host}'", InsecureRequestWarning)
        self._processes = os.getpid(), os.getppid()

    def close(self) -> None:
        self._session.close()

    def send(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, t.Any] | None = None,
        body: t.Any = None,
        form: dict[str, str] | None = None,
        token: str | None = None,
        repeatable: bool | None = None,
        patience: float | None = None,
        slow: float = 0.0,
    ) -> Reply:
        """Send one request and return its answer, whatever the status.

        :arg patience: seconds to wait for the answer in place of the setting; such a request is never sent again
        :arg slow: the least timeout in seconds, for requests that take the server minutes
        :arg repeatable: whether the request may be sent again after a lost answer or a gateway error; reads are
        :raises ConnectionFailed: without a usable answer, or if Ansible has ended before a write
        :raises LostAnswer: the same for a write that may have been carried out
        """
        repeatable = method in READS if repeatable is None else repeatable
        policy = self._policy
        seconds = patience or max(float(self.settings.timeout), slow)
        while True:
            error, reply, pause = None, None, None
            if not repeatable and self._orphaned():
                raise ConnectionFailed("Ansible has ended, so the request was not sent", method=method, path=path)
            try:
                reply, retry_after = self._once(method, path, query, body, form, token, seconds)
                pause = self._pause_after(reply.status, retry_after, repeatable)
                problem = f"HTTP {reply.status}"
            except ConnectionFailed as failure:
                error, problem = failure, failure.text
                # A write without an answer may have been carried out; one that was never sent may go again.
                if getattr(failure, "transient", False) and (repeatable or not isinstance(failure, LostAnswer)):
                    pause = 0.0
            if pause is None or not policy.total or patience:
                if error is not None:
                    raise error
                return t.cast(Reply, reply)
            policy = policy.increment(method, path, response=None, error=None)
            pause = pause or policy.get_backoff_time() or 0.5
            self.announce(f"{method} {path}: {problem}; trying again in {pause:g} s ({policy.total} more after that).")
            time.sleep(pause)

    def _orphaned(self) -> bool:
        """Whether the process that started this one has ended.

        When Ansible is killed, its workers stay (since ansible-core 2.19 they lead sessions of their own) and finish
        their task; a user who stops a run does not expect further writes.
        """
        process, parent = self._processes
        return os.getpid() == process and os.getppid() != parent

    def _once(
        self,
        method: str,
        path: str,
        query: Data | None,
        body: t.Any,
        form: Data | None,
        token: str | None,
        seconds: float,
    ) -> tuple[Reply, str | None]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        started = time.monotonic()
        try:
            with self._session.request(
                method,
                f"{self.settings.url}{path}",
                params=query,
                json=body,
                data=form,
                headers=headers,
                auth=_as_it_is,  # or a netrc file would replace the token
                timeout=seconds,
                # Given with each request: only then does it win over REQUESTS_CA_BUNDLE.
                verify=self._verify,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = self._read(response, method, path)
                status, kind = response.status_code, response.headers.get("Content-Type", "")
                retry_after = response.headers.get("Retry-After")
        except FAILURES as failure:
            raise connection_error(failure, method, path, self._journey, spellings(token or "")) from failure
        if status == 407:
            raise refused(self._journey, status, method, path)
        self.debug(f"{method} {path} {status} {(time.monotonic() - started) * 1000:.0f} ms")
        return Reply(status, _parsed(content, status, kind, method, path)), retry_after

    def _read(self, response: t.Any, method: str, path: str) -> bytes:
        """Read the complete body, within limits of size and time."""
        response.raw.enforce_content_length = True  # before version 2, urllib3 accepts incomplete answers
        chunks, size, end = [], 0, time.monotonic() + SLOWEST * self.settings.timeout
        failure = ConnectionFailed if method in READS else LostAnswer
        for chunk in _chunks(response):
            size += len(chunk)
            if size > MAX_BODY:
                raise failure(
                    f"The answer is larger than {MAX_BODY >> 20} MiB",
                    advice="The API does not send such answers: check the server and any proxies in between.",
                    method=method,
                    path=path,
                )
            if time.monotonic() > end:
                raise failure(
                    f"The answer of {self.settings.url} is too slow: {size} bytes in "
                    f"{SLOWEST * self.settings.timeout} s",
                    advice="Raise timeout.",
                    method=method,
                    path=path,
                )
            chunks.append(chunk)
        return b"".join(chunks)

    def _pause_after(self, status: int, retry_after: str | None, repeatable: bool) -> float | None:
        """Return the seconds to wait before a retry (0: the default pause), or None for no retry."""
        if status == 429 or (status == 503 and retry_after):
            return min(MAX_PAUSE, max(MIN_PAUSE, _seconds(self._policy, retry_after)))
        return 0.0 if repeatable and status in GATEWAY else None


def raise_for(reply: Reply, method: str, path: str) -> None:
    """Raise the error for an unsuccessful answer; the client handles 401.

    The statuses are taken to mean what they usually mean in HTTP (assumed; not documented).
    """
    if reply.status < 300:
        return
    message, code = server_text(reply)
    facts: dict[str, t.Any] = {"method": method, "path": path, "status": reply.status, "code": code}
    if reply.status < 400:
        raise ConnectionFailed(
            "The server answers with a redirect, which is never followed",
            advice="Give the final address in url.",
            **facts,
        )
    kinds: dict[int, type[VboError]] = {404: NotFound, 409: Conflict}
    if method not in READS:
        kinds.update(dict.fromkeys(GATEWAY, LostAnswer))  # the server behind it may have carried out the request
    kind = kinds.get(reply.status, ServerError if reply.status >= 500 else Rejected)
    raise kind(message or "the server gave no reason", **facts)


def server_text(reply: Reply) -> tuple[str, str | None]:
    """Return message and code of an error answer in any of its known formats.

    From v6 on it has C(message), from v7 on also C(errorCode) (REST API reference, schema "RESTExceptionInfo"). Earlier
    versions also have C(error) and C(error_description) (observed; not documented).
    """
    body = reply.body
    if isinstance(body, dict):
        text = body.get("message") or body.get("error_description") or body.get("error") or ""
        code = body.get("errorCode")
        return str(text), str(code) if code else None
    if isinstance(body, str) and body.strip():
        line = body.strip().splitlines()[0][:200]
        return ("a web page instead of an answer of the API" if line.startswith("<") else line), None
    return "", None


def _parsed(content: bytes, status: int, kind: str, method: str, path: str) -> t.Any:
    if not content.strip():
        return None
    try:
        return _bounded(json.loads(content), b"\\ud" in content.lower())
    except (ValueError, RecursionError):
        text = content[:2000].decode("utf-8", "replace")
        if status >= 300:
            return text
        what = "is cut off or damaged" if "json" in kind.lower() else f"is {kind or 'of unknown type'} instead of JSON"
        failure = ConnectionFailed if method in READS else LostAnswer
        error = failure(f"The answer {what}", method=method, path=path, status=status)
        error.transient = "json" in kind.lower()  # type: ignore[attr-defined]
        raise error from None


def _bounded(value: t.Any, broken: bool) -> t.Any:
    """Replace lone surrogates in a JSON value by question marks, because they cannot be encoded.

    :raises ValueError: when it has more levels than any answer of the API
    """
    level = [value]
    for _unused in range(MAX_LEVELS):
        level = [
            inner
            for thing in level
            for inner in (thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ())
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")) if broken else value
    raise ValueError("too many levels")


def _as_it_is(request: t.Any) -> t.Any:
    return request


def _seconds(policy: t.Any, retry_after: str | None) -> float:
    try:
        return float(policy.parse_retry_after(retry_after)) if retry_after else MIN_PAUSE
    except OverflowError:
        return MAX_PAUSE  # longer than anybody waits; newer versions of urllib3 return an infinite number
    except (HTTPError, ValueError, TypeError):
        return MIN_PAUSE  # an unreadable header is no reason to fail


def _chunks(response: t.Any) -> t.Iterator[bytes]:
    """Read the body in chunks as they arrive, if urllib3 supports it (since 2.1)."""
    read = getattr(response.raw, "read1", None)
    if read is None:
        yield from response.iter_content(1 << 12)
        return
    chunk = read(1 << 16, decode_content=True)
    while chunk:
        yield chunk
        chunk = read(1 << 16, decode_content=True)
