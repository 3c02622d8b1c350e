# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Generic handlers that list, read, create, edit and delete objects of simple collections, driven by one table.

Only the SHA-256 of a secret is stored, so that a test can tell which secret arrived; no response contains a secret.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from ..store.model import CloudAccount, EncryptionKey, Repository
from . import accept, rules, schemas
from .links import link, listing
from .schemas import GUID, TEXT, Schema, enum, nullable
from .web import Broken, Context, Invalid, NotFound, Reply, Route

Entry = CloudAccount | EncryptionKey

ACCOUNT_TYPES = ("azureBlobAccount", "amazonS3Account", "amazonS3CompatibleAccount")


@dataclass(frozen=True)
class Property:
    """A property of the objects of a collection: its API name and its attribute in the model."""

    name: str
    field: str
    schema: Schema
    since: int = 4
    until: int = 8
    #: whether it is a secret, of which only the hash is stored
    secret: bool = False
    #: whether it cannot be changed once it is set
    fixed: bool = False


@dataclass(frozen=True)
class Collection:
    """A collection, with the differences between the versions."""

    path: str
    state: str
    model: Callable[..., Any]
    title: str
    properties: tuple[Property, ...]
    #: properties that are required to create an object
    needed: tuple[str, ...]
    #: attributes that identify an object
    identity: tuple[str, ...]
    #: query parameter: (property, whether wildcards are allowed)
    filters: dict[str, tuple[str, bool]]
    #: field of a repository that refers to an object
    used: str
    created: dict[int, int]
    edited: dict[int, int]


COLLECTIONS: tuple[Collection, ...] = (
    Collection(
        path="Accounts",
        state="cloud_accounts",
        model=CloudAccount,
        title="Account",
        properties=(
            Property("accountType", "account_type", enum(*ACCOUNT_TYPES), fixed=True),
            Property("userName", "user_name", TEXT, fixed=True),
            Property("description", "description", TEXT),
            Property("organizationId", "organization", GUID, since=8, fixed=True),
            Property("password", "secret", TEXT, secret=True),
            Property("oldPassword", "", TEXT, until=7, secret=True),
            Property("newPassword", "", TEXT, until=7, secret=True),
        ),
        needed=("accountType", "userName", "password"),
        identity=("account_type", "user_name"),
        filters={"name": ("userName", True), "accounttype": ("accountType", False)},
        used="cloud_account",
        created={4: 201, 5: 201, 6: 201, 7: 201, 8: 201},
        edited={4: 200, 5: 200, 6: 200, 7: 200, 8: 204},
    ),
    Collection(
        path="EncryptionKeys",
        state="encryption_keys",
        model=EncryptionKey,
        title="Encryption key",
        properties=(
            Property("description", "description", TEXT),
            Property("organizationId", "organization", GUID, since=8, fixed=True),
            Property("password", "secret", TEXT, secret=True),
            Property("oldPassword", "", TEXT, secret=True),
            Property("newPassword", "", TEXT, secret=True),
        ),
        needed=("password",),
        identity=("description",),
        filters={"description": ("description", True)},
        used="encryption_key",
        created={4: 201, 5: 201, 6: 200, 7: 200, 8: 201},
        edited={5: 200, 6: 200, 7: 200},  # v8 has no edit
    ),
)


def digest(secret: str) -> str:
    """Return the hash that the state stores for a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


@cache
def _schema(path: str, number: int) -> Schema:
    collection = next(entry for entry in COLLECTIONS if entry.path == path)
    known = {entry.name: nullable(entry.schema) for entry in collection.properties if _has(entry, number)}
    return schemas.obj({**known, "id": nullable(GUID), "_links": {}})


def _has(entry: Property, number: int) -> bool:
    return entry.since <= number <= entry.until


def render(ctx: Context, collection: Collection, entry: Entry) -> dict[str, Any]:
    """Render an object without its secrets."""
    out: dict[str, Any] = {"id": entry.id}
    for known in collection.properties:
        if known.secret or not _has(known, ctx.version.number):
            continue
        value = getattr(entry, known.field)
        if value is not None or ctx.server.switches.null_instead_of_missing:
            out[known.name] = value
    out["_links"] = {"self": link(ctx, f"{collection.path}/{entry.id}")}
    return out


def entries_of(ctx: Context, collection: Collection) -> dict[str, Any]:
    """Return the objects of a collection by id."""
    found: dict[str, Any] = getattr(ctx.server.state, collection.state)
    return found


def find(ctx: Context, collection: Collection) -> Any:
    """Return the object in the path."""
    return rules.with_id(entries_of(ctx, collection), ctx.params["id"], collection.title)


def read_all(ctx: Context, collection: Collection) -> Reply:
    """List the objects that match the filters, as an array in every version."""
    rows = [(entry, render(ctx, collection, entry)) for entry in entries_of(ctx, collection).values()]
    for name, (key, wild) in collection.filters.items():
        wanted = ctx.query.get(name)
        if wanted:
            rows = [
                (entry, row)
                for entry, row in rows
                if (fnmatchcase if wild else str.__eq__)(str(row.get(key, "")).lower(), wanted.lower())
            ]
    wanted = ctx.query.get("organizationid")
    if wanted and ctx.version.number >= 8:
        rows = [(entry, row) for entry, row in rows if (entry.organization or "").lower() == rules.guid(wanted)]
    kept = [entry for entry, _row in rows]
    return listing(ctx, collection.state, kept, lambda ctx, entry: render(ctx, collection, entry), collection.path)


def read(ctx: Context, collection: Collection) -> Reply:
    """Read one object."""
    return Reply(200, render(ctx, collection, find(ctx, collection)))


def body_of(ctx: Context, collection: Collection) -> dict[str, Any]:
    """Return the validated body, without nulls and read-only properties."""
    body = accept.check(ctx, ctx.json(), _schema(collection.path, ctx.version.number))
    out = {key: value for key, value in body.items() if value is not None and key not in ("id", "_links")}
    if out.get("organizationId"):
        rules.organization(ctx, out["organizationId"], in_path=False)
    return out


def create(ctx: Context, collection: Collection) -> Reply:
    """Create an object."""
    body = body_of(ctx, collection)
    for key in collection.needed:
        if not body.get(key):
            raise Invalid(f"body must contain ['{key}'] properties")
    made = collection.model(id=str(uuid.uuid4()))
    for known in collection.properties:
        if known.field and known.name in body:
            setattr(made, known.field, digest(body[known.name]) if known.secret else body[known.name])
    entries = entries_of(ctx, collection)
    if ctx.server.switches.same_identity == "reject":
        for other in entries.values():
            if all(getattr(other, field) == getattr(made, field) for field in collection.identity):
                raise Broken(f"{collection.title} '{getattr(made, collection.identity[-1])}' exists.", conflict=True)
    entries[made.id] = made
    return Reply(collection.created[ctx.version.number], render(ctx, collection, made))


def edit(ctx: Context, collection: Collection) -> Reply:
    """Edit an object; only the properties in the body change."""
    if collection.path == "EncryptionKeys" and _gone(ctx):
        return Reply(404)
    entry = find(ctx, collection)
    body = body_of(ctx, collection)
    for known in collection.properties:
        if known.secret or known.name not in body:
            continue
        old, new = getattr(entry, known.field), body[known.name]
        if known.fixed and old is not None and str(old).lower() != str(new).lower():
            if ctx.server.switches.immutable_change == "reject":
                raise Broken(f"{known.name} of {collection.title.lower()} '{entry.id}' cannot be changed.")
        elif not known.fixed or old is None:
            setattr(entry, known.field, new)
    secret = new_secret(ctx, collection, entry, body)
    if secret:
        entry.secret = digest(secret)
    return Reply(collection.edited[ctx.version.number])


def _gone(ctx: Context) -> bool:
    """Return whether product version 8 no longer serves what only v7 and older have, as the switch says."""
    return ctx.server.product >= 8 > ctx.version.number and bool(ctx.server.switches.legacy_on_8 == "404")


def new_secret(ctx: Context, collection: Collection, entry: Entry, body: dict[str, Any]) -> str | None:
    """Return the secret that an edit sets, or None; keys require the old one too, accounts if the switch says so."""
    pair = collection.path == "EncryptionKeys" or (
        ctx.version.number <= 7 and ctx.server.switches.account_secret == "old_and_new"
    )
    if not pair:
        return str(body["password"]) if body.get("password") else None
    if not body.get("newPassword"):
        if body.get("password"):
            raise Invalid("body must contain ['oldPassword', 'newPassword'] to change the password")
        return None
    if entry.secret and digest(body.get("oldPassword", "")) != entry.secret:
        raise Broken("The old password is wrong.")
    return str(body["newPassword"])


def delete(ctx: Context, collection: Collection) -> Reply:
    """Delete an object that no repository uses."""
    entry = find(ctx, collection)
    for repository in ctx.server.state.repositories.values():
        if (getattr(repository, collection.used) or "").lower() == entry.id.lower():
            raise Broken(
                f"{collection.title} is in use by the backup repository '{repository.name}'.",
                conflict=True,
            )
    entries_of(ctx, collection).pop(rules.guid(entry.id))
    return Reply(204)


def _routes(collection: Collection) -> tuple[Route, ...]:
    """Return the routes of a collection."""
    one = f"{collection.path}/{{id}}"

    def bound(handler: Callable[[Context, Collection], Reply]) -> Callable[[Context], Reply]:
        return lambda ctx: handler(ctx, collection)

    return (
        Route("GET", collection.path, bound(read_all), since=4),
        Route("POST", collection.path, bound(create), since=4),
        Route("GET", one, bound(read), since=4),
        Route("PUT", one, bound(edit), since=min(collection.edited), until=max(collection.edited)),
        Route("DELETE", one, bound(delete), since=4),
    )


# --- object storage up to v7, which is a collection of its own --------------------------------------------------------


def storage_id(repository: Repository) -> str:
    """Return the id of the object storage of a repository."""
    return str(repository.id)[:-1] + ("0" if repository.id[-1] != "0" else "1")


def render_storage(ctx: Context, repository: Repository) -> dict[str, Any]:
    """Render the object storage of a repository (v4 to v7)."""
    out: dict[str, Any] = {
        "id": storage_id(repository),
        "name": f"{repository.name} storage",
        "description": "",
        "type": "AmazonS3Compatible",
        "amazonBucketS3Compatible": {
            "servicePoint": "https://s3.example.com",
            "customRegionId": "eu-1",
            "name": "vb365",
        },
        "s3Folder": repository.name,
        "sizeLimitEnabled": False,
        "_links": {"self": link(ctx, f"ObjectStorageRepositories/{storage_id(repository)}")},
    }
    if repository.cloud_account:
        out["accountId"] = repository.cloud_account
    return out


def _storages(ctx: Context) -> list[Repository]:
    return [entry for entry in ctx.server.state.repositories.values() if entry.object_storage]


def list_storages(ctx: Context) -> Reply:
    """List all object storage repositories."""
    if _gone(ctx):
        return Reply(404)
    entries = _storages(ctx)
    if ctx.query.get("longterm"):
        entries = [entry for entry in entries if entry.is_long_term == ctx.flag("longTerm")]
    return listing(ctx, "object_storage", entries, render_storage, "ObjectStorageRepositories")


def read_storage(ctx: Context) -> Reply:
    """Read one object storage repository."""
    wanted = rules.guid(ctx.params["storage"])
    for entry in _storages(ctx):
        if storage_id(entry) == wanted and not _gone(ctx):
            return Reply(200, render_storage(ctx, entry))
    raise NotFound(f"Object storage repository with the ID '{ctx.params['storage']}' was not found.")


#: the routes of this module
ROUTES = (
    *(route for collection in COLLECTIONS for route in _routes(collection)),
    Route("GET", "ObjectStorageRepositories", list_storages, since=4, until=7),
    Route("GET", "ObjectStorageRepositories/{storage}", read_storage, since=4, until=7),
)
