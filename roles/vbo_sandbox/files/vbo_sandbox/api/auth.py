# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Login and logout with password and refresh grants, and authentication of requests."""

from __future__ import annotations

import hmac
import json
import secrets
import time
from datetime import datetime, timedelta, timezone
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl

from ..store.journal import READ_METHODS
from ..store.tokens import Token
from .web import ApiError, Context, Reply, Route

GRANTS = ("password", "refresh_token")
#: The product's names have not been observed; these are the defaults of its web framework.
COOKIE, HEADER = "XSRF-TOKEN", "x-xsrf-token"


def bearer(headers: dict[str, str]) -> str | None:
    """Return the token of the Authorization header."""
    scheme, _blank, value = headers.get("authorization", "").partition(" ")
    return value.strip() if scheme.lower() == "bearer" and value.strip() else None


def proven(ctx: Context, token: Token) -> bool:
    """Return whether a request carries the antiforgery token of its access token; only v8 requires one."""
    if ctx.version.number < 8 or not token.antiforgery or not ctx.server.switches.antiforgery_required:
        return True
    try:
        cookie = SimpleCookie(ctx.headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        cookie = None
    given = (cookie.value if cookie else "", ctx.headers.get(HEADER, ""))
    return given == (token.antiforgery, token.antiforgery)


def authenticate(ctx: Context) -> Token:
    """Validate the tokens of a request."""
    value = bearer(ctx.headers)
    token = ctx.server.tokens.check(value, ctx.server.switches.token_requests) if value else None
    if token is None:
        if ctx.version.number >= 6:
            raise ApiError(401)
        raise ApiError(401, "Authorization has been denied for this request.")
    if ctx.method not in READ_METHODS and not proven(ctx, token):
        raise ApiError(400, f"The antiforgery token is missing: send it as cookie {COOKIE} and as header {HEADER}.")
    return token


def refuse(ctx: Context, error: str, text: str) -> ApiError:
    """Return the error response to a token request, in the format of the version."""
    failure = ApiError(400, text, "HttpError")
    if ctx.version.number <= 5:
        failure.oauth = error  # type: ignore[attr-defined]
    return failure


def token_fields(ctx: Context) -> dict[str, Any]:
    """Return the fields of a token request, sent as a form or, from v6 on, as JSON."""
    kind = ctx.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/json" and ctx.version.number >= 6:
        try:
            fields = json.loads(ctx.raw_body)
        except ValueError:
            fields = None
        if not isinstance(fields, dict):
            raise refuse(ctx, "invalid_request", "The token request is not a JSON object.")
        return fields
    if kind != "application/x-www-form-urlencoded":
        raise refuse(ctx, "invalid_request", "The content type of the token request is not supported.")
    try:
        return dict(parse_qsl(ctx.raw_body.decode("utf-8"), keep_blank_values=True))
    except UnicodeDecodeError:
        raise refuse(ctx, "invalid_request", "The token request is not valid UTF-8.") from None


def token(ctx: Context) -> Reply:
    """Issue tokens for a password or refresh grant."""
    server = ctx.server
    fields = token_fields(ctx)
    grant = fields.get("grant_type")
    if grant not in GRANTS:
        raise refuse(ctx, "unsupported_grant_type", f"The grant type '{grant}' is not supported.")
    wanted = str(fields.get("disable_antiforgery_token", "")).lower() != "true"
    antiforgery = secrets.token_urlsafe(48) if ctx.version.number >= 8 and wanted else ""
    if grant == "password":
        user, password = str(fields.get("username", "")), str(fields.get("password", ""))
        settings = server.settings
        good = hmac.compare_digest(user.lower().encode(), settings.username.lower().encode())
        if not hmac.compare_digest(password.encode(), settings.password.encode()) or not good:
            raise refuse(ctx, "invalid_grant", "The user name or password is incorrect.")
        user = settings.username
    else:
        old = server.tokens.refresh.get(str(fields.get("refresh_token", "")))
        if old is None or old.expires <= time.time():
            raise refuse(ctx, "invalid_grant", "The refresh token is not valid or has expired.")
        if not proven(ctx, old):
            raise refuse(ctx, "invalid_grant", "The antiforgery token is missing.")
        del server.tokens.refresh[str(fields["refresh_token"])]
        user = old.user
    lifetime = server.switches.token_lifetime
    access, refresh = server.tokens.issue(user, antiforgery, lifetime, server.switches.refresh_lifetime)
    issued = datetime.now(timezone.utc).replace(microsecond=0)
    expires = issued + timedelta(seconds=lifetime)
    pattern = "%Y-%m-%dT%H:%M:%SZ" if ctx.version.number >= 6 else "%a, %d %b %Y %H:%M:%S GMT"
    body = {
        "access_token": access,
        "token_type": "bearer",
        "expires_in": lifetime,
        "refresh_token": refresh,
        "userName": user,
        ".issued": issued.strftime(pattern),
        ".expires": expires.strftime(pattern),
    }
    headers = {"Set-Cookie": f"{COOKIE}={antiforgery}; Path=/; Secure; SameSite=Strict"} if antiforgery else {}
    return Reply(200, body, headers)


def logout(ctx: Context) -> Reply:
    """Revoke the token of this request."""
    ctx.server.tokens.revoke(bearer(ctx.headers) or "")
    return Reply(204 if ctx.version.number >= 8 else 200)


def auth_code(ctx: Context) -> Reply:
    """Issue a one-time authorization code."""
    return Reply(200, {"authCode": secrets.token_urlsafe(24)})


#: the routes of this module
ROUTES = (
    Route("POST", "token", token, anonymous=True),
    Route("POST", "token/logout", logout, since=7),
    Route("POST", "token/AuthCode", auth_code, since=7),
)
