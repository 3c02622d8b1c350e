# Copyright (c) backupops contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection; it can change in any release.

"""YAML of variables files: the same data is always the same text, and every loader reads the same data from it.

Texts come from servers. They are quoted unless they are texts in every version of YAML, and those that
Ansible would evaluate as templates are tagged C(!unsafe).
"""

from __future__ import annotations

import math
import re
import typing as t

from .._visible import escape, unseen

TEMPLATE_MARKS = ("{{", "{%", "{#")
#: at the beginning of a text it changes the marks for this text
TEMPLATE_HEADER = "#jinja2:"

_PLAIN = re.compile(r"[^\W\d_](?:[\w.@/+()&,-]|:(?=[^\s:])| (?=[^\s]))*")
#: texts that some version of YAML reads as something else
_WORDS = frozenset(("y", "yes", "n", "no", "on", "off", "true", "false", "null", "none", "nan", "inf"))
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def is_template(text: str) -> bool:
    """Whether Ansible would evaluate the text if it stood in a variables file without a tag."""
    return text.startswith(TEMPLATE_HEADER) or any(mark in text for mark in TEMPLATE_MARKS)


def yaml_text(value: t.Any, indent: int = 0) -> str:
    """Return a value (mappings, lists, strings, numbers, booleans, nulls) as YAML lines with their line breaks."""
    return "".join(f"{' ' * indent}{line}\n" for line in _lines(value))


def _lines(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, t.Mapping) and value:
        for key, entry in value.items():
            yield from _entry(f"{_text(str(key))}:", entry)
    elif isinstance(value, (list, tuple)) and value:
        for entry in value:
            first, *rest = _lines(entry)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
    else:
        yield _scalar(value)


def _entry(start: str, value: t.Any) -> t.Iterator[str]:
    if isinstance(value, (t.Mapping, list, tuple)) and value:
        yield start
        yield from (f"  {line}" for line in _lines(value))
    else:
        yield f"{start} {_scalar(value)}"


def _scalar(value: t.Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, t.Mapping):
        return "{}"
    if isinstance(value, (list, tuple)):
        return "[]"
    text = str(value)
    return f"!unsafe {_quoted(text)}" if is_template(text) else _text(text)


def _float(value: float) -> str:
    """Return a float with a decimal point; YAML 1.1 reads a string without one."""
    if not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    digits, exponent, power = repr(value).partition("e")
    return digits + ("" if "." in digits else ".0") + exponent + power


def _text(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and not unseen(text) and text.lower() not in _WORDS
    return text if plain else _quoted(text)


def _quoted(text: str) -> str:
    """Quote a text in double quotes, with escapes for invisible characters."""
    hidden = unseen(text)
    return f'"{"".join(_escaped(char, place in hidden) for place, char in enumerate(text))}"'


def _escaped(char: str, hidden: bool) -> str:
    return _ESCAPES.get(char) or (escape(char) if hidden else char)
