# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Validation of request bodies: casing, schemas and error messages."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import fastjsonschema

from . import schemas
from .versions import TYPE_SINCE
from .web import Context, Invalid

Validator = Callable[[Any], Any]
#: property names used only by the v4 and v5 documentation of job creation
ALIASES = {"periodicinterval": "periodicallyEvery"}


def is_strict(ctx: Context) -> bool:
    """Return whether casing and types must match exactly."""
    return bool(ctx.version.strict_casing and ctx.server.switches.strict_casing)


@lru_cache(maxsize=256)
def _job_schema(version: int, create: bool, manual_only: bool, old_enabled: bool, strict: bool) -> schemas.Schema:
    return schemas.job(version, create, schemas.job_schedule(version, manual_only, old_enabled, strict))


@lru_cache(maxsize=64)
def _copy_schema(version: int, create: bool, strict: bool) -> schemas.Schema:
    return schemas.copy_job(version, create, schemas.copy_schedule(version, strict))


@lru_cache(maxsize=64)
def _object_schema(name: str, version: int) -> schemas.Schema:
    if name == "start":
        return schemas.obj({"full": schemas.BOOL})
    raise KeyError(name)


_validators: dict[int, tuple[schemas.Schema, Validator]] = {}


def _validator(schema: schemas.Schema) -> Validator:
    known = _validators.get(id(schema))
    if known is None:
        known = _validators[id(schema)] = (schema, fastjsonschema.compile(schema))
    return known[1]


def check(ctx: Context, data: Any, schema: schemas.Schema, name: str = "body") -> Any:
    """Convert a body to the documented casing where the version accepts any casing, then validate it."""
    data = canonical(data, schema, ctx)
    try:
        _validator(schema)(data)
    except fastjsonschema.JsonSchemaValueException as error:
        raise Invalid(error.message.replace("data", name, 1)) from None
    return data


def job_body(ctx: Context, data: Any, *, create: bool) -> dict[str, Any]:
    """Return the validated body of POST or PUT of a job, without nulls and read-only properties."""
    switches = ctx.server.switches
    schema = _job_schema(
        ctx.version.number, create, switches.accept_manual_only, switches.v3_v4_schedule_enabled, is_strict(ctx)
    )
    body = check(ctx, data, schema)
    body = {key: value for key, value in body.items() if value is not None and key not in schemas.READ_ONLY}
    if "schedulePolicy" in body:
        body["schedulePolicy"] = {key: value for key, value in body["schedulePolicy"].items() if value is not None}
    return body


def copy_body(ctx: Context, data: Any, *, create: bool) -> dict[str, Any]:
    """Return the validated body of POST or PUT of a copy job."""
    body = check(ctx, data, _copy_schema(ctx.version.number, create, is_strict(ctx)))
    body = {key: value for key, value in body.items() if value is not None and key not in schemas.READ_ONLY}
    if "schedulePolicy" in body:
        body["schedulePolicy"] = {key: value for key, value in body["schedulePolicy"].items() if value is not None}
    return body


def item_body(ctx: Context, data: Any, name: str) -> dict[str, Any]:
    """Return a validated item."""
    if not isinstance(data, dict):
        raise Invalid(f"{name} must be object")
    given = data.get("type")
    if not is_strict(ctx):
        given = next((value for key, value in data.items() if key.lower() == "type"), None)
    types = {kind: kind for kind, since in TYPE_SINCE.items() if ctx.version.number >= since}
    item_type = types.get(given) if isinstance(given, str) else None
    if item_type is None and isinstance(given, str) and not is_strict(ctx):
        item_type = {kind.lower(): kind for kind in types}.get(given.lower())
    if item_type is None:
        raise Invalid(f"{name}.type must be one of {list(types)}")
    full = ctx.server.switches.item_object == "full"
    schema = schemas.item(ctx.version.number, item_type, ctx.server.product, full)
    return dict(check(ctx, data, schema, name))


def small_body(ctx: Context, data: Any, kind: str) -> dict[str, Any]:
    """Return the validated body of an action."""
    return dict(check(ctx, data, _object_schema(kind, ctx.version.number)))


class Reading(NamedTuple):
    """How a body is converted before validation."""

    #: accept any casing of property names and enum values
    loose: bool
    #: drop unknown properties and nulls
    ignore: bool
    #: types that may also be given as strings
    texts: tuple[str, ...]
    #: alternative property names, in lower case
    aliases: dict[str, str]


def leniency(ctx: Context) -> str:
    """Return the leniency level; ``auto`` is lenient in the versions whose clients need it."""
    chosen = str(ctx.server.switches.leniency)
    if chosen != "auto":
        return chosen
    return "lenient" if ctx.version.number <= 7 else "documented"


def canonical(data: Any, schema: schemas.Schema, ctx: Context) -> Any:
    """Convert a body to its documented form, as leniently as the version and the switches say."""
    level, number = leniency(ctx), ctx.version.number
    loose = not is_strict(ctx)
    lenient = level == "lenient"
    booleans = ctx.server.switches.string_booleans if number <= 5 else loose or lenient
    reading = Reading(
        loose=loose,
        ignore=lenient,
        texts=(("boolean",) if booleans else ()) + (("integer",) if lenient else ()),
        aliases=ALIASES if level != "strict" and number in (4, 5) else {},
    )
    return _canonical(data, schema, reading)


def _canonical(data: Any, schema: schemas.Schema, reading: Reading) -> Any:
    properties = schema.get("properties")
    if isinstance(data, dict) and properties is not None:
        names = {name.lower() if reading.loose else name: name for name in properties}
        out = {}
        for key, value in data.items():
            name = names.get(key.lower() if reading.loose else key) or _alias(key, data, properties, reading)
            if reading.ignore and (name is None or value is None):
                continue
            out[name or key] = _canonical(value, properties[name], reading) if name else value
        return out
    if isinstance(data, list) and "items" in schema:
        return [_canonical(value, schema["items"], reading) for value in data]
    return _from_text(data, schema, reading) if isinstance(data, str) else data


def _alias(key: str, data: dict[str, Any], properties: dict[str, Any], reading: Reading) -> str | None:
    name = reading.aliases.get(key.lower())
    return name if name in properties and name not in data else None


def _from_text(data: str, schema: schemas.Schema, reading: Reading) -> Any:
    if reading.loose and "enum" in schema:
        for choice in schema["enum"]:
            if isinstance(choice, str) and choice.lower() == data.lower():
                return choice
    kinds = schema.get("type", ())
    for kind in reading.texts:
        if kind != kinds and kind not in kinds:
            continue
        if kind == "boolean":
            return {"true": True, "false": False}.get(data.lower(), data)
        if re.fullmatch(r"-?[0-9]{1,9}", data):
            return int(data)
    return data
