# SPDX-License-Identifier: GPL-3.0-or-later
# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Check requests and replies against the vendor's OpenAPI documents.

The documents are not part of this repository. The environment variable ``VBO365_OPENAPI_DIR`` names a
folder with JSON documents whose paths start with ``/v6/``, ``/v7/`` and ``/v8/``.
"""

from __future__ import annotations

import functools
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

VARIABLE = "VBO365_OPENAPI_DIR"
DATE_TIME = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$")
GUID = re.compile(r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$")


class Mismatch(AssertionError):
    """A request or answer does not match the document."""


def require() -> Path:
    """The folder with the documents; skips the calling test if there is none."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f"{VARIABLE} is not set: no OpenAPI documents to check against")
    return Path(folder)


@functools.cache
def documents(folder: str) -> dict[int, dict[str, Any]]:
    """All documents of the folder by API version."""
    found: dict[int, dict[str, Any]] = {}
    for path in sorted(Path(folder).glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        first = next(iter(document.get("paths", {})), "")
        match = re.match(r"^/v(\d+)/", first)
        if match:
            found[int(match.group(1))] = document
    return found


def document(version: int) -> dict[str, Any]:
    """The document of a version; skips the calling test if it is missing."""
    found = documents(str(require())).get(version)
    if found is None:
        pytest.skip(f"no OpenAPI document of v{version} in {VARIABLE}")
    return found


def operation(version: int, method: str, path: str) -> tuple[str, dict[str, Any]] | None:
    """The template and the operation of a request, or None if the document has none."""
    document(version)  # skips the calling test if it is missing
    wanted = path.strip("/").lower().split("/")
    best: tuple[int, str, dict[str, Any]] | None = None
    for template, parts, operations in _templates(str(require()), version).get(len(wanted), ()):
        if method.lower() not in operations:
            continue
        if all(part.startswith("{") or part == have for part, have in zip(parts, wanted, strict=False)):
            variables = sum(part.startswith("{") for part in parts)
            if best is None or variables < best[0]:
                best = (variables, template, operations[method.lower()])
    return (best[1], best[2]) if best else None


@functools.cache
def _templates(folder: str, version: int) -> dict[int, list[tuple[str, list[str], dict[str, Any]]]]:
    """The paths of a document by their number of parts: each with its parts and its operations."""
    found: dict[int, list[tuple[str, list[str], dict[str, Any]]]] = {}
    for template, operations in documents(folder).get(version, {"paths": {}})["paths"].items():
        parts = template.strip("/").lower().split("/")
        found.setdefault(len(parts), []).append((template, parts, operations))
    return found


def check_request(version: int, method: str, url: str, body: Any = None) -> None:
    """Check path, query and body of a request."""
    split = urlsplit(url)
    found = operation(version, method, split.path)
    if found is None:
        raise Mismatch(f"{method} {split.path} is not in the document of v{version}")
    described = found[1]
    known = {entry["name"]: entry for entry in described.get("parameters", []) if entry.get("in") == "query"}
    given = dict(parse_qsl(split.query, keep_blank_values=True))
    for name in given:
        if name not in known:
            raise Mismatch(f"{method} {split.path}: unknown query parameter {name}")
    content = (described.get("requestBody") or {}).get("content", {})
    if body is None:
        if (described.get("requestBody") or {}).get("required"):
            raise Mismatch(f"{method} {split.path}: a body is required")
        return
    if "application/json" not in content:
        raise Mismatch(f"{method} {split.path}: no JSON body expected")
    validate(version, content["application/json"]["schema"], body, "body")


def check_response(version: int, method: str, path: str, status: int, body: Any = None) -> None:
    """Check status and body of a reply; *body* is None for an empty one."""
    found = operation(version, method, urlsplit(path).path)
    if found is None:
        raise Mismatch(f"{method} {path} is not in the document of v{version}")
    responses = found[1]["responses"]
    described = responses.get(str(status))
    if described is None:
        if status < 400:
            raise Mismatch(f"{method} {path}: status {status} is not documented ({', '.join(responses)})")
        described = responses.get("default", {})
    content = described.get("content", {})
    if body is None:
        if status < 400 and content:
            raise Mismatch(f"{method} {path}: the reply must have a body")
        return
    if "application/json" not in content:
        raise Mismatch(f"{method} {path}: the reply must be empty")
    validate(version, content["application/json"]["schema"], body, "reply")


def validate(version: int, schema: dict[str, Any], value: Any, where: str) -> None:
    """Check a value against a schema of the document; unknown properties are errors."""
    problems = list(_problems(document(version), schema, value, where))
    if problems:
        raise Mismatch("; ".join(problems[:10]))


def _flat(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with references and allOf merged."""
    seen = 0
    while "$ref" in schema and seen < 20:
        target: Any = document
        for part in schema["$ref"].lstrip("#/").split("/"):
            target = target[part]
        schema = {**target, **{key: entry for key, entry in schema.items() if key == "nullable"}}
        seen += 1
    if "allOf" in schema:
        merged: dict[str, Any] = {key: value for key, value in schema.items() if key != "allOf"}
        for entry in schema["allOf"]:
            part = _flat(document, entry)
            properties = {**part.get("properties", {}), **merged.get("properties", {})}
            required = [*part.get("required", []), *merged.get("required", [])]
            merged = {**part, **merged}
            if properties:
                merged["properties"] = properties
            if required:
                merged["required"] = required
        return merged
    return schema


def _problems(document: dict[str, Any], schema: dict[str, Any], value: Any, where: str) -> Any:
    schema = _flat(document, schema)
    if value is None:
        if not schema.get("nullable"):
            yield f"{where}: must not be null"
        return
    for key in ("oneOf", "anyOf"):
        if key in schema:
            results = [list(_problems(document, part, value, where)) for part in schema[key]]
            if all(results):
                yield f"{where}: fits none of the alternatives ({min(results, key=len)[0]})"
            return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is not one of {schema['enum']}"
    kind = schema.get("type") or ("object" if "properties" in schema or "additionalProperties" in schema else None)
    if kind == "object":
        yield from _object_problems(document, schema, value, where)
    elif kind == "array":
        if not isinstance(value, list):
            yield f"{where}: must be an array"
            return
        for index, entry in enumerate(value):
            yield from _problems(document, schema.get("items", {}), entry, f"{where}[{index}]")
    elif kind == "string":
        yield from _text_problems(schema, value, where)
    elif kind == "boolean" and not isinstance(value, bool):
        yield f"{where}: must be a boolean, is {value!r}"
    elif kind == "integer" and (not isinstance(value, int) or isinstance(value, bool)):
        yield f"{where}: must be an integer, is {value!r}"
    elif kind == "number" and (not isinstance(value, (int, float)) or isinstance(value, bool)):
        yield f"{where}: must be a number, is {value!r}"


def _object_problems(document: dict[str, Any], schema: dict[str, Any], value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        yield f"{where}: must be an object"
        return
    properties = schema.get("properties", {})
    extra = schema.get("additionalProperties")
    for name in schema.get("required", []):
        if name not in value:
            yield f"{where}.{name}: is missing"
    for name, entry in value.items():
        if name in properties:
            yield from _problems(document, properties[name], entry, f"{where}.{name}")
        elif isinstance(extra, dict):
            yield from _problems(document, extra, entry, f"{where}.{name}")
        elif extra is not True and (properties or extra is False):
            yield f"{where}.{name}: is unknown"


def _text_problems(schema: dict[str, Any], value: Any, where: str) -> Any:
    if not isinstance(value, str):
        yield f"{where}: must be a text, is {value!r}"
    elif schema.get("format") == "date-time" and not DATE_TIME.match(value):
        yield f"{where}: {value!r} is not a date and time"
    elif schema.get("format") == "uuid" and not GUID.match(value):
        yield f"{where}: {value!r} is not a guid"
