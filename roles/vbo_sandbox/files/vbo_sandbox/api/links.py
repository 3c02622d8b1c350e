# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Links and pages in the format of each version."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from .web import Context, Reply

T = TypeVar("T")

#: resources whose links start with a capital letter in v3 to v5
CAMEL = {"SelectedItems": "selectedItems", "ExcludedItems": "excludedItems"}


def href(ctx: Context, path: str, version: int | None = None) -> str:
    """Return the link to a path such as ``Jobs/<id>/SelectedItems``."""
    prefix = f"v{version or ctx.version.number}"
    if not ctx.version.absolute_links:
        return f"/{prefix}/{path}"
    parts = [CAMEL.get(part) or (part.lower() if part.isalpha() else part) for part in path.split("/")]
    host = ctx.headers.get("host", "localhost")
    return f"https://{host}/{prefix}/{'/'.join(parts)}"


def link(ctx: Context, path: str, version: int | None = None) -> dict[str, str]:
    """Return the link object of a path."""
    return {"href": href(ctx, path, version)}


def listing(
    ctx: Context,
    kind: str,
    entries: Sequence[T],
    render: Callable[[Context, T], Any],
    path: str,
    *,
    cached: bool = False,
) -> Reply:
    """Return a list as an array or a page, depending on its kind and the version."""
    if kind not in ctx.version.paged:
        return Reply(200, [render(ctx, entry) for entry in entries])
    switches = ctx.server.switches
    set_id = None
    if cached:
        set_id, entries = _set(ctx, entries)
    limit = max(1, min(ctx.number("limit", 30) or 30, switches.page_size_max or 30))
    offset = ctx.number("offset", 0)
    results = [render(ctx, entry) for entry in entries[offset : offset + limit]]
    body: dict[str, Any] = {"offset": offset, "limit": limit}
    if set_id:
        body["setId"] = set_id
    if ctx.version.total_count:
        body["totalCount"] = len(entries)
    body["_links"] = _page_links(ctx, path, offset, limit, len(entries), set_id)
    body["results"] = results
    return Reply(200, body)


def _page_links(ctx: Context, path: str, offset: int, limit: int, total: int, set_id: str | None) -> dict[str, Any]:
    own = {"offset", "limit", "setid"}
    kept = [(name, value) for name, value in parse_qsl(ctx.query_string, True) if name.lower() not in own]
    tail = f"&setId={set_id}" if set_id else ""
    tail += "&" + urlencode(kept) if kept else ""

    def page(start: int, version: int | None = None) -> dict[str, str]:
        return {"href": f"{href(ctx, path, version)}?offset={start}&limit={limit}{tail}"}

    links = {"self": page(offset)}
    if offset > 0:
        links["first"] = page(0)
        links["prev"] = page(max(0, offset - limit))
    if offset + limit < total:
        old = ctx.version.number == 8 and ctx.server.switches.v8_next_links_v7
        links["next"] = page(offset + limit, 7 if old else None)
    return links


def _set(ctx: Context, entries: Sequence[Any]) -> tuple[str | None, Sequence[Any]]:
    sets = ctx.server.sets
    wanted = ctx.query.get("setid")
    if wanted and wanted in sets:
        return wanted, sets[wanted]
    if not ctx.server.switches.set_id:
        return None, entries
    made = str(uuid.uuid4())
    while len(sets) >= 100:
        del sets[next(iter(sets))]
    sets[made] = list(entries)
    return made, entries
