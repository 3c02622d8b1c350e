# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""Client of the REST API of one server: version, token, paging and C(read_only). It knows nothing about jobs."""

from __future__ import annotations

import contextlib
import json
import threading
import typing as t

from .._errors import AuthFailed, ConnectionFailed, LostAnswer, NotFound, ReadOnly, malformed
from .._types import Data, Raw
from ._answers import what_is_wrong
from ._broken import READS
from ._http import Reply, Transport, raise_for, server_text
from ._settings import TOKEN, Settings
from ._versions import NUMBERS, VERSIONS, ApiVersion

LOGOUT_PATIENCE = 5.0  # seconds; a logout must not delay the end of a task
MAX_PAGES = 10_000  # of one list; the shortest pages have thirty entries
MAX_STEPS_BACK = 20  # while a list is read that others change
PAGE_SIZE = 1000  # the maximum is 10,000, the default 30 (REST API reference, "Pagination")


def _silent(text: str) -> None:
    del text


class Client:
    """A session with one server: it logs in with the first request that needs it, and logs out in :meth:`close`.

    :arg read_only: let only reads and the token calls out
    :arg announce: called with the text of a warning
    :arg debug: called with one line for each request
    """

    def __init__(
        self,
        settings: Settings,
        *,
        read_only: bool = False,
        announce: t.Callable[[str], None] = _silent,
        debug: t.Callable[[str], None] = _silent,
    ) -> None:
        self.settings = settings
        self.read_only = read_only
        self.cache: dict[str, t.Any] = {}  # data that resources cache for this session
        self.lock = threading.RLock()  # held while the cache or the token is filled, so that both are requested once
        self._transport = Transport(settings, announce, debug)
        self._version = VERSIONS.get(settings.api_version)
        self._token = settings.token
        self._own_token = False
        self._uses = 0  # of the token, including requests in progress
        self._refused_new = False  # whether the token was refused from its first use on
        self.tokens: set[str] = set()  # all that this session has got; a server may repeat them in its answers

    def report_to(self, announce: t.Callable[[str], None], debug: t.Callable[[str], None]) -> None:
        """Send warnings and debug messages to another task, because a session can outlive the task that opened it."""
        self._transport.announce, self._transport.debug = announce, debug

    def close(self) -> None:
        """Log out if this session logged in and the API version supports it; errors are ignored."""
        if self._own_token and self._version and self._version.has_logout:
            with contextlib.suppress(ConnectionFailed):
                self._transport.send("POST", self._path("token/logout"), token=self._token, patience=LOGOUT_PATIENCE)
        self._own_token, self._token = False, self.settings.token
        self._transport.close()

    # --- version -----------------------------------------------------------------------------------------------------

    @property
    def version(self) -> ApiVersion:
        """The API version in use; V(auto) asks the server once, without credentials, the newest first."""
        with self.lock:
            if self._version is None:
                self._version = self._probe()
            return self._version

    def _probe(self) -> ApiVersion:
        for number in NUMBERS:
            version = VERSIONS[f"v{number}"]
            path = f"/{version.name}/{version.probe_path}"
            reply = self._transport.send("GET", path)
            if reply.status == 401:
                return version
            if reply.status != 404:
                if 300 <= reply.status < 400:
                    raise_for(reply, "GET", path)
                raise ConnectionFailed(
                    "The answer of the server does not list its API versions",
                    advice="Set api_version, for example to v8.",
                    method="GET",
                    path=path,
                    status=reply.status,
                )
        raise ConnectionFailed(
            f"{self.settings.url} serves none of the API versions v{NUMBERS[-1]} to v{NUMBERS[0]}",
            advice="Check url, and that the REST service is running there.",
        )

    def serves(self, version: ApiVersion) -> bool:
        """Whether the server supports an API version.

        It then answers an anonymous request with 401 (observed; not documented).
        """
        return self._transport.send("GET", f"/{version.name}/{version.probe_path}").status in (200, 401, 403)

    def _path(self, resource: str) -> str:
        return f"/{self.version.name}/{resource}"

    # --- token -------------------------------------------------------------------------------------------------------

    def log_in_for_others(self) -> dict[str, t.Any]:
        """Log in and return the server's answer; the token outlives this session."""
        return self._ask_for_token()

    def revoke(self, token: str) -> bool:
        """Revoke a token, and return whether the server still knew it; only for API versions that support it."""
        path = self._path("token/logout")
        reply = self._transport.send("POST", path, token=token)
        if reply.status != 401:
            raise_for(reply, "POST", path)
        return reply.status != 401

    def _log_in(self) -> None:
        self._token, self._own_token = self._ask_for_token()["access_token"], True
        self._uses, self._refused_new = 0, False
        self.tokens.add(self._token)

    def _ask_for_token(self) -> dict[str, t.Any]:
        settings = self.settings
        form = {"grant_type": "password", "username": settings.username or "", "password": settings.password or ""}
        if self.version.has_antiforgery:
            form["disable_antiforgery_token"] = "true"
        path = self._path("token")
        reply = self._transport.send("POST", path, form=form, repeatable=True)
        facts: dict[str, t.Any] = {"method": "POST", "path": path, "status": reply.status}
        if reply.status == 404:
            raise NotFound(
                f"The server does not serve API {self.version.name}",
                advice="Set api_version: auto to use a version that it has.",
                **facts,
            )
        if reply.status in (400, 401, 403):
            message, code = server_text(reply)
            raise AuthFailed(
                f"The server refused the login of '{settings.username}': {message or 'it gave no reason'}",
                advice=f"Check username (DOMAIN\\user or user@domain) and password{_ends(settings.password or '')}.",
                code=code,
                **facts,
            )
        raise_for(reply, "POST", path)
        token = reply.body.get("access_token") if isinstance(reply.body, dict) else None
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            raise ConnectionFailed("The answer to the login contains no token", **facts)
        return t.cast(Raw, reply.body)

    # --- requests ----------------------------------------------------------------------------------------------------

    def request(
        self,
        method: str,
        resource: str,
        *,
        query: dict[str, t.Any] | None = None,
        body: t.Any = None,
        slow: float = 0.0,
    ) -> t.Any:
        """Send one request below the version's path and return the parsed body.

        :arg slow: seconds that the answer may take, where these are more than the setting
        :raises ReadOnly: for a write when the client is read-only; nothing is sent
        :raises VboError: for every answer that is no success
        """
        path = self._path(resource)
        if method not in READS and self.read_only:
            raise ReadOnly(
                "only reads are allowed here (read_only, or check mode), so the request was not sent",
                method=method,
                path=path,
            )
        reply = self._authorised(method, path, query, body, slow)
        raise_for(reply, method, path)
        wrong = what_is_wrong(resource, reply.body) if method in READS else ""
        if wrong:
            raise malformed(wrong, method=method, path=path, status=reply.status)
        return t.cast(Raw, reply.body)

    def _authorised(self, method: str, path: str, query: t.Any, body: t.Any, slow: float = 0.0) -> Reply:
        """Send a request with a token; if it has expired, get a new one, once for all threads, and send again."""

        def attempt() -> tuple[str | None, Reply]:
            token = self._take_token()
            answer = self._transport.send(method, path, query=query, body=body, token=token, slow=slow)
            if answer.status != 401:
                self._refused_new = False
            return token, answer

        token, reply = attempt()
        if reply.status == 401 and self._renew(token):
            if method == "POST":  # not safe to repeat; the caller checks whether it took place
                lost = LostAnswer("The session had expired", method=method, path=path, status=401)
                lost.alone = self.lock  # or other threads could use up the new token before it is sent again
                raise lost
            token, reply = attempt()
        if reply.status == 401:
            # Other threads may have used up the new token as well. Now they wait until this request is through.
            with self.lock:
                while reply.status == 401 and self._renew(token):
                    token, reply = attempt()
        if reply.status == 401:
            message, code = server_text(reply)
            advice = (
                "The account may lack the right." if self._own_token else "The token may have expired; get a new one."
            )
            raise AuthFailed(
                message or "The server does not accept the token",
                advice=advice,
                method=method,
                path=path,
                status=401,
                code=code,
            )
        return reply

    def _take_token(self) -> str | None:
        with self.lock:
            if self._token is None:
                self._log_in()
            self._uses += 1
            return self._token

    def _renew(self, refused: str | None) -> bool:
        """Replace the rejected token; return false if a new one would not help."""
        with self.lock:
            if not self._own_token:
                return False
            if self._token == refused:
                # The server rejects new tokens too, so the next request would fail as well.
                self._refused_new = self._refused_new or self._uses == 1
                if self._refused_new:
                    return False
                self._log_in()
            return True

    def get(self, resource: str, query: Data | None = None) -> Raw:
        """Read one object; raise NotFound if it does not exist."""
        return t.cast(Raw, self.request("GET", resource, query=query))

    def find(self, resource: str, query: Data | None = None) -> Raw | None:
        """Read one object; return None if it does not exist."""
        try:
            return self.get(resource, query)
        except NotFound:
            return None

    def list(
        self, resource: str, query: dict[str, t.Any] | None = None, may_be_null: bool = False
    ) -> t.Iterator[dict[str, t.Any]]:
        """Read all objects of a collection, whether it is an array or has pages.

        Pages are requested by offset; links are not followed because they can lead to another API version (observed;
        not documented). An object that moves to a later page while the list is read is yielded once. That none moves to
        an earlier page unseen is made sure of: each page begins with the last object of the one before, and when it
        does not, the list is read from further in front.

        :arg may_be_null: whether null, in place of the list or of its entries, is a list without entries
        """
        offset, asked = 0, dict(query or {})
        seen: set[t.Any] = set()
        paged = self.version.pages(resource)
        longest, overlap, left = 0, 0, MAX_STEPS_BACK
        for _unused in range(MAX_PAGES):
            page = self.request(
                "GET", resource, query={**asked, "limit": PAGE_SIZE, "offset": offset} if paged or offset else asked
            )
            results, more = _page(page, resource, may_be_null)
            keys = [_identity(entry) for entry in results]
            longest = max(longest, len(keys))
            unknown = seen.isdisjoint(keys)
            new = [entry for entry, key in zip(results, keys) if key not in seen]
            seen.update(keys)
            yield from new
            moved = bool(overlap) and unknown
            if not moved and (not more or (not new and left == MAX_STEPS_BACK)):
                return
            if not left:
                raise ConnectionFailed(
                    "The list kept changing while it was read",
                    advice="Run the task again when fewer changes are made on the server.",
                    method="GET",
                    path=self._path(resource),
                )
            left -= int(moved or not new)
            if moved:
                offset, overlap = max(0, offset - longest), int(offset > longest)
                continue
            if page.get("setId"):
                asked["setId"] = page["setId"]  # a list that the server keeps as it was
            overlap = int(len(keys) > 1 and "setId" not in asked and bool(results[-1].get("id")))
            offset += len(keys) - overlap
        raise ConnectionFailed(
            f"The list does not end within {MAX_PAGES} pages", method="GET", path=self._path(resource)
        )


def _ends(password: str) -> str:
    """Return a hint about spaces or line breaks at the ends of a password; the password itself is sent unchanged."""
    if password.endswith(("\n", "\r")):
        return "; the password ends with a line break (if it is read from a file, apply the filter trim)"
    return "; the password begins or ends with a space" if password != password.strip() else ""


def _identity(entry: dict[str, t.Any]) -> t.Any:
    return entry.get("id") or json.dumps(entry, sort_keys=True)


def _page(page: t.Any, resource: str, may_be_null: bool) -> tuple[list[dict[str, t.Any]], bool]:
    """Return the entries of a page, and whether another page may follow."""
    results = page.get("results") if isinstance(page, dict) else page
    if results is None and may_be_null and (page is None or "results" in page):
        return [], False
    if not isinstance(results, list) or not all(isinstance(entry, dict) for entry in results):
        raise ConnectionFailed("The answer is not a list of objects", method="GET", path=resource)
    if not isinstance(page, dict):
        return results, False
    # A server may return shorter pages than requested, so its own limit counts, and a next link always means more.
    limit = page.get("limit") or len(results)
    return results, bool(results) and (len(results) >= limit or bool((page.get("_links") or {}).get("next")))
